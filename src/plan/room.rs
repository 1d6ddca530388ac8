//! Room for new tables whose keys and indexes are wanted under the names of those of tables that go.

use std::collections::BTreeSet;

use crate::name::{Ident, QualifiedName};
use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::strategy::helper_name;
use crate::rename::Renamed;
use crate::schema::Schema;

/// Gives other names to the keys and indexes of tables that go where a new table wants theirs, so that both tables can stand side by
/// side. A table that was renamed by hand keeps the names of its keys, and so may be wanted under them.
pub fn with_room(renamed: &Renamed, desired: &Schema) -> Renamed {
    let of_tables_missing_in = |schema: &Schema, other: &Schema| -> Vec<ObjectId> {
        let tables = schema.of_kind(Kind::Table).map(|(id, _)| id);
        let missing = tables.filter(|id| other.relation(&id.qualified()).is_none());
        missing.flat_map(|id| schema.children(id)).cloned().collect()
    };
    let index_name = |schema: &Schema, id: &ObjectId| match schema.get(id) {
        Some(Object::Index(index)) => Some(index.name.clone()),
        Some(Object::Constraint(constraint)) if constraint.has_index() => Some(QualifiedName {
            namespace: constraint.table.namespace.clone(),
            name: constraint.name.clone(),
        }),
        _ => None,
    };
    let sequence_name = |schema: &Schema, id: &ObjectId| match schema.get(id) {
        Some(Object::Column(column)) => column.identity.as_ref().map(|identity| identity.sequence_of(id)),
        _ => None,
    };
    let going = of_tables_missing_in(&renamed.live, desired);
    let numbered: BTreeSet<QualifiedName> = going.iter().filter_map(|id| sequence_name(&renamed.live, id)).collect();
    let coming = of_tables_missing_in(desired, &renamed.live);
    // The sequence of an identity column goes with its column alone, so that such a table comes after the old one.
    let waiting: BTreeSet<QualifiedName> = coming
        .iter()
        .filter(|id| sequence_name(desired, id).is_some_and(|name| numbered.contains(&name)))
        .map(ObjectId::qualified)
        .collect();
    let wanted: BTreeSet<QualifiedName> = coming
        .iter()
        .filter(|id| {
            desired
                .get(id)
                .and_then(Object::parent)
                .is_none_or(|table| !waiting.contains(&table.qualified()))
        })
        .filter_map(|id| index_name(desired, id))
        .collect();
    let mut roomy = renamed.clone();
    for from in going {
        let Some(name) = index_name(&renamed.live, &from).filter(|name| wanted.contains(name)) else {
            continue;
        };
        let spare = Ident::new(helper_name(name.name.as_str(), "old"));
        let to = match from.kind {
            Kind::Constraint => ObjectId::part(Kind::Constraint, &from.qualified(), &spare),
            _ => ObjectId::named(
                Kind::Index,
                &QualifiedName {
                    namespace: name.namespace,
                    name: spare,
                },
            ),
        };
        roomy.live.rename(&from, &to);
        roomy.operations.push(Operation::Rename { from, to });
    }
    roomy
}
