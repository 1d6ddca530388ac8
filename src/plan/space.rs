//! How much the disk of the server fills while a plan runs: an upper bound from the sizes of the tables, as nobody knows it exactly before.
//!
//! | work | at most | measured |
//! |---|---|---|
//! | rewrite | the table with its indexes and TOAST once more, until the old files go | the same |
//! | index | its table's rows, and the same again for the sort; wide values out of line and GIN over many keys may be more | |
//! | copy into another table | the table with its indexes and TOAST once more | |
//! | backfill | the table with its indexes once more, where no dead row can be used again | a third (README, Measured) |
//!
//! The write-ahead log comes on top; how long it stays is for `max_wal_size`, archives and slots to say.

use crate::name::QualifiedName;
use crate::operation::Operation;
use crate::plan::{Size, Step};

/// Bytes that the steps add, at most. None where they add something and a size is not known.
pub fn at_most<'a>(
    steps: impl IntoIterator<Item = &'a Step>,
    size: &dyn Fn(&QualifiedName) -> Option<Size>,
) -> Option<u64> {
    let mut sum = 0u64;
    for step in steps {
        for table in &step.facts.rewrites {
            sum = sum.saturating_add(size(table)?.bytes);
        }
        for table in step
            .facts
            .builds
            .iter()
            .filter(|table| !step.facts.rewrites.contains(table))
        {
            sum = sum.saturating_add(size(table)?.heap.saturating_mul(2));
        }
        for operation in &step.operations {
            if let Operation::Backfill { table, .. } | Operation::CopyRows { from: table, .. } = operation {
                sum = sum.saturating_add(size(table)?.bytes);
            }
        }
    }
    Some(sum)
}

/// The tables whose sizes that asks for.
pub fn tables<'a>(steps: impl IntoIterator<Item = &'a Step>) -> Vec<QualifiedName> {
    let mut tables: Vec<QualifiedName> = Vec::new();
    for step in steps {
        let filled = step.operations.iter().filter_map(|operation| match operation {
            Operation::Backfill { table, .. } | Operation::CopyRows { from: table, .. } => Some(table),
            _ => None,
        });
        for table in step.facts.rewrites.iter().chain(&step.facts.builds).chain(filled) {
            if !tables.contains(table) {
                tables.push(table.clone());
            }
        }
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Class, Facts, Phase};

    #[test]
    fn sums_what_is_known_and_nothing_else() {
        let (t, u) = (QualifiedName::new("public", "t"), QualifiedName::new("public", "u"));
        let step = |facts: Facts| Step {
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
        };
        let size = |name: &QualifiedName| {
            (name.name.as_str() == "t").then_some(Size {
                rows: None,
                bytes: 100,
                heap: 60,
            })
        };
        let build = step(Facts {
            builds: vec![t.clone()],
            ..Facts::default()
        });
        let rewrite = step(Facts {
            builds: vec![t.clone()],
            rewrites: vec![t.clone()],
            ..Facts::default()
        });
        let unknown = step(Facts {
            rewrites: vec![u.clone()],
            ..Facts::default()
        });
        assert_eq!(at_most([&build, &rewrite], &size), Some(220));
        assert_eq!(at_most([&step(Facts::default())], &size), Some(0));
        assert_eq!(at_most([&build, &unknown], &size), None);
        assert_eq!(tables([&build, &unknown]), [t, u]);
    }
}
