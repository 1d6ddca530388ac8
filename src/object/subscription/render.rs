//! Subscriptions as SQL. None of these statements connects to the publisher while it runs, but for `SET (failover)` and
//! `SET (two_phase)`, which alter the slot.

use std::collections::BTreeSet;

use super::{Subscription, SubscriptionChange, SubscriptionOptions};
use crate::name::Ident;
use crate::object::ObjectId;
use crate::sql;

/// `CREATE SUBSCRIPTION` without connecting; enabled afterwards where it shall run.
pub(crate) fn create(subscription: &Subscription) -> Vec<String> {
    let mut options = vec![
        "connect = false".to_owned(),
        "enabled = false".to_owned(),
        "create_slot = false".to_owned(),
        format!("slot_name = {}", slot(subscription.slot.as_deref().unwrap_or_default())),
    ];
    options.extend(subscription.options.sql(&SubscriptionOptions::default()));
    let mut statements = vec![format!(
        "CREATE SUBSCRIPTION {}\n    CONNECTION {}\n    PUBLICATION {}\n    WITH ({})",
        subscription.name,
        sql::literal(&subscription.connection),
        sql::list(&subscription.publications),
        sql::list(options)
    )];
    if subscription.enabled == Some(true) {
        statements.push(format!("ALTER SUBSCRIPTION {} ENABLE", subscription.name));
    }
    statements
}

/// `ALTER SUBSCRIPTION`.
pub(crate) fn alter(id: &ObjectId, change: &SubscriptionChange, old: Option<&Subscription>) -> Vec<String> {
    let what = match change {
        SubscriptionChange::Connection(connection) => format!("CONNECTION {}", sql::literal(connection)),
        SubscriptionChange::Publications(publications) => set_publications(publications),
        SubscriptionChange::Enabled(true) => "ENABLE".into(),
        SubscriptionChange::Enabled(false) => "DISABLE".into(),
        SubscriptionChange::Slot(name) => format!("SET (slot_name = {})", slot(name)),
        SubscriptionChange::Options(options) => {
            let default = SubscriptionOptions::default();
            let parts = options.sql(old.map_or(&default, |old| &old.options));
            if parts.is_empty() {
                return Vec::new();
            }
            format!("SET ({})", sql::list(parts))
        }
    };
    vec![format!("ALTER SUBSCRIPTION {} {what}", id.name)]
}

fn set_publications(publications: &BTreeSet<Ident>) -> String {
    format!("SET PUBLICATION {} WITH (refresh = false)", sql::list(publications))
}

/// `DROP SUBSCRIPTION` that leaves the slot on the publisher alone: with a slot it would connect to drop that too.
pub(crate) fn drop(id: &ObjectId, if_exists: bool) -> Vec<String> {
    let name = &id.name;
    // Somebody may have enabled it since, so both are always said.
    let statements = vec![
        format!("ALTER SUBSCRIPTION {name} DISABLE"),
        format!("ALTER SUBSCRIPTION {name} SET (slot_name = NONE)"),
        format!("DROP SUBSCRIPTION {name}"),
    ];
    if !if_exists {
        return statements;
    }
    // ALTER SUBSCRIPTION has no IF EXISTS.
    let body: String = statements
        .iter()
        .map(|statement| format!("        {statement};\n"))
        .collect();
    let block = format!(
        "\nBEGIN\n    IF EXISTS (\n        SELECT FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid\n        WHERE d.datname = current_database() AND s.subname = {}\n    ) THEN\n{body}    END IF;\nEND\n",
        sql::literal(name.as_str())
    );
    vec![format!("DO {}", sql::dollar_quoted(&block))]
}

fn slot(name: &str) -> String {
    if name.is_empty() {
        "NONE".into()
    } else {
        sql::literal(name)
    }
}
