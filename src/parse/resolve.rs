//! What can be said only when all statements are known.

use std::collections::{BTreeMap, HashMap};

use crate::name::QualifiedName;
use crate::object::column::Column;
use crate::object::constraint::ConstraintRule;
use crate::object::index::Index;
use crate::object::{Kind, Object, ObjectId};
use crate::schema::Schema;

use super::absent;
use super::error::ParseError;
use super::fold::Desired;

/// Completes a schema whose statements have all been applied.
pub(super) fn resolve(desired: &mut Desired) -> Result<(), ParseError> {
    absent::check(desired)?;
    foreign_keys(desired)?;
    primary_keys_of_heirs(&mut desired.schema);
    only_indexes(&mut desired.schema);
    desired.schema.drop_inherited();
    Ok(())
}

/// A foreign key without referenced columns means the primary key.
fn foreign_keys(desired: &mut Desired) -> Result<(), ParseError> {
    let mut found = HashMap::new();
    for (id, object) in desired.schema.of_kind(Kind::Constraint) {
        let Object::Constraint(constraint) = object else {
            continue;
        };
        let ConstraintRule::ForeignKey(key) = &constraint.rule else {
            continue;
        };
        if !key.referenced_columns.is_empty() {
            continue;
        }
        let primary = desired
            .schema
            .primary_key(&key.references)
            .and_then(|primary| primary.key());
        let Some(primary) = primary else {
            let message = format!("{id} references {}, whose primary key is not known", key.references);
            let error = ParseError {
                place: desired.places.get(id).cloned(),
                ..ParseError::new(message)
            };
            return Err(error.hint("write the referenced columns, or add the table with its primary key"));
        };
        found.insert(id.clone(), primary.columns.clone());
    }
    for (id, columns) in found {
        if let Some(Object::Constraint(constraint)) = desired.schema.get_mut(&id) {
            if let ConstraintRule::ForeignKey(key) = &mut constraint.rule {
                key.referenced_columns = columns;
            }
        }
    }
    Ok(())
}

/// A primary key on a column that a table has from its parent makes it not null in this table.
fn primary_keys_of_heirs(schema: &mut Schema) {
    let mut copies = Vec::new();
    for (_, object) in schema.of_kind(Kind::Constraint) {
        let Object::Constraint(constraint) = object else {
            continue;
        };
        let ConstraintRule::PrimaryKey(key) = &constraint.rule else {
            continue;
        };
        for name in key
            .columns
            .iter()
            .filter(|name| schema.column(&constraint.table, name).is_none())
        {
            let all = schema.all_columns(&constraint.table);
            if let Some(column) = all.into_iter().find(|column| column.name == *name && !column.not_null) {
                copies.push(Column {
                    table: constraint.table.clone(),
                    not_null: true,
                    inherited: schema
                        .table(&constraint.table)
                        .is_some_and(|heir| heir.partition_of.is_none()),
                    ..column.clone()
                });
            }
        }
    }
    for copy in copies {
        schema.put(copy);
    }
}

/// An index made with ON ONLY becomes valid when each partition has an index attached to it.
fn only_indexes(schema: &mut Schema) {
    let mut partitions: HashMap<QualifiedName, Vec<QualifiedName>> = HashMap::new();
    for (_, object) in schema.of_kind(Kind::Table) {
        if let Object::Table(table) = object {
            if let Some(of) = &table.partition_of {
                partitions
                    .entry(of.parent.clone())
                    .or_default()
                    .push(table.name.clone());
            }
        }
    }
    let indexes: BTreeMap<QualifiedName, Index> = schema
        .of_kind(Kind::Index)
        .filter_map(|(_, object)| match object {
            Object::Index(index) => Some((index.name.clone(), index.clone())),
            _ => None,
        })
        .collect();
    let mut attached: HashMap<&QualifiedName, Vec<&Index>> = HashMap::new();
    for index in indexes.values() {
        if let Some(parent) = &index.attached_to {
            attached.entry(parent).or_default().push(index);
        }
    }
    // From the leaves up; a tree of partitions is never deep.
    let mut invalid: Vec<&QualifiedName> = indexes
        .values()
        .filter(|index| index.invalid)
        .map(|index| &index.name)
        .collect();
    loop {
        let before = invalid.len();
        let still = invalid.clone();
        invalid.retain(|name| {
            let parts = indexes.get(*name).and_then(|index| partitions.get(&index.table));
            let complete = parts.is_none_or(|parts| {
                parts.iter().all(|part| {
                    attached
                        .get(*name)
                        .is_some_and(|children| children.iter().any(|c| c.table == *part && !still.contains(&&c.name)))
                })
            });
            !complete
        });
        if invalid.len() == before {
            break;
        }
    }
    for name in indexes
        .values()
        .filter(|index| index.invalid && !invalid.contains(&&index.name))
        .map(|index| &index.name)
    {
        if let Some(Object::Index(index)) = schema.get_mut(&ObjectId::named(Kind::Index, name)) {
            index.invalid = false;
        }
    }
}
