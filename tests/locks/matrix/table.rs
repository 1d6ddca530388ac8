//! The table of measured statements, and what each of its rows says as facts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pgphase::name::QualifiedName;
use pgphase::plan::{Facts, LockMode};

/// One statement on one major version.
pub(super) struct Row {
    pub(super) id: String,
    pub(super) sql: String,
    fields: BTreeMap<String, String>,
}

pub(super) fn place() -> PathBuf {
    std::env::var_os("PGPHASE_LOCKS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/locks/matrix.csv"),
        PathBuf::from,
    )
}

/// The rows of a major version.
pub(super) fn rows(text: &str, major: u32) -> Vec<Row> {
    let of = |fields: BTreeMap<String, String>| Row {
        id: fields["op_id"].clone(),
        sql: fields["sql"].clone(),
        fields,
    };
    let rows = records(text).into_iter();
    rows.filter(|row| row["pg_version"] == major.to_string())
        .map(of)
        .collect()
}

/// The records of a file of comma-separated values, by the names in its first line.
fn records(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut rows: Vec<Vec<String>> = vec![vec![String::new()]];
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let row = rows.last_mut().expect("a row");
        match letter {
            '"' if quoted && letters.next_if_eq(&'"').is_some() => row.last_mut().expect("a field").push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\n' if !quoted => rows.push(vec![String::new()]),
            '\r' if !quoted => {}
            other => row.last_mut().expect("a field").push(other),
        }
    }
    let mut rows = rows.into_iter();
    let names = rows.next().unwrap_or_default();
    rows.filter(|row| row.len() == names.len())
        .map(|row| names.iter().cloned().zip(row).collect())
        .collect()
}

fn mode(word: &str) -> Option<LockMode> {
    let name = word.strip_suffix("Lock")?;
    let mut spaced = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !spaced.is_empty() {
            spaced.push('_');
        }
        spaced.push(letter.to_ascii_uppercase());
    }
    serde_json::from_value(spaced.into()).ok()
}

impl Row {
    fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    fn notes(&self) -> impl Iterator<Item = &str> {
        self.field("notes").split(" | ")
    }

    /// The relations that a note lists: `scans: pt_p1,pt_p2`.
    fn listed(&self, what: &str) -> Vec<QualifiedName> {
        let lists = self
            .notes()
            .filter_map(|note| note.strip_prefix(what)?.strip_prefix(": "));
        lists
            .flat_map(|list| list.split(',').map(|name| QualifiedName::new("app", name)))
            .collect()
    }

    /// Whether the server refused the statement.
    pub(super) fn is_refused(&self) -> bool {
        self.field("lock_on_target").is_empty()
    }

    /// What was seen, for relations of every kind. Scans are of rows, builds are of the indexes of a table.
    pub(super) fn facts(&self) -> Facts {
        let mut facts = Facts::default();
        let target = self
            .notes()
            .find_map(|note| note.strip_prefix("target="))
            .unwrap_or("t");
        let locks = self
            .field("locks_on_others")
            .split(';')
            .filter_map(|lock| lock.split_once(':'));
        for (name, word) in std::iter::once((target, self.field("lock_on_target"))).chain(locks) {
            if let Some(mode) = mode(word) {
                facts.lock(&QualifiedName::new("app", name), mode);
            }
        }
        let target = QualifiedName::new("app", target);
        let or_target = |list: Vec<QualifiedName>, flag: &str| match (list.is_empty(), self.field(flag)) {
            (true, "true") => vec![target.clone()],
            _ => list,
        };
        facts.rewrites = or_target(self.listed("rewrites"), "rewrites_heap");
        facts.scans = or_target(self.listed("scans"), "scans_heap");
        facts.scans.extend(self.listed("also scans"));
        // The server says on which tables it builds.
        let built = self.field("notes").split("building index '").skip(1);
        let tables = built.filter_map(|rest| rest.split_once("' on table '")?.1.split('\'').next());
        facts.builds = tables.map(|name| QualifiedName::new("app", name)).collect();
        facts.builds.dedup();
        facts
    }
}
