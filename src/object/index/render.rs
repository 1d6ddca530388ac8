//! Indexes as SQL, and the keys that exclusion constraints share with them.

use std::collections::BTreeMap;

use super::{Index, IndexChange, IndexKey, KeyExpr};
use crate::object::ObjectId;
use crate::operation::IfExists;
use crate::render::text;
use crate::sql;

/// `CREATE INDEX`. An invalid index is that of a partitioned table which waits for those of the partitions.
pub(crate) fn create(index: &Index, if_exists: IfExists, concurrently: bool) -> Vec<String> {
    let out = format!(
        "CREATE {}INDEX {}{}{} ON {}{} {}",
        if index.unique { "UNIQUE " } else { "" },
        if concurrently { "CONCURRENTLY " } else { "" },
        if if_exists == IfExists::Skip {
            "IF NOT EXISTS "
        } else {
            ""
        },
        index.name.name,
        if index.invalid { "ONLY " } else { "" },
        index.table,
        shape(index),
    );
    let id = ObjectId::named(crate::object::Kind::Index, &index.name);
    let mut statements = vec![out];
    if let Some(parent) = &index.attached_to {
        statements.extend(alter(&id, &IndexChange::Attach(parent.clone()), index));
    }
    if index.clustered {
        statements.extend(alter(&id, &IndexChange::Clustered(true), index));
    }
    statements
}

/// What follows the name of the table in CREATE INDEX.
pub(crate) fn shape(index: &Index) -> String {
    let mut out = format!("USING {} ({})", index.method, sql::list(index.keys.iter().map(key)));
    if !index.include.is_empty() {
        out.push_str(&format!(" INCLUDE ({})", sql::list(&index.include)));
    }
    if index.nulls_not_distinct {
        out.push_str(" NULLS NOT DISTINCT");
    }
    if !index.options.is_empty() {
        out.push_str(&format!(" WITH ({})", sql::options(&index.options)));
    }
    if let Some(tablespace) = &index.tablespace {
        out.push_str(&format!(" TABLESPACE {tablespace}"));
    }
    if let Some(predicate) = &index.predicate {
        out.push_str(&format!(" WHERE {}", text::closed(predicate)));
    }
    out
}

/// One key with everything said about it.
pub(crate) fn key(key: &IndexKey) -> String {
    let mut out = key_expr(&key.key);
    if let Some(collation) = &key.collation {
        out.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(class) = &key.operator_class {
        out.push_str(&format!(" {class}"));
        if !key.operator_class_options.is_empty() {
            out.push_str(&format!(" ({})", sql::options(&key.operator_class_options)));
        }
    }
    if key.descending {
        out.push_str(" DESC");
    }
    if key.nulls_first != key.descending {
        out.push_str(if key.nulls_first { " NULLS FIRST" } else { " NULLS LAST" });
    }
    out
}

/// A column, or an expression in parentheses.
pub(crate) fn key_expr(key: &KeyExpr) -> String {
    match key {
        KeyExpr::Column(column) => column.to_string(),
        KeyExpr::Expr(expr) => format!("({})", text::closed(expr)),
    }
}

/// `ALTER INDEX`; clustering is said of the table, hence the index as it is.
pub(crate) fn alter(id: &ObjectId, change: &IndexChange, index: &Index) -> Vec<String> {
    let name = id.qualified();
    let alter = |action: String| vec![format!("ALTER INDEX {name} {action}")];
    match change {
        IndexChange::Options { set, reset } => options(&format!("ALTER INDEX {name}"), set, reset),
        IndexChange::Tablespace(Some(tablespace)) => alter(format!("SET TABLESPACE {tablespace}")),
        IndexChange::Tablespace(None) => alter("SET TABLESPACE pg_default".to_owned()),
        IndexChange::Attach(parent) => vec![format!("ALTER INDEX {parent} ATTACH PARTITION {name}")],
        IndexChange::Clustered(true) => vec![format!("ALTER TABLE {} CLUSTER ON {}", index.table, name.name)],
        IndexChange::Clustered(false) => vec![format!("ALTER TABLE {} SET WITHOUT CLUSTER", index.table)],
    }
}

/// `SET (..)` and `RESET (..)` behind the words that name the object.
pub(crate) fn options(alter: &str, set: &BTreeMap<String, String>, reset: &[String]) -> Vec<String> {
    let mut statements = Vec::new();
    if !reset.is_empty() {
        statements.push(format!("{alter} RESET ({})", reset.join(", ")));
    }
    if !set.is_empty() {
        statements.push(format!("{alter} SET ({})", sql::options(set)));
    }
    statements
}
