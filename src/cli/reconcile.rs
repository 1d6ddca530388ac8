//! `status --reconcile`: how far a plan is, told from the catalogs.

use std::path::Path;

use super::error::{CliError, ErrorKind, code};
use super::{Config, Global, load, output};
use crate::apply::db_message;
use crate::apply::reconcile::{Seen, reconcile};
use crate::plan::file::PlanFolder;

pub(super) async fn run(folder: &Path, json: bool, exit_code: bool, global: &Global) -> Result<u8, CliError> {
    let config = Config::of(global)?;
    let folder = PlanFolder::read(&config.plan_folder(folder))?;
    let (session, _) = global.connection.open(global.connection.target()?).await?;
    let live = load::inspect(&session.client, &config, &folder.plan).await?.schema;
    let seen = reconcile(&session.client, &folder.plan, &live).await.map_err(|error| {
        CliError::new(format!("cannot tell what has run: {}", db_message(&error))).kind(ErrorKind::Database)
    })?;
    let Some(seen) = seen else {
        return Err(CliError {
            code: code::STALE,
            ..CliError::new("the schema of the database fits no point of this plan")
                .kind(ErrorKind::Stale)
                .hint("plan again from the database as it is now")
        });
    };
    let steps = || folder.plan.steps.iter().zip(&seen);
    let mut text = String::new();
    if json {
        let steps: Vec<_> = steps()
            .map(|(step, seen)| serde_json::json!({ "step": step.id, "phase": step.phase, "seen": seen }))
            .collect();
        text = output::json(&serde_json::json!({ "plan": folder.id(), "name": folder.plan.name, "steps": steps }))?;
    } else {
        for (step, seen) in steps() {
            let state = match seen {
                Seen::Done => "done",
                Seen::Open => "not done",
                Seen::Unknown => "unknown: it leaves no trace",
            };
            text.push_str(&format!("{:<12} {state}\n", step.id));
        }
        match steps().find(|(_, seen)| **seen != Seen::Done) {
            Some((step, _)) => text.push_str(&format!("the next step is {}, in phase {}\n", step.id, step.phase)),
            None => text.push_str("every step has run\n"),
        }
    }
    output::data(&text)?;
    let open = seen.iter().any(|seen| *seen != Seen::Done);
    Ok(if exit_code && open { code::DIFFERENCE } else { code::OK })
}
