//! What a rule is, and the list of all of them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::rules;
use super::site::{ObjectSite, Site, Told};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Not looked for.
    Off,
    /// A preference.
    Info,
    /// It may break an application, lose data, or wait for long.
    Warning,
    /// It fails, or it blocks an application for as long as a table is large.
    Error,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Off => "off",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// When a rule looks.
#[derive(Clone, Copy)]
pub enum Check {
    /// At each operation of a migration, with the schema right before it.
    Operation(fn(&Site<'_>) -> Vec<Told>),
    /// At each statement of a migration, with the schema that it leaves.
    Statement(fn(&Site<'_>) -> Vec<Told>),
    /// At each object of desired files, and at each object that a migration makes, once the whole migration has been read.
    Object(fn(&ObjectSite<'_>) -> Vec<Told>),
    /// While statements are read; nothing to call.
    Reader,
}

/// One rule. The examples are SQL that the tests run: on the schema of [`SETUP`] and `setup`, `bad` gives this finding and no
/// other, and `good` gives none.
pub struct Rule {
    /// Its name on the command line, in files and in reports.
    pub id: &'static str,
    /// How much it matters where nothing else is configured.
    pub level: Level,
    /// One line.
    pub title: &'static str,
    /// What happens, and to whom.
    pub why: &'static str,
    /// SQL that it is about.
    pub bad: &'static str,
    /// SQL that does the same without the danger.
    pub good: &'static str,
    /// What to do, one sentence.
    pub fix: &'static str,
    /// What the examples need beside [`SETUP`].
    pub setup: &'static str,
    /// The SQLSTATE with which PostgreSQL refuses `bad`, where it does.
    pub refused: Option<&'static str>,
    /// The first major version on which the examples can run.
    pub since: u32,
    /// Told once for a file.
    pub once: bool,
    /// When it looks.
    pub check: Check,
}

impl Rule {
    /// What most rules have in common.
    pub(crate) const BLANK: Self = Self {
        id: "",
        level: Level::Warning,
        title: "",
        why: "",
        bad: "",
        good: "",
        fix: "",
        setup: "",
        refused: None,
        since: 0,
        once: false,
        check: Check::Reader,
    };
}

/// The schema that the examples of all rules change.
pub const SETUP: &str = "\
CREATE TYPE order_state AS ENUM ('new', 'paid');
CREATE TYPE address AS (street text, town text);
CREATE DOMAIN quantity AS integer CONSTRAINT quantity_positive CHECK (VALUE > 0);
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(60), age integer);
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, amount quantity, total integer, state order_state DEFAULT 'new', note text,
    placed_at timestamptz, CONSTRAINT orders_note_not_null CHECK (note IS NOT NULL)
);
CREATE INDEX orders_customer_id_idx ON orders (customer_id);
CREATE INDEX orders_total_idx ON orders (total) WHERE total > 0;
CREATE TABLE invoices (id bigint PRIMARY KEY, order_id bigint CONSTRAINT invoices_order_id_fkey REFERENCES orders (id));
CREATE INDEX invoices_order_id_idx ON invoices (order_id);
CREATE TABLE measurements (taken_at timestamptz NOT NULL, value integer) PARTITION BY RANGE (taken_at);
CREATE TABLE measurements_2025 PARTITION OF measurements FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE measurements_2026 (taken_at timestamptz NOT NULL, value integer);
CREATE MATERIALIZED VIEW order_counts AS SELECT customer_id, count(*) AS orders FROM orders GROUP BY customer_id;
CREATE UNIQUE INDEX order_counts_customer_id_idx ON order_counts (customer_id);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
CREATE TRIGGER orders_touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();
";

/// Every rule, most dangerous families first.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    rules::FAMILIES.iter().flat_map(|family| family.iter())
}

/// The rule of this name.
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

/// The name that was probably meant, among rules and whatever else is offered.
pub fn nearest<'a>(id: &str, others: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    crate::nearest::nearest(id, all().map(|rule| rule.id).chain(others))
}
