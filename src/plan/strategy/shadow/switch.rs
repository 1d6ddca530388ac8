//! The end: the old table goes, and the shadow and what stands over it take the names, in one transaction.

use crate::name::{Ident, QualifiedName, object_name};
use crate::object::column::Identity;
use crate::object::constraint::{Constraint, ConstraintChange, ConstraintRule};
use crate::object::index::{Index, KeyExpr};
use crate::object::sequence::SequenceChange;
use crate::object::table::TableChange;
use crate::object::{Definition, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::pair::Pair;
use crate::plan::draft::Draft;
use crate::plan::strategy::numbering;
use crate::plan::strategy::rebuild::Around;
use crate::plan::strategy::satellites;
use crate::plan::{HazardKind, Phase};
use crate::sql;

use super::{Scene, incoming, prepare, stand_in, sync};

/// The whole of contract.
pub(super) fn recipe(scene: &Scene, around: &Around) -> Draft {
    let live = scene.context.schemas.live;
    let keys = incoming(live, &scene.live.name);
    // Referenced tables first, as the applications lock them.
    let mut tables: Vec<QualifiedName> = Vec::new();
    for constraint in live.constraints(&scene.live.name) {
        match &constraint.rule {
            ConstraintRule::ForeignKey(key) if !tables.contains(&key.references) => tables.push(key.references.clone()),
            _ => {}
        }
    }
    tables.extend([scene.live.name.clone(), scene.shadow.clone()]);
    for key in &keys {
        if !tables.contains(&key.table) {
            tables.push(key.table.clone());
        }
    }
    let locks = vec![Operation::Lock {
        tables,
        mode: "ACCESS EXCLUSIVE".into(),
    }];
    let mut operations = around.down_with(locks, scene.context);
    operations.extend(sync::dropped(scene));
    if let Some(rest) = prepare::rest(scene) {
        operations.push(prepare::empty(&rest.name));
        let id = ObjectId::named(Kind::Table, &rest.name);
        // Foreign keys to the shadow go to each of its partitions.
        let detach = TableChange::Detach {
            parent: scene.shadow.clone(),
            concurrently: false,
        };
        operations.push(Operation::alter(id.clone(), detach));
        operations.push(Operation::drop(id));
    }
    operations.extend(numbers(scene));
    operations.extend(keys.into_iter().map(|key| Operation::drop(key.id())));
    operations.push(Operation::drop(scene.id()));
    operations.push(Operation::Rename {
        from: scene.shadow_id(),
        to: scene.id(),
    });
    for (part, name) in stand_in::renamed_parts(&scene.live.name, &scene.shadow, scene.context) {
        // The shadow has the name of the table by now.
        let part = match part.kind {
            Kind::Constraint if part.qualified() == scene.shadow => {
                ObjectId::part(Kind::Constraint, &scene.live.name, part.own_name())
            }
            _ => part,
        };
        operations.push(Operation::Rename {
            from: part.with_own_name(&name),
            to: part,
        });
    }
    operations.extend(not_null_names(scene));
    operations.extend(keys_again(scene));
    operations.extend(numbers_again(scene));
    operations.extend(over(scene));
    operations.extend(around.up.iter().cloned());
    let mut draft = Draft::instant(Phase::Contract, operations)
        .because("In one transaction, so that every application sees either the old table or the new one.")
        .hazard(
            HazardKind::OldShape,
            &scene.id(),
            format!(
                "The old table {} goes; the new one holds the same rows.",
                scene.live.name
            ),
        );
    for (key, columns) in lost_keys(scene) {
        draft = draft.hazard(
            HazardKind::BreaksOldApplication,
            &key,
            format!(
                "PostgreSQL no longer refuses two rows with the same {columns}, and ON CONFLICT ({columns}) fails."
            ),
        );
    }
    draft.hazards.extend(around.hazards.iter().cloned());
    draft
}

/// PostgreSQL 18 names what makes a column not null after the table, which was the shadow.
fn not_null_names(scene: &Scene) -> Vec<Operation> {
    let table = &scene.live.name;
    let desired = scene.context.schemas.desired;
    let named = |column: &Ident| {
        let mut constraints = desired.constraints(table);
        constraints.any(|own| matches!(&own.rule, ConstraintRule::NotNull { column: of, .. } if of == column))
    };
    let name = |of: &QualifiedName, column: &Ident| {
        let name = object_name(of.name.as_str(), column.as_str(), "not_null");
        ObjectId::part(Kind::Constraint, table, &Ident::new(name))
    };
    let columns = desired.all_columns(table).into_iter().filter(|column| column.not_null);
    columns
        .filter(|column| scene.context.server_version >= 18 && !named(&column.name))
        .map(|column| Operation::Rename {
            from: name(&scene.shadow, &column.name),
            to: name(table, &column.name),
        })
        .collect()
}

/// Privileges come together with the policies that restrict them.
fn privileges(scene: &Scene) -> Vec<Operation> {
    let desired = scene.context.schemas.desired;
    let mut operations = Vec::new();
    for on in stand_in::granted(desired, &scene.id()) {
        let acl = desired.get(&ObjectId::satellite(Kind::Acl, &on));
        operations.extend(acl.map(|acl| Operation::put(acl.clone())));
    }
    operations
}

/// Keys of the table that the partitioned one cannot have as they are, with their columns.
fn lost_keys(scene: &Scene) -> Vec<(ObjectId, String)> {
    let Pair { live, desired } = scene.context.schemas;
    let table = &scene.live.name;
    let names = |index: &Index| -> Vec<String> {
        let keys = index.keys.iter();
        keys.map(|key| match &key.key {
            KeyExpr::Column(name) => name.to_string(),
            KeyExpr::Expr(expr) => expr.text.clone(),
        })
        .collect()
    };
    let indexes = live
        .indexes(table)
        .filter(|index| index.unique && desired.get(&index.id()).is_none());
    let keys = live
        .constraints(table)
        .filter_map(|constraint| Some((constraint, constraint.key()?)));
    keys.filter(|(_, before)| {
        let mut after = desired.constraints(table).filter_map(Constraint::key);
        !after.any(|after| after.columns == before.columns)
    })
    .map(|(constraint, key)| (constraint.id(), sql::list(&key.columns)))
    .chain(indexes.map(|index| (index.id(), sql::list(names(index)))))
    .collect()
}

/// The identity columns.
fn identities<'a>(scene: &'a Scene) -> impl Iterator<Item = (ObjectId, &'a Identity)> {
    let table = &scene.live.name;
    scene.columns.iter().filter_map(move |name| {
        let column = scene.context.desired_column(table, name)?;
        Some((ObjectId::part(Kind::Column, table, name), column.identity.as_ref()?))
    })
}

/// What counts goes on: numbers of identities are kept, and sequences let go of, before the table goes.
fn numbers(scene: &Scene) -> Vec<Operation> {
    let owned = scene.context.live_owned_sequences(&scene.live.name).into_iter();
    identities(scene)
        .flat_map(|(column, _)| numbering::kept(&column, scene.context))
        .chain(owned.map(|id| Operation::alter(id, SequenceChange::OwnedBy(None))))
        .collect()
}

/// Foreign keys of other tables wait for the end of a transaction only while both tables stand.
fn keys_again(scene: &Scene) -> Vec<Operation> {
    let mut operations = Vec::new();
    for key in scene.incoming() {
        if !key.deferrable || !key.initially_deferred {
            let change = ConstraintChange::Deferrable {
                deferrable: key.deferrable,
                initially_deferred: key.initially_deferred,
            };
            operations.push(Operation::alter(key.id(), change));
        }
        operations.extend(satellites(&key.id(), scene.context));
    }
    operations
}

fn numbers_again(scene: &Scene) -> Vec<Operation> {
    let desired = scene.context.schemas.desired;
    let owned = scene.context.live_owned_sequences(&scene.live.name).into_iter();
    let owned = owned.filter_map(|id| match desired.get(&id) {
        Some(Object::Sequence(sequence)) => {
            Some(Operation::alter(id, SequenceChange::OwnedBy(sequence.owned_by.clone())))
        }
        _ => None,
    });
    identities(scene)
        .flat_map(|(column, identity)| numbering::taken_up(&column, &column, identity, scene.context))
        .chain(owned)
        .collect()
}

/// What would act on rows while they are copied: rules, triggers and policies.
fn over(scene: &Scene) -> Vec<Operation> {
    let desired = scene.context.schemas.desired;
    let mut operations = Vec::new();
    let mut tables = stand_in::partitions(desired, &scene.live.name);
    tables.push(scene.live.name.clone());
    let mut parts: Vec<ObjectId> = tables
        .iter()
        .flat_map(|table| desired.parts(table))
        .filter(|part| matches!(part, Object::Trigger(_) | Object::Rule(_) | Object::Policy(_)))
        .map(Object::id)
        .collect();
    parts.sort();
    for id in parts {
        operations.extend(desired.get(&id).map(|part| Operation::create(part.clone())));
        operations.extend(satellites(&id, scene.context));
    }
    operations.extend(privileges(scene));
    for change in [
        scene.desired.row_security.then_some(TableChange::RowSecurity(true)),
        scene
            .desired
            .force_row_security
            .then_some(TableChange::ForceRowSecurity(true)),
    ] {
        operations.extend(change.map(|change| Operation::alter(scene.id(), change)));
    }
    operations
}
