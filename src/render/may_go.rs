//! SQL for partitions that others make and drop while a plan is under way: what works on one does nothing once it is gone.

use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::schema::Schema;
use crate::sql::{dollar_quoted, literal};

/// The statements of operations, where `kept` are objects that others rule; `sql` gives those of operations on the schema before them.
pub(crate) fn statements(
    operations: &[Operation],
    before: &Schema,
    kept: &[ObjectId],
    sql: &dyn Fn(&[Operation], &Schema) -> Vec<String>,
) -> Vec<String> {
    let alone = operations.iter().any(Operation::is_concurrent);
    if alone || kept.is_empty() {
        return sql(operations, before);
    }
    let mut schema = before.clone();
    let homes: Vec<Option<ObjectId>> = operations
        .iter()
        .map(|operation| {
            let home = partition(operation, &schema).filter(|home| kept.contains(home));
            // A plan that does not fold has been refused before it is written.
            let _ = operation.apply(&mut schema);
            home
        })
        .collect();
    if homes.iter().all(Option::is_none) {
        return sql(operations, before);
    }
    let mut schema = before.clone();
    let mut found = Vec::new();
    let mut rest = operations;
    for run in homes.chunk_by(|one, other| one == other) {
        let (now, later) = rest.split_at(run.len());
        rest = later;
        let texts = sql(now, &schema);
        for operation in now {
            let _ = operation.apply(&mut schema);
        }
        match run.first() {
            Some(Some(home)) => found.push(while_there(home, &texts)),
            _ => found.extend(texts),
        }
    }
    found
}

/// The partition that an operation works on.
pub(crate) fn partition(operation: &Operation, schema: &Schema) -> Option<ObjectId> {
    let object = match operation {
        Operation::Create { object, .. } => Some(object),
        _ => None,
    };
    let subject = operation.subject()?;
    let subject = subject.subject();
    let table = match object.or_else(|| schema.get(subject)) {
        Some(Object::Index(index)) => index.table.clone(),
        _ => subject.qualified(),
    };
    schema.table(&table)?.partition_of.as_ref()?;
    Some(ObjectId::named(Kind::Table, &table))
}

fn while_there(partition: &ObjectId, statements: &[String]) -> String {
    let inside: String = statements
        .iter()
        .map(|statement| format!("        {};\n", statement.trim().trim_end_matches(';')))
        .collect();
    let name = literal(&partition.qualified().to_string());
    let body = format!("\nBEGIN\n    IF pg_catalog.to_regclass({name}) IS NOT NULL THEN\n{inside}    END IF;\nEND\n");
    format!("DO {}", dollar_quoted(&body))
}
