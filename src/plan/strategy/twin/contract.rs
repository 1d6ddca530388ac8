//! The end: the old column goes, and the twin and what stands over it take the names, in one transaction.

use crate::name::QualifiedName;
use crate::object::column::ColumnChange;
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::index::IndexChange;
use crate::object::policy::{Policy, PolicyChange};
use crate::object::sequence::{ColumnRef, SequenceChange};
use crate::object::{Definition, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::draft::Draft;
use crate::plan::strategy::numbering;
use crate::plan::strategy::rebuild::Around;
use crate::plan::strategy::satellites;
use crate::plan::{HazardKind, Phase};
use crate::refs::uses_word;
use crate::sql::list;

use super::anew::Anew;
use super::part::{self, Part};
use super::{Scene, Twin, anew, family, partitioned, prepare, sign, sync};

/// The whole of contract.
pub(super) fn switch(scene: &Scene, around: &Around) -> Draft {
    let mut operations = around.down_with(locks(scene), scene.context);
    for (table, twins) in scene.tables() {
        operations.extend(untied(table, &twins));
    }
    operations.extend(
        live_foreign_keys(scene)
            .into_iter()
            .map(|key| Operation::drop(key.id())),
    );
    for twin in scene.twins {
        operations.extend(let_go(twin, scene));
    }
    let mut handed_over = Vec::new();
    for twin in scene.twins {
        if let Some(handover) = numbering::handover(&twin.after_id(), scene.context) {
            operations.extend(handover.before);
            handed_over.extend(handover.after);
        }
    }
    for twin in scene.twins.iter().filter(|twin| keeps_identity(twin)) {
        operations.extend(numbering::kept(&twin.before_id(), scene.context));
    }
    operations.extend(scene.twins.iter().map(|twin| Operation::drop(twin.before_id())));
    operations.extend(anew::taken_over(scene));
    for twin in scene.twins {
        operations.extend(take_place(twin, scene));
    }
    operations.extend(handed_over);
    let children = partitioned::Children::of(scene);
    for part in part::wanted(scene) {
        operations.extend(children.names(&part).unwrap_or_else(|| name(&part, scene)));
        operations.extend(satellites(&part.id, scene.context));
    }
    for twin in scene.twins.iter().filter(|twin| !twin.both_ways()) {
        operations.extend(twin.after_ids().flat_map(|id| satellites(&id, scene.context)));
    }
    operations.extend(around.up.iter().cloned());
    operations.extend(anew::compiled_anew(scene));
    let mut draft = Draft::instant(Phase::Contract, operations)
        .because("In one transaction, so that every application sees either the old state or the new one.");
    draft.hazards.extend(around.hazards.iter().cloned());
    for twin in scene.twins {
        let (kind, goes) = goes(twin);
        draft = draft.hazard(kind, &twin.before_id(), goes);
    }
    draft
}

/// The columns of a table and their twins are on their own.
pub(super) fn untied(table: &QualifiedName, twins: &[&Twin]) -> Vec<Operation> {
    let triggers = sync::triggers(table, twins).into_iter();
    let mut operations: Vec<Operation> = triggers.map(|trigger| Operation::drop(trigger.id())).collect();
    operations.push(Operation::drop(sync::function_id(table, twins)));
    operations.extend(sign::id(table, twins).map(Operation::drop));
    operations
}

/// What goes with the old column: its shape, or values as well.
pub(super) fn goes(twin: &Twin) -> (HazardKind, String) {
    let (before, after) = (twin.before_id(), twin.after_id());
    let (live, desired) = (&twin.live.type_name, &twin.desired.type_name);
    let once = "Prepared statements over it fail once";
    let keeps = twin.keeps_values();
    let told = match (&twin.anew, twin.both_ways()) {
        (Some(Anew::Domain(based)), _) => {
            let values = if keeps {
                "goes; with the same values"
            } else {
                "goes with its values;"
            };
            format!(
                "The {after} over {} {values} it is over {} from here on, and stands last among the columns. {once}, and so do connections that remember the number of its type.",
                based.live.base, based.desired.base
            )
        }
        (Some(Anew::Enum(_)), _) => {
            let values = if keeps {
                "goes; with the same values it has"
            } else {
                "goes, and where `@using` gives another label the one from before is lost; it has"
            };
            format!(
                "The {after} with the old labels {values} the new ones from here on, and stands last among the columns. {once}, and so do connections that remember the number of its type."
            )
        }
        (Some(Anew::Composite(attributes)), _) => {
            let values = match (keeps, attributes.gone().as_slice()) {
                (true, _) => "goes; with the same values it has".to_owned(),
                (false, []) => "goes with its values; it has".to_owned(),
                (false, gone) => format!("goes, and with it every value of {}; it has", list(gone)),
            };
            format!(
                "The {after} with the old attributes {values} the new ones from here on, and stands last among the columns. {once}, and so do connections that remember the number of its type."
            )
        }
        (None, true) => {
            let values = match (keeps, twin.same()) {
                (true, true) => "goes; the same values are".to_owned(),
                (true, false) => format!("goes; the same values, as {desired}, are"),
                (false, _) => format!("goes with its values as {live}; as {desired} they are"),
            };
            format!("The {before} {values} in {after}, which stands last among the columns.")
        }
        (None, false) => {
            let values = if keeps {
                "goes; with the same values"
            } else {
                "goes with its values;"
            };
            format!(
                "The {after} as {live} {values} it is {desired} from here on, and stands last among the columns. {once}."
            )
        }
    };
    let kind = if keeps {
        HazardKind::OldShape
    } else {
        HazardKind::DataLoss
    };
    (kind, told)
}

/// In the order in which the applications lock them: first the tables whose rules, policies and triggers go along, which are locked before
/// what those name, then referenced tables; with what is asked of them then.
pub(super) fn locks(scene: &Scene) -> Vec<Operation> {
    let mut tables: Vec<QualifiedName> = Vec::new();
    let mut add = |table: &QualifiedName| {
        if !tables.contains(table) {
            tables.push(table.clone());
        }
    };
    let live = scene.context.schemas.live;
    for id in scene.views {
        let table = match live.get(id) {
            Some(Object::Policy(policy)) => &policy.table,
            Some(Object::Rule(rule)) => &rule.table,
            Some(Object::Trigger(trigger)) => &trigger.table,
            _ => continue,
        };
        let own = scene.twins.iter().any(|twin| twin.is_of(table));
        if !own && live.contains(&ObjectId::named(Kind::Table, table)) {
            add(table);
        }
    }
    let keys = live_foreign_keys(scene);
    for key in &keys {
        if let ConstraintRule::ForeignKey(rule) = &key.rule {
            add(&rule.references);
        }
    }
    keys.iter().for_each(|key| add(&key.table));
    scene.twins.iter().for_each(|twin| add(&twin.table));
    let mut locks = vec![Operation::Lock {
        tables,
        mode: "ACCESS EXCLUSIVE".into(),
    }];
    locks.extend(family::guards(scene));
    locks
}

fn live_foreign_keys<'a>(scene: &Scene<'a>) -> Vec<&'a Constraint> {
    scene
        .parts
        .iter()
        .filter_map(|id| match scene.context.schemas.live.get(id) {
            Some(Object::Constraint(constraint)) if matches!(constraint.rule, ConstraintRule::ForeignKey(_)) => {
                Some(constraint)
            }
            _ => None,
        })
        .collect()
}

/// Policies and sequences that PostgreSQL would not let go with the column move to the twin.
pub(super) fn let_go(twin: &Twin, scene: &Scene) -> Vec<Operation> {
    let live = scene.context.schemas.live;
    let mut operations = Vec::new();
    for part in twin.tables().flat_map(|table| live.parts(table)) {
        if let Object::Policy(policy) = part {
            operations.extend(moved_policy(policy, twin, scene));
        }
    }
    for table in twin.tables() {
        for id in scene.context.live_owned_sequences(table) {
            let owned = matches!(live.get(&id), Some(Object::Sequence(sequence))
                if sequence.owned_by.as_ref().is_some_and(|owner| owner.column == twin.after));
            if owned && scene.context.schemas.desired.contains(&id) {
                let owner = ColumnRef {
                    table: table.clone(),
                    column: twin.name.clone(),
                };
                operations.push(Operation::alter(id, SequenceChange::OwnedBy(Some(owner))));
            }
        }
    }
    operations
}

fn moved_policy(policy: &Policy, twin: &Twin, scene: &Scene) -> Vec<Operation> {
    let texts = [&policy.using, &policy.check];
    if !texts
        .into_iter()
        .flatten()
        .any(|expr| uses_word(&expr.text, &twin.after))
    {
        return Vec::new();
    }
    let Object::Policy(moved) = part::over_twins(&Object::from(policy.clone()), scene.twins) else {
        return Vec::new();
    };
    let using = moved.using.map(PolicyChange::Using);
    let check = moved.check.map(PolicyChange::Check);
    using
        .into_iter()
        .chain(check)
        .map(|change| Operation::alter(policy.id(), change))
        .collect()
}

fn keeps_identity(twin: &Twin) -> bool {
    twin.live.identity.is_some() && twin.desired.identity.is_some()
}

/// The twin becomes the column.
pub(super) fn take_place(twin: &Twin, scene: &Scene) -> Vec<Operation> {
    let mut operations = Vec::new();
    if !twin.both_ways() {
        operations.push(Operation::Rename {
            from: twin.id(),
            to: twin.after_id(),
        });
        if twin.desired.not_null {
            let proof = prepare::null_proof(twin).id();
            operations.extend(family::own_refusals(twin, scene).into_iter().map(Operation::create));
            operations.push(Operation::alter(twin.after_id(), ColumnChange::NotNull(true)));
            operations.push(Operation::drop(proof));
        }
    }
    if let (true, Some(identity)) = (keeps_identity(twin), &twin.desired.identity) {
        operations.extend(numbering::taken_up(
            &twin.before_id(),
            &twin.after_id(),
            identity,
            scene.context,
        ));
    }
    let hands_over = numbering::handover(&twin.after_id(), scene.context).is_some();
    if twin.desired.default != twin.default() && !hands_over {
        let change = ColumnChange::Default(twin.desired.default.clone());
        operations.push(Operation::alter(twin.after_id(), change));
    }
    operations
}

/// What stands for a part takes its name.
pub(super) fn name(part: &Part, scene: &Scene) -> Vec<Operation> {
    let stand_in = part.stand_in.id();
    match (part.wanted, &part.stand_in) {
        (Object::Constraint(constraint), Object::Index(index)) => vec![Operation::UseIndex {
            constraint: constraint.clone(),
            index: index.name.name.clone(),
        }],
        (Object::Constraint(constraint), _) if partitioned::is_late(constraint, scene.context) => {
            vec![partitioned::unchecked(constraint)]
        }
        (wanted, _) => {
            let mut operations = Vec::new();
            if stand_in != part.id {
                operations.push(Operation::Rename {
                    from: stand_in,
                    to: part.id.clone(),
                });
            }
            if matches!(wanted, Object::Index(index) if index.clustered) {
                operations.push(Operation::alter(part.id.clone(), IndexChange::Clustered(true)));
            }
            operations
        }
    }
}
