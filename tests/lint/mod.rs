//! `lint`: its examples, its agreement with plans and with what a server does, its output.

mod agreement;
mod command;
mod examples;
mod measured;

use pgphase::lint::{Level, Options, Report, lint_migrations, rule};
use pgphase::parse::migrations::{Migration, Wrap};
use pgphase::parse::{SourceText, parse_text};
use pgphase::schema::Schema;

/// Rules about work that grows with a table while others wait.
fn is_blocking(rule: &str) -> bool {
    const OTHERS: &[&str] = &["refresh-not-concurrent"];
    let first = rule::all().take_while(|rule| rule.id != "concurrently-in-transaction");
    !OTHERS.contains(&rule) && first.into_iter().any(|known| known.id == rule)
}

fn schema(text: &str) -> Schema {
    parse_text("setup.sql", text)
        .unwrap_or_else(|error| panic!("{error}"))
        .schema
}

/// Lints one migration, each statement of which runs on its own.
fn lint(before: &Schema, text: &str, options: &Options) -> Report {
    lint_wrapped(before, text, Wrap::Statement, options)
}

fn lint_wrapped(before: &Schema, text: &str, wrap: Wrap, options: &Options) -> Report {
    let migration = Migration {
        source: SourceText {
            name: "migration.sql".into(),
            text: text.into(),
        },
        wrap,
    };
    lint_migrations(before, &[migration], &|_| true, options).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn rules_of(report: &Report) -> Vec<&'static str> {
    let mut rules: Vec<_> = report.findings.iter().map(|finding| finding.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// The rules as they are, and this one at least told.
fn with(rule: &pgphase::lint::Rule) -> Options {
    let mut options = Options {
        version: rule.since.max(pgphase::lint::OLDEST),
        ..Options::default()
    };
    if rule.level == Level::Off {
        options.levels.insert(rule.id.into(), Level::Info);
    }
    options
}
