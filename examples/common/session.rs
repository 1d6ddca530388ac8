//! What the measurements beside an application share: sessions, and pgphase in this process.

use std::ffi::OsString;
use std::time::{Duration, Instant};

use pgphase::conn::{self, Environment, Params, Session};

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A session of its own.
pub async fn open(conninfo: &str) -> Result<Session, Failure> {
    let given = conn::conninfo::parse(conninfo)?;
    Ok(conn::connect(&conn::resolve(&Params::new(), &given, &Environment::default())?).await?)
}

/// Runs pgphase with these words; how long it took. Anything but success, or a difference that was found, is an error.
pub fn pgphase(words: &[&str]) -> Result<Duration, Failure> {
    let started = Instant::now();
    let arguments = std::iter::once("pgphase")
        .chain(words.iter().copied())
        .map(OsString::from);
    match pgphase::cli::run_with(arguments) {
        0 | 2 => Ok(started.elapsed()),
        code => Err(format!("pgphase {} ends with {code}", words.join(" ")).into()),
    }
}
