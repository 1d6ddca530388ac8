//! Subscriptions to publications of other databases.
//!
//! pgphase never lets the server connect by itself: a subscription is made without a connection, disabled and without a slot
//! unless the files name one; it is enabled only where the files say so, and what makes the server connect is a hazard. Whether
//! it is enabled and which slot it uses belongs to whoever runs it, so files that do not say it leave it as it is, as
//! `pg_dump` does. The connection string holds passwords: it stands in the SQL that sets it, and in no message.

pub(crate) mod introspect;
pub(crate) mod options;
pub(crate) mod parse;
pub(crate) mod render;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use self::options::SubscriptionOptions;

use super::{Comparison, Definition, Kind, ObjectId, Visitor};
use crate::name::Ident;

/// A subscription.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subscription {
    /// Its name.
    pub name: Ident,
    /// How the server reaches the publisher; empty when it may not be read.
    #[serde(default)]
    pub connection: String,
    /// Whether the role that looked may not see the connection, which takes a superuser; then the files are believed.
    #[serde(default)]
    pub hidden: bool,
    /// The publications.
    pub publications: BTreeSet<Ident>,
    /// Whether it runs; `None` when the files do not say it.
    #[serde(default)]
    pub enabled: Option<bool>,
    /// The replication slot at the publisher, empty for none; `None` when the files do not say it.
    #[serde(default)]
    pub slot: Option<String>,
    /// Its options.
    #[serde(default)]
    pub options: SubscriptionOptions,
}

/// A change of a subscription.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionChange {
    /// `CONNECTION`.
    Connection(String),
    /// `SET PUBLICATION` without a refresh, which would connect.
    Publications(BTreeSet<Ident>),
    /// `ENABLE` or `DISABLE`.
    Enabled(bool),
    /// `SET (slot_name = ..)`; empty for none.
    Slot(String),
    /// `SET (..)`.
    Options(SubscriptionOptions),
}

impl Subscription {
    /// The subscription without what belongs to whoever runs it: whether it is enabled, and its slot.
    pub(crate) fn without_run_state(&self) -> Self {
        Self {
            enabled: None,
            slot: None,
            ..self.clone()
        }
    }
}

impl Definition for Subscription {
    type Change = SubscriptionChange;

    fn id(&self) -> ObjectId {
        ObjectId::global(Kind::Subscription, &self.name)
    }

    fn visit(&mut self, _visitor: &mut dyn Visitor) {}

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.name.clone();
    }

    fn compare(&self, desired: &Self) -> Comparison<SubscriptionChange> {
        let Self {
            name: _,
            connection,
            hidden,
            publications,
            enabled,
            slot,
            options,
        } = desired;
        let mut changes = Vec::new();
        let turned = enabled.filter(|_| self.enabled != *enabled);
        if turned == Some(false) {
            changes.push(SubscriptionChange::Enabled(false));
        }
        if !self.hidden && !hidden && self.connection != *connection {
            changes.push(SubscriptionChange::Connection(connection.clone()));
        }
        if self.publications != *publications {
            changes.push(SubscriptionChange::Publications(publications.clone()));
        }
        let wanted = options.in_place_of(&self.options);
        if wanted != self.options {
            changes.push(SubscriptionChange::Options(wanted));
        }
        if let Some(slot) = slot.as_ref().filter(|slot| self.slot.as_ref() != Some(*slot)) {
            changes.push(SubscriptionChange::Slot(slot.clone()));
        }
        if turned == Some(true) {
            changes.push(SubscriptionChange::Enabled(true));
        }
        Comparison::of(changes)
    }

    fn apply(&mut self, change: &SubscriptionChange) {
        match change {
            SubscriptionChange::Connection(connection) => {
                self.connection.clone_from(connection);
                self.hidden = false;
            }
            SubscriptionChange::Publications(publications) => self.publications.clone_from(publications),
            SubscriptionChange::Enabled(enabled) => self.enabled = Some(*enabled),
            SubscriptionChange::Slot(slot) => self.slot = Some(slot.clone()),
            SubscriptionChange::Options(options) => self.options.clone_from(options),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::parse::parse_text;
    use crate::schema::Schema;

    fn schema(options: &str) -> Schema {
        let text = format!("CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH ({options})");
        parse_text("f.sql", &text).map_or_else(|error| panic!("{error}"), |desired| desired.schema)
    }

    #[test]
    fn enabling_it_between_two_phases_makes_no_plan_stale() {
        let made = schema("enabled = false, slot_name = NONE");
        assert_eq!(
            made.fingerprint(),
            schema("enabled = true, slot_name = 's'").fingerprint()
        );
        assert_ne!(
            made.fingerprint(),
            schema("enabled = false, slot_name = NONE, binary").fingerprint()
        );
    }
}
