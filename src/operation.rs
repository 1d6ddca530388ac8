//! Operations: one typed DDL or data operation each, with its effect on a [`Schema`].
//!
//! Parsing a statement gives operations; folding them over an empty schema gives the schema the statements describe. The
//! planner emits the same operations, so that it can compute the schema after every step.

mod alter;
mod column;
mod create;
mod drop;

use serde::{Deserialize, Serialize};

use alter::alter;
pub(crate) use column::{named_not_null, not_null_name, unnamed_not_null};
use create::{create, create_like};
use drop::{drop, leave_to_heirs};

use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};
use crate::object::constraint::Constraint;
use crate::object::constraint::introspect::is_plain_not_null;
use crate::object::index::Index;
use crate::object::table::TableChange;
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
                if schema.contains(to) {
                    return Err(EffectError::Exists(to.clone()));
                }
                if !schema.contains(from) {
                    let Some(unnamed) = unnamed_not_null(schema, from) else {
                        // Its column has got another name meanwhile, and it follows.
                        let follows = unnamed_not_null(schema, to).is_some();
                        return follows.then_some(()).ok_or_else(|| EffectError::Missing(from.clone()));
                    };
                    schema.put(unnamed);
                }
                schema.rename(from, to);
                let of_column = match to.kind {
                    Kind::Column => named_not_null(schema, to),
                    _ => vec![to.clone()],
                };
                for id in of_column {
                    if matches!(schema.get(&id), Some(Object::Constraint(constraint)) if is_plain_not_null(constraint))
                    {
                        schema.remove(&id);
                    }
                }
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
