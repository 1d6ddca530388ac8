//! What CREATE does to a schema.

use super::column::{own_column, refuse_nulls, set_not_null};
use super::{EffectError, IfExists};
use crate::attach;
use crate::object::column::Column;
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::index::Index;
use crate::object::owner;
use crate::object::rule::Rule;
use crate::object::table::Table;
use crate::object::trigger::Trigger;
use crate::object::{Kind, Object, ObjectId};
use crate::schema::{Schema, parents};

pub(super) fn create(schema: &mut Schema, object: &Object, if_exists: IfExists) -> Result<(), EffectError> {
    let id = object.id();
    if schema.contains(&id) && !is_begun(schema, object) {
        match if_exists {
            IfExists::Fail => return Err(EffectError::Exists(id)),
            IfExists::Skip => return Ok(()),
            IfExists::Replace => {}
        }
    }
    let home = match object {
        Object::Column(column) => Some(ObjectId::named(Kind::Table, &column.table)),
        Object::Constraint(constraint) => Some(ObjectId::named(Kind::Table, &constraint.table)),
        Object::DomainConstraint(constraint) => Some(ObjectId::named(Kind::Domain, &constraint.domain)),
        Object::Policy(policy) => Some(ObjectId::named(Kind::Table, &policy.table)),
        Object::Index(Index { table, .. })
        | Object::Trigger(Trigger { table, .. })
        | Object::Rule(Rule { table, .. }) => Some(
            schema
                .relation(table)
                .unwrap_or_else(|| ObjectId::named(Kind::Table, table)),
        ),
        _ => None,
    };
    if let Some(home) = home.filter(|home| !schema.contains(home)) {
        return Err(EffectError::Missing(home));
    }
    if let Object::Constraint(Constraint {
        table,
        rule: ConstraintRule::PrimaryKey(key),
        ..
    }) = object
    {
        for column in &key.columns {
            // A partition has its part of the key for its own.
            let inherits = schema.table(table).is_some_and(|table| !table.inherits.is_empty());
            if inherits && schema.refuses_nulls(table, column) {
                continue;
            }
            own_column(schema, table, column);
            if let Some(Object::Column(column)) = schema.get_mut(&ObjectId::part(Kind::Column, table, column)) {
                column.not_null = true;
            }
            for heir in schema.all_heirs(table) {
                set_not_null(schema, &heir, column, true);
            }
        }
    }
    if let Object::Constraint(constraint) = object {
        if !constraint.not_valid {
            refuse_nulls(schema, constraint);
        }
    }
    if let Object::Owner(owner) = object {
        let before = owner::owner_of(schema, &owner.on).cloned();
        owner::take_over(schema, &owner.on, before.as_ref(), &owner.role);
    }
    schema.put(object.clone());
    match object {
        Object::Table(table) => not_handed_down(schema, table),
        Object::Index(index) => attach::index_created(schema, index),
        Object::Constraint(constraint) => attach::constraint_created(schema, constraint),
        _ => {}
    }
    Ok(())
}

/// Whether it is a column that a new table has from its parent, and nothing has been said of yet.
fn is_begun(schema: &Schema, object: &Object) -> bool {
    let Object::Column(Column { table, name, .. }) = object else {
        return false;
    };
    let begun = schema.handed_down(table, name).map(|parent| parent.begun(table));
    let own = schema.column(table, name).map(|column| Column {
        inherited: false,
        ..column.clone()
    });
    begun.is_some() && own == begun
}

/// A new partition or child begins without the statistics targets of its parents' columns, and without any options of theirs.
fn not_handed_down(schema: &mut Schema, table: &Table) {
    let columns: Vec<Column> = parents(table)
        .flat_map(|parent| schema.all_columns(parent))
        .filter(|column| column.begun(&table.name) != column.below(&table.name))
        .map(|column| Column {
            inherited: table.partition_of.is_none(),
            ..column.begun(&table.name)
        })
        .collect();
    for column in columns {
        schema.put(column);
    }
}

/// A table with the columns and checks that its parent hands down, and that is no partition yet.
pub(super) fn create_like(schema: &mut Schema, table: &Table) -> Result<(), EffectError> {
    let alone = Table {
        partition_of: None,
        ..table.clone()
    };
    create(schema, &alone.into(), IfExists::Fail)?;
    let Some(of) = &table.partition_of else { return Ok(()) };
    let columns: Vec<Column> = schema.all_columns(&of.parent).into_iter().cloned().collect();
    for column in columns {
        schema.put(column.begun(&table.name));
    }
    let checks: Vec<Constraint> = schema.all_checks(&of.parent).into_iter().cloned().collect();
    for check in checks {
        schema.put(Constraint {
            table: table.name.clone(),
            ..check
        });
    }
    Ok(())
}
