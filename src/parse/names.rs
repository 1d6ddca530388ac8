//! Names that PostgreSQL gives to indexes, constraints and sequences that are not named, and the names already in use.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::name::{Ident, MAX_IDENT_BYTES, QualifiedName, clip, object_name, truncate};
use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;

/// Names of relations (with the indexes of constraints) and of constraints, per namespace.
#[derive(Clone, Debug, Default)]
pub(crate) struct TakenNames {
    relations: HashSet<QualifiedName>,
    constraints: HashMap<QualifiedName, usize>,
    /// Constraints that own an index, by the name of the index.
    indexes: HashMap<QualifiedName, ObjectId>,
}

impl TakenNames {
    /// Follows an operation that has been applied, as far as it makes something under a new name.
    pub(super) fn follow(&mut self, operation: &Operation) {
        match operation {
            Operation::Create { object, .. } => {
                self.enter(
                    &object.id(),
                    matches!(object, Object::Constraint(constraint) if constraint.has_index()),
                );
            }
            Operation::UseIndex { constraint, index } => {
                let namespace = constraint.table.namespace.clone();
                self.relations.remove(&QualifiedName {
                    namespace,
                    name: index.clone(),
                });
                self.enter(
                    &ObjectId::part(Kind::Constraint, &constraint.table, &constraint.name),
                    true,
                );
            }
            _ => {}
        }
    }

    /// Takes the name of an object that was there under another one.
    pub(super) fn arrive(&mut self, object: &Object) {
        self.follow(&Operation::create(object.clone()));
    }

    fn enter(&mut self, id: &ObjectId, with_index: bool) {
        let name = own_name(id);
        match id.kind {
            kind if kind.is_relation() => {
                self.relations.insert(name);
            }
            Kind::Constraint | Kind::DomainConstraint => {
                *self.constraints.entry(name.clone()).or_default() += 1;
                if with_index {
                    self.relations.insert(name.clone());
                    self.indexes.insert(name, id.clone());
                }
            }
            _ => {}
        }
    }

    /// Frees the name of an object that is gone.
    pub(super) fn leave(&mut self, id: &ObjectId) {
        let name = own_name(id);
        if id.kind.is_relation() {
            self.relations.remove(&name);
        } else if matches!(id.kind, Kind::Constraint | Kind::DomainConstraint) {
            if self.indexes.remove(&name).is_some() {
                self.relations.remove(&name);
            }
            if let Some(count) = self.constraints.get_mut(&name) {
                *count = count.saturating_sub(1);
            }
        }
    }

    /// The constraint whose index has this name.
    pub(crate) fn constraint_with_index(&self, name: &QualifiedName) -> Option<ObjectId> {
        self.indexes.get(name).cloned()
    }

    fn has_relation(&self, name: &QualifiedName) -> bool {
        self.relations.contains(name)
    }

    fn has_constraint(&self, name: &QualifiedName) -> bool {
        self.constraints.get(name).is_some_and(|count| *count > 0)
    }
}

/// Namespace and last name of an object.
fn own_name(id: &ObjectId) -> QualifiedName {
    QualifiedName {
        namespace: id.namespace.clone(),
        name: id.own_name().clone(),
    }
}

/// Chooses names for one statement: what it has chosen already is in use too.
pub(crate) struct NameChooser<'t> {
    taken: Cow<'t, TakenNames>,
    chosen: HashSet<(bool, QualifiedName)>,
}

impl<'t> NameChooser<'t> {
    /// Starts with the names in use.
    pub(crate) fn new(taken: &'t TakenNames) -> Self {
        NameChooser {
            taken: Cow::Borrowed(taken),
            chosen: HashSet::new(),
        }
    }

    /// Notes an object that the statement drops: PostgreSQL drops before it chooses names.
    pub(crate) fn leave(&mut self, id: &ObjectId) {
        self.taken.to_mut().leave(id);
    }

    /// Notes a name that the statement gives itself.
    pub(crate) fn reserve(&mut self, namespace: Option<&Ident>, name: &Ident, relation: bool) {
        self.chosen.insert((
            relation,
            QualifiedName {
                namespace: namespace.cloned(),
                name: name.clone(),
            },
        ));
    }

    /// The name of a sequence or plain index.
    pub(crate) fn relation(&mut self, namespace: Option<&Ident>, first: &str, second: &str, label: &str) -> Ident {
        self.choose(namespace, first, second, label, true, false)
    }

    /// The name of a constraint that owns an index.
    pub(crate) fn key(&mut self, namespace: Option<&Ident>, first: &str, second: &str, label: &str) -> Ident {
        self.choose(namespace, first, second, label, true, true)
    }

    /// The name of any other constraint.
    pub(crate) fn constraint(&mut self, namespace: Option<&Ident>, first: &str, second: &str, label: &str) -> Ident {
        self.choose(namespace, first, second, label, false, true)
    }

    fn choose(
        &mut self,
        namespace: Option<&Ident>,
        first: &str,
        second: &str,
        label: &str,
        relation: bool,
        constraint: bool,
    ) -> Ident {
        let mut pass = 0usize;
        loop {
            let numbered = if pass == 0 {
                label.to_owned()
            } else {
                format!("{label}{pass}")
            };
            let name = Ident::new(object_name(first, second, &numbered));
            let full = QualifiedName {
                namespace: namespace.cloned(),
                name: name.clone(),
            };
            let used = (relation && (self.taken.has_relation(&full) || self.chosen.contains(&(true, full.clone()))))
                || (constraint && (self.taken.has_constraint(&full) || self.chosen.contains(&(false, full.clone()))));
            if !used {
                if relation {
                    self.chosen.insert((true, full.clone()));
                }
                if constraint {
                    self.chosen.insert((false, full));
                }
                return name;
            }
            pass += 1;
        }
    }
}

/// The middle part of an index or foreign key name: the column names joined, as long as they are of any use.
pub(crate) fn columns_part<'n>(columns: impl IntoIterator<Item = &'n str>) -> String {
    let mut part = String::new();
    for column in columns {
        if !part.is_empty() {
            part.push('_');
        }
        part.push_str(truncate(column));
        if part.len() > MAX_IDENT_BYTES {
            break;
        }
    }
    part
}

/// Names of index columns: numbered where an earlier one has the same name.
pub(crate) fn index_columns(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for name in names {
        let mut candidate = name.clone();
        let mut number = 0usize;
        while columns.contains(&candidate) {
            number += 1;
            let digits = number.to_string();
            candidate = format!("{}{digits}", clip(&name, MAX_IDENT_BYTES.saturating_sub(digits.len())));
        }
        columns.push(candidate);
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut_as_postgresql_cuts_them() {
        assert_eq!(object_name("t", "", "pkey"), "t_pkey");
        assert_eq!(object_name("users", "email", "key"), "users_email_key");
        let long = object_name(&"t".repeat(60), &"c".repeat(60), "check");
        assert_eq!(long, format!("{}_{}_check", "t".repeat(28), "c".repeat(28)));
        assert_eq!(object_name(&"é".repeat(40), "", "pkey").len(), 63);
    }

    #[test]
    fn collisions_are_numbered() {
        let taken = TakenNames::default();
        let mut chooser = NameChooser::new(&taken);
        let namespace = Ident::new("public");
        let mut next = || chooser.relation(Some(&namespace), "t", "a", "idx").as_str().to_owned();
        assert_eq!([next(), next(), next()], ["t_a_idx", "t_a_idx1", "t_a_idx2"]);
        assert_eq!(
            index_columns(["expr".into(), "a".into(), "expr".into()]),
            ["expr", "a", "expr1"]
        );
    }
}
