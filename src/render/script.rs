//! The phase files: what runs, step by step, as SQL that both pgphase and plain `psql -f` run.
//!
//! A step is a block of comments and then its body: an opening (the transaction and its limits), the statements, a closing.
//! The comment that begins a block carries the checksum of the body, so a reader finds every block without parsing SQL.

use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::plan::switch::words;
use crate::plan::{Class, Lock, LockMode, Phase, Plan, Step, Turn};

/// What every session that runs steps sets first, `name = value`. A client that dies must not keep locks, and row security
/// must not hide rows from a backfill.
pub const SETTINGS: &[&str] = &[
    "client_min_messages = warning",
    "statement_timeout = 0",
    "idle_in_transaction_session_timeout = '60s'",
    "standard_conforming_strings = on",
    "check_function_bodies = off",
    "default_transaction_isolation = 'read committed'",
    "row_security = off",
];

/// How long a step of this class waits for a lock. A lock timeout in a concurrent build would leave an invalid index.
pub fn lock_timeout(class: Class) -> &'static str {
    match class {
        Class::Instant | Class::Blocking => "'2s'",
        Class::Long => "'10s'",
        Class::Concurrent => "0",
        Class::Backfill => "'1s'",
        Class::Check => "'5s'",
    }
}

/// The lines of a step before its statements.
pub fn opening(step: &Step) -> String {
    let (begin, set) = if step.class.in_transaction() {
        ("BEGIN;\n", "SET LOCAL")
    } else {
        ("", "SET")
    };
    format!(
        "{begin}{set} lock_timeout = {};\n{set} search_path = {};\n",
        lock_timeout(step.class),
        search_path(step).as_deref().unwrap_or("DEFAULT")
    )
}

/// The search path of a step's session, as SQL; none where it is the one that the users' sessions have. Texts from the catalog name
/// everything in full and fit any path; but work on rows runs the users' triggers and functions, which count on theirs.
pub fn search_path(step: &Step) -> Option<String> {
    let any = step.search_path.is_empty() && step.class != Class::Instant;
    (!any).then(|| step.search_path.to_sql())
}

/// The lines of a step after its statements.
pub fn closing(step: &Step) -> &'static str {
    if step.class.in_transaction() { "COMMIT;\n" } else { "" }
}

/// The statements of a step, each ended by a semicolon and a line end.
pub fn statements<S: AsRef<str>>(statements: &[S]) -> String {
    let mut text = String::new();
    for statement in statements {
        let statement = statement.as_ref().trim().trim_end_matches(';').trim_end();
        text.push_str(statement);
        // A comment on the last line would swallow the semicolon.
        let last = statement.rsplit('\n').next().unwrap_or_default();
        text.push_str(if last.contains("--") { "\n;\n" } else { ";\n" });
    }
    text
}

/// Everything of a step that runs.
pub fn body(step: &Step, statements: &str) -> String {
    format!("{}{statements}{}", opening(step), closing(step))
}

/// The checksum of a body.
pub fn checksum(body: &str) -> String {
    Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The beginning of the line that begins a step's block.
pub fn marker(step_id: &str, checksum: &str) -> String {
    format!("-- step {step_id} [{}]", checksum.get(..12).unwrap_or(checksum))
}

/// The name of a phase's file.
pub fn file_name(phase: Phase) -> String {
    format!("{}-{phase}.sql", phase.number())
}

/// A phase file; `sql` gives the statements of a step.
pub fn phase_file<'a>(plan: &Plan, phase: Phase, sql: impl Fn(&Step) -> &'a str) -> String {
    let mut text = format!(
        "-- Plan {}, phase {} of 4: {phase}, for PostgreSQL {}.\n\
         -- Runs with: pgphase apply . --phase {phase}; or with: psql -X -f {}\n\
         -- Checksums of the steps are in plan.yaml: change the schema files and plan again rather than this file.\n",
        comment_text(&plan.name),
        phase.number(),
        plan.server_version,
        file_name(phase),
    );
    let total = plan.phase(phase).count();
    if total == 0 {
        text.push_str("\n-- Nothing to do in this phase.\n");
        return text;
    }
    text.push('\n');
    text.push_str(&preamble(SETTINGS));
    let mut over = false;
    for (index, step) in plan.phase(phase).enumerate() {
        let body = body(step, sql(step));
        text.push('\n');
        text.push_str(&header(step, &checksum(&body), index + 1, total));
        if step.turn == Turn::After && !over {
            over = true;
            text.push_str(&stop(plan));
        }
        text.push_str(&body);
    }
    text
}

/// The lines that set up the session.
pub fn preamble<S: AsRef<str>>(settings: &[S]) -> String {
    let mut text = String::from("\\set ON_ERROR_STOP on\n");
    for setting in settings {
        text.push_str(&format!("SET {};\n", setting.as_ref()));
    }
    text
}

fn header(step: &Step, checksum: &str, number: usize, total: usize) -> String {
    let mut text = format!("{}: {}\n", marker(&step.id, checksum), comment_text(&step.title));
    text.push_str(&format!("--   number:      {number} of {total} in this phase\n"));
    if !step.why.is_empty() {
        text.push_str(&format!("--   why:         {}\n", comment_text(&step.why)));
    }
    text.push_str(&format!("--   locks:       {}\n", comment_text(&locks(step))));
    text.push_str(&format!("--   duration:    {}\n", duration(step)));
    text.push_str(&format!("--   transaction: {}\n", transaction(step.class)));
    for hazard in &step.hazards {
        text.push_str(&format!("--   hazard:      {}\n", comment_text(&hazard.to_string())));
    }
    text
}

/// Where the cool-down begins `psql` ends: it does not know the time.
fn stop(plan: &Plan) -> String {
    let time = words(Duration::from_secs(plan.cool_down.unwrap_or_default()));
    format!("\\echo 'The cool-down begins: what is left of this file is for {time} later.'\n\\quit\n")
}

/// A text that stays inside its comment line.
pub(crate) fn comment_text(text: &str) -> String {
    text.split(['\n', '\r']).map(str::trim).collect::<Vec<_>>().join(" ")
}

/// The locks of a step in words.
pub fn locks(step: &Step) -> String {
    if step.facts.locks.is_empty() {
        return "none on existing tables".into();
    }
    let words = |lock: &Lock| lock_words(lock.mode, &lock.relation.to_string());
    step.facts.locks.iter().map(words).collect::<Vec<_>>().join(", ")
}

/// A lock in words.
pub(crate) fn lock_words(mode: LockMode, relation: &str) -> String {
    format!("{mode} on {relation} ({})", mode.waits())
}

/// How long a step takes, as far as its facts say.
pub fn duration(step: &Step) -> String {
    let mut reasons = Vec::new();
    for (verb, tables) in [
        ("rewrites", &step.facts.rewrites),
        ("reads all of", &step.facts.scans),
        ("builds an index on", &step.facts.builds),
    ] {
        if !tables.is_empty() {
            reasons.push(format!("{verb} {}", crate::sql::list(tables)));
        }
    }
    match (step.class, reasons.is_empty()) {
        (Class::Backfill, _) => "grows with the table; small batches, each committed".into(),
        (_, true) => "short, whatever the size of the tables".into(),
        (_, false) => format!("grows with the table: {}", reasons.join(", ")),
    }
}

/// The transaction of a step in words.
pub(crate) fn transaction(class: Class) -> &'static str {
    match class {
        Class::Instant | Class::Long | Class::Blocking => "one of its own",
        Class::Concurrent => "none: PostgreSQL does not allow one here",
        Class::Backfill => "one per batch",
        Class::Check => "none needed: it only reads",
    }
}
