//! What PostgreSQL cannot do, or nobody can know, is refused before anything is planned.

use std::collections::BTreeSet;

use crate::attach;
use crate::diff::Delta;
use crate::name::QualifiedName;
use crate::object::column::ColumnChange;
use crate::object::domain::{DomainChange, DomainConstraintChange};
use crate::object::{Change, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::pair::Pair;
use crate::plan::check::Broken;
use crate::plan::context::Context;
use crate::plan::order::Cycle;
use crate::plan::strategy::{BadMove, not_null_in_the_way};
use crate::plan::{casts, foreign_rows, held};
use crate::schema::{Schema, parents};
use crate::types::TypeName;

/// Why no plan can be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Steps wait for each other.
    #[error(transparent)]
    Cycle(#[from] Cycle),
    /// The plan breaks a law.
    #[error("pgphase made a plan that breaks its own laws, so it is withheld: {0}")]
    Broken(#[from] Broken),
    /// A change of type that PostgreSQL has no cast for.
    #[error(
        "{column} cannot become {to}: PostgreSQL has no cast from {from}, so nobody knows what its values shall become; say it with `-- @using EXPRESSION` right before the column, or add a column of the new type, fill it, and drop the old one"
    )]
    NoCast {
        /// The column.
        column: ObjectId,
        /// Its type.
        from: TypeName,
        /// The type that the files want.
        to: TypeName,
    },
    /// A column that cannot be moved as the files say.
    #[error(transparent)]
    Moved(#[from] BadMove),
    /// The rows of a foreign table cannot be filled in batches.
    #[error(
        "{column} belongs to a foreign table, whose rows cannot be filled from here: there are no pages and no key to go by, and nothing here binds who writes them; fill them on their server, and leave `-- @backfill` out"
    )]
    ForeignRows {
        /// The column.
        column: ObjectId,
    },
    /// PostgreSQL takes no column of its own for a typed table.
    #[error(
        "{column} belongs to a typed table, whose columns are those of its type: make it an ordinary table (NOT OF) in a plan of its own, then change its columns"
    )]
    TypedTable {
        /// The column.
        column: ObjectId,
    },
    /// A type cannot get another form while columns have it.
    #[error(
        "{id} cannot get its new form while {column} has it, and {why}: make a new type beside it, move what has it over to that, and drop the old one"
    )]
    TypeInUse {
        /// The type, or the table whose rows are one.
        id: ObjectId,
        /// A column or routine that has it.
        column: ObjectId,
        /// What keeps it from being made anew beside the columns, as the end of a sentence.
        why: String,
    },
    /// PostgreSQL does not look for what a domain refuses inside of other values.
    #[error(
        "{id} would stop in the middle: {column} has values of {domain} inside of others, where PostgreSQL refuses to look for what the domain shall refuse; give the domain a check that stays NOT VALID, or change the column in a plan of its own first"
    )]
    HeldDomain {
        /// What the domain shall get: a check, or NOT NULL.
        id: ObjectId,
        /// The domain.
        domain: ObjectId,
        /// One of the columns.
        column: ObjectId,
    },
    /// PostgreSQL changes no column that a table has from several parents.
    #[error(
        "{column} cannot get {what} while {heir} has it from {parent} as well: PostgreSQL has no statement that changes it in both; let {heir} stop inheriting from one of them in a plan of its own, and inherit again afterwards"
    )]
    SeveralParents {
        /// The column.
        column: ObjectId,
        /// What it shall get: another type, another name.
        what: &'static str,
        /// The table that inherits it twice.
        heir: QualifiedName,
        /// The other parent.
        parent: QualifiedName,
    },
    /// A new table has something of its own for a column whose form changes.
    #[error(
        "{column} comes with something of its own, a default or a setting, while the column of its parent gets another name or type: until contract both forms are there, and the new table would have to fit both; let it come without that or in a plan of its own"
    )]
    OwnSetting {
        /// The column of the new table.
        column: ObjectId,
    },
    /// PostgreSQL takes no expression away over three levels.
    #[error(
        "{column} cannot stop being computed while {child} has children of its own: PostgreSQL has no statement that takes the expression away over three levels; let those below {child} leave it in a plan of their own, and come back afterwards"
    )]
    DeepExpression {
        /// The column.
        column: ObjectId,
        /// The table in the middle.
        child: QualifiedName,
    },
    /// PostgreSQL makes not-null constraints of a family anew with a type, and stumbles over their names.
    #[error(
        "{column} cannot get another type in place: since PostgreSQL 18 it makes the not-null constraints of {table} and of the tables below anew, and stops where they have names of their own; let the tables below leave it in a plan of their own, and come back afterwards"
    )]
    OwnNotNull {
        /// The column.
        column: ObjectId,
        /// The table whose constraint is in the way.
        table: QualifiedName,
    },
    /// PostgreSQL drops neither the key of a partition nor the index of the parent that it is attached to.
    #[error(
        "{key} is attached to {index}, and PostgreSQL drops neither without the other but with CASCADE: detach partition {partition}, make a plan for what is left, and attach it again"
    )]
    HeldKey {
        /// The key.
        key: ObjectId,
        /// The index of the parent.
        index: ObjectId,
        /// The partition.
        partition: QualifiedName,
    },
}

/// The differences can be planned, each for itself.
pub(super) fn possible(deltas: &[Delta], context: &Context) -> Result<(), PlanError> {
    castable(deltas, context)?;
    free_to_change(deltas, context)?;
    untyped(deltas, context)?;
    not_inside(deltas, context)?;
    of_one_family(deltas, context)?;
    foreign_rows::refuse(deltas, context)
}

/// Every change of type has a cast, or says how.
fn castable(deltas: &[Delta], context: &Context) -> Result<(), PlanError> {
    for delta in deltas {
        let Delta::Alter(column, changes) = delta else { continue };
        let Some(live) = context.live_column(&column.qualified(), column.own_name()) else {
            continue;
        };
        for change in changes {
            let Change::Column(ColumnChange::Type {
                type_name, using: None, ..
            }) = change
            else {
                continue;
            };
            let told = context.wishes.using.contains_key(column);
            let from = &live.type_name;
            let is_enum = || {
                context
                    .schemas
                    .live
                    .contains(&ObjectId::named(Kind::EnumType, &from.qualified()))
            };
            let into_array = from.array != type_name.array && from.element() == type_name.element() && is_enum();
            let no_cast = || {
                let Pair { live, desired } = context.schemas;
                casts::impossible(&based(from, live), &based(type_name, desired), context.server_version)
            };
            if !told && (into_array || no_cast()) {
                return Err(PlanError::NoCast {
                    column: column.clone(),
                    from: from.clone(),
                    to: type_name.clone(),
                });
            }
        }
    }
    Ok(())
}

/// What a domain is based on in the end: PostgreSQL looks for the casts of that.
fn based(type_name: &TypeName, schema: &Schema) -> TypeName {
    let mut based = type_name.clone();
    let mut seen = BTreeSet::new();
    while !based.array
        && seen.insert(based.qualified())
        && let Some(Object::Domain(domain)) = schema.get(&ObjectId::named(Kind::Domain, &based.qualified()))
    {
        based = domain.base.clone();
    }
    based
}

/// A type becomes one of another kind only where no column has it.
fn free_to_change(deltas: &[Delta], context: &Context) -> Result<(), PlanError> {
    // A type of another kind takes the name.
    let changes_kind = |delta: &&Delta| match delta {
        Delta::Drop(id) => id.kind.is_type() && context.references.desired.has_type(&id.qualified()),
        _ => false,
    };
    let why = "PostgreSQL has no statement for it";
    let mut ids = deltas.iter().filter(changes_kind).map(Delta::id);
    ids.try_for_each(|id| free_of_columns(id, why, context))?;
    relabelled(deltas, context)?;
    rows_of_routines(deltas, context)
}

/// No composite type becomes a table, or a table one, while a routine that stays has it.
fn rows_of_routines(deltas: &[Delta], context: &Context) -> Result<(), PlanError> {
    let Pair { live, desired } = context.schemas;
    for delta in deltas {
        let Delta::Drop(id) = delta else { continue };
        let becomes = match id.kind {
            Kind::CompositeType => desired.table(&id.qualified()).is_some(),
            Kind::Table => desired.contains(&ObjectId::named(Kind::CompositeType, &id.qualified())),
            _ => false,
        };
        let is_routine = |user: &&ObjectId| matches!(user.kind, Kind::Function | Kind::Procedure | Kind::Aggregate);
        let mut users = context.live_users.get(id).into_iter().flatten().filter(is_routine);
        if let Some(user) = users.find(|user| becomes && live.get(user) == desired.get(user)) {
            return Err(PlanError::TypeInUse {
                id: id.clone(),
                column: user.clone(),
                why: "PostgreSQL has no statement for it".into(),
            });
        }
    }
    Ok(())
}

/// No type is made anew while a column has it by way of another one: that stays bound to the type as it was.
fn relabelled(deltas: &[Delta], context: &Context) -> Result<(), PlanError> {
    for delta in deltas {
        let Delta::Replace(id, why) = delta else { continue };
        if matches!(id.kind, Kind::EnumType | Kind::CompositeType)
            && let Some(column) = held::by_way_of_another(&id.qualified(), context.schemas.live)
        {
            return Err(PlanError::TypeInUse {
                id: id.clone(),
                column,
                why: format!("{why}, for which PostgreSQL has no statement where another type stands between the two"),
            });
        }
    }
    Ok(())
}

/// A domain with another base type, and a composite type with other attributes, goes through twins of the columns that have it (`hindered`: why not), or no column has it.
pub(super) fn based_anew(
    deltas: &[Delta],
    taken: &BTreeSet<ObjectId>,
    hindered: &[(ObjectId, String)],
    context: &Context,
) -> Result<(), PlanError> {
    for delta in deltas {
        let Delta::Replace(id, _) = delta else { continue };
        if matches!(id.kind, Kind::Domain | Kind::CompositeType) && !taken.contains(id) {
            let why = hindered.iter().find(|(of, _)| of == id);
            let why = why.map_or("PostgreSQL has no statement for it", |(_, why)| why);
            free_of_columns(id, why, context)?;
        }
    }
    Ok(())
}

fn free_of_columns(id: &ObjectId, why: &str, context: &Context) -> Result<(), PlanError> {
    let stays = |user: &&ObjectId| {
        let of = |schema: &Schema| match schema.get(user) {
            Some(Object::Column(column)) => Some(column.type_name.clone()),
            _ => None,
        };
        of(context.schemas.live).is_some() && of(context.schemas.live) == of(context.schemas.desired)
    };
    let mut users = context.live_users.get(id).into_iter().flatten();
    match users.find(stays) {
        Some(column) => Err(PlanError::TypeInUse {
            id: id.clone(),
            column: column.clone(),
            why: why.into(),
        }),
        None => Ok(()),
    }
}

/// No column comes, goes or changes its type where a table is typed by a composite type, before or after.
fn untyped(deltas: &[Delta], context: &Context) -> Result<(), PlanError> {
    let reshapes = |delta: &&Delta| {
        let id = delta.id();
        let changes_form = match delta {
            Delta::Alter(_, changes) => changes
                .iter()
                .any(|change| matches!(change, Change::Column(ColumnChange::Type { .. }))),
            _ => true,
        };
        let Pair { live, desired } = context.schemas.map(|schema| schema.table(&id.qualified()));
        let is_typed = live
            .zip(desired)
            .is_some_and(|(live, desired)| live.of_type.is_some() || desired.of_type.is_some());
        id.kind == Kind::Column && changes_form && is_typed
    };
    match deltas.iter().find(reshapes) {
        Some(delta) => Err(PlanError::TypedTable {
            column: delta.id().clone(),
        }),
        None => Ok(()),
    }
}

/// No column gets another type that a table below has from a parent outside of the family as well, and goes on to (measured on 14 to 18:
/// `cannot alter inherited column`).
fn of_one_family(deltas: &[Delta], context: &Context) -> Result<(), PlanError> {
    let is_type = |change: &Change| matches!(change, Change::Column(ColumnChange::Type { .. }));
    let changed = deltas.iter().filter_map(|delta| match delta {
        Delta::Alter(id, changes) if changes.iter().any(is_type) => Some(id),
        _ => None,
    });
    for column in changed {
        if let Some((heir, parent)) = parent_outside(column, context.schemas) {
            return Err(PlanError::SeveralParents {
                column: column.clone(),
                what: "another type",
                heir,
                parent,
            });
        }
    }
    Ok(())
}

/// The same for another name, as renames were declared; `original` is the live schema before them.
pub(super) fn named_in_one_family(
    renames: &[Operation],
    original: &Schema,
    context: &Context,
) -> Result<(), PlanError> {
    for rename in renames {
        let Operation::Rename { from, .. } = rename else {
            continue;
        };
        let schemas = Pair {
            live: original,
            desired: context.schemas.desired,
        };
        if from.kind != Kind::Column {
            continue;
        }
        if let Some((heir, parent)) = parent_outside(from, schemas) {
            return Err(PlanError::SeveralParents {
                column: from.clone(),
                what: "another name",
                heir,
                parent,
            });
        }
    }
    Ok(())
}

/// A table that has a column from this one, and from a parent that does not, before and after.
fn parent_outside(column: &ObjectId, schemas: Pair<&Schema>) -> Option<(QualifiedName, QualifiedName)> {
    let Pair { live, desired } = schemas;
    let table = column.qualified();
    let below = live.all_heirs(&table);
    let stays = desired.all_heirs(&table);
    below.iter().filter(|heir| stays.contains(*heir)).find_map(|heir| {
        let after = desired.table(heir)?;
        let outside = |parent: &&QualifiedName| **parent != table && !below.contains(*parent);
        let has_it = |parent: &&QualifiedName| {
            let columns = live.all_columns(parent);
            columns.iter().any(|own| own.name == *column.own_name())
        };
        let goes_on = |parent: &&QualifiedName| parents(after).any(|other| other == *parent);
        let mut found = parents(live.table(heir)?).filter(outside).filter(goes_on);
        found.find(has_it).map(|parent| (heir.clone(), parent.clone()))
    })
}

/// No domain refuses more while columns hold it inside of other values.
fn not_inside(deltas: &[Delta], context: &Context) -> Result<(), PlanError> {
    let Pair { live, desired } = context.schemas;
    for delta in deltas {
        let id = delta.id();
        let is_looked_for = match delta {
            Delta::Alter(_, changes) => changes.iter().any(|change| {
                matches!(
                    change,
                    Change::Domain(DomainChange::NotNull(true))
                        | Change::DomainConstraint(DomainConstraintChange::Validate)
                )
            }),
            Delta::Create(_) | Delta::Replace(..) => {
                matches!(desired.get(id), Some(Object::DomainConstraint(constraint)) if !constraint.not_valid)
            }
            Delta::Drop(_) => false,
        };
        let domain = ObjectId::named(Kind::Domain, &id.qualified());
        if !is_looked_for || !live.contains(&domain) {
            continue;
        }
        // A column that goes is still there when it is looked for, and one that comes is there already.
        let mut schemas = [live, desired].into_iter();
        if let Some(column) = schemas.find_map(|schema| held::holder(&id.qualified(), schema)) {
            return Err(PlanError::HeldDomain {
                id: id.clone(),
                domain,
                column,
            });
        }
    }
    Ok(())
}

/// No column gets another type in place that PostgreSQL would stop at.
pub(super) fn retypable(deltas: &[Delta], taken: &BTreeSet<ObjectId>, context: &Context) -> Result<(), PlanError> {
    for delta in deltas.iter().filter(|delta| !taken.contains(delta.id())) {
        if let Delta::Alter(id, changes) = delta
            && id.kind == Kind::Column
            && let Some(table) = not_null_in_the_way(id, changes, context)
        {
            return Err(PlanError::OwnNotNull {
                column: id.clone(),
                table,
            });
        }
    }
    Ok(())
}

/// No key of a partition goes, or changes, that serves a plain index of the parent, and no such index, while both tables stay
/// as they are, but together (PostgreSQL documentation, ALTER INDEX ATTACH PARTITION; tried on 15: `cannot drop index .. because other objects
/// depend on it`).
pub(super) fn not_held(deltas: &[Delta], taken: &BTreeSet<ObjectId>, context: &Context) -> Result<(), PlanError> {
    let Pair { live, desired } = context.schemas;
    let goes = |id: &ObjectId| {
        let concerned = deltas.iter().find(|delta| delta.id() == id);
        concerned.is_some_and(|delta| matches!(delta, Delta::Drop(_) | Delta::Replace(..)))
    };
    for (key, object) in live.of_kind(Kind::Constraint) {
        let Object::Constraint(constraint) = object else {
            continue;
        };
        let Some(index) = attach::holds(live, key).map(|name| ObjectId::named(Kind::Index, name)) else {
            continue;
        };
        let parent = |schema: &Schema| {
            let table = schema.table(&constraint.table);
            table.and_then(|table| table.partition_of.as_ref().map(|of| of.parent.clone()))
        };
        let is_taken = taken.contains(key) && taken.contains(&index);
        if (goes(key) || goes(&index)) && !is_taken && parent(live) == parent(desired) {
            return Err(PlanError::HeldKey {
                key: key.clone(),
                index,
                partition: constraint.table.clone(),
            });
        }
    }
    Ok(())
}
