//! What subscribers have to do for a plan: they stop where a published column is not there on their side.

use std::collections::BTreeSet;

use crate::name::QualifiedName;
use crate::object::publication::Publication;
use crate::object::{Kind, Object};
use crate::operation::Operation;
use crate::plan::Step;
use crate::schema::Schema;

/// What is told of columns that are added to tables that are published as a whole (PostgreSQL documentation, Logical Replication,
/// Restrictions: the schema is not replicated).
pub fn notes(steps: &[Step], live: &Schema) -> Vec<String> {
    let publications = live.of_kind(Kind::Publication).filter_map(|(_, object)| match object {
        Object::Publication(publication) => Some(publication),
        _ => None,
    });
    let publications: Vec<&Publication> = publications.collect();
    let added = steps
        .iter()
        .flat_map(|step| &step.operations)
        .filter_map(|operation| match operation {
            Operation::Create {
                object: Object::Column(column),
                ..
            } if live.table(&column.table).is_some() => Some(column),
            _ => None,
        });
    let mut told = BTreeSet::new();
    for column in added {
        for publication in publications
            .iter()
            .filter(|publication| sends_all(publication, &column.table))
        {
            told.insert(format!(
                "Publication {} sends every column of {}: add {} to the table of each subscriber first, or its subscription stops.",
                publication.name, column.table, column.name
            ));
        }
    }
    told.into_iter().collect()
}

fn sends_all(publication: &Publication, table: &QualifiedName) -> bool {
    publication.all_tables
        || table
            .namespace
            .as_ref()
            .is_some_and(|namespace| publication.namespaces.contains(namespace))
        || publication
            .tables
            .iter()
            .any(|member| member.table == *table && member.columns.is_empty())
}
