//! Why a run ends early.

use super::advisory::Holder;
use super::guard::{Guard, Held, force_words};
use super::retry::Trouble;
use crate::conn::{Blocker, ConnError, named};
use crate::introspect::IntrospectError;
use crate::plan::Phase;
use crate::report::bytes;
use tokio_postgres::error::SqlState;

/// Why a run ends early.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// No connection.
    #[error(transparent)]
    Connect(#[from] ConnError),
    /// The server answered a question of pgphase itself with an error.
    #[error("{doing}: {}", db_message(error))]
    Database {
        /// What was going on.
        doing: &'static str,
        /// Whether something of the plan has run before.
        part_way: bool,
        /// What the server said.
        error: tokio_postgres::Error,
    },
    /// The schema could not be read.
    #[error("cannot read the schema of the database: {0}")]
    Inspect(IntrospectError),
    /// Steps have run, and the schema could not be read afterwards.
    #[error("the steps have run, and the journal does not know how the schema looks now: {0}")]
    Unremembered(IntrospectError),
    /// The connection went while no step ran.
    #[error("the connection was lost: {0}")]
    Disconnected(String),
    /// This server or session cannot be used.
    #[error("{what}")]
    Unsuitable {
        /// What is wrong.
        what: String,
        /// What to do.
        hint: String,
    },
    /// Another run is active.
    #[error("another run is active in this database{}", holder.as_ref().map(|holder| format!(": {holder}")).unwrap_or_default())]
    Busy {
        /// Who.
        holder: Option<Holder>,
    },
    /// The plan was given up before.
    #[error("the plan was abandoned at {at}{}", by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default())]
    Abandoned {
        /// When, in UTC.
        at: String,
        /// Who did it, where the journal knows.
        by: Option<String>,
    },
    /// Hazards that nobody has approved.
    #[error("the plan has hazards that are not approved:\n{}", bullets(ids))]
    Unapproved {
        /// Their ids and explanations.
        ids: Vec<String>,
    },
    /// An earlier phase is not complete.
    #[error("phase {phase} cannot run: phase {missing} has {} to do first", crate::report::count(*left, "step"))]
    PhaseOrder {
        /// The phase asked for.
        phase: Phase,
        /// The phase before it.
        missing: Phase,
        /// How many of its steps are left.
        left: usize,
    },
    /// The schema is not what the plan expects.
    #[error(
        "the schema of the database is not the one that the plan expects here:\n{}",
        bullets(differences)
    )]
    Stale {
        /// One line per object.
        differences: Vec<String>,
        /// Whether steps of the plan have run already.
        started: bool,
    },
    /// Steps that have run cannot be undone.
    #[error("there is no way back:\n{}", bullets(steps))]
    NoWayBack {
        /// The steps, with the reason.
        steps: Vec<String>,
    },
    /// The SQL of a step that has run is not the SQL in the folder.
    #[error("step {step} has run with other SQL than the plan folder holds")]
    Changed {
        /// The step.
        step: String,
    },
    /// A lock was not granted within the budget.
    #[error("step {step} gave up after {attempts} attempt{}: {reason}{}", if *attempts == 1 { "" } else { "s" }, named(blockers))]
    GaveUp {
        /// The step.
        step: String,
        /// How often it was tried.
        attempts: u32,
        /// What happened the last time.
        reason: String,
        /// Who stood in the way.
        blockers: Vec<Blocker>,
    },
    /// It is not the time to change this database.
    #[error("{}{}", outside(at.as_deref()), next.as_ref().map(|next| format!("; the next one begins at {}", next.strftime("%Y-%m-%d %H:%M %Z"))).unwrap_or_default())]
    OutsideWindow {
        /// The step at whose beginning or in which the window ended; none where nothing was begun.
        at: Option<String>,
        /// When the next window begins.
        next: Option<jiff::Zoned>,
    },
    /// Another plan that is not finished works on the same objects.
    #[error("plan {plan} is not finished and works on the same objects:\n{}", bullets(objects))]
    Overlap {
        /// The other plan, by name and id.
        plan: String,
        /// The objects.
        objects: Vec<String>,
    },
    /// The role may not do what the steps ask for.
    #[error("role {role} lacks rights that the steps need:\n{}", bullets(missing))]
    Rights {
        /// The role of the session.
        role: String,
        /// What is missing, one line each.
        missing: Vec<String>,
    },
    /// A phase may fill the disk.
    #[error("phase {phase} may need {} more on the disk of the server, and {} are free", bytes(*needed), bytes(*free))]
    NoSpace {
        /// Which.
        phase: Phase,
        /// Bytes, at most.
        needed: u64,
        /// Bytes.
        free: u64,
    },
    /// Contract has to wait.
    #[error(
        "contract is not run, as the old application may still need what it takes away:\n{}",
        bullets(&held.iter().map(ToString::to_string).collect::<Vec<_>>())
    )]
    Guarded {
        /// Why, one for each sign.
        held: Vec<Held>,
    },
    /// The shapes are swapped, and the old ones stay for a while.
    #[error("the plan cools down until {until}: the old shapes stay for another {left}")]
    CoolingDown {
        /// The end, in UTC.
        until: String,
        /// The time from now, in words.
        left: String,
    },
    /// The server refused a step.
    #[error("step {step} failed: {}", db_message(error))]
    Step {
        /// The step.
        step: String,
        /// Whether steps of the plan have run before.
        part_way: bool,
        /// What the server said.
        error: tokio_postgres::Error,
    },
    /// The session ended.
    #[error("the connection was lost in step {step}: {reason}")]
    Lost {
        /// The step.
        step: String,
        /// What is known.
        reason: String,
    },
    /// A signal asked for the end.
    #[error("stopped by {} {place}", if *signal == 15 { "SIGTERM" } else { "SIGINT" })]
    Stopped {
        /// The number of the signal.
        signal: i32,
        /// Before or in which step.
        place: String,
    },
    /// A plan or a schema in the journal cannot be understood.
    #[error("the journal in namespace pgphase cannot be used: {0}")]
    Journal(String),
}

impl ApplyError {
    pub(crate) fn database(doing: &'static str) -> impl FnOnce(tokio_postgres::Error) -> Self {
        move |error| Self::Database {
            doing,
            part_way: false,
            error,
        }
    }

    /// The same of a plan of which something has run.
    pub(super) fn part_way(self) -> Self {
        match self {
            Self::Database { doing, error, .. } => Self::Database {
                doing,
                part_way: true,
                error,
            },
            other => other,
        }
    }

    /// The step in which it happened.
    pub fn step(&self) -> Option<&str> {
        match self {
            Self::Changed { step } | Self::GaveUp { step, .. } | Self::Step { step, .. } | Self::Lost { step, .. } => {
                Some(step)
            }
            Self::OutsideWindow { at, .. } => at.as_deref(),
            _ => None,
        }
    }

    /// The schema could not be read; where the connection is gone, that is why.
    pub(crate) fn inspect(client: &tokio_postgres::Client) -> impl FnOnce(IntrospectError) -> Self {
        let gone = client.is_closed();
        move |error| {
            if gone {
                Self::Disconnected(error.to_string())
            } else {
                Self::Inspect(error)
            }
        }
    }

    /// The schema could not be read behind the steps.
    pub(super) fn unremembered(client: &tokio_postgres::Client) -> impl FnOnce(IntrospectError) -> Self {
        let inspect = Self::inspect(client);
        move |error| match inspect(error) {
            Self::Inspect(error) => Self::Unremembered(error),
            other => other,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Connect(error) => error.hint(),
            Self::Database { error, .. } | Self::Step { error, .. } if error.code() == Some(&SqlState::DISK_FULL) => {
                Some("the server's disk is full; make room, then run this again to go on".into())
            }
            Self::Database { error, part_way, .. } => server_hint(error).or(part_way.then(|| GO_ON.into())),
            Self::Step { error, .. } => server_hint(error),
            Self::Inspect(error) => error.hint().map(str::to_owned),
            Self::Journal(_) => Some(
                "bring back what pgphase wrote there; or `pgphase abandon --keep`, and plan again from the database as it is now".into(),
            ),
            Self::Unsuitable { hint, .. } => Some(hint.clone()),
            Self::Busy { .. } => Some("wait for it to end, or end its session, and run this again".into()),
            Self::Abandoned { .. } => {
                Some("plan again from the database as it is now, or take it up again with --reopen".into())
            }
            Self::Unapproved { .. } => {
                Some("read what they say; then put their ids under `approvals` in plan.yaml, or run `pgphase apply` with --approve ID".into())
            }
            Self::PhaseOrder { missing, .. } => Some(format!("run --phase {missing} first")),
            Self::Stale { started: false, .. } => Some("plan again from the database as it is now".into()),
            Self::Stale { started: true, .. } => {
                Some(
                    "undo that change and run this again; or `pgphase abandon --keep`, take the change into the files and plan again; \
                     what others made anew may be left to them by `ignore` in pgphase.yaml, new partitions by `partitions`"
                        .into(),
                )
            }
            Self::NoWayBack { .. } => {
                Some("nothing was undone; go on, or write a change that leads where you want to be".into())
            }
            Self::Changed { .. } => Some("bring back the folder as it was applied, or plan again".into()),
            Self::GaveUp { .. } => Some("nothing of this step has changed; run this again to go on".into()),
            Self::OutsideWindow { .. } => Some("run this again then; --any-time runs it now".into()),
            Self::Overlap { .. } => Some("finish that plan, or `pgphase abandon` it, and run this again".into()),
            Self::Rights { .. } => Some("nothing was run; grant them, or run this as a role that has them".into()),
            Self::NoSpace { .. } => Some(
                "nothing of it was run; a tenth of what is free must stay; make room, or leave `free_space` out of the configuration"
                    .into(),
            ),
            Self::Guarded { held } => Some(format!(
                "wait, or end what uses the old names, and run this again; {} runs it now and writes the reason down",
                force_words(held.iter().map(|held| held.guard))
            )),
            Self::CoolingDown { .. } => Some(format!(
                "run this again then, or `pgphase rollback` to swap back; {} takes the old shapes away now and writes the reason down",
                force_words([Guard::CoolDown])
            )),
            Self::Unremembered(_) | Self::Disconnected(_) | Self::Lost { .. } => Some(GO_ON.into()),
            Self::Stopped { .. } => Some("run this again to go on".into()),
        }
    }

    /// The exit code.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Connect(ConnError::Invalid { .. }) => 64,
            Self::Connect(error) if error.is_temporary() => 75,
            Self::Inspect(error) | Self::Unremembered(error) if error.is_temporary() => 75,
            Self::Connect(_)
            | Self::Inspect(_)
            | Self::Unsuitable { .. }
            | Self::PhaseOrder { .. }
            | Self::Rights { .. }
            | Self::Changed { .. }
            | Self::Journal(_) => 1,
            Self::Database { error, .. } if Trouble::of(error) == Trouble::ConnectionLost => 75,
            Self::Database { part_way: true, .. } => 5,
            Self::Database { part_way: false, .. } => 1,
            Self::Disconnected(_)
            | Self::Busy { .. }
            | Self::GaveUp { .. }
            | Self::OutsideWindow { .. }
            | Self::CoolingDown { .. }
            | Self::Overlap { .. } => 75,
            Self::Abandoned { .. }
            | Self::Unapproved { .. }
            | Self::NoWayBack { .. }
            | Self::NoSpace { .. }
            | Self::Guarded { .. } => 3,
            Self::Stale { .. } => 4,
            Self::Step { part_way: true, .. } | Self::Unremembered(_) | Self::Lost { .. } => 5,
            Self::Step { part_way: false, .. } => 1,
            Self::Stopped { signal, .. } => u8::try_from(128 + signal).unwrap_or(5),
        }
    }
}

const GO_ON: &str = "run this again to go on: the journal knows what has run";

fn server_hint(error: &tokio_postgres::Error) -> Option<String> {
    error.as_db_error().and_then(|db| db.hint()).map(str::to_owned)
}

/// How PostgreSQL names the place inside a `DO` block.
const OWN_BLOCK: &str = "PL/pgSQL function inline_code_block";

/// What the server said, with detail and place; the driver's own text says only "db error".
pub fn db_message(error: &tokio_postgres::Error) -> String {
    use std::error::Error as _;
    match error.as_db_error() {
        Some(db) => {
            let mut text = format!("{} ({})", db.message(), db.code().code());
            if let Some(detail) = db.detail() {
                text.push_str(&format!("; {detail}"));
            }
            // Checks of ours run in an unnamed block, whose lines nobody has seen.
            if let Some(place) = db.where_().filter(|place| !place.starts_with(OWN_BLOCK)) {
                text.push_str(&format!("; {}", place.lines().next().unwrap_or_default()));
            }
            text
        }
        None => match error.source() {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        },
    }
}

fn outside(at: Option<&str>) -> String {
    match at {
        Some(step) => format!("the maintenance window ended at step {step}"),
        None => "this is outside of the maintenance windows".into(),
    }
}

fn bullets(lines: &[String]) -> String {
    const MOST: usize = 20;
    let mut text = String::new();
    for line in lines.iter().take(MOST) {
        text.push_str(&format!("  {line}\n"));
    }
    if lines.len() > MOST {
        text.push_str(&format!("  and {} more\n", lines.len() - MOST));
    }
    text.trim_end().to_owned()
}
