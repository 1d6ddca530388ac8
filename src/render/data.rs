//! SQL of the operations that work on rows: backfills, checks, explicit locks.

use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};
use crate::object::{Kind, ObjectId};
use crate::sql;

/// Heap pages per batch of a backfill: about 4 MB, well under a second of work.
pub const PAGES_PER_BATCH: u32 = 512;

/// One batch: the update of one table's own rows in a range of pages. `table` is the name of a table without heirs, `from`
/// and `to` are texts for the bounds: parameters, or literals.
pub fn batch(table: &str, set: &[(Ident, Expr)], condition: &Expr, from: &str, to: &str) -> String {
    let set = sql::list(
        set.iter()
            .map(|(column, value)| format!("{column} = {}", one_line(value))),
    );
    format!(
        "UPDATE ONLY {table} SET {set} WHERE ctid >= {from}::tid AND ctid < {to}::tid AND ({})",
        one_line(condition)
    )
}

/// A comment at the end of the text must not swallow what follows.
fn one_line(expr: &Expr) -> String {
    if expr.text.contains("--") {
        format!("{}\n", expr.text)
    } else {
        expr.text.clone()
    }
}

/// The tables that hold the rows of a table: itself, its partitions, its inheritance children; a query of one column.
pub fn storage_of(table: &QualifiedName) -> String {
    format!(
        "WITH RECURSIVE tree AS (SELECT {}::pg_catalog.regclass::pg_catalog.oid AS oid \
         UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tree ON i.inhparent = tree.oid) \
         SELECT c.oid FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.oid WHERE c.relkind = 'r' ORDER BY c.oid",
        sql::literal(&table.to_string())
    )
}

/// A backfill that any client can run, outside a transaction block: every batch commits.
pub fn backfill(table: &QualifiedName, set: &[(Ident, Expr)], condition: &Expr) -> String {
    // `format` reads per cent signs; the bounds are parameters, only the table's name is filled in.
    let update = batch("<table>", set, condition, "$1", "$2")
        .replace('%', "%%")
        .replacen("<table>", "%s", 1);
    let body = format!(
        "\
DECLARE
    part pg_catalog.regclass;
    pages bigint;
    first bigint;
BEGIN
    FOR part IN {storage} LOOP
        pages := pg_catalog.pg_relation_size(part) / pg_catalog.current_setting('block_size')::bigint;
        first := 0;
        WHILE first <= pages LOOP
            EXECUTE pg_catalog.format({update}, part)
                USING pg_catalog.format('(%s,0)', first)::tid, pg_catalog.format('(%s,0)', first + {PAGES_PER_BATCH})::tid;
            COMMIT;
            first := first + {PAGES_PER_BATCH};
        END LOOP;
    END LOOP;
END
",
        storage = storage_of(table),
        update = sql::literal(&update),
    );
    format!("DO {}", sql::dollar_quoted(&format!("\n{body}")))
}

/// A check that fails, naming how many rows are wrong and some of them.
pub fn check(table: &QualifiedName, problem: &str, query: &Expr) -> String {
    let query = one_line(query);
    let body = format!(
        "\
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM ({query}) AS offending;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(pg_catalog.left(one::text, 200), ' ') INTO sample
            FROM (SELECT offending FROM ({query}) AS offending LIMIT 3) AS picked (one);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || {message},
            DETAIL = 'Among them: ' || sample,
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
",
        message = sql::literal(&format!(" rows of {table} {problem}")),
    );
    format!("DO {}", sql::dollar_quoted(&format!("\n{body}")))
}

/// Sets a sequence to where another one stands. One that has given no number yet leaves the other at its start.
pub fn count(from: &ObjectId, to: &ObjectId) -> String {
    format!(
        "SELECT pg_catalog.setval({}, pg_catalog.pg_sequence_last_value({}))",
        sequence(to),
        sequence(from)
    )
}

/// A sequence, or that of an identity column.
fn sequence(id: &ObjectId) -> String {
    let name = sql::literal(&id.qualified().to_string());
    let text = if id.kind == Kind::Column {
        let column = sql::literal(id.own_name().as_str());
        format!("pg_catalog.pg_get_serial_sequence({name}, {column})")
    } else {
        name
    };
    format!("{text}::pg_catalog.regclass")
}

/// `LOCK TABLE`, in the given order.
pub fn lock(tables: &[QualifiedName], mode: &str) -> String {
    format!("LOCK TABLE {} IN {mode} MODE", sql::list(tables))
}
