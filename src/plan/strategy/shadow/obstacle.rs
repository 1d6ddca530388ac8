//! What keeps a table from going through a shadow.

use crate::diff::Delta;
use crate::name::{Ident, QualifiedName};
use crate::object::column::Column;
use crate::object::constraint::{Constraint, ConstraintRule, ReferentialAction};
use crate::object::table::{PartitionBound, PartitionStrategy, ReplicaIdentity, Table};
use crate::object::{Definition, Kind, Object, ObjectId};
use crate::pair::Pair;
use crate::plan::called::called;
use crate::plan::strategy::rebuild::dependents;
use crate::plan::strategy::type_change::{Effort, effort};
use crate::schema::Schema;
use crate::types::TypeName;

use super::{Cause, Scene, excluded, incoming, stand_in, takes_over};

/// What stands in the way, as the end of a sentence.
pub(super) fn first(scene: &Scene, original: &Schema, deltas: &[Delta]) -> Option<String> {
    let fixed = [
        (
            form(scene),
            "it inherits, is itself a partition, has a type, forces row security, or takes its replica identity from an index",
        ),
        (original.table(&scene.live.name).is_none(), "it is itself renamed"),
        (
            taken(scene, original),
            "a name that its shadow or a partition needs is taken",
        ),
        (
            columns(scene),
            "its columns change at the same time; change them in a plan of their own",
        ),
        (
            published(scene),
            "a publication has it, and its subscribers do not know the shadow",
        ),
        (
            uncovered(scene),
            "not every row has a partition to go to below its partitions",
        ),
    ];
    if let Some((_, reason)) = fixed.into_iter().find(|(stands, _)| *stands) {
        return Some(reason.into());
    }
    if let Some(name) = tightened(scene) {
        return Some(format!(
            "{name} refuses more than the table does now; add it in a plan of its own"
        ));
    }
    if let Some(key) = keys(scene) {
        return Some(format!(
            "the foreign key {key} has no form over the shadow: it refers to its own table, belongs to a partitioned table, refers to one that changes in the same way, or changes along with its key"
        ));
    }
    if let Some(id) = deferrable(scene) {
        return Some(format!(
            "{id} is deferrable, and each write of a trigger to the shadow would be held to it by itself"
        ));
    }
    if let Some(id) = calls(scene) {
        return Some(format!(
            "a check, an index or a column of it uses {id}, which may look for names where the trigger that writes the shadow does not"
        ));
    }
    if let Some(id) = used(scene) {
        return Some(format!("{id} uses it, and is no view"));
    }
    let builtin = |name: &Ident| {
        let column = scene.context.live_column(&scene.live.name, name);
        column.is_some_and(|column| column.type_name.is_builtin())
    };
    if !scene.key.iter().all(builtin) {
        return Some("a type of its key does not come with PostgreSQL".into());
    }
    // Sequences would have to change hands while both tables use them.
    let sequence = deltas
        .iter()
        .map(Delta::id)
        .find(|id| id.kind == Kind::Sequence && scene.context.live_owned_sequences(&scene.live.name).contains(*id));
    sequence.map(|id| format!("{id} changes at the same time"))
}

fn form(scene: &Scene) -> bool {
    let Pair { live, desired } = scene.context.schemas;
    let plain = |table: &Table| {
        table.inherits.is_empty()
            && table.partition_of.is_none()
            && table.of_type.is_none()
            && table.foreign.is_none()
            && !table.force_row_security
            && !matches!(table.replica_identity, ReplicaIdentity::Index(_))
    };
    let inherited = |schema: &Schema, table: &Table| schema.heirs(&table.name).any(|heir| heir.partition_of.is_none());
    !plain(scene.live) || !plain(scene.desired) || inherited(live, scene.live) || inherited(desired, scene.desired)
}

fn taken(scene: &Scene, original: &Schema) -> bool {
    let desired = scene.context.schemas.desired;
    let ours = ["new", "rest"].map(|suffix| scene.helper(suffix));
    let partitions = stand_in::partitions(desired, &scene.live.name);
    let mut names = ours.iter().chain(&partitions);
    names.any(|name| original.relation(name).is_some() || scene.context.schemas.live.relation(name).is_some())
}

/// Whether the old and the new values of a column of the key can be told to be equal.
fn is_compared(old: &Column, new: &Column) -> bool {
    let whole = |name: &TypeName| matches!(name.name.as_str(), "smallint" | "integer" | "bigint") && !name.array;
    let (from, to) = (&old.type_name, &new.type_name);
    whole(from) && whole(to) || effort(from, to, true) == Effort::Catalog
}

/// Whether rows can be copied as they are: the same columns, of types that take their values, that refuse no more nulls.
fn columns(scene: &Scene) -> bool {
    let Pair { live, desired } = scene.context.schemas;
    let (before, after) = (
        live.all_columns(&scene.live.name),
        desired.all_columns(&scene.live.name),
    );
    let held = |column: &&&Column| column.generated.is_none();
    let retyped = |old: &Column, new: &Column| {
        scene.cause == Cause::Rows
            && takes_over(old, new, scene.context)
            && (is_compared(old, new) || !scene.key.contains(&old.name))
    };
    let fits = |column: &&Column| {
        // A computed value is not copied; none may be null that is allowed to be now.
        if column.generated.is_some() {
            let same = |old: &&&Column| old.name == column.name && old.not_null && old.generated == column.generated;
            return !column.not_null || before.iter().any(|old| same(&old));
        }
        before.iter().any(|old| {
            old.name == column.name
                && (old.type_name == column.type_name || retyped(old, column))
                && old.collation == column.collation
                && old.generated == column.generated
                && old.identity.is_some() == column.identity.is_some()
                && (old.not_null || !column.not_null)
        })
    };
    let below = stand_in::partitions(desired, &scene.live.name);
    let of_their_own = below.iter().any(|table| desired.columns(table).next().is_some());
    of_their_own || before.iter().filter(held).count() != after.iter().filter(held).count() || !after.iter().all(fits)
}

fn published(scene: &Scene) -> bool {
    let publications = scene.context.schemas.live.of_kind(Kind::Publication);
    publications.into_iter().any(|(_, object)| match object {
        Object::Publication(publication) => {
            let named = publication.tables.iter().any(|member| member.table == scene.live.name);
            let namespace = scene.live.name.namespace.as_ref();
            named
                || publication.all_tables
                || namespace.is_some_and(|namespace| publication.namespaces.contains(namespace))
        }
        _ => false,
    })
}

/// Whether a row may find no partition at a level where no default one of ours takes it.
fn uncovered(scene: &Scene) -> bool {
    let schema = scene.context.schemas.desired;
    let covered = |table: &Table| -> bool {
        let heirs: Vec<&PartitionBound> = schema
            .heirs(&table.name)
            .filter_map(|heir| heir.partition_of.as_ref().map(|of| &of.bound))
            .collect();
        match table.partition_by.as_ref().map(|key| key.strategy) {
            None => true,
            Some(PartitionStrategy::Hash) => all_remainders(&heirs),
            Some(_) => table.name == scene.desired.name || heirs.contains(&&PartitionBound::Default),
        }
    };
    let mut tables: Vec<QualifiedName> = stand_in::partitions(schema, &scene.live.name);
    tables.push(scene.live.name.clone());
    !tables.iter().filter_map(|name| schema.table(name)).all(covered)
}

fn all_remainders(bounds: &[&PartitionBound]) -> bool {
    let share: f64 = bounds
        .iter()
        .map(|bound| match bound {
            PartitionBound::Hash { modulus, .. } => 1.0 / f64::from(*modulus),
            _ => 0.0,
        })
        .sum();
    share > 1.0 - 1e-9
}

/// What depends on the table or its row type, and cannot simply come back over the shadow.
fn used(scene: &Scene) -> Option<ObjectId> {
    let own = scene.own();
    let sequences = scene.context.live_owned_sequences(&scene.live.name);
    let keys: Vec<ObjectId> = incoming(scene.context.schemas.live, &scene.live.name)
        .into_iter()
        .map(Definition::id)
        .collect();
    dependents(&scene.id(), scene.context).into_iter().find(|id| {
        id.kind != Kind::View
            && !id.kind.is_satellite()
            && !own.contains(id)
            && !sequences.contains(id)
            && !keys.contains(id)
    })
}

/// A desired rule that the live table does not keep: writes of the old application could fail on it in the shadow.
fn tightened(scene: &Scene) -> Option<ObjectId> {
    let Pair { live, desired } = scene.context.schemas;
    let mut tables = stand_in::partitions(desired, &scene.live.name);
    tables.push(scene.live.name.clone());
    let constraint = tables
        .iter()
        .flat_map(|table| desired.constraints(table))
        .filter(|constraint| !excluded::is_new(constraint, scene))
        .find(|constraint| !stand_in::holds(constraint, &scene.live.name, scene.context));
    let index = tables
        .iter()
        .flat_map(|table| desired.indexes(table))
        .filter(|index| index.unique && index.attached_to.is_none())
        .find(|index| {
            let mut live = live.indexes(&scene.live.name);
            !live.any(|other| {
                other.unique
                    && other.keys == index.keys
                    && other.predicate == index.predicate
                    && (other.nulls_not_distinct || !index.nulls_not_distinct)
            })
        });
    constraint
        .map(|constraint| constraint.id())
        .or(index.map(|index| index.id()))
}

/// A key or an exclusion that may wait for the end of a transaction.
fn deferrable(scene: &Scene) -> Option<ObjectId> {
    let constraints = scene.context.schemas.desired.constraints(&scene.live.name);
    let mut waiting = constraints.filter(|constraint| constraint.deferrable && constraint.has_index());
    waiting.next().map(|constraint| constraint.id())
}

/// A rule of the shadow that calls a function of a user: the trigger writes under a search path of its own, and what the function
/// looks up by its own path would not be found.
fn calls(scene: &Scene) -> Option<ObjectId> {
    let desired = scene.context.schemas.desired;
    let mut tables = stand_in::partitions(desired, &scene.live.name);
    tables.push(scene.live.name.clone());
    called(desired, &tables)
}

/// A foreign key that cannot be made over the shadow without blocking, or that would see keys too early.
fn keys(scene: &Scene) -> Option<ObjectId> {
    let Pair { live, desired } = scene.context.schemas;
    let own = |constraint: &&Constraint| match &constraint.rule {
        ConstraintRule::ForeignKey(key) => {
            let form = |schema: &Schema| schema.table(&key.references).map(|table| table.partition_by.clone());
            key.references == scene.live.name || key.period || form(live) != form(desired)
        }
        ConstraintRule::Exclude(_) => scene.desired.partition_by.is_some(),
        _ => false,
    };
    let awkward = |constraint: &&Constraint| {
        let partitioned = |schema: &Schema| {
            schema
                .table(&constraint.table)
                .is_some_and(|table| table.partition_by.is_some() || table.partition_of.is_some())
        };
        let follows = matches!(&constraint.rule, ConstraintRule::ForeignKey(key)
            if !matches!(key.on_update, ReferentialAction::NoAction | ReferentialAction::Restrict) || key.period);
        // What acts on rows acts at once, also where the foreign key waits for the end of the transaction.
        let acts = matches!(&constraint.rule, ConstraintRule::ForeignKey(key)
            if constraint.deferrable && !matches!(key.on_delete, ReferentialAction::NoAction | ReferentialAction::Restrict));
        partitioned(live) || partitioned(desired) || follows || acts || constraint.not_enforced
    };
    let found = desired
        .constraints(&scene.live.name)
        .find(own)
        .or_else(|| incoming(desired, &scene.live.name).into_iter().find(awkward));
    found.map(|constraint| constraint.id())
}
