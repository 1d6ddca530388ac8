//! Stated facts against what was seen, step by step. Pure.

use std::fmt;

use serde::Serialize;

use super::observe::Seen;
use crate::name::QualifiedName;
use crate::object::Kind;
use crate::operation::Operation;
use crate::plan::{Class, LockMode, Step};

/// What two accounts of a step differ in.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "about")]
pub enum Disagreement {
    /// The mode of a lock.
    Lock {
        /// On which relation, index or sequence.
        relation: QualifiedName,
        /// The mode in the plan; none where the plan names no lock on it.
        stated: Option<LockMode>,
        /// The mode seen.
        observed: Option<LockMode>,
    },
    /// Whether a relation is rewritten, scanned, or has indexes built.
    Work {
        /// `rewrites`, `scans` or `builds`.
        what: &'static str,
        /// Which relation.
        relation: QualifiedName,
        /// Whether the plan says so; the observation says the opposite.
        stated: bool,
    },
    /// Whether the step needs to run outside a transaction.
    Transaction,
}

impl Disagreement {
    /// Whether the plan promises less trouble than there is: that makes a plan false. The rest is caution.
    pub fn is_weaker(&self) -> bool {
        match self {
            Self::Lock { stated, observed, .. } => stated < observed,
            Self::Work { stated, .. } => !stated,
            Self::Transaction => false,
        }
    }
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |mode: &Option<LockMode>| mode.map_or_else(|| "no lock".to_owned(), |mode| mode.to_string());
        match self {
            Self::Lock {
                relation,
                stated,
                observed,
            } => write!(
                f,
                "{relation}: the plan says {}, and {} was seen",
                word(stated),
                word(observed)
            ),
            Self::Work {
                what,
                relation,
                stated: true,
            } => write!(
                f,
                "{relation}: the plan says that the step {what} it, and it was not seen to"
            ),
            Self::Work { what, relation, .. } => {
                write!(f, "{relation}: the step {what} it, and the plan does not say so")
            }
            Self::Transaction => f.write_str("it runs outside a transaction, and PostgreSQL accepts it in one"),
        }
    }
}

/// What the plan says of a step against what was seen of it.
///
/// Modes up to ROW EXCLUSIVE are those of reads and writes and stop neither (making a rule takes what its statements take), so they
/// need not be stated. Of indexes and owned sequences only
/// what stops writes counts, and a lock on their table covers them. An index that is dropped concurrently is locked exclusively in the
/// last moment, when no session can use it any more: that stops nobody. A rewrite reads the old rows and builds the indexes, so it
/// covers both; building an index reads the table.
pub fn judge(step: &Step, seen: &Seen) -> Vec<Disagreement> {
    let stated = |relation: &QualifiedName| {
        let locks = step.facts.locks.iter();
        locks
            .filter(|lock| lock.relation == *relation)
            .map(|lock| lock.mode)
            .max()
    };
    let mut found = Vec::new();
    for lock in &seen.facts.locks {
        if lock.mode > LockMode::RowExclusive && stated(&lock.relation) < Some(lock.mode) {
            found.push(Disagreement::Lock {
                relation: lock.relation.clone(),
                stated: stated(&lock.relation),
                observed: Some(lock.mode),
            });
        }
    }
    for lock in &seen.parts {
        let covered = stated(&lock.home).max(stated(&lock.part));
        if lock.mode.blocks_writes() && covered < Some(lock.mode) && !drops_concurrently(step, &lock.part) {
            found.push(Disagreement::Lock {
                relation: lock.part.clone(),
                stated: stated(&lock.part),
                observed: Some(lock.mode),
            });
        }
    }
    for lock in &step.facts.locks {
        let observed = seen.mode(&lock.relation);
        if observed < Some(lock.mode) {
            found.push(Disagreement::Lock {
                relation: lock.relation.clone(),
                stated: Some(lock.mode),
                observed,
            });
        }
    }
    work(step, seen, &mut found);
    if !step.class.in_transaction() && seen.refused_in_transaction == Some(false) {
        found.push(Disagreement::Transaction);
    }
    found
}

fn drops_concurrently(step: &Step, index: &QualifiedName) -> bool {
    step.operations.iter().any(|operation| {
        matches!(operation, Operation::Drop { id, concurrently: true, .. } if id.kind == Kind::Index && id.qualified() == *index)
    })
}

fn work(step: &Step, seen: &Seen, found: &mut Vec<Disagreement>) {
    // A backfill sweeps ranges of pages, which the server does not count as scans.
    if step.class == Class::Backfill {
        return;
    }
    let (said, saw) = (&step.facts, &seen.facts);
    let lists = [
        ("rewrites", &said.rewrites, &saw.rewrites),
        ("builds", &said.builds, &saw.builds),
        ("scans", &said.scans, &saw.scans),
    ];
    for (at, (what, stated, observed)) in lists.iter().enumerate() {
        // Each covers what comes after it.
        let covers = |lists: &[(&str, &Vec<QualifiedName>, &Vec<QualifiedName>)], relation, said: bool| {
            lists[..=at]
                .iter()
                .any(|(_, stated, observed)| if said { stated } else { observed }.contains(relation))
        };
        for relation in observed.iter().filter(|relation| !covers(&lists, *relation, true)) {
            found.push(Disagreement::Work {
                what,
                relation: relation.clone(),
                stated: false,
            });
        }
        for relation in stated.iter().filter(|relation| !covers(&lists, *relation, false)) {
            found.push(Disagreement::Work {
                what,
                relation: relation.clone(),
                stated: true,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::observe::PartLock;
    use super::*;
    use crate::object::ObjectId;
    use crate::plan::{Facts, Phase};

    fn step(facts: Facts) -> Step {
        Step {
            id: "expand-1".into(),
            phase: Phase::Expand,
            title: String::new(),
            why: String::new(),
            class: Class::Instant,
            operations: vec![],
            facts,
            hazards: vec![],
            turn: Default::default(),
            search_path: Default::default(),
        }
    }

    fn locked(mode: LockMode) -> Facts {
        let mut facts = Facts::default();
        facts.lock(&QualifiedName::new("public", "t"), mode);
        facts
    }

    fn seen(facts: Facts) -> Seen {
        Seen {
            facts,
            ..Seen::default()
        }
    }

    #[test]
    fn modes_are_compared_both_ways() {
        let share = step(locked(LockMode::Share));
        assert!(judge(&share, &seen(locked(LockMode::Share))).is_empty());
        let stronger = judge(&share, &seen(locked(LockMode::AccessExclusive)));
        assert!(stronger.len() == 1 && stronger[0].is_weaker(), "{stronger:?}");
        let caution = judge(&share, &seen(Facts::default()));
        assert!(caution.len() == 1 && !caution[0].is_weaker(), "{caution:?}");
        assert!(judge(&step(Facts::default()), &seen(locked(LockMode::AccessShare))).is_empty());
    }

    #[test]
    fn an_index_that_nobody_can_use_stops_nobody() {
        let name = QualifiedName::new("public", "t_a_idx");
        let of_index = Seen {
            parts: vec![PartLock {
                part: name.clone(),
                home: QualifiedName::new("public", "t"),
                mode: LockMode::AccessExclusive,
            }],
            ..Seen::default()
        };
        let drop = |concurrently, name: &QualifiedName| {
            let mut dropping = step(Facts::default());
            dropping.operations.push(Operation::Drop {
                id: ObjectId::named(Kind::Index, name),
                if_exists: false,
                cascade: false,
                concurrently,
                only: false,
            });
            judge(&dropping, &of_index).len()
        };
        assert_eq!(drop(true, &name), 0);
        assert_eq!(drop(false, &name), 1);
        assert_eq!(drop(true, &QualifiedName::new("public", "t_b_idx")), 1);
    }

    #[test]
    fn a_rewrite_covers_scans_and_builds() {
        let t = vec![QualifiedName::new("public", "t")];
        let rewrite = Facts {
            rewrites: t.clone(),
            ..Facts::default()
        };
        let scan = Facts {
            scans: t.clone(),
            ..Facts::default()
        };
        let both = Facts {
            scans: t.clone(),
            builds: t,
            ..Facts::default()
        };
        let count = |said: &Facts, saw: &Facts| {
            let found = judge(&step(said.clone()), &seen(saw.clone()));
            let weaker = found.iter().filter(|one| one.is_weaker()).count();
            (weaker, found.len() - weaker)
        };
        assert_eq!(count(&both, &both), (0, 0));
        assert_eq!(count(&rewrite, &scan), (0, 1));
        assert_eq!(count(&scan, &rewrite), (1, 0));
        assert_eq!(count(&Facts::default(), &scan), (1, 0));
    }
}
