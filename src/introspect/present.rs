//! What a database has at all, and queries cut down to that.
//!
//! In a fresh session, planning a catalog query costs more than running it, and every catalog that it names costs too. So one
//! question tells first what there is, and what speaks of anything else is cut out of the queries. In their texts such a part stands between
//! two lines,
//!
//! ```sql
//! --? operators, casts
//! union all ...
//! --.
//! ```
//!
//! and goes where there is none of what it names. With the part, the answer of the query would be the same: the text as it
//! stands is right for every database.

use std::collections::HashSet;

use super::source::{self, Found, Source};
use crate::sql::join;

/// What is no kind of its own, and when it can be there.
const PARTS: &[(&str, &str)] = &[
    // The members that every new database has are the system's own.
    ("extension members", "coalesce(d.extended, false)"),
    ("extension dependents", "coalesce(d.tied, false)"),
    ("heirs", "pg_relation_size('pg_inherits') > 0"),
    ("partitioned tables", "'p' = any (c.kinds)"),
    (
        "exclusion constraints",
        "exists (select from pg_constraint where contype = 'x')",
    ),
    (
        "clustered indexes",
        "exists (select from pg_index where indisclustered)",
    ),
    ("base types", "t.kinds && '{b,p}'"),
    // Before this version columns alone know it.
    (
        "not-null constraints",
        "current_setting('server_version_num')::int >= 180000",
    ),
];

/// What conditions may speak of, so that few catalogs are opened:
///
/// - `d.classes`: the catalogs of the objects that depend on others. What lives in a namespace that is not the system's depends on that at
///   least; dependencies on the system's own objects are not recorded (PostgreSQL documentation, `pg_depend`).
/// - `d.parts`: those of them whose objects go with what they belong to (`a`), as triggers and rules go with their tables, where those of
///   foreign keys go with the constraint and those of views are the view (`i`).
/// - `d.extended`, `d.tied`: whether an extension has members, and whether others go with one.
/// - `d.number`: how many dependencies there are, which is how much there is to read.
/// - `c.kinds`, `t.kinds`, `p.kinds`: kinds of relations, types (`array` for arrays) and routines.
///
/// Each look has an `offset`, without which it would be taken again for every condition that speaks of it. A catalog that is
/// empty in a new database is not read at all, for a file without a page holds nothing: its plan would cost more than a part too many.
const LOOKS: &str = "\
(select array_agg(classid), array_agg(classid) filter (where deptype = 'a'), bool_or(deptype = 'e'), bool_or(deptype = 'x'), \
coalesce(sum(number), 0) \
from (select classid, deptype, count(*) as number from pg_depend where objid >= 16384 or (deptype = 'e' and classid = 'pg_namespace'::regclass) \
group by classid, deptype) kinds offset 0) d (classes, parts, extended, tied, number), \
(select array(select relkind::text from pg_class where oid >= 16384 group by relkind) offset 0) c (kinds), \
(select array(select case when typelem <> 0 and typtype = 'b' then 'array' else typtype::text end \
from pg_type where oid >= 16384 group by 1) offset 0) t (kinds), \
(select array(select prokind::text from pg_proc where oid >= 16384 group by prokind) offset 0) p (kinds)";

/// What a database can have.
pub(super) struct Present {
    /// Names of kinds and parts.
    names: HashSet<&'static str>,
    /// How many dependencies its objects have.
    pub(super) dependencies: u32,
}

/// All names in the order of the question, each with its condition.
fn conditions() -> impl Iterator<Item = (&'static str, &'static str)> {
    let kinds = source::all().into_iter().map(|source| match source.found {
        Found::Always => (source.what, "true"),
        Found::Where(condition) => (source.what, condition),
    });
    kinds.chain(PARTS.iter().copied())
}

/// The query that tells; one row.
pub(super) fn question() -> String {
    let found = conditions().map(|(_, condition)| format!("({condition})::int"));
    format!("select array[{}, d.number]::int[] from {LOOKS}", join(found, ", "))
}

impl Present {
    /// Reads the answer; nothing where it does not belong to the question.
    pub(super) fn read(answer: &str) -> Option<Self> {
        let (flags, dependencies) = answer.trim_matches(['{', '}']).rsplit_once(',')?;
        let flags: Vec<&str> = flags.split(',').collect();
        let names: Vec<&str> = conditions().map(|(name, _)| name).collect();
        let found = names.iter().zip(&flags).filter(|(_, flag)| **flag == "1");
        (flags.len() == names.len()).then_some(Self {
            names: found.map(|(name, _)| *name).collect(),
            dependencies: dependencies.parse().ok()?,
        })
    }

    /// Whether there can be any of this.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// The sources of the kinds that the database can have.
    pub(super) fn sources(&self) -> Vec<&'static Source> {
        let mut sources = source::all();
        sources.retain(|source| self.has(source.what));
        sources
    }

    /// A query without the parts that speak of what is not there.
    pub(super) fn cut(&self, sql: &str) -> String {
        // For each part that is open, whether it is kept.
        let mut open: Vec<bool> = Vec::new();
        let mut kept = String::with_capacity(sql.len());
        for line in sql.lines() {
            let mark = line.trim_start();
            if let Some(names) = mark.strip_prefix("--? ") {
                open.push(names.split(", ").any(|name| self.has(name)));
            } else if mark == "--." {
                open.pop();
            } else if open.iter().all(|keep| *keep) && !mark.starts_with("--") {
                kept.push_str(line);
                kept.push('\n');
            }
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::introspect::query::{DOUBTFUL, UNMANAGED};

    #[test]
    fn every_part_is_closed_and_names_what_is_asked_for() {
        let names: HashSet<&str> = conditions().map(|(name, _)| name).collect();
        let sources = source::all();
        let queries = sources.iter().map(|source| (source.what, source.sql));
        for (what, sql) in queries.chain([("unmanaged", UNMANAGED), ("doubtful", DOUBTFUL)]) {
            let mut open = 0;
            for mark in sql.lines().map(str::trim_start) {
                if let Some(named) = mark.strip_prefix("--? ") {
                    open += 1;
                    for name in named.split(", ") {
                        assert!(names.contains(name), "{what}: nobody asks for {name}");
                    }
                } else if mark == "--." {
                    open -= 1;
                } else {
                    assert!(!mark.starts_with("--?") && !mark.starts_with("--."), "{what}: {mark}");
                }
                assert!(open >= 0, "{what}: a part is closed that is not open");
            }
            assert_eq!(open, 0, "{what}: a part is not closed");
        }
    }

    #[test]
    fn parts_stand_within_parts() {
        let sql = "a\n  --? casts, heirs\n  b\n  --? casts\n  c -- x\n  --.\n  -- remark\n  d\n  --.\ne\n";
        let cut = |present: &[&'static str]| {
            let names = present.iter().copied().collect();
            let present = Present { names, dependencies: 0 };
            present.cut(sql)
        };
        assert_eq!(cut(&[]), "a\ne\n");
        assert_eq!(cut(&["heirs"]), "a\n  b\n  d\ne\n");
        assert_eq!(cut(&["casts"]), "a\n  b\n  c -- x\n  d\ne\n");
    }

    #[test]
    fn an_answer_to_another_question_is_none() {
        assert!(Present::read("{1,0}").is_none());
        let all = vec!["1"; conditions().count()].join(",");
        assert!(Present::read(&format!("{{{all}}}")).is_none());
        let present = Present::read(&format!("{{{all},42}}"));
        assert!(present.is_some_and(|present| present.has("base types") && present.dependencies == 42));
    }
}
