//! What keeps columns from going through twins; then they are changed in place.

use crate::diff::Delta;
use crate::name::{Ident, QualifiedName};
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::routine::Body;
use crate::object::table::{ReplicaIdentity, Table};
use crate::object::trigger::{Event, Timing, Trigger};
use crate::object::{Definition, Kind, Object, ObjectId};
use crate::pair::Pair;
use crate::plan::strategy::numbering;
use crate::plan::strategy::rebuild::row_readers;
use crate::refs::{may_read, minds_places, uses_word};
use crate::schema::Schema;
use crate::types::TypeName;

use super::{Scene, Twin, anew, family, partitioned, sync, views};

/// What stands in the way of a group, as the end of a sentence.
pub(super) fn first(scene: &Scene) -> Option<String> {
    let of_column = |twin: &&&Twin| -> Option<&str> {
        if let Some(reason) = form(twin, scene) {
            Some(reason)
        } else if identified(twin, scene) {
            Some("its table is partitioned, or gets another replica identity, and takes it from an index over it")
        } else if published(twin, scene) {
            Some("a publication names it, among its columns or in its filter")
        } else {
            None
        }
    };
    if let Some(reason) = scene.twins.iter().find_map(|twin| of_column(&twin)) {
        return Some(reason.to_string());
    }
    if let Some(user) = scene.twins.iter().find_map(|twin| user(twin, scene)) {
        return Some(format!("{user} reads it"));
    }
    if let Some(reason) = by_place(scene) {
        return Some(reason);
    }
    if let Some(reason) = scene.twins.iter().find_map(|twin| family::obstacle(twin, scene)) {
        return Some(reason);
    }
    if let Some(reason) = scene.twins.iter().find_map(|twin| partitioned::owned(twin, scene)) {
        return Some(reason);
    }
    if let Some(id) = scene.parts.iter().find(|id| late(id, scene)) {
        return Some(format!(
            "{id} is a foreign key of a partitioned table, which cannot be NOT VALID before PostgreSQL 18"
        ));
    }
    if let Some(reason) = anew::obstacle(scene) {
        return Some(reason);
    }
    if let Some(id) = scene
        .views
        .iter()
        .find(|id| !views::comes_back(id) && !anew::is_carried(id, scene))
    {
        return Some(format!("{id} depends on it"));
    }
    if let Some(id) = scene.parts.iter().find(|id| part(id, scene)) {
        return Some(format!("{id} cannot be made beside it without blocking"));
    }
    let tables = scene.tables();
    if let Some(trigger) = tables.iter().find_map(|(_, twins)| trigger(twins, scene)) {
        return Some(format!("{trigger} names it"));
    }
    tables.iter().find_map(|(_, twins)| policy(twins, scene))
}

/// What keeps a column from having any twin, as the end of a sentence.
pub(super) fn form(twin: &Twin, scene: &Scene) -> Option<&'static str> {
    if table(twin, scene) {
        Some("its table is a partition, has a type, or is itself renamed")
    } else if taken(twin, scene) {
        Some("the name of the twin is taken")
    } else if column(twin, scene) {
        Some("it is generated, has a composite type or a domain, or is an identity column only before or only after")
    } else if given_as_rows(twin, scene) {
        Some("a view reads it from a function that gives rows of its table")
    } else if sequences(twin, scene) {
        Some("it gets another sequence")
    } else {
        None
    }
}

/// Whether an index over it tells subscribers the rows of its table, and nothing could take that over in the moment of the switch.
fn identified(twin: &Twin, scene: &Scene) -> bool {
    let schemas = scene.context.schemas;
    let identity =
        |schema: &Schema, table: &QualifiedName| schema.table(table).map(|table| table.replica_identity.clone());
    let changes = |table: &QualifiedName| identity(schemas.live, table) != identity(schemas.desired, table);
    let is_partitioned = family::is_partitioned(&twin.table, scene.context);
    twin.tables()
        .any(|table| identifies(table, scene) && (is_partitioned || changes(table)))
}

/// Whether an index over one of the columns is the replica identity of a table.
pub(super) fn identifies(table: &QualifiedName, scene: &Scene) -> bool {
    let Pair { live, desired } = scene.context.schemas;
    let identified_by = |table: &Table| match &table.replica_identity {
        ReplicaIdentity::Index(name) => scene.parts.iter().any(|id| id.own_name() == name),
        _ => false,
    };
    let mut tables = [scene.original, live, desired]
        .into_iter()
        .filter_map(|schema| schema.table(table));
    tables.any(identified_by)
}

/// Partitions have rules of their own.
fn table(twin: &Twin, scene: &Scene) -> bool {
    let schemas = scene.context.schemas;
    let ordinary = |table: &Table| table.partition_of.is_none() && table.of_type.is_none();
    let id = ObjectId::named(Kind::Table, &twin.table);
    let changes = scene
        .deltas
        .get(&id)
        .is_some_and(|delta| !matches!(delta, Delta::Alter(..)));
    let known = [Some(scene.original), Some(schemas.live), Some(schemas.desired)]
        .into_iter()
        .flatten()
        .all(|schema| {
            schema.table(&twin.table).is_some_and(ordinary)
                && twin.heirs.iter().filter_map(|heir| schema.table(heir)).all(ordinary)
        });
    let partitioned = |schema: &Schema| schema.table(&twin.table).map(|table| table.partition_by.is_some());
    changes || !known || partitioned(schemas.live) != partitioned(schemas.desired)
}

/// The name of the twin must be free.
fn taken(twin: &Twin, scene: &Scene) -> bool {
    let schemas = scene.context.schemas;
    scene.original.contains(&twin.id())
        || !twin.both_ways() && (schemas.live.contains(&twin.id()) || schemas.desired.contains(&twin.id()))
}

fn column(twin: &Twin, scene: &Scene) -> bool {
    let (live, desired) = (twin.live, twin.desired);
    let primary_key = |table: &QualifiedName| scene.context.schemas.live.primary_key(table);
    let keyed = twin
        .tables()
        .filter_map(primary_key)
        .filter_map(Constraint::key)
        .any(|key| key.columns.contains(&twin.after));
    live.generated.is_some()
        || desired.generated.is_some()
        || live.identity.is_some() != desired.identity.is_some() && !hands_over(twin, scene)
        || twin.anew.is_none() && is_composite(&live.type_name, scene)
        || twin.anew.is_none() && constrained(&desired.type_name, scene)
        || keyed && !desired.not_null
}

fn named(type_name: &TypeName) -> QualifiedName {
    type_name.qualified()
}

/// Whether one value may be null and not null at once.
fn is_composite(type_name: &TypeName, scene: &Scene) -> bool {
    let name = named(type_name);
    let live = scene.context.schemas.live;
    !type_name.is_builtin()
        && (live.contains(&ObjectId::named(Kind::CompositeType, &name)) || live.relation(&name).is_some())
}

/// A column of a domain with constraints is checked for every row when it is added.
fn constrained(type_name: &TypeName, scene: &Scene) -> bool {
    let id = ObjectId::named(Kind::Domain, &named(type_name));
    scene.context.schemas.live.contains(&id) || scene.context.schemas.desired.contains(&id)
}

/// Materialized views, rules of the table itself and generated columns have no form over the twin yet; under another name nothing else
/// that is tied to the column has.
fn user(twin: &Twin, scene: &Scene) -> Option<ObjectId> {
    let live = scene.context.schemas.live;
    let mut users = twin
        .tables()
        .filter_map(|table| scene.context.live_users.get(&ObjectId::named(Kind::Table, table)))
        .flatten();
    let reads_it = |id: &&ObjectId| match live.get(id) {
        Some(Object::View(_)) | None => false,
        Some(Object::Policy(policy)) if twin.is_of(&policy.table) => false,
        Some(Object::Rule(rule)) => rule.actions.iter().any(|action| may_read(&action.text, &twin.before)),
        Some(object) => object.binding_texts().iter().any(|text| may_read(text, &twin.before)),
    };
    let generated = || {
        let mut columns = twin.tables().flat_map(|table| live.columns(table));
        let computed = columns.find(|column| {
            let generated = column.generated.as_ref();
            generated.is_some_and(|generated| uses_word(&generated.expr.text, &twin.after))
        });
        computed.map(Definition::id)
    };
    let stays = |id: &&ObjectId| reads_it(id) && !scene.views.contains(*id);
    users
        .find(stays)
        .cloned()
        .or_else(|| rule(twin, scene))
        .or_else(generated)
}

/// A rule of its table sees what a statement says, before any trigger.
pub(super) fn rule(twin: &Twin, scene: &Scene) -> Option<ObjectId> {
    let live = scene.context.schemas.live;
    let mut parts = twin.tables().flat_map(|table| live.parts(table));
    parts.find(|part| matches!(part, Object::Rule(_))).map(Object::id)
}

/// What comes with the plan, or gets a new text, and takes columns of the table by the places that they have in the files.
pub(super) fn by_place(scene: &Scene) -> Option<String> {
    let newcomer = scene.twins.iter().find_map(|twin| newcomer(twin, scene))?;
    Some(format!(
        "{newcomer} comes and takes its table's columns by their places, and a twin stands at the end; name the columns there"
    ))
}

fn newcomer(twin: &Twin, scene: &Scene) -> Option<ObjectId> {
    let Pair { live, desired } = scene.context.schemas;
    let comes = |id: &ObjectId, object: &Object| live.get(id) != Some(object);
    let over_it = |object: &Object| {
        let relations = scene.context.references.desired.of(object);
        relations
            .iter()
            .any(|id| id.kind == Kind::Table && twin.is_of(&id.qualified()))
    };
    let kinds = [
        Kind::View,
        Kind::MaterializedView,
        Kind::Rule,
        Kind::Function,
        Kind::Procedure,
    ];
    let mut objects = kinds.into_iter().flat_map(|kind| desired.of_kind(kind));
    let found = objects.find(|(id, object)| {
        let minds = || object.binding_texts().iter().any(|text| minds_places(text));
        comes(id, object) && minds() && over_it(object)
    });
    found.map(|(id, _)| id.clone())
}

/// PostgreSQL ties a view over a function that gives rows of a table to the column itself.
fn given_as_rows(twin: &Twin, scene: &Scene) -> bool {
    let table = ObjectId::named(Kind::Table, &twin.table);
    let reads_it = |user: &ObjectId| match scene.context.schemas.live.get(user) {
        Some(Object::View(view)) => uses_word(&view.query.text, &twin.after),
        Some(Object::MaterializedView(view)) => uses_word(&view.query.text, &twin.after),
        _ => false,
    };
    row_readers(&table, scene.context).any(reads_it)
}

/// A publication that names a column keeps it from being dropped, unless it lets go of it and takes it up again.
fn published(twin: &Twin, scene: &Scene) -> bool {
    let publications = scene.context.schemas.live.of_kind(Kind::Publication);
    publications.into_iter().any(|(id, object)| {
        if scene.views.contains(id) {
            return false;
        }
        let Object::Publication(publication) = object else {
            return false;
        };
        publication.tables.iter().any(|member| {
            let filtered = member
                .filter
                .as_ref()
                .is_some_and(|filter| uses_word(&filter.text, &twin.after));
            let family = || crate::attach::partitions(scene.context.schemas.live, &twin.table);
            let is_its = twin.is_of(&member.table) || family().contains(&member.table);
            is_its && (member.columns.contains(&twin.after) || filtered)
        })
    })
}

/// Whether the numbers go over to another sequence in the moment of the switch.
fn hands_over(twin: &Twin, scene: &Scene) -> bool {
    !twin.both_ways() && twin.heirs.is_empty() && numbering::handover(&twin.after_id(), scene.context).is_some()
}

/// Sequences move along; a column that gets another one is numbered anew.
fn sequences(twin: &Twin, scene: &Scene) -> bool {
    if hands_over(twin, scene) {
        return false;
    }
    let owned = |schema: &crate::schema::Schema| -> Vec<ObjectId> {
        schema
            .of_kind(Kind::Sequence)
            .filter(|(_, object)| match object {
                Object::Sequence(sequence) => sequence
                    .owned_by
                    .as_ref()
                    .is_some_and(|owner| twin.is_of(&owner.table) && owner.column == twin.after),
                _ => false,
            })
            .map(|(id, _)| id.clone())
            .collect()
    };
    let (mut live, mut desired) = (owned(scene.context.schemas.live), owned(scene.context.schemas.desired));
    live.sort();
    desired.sort();
    live != desired
}

/// Exclusion constraints have no online form, keys that are checked at the end of a transaction have no index that does.
fn part(id: &ObjectId, scene: &Scene) -> bool {
    let schemas = scene.context.schemas;
    [schemas.live, schemas.desired]
        .into_iter()
        .any(|schema| match schema.get(id) {
            Some(Object::Constraint(constraint)) => match &constraint.rule {
                ConstraintRule::Exclude(_) | ConstraintRule::NotNull { .. } => true,
                ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) => {
                    !constraint.missing.is_empty()
                        || constraint.deferrable
                        || key.without_overlaps
                        || nullable(constraint, scene)
                }
                ConstraintRule::ForeignKey(key) => {
                    let partition = |table| schema.table(table).is_none_or(|table| table.partition_of.is_some());
                    let gone = schemas.desired.table(&constraint.table).is_none();
                    gone || key.period || partition(&constraint.table) || partition(&key.references)
                }
                ConstraintRule::Check { .. } => false,
            },
            Some(Object::Index(index)) => index.invalid || index.attached_to.is_some(),
            _ => false,
        })
}

/// A foreign key that the server would check under its lock.
fn late(id: &ObjectId, scene: &Scene) -> bool {
    match scene.context.schemas.desired.get(id) {
        Some(Object::Constraint(constraint)) => {
            matches!(constraint.rule, ConstraintRule::ForeignKey(_))
                && scene.context.server_version < 18
                && family::is_partitioned(&constraint.table, scene.context)
        }
        _ => false,
    }
}

/// Whether a primary key has a column that is neither not null yet nor a twin.
fn nullable(constraint: &Constraint, scene: &Scene) -> bool {
    let ConstraintRule::PrimaryKey(key) = &constraint.rule else {
        return false;
    };
    key.columns.iter().any(|name| {
        let twin = scene
            .twins
            .iter()
            .any(|twin| twin.is_of(&constraint.table) && twin.after == *name);
        !twin
            && !scene
                .context
                .live_column(&constraint.table, name)
                .is_some_and(|column| column.not_null)
    })
}

/// A trigger over the column fires for one of the two alone where both have names; one that writes the column must come before ours.
fn trigger(twins: &[&Twin], scene: &Scene) -> Option<ObjectId> {
    triggers(twins, scene, |trigger, twin| {
        let names = fires_for(trigger, &twin.after) || is_asked(trigger, &twin.after);
        names && !scene.views.contains(&trigger.id())
    })
}

/// The first trigger of these twins' table, or of one below it, that is so, or writes one of them behind ours.
pub(super) fn triggers(twins: &[&Twin], scene: &Scene, is_so: impl Fn(&Trigger, &Twin) -> bool) -> Option<ObjectId> {
    let first = twins.first()?;
    let ours = sync::name(twins);
    let live = scene.context.schemas.live;
    let mut tables = crate::attach::partitions(live, &first.table);
    tables.extend(first.tables().cloned());
    let mut parts = tables.iter().flat_map(|table| live.parts(table));
    let found = parts.find(|part| match part {
        Object::Trigger(trigger) => twins.iter().any(|twin| {
            let writes =
                trigger.timing == Timing::Before && trigger.for_each_row && mentions(trigger, &twin.before, scene);
            is_so(trigger, twin) || writes && (twin.both_ways() || trigger.name.as_str() > ours.as_str())
        }),
        _ => false,
    });
    found.map(Object::id)
}

/// Whether a trigger fires for an UPDATE of the column, and not for others.
pub(super) fn fires_for(trigger: &Trigger, column: &Ident) -> bool {
    trigger.events.iter().any(|event| match event {
        Event::Update(columns) => columns.contains(column),
        _ => false,
    })
}

/// Whether its condition reads the column.
pub(super) fn is_asked(trigger: &Trigger, column: &Ident) -> bool {
    trigger.when.as_ref().is_some_and(|when| uses_word(&when.text, column))
}

/// Whether the function of a trigger names the column; one that cannot be read may.
fn mentions(trigger: &Trigger, column: &Ident, scene: &Scene) -> bool {
    let id = ObjectId::routine(Kind::Function, &trigger.function, "");
    let body = match scene.context.schemas.live.get(&id) {
        Some(Object::Routine(routine)) => match &routine.body {
            Body::Source(source) => Some(source.as_str()),
            Body::Sql(query) => Some(query.text.as_str()),
            Body::Object { .. } => None,
        },
        _ => None,
    };
    trigger.arguments.iter().any(|argument| argument == column.as_str())
        || body.is_none_or(|body| body.to_lowercase().contains(&column.as_str().to_lowercase()))
}

/// A policy moves to the twin when the column goes; one that changes as well would be judged over rows not copied yet. One that reads
/// the column of a type that is made anew says another type afterwards.
fn policy(twins: &[&Twin], scene: &Scene) -> Option<String> {
    let first = twins.first()?;
    let mut changed = scene.deltas.keys();
    let id = changed.find(|id| id.kind == Kind::Policy && first.is_of(&id.qualified()))?;
    let live = scene
        .context
        .schemas
        .live
        .get(id)
        .map(Object::binding_texts)
        .unwrap_or_default();
    let reads = |twin: &&&Twin| live.iter().any(|text| uses_word(text, &twin.after));
    Some(match twins.iter().find(reads) {
        Some(twin) if twin.anew.is_some() => format!("{id} reads it"),
        _ => format!("{id} changes at the same time"),
    })
}
