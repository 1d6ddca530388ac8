//! Operations: one typed DDL or data operation each, with its effect on a [`Schema`].
//!
//! Parsing a statement gives operations; folding them over an empty schema gives the schema the statements describe. The
//! planner emits the same operations, so that it can compute the schema after every step.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::attach;
use crate::expr::Expr;
use crate::name::{Ident, QualifiedName, object_name};
use crate::object::column::{Column, ColumnChange};
use crate::object::constraint::{Constraint, ConstraintChange, ConstraintRule};
use crate::object::default_privileges::concern;
use crate::object::grant::{Acl, Grants, initial_grants};
use crate::object::index::Index;
use crate::object::owner::{self, OwnerChange};
use crate::object::{Change, Kind, Object, ObjectId};
use crate::schema::Schema;

/// What CREATE does when the object is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IfExists {
    /// It fails.
    #[default]
    Fail,
    /// It replaces the object (`OR REPLACE`; comments and owners always do).
    Replace,
    /// It does nothing (`IF NOT EXISTS`).
    Skip,
}

/// One typed DDL or data operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// CREATE, or ADD inside a table. A satellite is set.
    Create {
        /// The new object.
        object: Object,
        /// What happens when it is there already.
        #[serde(default)]
        if_exists: IfExists,
        /// `CONCURRENTLY` (indexes), outside a transaction block.
        #[serde(default)]
        concurrently: bool,
        /// A partition that is made as a table `LIKE` its parent, and attached by an operation of its own.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        like: bool,
    },
    /// DROP.
    Drop {
        /// The object.
        id: ObjectId,
        /// No error when it is absent.
        #[serde(default)]
        if_exists: bool,
        /// With everything that depends on it. Never planned; only read from files.
        #[serde(default)]
        cascade: bool,
        /// `CONCURRENTLY` (indexes), outside a transaction block.
        #[serde(default)]
        concurrently: bool,
        /// `ALTER TABLE ONLY` (columns and checks): tables that inherit it keep it as their own.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        only: bool,
    },
    /// ALTER, one change.
    Alter {
        /// The object.
        id: ObjectId,
        /// The change.
        change: Change,
    },
    /// RENAME TO or SET SCHEMA.
    Rename {
        /// The id as it is.
        from: ObjectId,
        /// The id as it shall be.
        to: ObjectId,
    },
    /// `ADD CONSTRAINT ... USING INDEX`: the index becomes the constraint's and takes its name.
    UseIndex {
        /// The new primary key or unique constraint.
        constraint: Constraint,
        /// The index, in the namespace of the table.
        index: Ident,
    },
    /// Gives an index or key of a partitioned table to partitions that have come since and lack it: over an index of theirs that fits,
    /// or anew where they hold no rows. A partition with rows and no such index is an error that says which. No effect on the schema,
    /// which does not know these partitions.
    Extend {
        /// The index; that of the key as it has to be on a partition before.
        index: Index,
        /// The key; none where it is the index alone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<Constraint>,
    },
    /// Fills columns in batches where the condition holds. No effect on the schema.
    Backfill {
        /// The table.
        table: QualifiedName,
        /// Columns and their new values; `DEFAULT` is the text of the column's default.
        set: Vec<(Ident, Expr)>,
        /// Which rows still need it.
        condition: Expr,
    },
    /// Copies rows into another table in batches, where it does not have their key yet. No effect on the schema.
    CopyRows {
        /// The table whose rows are copied.
        from: QualifiedName,
        /// The table that gets them.
        to: QualifiedName,
        /// The columns that both have, under their names in the first one.
        columns: Vec<Ident>,
        /// Those of them that are a key of both.
        key: Vec<Ident>,
        /// The names of the columns in the other table, in the same order; empty where they are the same.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        into: Vec<Ident>,
        /// Which rows are copied; none for all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        condition: Option<Expr>,
    },
    /// Counts rows that would break a later step and fails when there are any. No effect on the schema.
    Check {
        /// The table looked at.
        table: QualifiedName,
        /// What is wrong with the rows found, as a clause: "contain a null in email".
        problem: String,
        /// A query that returns the offending rows.
        query: Expr,
        /// Columns of its result that tell a row apart in a message, beside the primary key of the table.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        shown: Vec<Ident>,
    },
    /// Lets a sequence go on where another one stands; an identity column stands for its sequence. No effect on the schema.
    Count {
        /// The sequence, or identity column, that has counted so far.
        from: ObjectId,
        /// The one that goes on.
        to: ObjectId,
    },
    /// Lets a sequence go on after the values that a column holds, where it is not there yet. No effect on the schema.
    StartAfter {
        /// The sequence, or identity column.
        sequence: ObjectId,
        /// The column, of an integer type.
        column: ObjectId,
        /// Whether the sequence counts down.
        #[serde(default)]
        descending: bool,
    },
    /// `LOCK TABLE`, in this order. No effect on the schema.
    Lock {
        /// The tables.
        tables: Vec<QualifiedName>,
        /// The mode, in PostgreSQL's words: `SHARE ROW EXCLUSIVE`.
        mode: String,
    },
}

/// Why an operation cannot be applied to a schema.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EffectError {
    /// The object does not exist.
    #[error("{0} does not exist")]
    Missing(ObjectId),
    /// The object exists already.
    #[error("{0} exists already")]
    Exists(ObjectId),
    /// The change belongs to another kind of object.
    #[error("{0} cannot be changed in this way")]
    Mismatch(ObjectId),
    /// A key of a partition serves an index of the parent, and neither goes without the other but with CASCADE.
    #[error("{0} is attached to index {1} of the parent, and PostgreSQL drops neither without the other")]
    Attached(ObjectId, QualifiedName),
}

impl Operation {
    /// CREATE that fails when the object is there already.
    pub fn create(object: impl Into<Object>) -> Self {
        Self::Create {
            object: object.into(),
            if_exists: IfExists::Fail,
            concurrently: false,
            like: false,
        }
    }

    /// CREATE OR REPLACE, or setting a satellite.
    pub fn put(object: impl Into<Object>) -> Self {
        Self::Create {
            object: object.into(),
            if_exists: IfExists::Replace,
            concurrently: false,
            like: false,
        }
    }

    /// DROP without CASCADE.
    pub fn drop(id: ObjectId) -> Self {
        Self::Drop {
            id,
            if_exists: false,
            cascade: false,
            concurrently: false,
            only: false,
        }
    }

    /// ALTER.
    pub fn alter(id: ObjectId, change: impl Into<Change>) -> Self {
        Self::Alter {
            id,
            change: change.into(),
        }
    }

    /// The object it works on; none for data operations and locks.
    pub fn subject(&self) -> Option<ObjectId> {
        match self {
            Self::Create { object, .. } => Some(object.id()),
            Self::Drop { id, .. } | Self::Alter { id, .. } => Some(id.clone()),
            Self::Rename { from, .. } => Some(from.clone()),
            Self::UseIndex { constraint, .. } => Some(Object::from(constraint.clone()).id()),
            Self::Extend { .. }
            | Self::Backfill { .. }
            | Self::CopyRows { .. }
            | Self::Check { .. }
            | Self::Count { .. }
            | Self::StartAfter { .. }
            | Self::Lock { .. } => None,
        }
    }

    /// Whether it runs outside a transaction block.
    pub fn is_concurrent(&self) -> bool {
        match self {
            Self::Create { concurrently, .. } | Self::Drop { concurrently, .. } => *concurrently,
            Self::Alter {
                change: Change::Table(TableChange::Detach { concurrently, .. }),
                ..
            } => *concurrently,
            _ => false,
        }
    }

    /// What a new object is made in.
    pub fn home(&self) -> Option<ObjectId> {
        match self {
            Self::Create { object, .. } => object.parent(),
            _ => None,
        }
    }

    /// Applies the effect to a schema. On an error the schema is as before.
    pub fn apply(&self, schema: &mut Schema) -> Result<(), EffectError> {
        match self {
            Self::Create {
                object: Object::Table(table),
                like: true,
                ..
            } => create_like(schema, table),
            Self::Create { object, if_exists, .. } => create(schema, object, *if_exists),
            Self::Drop {
                id,
                if_exists,
                cascade,
                only,
                ..
            } => {
                if *only {
                    leave_to_heirs(schema, id);
                }
                drop(schema, id, *if_exists, *cascade)
            }
            Self::Alter { id, change } => alter(schema, id, change),
            Self::Rename { from, to } => {
                // A not-null constraint with the name that PostgreSQL gave it is no object.
                if !schema.contains(from) && [from, to].into_iter().any(is_not_null_of_helper) {
                    return Ok(());
                }
                if !schema.contains(from) {
                    return Err(EffectError::Missing(from.clone()));
                }
                if schema.contains(to) {
                    return Err(EffectError::Exists(to.clone()));
                }
                schema.rename(from, to);
                Ok(())
            }
            Self::UseIndex { constraint, index } => {
                let name = QualifiedName {
                    namespace: constraint.table.namespace.clone(),
                    name: index.clone(),
                };
                let id = ObjectId::named(Kind::Index, &name);
                // The index that a new partition gets with one of its parent is not in the model.
                if !schema.contains(&id) && constraint.attached_to.is_none() {
                    return Err(EffectError::Missing(id));
                }
                schema.remove(&id);
                create(schema, &Object::from(constraint.clone()), IfExists::Fail)
            }
            Self::Extend { .. }
            | Self::Backfill { .. }
            | Self::CopyRows { .. }
            | Self::Check { .. }
            | Self::Count { .. }
            | Self::StartAfter { .. }
            | Self::Lock { .. } => Ok(()),
        }
    }
}

/// Whether this is the name that PostgreSQL gave a not-null constraint of a table under a name of ours.
fn is_not_null_of_helper(id: &ObjectId) -> bool {
    let name = id.own_name();
    matches!(id.kind, Kind::Constraint | Kind::DomainConstraint)
        && name.is_helper()
        && name.as_str().ends_with("_not_null")
}

fn create(schema: &mut Schema, object: &Object, if_exists: IfExists) -> Result<(), EffectError> {
    let id = object.id();
    if schema.contains(&id) {
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
        if let (ConstraintRule::NotNull { column, .. }, false) = (&constraint.rule, constraint.not_valid) {
            set_not_null(schema, &constraint.table, column, true);
        }
    }
    if let Object::Owner(owner) = object {
        let before = owner::owner_of(schema, &owner.on).cloned();
        owner::take_over(schema, &owner.on, before.as_ref(), &owner.role);
    }
    schema.put(object.clone());
    match object {
        Object::Index(index) => attach::index_created(schema, index),
        Object::Constraint(constraint) => attach::constraint_created(schema, constraint),
        _ => {}
    }
    Ok(())
}

/// A table with the columns and checks that its parent hands down, and that is no partition yet.
fn create_like(schema: &mut Schema, table: &Table) -> Result<(), EffectError> {
    let alone = Table {
        partition_of: None,
        ..table.clone()
    };
    create(schema, &alone.into(), IfExists::Fail)?;
    let Some(of) = &table.partition_of else { return Ok(()) };
    let columns: Vec<Column> = schema.all_columns(&of.parent).into_iter().cloned().collect();
    for column in columns {
        schema.put(Column {
            table: table.name.clone(),
            identity: None,
            ..column
        });
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

/// A named not-null constraint is what makes its column not null (PostgreSQL documentation, CREATE TABLE, since 18).
fn set_not_null(schema: &mut Schema, table: &QualifiedName, column: &Ident, not_null: bool) {
    let id = ObjectId::part(Kind::Column, table, column);
    if let Some(Object::Column(column)) = schema.get_mut(&id) {
        column.not_null = not_null;
    }
}

/// The name that PostgreSQL gives a not-null constraint.
pub(crate) fn not_null_name(table: &QualifiedName, column: &Ident) -> Ident {
    Ident::new(object_name(table.name.as_str(), column.as_str(), "not_null"))
}

/// The not-null constraints of a column that have a name of their own.
fn named_not_null(schema: &Schema, column: &ObjectId) -> Vec<ObjectId> {
    schema
        .constraints(&column.qualified())
        .filter(|constraint| {
            matches!(&constraint.rule, ConstraintRule::NotNull { column: of, .. } if of == column.own_name())
        })
        .map(|constraint| ObjectId::part(Kind::Constraint, &constraint.table, &constraint.name))
        .collect()
}

use crate::object::enum_type::EnumChange;
use crate::object::index::IndexChange;
use crate::object::rule::Rule;
use crate::object::table::{Table, TableChange};
use crate::object::trigger::Trigger;

/// Gives the tables that inherit a column or check one of their own.
fn leave_to_heirs(schema: &mut Schema, id: &ObjectId) {
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
            None => own_column(schema, &heir, id.own_name()),
        }
    }
}

fn drop(schema: &mut Schema, id: &ObjectId, if_exists: bool, cascade: bool) -> Result<(), EffectError> {
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
        if is_partition || !schema.contains(&inherited) {
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

/// What an object has that nobody has given anything on yet: the built-in privileges and the default ones of whoever runs this.
fn grants_when_new(schema: &Schema, on: &ObjectId) -> Grants {
    let mut grants = initial_grants(on.kind);
    if *on == ObjectId::named(Kind::Namespace, &QualifiedName::bare("public")) {
        // A database is born with it, and with this; files that grant somebody else more do not take it away.
        grants.insert(Ident::new(""), BTreeMap::from([("USAGE".to_owned(), false)]));
    }
    let defaults = || {
        schema
            .of_kind(Kind::DefaultPrivileges)
            .filter_map(|(_, object)| match object {
                Object::DefaultPrivileges(defaults) if defaults.role.as_str().is_empty() => Some(defaults),
                _ => None,
            })
            .filter(|defaults| concern(defaults, on))
    };
    // General ones stand in place of the built-in ones, those of a namespace come in addition.
    if let Some(general) = defaults().find(|defaults| defaults.namespace.is_none()) {
        grants.clone_from(&general.grants);
    }
    for local in defaults().filter(|defaults| defaults.namespace.is_some()) {
        for (grantee, privileges) in &local.grants {
            grants.entry(grantee.clone()).or_default().extend(privileges.clone());
        }
    }
    grants
}

fn alter(schema: &mut Schema, id: &ObjectId, change: &Change) -> Result<(), EffectError> {
    if let (Kind::Acl, Some(on), false) = (id.kind, &id.on, schema.contains(id)) {
        let grants = grants_when_new(schema, on);
        schema.put(Acl::of((**on).clone(), grants));
    }
    if id.kind == Kind::Column && !schema.contains(id) {
        own_column(schema, &id.qualified(), id.own_name());
    }
    let left = match change {
        Change::Table(TableChange::Detach { concurrently: true, .. }) => {
            attach::left_when_detached(schema, &id.qualified())
        }
        _ => None,
    };
    if let Change::Table(TableChange::Detach { .. } | TableChange::NoInherit(_)) = change {
        schema.keep_inherited(&id.qualified());
    }
    if let Change::Table(TableChange::Detach { .. }) = change {
        attach::table_detached(schema, &id.qualified());
    }
    if let Some(check) = left {
        schema.put(check);
    }
    if let Change::Column(ColumnChange::Type { .. } | ColumnChange::Generated(None) | ColumnChange::Default(_)) = change
    {
        // Such a change goes down to partitions and children that hold the column as their own variant.
        for heir in schema.all_heirs(&id.qualified()) {
            let heir = ObjectId::part(Kind::Column, &heir, id.own_name());
            let is_computed = matches!(schema.get(&heir), Some(Object::Column(column)) if column.generated.is_some());
            if is_computed && matches!(change, Change::Column(ColumnChange::Default(_))) {
                continue;
            }
            if let Some(column) = schema.get_mut(&heir) {
                column.apply(change);
                schema.names_changed(&heir);
            }
        }
    }
    if let Change::Column(ColumnChange::NotNull(true)) = change {
        // Such a constraint of a child then says no more than its column.
        for heir in schema.all_heirs(&id.qualified()) {
            schema.remove(&ObjectId::part(
                Kind::Constraint,
                &heir,
                &not_null_name(&heir, id.own_name()),
            ));
        }
    }
    if let Change::Column(ColumnChange::NotNull(false)) = change {
        for heir in schema.all_heirs(&id.qualified()) {
            set_not_null(schema, &heir, id.own_name(), false);
        }
        for constraint in named_not_null(schema, id) {
            schema.remove(&constraint);
        }
    }
    if let (Change::Constraint(ConstraintChange::Validate), Some(Object::Constraint(constraint))) =
        (change, schema.get(id).cloned())
    {
        if let ConstraintRule::NotNull { column, .. } = &constraint.rule {
            set_not_null(schema, &constraint.table, column, true);
        }
    }
    let parent = match change {
        Change::Constraint(ConstraintChange::Attach(parent)) | Change::Index(IndexChange::Attach(parent)) => {
            Some(parent)
        }
        _ => None,
    };
    if let (Change::Constraint(_), Some(parent)) = (change, parent) {
        let missing = || EffectError::Missing(ObjectId::named(Kind::Index, parent));
        let parent = attach::parent_index(schema, &id.qualified(), parent).ok_or_else(missing)?;
        if parent.kind == Kind::Constraint {
            attach::key_attached(schema, id, &parent);
            return Ok(());
        }
    }
    if let (Change::Index(IndexChange::Clustered(_)), Some(Object::Index(index))) = (change, schema.get(id)) {
        // A table is clustered on one index at most, and `SET WITHOUT CLUSTER` names none.
        let table = index.table.clone();
        let marked: Vec<QualifiedName> = clustered_on(schema, &table).map(|index| index.name.clone()).collect();
        for name in marked {
            if let Some(Object::Index(index)) = schema.get_mut(&ObjectId::named(Kind::Index, &name)) {
                index.clustered = false;
            }
        }
    }
    let owner_before = owner::owner_of(schema, id.subject()).cloned();
    let object = schema.get_mut(id).ok_or_else(|| EffectError::Missing(id.clone()))?;
    if !object.apply(change) {
        return Err(EffectError::Mismatch(id.clone()));
    }
    schema.names_changed(id);
    if let Change::EnumType(EnumChange::RenameLabel { from, to }) = change {
        schema.label_renamed(&id.qualified(), from, to);
    }
    if let Some(parent) = parent {
        attach::index_attached(schema, parent);
    }
    if let Change::Owner(OwnerChange::Role(role)) = change {
        owner::take_over(schema, id.subject(), owner_before.as_ref(), role);
    }
    if let Change::Acl(_) = change {
        owner::leave_out_own(schema, id);
    }
    if let Change::Table(TableChange::Attach(of)) = change {
        schema.drop_inherited_by(&id.qualified());
        attach::table_attached(schema, &id.qualified(), &of.parent);
    }
    Ok(())
}

/// The indexes that a table is marked to be clustered on; one at most in a database.
fn clustered_on<'a>(schema: &'a Schema, table: &'a QualifiedName) -> impl Iterator<Item = &'a Index> {
    schema.indexes(table).filter(|index| index.clustered)
}

/// A partition's column is its parent's until it is changed; then it is the partition's own.
fn own_column(schema: &mut Schema, table: &QualifiedName, name: &Ident) {
    if schema.column(table, name).is_none() {
        let inherited = schema
            .all_columns(table)
            .into_iter()
            .find(|column| column.name == *name)
            .cloned();
        if let Some(column) = inherited {
            schema.put(Column {
                table: table.clone(),
                ..column
            });
        }
    }
}
