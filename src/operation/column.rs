//! What ALTER COLUMN does in the partitions and children of a table, and who has a column of its own.

use crate::name::{Ident, QualifiedName, object_name};
use crate::object::column::{ColumnChange, OfParent, Reach};
use crate::object::constraint::introspect::is_plain_not_null;
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::{Definition as _, Kind, Object, ObjectId};
use crate::schema::Schema;

/// Takes a change of a column to the columns that the tables below have of their own, or keeps it from those that have none.
pub(super) fn alter_below(schema: &mut Schema, id: &ObjectId, change: &ColumnChange) {
    let (table, name) = (id.qualified(), id.own_name());
    match change.reach() {
        Reach::Below => {
            for heir in schema.all_heirs(&table) {
                // Of several parents the last one to say something is heard.
                let of_several = schema.table(&heir).is_some_and(|heir| heir.inherits.len() > 1);
                if of_several && change.is_last_heard() {
                    own_column(schema, &heir, name);
                }
                let heir = ObjectId::part(Kind::Column, &heir, name);
                if let Some(Object::Column(column)) = schema.get_mut(&heir)
                    && change.fits(column)
                {
                    let by_parent =
                        *change == ColumnChange::NotNull(true) && (!column.not_null || column.not_null_of_parent.0);
                    column.apply(change);
                    column.not_null_of_parent = OfParent(by_parent);
                    schema.names_changed(&heir);
                }
            }
        }
        Reach::Alone => {
            let heirs: Vec<QualifiedName> = schema.heirs(&table).map(|heir| heir.name.clone()).collect();
            for heir in heirs {
                own_column(schema, &heir, name);
            }
        }
        Reach::Version => {}
    }
    match change {
        // Such a constraint of a child then says no more than its column.
        ColumnChange::NotNull(true) => {
            for constraint in named_not_null(schema, id) {
                prove_not_null(schema, &constraint);
            }
            for heir in schema.all_heirs(&table) {
                schema.remove(&ObjectId::part(Kind::Constraint, &heir, &not_null_name(&heir, name)));
            }
        }
        ColumnChange::NotNull(false) => {
            for constraint in named_not_null(schema, id) {
                schema.remove(&constraint);
            }
        }
        _ => {}
    }
}

/// A named not-null constraint is what makes its column not null (PostgreSQL documentation, CREATE TABLE, since 18).
pub(super) fn set_not_null(schema: &mut Schema, table: &QualifiedName, column: &Ident, not_null: bool) {
    let id = ObjectId::part(Kind::Column, table, column);
    if let Some(Object::Column(column)) = schema.get_mut(&id) {
        column.not_null = not_null;
    }
}

/// With its column that refuses nulls, a not-null constraint is valid (PostgreSQL documentation, ALTER TABLE, since 18).
fn prove_not_null(schema: &mut Schema, id: &ObjectId) {
    if let Some(Object::Constraint(constraint)) = schema.get_mut(id) {
        constraint.not_valid = false;
        if is_plain_not_null(constraint) {
            schema.remove(id);
        }
    }
}

/// What a valid not-null constraint says of its column, and of those below it.
pub(super) fn refuse_nulls(schema: &mut Schema, constraint: &Constraint) {
    let ConstraintRule::NotNull { column, no_inherit } = &constraint.rule else {
        return;
    };
    if !schema.refuses_nulls(&constraint.table, column) {
        own_column(schema, &constraint.table, column);
    }
    set_not_null(schema, &constraint.table, column, true);
    if !no_inherit {
        let id = ObjectId::part(Kind::Column, &constraint.table, column);
        alter_below(schema, &id, &ColumnChange::NotNull(true));
    }
}

/// The name that PostgreSQL gives a not-null constraint.
pub(crate) fn not_null_name(table: &QualifiedName, column: &Ident) -> Ident {
    Ident::new(object_name(table.name.as_str(), column.as_str(), "not_null"))
}

/// The not-null constraint of this name, where a column of its table refuses nulls without a word about the name. It is no object, as
/// the name is the one that PostgreSQL gives.
pub(crate) fn unnamed_not_null(schema: &Schema, id: &ObjectId) -> Option<Constraint> {
    let table = id.qualified();
    let column = schema.columns(&table).find(|column| {
        column.not_null && id.kind == Kind::Constraint && not_null_name(&table, &column.name) == *id.own_name()
    })?;
    let unnamed = named_not_null(schema, &column.id()).is_empty() && schema.handed_down(&table, &column.name).is_none();
    unnamed.then(|| {
        let rule = ConstraintRule::NotNull {
            column: column.name.clone(),
            no_inherit: false,
        };
        Constraint::new(&table, id.own_name(), rule)
    })
}

/// The not-null constraints of a column that have a name of their own.
pub(crate) fn named_not_null(schema: &Schema, column: &ObjectId) -> Vec<ObjectId> {
    schema
        .constraints(&column.qualified())
        .filter(|constraint| {
            matches!(&constraint.rule, ConstraintRule::NotNull { column: of, .. } if of == column.own_name())
        })
        .map(|constraint| ObjectId::part(Kind::Constraint, &constraint.table, &constraint.name))
        .collect()
}

/// A partition's column is its parent's until it is changed; then it is the partition's own.
pub(super) fn own_column(schema: &mut Schema, table: &QualifiedName, name: &Ident) {
    if schema.column(table, name).is_none() {
        let inherited = schema
            .all_columns(table)
            .into_iter()
            .find(|column| column.name == *name)
            .cloned();
        if let (Some(column), Some(heir)) = (inherited, schema.table(table)) {
            let column = column.handed_to(heir);
            schema.put(column);
        }
    }
}
