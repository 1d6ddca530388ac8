//! The tables that a plan changes and those they reference, before and after: columns and foreign keys.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use crate::name::QualifiedName;
use crate::object::column::Column as ColumnObject;
use crate::object::constraint::ConstraintRule;
use crate::object::{Kind, ObjectId};
use crate::schema::Schema;

/// How something differs between before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// It is the same.
    Same,
    /// It is there only after the plan.
    Added,
    /// It is there only before.
    Removed,
    /// It is there on both sides, and differs.
    Changed,
}

impl Mark {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }

    fn of<T: PartialEq>(before: &Option<T>, after: &Option<T>) -> Self {
        match (before, after) {
            (None, _) => Self::Added,
            (_, None) => Self::Removed,
            (before, after) if before == after => Self::Same,
            _ => Self::Changed,
        }
    }
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Entity {
    /// Its name.
    pub name: String,
    /// How it differs; a table is changed when a column or foreign key of it is.
    pub mark: Mark,
    /// Its columns: those from before in their order, then the new ones.
    pub columns: Vec<Column>,
    /// Its foreign keys.
    pub keys: Vec<Key>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type before, with `not null` and `primary key` where they hold.
    pub before: Option<String>,
    /// The same after.
    pub after: Option<String>,
    /// How it differs.
    pub mark: Mark,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Key {
    /// Its name.
    pub name: String,
    /// The referencing columns.
    pub columns: Vec<String>,
    /// The referenced table.
    pub references: String,
    /// How it differs.
    pub mark: Mark,
}

/// The changed tables and those that they reference.
pub(super) fn tables(before: &Schema, after: &Schema) -> Vec<Entity> {
    let names: BTreeSet<QualifiedName> = [before, after]
        .into_iter()
        .flat_map(|schema| schema.of_kind(Kind::Table))
        .map(|(id, _)| id.qualified())
        .collect();
    let all: Vec<Entity> = names.iter().map(|name| entity(name, before, after)).collect();
    let shown: BTreeSet<String> = all
        .iter()
        .filter(|entity| entity.mark != Mark::Same)
        .flat_map(|entity| {
            let referenced = entity.keys.iter().map(|key| key.references.clone());
            referenced.chain([entity.name.clone()])
        })
        .collect();
    all.into_iter().filter(|entity| shown.contains(&entity.name)).collect()
}

fn entity(name: &QualifiedName, before: &Schema, after: &Schema) -> Entity {
    let (old, new) = (columns(name, before), columns(name, after));
    let find = |list: &[(String, String)], name: &str| {
        let found = list.iter().find(|(column, _)| column == name);
        found.map(|(_, words)| words.clone())
    };
    let added = new.iter().filter(|(column, _)| find(&old, column).is_none());
    let columns: Vec<Column> = old
        .iter()
        .chain(added)
        .map(|(column, _)| {
            let (before, after) = (find(&old, column), find(&new, column));
            Column {
                name: column.clone(),
                mark: Mark::of(&before, &after),
                before,
                after,
            }
        })
        .collect();
    let (old, new) = (keys(name, before), keys(name, after));
    let named = |list: &[Key], name: &str| list.iter().find(|key| key.name == name).cloned();
    let added = new.iter().filter(|key| named(&old, &key.name).is_none());
    let keys: Vec<Key> = old
        .iter()
        .chain(added)
        .map(|key| Key {
            mark: Mark::of(&named(&old, &key.name), &named(&new, &key.name)),
            ..key.clone()
        })
        .collect();
    let there = |schema: &Schema| schema.table(name).map(|_| ());
    let mark = match Mark::of(&there(before), &there(after)) {
        Mark::Same
            if columns.iter().any(|column| column.mark != Mark::Same)
                || keys.iter().any(|key| key.mark != Mark::Same) =>
        {
            Mark::Changed
        }
        mark => mark,
    };
    Entity {
        name: name.to_string(),
        mark,
        columns,
        keys,
    }
}

/// Names and words of the columns of a table.
fn columns(table: &QualifiedName, schema: &Schema) -> Vec<(String, String)> {
    let primary = schema.primary_key(table).and_then(|key| key.key());
    let words = |column: &ColumnObject| {
        let key = primary.is_some_and(|key| key.columns.contains(&column.name));
        let not_null = if key {
            " primary key"
        } else if column.not_null {
            " not null"
        } else {
            ""
        };
        format!("{}{not_null}", column.type_name)
    };
    let mut columns: Vec<(String, String)> = Vec::new();
    if schema.contains(&ObjectId::named(Kind::Table, table)) {
        columns.extend(
            schema
                .all_columns(table)
                .into_iter()
                .map(|column| (column.name.to_string(), words(column))),
        );
    }
    columns
}

fn keys(table: &QualifiedName, schema: &Schema) -> Vec<Key> {
    schema
        .constraints(table)
        .filter_map(|constraint| match &constraint.rule {
            ConstraintRule::ForeignKey(key) => Some(Key {
                name: constraint.name.to_string(),
                columns: key.columns.iter().map(ToString::to_string).collect(),
                references: key.references.to_string(),
                mark: Mark::Same,
            }),
            _ => None,
        })
        .collect()
}
