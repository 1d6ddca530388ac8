//! Columns that move to a new table, by the hint `@moved_from`.
//!
//! **The danger.** One application reads and writes the columns in the old table, the other one in the new table. Without triggers
//! each misses what the other one writes, and dropping the columns loses what nobody has copied.
//!
//! | phase | step |
//! |---|---|
//! | expand | the new table; triggers of both tables that carry every write over to the other one; DROP NOT NULL where the new application gives no value |
//! | backfill | INSERT ... SELECT in batches, each row locked FOR SHARE, ON CONFLICT DO NOTHING |
//! | validate | compare both, row by row |
//! | contract, with approval | one transaction: triggers and old columns go, and the foreign key of the new table to the old one comes NOT VALID; then VALIDATE |
//!
//! Views and routines that are there and read the new table from now on change in validate, when it holds every row.
//!
//! **A row of the new table** is made where one of the columns holds something else than its default, or than null where it has none:
//! the new application makes a row of the old table first and its row in the new one afterwards, and that one must not be there yet.
//! The rule is one for triggers, backfill and comparison. A row that is there stays, whatever is written to it; it goes with the row
//! of the old table, and where it goes alone the old columns take their defaults.
//!
//! **The foreign key** between the two waits for contract: with it a DELETE or TRUNCATE of the old application could fail, and until then
//! the triggers refuse rows that would reference nothing.
//!
//! Where both applications write the columns of one row at the same moment, each waits for the row that the other one holds, and
//! PostgreSQL ends one of the two (40P01). Under REPEATABLE READ a write may fail with 40001 where its row has been copied meanwhile. Tried
//! again, both succeed.
//!
//! **Not used** where something stands in the way (`obstacle`): there is no other form that keeps the values, so it is an error.
//! **If it stops half-way**: every step before contract can be undone; the old columns hold every value until the end.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::Delta;
use crate::expr::{Expr, SearchPath};
use crate::name::{Ident, QualifiedName};
use crate::object::column::{Column, ColumnChange};
use crate::object::constraint::{Constraint, ConstraintChange, ConstraintRule};
use crate::object::routine::{Body, Routine};
use crate::object::table::Table;
use crate::object::{Definition, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::parse::{MovedFrom, Place};
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::constraint::orphan_check;
use crate::plan::strategy::new_table;
use crate::plan::strategy::not_null::helper_name;
use crate::plan::strategy::satellites;
use crate::plan::strategy::twin::{Group, Twins, differ};
use crate::plan::{Class, HazardKind, Phase};
use crate::refs::uses_word;

mod obstacle;
mod sync;

/// Why a column cannot be moved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{to} is declared as moved from {from}, but {why}")]
pub struct BadMove {
    /// The column in the new table.
    pub to: ObjectId,
    /// The column in the old table.
    pub from: ObjectId,
    /// What stands in the way.
    pub why: String,
    /// What can be done.
    pub hint: String,
    /// Where the hint stands.
    pub place: Place,
}

/// A column that moves.
struct Moved<'a> {
    /// The column as it is.
    live: &'a Column,
    /// The column as it shall be, in the new table.
    desired: &'a Column,
    /// What the files say.
    said: &'a MovedFrom,
}

/// The columns that move from one table to another.
struct Scene<'a> {
    /// The table that has them.
    source: &'a Table,
    /// The table that gets them.
    target: &'a Table,
    /// The columns, in the order of the names that they get.
    columns: Vec<Moved<'a>>,
    /// Columns by which a row of the source is known, each with the one of the target that equals it.
    key: Vec<(Ident, Ident)>,
    context: &'a Context<'a>,
}

impl Scene<'_> {
    /// A name of ours in the namespace of a table, told apart by the columns.
    fn helper(&self, table: &Table, suffix: &str) -> QualifiedName {
        let columns: Vec<&str> = self.columns.iter().map(|moved| moved.live.name.as_str()).collect();
        let name = format!("{}_{}", table.name.name.as_str(), columns.join("_"));
        QualifiedName {
            namespace: table.name.namespace.clone(),
            name: Ident::new(helper_name(&name, suffix)),
        }
    }

    /// The foreign key of the new table that says what `via` says.
    fn foreign_key(&self) -> Option<&Constraint> {
        let desired = self.context.schemas.desired;
        desired
            .constraints(&self.target.name)
            .find(|constraint| match &constraint.rule {
                ConstraintRule::ForeignKey(key) => {
                    let pairs = || key.columns.iter().zip(&key.referenced_columns);
                    key.references == self.source.name
                        && key.columns.len() == self.key.len()
                        && pairs().all(|(mine, theirs)| {
                            self.key
                                .iter()
                                .any(|(source, target)| mine == target && theirs == source)
                        })
                }
                _ => false,
            })
    }

    /// Whether both sides of a row are the same row.
    fn joined(&self, here: &str, there: &str) -> String {
        let pairs = self
            .key
            .iter()
            .map(|(source, target)| format!("{there}.{target} = {here}.{source}"));
        crate::sql::join(pairs, " AND ")
    }

    /// Whether a row of the source holds something that the new table has to hold as well.
    fn holds(&self, side: &str) -> String {
        let parts = self.columns.iter().map(|moved| {
            let value = format!("{side}{}", moved.live.name);
            match &moved.live.default {
                None => format!("{value} IS DISTINCT FROM NULL"),
                Some(default) => differ(&value, &format!("({})::{}", default.text, moved.live.type_name)),
            }
        });
        crate::sql::join(parts, " OR ")
    }
}

/// The columns that move, and what a reader should know. `renames` are those that the plan carries out, `elsewhere` what goes through
/// twins and shadows.
pub fn moves(
    renames: &[Operation],
    deltas: &[Delta],
    elsewhere: &BTreeSet<ObjectId>,
    context: &Context,
) -> Result<Twins, BadMove> {
    let mut found = Twins::default();
    let mut scenes: BTreeMap<(QualifiedName, QualifiedName), Vec<Moved>> = BTreeMap::new();
    for (to, said) in &context.wishes.moved {
        if let Some(moved) = obstacle::column(to, said, context)? {
            let tables = (moved.live.table.clone(), moved.desired.table.clone());
            scenes.entry(tables).or_default().push(moved);
        }
    }
    obstacle::several(&scenes)?;
    for ((source, target), columns) in scenes {
        let (live, desired) = (context.schemas.live, context.schemas.desired);
        let (Some(source), Some(target), Some(first)) = (live.table(&source), desired.table(&target), columns.first())
        else {
            continue;
        };
        let scene = Scene {
            source,
            target,
            key: first
                .said
                .via
                .iter()
                .map(|(target, source)| (source.clone(), target.clone()))
                .collect(),
            columns,
            context,
        };
        obstacle::scene(&scene, renames, deltas, elsewhere)?;
        found.notes.extend(notes(&scene));
        if context.wishes.cool_down.is_some() {
            found.notes.push(format!(
                "Columns move from {} to {} without a cool-down: the old ones go in contract, and nothing leads back.",
                scene.source.name, scene.target.name
            ));
        }
        found.groups.push(Group {
            members: members(&scene),
            recipe: recipe(&scene),
        });
    }
    Ok(found)
}

/// What is there already and reads the new table from now on waits for its rows: the old application uses it as well.
pub fn after_moves(draft: &mut Draft, context: &Context) {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let mut targets = context.wishes.moved.keys().map(ObjectId::qualified);
    let reads = |id: &ObjectId, target: &QualifiedName| match desired.get(id) {
        Some(Object::Routine(Routine {
            body: Body::Source(text),
            ..
        })) => uses_word(text, &target.name),
        Some(object @ (Object::View(_) | Object::MaterializedView(_) | Object::Routine(_))) => {
            let used = context.references.desired.of(object);
            used.contains(&ObjectId::named(Kind::Table, target))
        }
        _ => false,
    };
    let changed: Vec<ObjectId> = draft.operations.iter().filter_map(Operation::subject).collect();
    let there = || changed.iter().filter(|id| live.contains(id));
    if targets.any(|target| context.is_new(&target) && there().any(|id| reads(id, &target))) {
        draft.phase = draft.phase.max(Phase::Validate);
    }
}

fn notes(scene: &Scene) -> [String; 2] {
    let (source, target) = (&scene.source.name, &scene.target.name);
    [
        format!(
            "{target} has a row where a column that moves there holds something else in {source} than its default; until contract it goes with the row of {source}."
        ),
        format!(
            "Until contract, where both applications write what moves from {source} to {target} in one row at the same moment, one of the two may be ended by a deadlock (40P01); tried again, it succeeds."
        ),
    ]
}

/// The deltas that the group carries out.
fn members(scene: &Scene) -> BTreeSet<ObjectId> {
    let columns = scene.columns.iter().map(|moved| moved.live.id());
    columns.chain([scene.target.id()]).collect()
}

fn recipe(scene: &Scene) -> Recipe {
    let key = scene.foreign_key();
    let mut recipe = new_table::recipe(scene.target, scene.context);
    if let Some(key) = key {
        let id = key.id();
        for draft in &mut recipe {
            draft.operations.retain(
                |operation| !matches!(operation, Operation::Create { object, .. } if *object.id().subject() == id || object.id() == id),
            );
        }
        recipe.retain(|draft| !draft.operations.is_empty());
    }
    recipe.push(
        Draft::instant(Phase::Expand, sync::made(scene))
            .because("Whichever of the two tables an application writes, the triggers write the other one."),
    );
    recipe.extend(nullable(scene));
    recipe.push(copy(scene));
    recipe.push(compare(scene));
    if let Some((key, rule)) = key.and_then(references) {
        recipe.push(orphan_check(key, rule, scene.context));
    }
    recipe.push(end(scene));
    recipe.extend(key.filter(|key| !key.not_valid && !key.not_enforced).map(|key| {
        let validate = Operation::alter(key.id(), ConstraintChange::Validate);
        Draft::new(Phase::Contract, Class::Long, vec![validate])
            .because("Apart from ADD, so that reads and writes go on while existing rows are checked.")
    }));
    recipe
}

fn references(constraint: &Constraint) -> Option<(&Constraint, &crate::object::constraint::ForeignKey)> {
    match &constraint.rule {
        ConstraintRule::ForeignKey(rule) => Some((constraint, rule)),
        _ => None,
    }
}

/// Old columns that must take nulls: the new application gives no value, or may write a null in the new table.
fn nullable(scene: &Scene) -> Option<Draft> {
    let strict = scene
        .columns
        .iter()
        .filter(|moved| moved.live.not_null && !(moved.live.default.is_some() && moved.desired.not_null));
    let operations: Vec<Operation> = strict
        .map(|moved| Operation::alter(moved.live.id(), ColumnChange::NotNull(false)))
        .collect();
    (!operations.is_empty()).then(|| {
        Draft::instant(Phase::Expand, operations).because("The new application does not have to give a value here.")
    })
}

fn copy(scene: &Scene) -> Draft {
    let key = scene.key.iter().map(|(source, _)| source);
    let (columns, into): (Vec<Ident>, Vec<Ident>) = scene
        .key
        .iter()
        .map(|(source, target)| (source.clone(), target.clone()))
        .chain(
            scene
                .columns
                .iter()
                .map(|moved| (moved.live.name.clone(), moved.desired.name.clone())),
        )
        .unzip();
    let copy = Operation::CopyRows {
        from: scene.source.name.clone(),
        to: scene.target.name.clone(),
        columns,
        key: key.cloned().collect(),
        into,
        condition: Some(Expr::under(scene.holds(""), &SearchPath::default())),
    };
    Draft::new(Phase::Backfill, Class::Backfill, vec![copy])
        .because("Rows from before the triggers are copied in batches.")
}

/// The proof that the new table holds what the old columns hold, asked in one statement, which sees both at one moment.
fn compare(scene: &Scene) -> Draft {
    let (source, target) = (&scene.source.name, &scene.target.name);
    let list = |names: Vec<String>| names.join(", ");
    let here = scene
        .columns
        .iter()
        .map(|moved| format!("pgphase_here.{}", moved.live.name));
    let there = scene
        .columns
        .iter()
        .map(|moved| format!("pgphase_there.{}", moved.desired.name));
    let absent = scene
        .key
        .first()
        .map(|(_, target)| target.to_string())
        .unwrap_or_default();
    let query = format!(
        "SELECT {} FROM {source} AS pgphase_here LEFT JOIN {target} AS pgphase_there ON {} \
         WHERE CASE WHEN pgphase_there.{absent} IS NULL THEN {} ELSE {} END",
        list(
            scene
                .key
                .iter()
                .map(|(source, _)| format!("pgphase_here.{source}"))
                .collect()
        ),
        scene.joined("pgphase_here", "pgphase_there"),
        scene.holds("pgphase_here."),
        differ(&list(here.collect()), &list(there.collect())),
    );
    let compare = Operation::Check {
        table: source.clone(),
        problem: format!("differ from {target}"),
        query: Expr::under(query, &SearchPath::default()),
        shown: scene.key.iter().map(|(source, _)| source.clone()).collect(),
    };
    Draft::new(Phase::Validate, Class::Check, vec![compare]).because("Asked before any lock is taken.")
}

/// The triggers and the old columns go together.
fn end(scene: &Scene) -> Draft {
    let mut operations = vec![Operation::Lock {
        tables: vec![scene.source.name.clone(), scene.target.name.clone()],
        mode: "ACCESS EXCLUSIVE".into(),
    }];
    operations.extend(sync::dropped(scene));
    operations.extend(scene.columns.iter().map(|moved| Operation::drop(moved.live.id())));
    if let Some(key) = scene.foreign_key() {
        operations.push(Operation::create(Constraint {
            not_valid: !key.not_enforced,
            ..key.clone()
        }));
        operations.extend(satellites(&key.id(), scene.context));
    }
    let mut draft = Draft::instant(Phase::Contract, operations)
        .because("In one transaction, so that no write is missed by one of the two tables, and none breaks the reference between them.");
    for moved in &scene.columns {
        let lost = format!(
            "The column {} of {} goes; {}.{} holds the same values.",
            moved.live.name, scene.source.name, scene.target.name, moved.desired.name
        );
        draft = draft.hazard(HazardKind::OldShape, &moved.live.id(), lost);
    }
    draft
}
