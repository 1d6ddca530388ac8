//! The order of migrations, told from the names of their files.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::File;
use crate::parse::ParseError;

/// The files that lead up, in order.
pub(super) struct Ordered {
    /// The files.
    pub(super) files: Vec<File>,
    /// Files that no runner would run from here.
    pub(super) left_out: Vec<File>,
}

/// How a folder is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// `1_title.sql`, `1_title.up.sql`.
    Numbered,
    /// `V1__title.sql`.
    Versioned,
    /// `1_title/up.sql`, `1_title/migration.sql`.
    Folders,
}

impl Layout {
    fn words(self) -> &'static str {
        match self {
            Self::Numbered => "numbered files (1_title.sql)",
            Self::Versioned => "versioned files (V1__title.sql)",
            Self::Folders => "a folder for each migration (1_title/up.sql)",
        }
    }
}

/// What a file is, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Role {
    /// Leads up.
    Up(Layout, Version),
    /// Stands for everything up to its version.
    Baseline(Version),
    /// Undoes a version, or for refinery leads up where nothing else has that version.
    Undo(Version),
    /// Runs after all versions, by its title.
    Repeatable(String),
    /// Leads down.
    Down(Layout),
    /// Is for something else.
    Other,
}

/// Numbers, compared one by one without zeros at the end.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Version(Vec<String>);

impl Version {
    /// Digits with `.`, `_` or `-` between them.
    fn of(text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        for part in text.split(['.', '_', '-']) {
            if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            // Without leading zeros the longer number is the greater one, however many digits there are.
            parts.push(part.trim_start_matches('0').to_owned());
        }
        while parts.len() > 1 && parts.last().is_some_and(String::is_empty) {
            parts.pop();
        }
        Some(Self(parts))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let longest = self.0.len().max(other.0.len());
        (0..longest)
            .map(|at| {
                let part = |version: &Self| version.0.get(at).cloned().unwrap_or_default();
                let (one, two) = (part(self), part(other));
                one.len().cmp(&two.len()).then_with(|| one.cmp(&two))
            })
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn role(path: &str) -> Role {
    let parts: Vec<&str> = path.split('/').collect();
    let name = parts.last().copied().unwrap_or_default();
    let stem = match name.len().checked_sub(4).and_then(|at| name.split_at_checked(at)) {
        Some((stem, ending)) if ending.eq_ignore_ascii_case(".sql") => stem,
        _ => return Role::Other,
    };
    if let Some(role) = versioned(stem) {
        return role;
    }
    if let [folder, _] = parts.as_slice() {
        return match (stem, leading(folder)) {
            ("up" | "migration", Some(version)) => Role::Up(Layout::Folders, version),
            ("down", Some(_)) => Role::Down(Layout::Folders),
            _ => Role::Other,
        };
    }
    if parts.len() > 1 {
        return Role::Other;
    }
    let (stem, down) = match (stem.strip_suffix(".up"), stem.strip_suffix(".down")) {
        (_, Some(stem)) => (stem, true),
        (Some(stem), None) => (stem, false),
        (None, None) => (stem, false),
    };
    match leading(stem) {
        Some(_) if down => Role::Down(Layout::Numbered),
        Some(version) => Role::Up(Layout::Numbered, version),
        None => Role::Other,
    }
}

/// Whether a name is given by a runner: a few leading digits may be anything's.
pub(super) fn is_surely_migration(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    match role(path) {
        Role::Up(Layout::Numbered, _) => digits >= 10 || name.ends_with(".up.sql"),
        Role::Other => false,
        _ => true,
    }
}

/// Whether a name could be given by a runner.
pub(super) fn may_be_migration(path: &str) -> bool {
    role(path) != Role::Other
}

/// `V1.2__title`, `U1__title`, `B1__title`, `R__title`.
fn versioned(stem: &str) -> Option<Role> {
    let (head, title) = stem.split_once("__")?;
    if head == "R" {
        return Some(Role::Repeatable(title.to_owned()));
    }
    let version = Version::of(head.get(1..)?)?;
    match head.get(..1)? {
        "V" => Some(Role::Up(Layout::Versioned, version)),
        "U" => Some(Role::Undo(version)),
        "B" => Some(Role::Baseline(version)),
        _ => None,
    }
}

/// The number at the beginning of a name, with a mark or nothing behind it; dates may have dashes (`2026-01-31-120000_title`).
fn leading(name: &str) -> Option<Version> {
    let head = name.split('_').next().unwrap_or(name);
    if let Some(version) = Version::of(head) {
        return Some(version);
    }
    let digits = name.find(|c: char| !c.is_ascii_digit()).unwrap_or(name.len());
    let rest = &name[digits..];
    (digits > 0 && (rest.is_empty() || rest.starts_with(['-', '.', ' '])))
        .then(|| Version::of(&name[..digits]))
        .flatten()
}

/// Puts the files that lead up in order; `by_name` for a runner that sorts names instead of numbers.
pub(super) fn ordered(files: Vec<File>, by_name: bool) -> Result<Ordered, ParseError> {
    let mut up: Vec<(Layout, Version, File)> = Vec::new();
    let (mut repeatable, mut undo, mut baselines, mut left_out) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut first: Option<(Layout, String)> = None;
    for file in files {
        let role = role(&file.path);
        let layout = match &role {
            Role::Up(layout, _) | Role::Down(layout) => Some(*layout),
            Role::Baseline(_) | Role::Undo(_) | Role::Repeatable(_) => Some(Layout::Versioned),
            Role::Other => None,
        };
        match (&first, layout) {
            (Some((known, path)), Some(layout)) if *known != layout => {
                return Err(ParseError::new(format!(
                    "{path} belongs to {}, and {} to {}, so their order is not clear",
                    known.words(),
                    file.path,
                    layout.words()
                ))
                .hint("name a folder that holds the migrations of one runner"));
            }
            (None, Some(layout)) => first = Some((layout, file.path.clone())),
            _ => {}
        }
        match role {
            Role::Up(layout, version) => up.push((layout, version, file)),
            Role::Baseline(version) => baselines.push((version, file)),
            Role::Undo(version) => undo.push((version, file)),
            Role::Repeatable(title) => repeatable.push((title, file)),
            Role::Down(_) => {}
            Role::Other => left_out.push(file),
        }
    }
    // With a version that nothing leads up to, it is refinery's and leads up itself.
    for (version, file) in undo {
        if !up.iter().any(|(_, known, _)| *known == version) {
            up.push((Layout::Versioned, version, file));
        }
    }
    if let Some((baseline, file)) = baselines.into_iter().max_by(|(one, _), (two, _)| one.cmp(two)) {
        up.retain(|(_, version, _)| *version > baseline);
        up.push((Layout::Versioned, baseline, file));
    }
    let mut seen: HashMap<String, &str> = HashMap::new();
    for (layout, version, file) in &up {
        if let Some(other) = seen.insert(key(*layout, version, &file.path), &file.path) {
            return Err(ParseError::new(format!(
                "{other} and {} have the same version, so their order is not clear",
                file.path
            )));
        }
    }
    if up.is_empty() && repeatable.is_empty() {
        return Err(ParseError::new("the folder holds no migration that leads up").hint(
            "migrations are named 1_title.sql, 1_title.up.sql, V1__title.sql, 1_title/up.sql or 1_title/migration.sql",
        ));
    }
    up.sort_by(|(layout, one, file), (_, two, other)| match layout {
        Layout::Numbered if by_name => file.path.cmp(&other.path),
        // Dashes in a date do not count.
        Layout::Folders => plain(&file.path).cmp(&plain(&other.path)),
        _ => one.cmp(two),
    });
    repeatable.sort_by(|(one, _), (two, _)| one.cmp(two));
    let files = up
        .into_iter()
        .map(|(_, _, file)| file)
        .chain(repeatable.into_iter().map(|(_, file)| file))
        .collect();
    Ok(Ordered { files, left_out })
}

/// What no two migrations of a folder may share. Diesel takes the text in front of the title for the version, without its dashes;
/// Prisma takes the whole name.
fn key(layout: Layout, version: &Version, path: &str) -> String {
    match layout {
        Layout::Folders if path.ends_with("/migration.sql") => path.to_owned(),
        Layout::Folders => plain(path).0,
        Layout::Numbered | Layout::Versioned => version.0.join("."),
    }
}

/// The text in front of the title without dashes, and the rest.
fn plain(path: &str) -> (String, &str) {
    let (head, rest) = path.split_once('_').unwrap_or((path, ""));
    (head.replace('-', ""), rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::SourceText;

    fn order_of(paths: &[&str], by_name: bool) -> Result<Vec<String>, String> {
        let files = paths.iter().map(|path| File {
            path: (*path).to_owned(),
            source: SourceText {
                name: (*path).into(),
                text: String::new(),
            },
        });
        ordered(files.collect(), by_name)
            .map(|ordered| ordered.files.into_iter().map(|file| file.path).collect())
            .map_err(|error| error.message)
    }

    fn is(paths: &[&str], order: &[&str]) {
        assert_eq!(
            order_of(paths, false),
            Ok(order.iter().map(ToString::to_string).collect())
        );
    }

    #[test]
    fn numbers_count_as_numbers() {
        is(
            &[
                "10_c.up.sql",
                "10_c.down.sql",
                "2_b.up.sql",
                "2_b.down.sql",
                "0001_a.sql",
            ],
            &["0001_a.sql", "2_b.up.sql", "10_c.up.sql"],
        );
        is(
            &[
                "20260102030405_b.sql",
                "20251231235959_a.sql",
                "99999999999999999999999_c.sql",
            ],
            &[
                "20251231235959_a.sql",
                "20260102030405_b.sql",
                "99999999999999999999999_c.sql",
            ],
        );
        is(
            &["002-b.sql", "001.sql", "notes.sql", "sub/003_c.sql"],
            &["001.sql", "002-b.sql"],
        );
        assert_eq!(
            order_of(&["2_b.sql", "10_a.sql"], true),
            Ok(vec!["10_a.sql".into(), "2_b.sql".into()])
        );
    }

    #[test]
    fn versions_repeatables_undos_and_baselines() {
        is(
            &[
                "R__views.sql",
                "V1.10__c.sql",
                "V1.2__b.sql",
                "V1__a.sql",
                "U1__a.sql",
                "sub/V2__d.sql",
                "R__all.sql",
            ],
            &[
                "V1__a.sql",
                "V1.2__b.sql",
                "V1.10__c.sql",
                "sub/V2__d.sql",
                "R__all.sql",
                "R__views.sql",
            ],
        );
        is(
            &["V1__a.sql", "U2__b.sql", "V3__c.sql"],
            &["V1__a.sql", "U2__b.sql", "V3__c.sql"],
        );
        is(
            &["V1__a.sql", "V2__b.sql", "B2__all.sql", "V3__c.sql"],
            &["B2__all.sql", "V3__c.sql"],
        );
        assert!(order_of(&["V1.0__a.sql", "V1__b.sql"], false).is_err_and(|why| why.contains("same version")));
    }

    #[test]
    fn folders() {
        is(
            &[
                "2026-01-02-000000_b/up.sql",
                "2026-01-02-000000_b/down.sql",
                "00000000000000_diesel_initial_setup/up.sql",
                "20260103000000_c/up.sql",
            ],
            &[
                "00000000000000_diesel_initial_setup/up.sql",
                "2026-01-02-000000_b/up.sql",
                "20260103000000_c/up.sql",
            ],
        );
        is(
            &["2026-01-02-000000-0000_b/up.sql", "2026-01-02-000000_a/up.sql"],
            &["2026-01-02-000000_a/up.sql", "2026-01-02-000000-0000_b/up.sql"],
        );
        assert!(
            order_of(&["2026-01-02_a/up.sql", "20260102_b/up.sql"], false)
                .is_err_and(|why| why.contains("same version"))
        );
        is(
            &["20260102000000_b/migration.sql", "20260101000000_a/migration.sql"],
            &["20260101000000_a/migration.sql", "20260102000000_b/migration.sql"],
        );
    }

    #[test]
    fn what_has_no_clear_order_is_refused() {
        assert!(order_of(&["1_a.sql", "V2__b.sql"], false).is_err_and(|why| why.contains("order is not clear")));
        assert!(order_of(&["1_a.sql", "01_b.sql"], false).is_err_and(|why| why.contains("same version")));
        assert!(order_of(&["a.sql", "1_a.down.sql"], false).is_err_and(|why| why.contains("leads up")));
        assert!(order_of(&[], false).is_err());
    }
}
