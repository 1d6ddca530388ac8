//! Tables with their columns, and columns that tables have from others.

use std::collections::BTreeMap;

use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};
use crate::object::column::{Column, ColumnChange, render as column};
use crate::object::constraint::{Constraint, ConstraintRule, render as constraint};
use crate::object::table::{Table, render as table};
use crate::object::{Comparison, Definition, Object, ObjectId};
use crate::operation::{IfExists, Operation};
use crate::schema::{Schema, parents};

pub(super) fn is_part_of(operation: &Operation, new: &Table) -> bool {
    match operation {
        Operation::Create {
            object: Object::Column(part),
            ..
        } => part.table == new.name,
        Operation::Create {
            object: Object::Constraint(part),
            ..
        } => part.table == new.name && !part.not_valid,
        _ => false,
    }
}

pub(super) fn new_table(new: &Table, if_exists: IfExists, parts: &[Operation], before: &Schema) -> Vec<String> {
    let mut elements = Vec::new();
    let mut afterwards = Vec::new();
    for part in parts {
        let Operation::Create { object, .. } = part else {
            continue;
        };
        match object {
            Object::Column(part) => {
                // Both in one statement are refused where the constraint is NO INHERIT (measured on 18.1).
                let part = &Column {
                    not_null: part.not_null && !parts.iter().any(|other| refuses_nulls_alone(other, part)),
                    ..part.clone()
                };
                let given = parents(new).find_map(|parent| column_handed_down(parent, &part.name, before));
                match given {
                    Some(given) if part.inherited => {
                        let made = Column {
                            not_null: before.hands_down_not_null(given),
                            ..given.begun(&new.name)
                        };
                        afterwards.extend(differences(&made, part, before));
                    }
                    Some(given) => {
                        // What is not said with the column is as in the parent.
                        let made = Column {
                            storage: given.storage,
                            compression: given.compression.clone(),
                            statistics: None,
                            options: BTreeMap::new(),
                            ..part.clone()
                        };
                        let spoken = Column {
                            compression: None,
                            ..part.clone()
                        };
                        elements.push(element(&spoken, new, before));
                        afterwards.extend(differences(&made, part, before));
                    }
                    None => {
                        elements.push(element(part, new, before));
                        afterwards.extend(column::afterwards(part));
                    }
                }
            }
            Object::Constraint(part) if is_repeated(part, parts) => afterwards.extend(constraint::create(part)),
            Object::Constraint(part) => elements.push(constraint::definition(part)),
            _ => {}
        }
    }
    let mut out = table::create(new, &elements, if_exists);
    out.extend(afterwards);
    out
}

/// Whether a part of a new table is the constraint by which a column refuses nulls, in this table and not below it.
fn refuses_nulls_alone(part: &Operation, of: &Column) -> bool {
    matches!(part, Operation::Create { object: Object::Constraint(Constraint { rule: ConstraintRule::NotNull { column, no_inherit: true }, .. }), .. }
        if *column == of.name)
}

/// Whether PostgreSQL would leave a constraint out of a CREATE TABLE, as one over the same has been said there: the primary key, or
/// one before it. Added on its own, it comes.
fn is_repeated(constraint: &Constraint, parts: &[Operation]) -> bool {
    let created = parts.iter().filter_map(|part| match part {
        Operation::Create {
            object: Object::Constraint(other),
            ..
        } => Some(other),
        _ => None,
    });
    let is_same = |other: &Constraint| match (&constraint.rule, &other.rule) {
        (ConstraintRule::Exclude(one), ConstraintRule::Exclude(other)) => one.elements == other.elements,
        _ => constraint
            .key()
            .zip(other.key())
            .is_some_and(|(one, other)| one.columns == other.columns),
    };
    let is_primary = |constraint: &Constraint| matches!(constraint.rule, ConstraintRule::PrimaryKey(_));
    let mut before = created.clone().take_while(|other| other.name != constraint.name);
    let after_the_primary = created.clone().any(|other| is_primary(other) && is_same(other));
    !is_primary(constraint) && (after_the_primary || before.any(is_same))
}

/// A table with the columns, checks and settings of another, and what is its own. Identity columns come with the attachment
/// where the server's version has them on partitions (PostgreSQL documentation, ALTER TABLE).
pub(super) fn new_table_like(new: &Table, parent: &QualifiedName, parts: &[Operation], before: &Schema) -> Vec<String> {
    let settings = ["DEFAULTS", "GENERATED", "CONSTRAINTS", "STORAGE", "COMPRESSION"];
    let mut elements = vec![format!("LIKE {parent} INCLUDING {}", settings.join(" INCLUDING "))];
    let mut afterwards = Vec::new();
    for part in parts {
        let Operation::Create { object, .. } = part else {
            continue;
        };
        match object {
            Object::Column(part) => afterwards.extend(
                column_handed_down(parent, &part.name, before)
                    .into_iter()
                    .flat_map(|from| differences(&from.begun(&new.name), part, before)),
            ),
            Object::Constraint(part) if is_repeated(part, parts) => afterwards.extend(constraint::create(part)),
            Object::Constraint(part) => elements.push(constraint::definition(part)),
            _ => {}
        }
    }
    let alone = Table {
        partition_of: None,
        ..new.clone()
    };
    let mut out = table::create(&alone, &elements, IfExists::Fail);
    out.extend(afterwards);
    out
}

/// A column of a partition or typed table has its type from elsewhere.
fn element(part: &Column, new: &Table, before: &Schema) -> String {
    // Without a word about it an heir has the default of its parent.
    let inherits_default = part.default.is_none()
        && part.generated.is_none()
        && part.identity.is_none()
        && parents(new)
            .flat_map(|parent| before.all_columns(parent))
            .any(|column| column.name == part.name && column.default.is_some());
    // An heir by INHERITS has the expression of its parent, and may not say so before PostgreSQL 16.
    let inherits_expression = part.generated.is_some()
        && new
            .inherits
            .iter()
            .flat_map(|parent| before.all_columns(parent))
            .any(|column| column.name == part.name && column.generated == part.generated);
    // Said of the child it would be a constraint of its own.
    let inherits_not_null = part.not_null_of_parent.0
        && new
            .inherits
            .iter()
            .filter_map(|parent| column_handed_down(parent, &part.name, before))
            .any(|column| before.hands_down_not_null(column));
    let part = &Column {
        not_null: part.not_null && !inherits_not_null,
        default: inherits_default
            .then(|| Expr::new("NULL"))
            .or_else(|| part.default.clone()),
        generated: part.generated.clone().filter(|_| !inherits_expression),
        ..part.clone()
    };
    if new.partition_of.is_some() || new.of_type.is_some() {
        format!("{} WITH OPTIONS{}", part.name, column::tail(part))
    } else {
        column::definition(part)
    }
}

/// The column that a partition has from its parent, as it is in the partition.
pub(super) fn parent_column(id: &ObjectId, schema: &Schema) -> Option<Column> {
    let table = schema.table(&id.qualified())?;
    let parent = &table.partition_of.as_ref()?.parent;
    column_handed_down(parent, id.own_name(), schema).map(|column| column.below(&table.name))
}

/// The column that a table has from its parents, as it is in the table.
pub(super) fn inherited_column(id: &ObjectId, schema: &Schema) -> Option<Column> {
    let table = id.qualified();
    schema
        .handed_down(&table, id.own_name())
        .map(|column| column.below(&table))
}

fn column_handed_down<'a>(parent: &QualifiedName, name: &Ident, schema: &'a Schema) -> Option<&'a Column> {
    schema
        .all_columns(parent)
        .into_iter()
        .find(|column| column.name == *name)
}

/// ALTER COLUMN. There is nothing below a partition that is not partitioned itself, so that it may say `ONLY`.
pub(super) fn alter_column(
    id: &ObjectId,
    change: &ColumnChange,
    from: Option<&Column>,
    before: &Schema,
) -> Vec<String> {
    let table = before.table(&id.qualified());
    match table.is_some_and(|table| table.partition_of.is_some() && table.partition_by.is_none()) {
        true => column::alter_only(id, change, from),
        false => column::alter(id, change, from),
    }
}

/// What turns one form of a column into another.
pub(super) fn differences(from: &Column, to: &Column, before: &Schema) -> Vec<String> {
    match from.compare(to) {
        Comparison::Altered(changes) => changes
            .iter()
            .flat_map(|change| alter_column(&to.id(), change, Some(from), before))
            .collect(),
        Comparison::Same | Comparison::Replaced(_) => vec![],
    }
}
