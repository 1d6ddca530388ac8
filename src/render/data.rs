//! SQL of the operations that work on rows: backfills, checks, explicit locks.

use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};
use crate::object::{Kind, ObjectId};
use crate::sql;

/// Heap pages per batch of a backfill: about 4 MB, well under a second of work.
pub const PAGES_PER_BATCH: u32 = 512;

/// Passes over a range of pages. Each writes an eighth of its rows and commits; the next one finds the space of the versions
/// that it left, so most new versions stay on their page and the indexes do not grow (measured: README, Backfills).
pub const PASSES: u32 = 8;

/// Rows from a page on.
pub fn from_page(page: i64) -> String {
    format!("ctid >= '({page},0)'::tid")
}

/// Rows before a page.
pub fn before_page(page: i64) -> String {
    format!("ctid < '({page},0)'::tid")
}

/// Rows of a pass: any function of the place does, and this one needs no column.
pub fn in_pass(pass: &str) -> String {
    format!("(pg_catalog.hashtid(ctid) & {}) = {pass}", PASSES - 1)
}

/// One batch: the update of some of one table's own rows. `table` is the name of a table without heirs, `rows` the condition
/// that chooses them.
pub fn batch(table: &str, set: &[(Ident, Expr)], condition: &Expr, rows: &str) -> String {
    let set = sql::list(
        set.iter()
            .map(|(column, value)| format!("{column} = {}", one_line(value))),
    );
    format!(
        "UPDATE ONLY {table} SET {set} WHERE {rows} AND ({})",
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

/// The tables that hold the rows of a table: itself, its partitions, its inheritance children; a query of one column. `kinds`
/// are the letters of `pg_class.relkind` that count.
pub fn storage_of(table: &QualifiedName, kinds: &[&str]) -> String {
    format!(
        "WITH RECURSIVE tree AS (SELECT {}::pg_catalog.regclass::pg_catalog.oid AS oid \
         UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tree ON i.inhparent = tree.oid) \
         SELECT c.oid FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.oid WHERE c.relkind IN ({}) ORDER BY c.oid",
        sql::literal(&table.to_string()),
        sql::list(kinds.iter().map(|kind| sql::literal(kind)))
    )
}

/// Whether no row is left that a backfill would write.
pub fn is_filled(table: &QualifiedName, condition: &Expr) -> String {
    format!("SELECT NOT EXISTS (SELECT FROM {table} WHERE {})", one_line(condition))
}

/// A backfill that any client can run, outside a transaction block: every batch commits.
pub fn backfill(table: &QualifiedName, set: &[(Ident, Expr)], condition: &Expr) -> String {
    // `format` reads per cent signs; the bounds are parameters, only the table's name is filled in.
    let rows = format!("ctid >= $1 AND ctid < $2 AND {}", in_pass("$3"));
    let update = batch("<table>", set, condition, &rows)
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
            FOR pass IN 0 .. {last} LOOP
                EXECUTE pg_catalog.format({update}, part)
                    USING pg_catalog.format('(%s,0)', first)::tid, pg_catalog.format('(%s,0)', first + {PAGES_PER_BATCH})::tid, pass;
                COMMIT;
            END LOOP;
            first := first + {PAGES_PER_BATCH};
        END LOOP;
    END LOOP;
END
",
        storage = storage_of(table, &["r"]),
        update = sql::literal(&update),
        last = PASSES - 1,
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

/// Sets a sequence to where another one stands, whether it has given that number yet or not.
pub fn count(from: &ObjectId, to: &ObjectId) -> String {
    let body = format!(
        "\
DECLARE
    stands bigint;
    given boolean;
BEGIN
    EXECUTE pg_catalog.format('SELECT last_value, is_called FROM %s', {from}) INTO stands, given;
    PERFORM pg_catalog.setval({to}, stands, given);
END
",
        from = sequence(from),
        to = sequence(to),
    );
    format!("DO {}", sql::dollar_quoted(&format!("\n{body}")))
}

/// Sets a sequence to the largest value of a column, or the smallest where it counts down; never back.
pub fn start_after(of: &ObjectId, column: &ObjectId, descending: bool) -> String {
    let (table, name, sequence) = (column.qualified(), column.own_name(), sequence(of));
    let (furthest, beyond, before_start) = if descending {
        ("min", "<", "+")
    } else {
        ("max", ">", "-")
    };
    format!(
        "SELECT pg_catalog.setval({sequence}, pg_catalog.{furthest}({name}))\n\
         FROM {table}\n\
         HAVING pg_catalog.{furthest}({name}) {beyond} (\n    \
             SELECT coalesce(pg_catalog.pg_sequence_last_value(seqrelid), seqstart {before_start} 1)\n    \
             FROM pg_catalog.pg_sequence\n    \
             WHERE seqrelid = {sequence}\n\
         )"
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
