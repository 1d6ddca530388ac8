//! The options of a subscription that are kept in the catalog.

use serde::{Deserialize, Serialize};

use crate::parse::ParseError;
use crate::parse::cursor::Cursor;
use crate::parse::options::{truth, value};
use crate::sql;

/// The options of a subscription (`CREATE SUBSCRIPTION`, PostgreSQL 14 to 18).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SubscriptionOptions {
    /// Whether values are sent in binary form.
    #[serde(default)]
    pub binary: bool,
    /// How transactions in progress are streamed: `off`, `on`, or since 16 `parallel`; `None` for the server's default, which
    /// is `parallel` since 18 and was `off`.
    #[serde(default)]
    pub streaming: Option<String>,
    /// Whether two-phase commits are applied as such, since 15.
    #[serde(default)]
    pub two_phase: bool,
    /// Whether it is disabled when an error occurs, since 15.
    #[serde(default)]
    pub disable_on_error: bool,
    /// The setting `synchronous_commit` of its workers, where it is not `off`.
    #[serde(default)]
    pub synchronous_commit: Option<String>,
    /// Whether an owner that is no superuser need not connect with a password, since 16.
    #[serde(default)]
    pub without_password: bool,
    /// Whether changes are applied as the owner of the subscription instead of that of the table, since 16.
    #[serde(default)]
    pub run_as_owner: bool,
    /// Which changes are asked for by their origin, where it is not `any`, since 16.
    #[serde(default)]
    pub origin: Option<String>,
    /// Whether the slot is kept on standbys of the publisher, since 17.
    #[serde(default)]
    pub failover: bool,
}

impl SubscriptionOptions {
    /// These options instead of others: what is not said stays.
    pub(crate) fn in_place_of(&self, old: &Self) -> Self {
        Self {
            streaming: self.streaming.clone().or_else(|| old.streaming.clone()),
            ..self.clone()
        }
    }

    /// Whether the change makes the server connect to the publisher, to alter the slot there.
    pub(crate) fn reaches_publisher(&self, old: &Self) -> bool {
        (self.two_phase, self.failover) != (old.two_phase, old.failover)
    }

    /// Reads one option, the cursor behind its `=`; false for an option that is none of these.
    pub(super) fn read(&mut self, cursor: &mut Cursor<'_>, key: &str) -> Result<bool, ParseError> {
        let other_than = |value: String, usual: &str| Some(value).filter(|value| value != usual);
        match key {
            "binary" => self.binary = truth(cursor)?,
            "streaming" => {
                let word = if cursor.at_end() || cursor.is_mark(",") {
                    "on".to_owned()
                } else {
                    value(cursor)?.to_ascii_lowercase()
                };
                self.streaming = Some(match word.as_str() {
                    "parallel" => word,
                    "on" | "true" | "1" => "on".into(),
                    "off" | "false" | "0" => "off".into(),
                    _ => return Err(cursor.error(format!("streaming is off, on or parallel, not {word}"))),
                });
            }
            "two_phase" => self.two_phase = truth(cursor)?,
            "disable_on_error" => self.disable_on_error = truth(cursor)?,
            "synchronous_commit" => {
                self.synchronous_commit = other_than(value(cursor)?.to_ascii_lowercase(), "off");
            }
            "password_required" => self.without_password = !truth(cursor)?,
            "run_as_owner" => self.run_as_owner = truth(cursor)?,
            "origin" => self.origin = other_than(value(cursor)?.to_ascii_lowercase(), "any"),
            "failover" => self.failover = truth(cursor)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The options that differ from others, for a server that may not know the rest.
    pub(super) fn sql(&self, old: &Self) -> Vec<String> {
        let mut parts = Vec::new();
        let mut flag = |name: &str, new: bool, old: bool| {
            if new != old {
                parts.push(format!("{name} = {new}"));
            }
        };
        flag("binary", self.binary, old.binary);
        flag("two_phase", self.two_phase, old.two_phase);
        flag("disable_on_error", self.disable_on_error, old.disable_on_error);
        flag("password_required", !self.without_password, !old.without_password);
        flag("run_as_owner", self.run_as_owner, old.run_as_owner);
        flag("failover", self.failover, old.failover);
        if let Some(streaming) = self.streaming.as_ref().filter(|_| self.streaming != old.streaming) {
            parts.push(format!("streaming = {streaming}"));
        }
        let mut text = |name: &str, new: &Option<String>, old: &Option<String>, usual: &str| {
            if new != old {
                parts.push(format!("{name} = {}", sql::literal(new.as_deref().unwrap_or(usual))));
            }
        };
        text(
            "synchronous_commit",
            &self.synchronous_commit,
            &old.synchronous_commit,
            "off",
        );
        text("origin", &self.origin, &old.origin, "any");
        parts
    }
}
