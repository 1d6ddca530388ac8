//! Columns as SQL.

use super::{Column, ColumnChange, Generated, Identity, Storage};
use crate::name::QualifiedName;
use crate::object::ObjectId;
use crate::object::index::render::options;
use crate::object::sequence::SequenceOptions;
use crate::object::sequence::render::{ahead, all, restart, spoken};
use crate::object::server::options::definition as foreign_options;
use crate::operation::IfExists;
use crate::render::text;

use crate::types::TypeName;

/// `ALTER TABLE .. ADD COLUMN`, and what only ALTER COLUMN can say.
pub(crate) fn create(column: &Column, if_exists: IfExists) -> Vec<String> {
    let exists = if if_exists == IfExists::Skip {
        "IF NOT EXISTS "
    } else {
        ""
    };
    let mut statements = vec![format!(
        "ALTER TABLE {} ADD COLUMN {exists}{}",
        column.table,
        definition(column)
    )];
    statements.extend(afterwards(column));
    statements
}

/// `name type ..`, as in CREATE TABLE.
pub(crate) fn definition(column: &Column) -> String {
    let mut out = format!("{} {}", column.name, column.type_name);
    if let Some(compression) = &column.compression {
        out.push_str(&format!(" COMPRESSION {compression}"));
    }
    out.push_str(&foreign_options(&column.foreign_options));
    if let Some(collation) = &column.collation {
        out.push_str(&format!(" COLLATE {collation}"));
    }
    out.push_str(&tail(column));
    out
}

/// What a column says beyond its type.
pub(crate) fn tail(column: &Column) -> String {
    let mut out = String::new();
    if let Some(default) = &column.default {
        out.push_str(&format!(" DEFAULT {}", text::operand(default)));
    }
    if let Some(generated) = &column.generated {
        out.push_str(&format!(
            " GENERATED ALWAYS AS ({}) {}",
            text::closed(&generated.expr),
            storage_word(generated)
        ));
    }
    if let Some(identity) = &column.identity {
        out.push_str(&format!(" GENERATED {}", identity_words(identity, &column.type_name)));
    }
    if column.not_null {
        out.push_str(" NOT NULL");
    }
    out
}

fn storage_word(generated: &Generated) -> &'static str {
    if generated.r#virtual { "VIRTUAL" } else { "STORED" }
}

fn always(identity: &Identity) -> &'static str {
    if identity.always { "ALWAYS" } else { "BY DEFAULT" }
}

fn identity_words(identity: &Identity, data_type: &TypeName) -> String {
    let mut options: Vec<String> = identity
        .sequence
        .iter()
        .map(|name| format!("SEQUENCE NAME {name}"))
        .collect();
    options.extend(spoken(&identity.options, data_type));
    let options = if options.is_empty() {
        String::new()
    } else {
        format!(" ({})", options.join(" "))
    };
    format!("{} AS IDENTITY{options}", always(identity))
}

/// The settings of a new column that neither CREATE TABLE nor ADD COLUMN take on every server version.
pub(crate) fn afterwards(column: &Column) -> Vec<String> {
    let id = ObjectId::part(crate::object::Kind::Column, &column.table, &column.name);
    let mut statements = Vec::new();
    if column.storage.is_some() {
        statements.extend(alter(&id, &ColumnChange::Storage(column.storage), None));
    }
    if column.statistics.is_some() {
        statements.extend(alter(&id, &ColumnChange::Statistics(column.statistics), None));
    }
    if !column.options.is_empty() {
        let change = ColumnChange::Options {
            set: column.options.clone(),
            reset: Vec::new(),
        };
        statements.extend(alter(&id, &change, None));
    }
    statements
}

/// `ALTER TABLE .. ALTER COLUMN`; `column` is the column as it is, where that is known.
pub(crate) fn alter(id: &ObjectId, change: &ColumnChange, column: Option<&Column>) -> Vec<String> {
    alter_in("", &id.qualified(), id, change, column)
}

/// The same with `ONLY`, for a column that a partition or heir has from its parent.
pub(crate) fn alter_only(id: &ObjectId, change: &ColumnChange, column: Option<&Column>) -> Vec<String> {
    alter_in("ONLY ", &id.qualified(), id, change, column)
}

fn alter_in(
    only: &str,
    table: &QualifiedName,
    id: &ObjectId,
    change: &ColumnChange,
    column: Option<&Column>,
) -> Vec<String> {
    let prefix = format!("ALTER TABLE {only}{table} ALTER COLUMN {}", id.own_name());
    let alter = |action: String| vec![format!("{prefix} {action}")];
    match change {
        ColumnChange::Type {
            type_name,
            collation,
            using,
        } => {
            let collation = collation
                .as_ref()
                .map_or_else(String::new, |name| format!(" COLLATE {name}"));
            let using = using
                .as_ref()
                .map_or_else(String::new, |expr| format!(" USING {}", text::closed(expr)));
            alter(format!("TYPE {type_name}{collation}{using}"))
        }
        ColumnChange::Default(Some(default)) => alter(format!("SET DEFAULT {}", text::closed(default))),
        ColumnChange::Default(None) => alter("DROP DEFAULT".to_owned()),
        ColumnChange::NotNull(true) => alter("SET NOT NULL".to_owned()),
        ColumnChange::NotNull(false) => alter("DROP NOT NULL".to_owned()),
        ColumnChange::Generated(Some(generated)) => {
            alter(format!("SET EXPRESSION AS ({})", text::closed(&generated.expr)))
        }
        ColumnChange::Generated(None) => alter("DROP EXPRESSION".to_owned()),
        ColumnChange::Identity { to: None, .. } => alter("DROP IDENTITY".to_owned()),
        ColumnChange::Identity {
            from: None,
            to: Some(to),
        } => {
            let bigint = TypeName::builtin("bigint");
            let type_name = column.map_or(&bigint, |column| &column.type_name);
            alter(format!("ADD GENERATED {}", identity_words(to, type_name)))
        }
        ColumnChange::Identity {
            from: Some(from),
            to: Some(to),
        } => alter_identity(&prefix, id, from, to),
        ColumnChange::Storage(storage) => {
            let storage = storage.unwrap_or_else(|| usual_storage(column.map(|column| &column.type_name)));
            alter(format!("SET STORAGE {}", storage.sql()))
        }
        ColumnChange::Compression(method) => alter(format!(
            "SET COMPRESSION {}",
            method
                .as_ref()
                .map_or_else(|| "default".to_owned(), ToString::to_string)
        )),
        ColumnChange::Statistics(target) => alter(format!("SET STATISTICS {}", target.unwrap_or(-1))),
        ColumnChange::Options { set, reset } => options(&prefix, set, reset),
        ColumnChange::ForeignOptions(changes) => alter(changes.sql()),
    }
}

/// The storage of a type where nobody says another (`pg_type.typstorage`); those of others are taken as of variable length.
/// Written out, because `SET STORAGE DEFAULT` is known to PostgreSQL 16 and later only.
fn usual_storage(type_name: Option<&TypeName>) -> Storage {
    type_name.and_then(own_storage).unwrap_or(Storage::Extended)
}

/// Types of fixed length, which allow no other storage; beside them all whose name begins with `reg`.
const PLAIN: &[&str] = &[
    "\"char\"",
    "aclitem",
    "bigint",
    "boolean",
    "box",
    "cid",
    "circle",
    "date",
    "double precision",
    "int2vector",
    "integer",
    "interval",
    "line",
    "lseg",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "oid",
    "oidvector",
    "pg_lsn",
    "point",
    "real",
    "smallint",
    "tid",
    "time with time zone",
    "time without time zone",
    "timestamp with time zone",
    "timestamp without time zone",
    "tsquery",
    "uuid",
    "xid",
    "xid8",
];

/// The storage of one of PostgreSQL's own types where nobody says another (`pg_type.typstorage`).
pub(crate) fn own_storage(type_name: &TypeName) -> Option<Storage> {
    let name = type_name.name.as_str();
    match name {
        _ if !type_name.is_builtin() => None,
        _ if type_name.array => Some(Storage::Extended),
        "numeric" | "inet" | "cidr" => Some(Storage::Main),
        _ if PLAIN.contains(&name) || name.starts_with("reg") => Some(Storage::Plain),
        _ => Some(Storage::Extended),
    }
}

fn alter_identity(prefix: &str, id: &ObjectId, from: &Identity, to: &Identity) -> Vec<String> {
    let (old, new) = (from.sequence_of(id), to.sequence_of(id));
    let mut actions = Vec::new();
    if from.always != to.always {
        actions.push(format!("SET GENERATED {}", always(to)));
    }
    if from.options != to.options {
        actions.extend(
            differing(&from.options, &to.options)
                .into_iter()
                .map(|option| format!("SET {option}")),
        );
        actions.extend(restart(&from.options, &to.options));
    }
    let mut statements = Vec::from_iter(ahead(&old, &from.options, &to.options));
    if !actions.is_empty() {
        statements.push(format!("{prefix} {}", actions.join(" ")));
    }
    // It always is in the namespace of its table.
    if old.name != new.name {
        statements.push(format!("ALTER SEQUENCE {old} RENAME TO {}", new.name));
    }
    statements
}

fn differing(from: &SequenceOptions, to: &SequenceOptions) -> Vec<String> {
    let pairs = all(from).into_iter().zip(all(to));
    pairs.filter(|(old, new)| old != new).map(|(_, new)| new).collect()
}

impl Storage {
    /// The word in SQL.
    pub fn sql(self) -> &'static str {
        match self {
            Storage::Plain => "PLAIN",
            Storage::External => "EXTERNAL",
            Storage::Extended => "EXTENDED",
            Storage::Main => "MAIN",
        }
    }
}
