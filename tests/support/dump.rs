//! `pg_dump --schema-only` as the judge of sameness, without what is declared not to matter: the order of statements, the
//! order of the columns in a table, comments, session settings.

use std::process::Command;
use std::time::Duration;

use super::database::{Database, cluster};
use super::run::run;

/// What a dump is to show.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Shown {
    /// Owners and privileges too. Files that do not speak of them do not manage them.
    pub(crate) privileges: bool,
}

/// The entries of the dump, each in its normal form, sorted.
pub(crate) fn dump(database: &Database, shown: Shown) -> Result<Vec<String>, String> {
    text(database, shown).map(|text| entries(&text))
}

/// A database built from the dump of another one.
pub(crate) fn reloaded(database: &Database) -> Result<Database, String> {
    let file = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
    std::fs::write(file.path(), text(database, Shown { privileges: true })?).map_err(|error| error.to_string())?;
    let copy = Database::new();
    copy.script(file.path())?;
    Ok(copy)
}

/// The dump as `pg_dump` prints it.
pub(crate) fn text(database: &Database, shown: Shown) -> Result<String, String> {
    let mut command = Command::new(cluster().program("pg_dump"));
    command.args(["--schema-only", "--exclude-schema=pgphase"]);
    if !shown.privileges {
        command.args(["--no-owner", "--no-privileges"]);
    }
    let finished = run(command.arg("-d").arg(database.conninfo()), Duration::from_secs(120));
    if !finished.status.success() {
        return Err(format!("pg_dump failed: {}", finished.said()));
    }
    Ok(finished.stdout)
}

/// PostgreSQL attaches whichever equal index it finds on a partition, or makes one and names it: that depends on the order of
/// the statements, which is not the files' to say. Such pairs are left out: an index attached to the same parent, of the same
/// shape on the same table; and the statement that makes it, where the other side has none of that name.
fn without_attachments(wanted: &mut Vec<String>, got: &mut Vec<String>) {
    let (first, second) = (attachments(wanted), attachments(got));
    for (parent, child, shape) in &first {
        let Some((_, other, _)) = second.iter().find(|(p, _, s)| p == parent && s == shape) else {
            continue;
        };
        if other == child {
            continue;
        }
        let (before, after) = (wanted.clone(), got.clone());
        for (entries, others, child) in [(&mut *wanted, &after, child), (&mut *got, &before, other)] {
            let attach = format!("ALTER INDEX {parent} ATTACH PARTITION {child};");
            let name = last_part(child);
            entries.retain(|entry| *entry != attach && (others.contains(entry) || !is_index(entry, name)));
        }
    }
}

/// Parent, child and shape of every attached index.
fn attachments(entries: &[String]) -> Vec<(String, String, String)> {
    let parts = |entry: &String| {
        let (parent, child) = entry
            .strip_prefix("ALTER INDEX ")?
            .strip_suffix(';')?
            .split_once(" ATTACH PARTITION ")?;
        Some((parent.to_owned(), child.to_owned(), shape(entries, last_part(child))?))
    };
    entries.iter().filter_map(parts).collect()
}

fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// The table and the keys of an index, or of the constraint that owns it.
fn shape(entries: &[String], name: &str) -> Option<String> {
    let constraint = format!("ADD CONSTRAINT {name} ");
    let entry = entries
        .iter()
        .find(|entry| is_index(entry, name) || entry.contains(&constraint))?;
    if let Some((_, rest)) = entry.split_once(&format!("INDEX {name} ON ")) {
        let (table, keys) = rest.split_once(" USING btree ")?;
        return Some(format!("{table} {}", keys.trim_end_matches(';')));
    }
    let table = entry.strip_prefix("ALTER TABLE ONLY ")?.split_whitespace().next()?;
    let keys = entry.get(entry.find('(')?..)?;
    Some(format!("{table} {}", keys.trim_end_matches(';')))
}

fn is_index(entry: &str, name: &str) -> bool {
    ["CREATE INDEX ", "CREATE UNIQUE INDEX "].iter().any(|start| {
        entry
            .strip_prefix(start)
            .is_some_and(|rest| rest.starts_with(&format!("{name} ON ")))
    })
}

/// What differs, as lines with `-` for what is missing and `+` for what is too much; nothing when they are equal.
pub(crate) fn difference(wanted: &[String], got: &[String]) -> Option<String> {
    let (mut wanted, mut got) = (wanted.to_vec(), got.to_vec());
    without_attachments(&mut wanted, &mut got);
    let missing = wanted
        .iter()
        .filter(|entry| !got.contains(entry))
        .map(|entry| format!("- {}", entry.replace('\n', "\n- ")));
    let extra = got
        .iter()
        .filter(|entry| !wanted.contains(entry))
        .map(|entry| format!("+ {}", entry.replace('\n', "\n+ ")));
    let lines: Vec<String> = missing.chain(extra).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// pg_dump heads each entry with a comment of three lines; the middle one starts with `-- Name:`.
fn entries(text: &str) -> Vec<String> {
    let mut entries = Vec::new();
    for block in text.split("\n-- Name: ").skip(1) {
        let body = block.split_once('\n').map_or("", |(_, body)| body);
        let mut lines: Vec<String> = body
            .lines()
            .filter(|line| !is_noise(line))
            .map(without_null_default)
            .map(|line| with_sorted_options(&line))
            .collect();
        if lines.first().is_some_and(|line| is_table(line)) {
            // The last column has no comma.
            lines
                .iter_mut()
                .for_each(|line| line.truncate(line.trim_end_matches(',').len()));
            lines.sort_unstable();
            entries.push(lines.join("\n"));
        } else if !lines.is_empty() {
            entries.push(lines.join("\n"));
        }
    }
    entries.sort_unstable();
    entries
}

/// PostgreSQL keeps a null of a type with a length as a default, or not, by the way that it came about. It says nothing. A bare
/// `DEFAULT NULL` does: it keeps a partition from having the default of its parent.
fn without_null_default(line: &str) -> String {
    let Some((head, rest)) = line.split_once(" DEFAULT NULL::") else {
        return line.to_owned();
    };
    let end = rest.find(" NOT NULL").or_else(|| rest.find(',')).unwrap_or(rest.len());
    format!("{head}{}", &rest[end..])
}

/// Storage parameters are listed in the order in which they were set.
fn with_sorted_options(line: &str) -> String {
    let Some((head, rest)) = line.split_once("WITH (") else {
        return line.to_owned();
    };
    let Some((options, tail)) = rest.split_once(')') else {
        return line.to_owned();
    };
    if !options.contains('=') {
        return line.to_owned();
    }
    let mut options: Vec<&str> = options.split(", ").collect();
    options.sort_unstable();
    format!("{head}WITH ({}){tail}", options.join(", "))
}

fn is_noise(line: &str) -> bool {
    line.is_empty()
        || line.starts_with("--")
        || line.starts_with("SET default_table")
        || line.starts_with("\\unrestrict")
}

fn is_table(line: &str) -> bool {
    ["CREATE TABLE ", "CREATE UNLOGGED TABLE ", "CREATE FOREIGN TABLE "]
        .iter()
        .any(|start| line.starts_with(start))
}

#[test]
fn order_of_columns_and_statements_does_not_matter() {
    let one = "\n--\n-- Name: a; Type: TABLE\n--\n\nCREATE TABLE public.a (\n    x integer,\n    y text\n);\n\n--\n-- Name: b; Type: VIEW\n--\n\nCREATE VIEW b;\n";
    let other = "\n--\n-- Name: b; Type: VIEW\n--\n\nSET default_tablespace = '';\n\nCREATE VIEW b;\n\n--\n-- Name: a; Type: TABLE\n--\n\nCREATE TABLE public.a (\n    y text,\n    x integer\n);\n";
    assert_eq!(entries(one), entries(other));
    assert_eq!(
        difference(&entries(one), &entries("")).map(|text| text.lines().count()),
        Some(5)
    );
}
