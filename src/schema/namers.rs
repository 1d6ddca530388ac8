//! Which objects may name another one, found without looking at all of them: a plan may rename thousands of columns.

use super::Schema;
use crate::name::QualifiedName;
use crate::object::constraint::ConstraintRule;
use crate::object::{Kind, Object, ObjectId};

/// The table that an object names the columns of though it lives in another one.
pub(super) fn names_columns_of(object: &Object) -> Option<&QualifiedName> {
    match object {
        Object::Constraint(constraint) => match &constraint.rule {
            ConstraintRule::ForeignKey(key) => Some(&key.references),
            _ => None,
        },
        Object::Sequence(sequence) => sequence.owned_by.as_ref().map(|owner| &owner.table),
        _ => None,
    }
}

impl Schema {
    /// Notes which table the object names the columns of, after it has changed in place.
    pub(crate) fn names_changed(&mut self, id: &ObjectId) {
        if let Some(table) = self.get(id).and_then(names_columns_of).cloned() {
            self.named_from.entry(table).or_default().insert(id.clone());
        }
    }

    /// The objects that may have to follow when this one gets another name, in the order in which they were added; too many
    /// rather than too few. Columns are named in their own table, by foreign keys to it, by sequences that they own, and by
    /// publications; other parts of tables by nothing at all.
    pub(super) fn namers(&self, id: &ObjectId) -> Vec<ObjectId> {
        if id.part.is_none() || id.kind.is_satellite() {
            return self.objects.keys().cloned().collect();
        }
        if id.kind != Kind::Column {
            return Vec::new();
        }
        let table = id.qualified();
        let home = ObjectId::named(Kind::Table, &table);
        let own = self.children.get(&home).into_iter().flatten();
        let elsewhere = self.named_from.get(&table).into_iter().flatten();
        let publications = self.kinds.get(&Kind::Publication).into_iter().flatten();
        let mut places: Vec<usize> = std::iter::once(&home)
            .chain(own)
            .chain(elsewhere)
            .chain(publications)
            .filter_map(|id| self.objects.get_index_of(id))
            .collect();
        places.sort_unstable();
        places.dedup();
        let found = places.into_iter().filter_map(|at| self.objects.get_index(at));
        found.map(|(id, _)| id.clone()).collect()
    }
}
