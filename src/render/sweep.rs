//! SQL of the operations that go over the rows of a table in batches of pages.

use super::data::{one_line, storage_of};
use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};
use crate::operation::Operation;
use crate::sql;

/// Heap pages per batch of a backfill: about 4 MB, well under a second of work.
pub const PAGES_PER_BATCH: u32 = 512;

/// Passes over a range of pages. Each writes an eighth of its rows and commits; the next one finds the space of the versions
/// that it left, so most new versions stay on their page and the indexes do not grow (measured: README, Measured).
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

/// Work that goes over the pages of a table in batches.
#[derive(Clone, Copy, Debug)]
pub enum Sweep<'a> {
    /// Rows are updated where they do not have their values yet.
    Update {
        /// The table.
        table: &'a QualifiedName,
        /// Columns and their new values.
        set: &'a [(Ident, Expr)],
        /// Which rows still need them.
        condition: &'a Expr,
    },
    /// Rows are copied into another table that does not have their key yet.
    Copy {
        /// The table.
        from: &'a QualifiedName,
        /// The other one.
        to: &'a QualifiedName,
        /// The columns of both, under their names here.
        columns: &'a [Ident],
        /// Those that are a key of both.
        key: &'a [Ident],
        /// The names of the columns there; empty where they are the same.
        into: &'a [Ident],
        /// Which rows are copied.
        condition: Option<&'a Expr>,
    },
}

impl<'a> Sweep<'a> {
    /// The sweep of an operation; none where it is of another kind.
    pub fn of(operation: &'a Operation) -> Option<Self> {
        match operation {
            Operation::Backfill { table, set, condition } => Some(Self::Update { table, set, condition }),
            Operation::CopyRows {
                from,
                to,
                columns,
                key,
                into,
                condition,
            } => Some(Self::Copy {
                from,
                to,
                columns,
                key,
                into,
                condition: condition.as_ref(),
            }),
            _ => None,
        }
    }

    /// The table whose pages it goes over.
    pub fn table(&self) -> &'a QualifiedName {
        match self {
            Self::Update { table, .. } | Self::Copy { from: table, .. } => table,
        }
    }

    /// One batch. `part` is the name of a table without heirs, `rows` the condition that chooses its rows.
    pub fn batch(&self, part: &str, rows: &str) -> String {
        match self {
            Self::Update { set, condition, .. } => {
                let set = set
                    .iter()
                    .map(|(column, value)| format!("{column} = {}", one_line(value)));
                let (set, condition) = (sql::list(set), one_line(condition));
                format!("UPDATE ONLY {part} SET {set} WHERE {rows} AND ({condition})")
            }
            // The lock on a row lasts as long as the batch: whoever deletes or changes it waits, and then finds the copy. A weaker one
            // would let a column of the key change that is in no key of this table.
            // A row that is there already has come by the trigger, and is newer.
            Self::Copy {
                to,
                columns,
                key,
                into,
                condition,
                ..
            } => {
                let there = |names: &[Ident]| sql::list(names.iter().map(|name| named_there(name, columns, into)));
                let (names, key) = (there(columns), there(key));
                let only = condition.map_or_else(String::new, |only| format!(" AND ({})", one_line(only)));
                format!(
                    "INSERT INTO {to} ({names}) OVERRIDING SYSTEM VALUE SELECT {} FROM ONLY {part} WHERE {rows}{only} \
                     FOR SHARE ON CONFLICT ({key}) DO NOTHING",
                    sql::list(*columns)
                )
            }
        }
    }

    /// A query that tells whether no row is left to write.
    pub fn is_done(&self) -> String {
        let left = match self {
            Self::Update { table, condition, .. } => format!("SELECT FROM {table} WHERE {}", one_line(condition)),
            Self::Copy {
                from,
                to,
                columns,
                key,
                into,
                condition,
            } => {
                let same = key.iter().map(|name| {
                    let there = named_there(name, columns, into);
                    format!("pgphase_there.{there} = pgphase_here.{name}")
                });
                let only = condition.map_or_else(String::new, |only| format!("({}) AND ", one_line(only)));
                format!(
                    "SELECT FROM {from} AS pgphase_here WHERE {only}NOT EXISTS (SELECT FROM {to} AS pgphase_there WHERE {})",
                    sql::join(same, " AND ")
                )
            }
        };
        format!("SELECT NOT EXISTS ({left})")
    }

    /// A script that any client can run, outside a transaction block: every batch commits.
    pub fn script(&self) -> String {
        // `format` reads per cent signs; the bounds are parameters, only the table's name is filled in.
        let rows = format!("ctid >= $1 AND ctid < $2 AND {}", in_pass("$3"));
        let update = self
            .batch("<table>", &rows)
            .replace('%', "%%")
            .replacen("<table>", "%s", 1);
        let run = format!(
            "EXECUTE pg_catalog.format({}, part)
                    USING pg_catalog.format('(%s,0)', first)::tid, pg_catalog.format('(%s,0)', first + {PAGES_PER_BATCH})::tid, pass;",
            sql::literal(&update)
        );
        let run = match self {
            Self::Update { .. } => run,
            Self::Copy { .. } => patient(&run),
        };
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
                {run}
                COMMIT;
            END LOOP;
            first := first + {PAGES_PER_BATCH};
        END LOOP;
    END LOOP;
END
",
            storage = storage_of(self.table(), &["r"]),
            last = PASSES - 1,
        );
        format!("DO {}", sql::dollar_quoted(&format!("\n{body}")))
    }
}

/// The name that a column has in the table that gets its values.
fn named_there<'a>(name: &'a Ident, columns: &[Ident], into: &'a [Ident]) -> &'a Ident {
    let place = columns.iter().position(|column| column == name);
    place.and_then(|at| into.get(at)).unwrap_or(name)
}

/// Tries a batch again that gave way to somebody's lock on a row, a hundred times at most.
fn patient(run: &str) -> String {
    format!(
        "\
FOR attempt IN 1 .. 100 LOOP
                BEGIN
                    {run}
                    EXIT;
                EXCEPTION WHEN lock_not_available THEN
                    IF attempt = 100 THEN RAISE; END IF;
                    PERFORM pg_catalog.pg_sleep(0.1);
                END;
                END LOOP;"
    )
}
