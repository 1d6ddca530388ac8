//! Running a plan: one run at a time, every step remembered in the database, locks waited for within bounds.

pub mod advisory;
pub mod backfill;
mod concurrent;
mod error;
pub mod flight;
mod gate;
mod gone;
pub mod guard;
pub mod journal;
mod near;
mod old;
pub mod progress;
pub mod reconcile;
pub mod retry;
mod rights;
mod rollback;
mod run;
mod session;
mod space;
pub mod staleness;
mod state;
mod step;
mod stop;
pub mod watch;
pub mod window;

pub use error::{ApplyError, db_message};
pub use rollback::{Back, Undone, rollback};
pub use run::Live;
pub use run::{CoolDown, Options, Outcome, refuse_unapproved, run, run_watched};
pub use session::Sessions;
pub use stop::Stop;
