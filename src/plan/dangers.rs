//! How dangerous a step is.

use crate::object::{Kind, ObjectId};
use crate::plan::draft::Draft;
use crate::plan::{Class, Facts, Hazard, HazardKind};

/// A step that holds a strong lock while something grows with the table is blocking, whatever its strategy thought, and
/// every loss, rewrite and blocking scan is a hazard; on tables made by the plan there are none.
pub fn dangers(draft: &Draft, facts: &Facts) -> (Class, Vec<Hazard>) {
    let mut hazards: Vec<Hazard> = Vec::new();
    for hazard in &draft.hazards {
        let about_size = matches!(hazard.kind, HazardKind::Rewrite | HazardKind::BlockingScan);
        if (!about_size || facts.grows()) && !hazards.contains(hazard) {
            hazards.push(hazard.clone());
        }
    }
    let mut class = draft.class;
    let strong = facts.locks.iter().any(|lock| lock.mode.blocks_writes());
    if class.in_transaction() && facts.grows() && strong {
        class = Class::Blocking;
        for (kind, tables, what) in [
            (HazardKind::Rewrite, &facts.rewrites, "is rewritten"),
            (HazardKind::BlockingScan, &facts.scans, "is scanned"),
            (HazardKind::BlockingScan, &facts.builds, "has indexes built"),
        ] {
            for table in tables {
                let waits = facts
                    .locks
                    .iter()
                    .any(|lock| lock.relation == *table && lock.mode.blocks_writes());
                let object = ObjectId::named(Kind::Table, table);
                let named = hazards.iter().any(|hazard| {
                    matches!(hazard.kind, HazardKind::Rewrite | HazardKind::BlockingScan)
                        && hazard.object.subject().qualified() == *table
                });
                if waits && !named {
                    let explanation = format!("{table} {what} while reads or writes of it wait.");
                    hazards.push(Hazard {
                        kind,
                        object,
                        explanation,
                    });
                }
            }
        }
    } else if class == Class::Blocking {
        class = Class::Instant;
    }
    (class, hazards)
}
