//! Relations that a plan makes itself, under whatever name, and those that it has dropped: nobody waits for them, also where the
//! name of a new one is that of an old one.

use std::collections::HashSet;

use crate::attach::partitions;
use crate::name::QualifiedName;
use crate::object::Object;
use crate::operation::Operation;
use crate::plan::Facts;
use crate::schema::Schema;

/// The relations made and dropped so far.
#[derive(Debug, Default)]
pub struct Newborn(HashSet<QualifiedName>);

impl Newborn {
    /// Takes out of the facts of an operation what concerns new and dropped relations only.
    pub fn leave_out(&self, operation: &Operation, before: &Schema, facts: &mut Facts) {
        if let Operation::Create {
            object: Object::Constraint(constraint),
            ..
        } = operation
        {
            // A new table has no row to be looked for elsewhere, unless an old one has become its partition.
            let mut below = partitions(before, &constraint.table).into_iter();
            if self.0.contains(&constraint.table) && below.all(|partition| self.0.contains(&partition)) {
                facts.scans.clear();
            }
        }
        facts.locks.retain(|lock| !self.0.contains(&lock.relation));
        for list in [&mut facts.rewrites, &mut facts.scans, &mut facts.builds] {
            list.retain(|name| !self.0.contains(name));
        }
    }

    /// Follows an operation; `before` is the schema right before it.
    pub fn follow(&mut self, operation: &Operation, before: &Schema) {
        match operation {
            Operation::Create { object, .. } => {
                let id = object.id();
                if id.kind.is_relation() && !before.contains(&id) {
                    self.0.insert(id.qualified());
                }
                if let Object::Constraint(constraint) = object {
                    self.0.extend(constraint.index_name());
                }
            }
            Operation::UseIndex { constraint, .. } => self.0.extend(constraint.index_name()),
            // Partitions go with their parent.
            Operation::Drop { id, .. } if id.kind.is_relation() => {
                self.0.extend(partitions(before, &id.qualified()));
                self.0.insert(id.qualified());
            }
            Operation::Rename { from, to } if from.part.is_none() => {
                if self.0.remove(&from.qualified()) {
                    self.0.insert(to.qualified());
                } else {
                    self.0.remove(&to.qualified());
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::sequence::{Sequence, SequenceOptions};
    use crate::object::{Kind, ObjectId};
    use crate::plan::LockMode;
    use crate::types::TypeName;

    #[test]
    fn a_new_relation_in_the_place_of_an_old_one_is_new() {
        let old = QualifiedName::new("public", "s");
        let mut facts = Facts::default();
        facts.lock(&old, LockMode::AccessExclusive);
        let before = Schema::new();
        let mut newborn = Newborn::default();
        let sequence = |name: &str| Sequence {
            name: QualifiedName::new("public", name),
            data_type: TypeName::builtin("bigint"),
            options: SequenceOptions::defaults(&TypeName::builtin("bigint"), 1),
            unlogged: false,
            owned_by: None,
        };
        newborn.follow(&Operation::create(sequence("s_new")), &before);
        let mut kept = facts.clone();
        let create = Operation::create(sequence("other"));
        newborn.leave_out(&create, &before, &mut kept);
        assert_eq!(kept, facts);
        let id = |name: &str| ObjectId::named(Kind::Sequence, &QualifiedName::new("public", name));
        let rename = Operation::Rename {
            from: id("s_new"),
            to: id("s"),
        };
        newborn.follow(&rename, &before);
        newborn.leave_out(&create, &before, &mut kept);
        assert!(kept.locks.is_empty());
    }
}
