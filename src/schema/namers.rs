//! Which objects may name another one, found without looking at all of them: a plan may rename thousands of columns.

use std::collections::BTreeSet;

use super::Schema;
use crate::name::QualifiedName;
use crate::object::column::Column;
use crate::object::column::parse::own_sequence;
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
    /// The identity column that has this sequence, which is no object of its own but may have privileges and a comment.
    pub fn identity_of(&self, sequence: &ObjectId) -> Option<&Column> {
        let name = (sequence.kind == Kind::Sequence).then(|| sequence.qualified())?;
        let counts = |column: &Column| {
            column
                .identity
                .as_ref()
                .is_some_and(|identity| match &identity.sequence {
                    Some(given) => *given == name,
                    None => own_sequence(&column.table, &column.name) == name,
                })
        };
        self.of_kind(Kind::Column).find_map(|(_, object)| match object {
            Object::Column(column) if counts(column) => Some(column),
            _ => None,
        })
    }

    /// Notes which table the object names the columns of, after it has changed in place.
    pub(crate) fn names_changed(&mut self, id: &ObjectId) {
        if let Some(table) = self.get(id).and_then(names_columns_of).cloned() {
            self.named_from.entry(table).or_default().insert(id.clone());
        }
    }

    /// The objects that may have to follow when this one gets another name, in the order in which they were added; too many
    /// rather than too few. Parts of a table are named in it and in its heirs, by foreign keys to them, by sequences that their
    /// columns own, and by publications.
    pub(super) fn namers(&self, id: &ObjectId, heirs: &BTreeSet<QualifiedName>) -> Vec<ObjectId> {
        if id.part.is_none() || id.kind.is_satellite() {
            return self.objects.keys().cloned().collect();
        }
        let publications = self.kinds.get(&Kind::Publication).into_iter().flatten();
        let mut named: Vec<ObjectId> = publications.cloned().collect();
        for table in std::iter::once(&id.qualified()).chain(heirs) {
            let home = ObjectId::named(Kind::Table, table);
            named.extend(self.children.get(&home).into_iter().flatten().cloned());
            named.extend(self.named_from.get(table).into_iter().flatten().cloned());
            named.push(home);
        }
        let mut places: Vec<usize> = named.iter().filter_map(|id| self.objects.get_index_of(id)).collect();
        places.sort_unstable();
        places.dedup();
        let found = places.into_iter().filter_map(|at| self.objects.get_index(at));
        found.map(|(id, _)| id.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::object::{Kind, ObjectId};
    use crate::parse::parse_text;

    #[test]
    fn a_renamed_column_is_followed_in_partitions() {
        let text = |name: &str| {
            format!(
                "CREATE TABLE a ({name} integer, at date) PARTITION BY RANGE (at);
                 CREATE TABLE b PARTITION OF a FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
                 CREATE INDEX b_idx ON b ({name}) WHERE {name} > 0;"
            )
        };
        let mut schema = parse_text("a.sql", &text("old")).expect("reads").schema;
        let expected = parse_text("a.sql", &text("new")).expect("reads").schema;
        let id = |name: &str| -> ObjectId { format!("column public.a.{name}").parse().expect("an id") };
        schema.rename(&id("old"), &id("new"));
        let index = expected
            .iter()
            .find(|(id, _)| id.kind == Kind::Index)
            .expect("the index");
        assert_eq!(schema.get(index.0), Some(index.1));
    }

    #[test]
    fn a_renamed_column_is_followed_from_other_tables() {
        let text = |name: &str| {
            format!(
                "CREATE TABLE a ({name} integer UNIQUE CHECK ({name} > 0), other integer);
                 CREATE INDEX a_idx ON a ({name});
                 CREATE TABLE b (id integer CONSTRAINT fk REFERENCES a ({name}), old integer);
                 CREATE SEQUENCE early OWNED BY a.{name};
                 CREATE SEQUENCE late;
                 ALTER SEQUENCE late OWNED BY a.{name};
                 CREATE PUBLICATION p FOR TABLE a ({name}), b;"
            )
        };
        let mut schema = parse_text("a.sql", &text("old")).expect("reads").schema;
        let expected = parse_text("a.sql", &text("new")).expect("reads").schema;
        let id = |name: &str| -> ObjectId { format!("column public.a.{name}").parse().expect("an id") };
        schema.rename(&id("old"), &id("new"));
        for (id, object) in expected
            .iter()
            .filter(|(id, _)| id.kind != Kind::Constraint && id.kind != Kind::Column)
        {
            assert_eq!(schema.get(id), Some(object), "{id}");
        }
        let key = "constraint public.b.fk".parse().expect("an id");
        assert_eq!(schema.get(&key), expected.get(&key));
    }
}
