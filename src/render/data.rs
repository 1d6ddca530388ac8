//! SQL of the operations that work on rows: backfills, checks, explicit locks.

use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};
use crate::object::{Kind, ObjectId};
use crate::sql;

/// A comment at the end of the text must not swallow what follows.
pub(super) fn one_line(expr: &Expr) -> String {
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

/// A check that fails, naming how many rows are wrong, and of some of them the primary key and the columns to be shown: what else
/// is in a row is nothing for a log.
pub fn check(table: &QualifiedName, problem: &str, query: &Expr, shown: &[Ident]) -> String {
    let query = one_line(query);
    let shown = shown.iter().map(|column| sql::literal(column.as_str()));
    let body = format!(
        "\
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM ({query}) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[{shown}]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = {table}::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM ({query}) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN {one} ELSE {more} END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
",
        shown = sql::list(shown),
        table = sql::literal(&table.to_string()),
        one = sql::literal(&format!(" row of {table} {}", of_one(problem))),
        more = sql::literal(&format!(" rows of {table} {problem}")),
    );
    format!("DO {}", sql::dollar_quoted(&format!("\n{body}")))
}

/// The clause about one row: `hold a null in a` becomes `holds a null in a`.
fn of_one(problem: &str) -> String {
    match problem.split_once(' ') {
        Some(("have", rest)) => format!("has {rest}"),
        Some((verb, rest)) if verb != "in" => format!("{verb}s {rest}"),
        _ => problem.to_owned(),
    }
}

/// Sets a sequence to where another one stands, whether it has given that number yet or not. One whose numbers all come after
/// that begins at its own start.
pub fn count(from: &ObjectId, to: &ObjectId) -> String {
    let body = format!(
        "\
DECLARE
    stands bigint;
    given boolean;
    ahead boolean;
BEGIN
    EXECUTE pg_catalog.format('SELECT last_value, is_called FROM %s', {from}) INTO stands, given;
    SELECT CASE WHEN seqincrement > 0 THEN stands < seqmin ELSE stands > seqmax END INTO ahead
    FROM pg_catalog.pg_sequence WHERE seqrelid = {to};
    IF NOT ahead THEN
        PERFORM pg_catalog.setval({to}, stands, given);
    END IF;
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
