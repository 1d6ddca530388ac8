//! Indexes, keys and foreign keys of twins on partitioned tables.
//!
//! The column, its trigger, its checks and its defaults go down to the partitions by themselves. An index does too, but would be
//! built under a lock: so it is made on the table alone, concurrently on each partition, and attached. A key has no form that
//! takes over an index of a partitioned table (`ADD CONSTRAINT USING INDEX` is refused), so the unique indexes of the partitions
//! stand alone until the switch; there the key is made on the table alone, each index becomes a key of its partition, and is
//! attached, all without reading a row. A partition that comes meanwhile has the column, its trigger and checks, and indexes that stood
//! by then; it gets the others where they are due ([`Operation::Extend`]). A foreign key needs the key it refers to, so it comes in the switch, NOT VALID, and is
//! validated after it.
//!
//! A row that an UPDATE moves to another partition is deleted and inserted: the trigger fires for the UPDATE and again for the INSERT.

use std::collections::{BTreeMap, BTreeSet};

use crate::attach;
use crate::name::{Ident, QualifiedName, object_name};
use crate::object::constraint::{Constraint, ConstraintChange, ConstraintRule, PartNames};
use crate::object::index::{Index, IndexChange};
use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::not_null::helper_name;
use crate::plan::{Class, Phase};
use crate::refs::{is_partitioned_by, may_read, parts_of_column, uses_word};
use crate::schema::Schema;

use super::family::is_partitioned;
use super::part::{self, Part};
use super::prepare;
use super::{Scene, Twin};

/// What a partition has of an index or key of its table.
struct Child {
    partition: QualifiedName,
    /// Its name while the twin stands beside the column.
    stand_in: Ident,
    /// Its name in the end.
    last: Ident,
    /// Those of its own partitions; none where it holds rows.
    below: Option<Vec<Child>>,
}

impl Child {
    fn named(&self, name: &Ident) -> QualifiedName {
        QualifiedName {
            namespace: self.partition.namespace.clone(),
            name: name.clone(),
        }
    }
}

/// What partitions have of the parts of a group, by the id of the part.
pub(super) struct Children(BTreeMap<ObjectId, Vec<Child>>);

impl Children {
    /// Names everything. The same scene gives the same names.
    pub(super) fn of(scene: &Scene) -> Self {
        let mut names = BTreeSet::new();
        let parts = part::wanted(scene).into_iter();
        let parts = parts.filter_map(|part| {
            let Object::Index(stand_in) = &part.stand_in else {
                return None;
            };
            is_partitioned(&stand_in.table, scene.context).then(|| {
                let children = children(part.wanted, &part.id.qualified(), &stand_in.table, scene, &mut names);
                (part.id, children)
            })
        });
        Self(parts.collect())
    }

    /// Builds what stands for an index or a key.
    pub(super) fn build(&self, part: &Part, index: &Index, phase: Phase) -> Recipe {
        let Some(children) = self.0.get(&part.id) else {
            return vec![prepare::build(index, phase)];
        };
        match part.wanted {
            Object::Constraint(_) => alone(index, children, phase),
            _ => {
                let mut recipe = tree(index, children, phase);
                let rest = Operation::Extend {
                    index: index.clone(),
                    key: None,
                };
                recipe.push(Draft::instant(phase, vec![rest]).because(
                    "Partitions that came before the index did not get it; nothing happens where there are none.",
                ));
                recipe
            }
        }
    }

    /// What stands for an index or a key takes its place; nothing where it stands on no partitioned table.
    pub(super) fn names(&self, part: &Part) -> Option<Vec<Operation>> {
        let children = self.0.get(&part.id)?;
        match part.wanted {
            Object::Constraint(constraint) => {
                let mut operations = key(constraint, children);
                if let Object::Index(index) = &part.stand_in {
                    operations.push(Operation::Extend {
                        index: index.clone(),
                        key: Some(constraint.clone()),
                    });
                }
                Some(operations)
            }
            _ => {
                let own = Operation::Rename {
                    from: part.stand_in.id(),
                    to: part.id.clone(),
                };
                let mut renames = Vec::from_iter((part.stand_in.id() != part.id).then_some(own));
                renamed(children, &mut renames);
                Some(renames)
            }
        }
    }
}

/// The unique indexes that become keys, on the partitions that hold rows.
fn alone(index: &Index, children: &[Child], phase: Phase) -> Recipe {
    let mut recipe = Recipe::new();
    for child in children {
        match &child.below {
            Some(below) => recipe.extend(alone(index, below, phase)),
            None => recipe.push(prepare::build(&on(index, child), phase)),
        }
    }
    recipe
}

fn on(index: &Index, child: &Child) -> Index {
    Index {
        name: child.named(&child.stand_in),
        table: child.partition.clone(),
        ..index.clone()
    }
}

/// An index on the table alone, one on each partition, and those attached.
fn tree(index: &Index, children: &[Child], phase: Phase) -> Recipe {
    let only = Index {
        invalid: !children.is_empty(),
        ..index.clone()
    };
    let mut recipe = vec![
        Draft::instant(phase, vec![Operation::create(only)])
            .because("On the parent only: instant, and not valid until every partition has its index."),
    ];
    for child in children {
        let own = on(index, child);
        match &child.below {
            Some(below) => recipe.extend(tree(&own, below, phase)),
            None => recipe.push(prepare::build(&own, phase)),
        }
        let id = ObjectId::named(Kind::Index, &own.name);
        let attach = Operation::alter(id, IndexChange::Attach(index.name.clone()));
        recipe.push(
            Draft::instant(phase, vec![attach])
                .because("Reads of the partition wait for a moment, because planning locks the index."),
        );
    }
    recipe
}

/// The key on the table alone; each index becomes the key of its partition, and is attached.
fn key(constraint: &Constraint, children: &[Child]) -> Vec<Operation> {
    let mut missing = Vec::new();
    tables(children, &mut missing);
    missing.sort();
    let mut operations = vec![Operation::create(Constraint {
        missing,
        ..constraint.clone()
    })];
    let index = QualifiedName {
        namespace: constraint.table.namespace.clone(),
        name: constraint.name.clone(),
    };
    for child in children {
        let own = Constraint {
            table: child.partition.clone(),
            name: child.last.clone(),
            missing: Vec::new(),
            parts: PartNames::default(),
            ..constraint.clone()
        };
        let id = ObjectId::part(Kind::Constraint, &own.table, &own.name);
        match &child.below {
            Some(below) => operations.extend(key(&own, below)),
            None => operations.push(Operation::UseIndex {
                constraint: own,
                index: child.stand_in.clone(),
            }),
        }
        operations.push(Operation::alter(id, ConstraintChange::Attach(index.clone())));
    }
    operations
}

fn tables(children: &[Child], found: &mut Vec<QualifiedName>) {
    for child in children {
        found.push(child.partition.clone());
        child.below.iter().for_each(|below| tables(below, found));
    }
}

fn renamed(children: &[Child], operations: &mut Vec<Operation>) {
    for child in children {
        operations.extend((child.stand_in != child.last).then(|| Operation::Rename {
            from: ObjectId::named(Kind::Index, &child.named(&child.stand_in)),
            to: ObjectId::named(Kind::Index, &child.named(&child.last)),
        }));
        child.below.iter().for_each(|below| renamed(below, operations));
    }
}

fn children(
    wanted: &Object,
    parent: &QualifiedName,
    table: &QualifiedName,
    scene: &Scene,
    names: &mut BTreeSet<QualifiedName>,
) -> Vec<Child> {
    let heirs = scene.context.heirs(table).iter();
    heirs
        .map(|partition| {
            let last = last_name(wanted, parent, partition, scene, names);
            let name = QualifiedName {
                namespace: partition.namespace.clone(),
                name: last.clone(),
            };
            names.insert(name.clone());
            let below =
                is_partitioned(partition, scene.context).then(|| children(wanted, &name, partition, scene, names));
            Child {
                partition: partition.clone(),
                stand_in: Ident::new(helper_name(last.as_str(), "new")),
                last,
                below,
            }
        })
        .collect()
}

/// The name that it has in the files, or that PostgreSQL would choose for it.
fn last_name(
    wanted: &Object,
    parent: &QualifiedName,
    partition: &QualifiedName,
    scene: &Scene,
    names: &BTreeSet<QualifiedName>,
) -> Ident {
    let desired = scene.context.schemas.desired;
    let index = match wanted {
        Object::Constraint(constraint) => return attach::name_on_partition(partition, constraint),
        Object::Index(index) => index,
        _ => return parent.name.clone(),
    };
    let usual = |part: &str, label: &str| Ident::new(object_name(partition.name.as_str(), part, label));
    let said = attach::attached(desired, partition, parent).map(|id| id.own_name().clone());
    // A name that PostgreSQL has chosen for the old column is nobody's wish.
    let chosen = said.as_ref().is_some_and(|said| {
        let id = ObjectId::named(
            Kind::Index,
            &QualifiedName {
                namespace: partition.namespace.clone(),
                name: said.clone(),
            },
        );
        matches!(scene.original.get(&id), Some(Object::Index(old)) if *said == usual(&old.name_part(), "idx"))
    });
    if let Some(said) = said.filter(|_| !chosen) {
        return said;
    }
    let mut number = 0u32;
    loop {
        let label = if number == 0 {
            "idx".to_owned()
        } else {
            format!("idx{number}")
        };
        let name = usual(&index.name_part(), &label);
        let qualified = QualifiedName {
            namespace: partition.namespace.clone(),
            name: name.clone(),
        };
        let other = |schema: &Schema| {
            schema.relation(&qualified).is_some_and(|id| {
                let serves = matches!(schema.get(&id), Some(Object::Index(index)) if index.attached_to.is_some() && index.table == *partition);
                !serves
            })
        };
        if !names.contains(&qualified) && !other(scene.original) && !other(desired) {
            return name;
        }
        number += 1;
    }
}

/// Whether a foreign key has to wait for the switch.
pub(super) fn is_late(constraint: &Constraint, context: &Context) -> bool {
    match &constraint.rule {
        ConstraintRule::ForeignKey(key) => {
            is_partitioned(&constraint.table, context) || is_partitioned(&key.references, context)
        }
        _ => false,
    }
}

/// Such a foreign key in the switch.
pub(super) fn unchecked(constraint: &Constraint) -> Operation {
    Operation::create(Constraint {
        not_valid: !constraint.not_enforced,
        ..constraint.clone()
    })
}

/// What is asked right before the switch. A partition that was away, or that came with rows, has had no trigger meanwhile.
pub(super) fn before(scene: &Scene) -> Recipe {
    let twins = scene.twins.iter();
    twins
        .filter(|twin| is_partitioned(&twin.table, scene.context))
        .map(|twin| {
            Draft::new(Phase::Contract, Class::Check, vec![prepare::compare(twin)]).because(
                "Asked again right before: a partition that was attached meanwhile brings rows that no trigger has seen.",
            )
        })
        .collect()
}

/// What is left to do after the switch.
pub(super) fn after(scene: &Scene) -> Recipe {
    let parts = part::wanted(scene).into_iter();
    parts
        .filter_map(|part| match part.wanted {
            Object::Constraint(constraint) if is_late(constraint, scene.context) => Some((part.id, constraint)),
            _ => None,
        })
        .filter(|(_, constraint)| !constraint.not_valid && !constraint.not_enforced)
        .map(|(id, _)| {
            Draft::new(
                Phase::Contract,
                Class::Long,
                vec![Operation::alter(id, ConstraintChange::Validate)],
            )
            .because("New rows are checked since the switch, and the old ones were before it; reads and writes go on.")
        })
        .collect()
}

/// The ids of the indexes of partitions that belong to the indexes of a group.
pub(super) fn members(scene: &Scene) -> BTreeSet<ObjectId> {
    let mut members = BTreeSet::new();
    for schema in [scene.context.schemas.live, scene.context.schemas.desired] {
        let mut above: Vec<QualifiedName> = scene
            .parts
            .iter()
            .filter(|id| id.kind == Kind::Index)
            .map(ObjectId::qualified)
            .collect();
        while let Some(name) = above.pop() {
            if let Some(Object::Index(index)) = schema.get(&ObjectId::named(Kind::Index, &name)) {
                for child in attach::attached_to(schema, index) {
                    above.push(child.qualified());
                    members.insert(child);
                }
            }
        }
    }
    members
}

/// What keeps a column of a partitioned table from having a twin, as the end of a sentence.
pub(super) fn keyed(twin: &Twin, scene: &Scene) -> Option<String> {
    let live = scene.context.schemas.live;
    let partitions = attach::partitions(live, &twin.table);
    let mut all = std::iter::once(&twin.table).chain(&partitions);
    let by = all.find(|name| is_key(twin, name, live))?;
    Some(format!(
        "it is in the partition key of {by}, and rows are where its value says; make a partitioned table over a new column and move the rows there, or rename it together with the application"
    ))
}

/// What a partition has of its own over the column, as the end of a sentence.
pub(super) fn owned(twin: &Twin, scene: &Scene) -> Option<String> {
    if !is_partitioned(&twin.table, scene.context) {
        return None;
    }
    let partitions = attach::partitions(scene.context.schemas.live, &twin.table);
    partitions.iter().find_map(|name| own(twin, name, scene))
}

fn is_key(twin: &Twin, table: &QualifiedName, live: &Schema) -> bool {
    let key = live.table(table).and_then(|table| table.partition_by.as_ref());
    key.is_some_and(|key| is_partitioned_by(key, &twin.after))
}

/// What a partition has of its own over the column.
fn own(twin: &Twin, partition: &QualifiedName, scene: &Scene) -> Option<String> {
    let schemas = scene.context.schemas;
    let id = ObjectId::part(Kind::Column, partition, &twin.after);
    for schema in [schemas.live, schemas.desired] {
        let attached =
            |id: &ObjectId| matches!(schema.get(id), Some(Object::Index(index)) if index.attached_to.is_some());
        let part = parts_of_column(schema, &id).into_iter().find(|part| !attached(part));
        let policy = || {
            schema.parts(partition).find_map(|part| match part {
                Object::Policy(policy) => [&policy.using, &policy.check]
                    .into_iter()
                    .flatten()
                    .any(|expr| uses_word(&expr.text, &twin.after))
                    .then(|| part.id()),
                _ => None,
            })
        };
        let spoken = || {
            [Kind::Comment, Kind::Acl, Kind::SecurityLabel]
                .into_iter()
                .map(|kind| ObjectId::satellite(kind, &id))
                .find(|satellite| schema.contains(satellite))
        };
        let variant = schema.contains(&id).then(|| id.clone());
        if let Some(found) = part.or(variant).or_else(policy).or_else(spoken) {
            return Some(format!("partition {partition} has {found} of its own over it"));
        }
    }
    let live = schemas.live;
    let users = scene.context.live_users.get(&ObjectId::named(Kind::Table, partition));
    let reader = users.into_iter().flatten().find(|user| match live.get(user) {
        Some(Object::View(view)) => may_read(&view.query.text, &twin.before),
        Some(Object::MaterializedView(view)) => may_read(&view.query.text, &twin.before),
        Some(Object::Rule(_) | Object::Routine(_) | Object::Policy(_)) => true,
        _ => false,
    });
    reader.map(|reader| format!("{reader} reads partition {partition} by its own name"))
}
