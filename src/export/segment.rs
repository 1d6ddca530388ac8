//! What a runner is given: one segment per step, with the way there, the way back, and what each of them needs.

use std::sync::Arc;

use crate::parse::split::{Piece, Statement, split};
use crate::plan::file::PlanFolder;
use crate::plan::{Class, Phase, Step};
use crate::render::rollback::{Undo, read};
use crate::render::script;

/// A step, or a part of one that has several statements outside a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The plan's name.
    pub plan: String,
    /// The plan's identity.
    pub plan_id: String,
    /// The phase.
    pub phase: Phase,
    /// The step: `expand-1`; with a letter behind it where a step has several parts.
    pub step: String,
    /// What it does, in a few words.
    pub title: String,
    /// What a reader should know: why, locks, duration, hazards. One line each.
    pub remarks: Vec<String>,
    /// The way there.
    pub up: Unit,
    /// The way back.
    pub down: Down,
    /// The relation that writes wait for while its transaction is open, if there is one.
    pub holds: Option<String>,
    /// It reads, builds or rewrites a whole table.
    pub grows: bool,
}

/// Statements that run together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// They run in one transaction; without, there is one statement, and it must be in no transaction block.
    pub transaction: bool,
    /// Each without its semicolon.
    pub statements: Vec<String>,
    /// The value for `lock_timeout`, as SQL.
    pub lock_timeout: String,
    /// The value for `search_path`, as SQL; none: that of the users' sessions.
    pub search_path: Option<String>,
    /// Other settings, `name = value`.
    pub settings: Vec<String>,
}

/// The way back over a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Down {
    /// There is nothing to undo, and why that is no lie.
    Nothing,
    /// There is no way back, for this reason.
    Impossible(String),
    /// It is undone by this.
    Sql(Unit),
}

impl Segment {
    /// Whether both directions may be put into a transaction.
    pub fn is_transactional(&self) -> bool {
        self.up.transaction && !matches!(&self.down, Down::Sql(unit) if !unit.transaction)
    }

    /// The mark by which a file is known again.
    pub fn mark(&self) -> String {
        format!(
            "{}, phase {}, step {}:",
            plan_mark(&self.plan, &self.plan_id),
            self.phase,
            self.step
        )
    }

    /// The lines that head a file, without comment signs.
    pub fn header(&self) -> Vec<String> {
        let mut lines = vec![one_line(&format!("{} {}", self.mark(), self.title))];
        lines.extend(self.remarks.iter().map(|remark| one_line(remark)));
        lines
    }
}

/// The words by which the files of a plan are known again.
fn plan_mark(plan: &str, id: &str) -> String {
    format!("pgphase plan {} ({id})", one_line(plan))
}

/// A text that stays inside a comment line of every language here.
pub(super) fn one_line(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|letter| match letter {
            '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{b}' | '\u{c}' => ' ',
            letter => letter,
        })
        .collect();
    script::comment_text(&line).replace("?>", "? >")
}

/// What stands above contract, which `apply` would guard.
const UNGUARDED: &str = "look first: nothing holds this up while an old application still runs, as `pgphase apply` would; see in \
                         pg_stat_activity and pg_stat_statements that nobody uses what goes";

/// Settings of a plan that a migration needs; the others are the runner's business.
const NEEDED: &[&str] = &[
    "statement_timeout",
    "idle_in_transaction_session_timeout",
    "check_function_bodies",
    "row_security",
];

/// The segments of some phases. `with_loss` takes ways back that do not bring deleted data back.
pub fn segments(folder: &PlanFolder, phases: &[Phase], with_loss: bool) -> Result<Vec<Segment>, String> {
    let undos = read(&folder.rollback);
    let settings: Vec<String> = folder
        .settings
        .iter()
        .filter(|setting| {
            NEEDED
                .iter()
                .any(|name| setting.split('=').next().map(str::trim) == Some(name))
        })
        .cloned()
        .collect();
    let id = folder.id();
    if folder.plan.cool_down.is_some() {
        return Err(
            "a runner knows no cool-down, and would take the old shapes away at once; plan without `cool_down`".into(),
        );
    }
    let mut segments = Vec::new();
    for step in folder.plan.steps.iter().filter(|step| phases.contains(&step.phase)) {
        let undo = undos.iter().find(|(name, _)| *name == step.id).map(|(_, undo)| undo);
        let up = Unit {
            // A check is one statement that only reads, so that it may be in a transaction.
            transaction: step.class.in_transaction() || step.class == Class::Check,
            statements: statements(folder.statements(step))?,
            lock_timeout: script::lock_timeout(step).to_owned(),
            search_path: script::search_path(step),
            settings: settings.clone(),
        };
        let down = down(undo, &settings, with_loss)?;
        let mut remarks = remarks(step);
        if step.phase == Phase::Contract {
            remarks.push(UNGUARDED.into());
        }
        let segment = Segment {
            plan: folder.plan.name.clone(),
            plan_id: id.clone(),
            phase: step.phase,
            step: step.id.clone(),
            title: step.title.clone(),
            remarks,
            holds: step
                .facts
                .locks
                .iter()
                .find(|lock| lock.mode.blocks_writes())
                .map(|lock| lock.relation.to_string()),
            grows: step.facts.grows(),
            up,
            down,
        };
        segments.extend(parts(segment));
    }
    Ok(segments)
}

fn remarks(step: &Step) -> Vec<String> {
    let mut lines = Vec::new();
    if !step.why.is_empty() {
        lines.push(format!("why: {}", step.why));
    }
    lines.push(format!("locks: {}", script::locks(step)));
    lines.push(format!("duration: {}", script::duration(step)));
    lines.extend(step.hazards.iter().map(|hazard| format!("hazard: {hazard}")));
    lines
}

fn statements(text: &str) -> Result<Vec<String>, String> {
    let pieces = split(&Arc::from("the plan"), text).map_err(|error| error.to_string())?;
    Ok(pieces
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Statement(Statement { text, .. }) => Some(text.to_owned()),
            Piece::Meta(_) => None,
        })
        .collect())
}

fn down(undo: Option<&Undo>, settings: &[String], with_loss: bool) -> Result<Down, String> {
    let (transaction, text, lost) = match undo {
        None => return Ok(Down::Impossible("rollback.sql does not name the step".into())),
        Some(Undo::Nothing) => return Ok(Down::Nothing),
        Some(Undo::Impossible(why)) => return Ok(Down::Impossible(why.clone())),
        Some(Undo::Sql {
            transaction,
            text,
            lost,
            ..
        }) => (*transaction, text, lost),
    };
    if let (Some(lost), false) = (lost, with_loss) {
        return Ok(Down::Impossible(format!("it deleted {lost}")));
    }
    let mut unit = Unit {
        transaction,
        statements: vec![],
        lock_timeout: "'2s'".into(),
        search_path: None,
        settings: settings.to_vec(),
    };
    // The opening and the closing were written by `script`; what stands between them is the way back.
    for (place, statement) in statements(text)?.into_iter().enumerate() {
        let set = statement
            .strip_prefix("SET LOCAL ")
            .or_else(|| statement.strip_prefix("SET "));
        let (name, value) = set.and_then(|set| set.split_once(" = ")).unwrap_or_default();
        match (name, statement.as_str()) {
            (_, "BEGIN" | "COMMIT") if transaction => {}
            ("lock_timeout", _) if place < 3 => unit.lock_timeout = value.to_owned(),
            ("search_path", _) if place < 3 => unit.search_path = (value != "DEFAULT").then(|| value.to_owned()),
            _ => unit.statements.push(statement),
        }
    }
    if unit.statements.is_empty() {
        return Ok(Down::Nothing);
    }
    Ok(Down::Sql(unit))
}

/// Outside a transaction every statement is a part of its own; the way back takes the parts from the last to the first.
fn parts(segment: Segment) -> Vec<Segment> {
    let ups = pieces(&segment.up);
    let downs = match &segment.down {
        Down::Sql(unit) => pieces(unit),
        _ => vec![],
    };
    let count = ups.len().max(downs.len());
    if count <= 1 {
        return vec![segment];
    }
    (0..count)
        .map(|number| {
            let letter = char::from(b'a'.saturating_add(u8::try_from(number).unwrap_or(25).min(25)));
            Segment {
                step: format!("{}{letter}", segment.step),
                up: ups.get(number).cloned().unwrap_or_else(|| Unit {
                    transaction: true,
                    statements: vec!["SELECT 1".into()],
                    ..segment.up.clone()
                }),
                down: match (&segment.down, downs.get(count - 1 - number)) {
                    (Down::Sql(_), Some(unit)) => Down::Sql(unit.clone()),
                    (Down::Sql(_), None) => Down::Nothing,
                    (other, _) => other.clone(),
                },
                ..segment.clone()
            }
        })
        .collect()
}

fn pieces(unit: &Unit) -> Vec<Unit> {
    if unit.transaction {
        return vec![unit.clone()];
    }
    let alone = |statement: &String| Unit {
        statements: vec![statement.clone()],
        ..unit.clone()
    };
    unit.statements.iter().map(alone).collect()
}
