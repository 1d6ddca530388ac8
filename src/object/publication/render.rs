//! Publications as SQL.

use std::collections::BTreeSet;

use super::{Publication, PublicationChange, PublicationOptions, PublishedTable};
use crate::name::{Ident, QualifiedName};
use crate::object::ObjectId;
use crate::parse::texts::closed;
use crate::sql;

/// `CREATE PUBLICATION`.
pub(crate) fn create(publication: &Publication) -> Vec<String> {
    let mut text = format!("CREATE PUBLICATION {}", publication.name);
    if publication.all_tables {
        text.push_str("\n    FOR ALL TABLES");
    } else if !publication.tables.is_empty() || !publication.namespaces.is_empty() {
        let tables = publication.tables.iter().map(member).collect();
        text.push_str(&format!("\n    FOR {}", members(tables, &publication.namespaces)));
    }
    let default = PublicationOptions::default();
    if publication.options != default {
        text.push_str(&format!("\n    WITH ({})", options(&publication.options, &default)));
    }
    vec![text]
}

/// `ALTER PUBLICATION`.
pub(crate) fn alter(id: &ObjectId, change: &PublicationChange, old: Option<&Publication>) -> Vec<String> {
    let what = match change {
        PublicationChange::Add(tables, namespaces) => {
            format!("ADD {}", members(tables.iter().map(member).collect(), namespaces))
        }
        PublicationChange::Drop(tables, namespaces) => {
            format!("DROP {}", members(tables.iter().map(only).collect(), namespaces))
        }
        PublicationChange::Members(tables, namespaces) => {
            format!("SET {}", members(tables.iter().map(member).collect(), namespaces))
        }
        PublicationChange::Options(wanted) => match old {
            Some(old) => format!("SET ({})", options(wanted, &old.options)),
            None => format!("SET ({})", options(wanted, &PublicationOptions::default())),
        },
    };
    vec![format!("ALTER PUBLICATION {} {what}", id.name)]
}

/// `TABLE a, b, TABLES IN SCHEMA s`.
fn members(tables: Vec<String>, namespaces: &BTreeSet<Ident>) -> String {
    let mut parts = Vec::new();
    if !tables.is_empty() {
        parts.push(format!("TABLE {}", sql::list(tables)));
    }
    if !namespaces.is_empty() {
        parts.push(format!("TABLES IN SCHEMA {}", sql::list(namespaces)));
    }
    sql::list(parts)
}

fn member(member: &PublishedTable) -> String {
    let mut text = only(&member.table);
    if !member.columns.is_empty() {
        text.push_str(&format!(" ({})", sql::list(&member.columns)));
    }
    if let Some(filter) = &member.filter {
        text.push_str(&format!(" WHERE ({})", closed(filter)));
    }
    text
}

fn only(table: &QualifiedName) -> String {
    format!("ONLY {table}")
}

/// The options that differ, for a server that may not know the others; `publish` when nothing does.
fn options(wanted: &PublicationOptions, old: &PublicationOptions) -> String {
    let mut parts = Vec::new();
    let same = wanted == old;
    if wanted.publish != old.publish || same {
        parts.push(format!("publish = {}", sql::literal(&wanted.publish)));
    }
    if wanted.via_root != old.via_root {
        parts.push(format!("publish_via_partition_root = {}", wanted.via_root));
    }
    if wanted.generated_columns != old.generated_columns {
        let what = if wanted.generated_columns { "stored" } else { "none" };
        parts.push(format!("publish_generated_columns = {what}"));
    }
    sql::list(parts)
}
