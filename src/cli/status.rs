//! `status`: how far the plans of a database are.

use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;
use tokio_postgres::Client;

use super::error::{CliError, ErrorKind, code};
use super::progress::time;
use super::{Global, output, reconcile};
use crate::apply::advisory;
use crate::apply::guard::{self, Cooling};
use crate::apply::journal::{self, Closed, Forced, PlanRow, Status, StepRow, Taken};
use crate::apply::{ApplyError, db_message};
use crate::plan::file::PlanFolder;
use crate::plan::{Phase, Plan, Step};
use crate::report::count;

/// Arguments of `status`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Only plans of this name or id, each with its steps
    plan: Option<String>,
    /// Show the steps of plans that have ended, too
    #[arg(long)]
    all: bool,
    /// Form of the output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Exit with 2 when a plan is not finished
    #[arg(long)]
    exit_code: bool,
    /// Print the record of every step as JSON lines instead
    #[arg(long, conflicts_with_all = ["format", "reconcile"])]
    log: bool,
    /// Tell from the catalogs how far this plan folder is, whatever the journal says
    #[arg(long, value_name = "PLAN", conflicts_with_all = ["plan", "all"])]
    reconcile: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  pgphase status -d \"$DATABASE_URL\"
  pgphase status token -d \"$DATABASE_URL\"
  pgphase status -d \"$DATABASE_URL\" --log
  pgphase status -d \"$DATABASE_URL\" --reconcile plans/token --exit-code";

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

#[derive(Debug, Serialize)]
struct Report {
    running: Option<String>,
    plans: Vec<Entry>,
}

#[derive(Debug, Serialize)]
struct Entry {
    #[serde(flatten)]
    plan: PlanRow,
    /// The phase it is in: that of the last step that was started.
    phase: Option<String>,
    /// The step that is running or was the last one.
    step: Option<String>,
    /// Whether its shapes are swapped, and the old ones still there.
    #[serde(skip_serializing_if = "Option::is_none")]
    cooling_down: Option<Cooling>,
    /// That all its steps that had run were undone.
    #[serde(skip_serializing_if = "Option::is_none")]
    rolled_back: Option<Closed>,
    /// What is to run next; none where it has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Next>,
    /// When contract was run against its guards.
    forced: Vec<Forced>,
    /// What was approved for single runs; the reason is the id.
    approved: Vec<Forced>,
    steps: Vec<StepRow>,
    /// The steps that were undone.
    #[serde(skip)]
    undone: Vec<Taken>,
}

/// The first step of a plan that is not done.
#[derive(Debug, Serialize)]
struct Next {
    step: String,
    phase: Phase,
    /// How many steps are not done, this one among them.
    left: usize,
    /// How many steps the plan has.
    of: usize,
}

impl Next {
    fn of(plan: &Plan, rows: &[StepRow]) -> Option<Self> {
        let left: Vec<&Step> = plan.steps.iter().filter(|step| !is_done(step, rows)).collect();
        let first = left.first()?;
        Some(Self {
            step: first.id.clone(),
            phase: first.phase,
            left: left.len(),
            of: plan.steps.len(),
        })
    }
}

fn is_done(step: &Step, rows: &[StepRow]) -> bool {
    let mut rows = rows.iter().filter(|row| row.status == Status::Done);
    rows.any(|row| row.step == step.id)
}

impl Entry {
    async fn read(client: &Client, plan: PlanRow) -> Result<Self, CliError> {
        let steps = journal::steps(client, &plan.id).await.map_err(failed)?;
        let rolled_back = journal::rolled_back(client, &plan.id).await.map_err(failed)?;
        let has_ended = plan.finished.is_some() || plan.abandoned.is_some() || rolled_back.is_some();
        let written = if has_ended {
            None
        } else {
            document(client, &plan).await?
        };
        let cooling_down = match &written {
            Some(written) => {
                let is_done = |step: &Step| is_done(step, &steps);
                guard::cooling(client, &plan.id, written.cool_down, &written.steps, is_done)
                    .await
                    .map_err(failed)?
            }
            None => None,
        };
        let at = steps.iter().find(|step| step.status != Status::Done).or(steps.last());
        Ok(Self {
            phase: at.map(|step| step.phase.clone()),
            step: at.map(|step| step.step.clone()),
            cooling_down,
            next: written.as_ref().and_then(|written| Next::of(written, &steps)),
            rolled_back,
            forced: journal::forced(client, &plan.id).await.map_err(failed)?,
            approved: journal::approved(client, &plan.id).await.map_err(failed)?,
            undone: journal::undone(client, &plan.id).await.map_err(failed)?,
            plan,
            steps,
        })
    }

    /// Whether nothing of it is to be done any more.
    fn has_ended(&self) -> bool {
        self.plan.finished.is_some() || self.plan.abandoned.is_some() || self.rolled_back.is_some()
    }
}

fn failed(error: tokio_postgres::Error) -> CliError {
    CliError::from(ApplyError::Journal(db_message(&error))).hint("reading the journal needs USAGE on namespace pgphase")
}

/// One line for each step that was undone, and for each that has been started: the record that change logs ask for.
fn log(report: &Report, database: &str) -> String {
    let mut out = String::new();
    for entry in &report.plans {
        for taken in &entry.undone {
            let record = serde_json::json!({
                "id": format!("{}/{}/undone-{}", entry.plan.id, taken.step, taken.event),
                "plan": entry.plan.name,
                "timestamp": taken.at,
                "status": "undone",
                "database": database,
                "applied_by": taken.by,
            });
            out.push_str(&format!("{record}\n"));
        }
        for step in &entry.steps {
            let record = serde_json::json!({
                "id": format!("{}/{}", entry.plan.id, step.step),
                "plan": entry.plan.name,
                "timestamp": step.finished.as_ref().unwrap_or(&step.started),
                "status": step.status,
                "duration_ms": step.took_ms,
                "database": database,
                "tables_affected": step.tables,
                "rows_affected": step.rows,
                "checksum": step.checksum,
                "applied_by": step.applied_by,
                "rollback_available": step.undo,
                "error": step.error,
            });
            out.push_str(&format!("{record}\n"));
        }
    }
    out
}

pub(crate) async fn run(args: &Args, global: &Global) -> Result<u8, CliError> {
    if let Some(folder) = &args.reconcile {
        return reconcile::run(folder, args.format == Format::Json, args.exit_code, global).await;
    }
    let (session, _) = global.connection.open(global.connection.target()?).await?;
    let client = &session.client;
    let version = journal::version(client).await.map_err(failed)?;
    match version {
        Some(version) if version > journal::VERSION => {
            let what = format!("the journal of this database has version {version}, newer than this program knows");
            return Err(CliError::new(what)
                .kind(ErrorKind::Journal)
                .hint("use the newer pgphase"));
        }
        Some(version) if version < journal::VERSION => {
            let what = format!("the journal of this database has version {version}, of an older pgphase");
            return Err(CliError::new(what)
                .kind(ErrorKind::Journal)
                .hint("the next `pgphase apply` brings it up to date"));
        }
        _ => {}
    }
    let mut report = Report {
        running: advisory::holder(client)
            .await
            .map_err(failed)?
            .map(|holder| holder.to_string()),
        plans: Vec::new(),
    };
    if version.is_some() {
        let plans = journal::plans(client).await.map_err(failed)?.into_iter();
        let wanted = |plan: &PlanRow| {
            args.plan
                .as_ref()
                .is_none_or(|name| *name == plan.name || *name == plan.id)
        };
        for plan in plans.filter(wanted) {
            report.plans.push(Entry::read(client, plan).await?);
        }
    }
    if let Some(name) = args.plan.as_ref().filter(|_| report.plans.is_empty()) {
        return Err(CliError::new(format!("no plan {name} has been applied here"))
            .kind(ErrorKind::Journal)
            .hint("`pgphase status` names those that have"));
    }
    if args.log {
        let database: String = client
            .query_one("SELECT pg_catalog.current_database()::text", &[])
            .await
            .and_then(|row| row.try_get(0))
            .map_err(failed)?;
        output::data(&log(&report, &database))?;
        return Ok(code::OK);
    }
    let unfinished = report.plans.iter().any(|entry| !entry.has_ended());
    match args.format {
        Format::Text => output::prose(&text(&report, args.all || args.plan.is_some()))?,
        Format::Json => output::data(&output::json(&report)?)?,
    }
    Ok(if args.exit_code && unfinished {
        code::DIFFERENCE
    } else {
        code::OK
    })
}

/// A plan as it was written when it was first applied.
async fn document(client: &Client, plan: &PlanRow) -> Result<Option<Plan>, CliError> {
    let Some((_, document)) = journal::documents(client, &plan.id).await.map_err(failed)? else {
        return Ok(None);
    };
    let written = PlanFolder::plan_of(&document)
        .map_err(|error| ApplyError::Journal(format!("plan {} cannot be read: {error}", plan.id)))?;
    Ok(Some(written))
}

fn cooling_text(cooling: &Cooling) -> String {
    let mut text = match &cooling.until {
        Some(until) => format!("  cools down until {until}: `pgphase rollback` swaps back, contract goes on then\n"),
        None => "  has cooled down: contract takes the old shapes away; until then `pgphase rollback` swaps back\n"
            .to_owned(),
    };
    if cooling.misfits > 0 {
        text.push_str(&format!(
            "  {} left a value that has no form in the old shape: as long as a row holds one, nothing leads back\n",
            count(cooling.misfits.unsigned_abs() as usize, "write")
        ));
    }
    text
}

/// The steps of plans that have ended are shown where that is asked for.
fn text(report: &Report, all: bool) -> String {
    let mut out = String::new();
    if let Some(running) = &report.running {
        out.push_str(&format!("a run is active: {running}\n"));
    }
    if report.plans.is_empty() {
        out.push_str("no plan has been applied here\n");
    }
    for entry in &report.plans {
        let Entry { plan, phase, steps, .. } = entry;
        let end = match (&plan.finished, &plan.abandoned) {
            (_, Some(at)) => format!("abandoned {at}"),
            (Some(at), _) => format!("finished {at}"),
            _ if entry.rolled_back.is_some() => {
                let at = entry.rolled_back.as_ref().map(|closed| closed.at.as_str());
                format!("rolled back {}", at.unwrap_or_default())
            }
            _ if steps.is_empty() => "no step has run".to_owned(),
            _ => format!("in phase {}", phase.as_deref().unwrap_or("expand")),
        };
        out.push_str(&format!(
            "{} ({}): started {} by {}, {end}\n",
            plan.name, plan.id, plan.started, plan.started_by
        ));
        let whole = all || !entry.has_ended();
        out.extend(entry.cooling_down.iter().map(cooling_text));
        for approved in entry.approved.iter().filter(|_| whole) {
            out.push_str(&format!(
                "  {} approved {} by {}\n",
                approved.reason, approved.at, approved.who
            ));
        }
        for forced in &entry.forced {
            out.push_str(&format!(
                "  contract forced {} by {}: {}\n",
                forced.at, forced.who, forced.reason
            ));
        }
        for step in steps.iter().filter(|_| whole) {
            let state = match step.status {
                Status::Done => {
                    let took = step.took_ms.and_then(|took| u64::try_from(took).ok());
                    let took = took.map(|took| format!(" in {}", time(Duration::from_millis(took))));
                    format!(
                        "done {}{}",
                        step.finished.as_deref().unwrap_or_default(),
                        took.unwrap_or_default()
                    )
                }
                Status::Running => format!("started {} by {}, not done", step.started, step.applied_by),
                Status::Failed => format!("failed: {}", step.error.as_deref().unwrap_or_default()),
            };
            let rows = step.rows.map(|rows| format!(", {rows} rows")).unwrap_or_default();
            let rate = step
                .rate
                .filter(|_| step.status == Status::Running && report.running.is_some());
            let rate = rate.map(|rate| format!(", {rate:.0} rows/s")).unwrap_or_default();
            out.push_str(&format!("  {:<12} {state}{rows}{rate}\n", step.step));
        }
        if let Some(next) = &entry.next {
            let left = count(next.of, "step");
            out.push_str(&format!(
                "  next is {}, in phase {}; {} of {left} left\n",
                next.step, next.phase, next.left
            ));
        }
    }
    out
}
