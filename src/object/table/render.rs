//! Tables as SQL.

use super::{PartitionBound, PartitionKey, PartitionOf, PartitionStrategy, ReplicaIdentity, Table, TableChange};
use crate::name::QualifiedName;
use crate::object::ObjectId;
use crate::object::index::render::{key_expr, options};
use crate::object::server::options::definition;
use crate::operation::IfExists;
use crate::render::text;
use crate::sql;

/// `CREATE TABLE` with these columns and constraints, and what only ALTER TABLE can say.
pub(crate) fn create(table: &Table, elements: &[String], if_exists: IfExists) -> Vec<String> {
    let unlogged = if table.unlogged { "UNLOGGED " } else { "" };
    let exists = if if_exists == IfExists::Skip {
        "IF NOT EXISTS "
    } else {
        ""
    };
    let foreign = if table.foreign.is_some() { "FOREIGN " } else { "" };
    let mut out = format!("CREATE {unlogged}{foreign}TABLE {exists}{}", table.name);
    if let Some(of_type) = &table.of_type {
        out.push_str(&format!(" OF {of_type}"));
    }
    if let Some(of) = &table.partition_of {
        out.push_str(&format!(" PARTITION OF {}", of.parent));
    }
    let bare = table.of_type.is_some() || table.partition_of.is_some();
    if !elements.is_empty() {
        out.push_str(&format!(" (\n    {}\n)", elements.join(",\n    ")));
    } else if !bare {
        out.push_str(" ()");
    }
    if let Some(of) = &table.partition_of {
        out.push_str(&format!(" {}", bound(&of.bound)));
    }
    if !table.inherits.is_empty() {
        out.push_str(&format!(" INHERITS ({})", sql::list(&table.inherits)));
    }
    if let Some(key) = &table.partition_by {
        out.push_str(&format!(" PARTITION BY {}", partition_key(key)));
    }
    if let Some(foreign) = &table.foreign {
        out.push_str(&format!(" SERVER {}{}", foreign.server, definition(&foreign.options)));
    }
    if let Some(method) = &table.access_method {
        out.push_str(&format!(" USING {method}"));
    }
    if !table.options.is_empty() {
        out.push_str(&format!(" WITH ({})", sql::options(&table.options)));
    }
    if let Some(tablespace) = &table.tablespace {
        out.push_str(&format!(" TABLESPACE {tablespace}"));
    }
    let mut statements = vec![out];
    let id = ObjectId::named(crate::object::Kind::Table, &table.name);
    if table.row_security {
        statements.extend(alter(&id, &TableChange::RowSecurity(true), None));
    }
    if table.force_row_security {
        statements.extend(alter(&id, &TableChange::ForceRowSecurity(true), None));
    }
    // An index can be named only once it is there.
    if matches!(table.replica_identity, ReplicaIdentity::Full | ReplicaIdentity::Nothing) {
        statements.extend(alter(
            &id,
            &TableChange::ReplicaIdentity(table.replica_identity.clone()),
            None,
        ));
    }
    statements
}

/// `RANGE (a, b)`.
pub(crate) fn partition_key(key: &PartitionKey) -> String {
    let strategy = match key.strategy {
        PartitionStrategy::Range => "RANGE",
        PartitionStrategy::List => "LIST",
        PartitionStrategy::Hash => "HASH",
    };
    let parts = key.keys.iter().map(|part| {
        let collation = part
            .collation
            .as_ref()
            .map_or_else(String::new, |name| format!(" COLLATE {name}"));
        let class = part
            .operator_class
            .as_ref()
            .map_or_else(String::new, |name| format!(" {name}"));
        format!("{}{collation}{class}", key_expr(&part.key))
    });
    format!("{strategy} ({})", sql::list(parts))
}

/// `DEFAULT` or `FOR VALUES ..`.
pub(crate) fn bound(bound: &PartitionBound) -> String {
    let texts = |texts: &[crate::expr::Expr]| sql::list(texts.iter().map(text::closed));
    match bound {
        PartitionBound::Default => "DEFAULT".to_owned(),
        PartitionBound::List(values) => format!("FOR VALUES IN ({})", texts(values)),
        PartitionBound::Range { from, to } => format!("FOR VALUES FROM ({}) TO ({})", texts(from), texts(to)),
        PartitionBound::Hash { modulus, remainder } => {
            format!("FOR VALUES WITH (MODULUS {modulus}, REMAINDER {remainder})")
        }
    }
}

/// `ALTER TABLE`.
pub(crate) fn alter(id: &ObjectId, change: &TableChange, before: Option<&Table>) -> Vec<String> {
    let table = id.qualified();
    let alter = |action: &str| vec![format!("ALTER TABLE {table} {action}")];
    let name = |name: &QualifiedName| name.to_string();
    match change {
        TableChange::Unlogged(true) => alter("SET UNLOGGED"),
        TableChange::Unlogged(false) => alter("SET LOGGED"),
        TableChange::AccessMethod(method) => alter(&format!(
            "SET ACCESS METHOD {}",
            method.as_ref().map_or_else(|| "heap".to_owned(), ToString::to_string)
        )),
        TableChange::Tablespace(space) => alter(&format!(
            "SET TABLESPACE {}",
            space
                .as_ref()
                .map_or_else(|| "pg_default".to_owned(), ToString::to_string)
        )),
        TableChange::Options { set, reset } => options(&format!("ALTER TABLE {table}"), set, reset),
        TableChange::Inherit(parent) => alter(&format!("INHERIT {parent}")),
        TableChange::NoInherit(parent) => alter(&format!("NO INHERIT {parent}")),
        TableChange::Declare => {
            let parents = before.map_or(&[][..], |table| &table.inherits[..]);
            let (leaves, comes): (Vec<String>, Vec<String>) = parents
                .iter()
                .map(|parent| (format!("NO INHERIT {parent}"), format!("INHERIT {parent}")))
                .unzip();
            alter(&sql::list(leaves.iter().chain(&comes)))
        }
        TableChange::Attach(PartitionOf {
            parent, bound: rows, ..
        }) => {
            vec![format!("ALTER TABLE {parent} ATTACH PARTITION {table} {}", bound(rows))]
        }
        TableChange::Detach { parent, concurrently } => {
            let pending = before
                .and_then(|table| table.partition_of.as_ref())
                .is_some_and(|of| of.detach_pending);
            let how = match (pending, *concurrently) {
                (true, _) => " FINALIZE",
                (false, true) => " CONCURRENTLY",
                (false, false) => "",
            };
            vec![format!("ALTER TABLE {parent} DETACH PARTITION {table}{how}")]
        }
        TableChange::ReplicaIdentity(identity) => alter(&match identity {
            ReplicaIdentity::Default => "REPLICA IDENTITY DEFAULT".to_owned(),
            ReplicaIdentity::Full => "REPLICA IDENTITY FULL".to_owned(),
            ReplicaIdentity::Nothing => "REPLICA IDENTITY NOTHING".to_owned(),
            ReplicaIdentity::Index(index) => format!("REPLICA IDENTITY USING INDEX {index}"),
        }),
        TableChange::RowSecurity(true) => alter("ENABLE ROW LEVEL SECURITY"),
        TableChange::RowSecurity(false) => alter("DISABLE ROW LEVEL SECURITY"),
        TableChange::ForceRowSecurity(true) => alter("FORCE ROW LEVEL SECURITY"),
        TableChange::ForceRowSecurity(false) => alter("NO FORCE ROW LEVEL SECURITY"),
        TableChange::OfType(Some(of_type)) => alter(&format!("OF {}", name(of_type))),
        TableChange::OfType(None) => alter("NOT OF"),
        TableChange::ForeignOptions(changes) => vec![format!("ALTER FOREIGN TABLE {table} {}", changes.sql())],
    }
}
