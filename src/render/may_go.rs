//! SQL for partitions that others make, drop and detach while a plan is under way.
//!
//! What works on one does nothing once it is gone. One that was detached keeps its rows and gives back what it got by the plan: the
//! trigger has gone from it with the parent, so that checks of a twin would refuse what is written to it. Its own partitions go with it.

use crate::attach;
use crate::name::QualifiedName;
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
    let homes: Vec<Option<Home>> = operations
        .iter()
        .map(|operation| {
            let home = partition(operation, &schema).filter(|home| kept.contains(home) && !takes_index_away(operation));
            let home = home.map(|partition| Home::of(partition, &schema));
            // A plan that does not fold has been refused before it is written.
            let _ = operation.apply(&mut schema);
            home
        })
        .collect();
    let left_alone = released(operations, before, kept);
    if left_alone.is_empty() && homes.iter().all(Option::is_none) {
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
    found.extend(left_alone);
    found
}

/// Where the trigger of a twin goes, partitions that were detached lose what refuses writes without it.
fn released(operations: &[Operation], before: &Schema, kept: &[ObjectId]) -> Vec<String> {
    let ends = operations.iter().filter_map(|operation| match operation {
        Operation::Drop { id, .. } if id.kind == Kind::Trigger && id.own_name().as_str().starts_with("pgphase_") => {
            Some(id.qualified())
        }
        _ => None,
    });
    let below = ends.flat_map(|table| attach::partitions(before, &table));
    let ids = below.map(|partition| ObjectId::named(Kind::Table, &partition));
    ids.filter(|id| kept.contains(id)).map(|id| release(&id)).collect()
}

/// Whether this takes an index away where it is still there, which a partition that was detached has no use for either.
fn takes_index_away(operation: &Operation) -> bool {
    matches!(operation, Operation::Drop { id, if_exists: true, .. } if id.kind == Kind::Index)
}

/// A partition, and the table that it belongs to in the end.
#[derive(PartialEq)]
struct Home {
    partition: ObjectId,
    whole: QualifiedName,
}

impl Home {
    fn of(partition: ObjectId, schema: &Schema) -> Self {
        let mut whole = partition.qualified();
        while let Some(of) = schema.table(&whole).and_then(|table| table.partition_of.as_ref()) {
            whole = of.parent.clone();
        }
        Self { partition, whole }
    }
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

/// A partition of one that was detached is there no more.
fn while_there(home: &Home, statements: &[String]) -> String {
    let inside: String = statements
        .iter()
        .map(|statement| format!("        {};\n", statement.trim().trim_end_matches(';')))
        .collect();
    let regclass = |name: &QualifiedName| format!("pg_catalog.to_regclass({})", literal(&name.to_string()));
    let (part, whole) = (regclass(&home.partition.qualified()), regclass(&home.whole));
    let body = format!(
        "
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_partition_ancestors({part}) AS above WHERE above.relid = {whole}) THEN
{inside}    END IF;
END
"
    );
    format!("DO {}", dollar_quoted(&body))
}

fn release(partition: &ObjectId) -> String {
    let name = literal(&partition.qualified().to_string());
    let body = format!(
        r"
DECLARE
    part pg_catalog.regclass := pg_catalog.to_regclass({name});
    ours text;
BEGIN
    -- Only where others have detached it meanwhile.
    IF part IS NULL OR EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = part) THEN
        RETURN;
    END IF;
    FOR ours IN
        SELECT pg_catalog.format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I', part, conname)
        FROM pg_catalog.pg_constraint WHERE conrelid = part AND conname LIKE 'pgphase\_%'
        UNION ALL SELECT pg_catalog.format('ALTER TABLE %s DROP COLUMN IF EXISTS %I', part, attname)
        FROM pg_catalog.pg_attribute WHERE attrelid = part AND attname LIKE 'pgphase\_%' AND NOT attisdropped
        UNION ALL SELECT pg_catalog.format('DROP INDEX IF EXISTS %s', c.oid::pg_catalog.regclass)
        FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
        WHERE c.relname LIKE 'pgphase\_%' AND NOT c.relispartition
        AND (i.indrelid = part OR i.indrelid IN (SELECT relid FROM pg_catalog.pg_partition_tree(part)))
    LOOP
        EXECUTE ours;
    END LOOP;
END
"
    );
    format!("DO {}", dollar_quoted(&body))
}
