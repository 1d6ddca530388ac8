//! What DROP does to a schema.

use super::EffectError;
use super::column::{own_column, set_not_null};
use crate::attach;
use crate::name::{Ident, QualifiedName};
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::{Kind, Object, ObjectId};
use crate::schema::Schema;

/// Gives the tables that inherit a column or check one of their own.
pub(super) fn leave_to_heirs(schema: &mut Schema, id: &ObjectId) {
    let table = id.qualified();
    let heirs: Vec<QualifiedName> = schema.heirs(&table).map(|heir| heir.name.clone()).collect();
    let check = match schema.get(id) {
        Some(Object::Constraint(check)) => Some(check.clone()),
        _ => None,
    };
    for heir in heirs {
        match &check {
            Some(check) if !schema.contains(&ObjectId::part(Kind::Constraint, &heir, &check.name)) => {
                schema.put(Constraint {
                    table: heir,
                    ..check.clone()
                });
            }
            Some(_) => {}
            None => {
                own_column(schema, &heir, id.own_name());
                if let Some(Object::Column(column)) =
                    schema.get_mut(&ObjectId::part(Kind::Column, &heir, id.own_name()))
                {
                    column.inherited = false;
                }
            }
        }
    }
}

pub(super) fn drop(schema: &mut Schema, id: &ObjectId, if_exists: bool, cascade: bool) -> Result<(), EffectError> {
    if !schema.contains(id) {
        return if if_exists {
            Ok(())
        } else {
            Err(EffectError::Missing(id.clone()))
        };
    }
    if let Some(parent) = attach::holds(schema, id).filter(|_| !cascade) {
        return Err(EffectError::Attached(id.clone(), parent.clone()));
    }
    if cascade {
        for dependent in crate::refs::dependents(schema, id) {
            schema.remove(&dependent);
        }
    }
    match id.kind {
        Kind::Table => {
            let name = id.qualified();
            let partitions: Vec<ObjectId> = schema
                .heirs(&name)
                .filter(|heir| heir.partition_of.is_some())
                .map(|heir| ObjectId::named(Kind::Table, &heir.name))
                .collect();
            for partition in partitions {
                drop(schema, &partition, true, cascade)?;
            }
            remove_owned_sequences(schema, &name, None);
            unpublish(schema, &name);
        }
        // What a table has of its parent's column is given up; the column stays, with what stands over it.
        Kind::Column if schema.handed_down(&id.qualified(), id.own_name()).is_some() => {}
        Kind::Column => drop_parts_of_column(schema, id),
        Kind::Constraint => {
            if let Some(Object::Constraint(Constraint {
                table,
                rule: ConstraintRule::NotNull { column, .. },
                not_valid: false,
                ..
            })) = schema.get(id).cloned()
            {
                set_not_null(schema, &table, &column, false);
            }
        }
        Kind::Index => {
            let attached: Vec<ObjectId> = match schema.get(id) {
                Some(Object::Index(index)) => attach::attached_to(schema, index),
                _ => vec![],
            };
            for child in attached {
                drop(schema, &child, true, cascade)?;
            }
        }
        Kind::Namespace => {
            let inside: Vec<ObjectId> = schema
                .iter()
                .filter(|(other, _)| other.namespace.as_ref() == Some(&id.name))
                .map(|(id, _)| id.clone())
                .collect();
            for other in inside.iter().filter(|_| cascade) {
                schema.remove(other);
            }
        }
        _ => {}
    }
    schema.remove(id);
    Ok(())
}

/// What stands over a column goes with it, and the column goes in partitions and children too, unless a child declares it itself.
fn drop_parts_of_column(schema: &mut Schema, column: &ObjectId) {
    remove_owned_sequences(schema, &column.qualified(), Some(column.own_name()));
    for part in crate::refs::parts_of_column(schema, column) {
        schema.remove(&part);
    }
    let heirs: Vec<(QualifiedName, bool)> = schema
        .heirs(&column.qualified())
        .map(|heir| (heir.name.clone(), heir.partition_of.is_some()))
        .collect();
    for (heir, is_partition) in heirs {
        let inherited = ObjectId::part(Kind::Column, &heir, column.own_name());
        let declared = schema
            .column(&heir, column.own_name())
            .is_some_and(|own| !own.inherited);
        if is_partition || !declared {
            drop_parts_of_column(schema, &inherited);
            schema.remove(&inherited);
        }
    }
}

/// A dropped table is no longer published.
fn unpublish(schema: &mut Schema, table: &QualifiedName) {
    let published: Vec<ObjectId> = schema
        .of_kind(Kind::Publication)
        .filter(|(_, object)| {
            matches!(object, Object::Publication(publication) if publication.tables.iter().any(|member| member.table == *table))
        })
        .map(|(id, _)| id.clone())
        .collect();
    for id in published {
        if let Some(Object::Publication(publication)) = schema.get_mut(&id) {
            publication.tables.retain(|member| member.table != *table);
        }
    }
}

fn remove_owned_sequences(schema: &mut Schema, table: &QualifiedName, column: Option<&Ident>) {
    let owned: Vec<ObjectId> = schema
        .of_kind(Kind::Sequence)
        .filter(|(_, object)| match object {
            Object::Sequence(sequence) => sequence
                .owned_by
                .as_ref()
                .is_some_and(|owner| owner.table == *table && column.is_none_or(|column| owner.column == *column)),
            _ => false,
        })
        .map(|(id, _)| id.clone())
        .collect();
    for id in owned {
        schema.remove(&id);
    }
}
