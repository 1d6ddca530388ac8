//! Connection options, named as in `psql`.

use std::io::IsTerminal;

use clap::Args;

use super::error::CliError;
use super::output;
use crate::conn::{ConnError, Environment, Params, Session, Target, connect, conninfo, resolve};

/// Where the database is. Everything that `psql` takes from the environment counts here too.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Connection")]
pub struct Connection {
    /// Database name, connection string or URL
    #[arg(short = 'd', long, global = true, value_name = "CONNINFO")]
    pub dbname: Option<String>,
    /// Host name or socket folder
    #[arg(short = 'h', long, global = true, value_name = "HOST")]
    pub host: Option<String>,
    /// Port
    #[arg(short = 'p', long, global = true, value_name = "PORT")]
    pub port: Option<String>,
    /// User
    #[arg(short = 'U', long, global = true, value_name = "USER")]
    pub username: Option<String>,
    /// Never ask for a password
    #[arg(short = 'w', long, global = true, conflicts_with = "password")]
    pub no_password: bool,
    /// Ask for a password before connecting
    #[arg(short = 'W', long, global = true)]
    pub password: bool,
    /// Why none of the databases of the environment is meant.
    #[arg(skip)]
    pub(crate) unclear: Option<String>,
}

impl Connection {
    /// The server that the options and the environment name.
    pub(crate) fn target(&self) -> Result<Target, CliError> {
        if let Some(why) = &self.unclear {
            return Err(CliError::usage(why));
        }
        let given = match &self.dbname {
            Some(text) => conninfo::parse(text)?,
            None => Params::new(),
        };
        self.finish(&self.flags()?, &given)
    }

    /// The server that a connection string among the arguments names; the options fill in what it leaves out.
    pub(crate) fn target_of(&self, text: &str) -> Result<Target, CliError> {
        let mut given = conninfo::parse(text)?;
        given.fill_from(&self.flags()?);
        self.finish(&Params::new(), &given)
    }

    /// Whether an option says which database is meant.
    pub(crate) fn is_given(&self) -> bool {
        [&self.dbname, &self.host, &self.port, &self.username]
            .into_iter()
            .any(Option::is_some)
    }

    /// The options as somebody would type them in a shell; a connection string that holds a secret is not repeated.
    pub(crate) fn typed(&self) -> String {
        let mut out = String::new();
        let options = [
            ("-d", &self.dbname),
            ("-h", &self.host),
            ("-p", &self.port),
            ("-U", &self.username),
        ];
        for (flag, value) in options {
            let Some(value) = value else { continue };
            let word = match conninfo::parse(value) {
                Ok(params) if flag == "-d" && params.has_secret() => "\"$DATABASE_URL\"".to_owned(),
                _ if value
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "_-./:@%+".contains(c)) =>
                {
                    value.clone()
                }
                _ => format!("'{}'", value.replace('\'', r"'\''")),
            };
            out.push_str(&format!(" {flag} {word}"));
        }
        out
    }

    fn flags(&self) -> Result<Params, CliError> {
        let mut flags = Params::new();
        for (name, value) in [("host", &self.host), ("port", &self.port), ("user", &self.username)] {
            if let Some(value) = value {
                flags.set(name, value)?;
            }
        }
        Ok(flags)
    }

    fn finish(&self, flags: &Params, given: &Params) -> Result<Target, CliError> {
        let target = resolve(flags, given, &Environment::of_process())?;
        if self.password {
            return Ok(target.clone().with_password(&ask(&target)?)?);
        }
        Ok(target)
    }

    /// Connects once to learn whether a password is needed, and asks for it where there is somebody to ask.
    pub(crate) async fn open(&self, target: Target) -> Result<(Session, Target), CliError> {
        let (session, target) = match connect(&target).await {
            Err(ConnError::PasswordMissing { .. }) if !self.no_password && can_ask() => {
                let target = target.clone().with_password(&ask(&target)?)?;
                (connect(&target).await?, target)
            }
            result => (result?, target),
        };
        for warning in &session.warnings {
            output::talk(&format!("warning: {warning}"));
        }
        Ok((session, target))
    }
}

/// Somebody to ask is at a terminal on both sides.
pub(crate) fn can_ask() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

fn ask(target: &Target) -> Result<String, CliError> {
    rpassword::prompt_password(format!("Password for user {}: ", target.user)).map_err(|error| {
        CliError::usage(format!("cannot ask for a password: {error}")).hint("use a password file or PGPASSWORD")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_repeated_without_secrets() {
        for (text, typed) in [
            ("shop", " -d shop"),
            ("dbname=shop host=/tmp", " -d 'dbname=shop host=/tmp'"),
            ("postgres://me@db/shop", " -d postgres://me@db/shop"),
            ("postgres://me:hunter2@db/shop", " -d \"$DATABASE_URL\""),
            ("dbname=shop password=hunter2", " -d \"$DATABASE_URL\""),
        ] {
            let connection = Connection {
                dbname: Some(text.to_owned()),
                ..Connection::default()
            };
            assert_eq!(connection.typed(), typed);
        }
    }
}
