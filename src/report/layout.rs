//! Where the boxes of the steps stand: a band per phase from top to bottom, in it a column per depth from left to right.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Phase, Report};

/// The place of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Column in the band, from 0: the longest way to the step inside its phase.
    pub(super) column: usize,
    /// Row in the band, from 0.
    pub(super) row: usize,
}

/// The place of each step in the band of its phase.
pub(super) fn places(report: &Report) -> HashMap<&str, Place> {
    let mut places: HashMap<&str, Place> = HashMap::new();
    for phase in Phase::ALL {
        let mut taken: BTreeSet<(usize, usize)> = BTreeSet::new();
        // How far each row is filled: a chain of steps stays in its row.
        let mut filled: BTreeMap<usize, usize> = BTreeMap::new();
        for step in report.steps_of(phase) {
            let before: Vec<Place> = step
                .waits_for
                .iter()
                .filter(|id| report.steps_of(phase).any(|other| other.id == **id))
                .filter_map(|id| places.get(id.as_str()).copied())
                .collect();
            let column = before.iter().map(|place| place.column + 1).max().unwrap_or(0);
            let own = before.iter().map(|place| place.row).find(|row| {
                let free = !taken.contains(&(column, *row));
                free && filled.get(row).is_none_or(|last| *last < column)
            });
            let row = own.unwrap_or_else(|| (0..).find(|row| !filled.contains_key(row)).unwrap_or(0));
            taken.insert((column, row));
            filled.insert(row, column);
            places.insert(&step.id, Place { column, row });
        }
    }
    places
}
