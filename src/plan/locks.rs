//! What each operation locks, scans, rewrites and builds, on PostgreSQL 14 to 18, as measured with 50,000-row tables.
//! Relations that did not exist before the plan are left out: nobody waits for them.

mod partition;
mod parts;

use std::collections::{BTreeSet, HashMap};

use crate::attach;
use crate::name::QualifiedName;
use crate::object::column::{Column, ColumnChange};
use crate::object::constraint::{Constraint, ConstraintChange, ConstraintRule};
use crate::object::domain::{DomainChange, DomainConstraintChange};
use crate::object::index::{Index, IndexChange};
use crate::object::publication::{PublicationChange, PublishedTable};
use crate::object::table::TableChange;
use crate::object::{Change, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::strategy::{Effort, type_effort};
use crate::plan::{Facts, LockMode};
use crate::refs::References;
use crate::schema::Schema;
use parts::{goes_down, is_indexed};

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
    /// Partitions and inheritance children before the plan; new ones need no lock worth naming.
    heirs: HashMap<QualifiedName, Vec<QualifiedName>>,
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
        for (_, object) in live.of_kind(Kind::Table) {
            if let Object::Table(table) = object {
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
                object, concurrently, ..
            } => self.create(object, *concurrently, before, &mut facts),
            Operation::Drop { id, concurrently, .. } => self.drop(id, *concurrently, before, &mut facts),
            Operation::Alter { id, change } => self.alter(id, change, before, &mut facts),
            Operation::Rename { from, .. } => match from.kind {
                Kind::Index => facts.lock(&from.qualified(), LockMode::ShareUpdateExclusive),
                Kind::Column => self.tree(&from.qualified(), LockMode::AccessExclusive, &mut facts),
                Kind::Constraint if goes_down(from, before) => {
                    self.tree(&from.qualified(), LockMode::AccessExclusive, &mut facts);
                }
                kind if kind.is_relation() || from.part.is_some() => {
                    facts.lock(&from.qualified(), LockMode::AccessExclusive)
                }
                _ => {}
            },
            Operation::UseIndex { constraint, .. } => {
                facts.lock(&constraint.table, LockMode::AccessExclusive);
                if let ConstraintRule::PrimaryKey(key) = &constraint.rule {
                    let nullable = key
                        .columns
                        .iter()
                        .any(|c| before.column(&constraint.table, c).is_some_and(|c| !c.not_null));
                    if nullable {
                        facts.scans.push(constraint.table.clone());
                    }
                }
            }
            Operation::Backfill { table, .. } => {
                facts.lock(table, LockMode::RowExclusive);
                facts.scans.push(table.clone());
            }
            // INSERT ... SELECT ... FOR KEY SHARE.
            Operation::CopyRows { from, to, .. } => {
                facts.lock(from, LockMode::RowShare);
                facts.lock(to, LockMode::RowExclusive);
                facts.scans.push(from.clone());
            }
            Operation::Check { table, query, .. } => {
                facts.lock(table, LockMode::AccessShare);
                facts.scans.extend(self.rows(table));
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
                tables.iter().for_each(|table| facts.lock(table, mode));
            }
        }
        self.only_existing(&mut facts);
        facts
    }

    fn only_existing(&self, facts: &mut Facts) {
        let exists =
            |name: &QualifiedName| self.live.relation(name).is_some() || self.original.relation(name).is_some();
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
        tables.filter(move |name| text.split(&name.to_string()).skip(1).any(ends))
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
        match self.live.table(table) {
            Some(found) if found.partition_by.is_some() => {
                self.heirs(table).iter().flat_map(|heir| self.leaves(heir)).collect()
            }
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

    /// The tables that a query reads, through views as well.
    fn read_by(&self, object: &Object, before: &Schema, facts: &mut Facts) {
        let references = References::new(before);
        let mut seen = BTreeSet::new();
        let mut left: Vec<ObjectId> = references.of(object).into_iter().collect();
        while let Some(id) = left.pop() {
            if !seen.insert(id.clone()) {
                continue;
            }
            match (id.kind, before.get(&id)) {
                (Kind::Table, _) => facts.scans.extend(self.rows(&id.qualified())),
                (Kind::MaterializedView, _) => facts.scans.push(id.qualified()),
                (Kind::View, Some(view)) => left.extend(references.of(view)),
                _ => {}
            }
        }
    }

    fn create(&self, object: &Object, concurrently: bool, before: &Schema, facts: &mut Facts) {
        match object {
            Object::Table(table) => {
                if let Some(of) = &table.partition_of {
                    facts.lock(&of.parent, LockMode::AccessExclusive);
                    self.default_partition(&of.parent, facts);
                    self.keys_of_partition(&table.name, &of.parent, before, facts);
                }
                table
                    .inherits
                    .iter()
                    .for_each(|parent| facts.lock(parent, LockMode::ShareUpdateExclusive));
            }
            Object::Column(column) => {
                self.tree(&column.table, LockMode::AccessExclusive, facts);
                if self.rewriting_column(column, before) {
                    facts.rewrites.extend(self.rows(&column.table));
                }
            }
            Object::Constraint(constraint) => self.create_constraint(constraint, facts),
            Object::Index(index) => self.create_index(index, concurrently, before, facts),
            Object::Trigger(trigger) => self.tree(&trigger.table, LockMode::ShareRowExclusive, facts),
            Object::MaterializedView(view) if !view.no_data => self.read_by(object, before, facts),
            Object::Rule(rule) => facts.lock(&rule.table, LockMode::AccessExclusive),
            Object::Policy(policy) => facts.lock(&policy.table, LockMode::AccessExclusive),
            Object::Statistics(statistics) => facts.lock(&statistics.table, LockMode::ShareUpdateExclusive),
            Object::Publication(publication) => published(&publication.tables, facts),
            Object::Comment(comment) => self.comment(&comment.on, facts),
            Object::SecurityLabel(label) => self.comment(&label.on, facts),
            Object::Owner(owner) if owner.on.kind.is_relation() => {
                facts.lock(&owner.on.qualified(), LockMode::AccessExclusive)
            }
            Object::Acl(acl) => self.grant(&acl.on, facts),
            Object::DomainConstraint(constraint) if !constraint.not_valid => {
                self.domain_scan(&ObjectId::named(Kind::Domain, &constraint.domain), before, facts);
            }
            Object::Sequence(sequence) => {
                if let Some(owner) = &sequence.owned_by {
                    facts.lock(&owner.table, LockMode::AccessShare);
                }
            }
            _ => {}
        }
    }

    fn rewriting_column(&self, column: &Column, before: &Schema) -> bool {
        let stored = column.generated.as_ref().is_some_and(|generated| !generated.r#virtual);
        let volatile = column.default.as_ref().is_some_and(|default| (self.volatile)(default));
        let name = column.type_name.qualified();
        let domain = ObjectId::named(Kind::Domain, &name);
        let constrained = matches!(before.get(&domain), Some(Object::Domain(domain)) if domain.not_null)
            || before
                .children(&domain)
                .any(|child| child.kind == Kind::DomainConstraint);
        stored || volatile || constrained || column.identity.is_some()
    }

    fn create_constraint(&self, constraint: &Constraint, facts: &mut Facts) {
        let table = &constraint.table;
        let unchecked = constraint.not_valid || constraint.not_enforced;
        match &constraint.rule {
            ConstraintRule::ForeignKey(key) => {
                self.tree(table, LockMode::ShareRowExclusive, facts);
                self.tree(&key.references, LockMode::ShareRowExclusive, facts);
                // Of a new table there is no row to look for.
                if !unchecked && self.live.relation(table).is_some() {
                    facts.scans.extend(self.leaves(table));
                    facts.scans.extend(self.leaves(&key.references));
                }
            }
            ConstraintRule::Check { no_inherit, .. } | ConstraintRule::NotNull { no_inherit, .. } => {
                self.tree(table, LockMode::AccessExclusive, facts);
                if !unchecked {
                    facts.scans.extend(self.checked(table, *no_inherit));
                }
            }
            // With ONLY nothing is built.
            _ if !constraint.missing.is_empty() => facts.lock(table, LockMode::AccessExclusive),
            ConstraintRule::PrimaryKey(_) | ConstraintRule::Unique(_) | ConstraintRule::Exclude(_) => {
                self.tree(table, LockMode::AccessExclusive, facts);
                facts.scans.extend(self.leaves(table));
                facts.builds.extend(self.leaves(table));
            }
        }
    }

    fn create_index(&self, index: &Index, concurrently: bool, before: &Schema, facts: &mut Facts) {
        let on_parent_only = index.invalid
            && before
                .table(&index.table)
                .is_some_and(|table| table.partition_by.is_some());
        if concurrently {
            facts.lock(&index.table, LockMode::ShareUpdateExclusive);
        } else if on_parent_only {
            facts.lock(&index.table, LockMode::Share);
            return;
        } else {
            self.tree(&index.table, LockMode::Share, facts);
        }
        facts.scans.extend(self.leaves(&index.table));
        facts.builds.extend(self.leaves(&index.table));
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

    fn drop(&self, id: &ObjectId, concurrently: bool, before: &Schema, facts: &mut Facts) {
        match before.get(id) {
            Some(Object::Table(table)) => {
                if let Some(of) = &table.partition_of {
                    facts.lock(&of.parent, LockMode::AccessExclusive);
                    self.beside_default(&table.name, &of.parent, facts);
                }
                self.tree(&table.name, LockMode::AccessExclusive, facts);
                // A partition has the foreign keys of its parents.
                let parents = self.above(table.partition_of.as_ref().map(|of| &of.parent), before);
                for table in std::iter::once(&table.name).chain(parents) {
                    for constraint in before.constraints(table) {
                        if let ConstraintRule::ForeignKey(key) = &constraint.rule {
                            facts.lock(&key.references, LockMode::AccessExclusive);
                        }
                    }
                }
                if table.foreign.is_none() {
                    facts.loses = format!("every row of {}", table.name);
                }
            }
            Some(Object::Column(column)) => {
                self.tree(&column.table, LockMode::AccessExclusive, facts);
                for constraint in before.constraints(&column.table) {
                    if let ConstraintRule::ForeignKey(key) = &constraint.rule {
                        if key.columns.contains(&column.name) {
                            facts.lock(&key.references, LockMode::AccessExclusive);
                        }
                    }
                }
                let foreign = before.table(&column.table).is_some_and(|table| table.foreign.is_some());
                // A generated value follows from the values that it is computed from.
                if !foreign && column.generated.is_none() {
                    facts.loses = format!("every value of {}.{}", column.table, column.name);
                }
            }
            Some(Object::Constraint(constraint)) => {
                self.tree(&constraint.table, LockMode::AccessExclusive, facts);
                if let ConstraintRule::ForeignKey(key) = &constraint.rule {
                    self.tree(&key.references, LockMode::AccessExclusive, facts);
                }
            }
            Some(Object::Index(index)) if concurrently => facts.lock(&index.table, LockMode::ShareUpdateExclusive),
            Some(Object::Index(index)) => self.tree(&index.table, LockMode::AccessExclusive, facts),
            Some(Object::Trigger(trigger)) => self.tree(&trigger.table, LockMode::AccessExclusive, facts),
            Some(Object::Rule(rule)) => facts.lock(&rule.table, LockMode::AccessExclusive),
            Some(Object::Policy(policy)) => facts.lock(&policy.table, LockMode::AccessExclusive),
            Some(Object::Statistics(statistics)) => facts.lock(&statistics.table, LockMode::ShareUpdateExclusive),
            Some(Object::Comment(comment)) => self.comment(&comment.on, facts),
            Some(Object::SecurityLabel(label)) => self.comment(&label.on, facts),
            Some(Object::Subscription(subscription)) if self.live.contains(id) => {
                facts.loses = format!("how far {} has applied changes", subscription.name)
            }
            Some(Object::Sequence(sequence)) => {
                facts.lock(&sequence.name, LockMode::AccessExclusive);
                // A sequence of the plan's own holds nothing that was there before.
                if self.live.contains(id) || self.original.contains(id) {
                    facts.loses = format!("the number that {} has counted to", sequence.name);
                }
            }
            Some(Object::View(_) | Object::MaterializedView(_)) => {
                facts.lock(&id.qualified(), LockMode::AccessExclusive)
            }
            Some(Object::Extension(extension)) => {
                facts.loses = format!("what the extension {} provides", extension.name)
            }
            _ => {}
        }
    }

    fn alter(&self, id: &ObjectId, change: &Change, before: &Schema, facts: &mut Facts) {
        let relation = id.qualified();
        match change {
            Change::Column(change) => self.alter_column(id, change, before, facts),
            Change::Table(change) => self.alter_table(&relation, change, before, facts),
            Change::Constraint(change) => match (change, before.get(id)) {
                (ConstraintChange::Validate, Some(Object::Constraint(constraint))) => {
                    self.tree(&relation, LockMode::ShareUpdateExclusive, facts);
                    match &constraint.rule {
                        ConstraintRule::ForeignKey(key) => {
                            facts.scans.extend(self.leaves(&relation));
                            facts.lock(&key.references, LockMode::RowShare);
                            facts.scans.extend(self.leaves(&key.references));
                        }
                        ConstraintRule::Check { no_inherit, .. } | ConstraintRule::NotNull { no_inherit, .. } => {
                            facts.scans.extend(self.checked(&relation, *no_inherit));
                        }
                        _ => facts.scans.extend(self.leaves(&relation)),
                    }
                }
                (ConstraintChange::Options { .. }, _) => facts.lock(&relation, LockMode::AccessShare),
                (ConstraintChange::Attach(parent), _) => {
                    let index = QualifiedName {
                        namespace: relation.namespace.clone(),
                        name: id.own_name().clone(),
                    };
                    index_attached(parent, &index, facts);
                }
                _ => facts.lock(&relation, LockMode::AccessExclusive),
            },
            Change::Index(change) => match change {
                IndexChange::Tablespace(_) => {
                    facts.lock(&relation, LockMode::AccessExclusive);
                    if let Some(Object::Index(index)) = before.get(id) {
                        facts.builds.push(index.table.clone());
                    }
                }
                IndexChange::Attach(parent) => index_attached(parent, &relation, facts),
                IndexChange::Clustered(_) => {
                    if let Some(Object::Index(index)) = before.get(id) {
                        facts.lock(&index.table, LockMode::ShareUpdateExclusive);
                    }
                }
                IndexChange::Options { .. } => facts.lock(&relation, LockMode::ShareUpdateExclusive),
            },
            Change::View(_) | Change::MaterializedView(_) => facts.lock(&relation, LockMode::AccessExclusive),
            Change::Sequence(_) => facts.lock(&relation, LockMode::ShareRowExclusive),
            Change::Trigger(_) => self.tree(&relation, LockMode::ShareRowExclusive, facts),
            Change::Rule(_) | Change::Policy(_) => facts.lock(&relation, LockMode::AccessExclusive),
            Change::Domain(DomainChange::NotNull(true)) => self.domain_scan(id, before, facts),
            Change::DomainConstraint(DomainConstraintChange::Validate) => {
                self.domain_scan(&ObjectId::named(Kind::Domain, &relation), before, facts);
            }
            Change::Publication(change) => {
                if let PublicationChange::Add(tables, _) | PublicationChange::Members(tables, _) = change {
                    published(tables, facts);
                }
                if let PublicationChange::Drop(tables, _) = change {
                    tables
                        .iter()
                        .for_each(|table| facts.lock(table, LockMode::ShareUpdateExclusive));
                }
                if let (PublicationChange::Members(..), Some(Object::Publication(old))) = (change, before.get(id)) {
                    published(&old.tables, facts);
                }
            }
            Change::Comment(_) | Change::SecurityLabel(_) => self.comment(id.subject(), facts),
            Change::Owner(_) if id.subject().kind.is_relation() => {
                facts.lock(&id.subject().qualified(), LockMode::AccessExclusive)
            }
            Change::Acl(_) => self.grant(id.subject(), facts),
            _ => {}
        }
    }

    fn alter_column(&self, id: &ObjectId, change: &ColumnChange, before: &Schema, facts: &mut Facts) {
        let table = id.qualified();
        match change {
            ColumnChange::Statistics(_) | ColumnChange::Options { .. } => {
                self.tree(&table, LockMode::ShareUpdateExclusive, facts);
                return;
            }
            _ => self.tree(&table, LockMode::AccessExclusive, facts),
        }
        let Some(column) = before
            .all_columns(&table)
            .into_iter()
            .find(|column| column.name == *id.own_name())
        else {
            return;
        };
        match change {
            ColumnChange::NotNull(true) if !column.not_null && !self.proved(&table, column, before) => {
                facts.scans.extend(self.rows(&table));
            }
            ColumnChange::Type {
                type_name,
                collation,
                using,
            } => {
                let effort = type_effort(&column.type_name, type_name, column.collation == *collation);
                if effort == Effort::Rewrite || using.is_some() {
                    facts.rewrites.extend(self.rows(&table));
                } else if is_indexed(id, before) && (effort == Effort::Reindex || self.is_partitioned(&table)) {
                    // On partitions PostgreSQL never takes over the old files.
                    facts.builds.extend(self.leaves(&table));
                }
                for constraint in before.constraints(&table) {
                    match &constraint.rule {
                        ConstraintRule::ForeignKey(key) if key.columns.contains(&column.name) => {
                            facts.lock(&key.references, LockMode::AccessExclusive);
                        }
                        ConstraintRule::Check { expr, .. } if crate::refs::uses_word(&expr.text, &column.name) => {
                            facts.scans.extend(self.rows(&table));
                        }
                        _ => {}
                    }
                }
                for index in before.indexes(&table) {
                    let in_text = index
                        .predicate
                        .as_ref()
                        .is_some_and(|p| crate::refs::uses_word(&p.text, &column.name))
                        || index.keys.iter().any(|key| match &key.key {
                            crate::object::index::KeyExpr::Expr(expr) => {
                                crate::refs::uses_word(&expr.text, &column.name)
                            }
                            crate::object::index::KeyExpr::Column(_) => false,
                        });
                    if in_text && !facts.builds.contains(&table) {
                        facts.builds.extend(self.leaves(&table));
                    }
                }
            }
            ColumnChange::Generated(Some(generated)) if !generated.r#virtual => {
                facts.rewrites.extend(self.rows(&table));
            }
            _ => {}
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
        self.live.table(table).is_some_and(|table| table.partition_by.is_some())
    }

    fn proved(&self, table: &QualifiedName, column: &Column, before: &Schema) -> bool {
        let wanted = crate::expr::Expr::new(format!("{} IS NOT NULL", column.name));
        before.constraints(table).any(|constraint| match &constraint.rule {
            ConstraintRule::Check { expr, .. } => !constraint.not_valid && !constraint.not_enforced && *expr == wanted,
            _ => false,
        })
    }

    fn alter_table(&self, table: &QualifiedName, change: &TableChange, before: &Schema, facts: &mut Facts) {
        match change {
            TableChange::Options { set, reset } => {
                let strict = "user_catalog_table";
                let mode = if set.contains_key(strict) || reset.iter().any(|name| name == strict) {
                    LockMode::AccessExclusive
                } else {
                    LockMode::ShareUpdateExclusive
                };
                facts.lock(table, mode);
            }
            TableChange::Unlogged(_) | TableChange::AccessMethod(_) | TableChange::Tablespace(_) => {
                facts.lock(table, LockMode::AccessExclusive);
                facts.rewrites.push(table.clone());
            }
            TableChange::Attach(of) => {
                facts.lock(&of.parent, LockMode::ShareUpdateExclusive);
                facts.lock(table, LockMode::AccessExclusive);
                facts.scans.extend(self.leaves(table));
                self.default_partition(&of.parent, facts);
                self.keys_of_partition(table, &of.parent, before, facts);
                if attach::lacks_index(before, table, &of.parent) {
                    facts.builds.extend(self.leaves(table));
                }
            }
            TableChange::Detach { parent, concurrently } => {
                let mode = if *concurrently {
                    LockMode::ShareUpdateExclusive
                } else {
                    LockMode::AccessExclusive
                };
                facts.lock(parent, mode);
                facts.lock(table, LockMode::AccessExclusive);
                self.beside_default(table, parent, facts);
                self.keys_without_partition(table, parent, before, facts);
            }
            TableChange::Inherit(parent) => {
                facts.lock(table, LockMode::AccessExclusive);
                facts.lock(parent, LockMode::ShareUpdateExclusive);
            }
            TableChange::NoInherit(parent) => {
                facts.lock(table, LockMode::AccessExclusive);
                facts.lock(parent, LockMode::AccessShare);
            }
            TableChange::ForeignOptions(_)
            | TableChange::ReplicaIdentity(_)
            | TableChange::RowSecurity(_)
            | TableChange::ForceRowSecurity(_)
            | TableChange::OfType(_) => facts.lock(table, LockMode::AccessExclusive),
        }
    }

    /// Checking a domain takes SHARE on every table that uses it and scans it.
    fn domain_scan(&self, domain: &ObjectId, before: &Schema, facts: &mut Facts) {
        for (_, object) in before.of_kind(Kind::Column) {
            if let Object::Column(column) = object {
                let uses = column.type_name.qualified() == domain.qualified();
                if uses {
                    facts.lock(&column.table, LockMode::Share);
                    facts.scans.extend(self.leaves(&column.table));
                }
            }
        }
    }
}

/// `ALTER INDEX parent ATTACH PARTITION index` (measured: `pt_attach_index`).
fn index_attached(parent: &QualifiedName, index: &QualifiedName, facts: &mut Facts) {
    facts.lock(parent, LockMode::ShareUpdateExclusive);
    facts.lock(index, LockMode::AccessExclusive);
}

/// A table that is published is locked against other changes of its definition.
fn published(tables: &[PublishedTable], facts: &mut Facts) {
    for member in tables {
        facts.lock(&member.table, LockMode::ShareUpdateExclusive);
    }
}
