//! Constraints on existing tables.
//!
//! **The danger.** Added plainly, a check scans under ACCESS EXCLUSIVE, a foreign key under SHARE ROW EXCLUSIVE on both
//! tables, a key builds its index under ACCESS EXCLUSIVE. NOT VALID and VALIDATE in one transaction are no better: the first
//! lock is held over the scan.
//!
//! | the constraint | validate |
//! |---|---|
//! | check | count offending rows; ADD NOT VALID; VALIDATE |
//! | foreign key | count orphans; LOCK referenced, referencing; ADD NOT VALID; VALIDATE |
//! | unique, primary key | count duplicates; CREATE UNIQUE INDEX CONCURRENTLY; ADD CONSTRAINT USING INDEX (a primary key after the not-null proof) |
//! | unique, primary key of a partitioned table | count duplicates; ADD with ONLY; on each partition CREATE UNIQUE INDEX CONCURRENTLY, ADD CONSTRAINT USING INDEX, ATTACH |
//! | foreign key of a partitioned table before PostgreSQL 18 | on each partition first (`foreign_key`); in place, with approval, where the table references itself |
//! | unique, primary key that is replaced while foreign keys rely on it | its index, ahead; the rest is one transaction of contract (see `rebuild::key`) |
//! | exclusion | through a shadow, see `shadow`; in place, with approval, where something stands in its way |
//! | changed | the new one under a name of ours beside the old one, validated; then one transaction drops the old and renames the new |
//!
//! **If it stops half-way**: a not-valid constraint is validated by the next run; an invalid index is dropped and built anew.

use crate::attach;
use crate::expr::Expr;
use crate::name::object_name;
use crate::name::{Ident, QualifiedName};
use crate::object::constraint::{Constraint, ConstraintChange, ConstraintRule, ForeignKey, KeyRule, PartNames};
use crate::object::index::{Index, IndexKey};
use crate::object::{Change, Definition as _, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::drop_object::lock_both;
use crate::plan::strategy::not_null::{data_check, helper_name, showing};
use crate::plan::strategy::{foreign_key, not_null, operations, satellites};
use crate::plan::{Class, HazardKind, Phase};

/// The recipe for a new constraint on an existing table.
pub fn add(constraint: &Constraint, context: &Context) -> Recipe {
    let id = ObjectId::part(Kind::Constraint, &constraint.table, &constraint.name);
    let bare = Constraint {
        attached_to: None,
        ..constraint.clone()
    };
    let mut recipe = add_as(&bare, context);
    if let (Some(old), Some(last)) = (swapped_key(constraint, context), recipe.last_mut()) {
        last.phase = Phase::Contract;
        last.operations.insert(0, Operation::drop(old));
        last.why = "The old primary key goes in the same transaction, so that the table is never without one.".into();
    }
    if let Some(parent) = &constraint.attached_to {
        recipe.push(attach_index(&id, parent));
    }
    if let Some(last) = recipe.last_mut() {
        last.operations.extend(satellites(&id, context));
    }
    recipe
}

/// The live primary key, under another name, that a new one takes the place of.
pub fn swapped_key(constraint: &Constraint, context: &Context) -> Option<ObjectId> {
    if !matches!(constraint.rule, ConstraintRule::PrimaryKey(_)) || context.is_partitioned(&constraint.table) {
        return None;
    }
    let old = context.schemas.live.primary_key(&constraint.table)?;
    let id = ObjectId::part(Kind::Constraint, &old.table, &old.name);
    let relied_on = context.live_users.get(&id).is_some_and(|users| !users.is_empty());
    (old.name != constraint.name && !context.schemas.desired.contains(&id) && !relied_on).then_some(id)
}

fn add_as(constraint: &Constraint, context: &Context) -> Recipe {
    match &constraint.rule {
        ConstraintRule::Check { .. } if context.schemas.live.inherits_check(constraint) => {
            let declared = Draft::instant(Phase::Contract, vec![Operation::create(constraint.clone())]);
            vec![declared.because(
                "The table has it from its parent already, and comes to declare it itself; nothing leads back.",
            )]
        }
        ConstraintRule::Check { expr, no_inherit } => {
            let only = if *no_inherit { "ONLY " } else { "" };
            let check = format!("violate {}", constraint.name);
            let query = format!("SELECT * FROM {only}{} WHERE NOT ({})", constraint.table, expr.text);
            checked(constraint, query_check(constraint, check, query, expr))
        }
        ConstraintRule::ForeignKey(key) if foreign_key::concerns(constraint, key, context) => {
            foreign_key::recipe(constraint, key, context)
        }
        ConstraintRule::ForeignKey(key) if context.is_partitioned(&constraint.table) && context.server_version < 18 => {
            vec![in_place(constraint, key_explanation(constraint, key))]
        }
        ConstraintRule::ForeignKey(key) => checked(constraint, orphan_check(constraint, key, context)),
        ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) if online_key(constraint, key, context) => {
            unique(constraint, key, &constraint.name, context)
        }
        ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) if !key.without_overlaps => {
            partitioned_key(constraint, key, context)
        }
        ConstraintRule::PrimaryKey(_) | ConstraintRule::Unique(_) | ConstraintRule::Exclude(_) => {
            let explanation = format!(
                "The index of {} is built while reads and writes of {} wait.",
                constraint.name, constraint.table
            );
            vec![in_place(constraint, explanation)]
        }
        ConstraintRule::NotNull { column, no_inherit } => {
            let only = if *no_inherit { "ONLY " } else { "" };
            let problem = format!("hold a null in {column}");
            let nulls = not_null::nulls(&constraint.table, column, context);
            let query = format!(
                "SELECT * FROM {only}{} WHERE {}",
                constraint.table,
                nulls.none(&column.to_string())
            );
            checked(constraint, data_check(&constraint.table, problem, query))
        }
    }
}

/// NOT VALID, then VALIDATE, apart.
fn checked(constraint: &Constraint, check: Draft) -> Recipe {
    let id = ObjectId::part(Kind::Constraint, &constraint.table, &constraint.name);
    let not_valid = Constraint {
        not_valid: !constraint.not_enforced,
        ..constraint.clone()
    };
    let create = Operation::create(not_valid);
    let create = lock_both(constraint, "SHARE ROW EXCLUSIVE", create);
    let add = Draft::instant(Phase::Validate, create)
        .because("New rows are checked from here on; existing ones are not read.");
    if constraint.not_valid || constraint.not_enforced {
        return vec![add];
    }
    let validate = Draft::new(
        Phase::Validate,
        Class::Long,
        vec![Operation::alter(id, ConstraintChange::Validate)],
    )
    .because("Apart from ADD, so that reads and writes go on while existing rows are checked.");
    vec![check, add, validate]
}

pub(super) fn query_check(constraint: &Constraint, problem: String, query: String, expr: &Expr) -> Draft {
    let query = Expr::under(query, &expr.path);
    let check = Operation::Check {
        table: constraint.table.clone(),
        problem,
        query,
        shown: vec![],
    };
    Draft::new(Phase::Validate, Class::Check, vec![check]).because("Asked before any lock is taken.")
}

pub(super) fn orphan_check(constraint: &Constraint, key: &ForeignKey, context: &Context) -> Draft {
    // A key that names no columns means the primary key.
    let primary = context.schemas.desired.primary_key(&key.references);
    let referenced_columns = match primary.and_then(Constraint::key) {
        Some(primary) if key.referenced_columns.is_empty() => &primary.columns,
        _ => &key.referenced_columns,
    };
    let mut pairs: Vec<(&Ident, &Ident)> = key.columns.iter().zip(referenced_columns).collect();
    // The rows referenced must cover the period together (PostgreSQL documentation, CREATE TABLE).
    let period = pairs.pop_if(|_| key.period);
    let equal = pairs.iter().map(|(mine, theirs)| format!("r.{theirs} = t.{mine}"));
    let pairs = match pairs.is_empty() {
        true => "true".to_owned(),
        false => crate::sql::join(equal, " AND "),
    };
    let present = crate::sql::join(
        key.columns.iter().map(|column| format!("t.{column} IS NOT NULL")),
        " AND ",
    );
    let (table, referenced) = (&constraint.table, &key.references);
    let lacks = match period {
        Some((mine, theirs)) => {
            let covered = format!("(SELECT pg_catalog.range_agg(r.{theirs}) FROM {referenced} r WHERE {pairs})");
            format!("(t.{mine} OPERATOR(pg_catalog.<@) {covered}) IS NOT TRUE")
        }
        None => format!("NOT EXISTS (SELECT FROM {referenced} r WHERE {pairs})"),
    };
    let query = format!("SELECT t.* FROM {table} t WHERE {present} AND {lacks}");
    showing(
        data_check(table, format!("reference no row of {referenced}"), query),
        &key.columns,
    )
}

fn key_explanation(constraint: &Constraint, key: &ForeignKey) -> String {
    format!(
        "Writes of {} and {} wait while every row is checked: a foreign key of a partitioned table to itself cannot be NOT VALID before PostgreSQL 18.",
        constraint.table, key.references
    )
}

fn in_place(constraint: &Constraint, explanation: String) -> Draft {
    let id = ObjectId::part(Kind::Constraint, &constraint.table, &constraint.name);
    let mut draft = Draft::new(
        Phase::Validate,
        Class::Blocking,
        vec![Operation::create(constraint.clone())],
    )
    .hazard(HazardKind::BlockingScan, &id, explanation);
    draft.needs_not_null = key_columns(constraint);
    draft
}

fn key_columns(constraint: &Constraint) -> Vec<ObjectId> {
    match &constraint.rule {
        ConstraintRule::PrimaryKey(key) => key
            .columns
            .iter()
            .map(|column| ObjectId::part(Kind::Column, &constraint.table, column))
            .collect(),
        _ => Vec::new(),
    }
}

/// `USING INDEX` does not exist for partitioned tables, nor for temporal keys.
fn online_key(constraint: &Constraint, key: &KeyRule, context: &Context) -> bool {
    !key.without_overlaps && !context.is_partitioned(&constraint.table)
}

/// The unique index that will become the constraint's.
pub(super) fn key_index(constraint: &Constraint, key: &KeyRule, name: &Ident) -> Index {
    Index {
        name: QualifiedName {
            namespace: constraint.table.namespace.clone(),
            name: name.clone(),
        },
        table: constraint.table.clone(),
        unique: true,
        nulls_not_distinct: key.nulls_not_distinct,
        method: Ident::new("btree"),
        keys: key.columns.iter().map(IndexKey::column).collect(),
        include: key.include.clone(),
        predicate: None,
        options: key.options.clone(),
        tablespace: key.tablespace.clone(),
        attached_to: None,
        invalid: false,
        clustered: false,
    }
}

pub(super) fn unique(constraint: &Constraint, key: &KeyRule, index_name: &Ident, _context: &Context) -> Recipe {
    let index = key_index(constraint, key, index_name);
    let use_index = Operation::UseIndex {
        constraint: constraint.clone(),
        index: index_name.clone(),
    };
    let build = Operation::Create {
        object: index.into(),
        if_exists: Default::default(),
        concurrently: true,
        like: false,
    };
    let mut attach =
        Draft::instant(Phase::Validate, vec![use_index]).because("The index is there already, so nothing is built.");
    attach.needs_not_null = key_columns(constraint);
    vec![
        duplicate_check(constraint, key),
        Draft::new(Phase::Validate, Class::Concurrent, vec![build])
            .because("Reads and writes go on while it is built."),
        attach,
    ]
}

/// With ONLY on the partitioned table, then an index on each partition, which becomes a key there and is attached.
fn partitioned_key(constraint: &Constraint, key: &KeyRule, context: &Context) -> Recipe {
    let only = Constraint {
        missing: below(&constraint.table, context),
        parts: PartNames::default(),
        ..constraint.clone()
    };
    let mut create = Draft::instant(Phase::Validate, vec![Operation::create(only.clone())])
        .because("On the parent only: instant, and not valid until every partition has its index.");
    create.needs_not_null = key_columns(constraint);
    let mut recipe = vec![duplicate_check(constraint, key), create];
    recipe.extend(complete(&only, key, context));
    recipe
}

/// Gives a key that was made with ONLY its indexes on the partitions that lack one.
fn complete(parent: &Constraint, key: &KeyRule, context: &Context) -> Recipe {
    let mut recipe = Recipe::new();
    let parent_index = QualifiedName {
        namespace: parent.table.namespace.clone(),
        name: parent.name.clone(),
    };
    let direct = context.heirs(&parent.table).iter();
    for partition in direct.filter(|partition| parent.missing.contains(partition)) {
        let equal = context
            .schemas
            .live
            .constraints(partition)
            .find(|own| own.attached_to.is_none() && attach::same_rule(&parent.rule, &own.rule));
        if let Some(own) = equal {
            let id = ObjectId::part(Kind::Constraint, partition, &own.name);
            recipe.push(attach_index(&id, &parent_index).because("The partition has this key already."));
            continue;
        }
        let ready = attach::promotable(context.schemas, partition, parent);
        let (middle, label) = attach::name_parts(&parent.rule).unwrap_or_default();
        let usual = Ident::new(object_name(partition.name.as_str(), &middle, label));
        let name = match ready {
            Some(index) if index.name.name == usual => usual,
            _ if goes_with_parent(partition, &usual, &parent_index, context) => usual,
            _ => context.free_relation_name(partition, &middle, label),
        };
        let child = Constraint {
            table: partition.clone(),
            name: name.clone(),
            missing: below(partition, context),
            ..parent.clone()
        };
        let id = ObjectId::part(Kind::Constraint, partition, &name);
        if context.is_partitioned(partition) || context.is_new(partition) {
            recipe.push(Draft::instant(Phase::Validate, vec![Operation::create(child.clone())]));
            recipe.extend(complete(&child, key, context));
        } else {
            if ready.is_none() {
                let build = Operation::Create {
                    object: key_index(&child, key, &name).into(),
                    if_exists: Default::default(),
                    concurrently: true,
                    like: false,
                };
                recipe.push(
                    Draft::new(Phase::Validate, Class::Concurrent, vec![build])
                        .because("Reads and writes go on while it is built."),
                );
            }
            let use_index = Operation::UseIndex {
                constraint: child,
                index: ready.map_or(name, |index| index.name.name.clone()),
            };
            recipe.push(
                Draft::instant(Phase::Validate, vec![use_index])
                    .because("The index is there already, so nothing is built."),
            );
        }
        recipe.push(attach_index(&id, &parent_index));
    }
    recipe
}

/// Whether the name on a partition is that of an index attached to one whose name the new key takes: the latter goes before the
/// key comes, and the former with it.
fn goes_with_parent(partition: &QualifiedName, name: &Ident, parent: &QualifiedName, context: &Context) -> bool {
    let mut at = QualifiedName {
        namespace: partition.namespace.clone(),
        name: name.clone(),
    };
    if context.schemas.desired.relation(&at).is_some() {
        return false;
    }
    while let Some(Object::Index(index)) = context.schemas.live.get(&ObjectId::named(Kind::Index, &at)) {
        match &index.attached_to {
            Some(above) if above == parent => return true,
            Some(above) => at = above.clone(),
            None => return false,
        }
    }
    false
}

fn below(table: &QualifiedName, context: &Context) -> Vec<QualifiedName> {
    let mut found = attach::partitions(context.schemas.desired, table);
    found.sort();
    found
}

fn attach_index(id: &ObjectId, parent: &QualifiedName) -> Draft {
    Draft::instant(
        Phase::Validate,
        vec![Operation::alter(id.clone(), ConstraintChange::Attach(parent.clone()))],
    )
    .because("Reads of the partition wait for a moment, because planning locks the index.")
}

pub(super) fn duplicate_check(constraint: &Constraint, key: &KeyRule) -> Draft {
    let columns = crate::sql::list(&key.columns);
    let present = crate::sql::join(
        key.columns.iter().map(|column| format!("{column} IS NOT NULL")),
        " AND ",
    );
    let filter = if key.nulls_not_distinct {
        String::new()
    } else {
        format!(" WHERE {present}")
    };
    let table = &constraint.table;
    let query = format!("SELECT {columns} FROM {table}{filter} GROUP BY {columns} HAVING count(*) > 1");
    showing(
        data_check(table, format!("share a value of ({columns})"), query),
        &key.columns,
    )
}

/// Changes that need no new constraint.
pub fn alter(id: &ObjectId, changes: &[Change], context: &Context) -> Recipe {
    changes
        .iter()
        .flat_map(|change| {
            let alter = operations(id, std::slice::from_ref(change));
            match (change, context.schemas.live.get(id)) {
                (Change::Constraint(ConstraintChange::Validate), Some(Object::Constraint(live))) => {
                    let mut recipe: Recipe = match &live.rule {
                        ConstraintRule::ForeignKey(key) => vec![orphan_check(live, key, context)],
                        ConstraintRule::Check { expr, .. } => {
                            let query = format!("SELECT * FROM {} WHERE NOT ({})", live.table, expr.text);
                            vec![query_check(live, format!("violate {}", live.name), query, expr)]
                        }
                        _ => Recipe::new(),
                    };
                    recipe.push(
                        Draft::new(Phase::Validate, Class::Long, alter)
                            .because("Reads and writes go on while existing rows are checked."),
                    );
                    recipe
                }
                (Change::Constraint(ConstraintChange::Attach(parent)), _) => vec![attach_index(id, parent)],
                (Change::Constraint(ConstraintChange::Complete(missing)), Some(Object::Constraint(live))) => {
                    let lacking = Constraint {
                        missing: missing.clone(),
                        ..live.clone()
                    };
                    live.key()
                        .map_or_else(Recipe::new, |key| complete(&lacking, key, context))
                }
                _ => vec![Draft::instant(Phase::Expand, alter)],
            }
        })
        .collect()
}

/// Whether a foreign key is to a new table that cannot come before the old one has gone, because it takes its names.
pub fn goes_first(id: &ObjectId, context: &Context) -> bool {
    matches!(context.schemas.desired.get(id), Some(Object::Constraint(constraint))
        if matches!(&constraint.rule, ConstraintRule::ForeignKey(key) if context.schemas.live.table(&key.references).is_none()))
        && context.wishes.tied.contains(id)
}

/// The new constraint beside the old one, then the swap.
pub fn replace(id: &ObjectId, why: &str, context: &Context) -> Recipe {
    let (Some(Object::Constraint(live)), Some(Object::Constraint(desired))) =
        (context.schemas.live.get(id), context.schemas.desired.get(id))
    else {
        return Recipe::new();
    };
    let helper = Ident::new(helper_name(desired.name.as_str(), "new"));
    let helper_id = id.with_own_name(&helper);
    let why = format!("It cannot be altered: {why}. The new one stands beside the old one until it is proved.");
    let spoken = satellites(id, context);
    match &desired.rule {
        ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) if online_key(desired, key, context) => {
            let mut recipe = unique(desired, key, &helper, context);
            if let Some(attach) = recipe.last_mut() {
                attach.phase = Phase::Contract;
                attach.operations.insert(0, Operation::drop(id.clone()));
                attach.operations.extend(spoken);
                attach.why = format!("{why} Uniqueness is never given up in between.");
            }
            recipe
        }
        ConstraintRule::ForeignKey(key) if goes_first(id, context) => {
            let present = crate::sql::join(
                key.columns.iter().map(|column| format!("t.{column} IS NOT NULL")),
                " AND ",
            );
            let rows = format!("SELECT t.* FROM {} t WHERE {present}", desired.table);
            let problem = format!(
                "have a value for {}, which comes empty when the old table has gone",
                key.references
            );
            let check = showing(data_check(&desired.table, problem, rows), &key.columns);
            let drop = lock_both(live, "ACCESS EXCLUSIVE", Operation::drop(id.clone()));
            let again = Draft {
                phase: Phase::Contract,
                ..check.clone()
            };
            let mut recipe = vec![
                check,
                again,
                Draft::instant(Phase::Contract, drop).because(
                    "Its new table takes names of the old one, which goes before: until then nothing checks these rows.",
                ),
            ];
            let beside = Constraint {
                name: helper,
                ..desired.clone()
            };
            recipe.extend(add_as(&beside, context));
            let mut named = vec![Operation::Rename {
                from: helper_id,
                to: id.clone(),
            }];
            named.extend(spoken);
            recipe.push(Draft::instant(Phase::Contract, named));
            recipe
        }
        ConstraintRule::ForeignKey(key)
            if context.is_partitioned(&desired.table) && live.not_enforced != desired.not_enforced =>
        {
            enforce_anew(live, desired, key, context)
        }
        ConstraintRule::Check { .. } | ConstraintRule::ForeignKey(_) => {
            let renamed = Constraint {
                name: helper.clone(),
                ..desired.clone()
            };
            let mut recipe = add_as(&renamed, context);
            let mut swap = lock_both(live, "ACCESS EXCLUSIVE", Operation::drop(id.clone()));
            swap.push(Operation::Rename {
                from: helper_id,
                to: id.clone(),
            });
            swap.extend(spoken);
            recipe.push(Draft::instant(Phase::Validate, swap).because(why));
            recipe
        }
        _ => {
            let mut draft = in_place(
                desired,
                format!(
                    "{} is dropped and made anew while reads and writes of {} wait.",
                    desired.name, desired.table
                ),
            );
            draft.phase = Phase::Contract;
            draft.operations.insert(0, Operation::drop(id.clone()));
            draft.operations.extend(spoken);
            vec![draft]
        }
    }
}

/// The foreign key of a partitioned table in place of the same one that is enforced otherwise: PostgreSQL does not let the two stand beside
/// each other. The one that is not enforced checks nothing, so nothing is given up in between.
fn enforce_anew(live: &Constraint, desired: &Constraint, key: &ForeignKey, context: &Context) -> Recipe {
    let id = live.id();
    let proved = !desired.not_enforced && !desired.not_valid;
    let begun = Constraint {
        not_valid: !desired.not_enforced,
        ..desired.clone()
    };
    let mut swap = lock_both(live, "ACCESS EXCLUSIVE", Operation::drop(id.clone()));
    swap.push(Operation::create(begun));
    swap.extend(satellites(&id, context));
    let swap = Draft::instant(Phase::Validate, swap).because(
        "The two cannot stand beside each other; no row is looked at, and the one that is not enforced checks none.",
    );
    if !proved {
        return vec![swap];
    }
    let validate = Draft::new(
        Phase::Validate,
        Class::Long,
        vec![Operation::alter(id, ConstraintChange::Validate)],
    )
    .because("Apart from ADD, so that reads and writes go on while existing rows are checked.");
    vec![orphan_check(desired, key, context), swap, validate]
}
