//! `plan`: the way from a database to the desired schema, in phases.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::compare::{self, Compared};
use super::config::approval_of;
use super::error::{CliError, ErrorKind, code};
use super::load::{self, Loaded, Source};
use super::{Config, Global, config, output, patterns, pending, permit, scratch};
use crate::object::ObjectId;
use crate::parse::migrations::RUNNER_TABLES;
use crate::parse::origin::{Origin, is_prefixed};
use crate::plan::file::{PLAN_FILE, PlanFolder};
use crate::plan::{Baseline, HazardKind, Phase, Plan};
use crate::render::script;
use crate::report::{self, Report};

/// Arguments of `plan`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Desired schema: a file, a folder, git:REV:path or migrations:PATH [default: schemas of the configuration]
    #[arg(long, value_name = "SOURCE")]
    to: Option<String>,
    /// Start from a file or folder instead of a database
    #[arg(long, value_name = "SOURCE", conflicts_with = "dbname")]
    from: Option<String>,
    #[command(flatten)]
    scratch: scratch::ScratchArgs,
    /// Write the plan to this folder
    #[arg(short = 'o', long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write over another plan in that folder, and its approvals
    #[arg(long, requires = "out")]
    replace: bool,
    /// Approve hazards by id, or all of them; phase:NAME where the policy asks for it
    #[arg(long, value_name = "all|ID,...")]
    approve: Vec<String>,
    /// How long contract keeps old shapes behind a swap, in which it can be taken back, as 24h or 2d; 0s: not at all
    #[arg(long, value_name = "TIME", env = "PGPHASE_COOL_DOWN", value_parser = config::duration)]
    cool_down: Option<Duration>,
    /// Exit with 2 when there is something to do
    #[arg(long)]
    exit_code: bool,
    /// Form of the output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write the review as a page for a browser to this file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Major version to plan for, where no database is asked
    #[arg(long, value_name = "MAJOR", default_value_t = 14, value_parser = clap::value_parser!(u32).range(14..))]
    server_version: u32,
}

const EXAMPLES: &str = "\
Examples:
  pgphase plan -d \"$DATABASE_URL\" --to schemas/ --out plans/token
  pgphase plan -d \"$DATABASE_URL\" --out plans/fax --approve 'data-loss:column public.customers.fax'
  pgphase plan --from git:main:schemas --to schemas/ --server-version 16 --format markdown";

/// Forms in which a plan is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For a terminal
    #[default]
    Text,
    /// The review with its SQL as one document; `pgphase json-schema review` describes it
    Json,
    /// The phase files, one after the other
    Sql,
    /// The review, as in REVIEW.md
    Markdown,
    /// The review as one page for a browser
    Html,
    /// The order of the steps, as a Mermaid flowchart
    Mermaid,
    /// The order of the steps, for Graphviz
    Dot,
    /// The changed tables, as a Mermaid entity-relationship diagram
    TablesMermaid,
    /// The changed tables, for Graphviz
    TablesDot,
}

pub(crate) async fn run(args: &Args, global: &Global) -> Result<u8, CliError> {
    let config = Config::of(global)?;
    let to = desired_source(args.to.as_deref(), global, &config)?;
    let from = match &args.from {
        Some(text) => Source::parse(text, global)?,
        None => Source::Live(global.connection.target()?),
    };
    let (mut desired, mut live) = load::both(to, from, global, &config, &args.scratch.scratch).await?;
    patterns::check(&config, &[&desired, &live], global.quiet).await?;
    refuse_emptiness(&desired, &live)?;
    desired.follows = true;
    load::talk_notes(&desired, global.quiet);
    load::talk_unmanaged(&live, global.quiet);
    let version = live.server_version.unwrap_or(args.server_version);
    let is_live = live.server_version.is_some();
    if !is_live && desired.session.is_some() {
        // Files are silent about what a database always says: where they are silent, they are as it is.
        let files = std::mem::take(&mut live.schema);
        live.schema = load::unified(&desired, files).await?;
    }
    let pending = pending::expect(&mut live, "this plan begins where they end")
        .await
        .notes;
    let mut compared = compare::compare(live, desired, &args.scratch.scratch, global, &config).await?;
    compared.talk_unasked(global);
    compared.wishes.cool_down = config.policy.cool_down(args.cool_down)?;
    for note in pending.iter().filter(|_| !global.quiet) {
        output::talk(&format!("note: {note}"));
    }
    let is_between_steps = !pending.is_empty();
    compared.notes.extend(pending);
    // Nobody sees more of the plan than that it is empty, so none is made.
    if args.format == Format::Text && args.html.is_none() && args.approve.is_empty() && compared.is_reached() {
        compared.refuse()?;
        return nothing(&compared, global);
    }
    let out = args.out.as_deref().map(|out| config.plan_folder(out));
    let name = out.as_deref().map_or_else(|| "plan".to_owned(), name_of);
    let session = compared.session.as_ref();
    let too_large = permit::within_limits(&mut compared.wishes, session, &config.policy).await;
    let mut plan = compared.plan(&name, version)?;
    if !is_live {
        // The files say nothing about how a database would look, so no database can be compared with them byte by byte.
        plan.baseline = Baseline {
            kept: plan.baseline.kept,
            ..Baseline::default()
        };
        plan.notes
            .push("Made from files: whether a database is as they say is not checked before it is applied.".into());
    }
    if let Some(session) = compared.session.as_ref().filter(|_| !plan.is_empty()) {
        let tables: Vec<_> = plan.tables().collect();
        plan.background.sizes = load::sizes(session, &tables).await;
    }
    approve(&mut plan, &args.approve);
    let mut folder = PlanFolder::new(plan, &compared.start, &crate::render::statements::statements);
    if let Some(out) = out.as_deref().filter(|_| !args.replace && !folder.plan.is_empty()) {
        keep_approvals(&mut folder, out)?;
    }
    let wanted = folder.plan.approvals.clone();
    let told = permit::notes(&config.policy, &mut folder.plan, &too_large);
    talk_unheard(&wanted, &folder.plan);
    folder.plan.notes.extend(told);
    if folder.plan.is_empty() {
        write_page(&folder, args.html.as_deref(), global.quiet)?;
        if args.format != Format::Text {
            output::data(&print(&folder, args.format))?;
        } else {
            nothing(&compared, global)?;
        }
        if is_between_steps && !args.approve.is_empty() {
            output::talk(
                "warning: nothing was written, so nothing is approved: what a plan in flight wants approved goes into its plan.yaml, \
                 or is given with `pgphase apply --approve ID`",
            );
        }
        return Ok(code::OK);
    }
    if let Some(out) = &out {
        for file in folder.write(out)? {
            if !global.quiet {
                output::talk(&format!("wrote {}", file.display()));
            }
        }
    }
    write_page(&folder, args.html.as_deref(), global.quiet)?;
    output::data(&print(&folder, args.format))?;
    Ok(if args.exit_code { code::DIFFERENCE } else { code::OK })
}

/// Files without a definition are a slip, a wrong path or a failed checkout, more often than the wish to drop everything.
fn refuse_emptiness(desired: &Loaded, live: &Loaded) -> Result<(), CliError> {
    let is_table_of_runner = |id: &ObjectId| RUNNER_TABLES.contains(&id.name.as_str());
    let mut lost = live
        .schema
        .iter()
        .filter(|(id, _)| id.namespace.is_some() && !is_table_of_runner(id));
    if !desired.says_nothing || lost.next().is_none() {
        return Ok(());
    }
    Err(CliError::new("the desired schema holds no definition, so that everything in the database would be dropped")
        .kind(ErrorKind::Schema)
        .hint("name the files that describe the schema; where all of it is to go, let a file say `CREATE SCHEMA public;`"))
}

/// Says that the plan is empty.
fn nothing(compared: &Compared, global: &Global) -> Result<u8, CliError> {
    if !global.quiet {
        output::data("Nothing to do: the database is as the files want it.\n")?;
        compared.talk_left(global);
    }
    Ok(code::OK)
}

/// The desired source: the argument, else the configuration.
pub(crate) fn desired_source(to: Option<&str>, global: &Global, config: &Config) -> Result<Source, CliError> {
    match (to, &config.schemas) {
        (Some(text), _) => Source::parse(text, global),
        (None, Some(path)) if path.exists() || is_prefixed(&path.to_string_lossy()) => {
            Ok(Source::Files(Origin::parse(&path.to_string_lossy())?))
        }
        (None, Some(path)) => Err(CliError::usage(format!(
            "the configuration names {} as the desired schema, and it is not there",
            path.display()
        ))),
        (None, None) => Err(CliError::usage("no desired schema is named")
            .hint("name one with --to, or as `schemas` in pgphase.yaml, which `pgphase init` writes")),
    }
}

/// The name of a plan is the name of its folder.
fn name_of(out: &Path) -> String {
    let full = std::path::absolute(out).unwrap_or_else(|_| out.to_owned());
    full.file_name()
        .map_or_else(|| "plan".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// The approvals of the same plan stay; those of another one are not thrown away.
fn keep_approvals(folder: &mut PlanFolder, out: &Path) -> Result<(), CliError> {
    let Some(held) = PlanFolder::held(out)? else {
        return Ok(());
    };
    if held.id == folder.id() {
        for id in held.approvals {
            if !folder.plan.approvals.contains(&id) {
                folder.plan.approvals.push(id);
            }
        }
        return Ok(());
    }
    if held.approvals.is_empty() {
        return Ok(());
    }
    let place = out.join(PLAN_FILE);
    Err(
        CliError::new("the folder holds another plan, with approvals that were given for it")
            .at(place.as_path())
            .kind(ErrorKind::File)
            .hint("give the new plan a folder of its own, or write over the old one with --replace"),
    )
}

/// Says which approvals do not count under the policy.
pub(super) fn talk_unheard(wanted: &[String], plan: &Plan) {
    for id in wanted.iter().filter(|id| *id != "all" && !plan.approvals.contains(id)) {
        output::talk(&format!(
            "warning: the policy does not allow {id}, so it is not approved"
        ));
    }
    if wanted.iter().any(|id| id == "all") && !plan.approvals.iter().any(|id| id == "all") {
        let mut open: Vec<String> = plan.unapproved().map(|(_, hazard)| hazard.id()).collect();
        open.dedup();
        if !open.is_empty() {
            output::talk(&format!(
                "warning: under the policy `all` does not approve {}",
                open.join(", ")
            ));
        }
    }
}

pub(super) fn approve(plan: &mut Plan, approvals: &[String]) {
    for list in approvals {
        for id in split_ids(list) {
            let known = id == "all"
                || Phase::ALL.iter().any(|phase| approval_of(*phase) == id)
                || plan
                    .steps
                    .iter()
                    .any(|step| step.hazards.iter().any(|hazard| hazard.id() == id));
            if !known {
                output::talk(&format!("warning: the plan has no hazard {id}"));
            }
            if !plan.approvals.contains(&id) {
                plan.approvals.push(id);
            }
        }
    }
}

/// Ids may hold commas (arguments of functions), so a list is cut only where an id begins.
fn split_ids(list: &str) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for part in list.split(',') {
        let word = part.trim().split(':').next().unwrap_or_default();
        let begins = matches!(word, "all" | "phase") || HazardKind::ALL.iter().any(|kind| kind.word() == word);
        match ids.last_mut() {
            Some(last) if !begins => {
                last.push(',');
                last.push_str(part);
            }
            _ => ids.push(part.trim().to_owned()),
        }
    }
    ids
}

/// A plan in one of its forms.
pub(crate) fn print(folder: &PlanFolder, format: Format) -> String {
    let plan = &folder.plan;
    let review = Report::of(folder);
    match format {
        Format::Text => report::text(&review, output::width()),
        Format::Markdown => report::markdown(&review),
        Format::Html => report::html(&review),
        Format::Json => review.json(),
        Format::Mermaid => report::mermaid(&review),
        Format::Dot => report::dot(&review),
        Format::TablesMermaid => report::tables_mermaid(&review),
        Format::TablesDot => report::tables_dot(&review),
        Format::Sql => Phase::ALL
            .into_iter()
            .filter(|phase| plan.phase(*phase).next().is_some())
            .map(|phase| script::phase_file(plan, phase, |step| folder.statements(step)))
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

/// Writes the page of the review to a file, where one is wanted.
pub(crate) fn write_page(folder: &PlanFolder, file: Option<&Path>, quiet: bool) -> Result<(), CliError> {
    let Some(file) = file else { return Ok(()) };
    std::fs::write(file, report::html(&Report::of(folder))).map_err(|error| CliError::file("write", file, error))?;
    if !quiet {
        output::talk(&format!("wrote {}", file.display()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_ids() {
        assert_eq!(
            split_ids("data-loss:function a.f(integer, text),rewrite:table a.t"),
            ["data-loss:function a.f(integer, text)", "rewrite:table a.t"]
        );
        assert_eq!(split_ids("all"), ["all"]);
        assert_eq!(split_ids("all,phase:contract"), ["all", "phase:contract"]);
    }
}
