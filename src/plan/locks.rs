//! What each operation locks, scans, rewrites and builds, on PostgreSQL 14 to 18, as measured with 50,000-row tables.
//! Relations that did not exist before the plan are left out: nobody waits for them.

mod alter;
mod column;
mod create;
mod drop;
mod partition;
mod parts;
mod proof;

use std::collections::{HashMap, HashSet};

use crate::name::QualifiedName;
use crate::object::constraint::ConstraintRule;
use crate::object::publication::PublishedTable;
use crate::object::table::{PartitionOf, TableChange};
use crate::object::{Change, Kind, Object, ObjectId};
use crate::operation::{IfExists, Operation};
use crate::plan::strategy::asks_for_tables;
use crate::plan::{Facts, LockMode};
use crate::schema::Schema;
use parts::goes_down;
use proof::never_null;

pub(crate) use column::stored_as;
pub(crate) use proof::{belongs, keeps_out};

pub(crate) use parts::leads_index;

/// What an operation does, given the schema right before it and the schema before the plan.
pub struct Observer<'a> {
    /// The schema before the plan, with declared renames carried out.
    pub live: &'a Schema,
    /// The schema before the plan, under its old names.
    pub original: &'a Schema,
    /// The major version of the server.
    pub server_version: u32,
    /// Whether a default may be volatile.
    pub volatile: &'a dyn Fn(&crate::expr::Expr) -> bool,
    /// Partitions and inheritance children that were there before the plan; new ones need no lock worth naming.
    heirs: HashMap<QualifiedName, Vec<QualifiedName>>,
    /// The partitioned tables, also those that the plan makes: they may take partitions that were there before.
    partitioned: HashSet<QualifiedName>,
    /// Relations before the plan that are no objects of their own.
    owned: HashSet<QualifiedName>,
}

impl<'a> Observer<'a> {
    /// Looks at the schema before the plan.
    pub fn new(
        live: &'a Schema,
        original: &'a Schema,
        server_version: u32,
        volatile: &'a dyn Fn(&crate::expr::Expr) -> bool,
    ) -> Self {
        let mut heirs: HashMap<QualifiedName, Vec<QualifiedName>> = HashMap::new();
        let mut partitioned = HashSet::new();
        for (_, object) in live.of_kind(Kind::Table) {
            if let Object::Table(table) = object {
                if table.partition_by.is_some() {
                    partitioned.insert(table.name.clone());
                }
                for parent in crate::schema::parents(table) {
                    heirs.entry(parent.clone()).or_default().push(table.name.clone());
                }
            }
        }
        Self {
            live,
            original,
            server_version,
            volatile,
            heirs,
            partitioned,
            owned: live.owned_relations().chain(original.owned_relations()).collect(),
        }
    }

    /// Takes note of a partitioned table that comes, and of a table that leaves its parent or comes to one.
    pub fn follow(&mut self, operation: &Operation) {
        let (table, change) = match operation {
            Operation::Create {
                object: Object::Table(table),
                ..
            } if table.partition_by.is_some() => {
                self.partitioned.insert(table.name.clone());
                return;
            }
            Operation::Alter {
                id,
                change: Change::Table(change),
            } => (id.qualified(), change),
            _ => return,
        };
        match change {
            TableChange::Detach { parent, .. } | TableChange::NoInherit(parent) => {
                let heirs = self.heirs.entry(parent.clone()).or_default();
                heirs.retain(|heir| *heir != table);
            }
            TableChange::Attach(PartitionOf { parent, .. }) | TableChange::Inherit(parent)
                if self.live.relation(&table).is_some() =>
            {
                self.heirs.entry(parent.clone()).or_default().push(table);
            }
            _ => {}
        }
    }

    fn heirs(&self, table: &QualifiedName) -> &[QualifiedName] {
        self.heirs.get(table).map_or(&[], Vec::as_slice)
    }
}

impl Observer<'_> {
    /// The facts of one operation.
    pub fn facts(&self, operation: &Operation, before: &Schema) -> Facts {
        let mut facts = Facts::default();
        match operation {
            Operation::Create {
                object: Object::Table(table),
                like: true,
                ..
            } => {
                if let Some(of) = &table.partition_of {
                    facts.lock(&of.parent, LockMode::AccessShare);
                }
            }
            Operation::Create {
                object,
                if_exists,
                concurrently,
                ..
            } => match (object, if_exists, before.contains(&object.id())) {
                (Object::View(view), IfExists::Replace, true) => facts.lock(&view.name, LockMode::AccessExclusive),
                (Object::Index(index), IfExists::Skip, true) => facts.lock(&index.table, index_mode(*concurrently)),
                (_, IfExists::Skip, true) => {}
                _ => self.create(object, *concurrently, before, &mut facts),
            },
            Operation::Drop {
                id,
                concurrently,
                if_exists,
                cascade,
                only,
            } => {
                match *only {
                    true => self.drop_only(id, &mut facts),
                    false => self.drop(id, *concurrently, before, &mut facts),
                }
                // The table is locked before anybody looks whether it has the part.
                if *if_exists && !before.contains(id) && matches!(id.kind, Kind::Column | Kind::Constraint) {
                    self.tree(&id.qualified(), LockMode::AccessExclusive, &mut facts);
                }
                if *cascade {
                    self.drop_dependents(id, before, &mut facts);
                }
            }
            Operation::Alter { id, change } => self.alter(id, change, before, &mut facts),
            Operation::Rename { from, .. } => match from.kind {
                Kind::Index => facts.lock(&from.qualified(), LockMode::ShareUpdateExclusive),
                Kind::Constraint if parts::index_of(from, before).is_some() => {
                    let index = parts::index_of(from, before);
                    index
                        .iter()
                        .for_each(|index| facts.lock(index, LockMode::ShareUpdateExclusive));
                }
                Kind::Column => self.tree(&from.qualified(), LockMode::AccessExclusive, &mut facts),
                Kind::Constraint if goes_down(from, before) => {
                    self.tree(&from.qualified(), LockMode::AccessExclusive, &mut facts);
                }
                Kind::Trigger if self.server_version >= 15 => {
                    self.trigger(from, LockMode::AccessExclusive, before, &mut facts);
                }
                kind if kind.is_relation() || from.part.is_some() => {
                    facts.lock(&from.qualified(), LockMode::AccessExclusive)
                }
                _ => {}
            },
            Operation::UseIndex { constraint, .. } => {
                facts.lock(&constraint.table, LockMode::AccessExclusive);
                if let ConstraintRule::PrimaryKey(key) = &constraint.rule {
                    let known = |column| never_null(&constraint.table, column, before);
                    if !key.columns.iter().all(known) {
                        facts.scans.push(constraint.table.clone());
                    }
                }
            }
            // The partitions are looked at; what is locked more are some that the plan does not know.
            Operation::Extend { index, .. } => {
                for heir in self.heirs(&index.table) {
                    self.tree(heir, LockMode::AccessShare, &mut facts);
                }
            }
            // Each table that holds rows is filled by itself.
            Operation::Backfill { table, .. } => {
                for part in self.rows(table) {
                    facts.lock(&part, LockMode::RowExclusive);
                    facts.scans.push(part);
                }
            }
            // INSERT ... SELECT ... FOR SHARE.
            Operation::CopyRows { from, to, .. } => {
                for part in self.leaves(from) {
                    facts.lock(&part, LockMode::RowShare);
                    facts.scans.push(part);
                }
                facts.lock(to, LockMode::RowExclusive);
            }
            Operation::Check { query, .. } if asks_for_tables(query) => {}
            Operation::Check { table, query, .. } => {
                facts.lock(table, LockMode::AccessShare);
                if !self.live.contains(&ObjectId::named(Kind::Sequence, table)) {
                    facts.scans.extend(self.rows(table));
                }
                // Rows that reference nothing are found by reading both tables.
                for other in self.named_in(&query.text).filter(|other| *other != table) {
                    facts.lock(other, LockMode::AccessShare);
                    facts.scans.extend(self.leaves(other));
                }
            }
            Operation::Count { .. } => {}
            Operation::StartAfter { column, .. } => {
                let table = column.qualified();
                facts.lock(&table, LockMode::AccessShare);
                if !leads_index(&table, column.own_name(), before) {
                    facts.scans.extend(self.rows(&table));
                }
            }
            Operation::Lock { tables, mode } => {
                let mode = if mode == "ACCESS EXCLUSIVE" {
                    LockMode::AccessExclusive
                } else {
                    LockMode::ShareRowExclusive
                };
                tables.iter().for_each(|table| self.tree(table, mode, &mut facts));
            }
        }
        self.only_existing(&mut facts);
        facts
    }

    fn only_existing(&self, facts: &mut Facts) {
        let exists = |name: &QualifiedName| {
            self.live.relation(name).is_some() || self.original.relation(name).is_some() || self.owned.contains(name)
        };
        facts.locks.retain(|lock| exists(&lock.relation));
        for list in [&mut facts.rewrites, &mut facts.scans, &mut facts.builds] {
            list.retain(|name| exists(name));
        }
    }

    /// The tables that a text of ours names in full.
    fn named_in<'t>(&'t self, text: &'t str) -> impl Iterator<Item = &'t QualifiedName> {
        let ends = |rest: &str| !rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
        let tables = self.live.of_kind(Kind::Table).filter_map(|(_, object)| match object {
            Object::Table(table) => Some(&table.name),
            _ => None,
        });
        tables.filter(move |name| {
            let name = name.to_string();
            // A name in quotes is a value.
            let mut places = text.match_indices(&name);
            places.any(|(at, _)| ends(&text[at + name.len()..]) && !text[..at].ends_with('\''))
        })
    }

    /// A lock on a table and everything that inherits from it.
    fn tree(&self, table: &QualifiedName, mode: LockMode, facts: &mut Facts) {
        facts.lock(table, mode);
        for heir in self.heirs(table) {
            self.tree(heir, mode, facts);
        }
    }

    /// The table, or its partitions where it is partitioned: where the rows are. Those of a foreign table are elsewhere.
    fn leaves(&self, table: &QualifiedName) -> Vec<QualifiedName> {
        if self.is_partitioned(table) {
            return self.heirs(table).iter().flat_map(|heir| self.leaves(heir)).collect();
        }
        match self.live.table(table) {
            Some(found) if found.foreign.is_some() => vec![],
            _ => vec![table.clone()],
        }
    }

    /// The same, with inheritance children: for what goes down to them.
    fn rows(&self, table: &QualifiedName) -> Vec<QualifiedName> {
        let mut found = self.leaves(table);
        if !self.is_partitioned(table) {
            found.extend(self.heirs(table).iter().flat_map(|heir| self.rows(heir)));
        }
        found
    }

    /// A trigger for each row of a partitioned table is one of each partition; others are of the table alone.
    fn trigger_on(&self, table: &QualifiedName, for_each_row: bool, mode: LockMode, facts: &mut Facts) {
        if for_each_row && self.is_partitioned(table) {
            self.tree(table, mode, facts);
        } else {
            facts.lock(table, mode);
        }
    }

    fn trigger(&self, id: &ObjectId, mode: LockMode, before: &Schema, facts: &mut Facts) {
        let for_each_row = matches!(before.get(id), Some(Object::Trigger(trigger)) if trigger.for_each_row);
        self.trigger_on(&id.qualified(), for_each_row, mode, facts);
    }

    fn comment(&self, on: &ObjectId, facts: &mut Facts) {
        match on.kind {
            Kind::Constraint | Kind::Trigger | Kind::Policy | Kind::Rule => {
                facts.lock(&on.qualified(), LockMode::AccessShare)
            }
            Kind::Column => facts.lock(&on.qualified(), LockMode::ShareUpdateExclusive),
            kind if kind.is_relation() => facts.lock(&on.qualified(), LockMode::ShareUpdateExclusive),
            _ => {}
        }
    }

    fn grant(&self, on: &ObjectId, facts: &mut Facts) {
        if self.server_version >= 18 && (on.kind.is_relation() || on.kind == Kind::Column) {
            facts.lock(&on.qualified(), LockMode::AccessShare);
        }
    }

    /// The tables whose rows a check or not-null constraint is about.
    fn checked(&self, table: &QualifiedName, no_inherit: bool) -> Vec<QualifiedName> {
        if no_inherit {
            self.leaves(table)
        } else {
            self.rows(table)
        }
    }

    fn is_partitioned(&self, table: &QualifiedName) -> bool {
        self.partitioned.contains(table)
    }

    /// Checking a domain takes SHARE on every table that uses it and scans it.
    fn domain_scan(&self, domain: &ObjectId, before: &Schema, facts: &mut Facts) {
        for (_, object) in before.of_kind(Kind::Column) {
            if let Object::Column(column) = object {
                let uses = column.type_name.qualified() == domain.qualified();
                if uses {
                    // Those that inherit the column have it without a word.
                    for table in std::iter::once(column.table.clone()).chain(before.all_heirs(&column.table)) {
                        facts.lock(&table, LockMode::Share);
                        let leaves = self.leaves(&table);
                        let new: Vec<_> = leaves.into_iter().filter(|leaf| !facts.scans.contains(leaf)).collect();
                        facts.scans.extend(new);
                    }
                }
            }
        }
    }
}

fn index_mode(concurrently: bool) -> LockMode {
    if concurrently {
        LockMode::ShareUpdateExclusive
    } else {
        LockMode::Share
    }
}

/// A table that is published is locked against other changes of its definition.
fn published(tables: &[PublishedTable], facts: &mut Facts) {
    for member in tables {
        facts.lock(&member.table, LockMode::ShareUpdateExclusive);
    }
}
