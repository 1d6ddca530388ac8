//! What DROP does, with what depends on the object where it says CASCADE.

use super::Observer;
use crate::object::constraint::ConstraintRule;
use crate::object::{Kind, Object, ObjectId};
use crate::plan::{Facts, LockMode};
use crate::refs::{dependents, uses_word};
use crate::schema::Schema;

impl Observer<'_> {
    pub(super) fn drop(&self, id: &ObjectId, concurrently: bool, before: &Schema, facts: &mut Facts) {
        match before.get(id) {
            Some(Object::Table(table)) => {
                if let Some(of) = &table.partition_of {
                    facts.lock(&of.parent, LockMode::AccessExclusive);
                    self.beside_default(&table.name, &of.parent, before, facts);
                }
                facts.lock(&table.name, LockMode::AccessExclusive);
                // Those that the plan has taken elsewhere are not touched.
                for heir in before.all_heirs(&table.name) {
                    facts.lock(&heir, LockMode::AccessExclusive);
                }
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
                let heirs = before.all_heirs(&column.table);
                for (sequence, _) in before.of_kind(Kind::Sequence) {
                    let owner = match before.get(sequence) {
                        Some(Object::Sequence(sequence)) => sequence.owned_by.as_ref(),
                        _ => None,
                    };
                    if owner.is_some_and(|owner| {
                        owner.column == column.name && (owner.table == column.table || heirs.contains(&owner.table))
                    }) {
                        facts.lock(&sequence.qualified(), LockMode::AccessExclusive);
                    }
                }
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
            Some(Object::Trigger(_)) => self.trigger(id, LockMode::AccessExclusive, before, facts),
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

    /// A column or check goes from a table alone: the tables that inherit it directly learn that it is their own.
    pub(super) fn drop_only(&self, id: &ObjectId, facts: &mut Facts) {
        let table = id.qualified();
        facts.lock(&table, LockMode::AccessExclusive);
        for heir in self.heirs(&table) {
            facts.lock(heir, LockMode::AccessExclusive);
        }
        if id.kind == Kind::Column {
            facts.loses = format!("every value of {table}.{} in rows of the table itself", id.own_name());
        }
    }

    /// What depends on an object is dropped like it; a column that loses its type goes, and a default that calls a function changes.
    pub(super) fn drop_dependents(&self, id: &ObjectId, before: &Schema, facts: &mut Facts) {
        let inside = before.descendants(id).into_iter().filter(|inner| inner != id);
        let mut gone: Vec<ObjectId> = inside.chain(dependents(before, id)).collect();
        if id.kind == Kind::Column {
            let table = ObjectId::named(Kind::Table, &id.qualified());
            for view in dependents(before, &table) {
                let named = match before.get(&view) {
                    Some(Object::View(view)) => uses_word(&view.query.text, id.own_name()),
                    Some(Object::MaterializedView(view)) => uses_word(&view.query.text, id.own_name()),
                    _ => false,
                };
                if named {
                    gone.extend(dependents(before, &view));
                    gone.push(view);
                }
            }
        }
        for gone in gone {
            self.drop(&gone, false, before, facts);
        }
    }
}
