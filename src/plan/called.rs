//! Functions of users that run with each write of a table.

use std::collections::BTreeSet;

use crate::name::QualifiedName;
use crate::object::{Kind, Object, ObjectId};
use crate::refs::References;
use crate::schema::Schema;

/// A function, aggregate or operator that columns, constraints or indexes of these tables call, be it by a domain.
pub(super) fn called(schema: &Schema, tables: &[QualifiedName]) -> Option<ObjectId> {
    let refs = References::new(schema);
    let own = tables.iter().flat_map(|table| schema.parts(table));
    let mut next: Vec<&Object> = own
        .filter(|object| matches!(object, Object::Column(_) | Object::Constraint(_) | Object::Index(_)))
        .collect();
    let mut seen: BTreeSet<ObjectId> = BTreeSet::new();
    while let Some(object) = next.pop() {
        for id in refs.of(object) {
            match id.kind {
                Kind::Function | Kind::Aggregate | Kind::Operator => return Some(id),
                Kind::Domain if seen.insert(id.clone()) => {
                    next.extend(schema.get(&id));
                    next.extend(schema.children(&id).filter_map(|child| schema.get(child)));
                }
                _ => {}
            }
        }
    }
    None
}
