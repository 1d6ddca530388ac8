//! An ordered map of connection parameters that never shows a secret.

use std::fmt;

use indexmap::IndexMap;

use super::error::ConnError;
use super::keyword::{self, Support};

/// Connection parameters by libpq's keywords; the last one given wins.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Params(IndexMap<String, String>);

const SECRET: &[&str] = &[
    "password",
    "sslpassword",
    "oauth_client_secret",
    "scram_client_key",
    "scram_server_key",
];

impl Params {
    /// No parameters.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a parameter after checking that libpq knows it and that pgphase keeps what it promises.
    pub fn set(&mut self, name: &str, value: impl Into<String>) -> Result<(), ConnError> {
        let value = value.into();
        let Some(keyword) = keyword::find(name) else {
            let message = format!("unknown connection parameter \"{name}\"");
            return Err(match unknown_hint(name) {
                Some(hint) => ConnError::invalid_with(message, hint),
                None => ConnError::invalid(message),
            });
        };
        if let Support::Only {
            values,
            by_server,
            hint,
        } = keyword.support
            && !values
                .iter()
                .any(|taken| *taken == value || (by_server && taken.eq_ignore_ascii_case(&value)))
        {
            let message = format!("connection parameter {name}={} is not supported", shown(name, &value));
            return Err(ConnError::invalid_with(message, hint));
        }
        self.0.insert(name.to_owned(), value);
        Ok(())
    }

    /// The value of a parameter, also when it is empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The value of a parameter that is set to something.
    pub fn non_empty(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// Adds what is missing from others.
    pub fn fill_from(&mut self, other: &Params) {
        for (name, value) in &other.0 {
            if !self.0.contains_key(name) {
                self.0.insert(name.clone(), value.clone());
            }
        }
    }

    /// Replaces by what others set.
    pub fn overlay(&mut self, other: &Params) {
        for (name, value) in &other.0 {
            self.0.insert(name.clone(), value.clone());
        }
    }

    /// Whether one of them is a secret.
    pub fn has_secret(&self) -> bool {
        SECRET.iter().any(|name| self.non_empty(name).is_some())
    }

    /// The parameters in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

fn shown<'a>(name: &str, value: &'a str) -> &'a str {
    if SECRET.contains(&name) { "***" } else { value }
}

fn unknown_hint(name: &str) -> Option<&'static str> {
    match name {
        "schema" | "currentSchema" => {
            Some("PostgreSQL has no such parameter; use options=-csearch_path=NAME, or leave it out")
        }
        "database" => Some("the parameter is called dbname"),
        "username" => Some("the parameter is called user"),
        "connection_limit" | "pool_timeout" | "pgbouncer" | "pool_max_conns" | "statement_cache_size" => {
            Some("this belongs to an application's connection pool; leave it out")
        }
        _ => None,
    }
}

/// As a connection string, with secrets starred.
impl fmt::Display for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (name, value)) in self.iter().enumerate() {
            let space = if i == 0 { "" } else { " " };
            let value = shown(name, value);
            if value.is_empty() || value.contains([' ', '\'', '\\']) {
                let quoted = value.replace('\\', "\\\\").replace('\'', "\\'");
                write!(f, "{space}{name}='{quoted}'")?;
            } else {
                write!(f, "{space}{name}={value}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Params({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_stay_hidden() {
        let mut params = Params::new();
        params.set("host", "a b").expect("known");
        params.set("password", "hunter2").expect("known");
        assert_eq!(params.to_string(), "host='a b' password=***");
        assert!(!format!("{params:?}").contains("hunter2"));
    }

    #[test]
    fn promises_that_cannot_be_kept_are_refused() {
        let mut params = Params::new();
        assert!(params.set("gssencmode", "prefer").is_ok());
        assert!(params.set("client_encoding", "UTF8").is_ok());
        for (name, value) in [
            ("gssencmode", "require"),
            ("gssencmode", "Prefer"),
            ("sslcertmode", ""),
            ("min_protocol_version", "3.2"),
            ("scram_client_key", "c2VjcmV0"),
        ] {
            let error = params.set(name, value).expect_err("a promise");
            assert!(error.hint().is_some(), "{name}");
            assert!(!error.to_string().contains("c2VjcmV0"), "{error}");
        }
        let error = params.set("schema", "public").expect_err("unknown");
        assert!(error.hint().expect("hint").contains("search_path"));
    }
}
