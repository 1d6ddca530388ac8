//! `environments` in `pgphase.yaml`: databases that belong together, and the policy that holds for them.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_yaml::{Mapping, Value};

use super::{Config, Database, Policy};
use crate::cli::connection::Connection;
use crate::cli::error::CliError;

/// What is different in an environment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Environment {
    /// Its databases, by a name of your own; they stand in for those of the project.
    pub databases: IndexMap<String, Database>,
    /// Keys of `policy`; each takes the place of the key outside.
    pub policy: Mapping,
}

impl Environment {
    /// The policy that holds in it.
    fn policy(&self, outside: &Policy) -> Result<Policy, serde_yaml::Error> {
        let Value::Mapping(mut all) = serde_yaml::to_value(outside)? else {
            return Ok(outside.clone());
        };
        all.extend(self.policy.clone());
        serde_yaml::from_value(Value::Mapping(all))
    }
}

impl Config {
    /// Refuses environments whose policy cannot be understood, whichever is asked for.
    pub(super) fn check_environments(&self) -> Result<(), CliError> {
        for (name, environment) in &self.environments {
            environment
                .policy(&self.policy)
                .map_err(|error| Self::wrong(format!("the policy of the environment {name} cannot be read: {error}")))
                .and_then(|policy| policy.check())?;
        }
        self.policy.check()
    }

    /// The configuration as it is in an environment.
    pub(super) fn in_environment(mut self, name: &str) -> Result<Self, CliError> {
        let Some(environment) = self.environments.get(name) else {
            let known: Vec<&str> = self.environments.keys().map(String::as_str).collect();
            let error = Self::wrong(format!("the configuration has no environment {name}"));
            return Err(match known.is_empty() {
                true => error.hint("name it under `environments` in pgphase.yaml"),
                false => error.hint(format!("there are: {}", known.join(", "))),
            });
        };
        let policy = environment.policy(&self.policy);
        self.databases = environment.databases.clone();
        self.policy = policy.map_err(|error| Self::wrong(error.to_string()))?;
        Ok(self)
    }

    /// Where the options lead in an environment: `-d` may name one of its databases, and is not needed where it has one only.
    pub(crate) fn connect_in(&self, environment: &str, connection: &mut Connection) -> Result<(), CliError> {
        let found = match &connection.dbname {
            Some(name) => self.databases.get_key_value(name),
            None if connection.is_given() => None,
            None if self.databases.len() == 1 => self.databases.first(),
            None => {
                let names: Vec<&str> = self.databases.keys().map(String::as_str).collect();
                connection.unclear = (!names.is_empty()).then(|| {
                    format!(
                        "the environment {environment} has several databases: name one with -d: {}",
                        names.join(", ")
                    )
                });
                None
            }
        };
        let Some((name, database)) = found else { return Ok(()) };
        match database.conninfo(name) {
            Ok(text) => connection.dbname = Some(text),
            Err(error) => connection.unclear = Some(error.message),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    const TEXT: &str = "\
databases: {dev: dbname=dev}
policy: {lock_budget: 9, quiet: 1m}
environments:
  production:
    databases: {eu: dbname=eu, us: dbname=us}
    policy: {quiet: 1h, hazards: {data-loss: each}}
  staging:
    databases: {one: dbname=one}
";

    fn config(environment: &str) -> Config {
        let config = Config::parse(TEXT, Path::new("pgphase.yaml")).expect("reads");
        config.in_environment(environment).expect("is there")
    }

    #[test]
    fn an_environment_overrides_single_keys() {
        let policy = config("production").policy;
        assert_eq!((policy.lock_budget, policy.quiet.as_deref()), (9, Some("1h")));
        assert_eq!(config("staging").policy.quiet.as_deref(), Some("1m"));
        let none = Config::parse(TEXT, Path::new("pgphase.yaml")).expect("reads");
        assert!(none.in_environment("prod").is_err());
    }

    #[test]
    fn mistakes_in_any_environment_are_told() {
        for wrong in ["{quiet: soon}", "{kwiet: 1m}", "{hazards: {data-loss: perhaps}}"] {
            let text = format!("environments: {{a: {{policy: {wrong}}}}}");
            assert!(Config::parse(&text, Path::new("pgphase.yaml")).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_only_database_needs_no_name() {
        let led = |environment: &str, given: Option<&str>| {
            let mut connection = Connection {
                dbname: given.map(str::to_owned),
                ..Connection::default()
            };
            config(environment)
                .connect_in(environment, &mut connection)
                .expect("is clear");
            (connection.dbname, connection.unclear.is_some())
        };
        assert_eq!(led("staging", None), (Some("dbname=one".into()), false));
        assert_eq!(led("production", Some("us")), (Some("dbname=us".into()), false));
        assert_eq!(led("production", Some("dbname=x")), (Some("dbname=x".into()), false));
        assert_eq!(led("production", None), (None, true));
    }
}
