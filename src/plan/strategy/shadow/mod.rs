//! A table that gets another form, through a shadow table beside it: it becomes partitioned, is partitioned in another way or no longer,
//! gets a stored generated column or another expression for one, or an exclusion constraint, or another type for a column that one of
//! those reads.
//!
//! **The danger.** For partitions PostgreSQL has no ALTER: without a shadow the table goes with its rows and is made anew. Generated
//! columns rewrite the table, and exclusion constraints build their index, while reads and writes wait.
//!
//! | phase | step |
//! |---|---|
//! | expand | the shadow with its partitions, keys and indexes; triggers that carry every write over to it |
//! | backfill | INSERT ... SELECT in batches, each row locked FOR SHARE, ON CONFLICT DO NOTHING |
//! | validate | compare both, row by row; foreign keys of other tables to the shadow NOT VALID, VALIDATE |
//! | contract, with approval | one transaction: the old table goes; the shadow and what stands over it take the names; triggers, rules, policies and views come over it |
//!
//! Both applications use the table under its name all the time. Rows that no partition takes go to a default one of ours, so that
//! no write fails before contract; contract asks for them to be gone. Under REPEATABLE READ a write may fail once with 40001 where its
//! row has been copied meanwhile; tried again, it succeeds.
//!
//! A generated column or an exclusion constraint may refuse rows that the table takes today. So there all of it but the switch is in
//! validate, and the rows that break an exclusion constraint are told before (`excluded`).
//!
//! **Not used** where something stands in the way (`obstacle`): then the table is dropped and made anew, or changed in place, with approval.
//! **If it stops half-way**: every step before contract can be undone; contract is one transaction.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::Delta;
use crate::name::{Ident, QualifiedName};
use crate::object::column::{Column, ColumnChange};
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::table::Table;
use crate::object::{Change, Definition, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::pair::Pair;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::foreign_table;
use crate::plan::strategy::not_null::helper_name;
use crate::plan::strategy::rebuild::{self, Around, dependents};
use crate::plan::strategy::twin::{Group, Twins, assigns};
use crate::plan::strategy::type_change::{Effort, effort, effort_on};
use crate::plan::{Class, Phase};
use crate::refs::{parts_of_column, uses_word};
use crate::schema::Schema;

mod compare;
mod excluded;
mod obstacle;
mod prepare;
mod stand_in;
mod switch;
mod sync;

/// Why a table goes through a shadow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    /// Its partitions.
    Partitions,
    /// Rows that are computed or compared: the new form may refuse some that the table takes today.
    Rows,
}

/// A table and its shadow.
struct Scene<'a> {
    cause: Cause,
    /// The table as it is.
    live: &'a Table,
    /// The table as it shall be.
    desired: &'a Table,
    /// The name of the shadow while both stand.
    shadow: QualifiedName,
    /// The columns that hold values of their own, in order.
    columns: Vec<Ident>,
    /// Those of them by which a row is known on both sides.
    key: Vec<Ident>,
    /// The desired schema with the shadow in the place of the table.
    schema: Schema,
    context: &'a Context<'a>,
}

impl Scene<'_> {
    fn id(&self) -> ObjectId {
        ObjectId::named(Kind::Table, &self.live.name)
    }

    fn shadow_id(&self) -> ObjectId {
        ObjectId::named(Kind::Table, &self.shadow)
    }

    /// The live table and its partitions, with their parts.
    fn own(&self) -> BTreeSet<ObjectId> {
        let live = self.context.schemas.live;
        let mut tables = stand_in::partitions(live, &self.live.name);
        tables.push(self.live.name.clone());
        let parts = |table: &QualifiedName| live.descendants(&ObjectId::named(Kind::Table, table));
        tables.iter().flat_map(parts).collect()
    }

    /// A name of ours in the namespace of the table.
    fn helper(&self, suffix: &str) -> QualifiedName {
        helper(&self.live.name, suffix)
    }

    /// Desired foreign keys of other tables to this one.
    fn incoming(&self) -> Vec<&Constraint> {
        incoming(self.context.schemas.desired, &self.live.name)
    }
}

fn helper(table: &QualifiedName, suffix: &str) -> QualifiedName {
    QualifiedName {
        namespace: table.namespace.clone(),
        name: Ident::new(helper_name(table.name.as_str(), suffix)),
    }
}

/// Foreign keys of other tables to a table; those of partitions come from their parents.
fn incoming<'a>(schema: &'a Schema, table: &QualifiedName) -> Vec<&'a Constraint> {
    schema
        .of_kind(Kind::Constraint)
        .filter_map(|(_, object)| match object {
            Object::Constraint(constraint) => Some(constraint),
            _ => None,
        })
        .filter(|constraint| match &constraint.rule {
            ConstraintRule::ForeignKey(key) => key.references == *table && constraint.table != *table,
            _ => false,
        })
        .collect()
}

/// The tables that go through shadows. `original` is the live schema under its old names; columns that are `through` have twins.
pub fn shadows(original: &Schema, deltas: &[Delta], through: &BTreeSet<ObjectId>, context: &Context) -> Twins {
    let mut found = Twins::default();
    let mut scenes = Vec::new();
    for (table, cause) in candidates(deltas, through, context) {
        let Pair { live, desired } = context.schemas;
        let (Some(before), Some(after)) = (live.table(&table), desired.table(&table)) else {
            continue;
        };
        match scene(cause, (before, after), original, deltas, context) {
            Ok(scene) => scenes.push(scene),
            Err(reason) => found.notes.push(otherwise(&table, cause, &reason)),
        }
    }
    let members: Vec<BTreeSet<ObjectId>> = scenes.iter().map(|scene| members(scene, deltas)).collect();
    for (at, scene) in scenes.iter().enumerate() {
        let tied = |other: usize| other != at && !members[at].is_disjoint(&members[other]);
        if (0..members.len()).any(tied) {
            let reason = "a table that it is tied to by a foreign key or a view changes in the same way; change one after the other";
            found.notes.push(otherwise(&scene.live.name, scene.cause, reason));
            continue;
        }
        found.notes.extend(scene.desired.partition_by.is_some().then(|| {
            format!(
                "Autovacuum does not analyze a partitioned table as a whole: run ANALYZE {} after contract.",
                scene.desired.name
            )
        }));
        if context.wishes.cool_down.is_some() {
            found.notes.push(format!(
                "{} is replaced without a cool-down: its old rows go with the switch, and nothing leads back.",
                scene.id()
            ));
        }
        found.groups.push(Group {
            members: members[at].clone(),
            recipe: recipe(scene),
        });
    }
    found
}

/// The tables that have a reason to, each once.
fn candidates(deltas: &[Delta], through: &BTreeSet<ObjectId>, context: &Context) -> BTreeMap<QualifiedName, Cause> {
    let mut found = BTreeMap::new();
    let partition_by =
        |schema: &Schema, table: &QualifiedName| schema.table(table).map(|table| table.partition_by.clone());
    for delta in deltas {
        let id = delta.id();
        let table = id.qualified();
        let Pair { live, desired } = context.schemas;
        match (partition_by(live, &table), partition_by(desired, &table)) {
            (Some(before), Some(after)) if before != after => {
                if id.kind == Kind::Table && matches!(delta, Delta::Replace(..)) {
                    found.insert(table, Cause::Partitions);
                }
            }
            (Some(None), Some(None))
                if works_on_rows(delta, context) || !through.contains(id) && held(delta, context) =>
            {
                let home = ObjectId::named(Kind::Table, &table);
                let in_place = |id: &ObjectId| context.wishes.in_place(id) || context.wishes.in_place.contains(&home);
                if !in_place(id) && !foreign_table::concerns(id, context) {
                    found.entry(table).or_insert(Cause::Rows);
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether a change computes a value for every row of a table that is there, or compares each with the others.
fn works_on_rows(delta: &Delta, context: &Context) -> bool {
    let Pair { live, desired } = context.schemas;
    let stored = |object: Option<&Object>| match object {
        Some(Object::Column(column)) => column.generated.as_ref().is_some_and(|generated| !generated.r#virtual),
        _ => false,
    };
    let excludes = |constraint: &Constraint| matches!(constraint.rule, ConstraintRule::Exclude(_));
    match (delta, delta.id().kind) {
        (Delta::Create(id), Kind::Column) => stored(desired.get(id)),
        (Delta::Alter(id, changes), Kind::Column) => {
            let computes = |change: &Change| matches!(change, Change::Column(ColumnChange::Generated(Some(_))));
            stored(desired.get(id)) && stored(live.get(id)) && changes.iter().any(computes)
        }
        (Delta::Replace(id, _), Kind::Column) => stored(desired.get(id)) && stored(live.get(id)),
        (Delta::Create(id), Kind::Constraint) => {
            matches!(desired.get(id), Some(Object::Constraint(new)) if excludes(new))
        }
        _ => false,
    }
}

/// Whether a column gets another type, while a generated column is computed from it or an exclusion constraint compares it: neither has
/// a form over a twin.
fn held(delta: &Delta, context: &Context) -> bool {
    let Delta::Alter(id, changes) = delta else {
        return false;
    };
    let Pair { live, desired } = context.schemas;
    let (Some(Object::Column(before)), Some(Object::Column(after))) = (live.get(id), desired.get(id)) else {
        return false;
    };
    let retypes = |change: &Change| matches!(change, Change::Column(ColumnChange::Type { .. }));
    if !changes.iter().any(retypes) || !takes_over(before, after, context) {
        return false;
    }
    let mut columns = live.columns(&before.table);
    let computed = columns.any(|column| {
        let generated = column.generated.as_ref();
        generated.is_some_and(|generated| uses_word(&generated.expr.text, &before.name))
    });
    let constraints: Vec<&Constraint> = over(id, live).collect();
    let excluded = constraints
        .iter()
        .any(|over| matches!(over.rule, ConstraintRule::Exclude(_)));
    let referring = |over: &&&Constraint| matches!(over.rule, ConstraintRule::ForeignKey(_));
    let same = before.collation == after.collation;
    let rewrites = effort_on(before, &after.type_name, same, context) != Effort::Catalog;
    (computed || excluded && rewrites) && !constraints.iter().any(|over| referring(&over))
}

/// The constraints over a column, foreign keys to it included.
fn over<'a>(column: &'a ObjectId, live: &'a Schema) -> impl Iterator<Item = &'a Constraint> {
    let parts = parts_of_column(live, column);
    let constraints = live.of_kind(Kind::Constraint);
    constraints.filter_map(move |(id, object)| match object {
        Object::Constraint(constraint) => {
            let refers = matches!(&constraint.rule, ConstraintRule::ForeignKey(key)
                if key.references == column.qualified() && key.referenced_columns.contains(column.own_name()));
            (refers || parts.contains(id)).then_some(constraint)
        }
        _ => None,
    })
}

/// Whether an INSERT of the old values gives the new ones.
fn takes_over(before: &Column, after: &Column, context: &Context) -> bool {
    let (from, to) = (&before.type_name, &after.type_name);
    let widens = effort(from, to, true) == Effort::Catalog;
    !context.wishes.using.contains_key(&after.id()) && (widens || assigns(from, to))
}

fn otherwise(table: &QualifiedName, cause: Cause, reason: &str) -> String {
    match cause {
        Cause::Partitions => format!("table {table} is dropped with its rows and made anew: {reason}."),
        Cause::Rows => format!("table {table} is changed in place: {reason}."),
    }
}

fn scene<'a>(
    cause: Cause,
    (live, desired): (&'a Table, &'a Table),
    original: &Schema,
    deltas: &[Delta],
    context: &'a Context<'a>,
) -> Result<Scene<'a>, String> {
    let shadow = helper(&live.name, "new");
    let columns = context
        .schemas
        .desired
        .all_columns(&live.name)
        .into_iter()
        .filter(|column| column.generated.is_none())
        .map(|column| column.name.clone())
        .collect();
    let scene = Scene {
        cause,
        key: stand_in::key(&live.name, context)
            .ok_or("no primary key or unique constraint tells its rows apart on both sides")?,
        schema: stand_in::schema(&live.name, &shadow, context),
        live,
        desired,
        shadow,
        columns,
        context,
    };
    match obstacle::first(&scene, original, deltas) {
        Some(reason) => Err(reason),
        None => Ok(scene),
    }
}

fn recipe(scene: &Scene) -> Recipe {
    let mut recipe = excluded::looked_for(scene);
    recipe.extend(prepare::expand(scene));
    recipe.push(
        Draft::new(
            Phase::Backfill,
            Class::Backfill,
            vec![Operation::CopyRows {
                from: scene.live.name.clone(),
                to: scene.shadow.clone(),
                columns: scene.columns.clone(),
                key: scene.key.clone(),
                into: Vec::new(),
                condition: None,
            }],
        )
        .because("Rows from before the triggers are copied in batches."),
    );
    recipe.push(compare::same_rows(scene));
    recipe.extend(prepare::covered(scene));
    recipe.extend(prepare::foreign_keys(scene));
    let around = around(scene);
    recipe.push(switch::recipe(scene, &around));
    recipe.extend(around.validate);
    if scene.cause == Cause::Rows {
        for draft in &mut recipe {
            draft.phase = draft.phase.max(Phase::Validate);
        }
    }
    recipe
}

/// What stands over the table and comes back over the shadow.
fn around(scene: &Scene) -> Around {
    let mut own: Vec<ObjectId> = scene.own().into_iter().collect();
    own.extend(scene.context.live_owned_sequences(&scene.live.name));
    let keys = incoming(scene.context.schemas.live, &scene.live.name);
    let keys: Vec<ObjectId> = keys.into_iter().map(|key| key.id()).collect();
    let staying = dependents(&scene.id(), scene.context)
        .into_iter()
        .filter(|id| !own.contains(id) && !keys.contains(id) && scene.context.schemas.desired.contains(id));
    rebuild::around(staying.collect(), scene.context)
}

/// The deltas that the group carries out.
fn members(scene: &Scene, deltas: &[Delta]) -> BTreeSet<ObjectId> {
    let Pair { live, desired } = scene.context.schemas;
    let mut members: BTreeSet<ObjectId> = BTreeSet::from([scene.id()]);
    let mut tables = stand_in::partitions(desired, &scene.live.name);
    tables.extend(stand_in::partitions(live, &scene.live.name));
    tables.push(scene.live.name.clone());
    for table in &tables {
        let id = ObjectId::named(Kind::Table, table);
        members.extend(live.descendants(&id));
        members.extend(desired.descendants(&id));
        members.insert(id);
    }
    for schema in [live, desired] {
        let keys = incoming(schema, &scene.live.name);
        members.extend(keys.into_iter().map(|key| key.id()));
    }
    members.extend(around(scene).taken);
    let satellites = deltas
        .iter()
        .map(Delta::id)
        .filter(|id| id.on.is_some() && members.contains(id.subject()));
    let satellites: Vec<ObjectId> = satellites.cloned().collect();
    members.extend(satellites);
    members
}
