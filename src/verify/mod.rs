//! Proof of a plan: it runs in a scratch database, back and forth, while what it does is measured and compared with what it says.
//!
//! The scratch database has the schema that the plan starts from and generated rows. The plan runs through the real code of
//! `apply`, phase by phase; before contract each way back is walked. The database that the plan came from is read and nothing more.

mod bounds;
pub mod judge;
pub mod observe;
pub mod play;
pub mod report;
mod rows;
mod run;
pub mod scratch;
pub mod seed;
pub mod values;

pub use run::{Options, verify};

use crate::apply::{ApplyError, db_message};
use crate::cluster::ClusterError;
use crate::conn::ConnError;
use crate::parse::ParseError;
use crate::plan::PlanError;

/// Why a plan could not be tried. A plan that was tried and does not hold is no error.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// No connection to the scratch server.
    #[error(transparent)]
    Connect(#[from] ConnError),
    /// No throw-away cluster.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// The schema cannot be built from nothing.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The server answered a question of pgphase itself with an error.
    #[error("{doing}: {}", db_message(error))]
    Server {
        /// What was going on.
        doing: &'static str,
        /// What the server said.
        error: tokio_postgres::Error,
    },
    /// A part of the schema cannot be built on the scratch server.
    #[error("cannot build the schema on the scratch server: {title}: {reason}")]
    Build {
        /// What was being done.
        title: String,
        /// What the server said.
        reason: String,
    },
    /// A schema could not be read.
    #[error("cannot read the schema of the scratch database: {0}")]
    Inspect(String),
    /// The scratch server cannot be used.
    #[error("{what}")]
    Unsuitable {
        /// What is wrong.
        what: String,
        /// What to do.
        hint: String,
    },
    /// The schema given is not the one that the plan starts from.
    #[error("the schema is not the one that the plan starts from:\n  - {}", differences.join("\n  - "))]
    Stale {
        /// One line per object.
        differences: Vec<String>,
    },
    /// A migration cannot be run, or read.
    #[error(transparent)]
    Read(ParseError),
    /// The rows given as SQL are refused.
    #[error("the seed script is refused: {0}")]
    Seed(String),
}

impl VerifyError {
    fn server(doing: &'static str) -> impl FnOnce(tokio_postgres::Error) -> Self {
        move |error| Self::Server { doing, error }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Connect(error) => error.hint(),
            Self::Unsuitable { hint, .. } => Some(hint.clone()),
            Self::Stale { .. } => Some("plan again, or give the schema that the plan was made from with --from".into()),
            Self::Build { .. } => {
                Some("the scratch server needs the extensions, collations and libraries of the real one; name such a server with --scratch".into())
            }
            _ => None,
        }
    }
}

/// An error of a run, in one line.
fn told(error: &ApplyError) -> String {
    error.to_string().lines().map(str::trim).collect::<Vec<_>>().join(" ")
}
