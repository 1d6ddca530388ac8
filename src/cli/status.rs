//! `status`: how far the plans of a database are.

use serde::Serialize;

use super::error::{CliError, code};
use super::{Global, output};
use crate::apply::advisory;
use crate::apply::journal::{self, PlanRow, Status, StepRow};
use crate::apply::{ApplyError, db_message};

/// Arguments of `status`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Form of the output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Exit with 2 when a plan is not finished
    #[arg(long)]
    exit_code: bool,
}

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
    steps: Vec<StepRow>,
}

pub(crate) async fn run(args: &Args, global: &Global) -> Result<u8, CliError> {
    let (session, _) = global.connection.open(global.connection.target()?).await?;
    let client = &session.client;
    let failed = |error: tokio_postgres::Error| {
        CliError::from(ApplyError::Journal(db_message(&error)))
            .hint("reading the journal needs USAGE on namespace pgphase")
    };
    let mut report = Report {
        running: advisory::holder(client)
            .await
            .map_err(failed)?
            .map(|holder| holder.to_string()),
        plans: Vec::new(),
    };
    if journal::version(client).await.map_err(failed)?.is_some() {
        for plan in journal::plans(client).await.map_err(failed)? {
            let steps = journal::steps(client, &plan.id).await.map_err(failed)?;
            report.plans.push(Entry { plan, steps });
        }
    }
    let unfinished = report.plans.iter().any(|entry| entry.plan.finished.is_none());
    output::data(&match args.format {
        Format::Text => text(&report),
        Format::Json => output::json(&report)?,
    })?;
    Ok(if args.exit_code && unfinished {
        code::DIFFERENCE
    } else {
        code::OK
    })
}

fn text(report: &Report) -> String {
    let mut out = String::new();
    if let Some(running) = &report.running {
        out.push_str(&format!("a run is active: {running}\n"));
    }
    if report.plans.is_empty() {
        out.push_str("no plan has been applied here\n");
    }
    for Entry { plan, steps } in &report.plans {
        let end = match &plan.finished {
            Some(at) => format!("finished {at}"),
            None => "not finished".into(),
        };
        out.push_str(&format!(
            "{} ({}): started {} by {}, {end}\n",
            plan.name, plan.id, plan.started, plan.started_by
        ));
        for step in steps {
            let state = match step.status {
                Status::Done => format!("done {}", step.finished.as_deref().unwrap_or_default()),
                Status::Running => "started, not done".into(),
                Status::Failed => format!("failed: {}", step.error.as_deref().unwrap_or_default()),
            };
            let rows = step.rows.map(|rows| format!(", {rows} rows")).unwrap_or_default();
            out.push_str(&format!("  {:<12} {state}{rows}\n", step.step));
        }
    }
    out
}
