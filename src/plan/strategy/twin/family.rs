//! The tables that have a column because another one has it: partitions, and those that inherit by `INHERITS`.
//!
//! | | partitions | tables that inherit |
//! |---|---|---|
//! | the twin, its default, checks and refusal of nulls | go down | go down |
//! | trigger | goes down | each table gets its own |
//! | indexes, keys, foreign keys | belong to those of the parent (`partitioned`) | each table has its own, which are made like those of any table |
//! | comments, privileges and policies | are an obstacle | each table has its own |
//! | rows | are in the partitions | are in each table, the parent too |

use std::collections::BTreeSet;

use crate::attach;
use crate::diff::Delta;
use crate::expr::{Expr, SearchPath};
use crate::name::{Ident, QualifiedName};
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::{Kind, Object, ObjectId};
use crate::operation::{Operation, not_null_name};
use crate::plan::context::Context;
use crate::render::data::storage_of;
use crate::schema::{Schema, parents};
use crate::sql::literal;

use super::{Scene, Twin, partitioned};

/// The tables that inherit from a table by `INHERITS`, of every level, in order of name.
pub(super) fn heirs(table: &QualifiedName, schema: &Schema) -> Vec<QualifiedName> {
    match schema.table(table) {
        Some(found) if found.partition_by.is_none() => schema.all_heirs(table).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// A table and those.
pub(super) fn with_heirs(table: &QualifiedName, schema: &Schema) -> impl Iterator<Item = QualifiedName> {
    std::iter::once(table.clone()).chain(heirs(table, schema))
}

/// Whether a table is partitioned, before and after.
pub(super) fn is_partitioned(table: &QualifiedName, context: &Context) -> bool {
    [context.schemas.live, context.schemas.desired]
        .into_iter()
        .all(|schema| schema.table(table).is_some_and(|table| table.partition_by.is_some()))
}

/// What queries begin with that ask for partitions, and for tables that inherit.
const TABLES: [&str; 2] = [
    "SELECT relid FROM pg_catalog.pg_partition_tree(",
    "SELECT oid::pg_catalog.regclass AS relid FROM (WITH RECURSIVE tree ",
];

/// Whether a check asks the catalogs for tables, and reads no row of them.
pub fn asks_for_tables(query: &Expr) -> bool {
    TABLES.iter().any(|beginning| query.text.starts_with(beginning))
}

/// Tables that came after the plan was made: those that inherit have no trigger, and partitions may have something of their own over a
/// column that goes. Under the locks of the switch it is seen whether there are some.
pub(super) fn guards(scene: &Scene) -> Vec<Operation> {
    let tables = scene.tables().into_iter();
    tables
        .filter_map(|(table, twins)| guard(table, &twins, scene.context))
        .collect()
}

fn guard(table: &QualifiedName, twins: &[&Twin], context: &Context) -> Option<Operation> {
    let live = context.schemas.live;
    let regclass = |name: &QualifiedName| format!("{}::pg_catalog.regclass", literal(&name.to_string()));
    let known = |below: Vec<QualifiedName>| {
        let mut known = below;
        known.sort();
        known.insert(0, table.clone());
        crate::sql::list(known.iter().map(regclass))
    };
    let (query, problem) = if is_partitioned(table, context) {
        // Some of them may be gone by then.
        let mut known = attach::partitions(live, table);
        known.sort();
        known.insert(0, table.clone());
        let known = crate::sql::list(known.iter().map(|name| literal(&name.to_string())));
        let columns = crate::sql::list(twins.iter().map(|twin| literal(twin.before.as_str())));
        (
            format!(
                "SELECT relid FROM pg_catalog.pg_partition_tree({of}) AS tree WHERE NOT EXISTS (SELECT FROM pg_catalog.unnest(ARRAY[{known}]) AS known WHERE pg_catalog.to_regclass(known) = tree.relid) AND EXISTS ({})",
                has_own(&regclass(table), &columns),
                of = regclass(table),
            ),
            "in pg_partition_tree name partitions that came after the plan was made, and are foreign or have something of their own over a column that goes: detach them until contract is done, or roll back and plan again",
        )
    } else {
        let heirs = heirs(table, live);
        if heirs.is_empty() {
            return None;
        }
        (
            format!(
                "SELECT oid::pg_catalog.regclass AS relid FROM ({}) AS tree WHERE oid NOT IN ({})",
                storage_of(table, &["r", "f"]),
                known(heirs)
            ),
            "in pg_inherits name tables that the plan does not know: let them stop inheriting until contract is done, or roll back and plan again",
        )
    };
    Some(Operation::Check {
        table: table.clone(),
        problem: problem.into(),
        query: Expr::under(query, &SearchPath::default()),
        shown: vec!["relid".into()],
    })
}

/// Asks, for `tree.relid`, whether it is a foreign table, or has over one of these columns what its partitioned table does not have: what
/// depends on the column and is no part of something above it, another default, privileges, a comment.
fn has_own(table: &str, columns: &str) -> String {
    format!(
        "SELECT FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname IN ({columns})
WHERE c.oid = tree.relid AND (
    c.relkind = 'f' OR a.attacl IS NOT NULL OR pg_catalog.col_description(c.oid, a.attnum) IS NOT NULL
    OR EXISTS (
        SELECT FROM pg_catalog.pg_attrdef d WHERE d.adrelid = c.oid AND d.adnum = a.attnum
        AND pg_catalog.pg_get_expr(d.adbin, d.adrelid) IS DISTINCT FROM (
            SELECT pg_catalog.pg_get_expr(t.adbin, t.adrelid) FROM pg_catalog.pg_attrdef t
            JOIN pg_catalog.pg_attribute o ON o.attrelid = t.adrelid AND o.attnum = t.adnum
            WHERE t.adrelid = {table} AND o.attname = a.attname
        )
    ) OR EXISTS (
        SELECT FROM pg_catalog.pg_depend d
        WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = c.oid AND d.refobjsubid = a.attnum
        AND d.classid <> 'pg_catalog.pg_attrdef'::pg_catalog.regclass
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_class i WHERE d.classid = i.tableoid AND i.oid = d.objid AND i.relispartition AND i.oid <> c.oid)
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE d.classid = k.tableoid AND k.oid = d.objid AND (k.coninhcount > 0 OR k.conparentid <> 0))
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger g WHERE d.classid = g.tableoid AND g.oid = d.objid AND g.tgparentid <> 0)
    )
)"
    )
}

/// The not-null constraints that heirs have with their own primary keys since PostgreSQL 18. They come before that of the parent, which
/// would give them its own name.
pub(super) fn own_refusals(twin: &Twin, scene: &Scene) -> Vec<Constraint> {
    if scene.context.server_version < 18 {
        return Vec::new();
    }
    let keyed = twin.heirs.iter().filter(|heir| has_key(heir, twin, scene));
    keyed
        .map(|heir| {
            let rule = ConstraintRule::NotNull {
                column: twin.after.clone(),
                no_inherit: false,
            };
            Constraint::new(heir, &not_null_name(heir, &twin.after), rule)
        })
        .collect()
}

/// Whether the column is in the primary key of a table.
fn has_key(table: &QualifiedName, twin: &Twin, scene: &Scene) -> bool {
    let key = scene.context.schemas.desired.primary_key(table);
    key.and_then(Constraint::key)
        .is_some_and(|key| key.columns.contains(&twin.after))
}

/// What keeps a column that other tables have because of this one from having a twin, as the end of a sentence.
pub(super) fn obstacle(twin: &Twin, scene: &Scene) -> Option<String> {
    let schemas = scene.context.schemas;
    let table = &twin.table;
    let partitioned = is_partitioned(table, scene.context);
    let below = schemas.live.all_heirs(table);
    if below != schemas.desired.all_heirs(table) || below != scene.original.all_heirs(table) {
        let what = if partitioned {
            "partitions of"
        } else {
            "tables that inherit from"
        };
        return Some(format!(
            "{what} {table} come, go or are renamed at the same time; plan that first, and this when it is applied"
        ));
    }
    let foreign = |name: &&QualifiedName| schemas.live.table(name).is_some_and(|table| table.foreign.is_some());
    if let Some(foreign) = below.iter().find(foreign) {
        let what = if partitioned {
            "a partition"
        } else {
            "which inherits it"
        };
        return Some(format!("{foreign}, {what}, is a foreign table"));
    }
    if partitioned {
        partitioned::keyed(twin, scene)
    } else {
        inherited(twin, scene)
    }
}

/// The same where tables inherit it.
fn inherited(twin: &Twin, scene: &Scene) -> Option<String> {
    if let Some(parent) = others(&twin.table, twin, scene) {
        return Some(format!("{} inherits it from {parent}", twin.table));
    }
    twin.heirs.iter().find_map(|heir| {
        if let Some(parent) = others(heir, twin, scene) {
            return Some(format!("{heir}, which inherits it, has it from {parent} as well"));
        }
        if twin.both_ways() && scene.context.server_version >= 18 && has_key(heir, twin, scene) {
            return Some(format!(
                "it is in the primary key of {heir}, which inherits it, and PostgreSQL {} would name its not-null constraint after another table",
                scene.context.server_version
            ));
        }
        own(heir, twin, scene).map(|own| format!("{heir}, which inherits it, has {own} of its own"))
    })
}

/// Another parent of a table with such a column.
fn others(table: &QualifiedName, twin: &Twin, scene: &Scene) -> Option<QualifiedName> {
    let schemas = scene.context.schemas;
    let names = [&twin.before, &twin.name, &twin.after];
    [scene.original, schemas.live, schemas.desired]
        .into_iter()
        .find_map(|schema| {
            let has_it = |parent: &&QualifiedName| {
                let columns = schema.all_columns(parent);
                columns.iter().any(|column| names.contains(&&column.name))
            };
            let mut parents = parents(schema.table(table)?).filter(|parent| !twin.is_of(parent));
            parents.find(has_it).cloned()
        })
}

/// What an heir has of its own where it could not follow its parent.
fn own(heir: &QualifiedName, twin: &Twin, scene: &Scene) -> Option<ObjectId> {
    let schemas = scene.context.schemas;
    let columns = [
        (scene.original, &twin.before),
        (scene.original, &twin.name),
        (schemas.live, &twin.after),
        (schemas.desired, &twin.after),
    ];
    let column = |(schema, name): (&Schema, &Ident)| {
        let id = ObjectId::part(Kind::Column, heir, name);
        schema.contains(&id).then_some(id)
    };
    // A check that is declared in both has one name for two.
    let checks = scene
        .parts
        .iter()
        .filter(|id| id.kind == Kind::Constraint && id.qualified() == twin.table);
    let checks: BTreeSet<ObjectId> = checks
        .map(|id| ObjectId::part(Kind::Constraint, heir, id.own_name()))
        .collect();
    let check = || {
        let both = [schemas.live, schemas.desired].into_iter();
        let mut found = both.flat_map(|schema| checks.iter().filter(|id| matches!(schema.get(id), Some(Object::Constraint(own)) if matches!(own.rule, ConstraintRule::Check { .. }))));
        found.next().cloned()
    };
    let replaced = || {
        let id = ObjectId::named(Kind::Table, heir);
        let changes = scene.deltas.get(&id);
        changes
            .is_some_and(|delta| !matches!(delta, Delta::Alter(..)))
            .then_some(id)
    };
    columns.into_iter().find_map(column).or_else(check).or_else(replaced)
}
