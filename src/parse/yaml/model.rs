//! What a YAML document may hold.

use std::fmt;

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};

/// SQL, or a text; plain numbers and booleans are taken as they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text(pub(super) String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
        Ok(Text(text.to_owned()))
    }
    fn visit_bool<E: Error>(self, value: bool) -> Result<Text, E> {
        Ok(Text(value.to_string()))
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<Text, E> {
        Ok(Text(value.to_string()))
    }
    fn visit_u64<E: Error>(self, value: u64) -> Result<Text, E> {
        Ok(Text(value.to_string()))
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<Text, E> {
        Ok(Text(value.to_string()))
    }
}

/// Privileges of a role: a list, or with `grantable`.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a list of privileges, or a map with privileges and grantable")]
pub(super) enum Grant {
    List(Vec<String>),
    Full(FullGrant),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FullGrant {
    pub(super) privileges: Vec<String>,
    #[serde(default)]
    pub(super) grantable: bool,
}

/// What every section's definitions may say beside their own.
pub(super) struct Satellites<'m> {
    pub(super) comment: &'m Option<String>,
    pub(super) owner: &'m Option<String>,
    pub(super) grants: &'m IndexMap<String, Grant>,
}

macro_rules! definitions {
    ($( $(#[$doc:meta])* $name:ident { $( $field:ident: $type:ty, )* } )+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Default, Deserialize)]
            #[serde(default, deny_unknown_fields)]
            pub(super) struct $name {
                $( pub(super) $field: $type, )*
                pub(super) renamed_from: Option<String>,
                pub(super) comment: Option<String>,
                pub(super) owner: Option<String>,
                pub(super) grants: IndexMap<String, Grant>,
            }

            impl $name {
                pub(super) fn satellites(&self) -> Satellites<'_> {
                    Satellites { comment: &self.comment, owner: &self.owner, grants: &self.grants }
                }
            }
        )+
    };
}

definitions! {
    /// A namespace.
    Namespace {}
    /// An enumerated type; `renamed_labels` has former labels by those of now.
    Enum {
        labels: Vec<String>,
        renamed_labels: IndexMap<String, String>,
    }
    /// A composite type.
    Composite { attributes: IndexMap<String, Text>, }
    /// A domain.
    Domain {
        r#type: Option<Text>,
        collation: Option<Text>,
        default: Option<Text>,
        not_null: bool,
        checks: IndexMap<String, Text>,
    }
    /// A sequence.
    Sequence {
        r#type: Option<Text>,
        start: Option<i64>,
        increment: Option<i64>,
        min: Option<i64>,
        max: Option<i64>,
        cache: Option<i64>,
        cycle: bool,
        owned_by: Option<String>,
    }
    /// A table.
    Table {
        columns: Vec<Column>,
        primary_key: Option<Key>,
        unique: Vec<Key>,
        checks: IndexMap<String, Text>,
        foreign_keys: Vec<ForeignKey>,
        constraints: IndexMap<String, Text>,
        indexes: IndexMap<String, Index>,
        triggers: IndexMap<String, Trigger>,
        policies: IndexMap<String, Policy>,
        row_security: Option<RowSecurity>,
        inherits: Vec<String>,
        partition_by: Option<Text>,
        partition_of: Option<PartitionOf>,
        unlogged: bool,
        with: IndexMap<String, Text>,
        tablespace: Option<String>,
    }
    /// A view.
    View {
        columns: Vec<String>,
        query: Option<Text>,
        with: IndexMap<String, Text>,
        check_option: Option<CheckOption>,
        triggers: IndexMap<String, Trigger>,
    }
    /// A materialized view.
    MaterializedView {
        columns: Vec<String>,
        query: Option<Text>,
        with: IndexMap<String, Text>,
        tablespace: Option<String>,
        no_data: bool,
        indexes: IndexMap<String, Index>,
    }
    /// A function or procedure.
    Routine {
        name: Option<String>,
        arguments: Option<Text>,
        returns: Option<Text>,
        language: Option<String>,
        body: Option<String>,
        sql_body: Option<Text>,
        attributes: Option<Text>,
        settings: IndexMap<String, Text>,
    }
}

/// A document.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Model {
    pub(super) schema: Option<String>,
    pub(super) schemas: IndexMap<String, Option<Namespace>>,
    pub(super) extensions: IndexMap<String, Option<Extension>>,
    pub(super) enums: IndexMap<String, Labels>,
    pub(super) composites: IndexMap<String, Composite>,
    pub(super) domains: IndexMap<String, Domain>,
    pub(super) sequences: IndexMap<String, Option<Sequence>>,
    pub(super) functions: Vec<Routine>,
    pub(super) procedures: Vec<Routine>,
    pub(super) tables: IndexMap<String, Table>,
    pub(super) views: IndexMap<String, View>,
    pub(super) materialized_views: IndexMap<String, MaterializedView>,
    pub(super) sql: Option<String>,
}

/// An enumerated type: its labels, or with more.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a list of labels, or a map with labels")]
pub(super) enum Labels {
    List(Vec<Text>),
    Full(Box<Enum>),
}

/// An extension.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Extension {
    pub(super) schema: Option<String>,
    pub(super) version: Option<Text>,
    pub(super) comment: Option<String>,
}

/// A column.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) r#type: Option<Text>,
    #[serde(default)]
    pub(super) collation: Option<Text>,
    #[serde(default)]
    pub(super) default: Option<Text>,
    #[serde(default)]
    pub(super) generated: Option<Text>,
    #[serde(default)]
    pub(super) identity: Option<Identity>,
    #[serde(default)]
    pub(super) not_null: bool,
    #[serde(default)]
    pub(super) primary_key: bool,
    #[serde(default)]
    pub(super) unique: bool,
    #[serde(default)]
    pub(super) check: Option<Text>,
    #[serde(default)]
    pub(super) references: Option<Text>,
    #[serde(default)]
    pub(super) storage: Option<String>,
    #[serde(default)]
    pub(super) compression: Option<String>,
    #[serde(default)]
    pub(super) renamed_from: Option<String>,
    #[serde(default)]
    pub(super) using: Option<Text>,
    #[serde(default)]
    pub(super) reverse: Option<Text>,
    #[serde(default)]
    pub(super) backfill: Option<Text>,
    #[serde(default)]
    pub(super) moved_from: Option<Text>,
    #[serde(default)]
    pub(super) comment: Option<String>,
    #[serde(default)]
    pub(super) grants: IndexMap<String, Grant>,
}

/// An identity column.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Identity {
    Always,
    ByDefault,
}

/// How far a check option reaches.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CheckOption {
    Local,
    Cascaded,
}

/// Row security: on, or for the owner too.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RowSecurity {
    Enabled,
    Forced,
}

/// A primary key or unique constraint: its columns, or with more.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a list of columns, or a map with name and columns")]
pub(super) enum Key {
    Columns(Vec<String>),
    Full(FullKey),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FullKey {
    #[serde(default)]
    pub(super) name: Option<String>,
    pub(super) columns: Vec<String>,
    #[serde(default)]
    pub(super) include: Vec<String>,
    #[serde(default)]
    pub(super) nulls_not_distinct: bool,
    #[serde(default)]
    pub(super) deferrable: bool,
    #[serde(default)]
    pub(super) initially_deferred: bool,
}

/// A foreign key.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ForeignKey {
    #[serde(default)]
    pub(super) name: Option<String>,
    pub(super) columns: Vec<String>,
    pub(super) references: String,
    #[serde(default)]
    pub(super) referenced_columns: Vec<String>,
    #[serde(default)]
    pub(super) on_delete: Option<Text>,
    #[serde(default)]
    pub(super) on_update: Option<Text>,
    #[serde(default)]
    pub(super) deferrable: bool,
    #[serde(default)]
    pub(super) initially_deferred: bool,
}

/// An index.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Index {
    pub(super) on: Vec<Text>,
    #[serde(default)]
    pub(super) unique: bool,
    #[serde(default)]
    pub(super) nulls_not_distinct: bool,
    #[serde(default)]
    pub(super) method: Option<String>,
    #[serde(default)]
    pub(super) include: Vec<String>,
    #[serde(default)]
    pub(super) with: IndexMap<String, Text>,
    #[serde(default)]
    pub(super) tablespace: Option<String>,
    #[serde(default)]
    pub(super) r#where: Option<Text>,
    #[serde(default)]
    pub(super) renamed_from: Option<String>,
    #[serde(default)]
    pub(super) comment: Option<String>,
}

/// A trigger: `fires: AFTER INSERT OR UPDATE OF email`, `call: audit('x')`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Trigger {
    pub(super) fires: Text,
    #[serde(default)]
    pub(super) for_each: ForEach,
    #[serde(default)]
    pub(super) when: Option<Text>,
    pub(super) call: Text,
    #[serde(default)]
    pub(super) comment: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ForEach {
    Row,
    #[default]
    Statement,
}

/// A policy.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Policy {
    pub(super) restrictive: bool,
    pub(super) r#for: Option<Text>,
    pub(super) to: Vec<String>,
    pub(super) using: Option<Text>,
    pub(super) check: Option<Text>,
    pub(super) comment: Option<String>,
}

/// The table that a partition belongs to, and its bound: `FOR VALUES IN (1)`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartitionOf {
    pub(super) table: String,
    pub(super) bound: Text,
}
