//! Connections by libpq's conventions, so that whatever works with `psql` works here: connection strings and URLs, `PG*`
//! variables, service and password files, TLS up to `verify-full`.

mod blocker;
pub mod conninfo;
mod environment;
mod error;
mod keyword;
mod methods;
mod open;
mod params;
mod passfile;
mod resolve;
mod service;
mod tls;
mod url;
mod watched;

pub use blocker::Blocker;
pub(crate) use blocker::named;
pub use environment::Environment;
pub use error::ConnError;
pub use open::{CancelHandle, Session, connect};
pub use params::Params;
pub use resolve::{Endpoint, SessionAttrs, Target, resolve};
