//! Plans in flight on a live database: what they have still to do is expected.

use super::load::Loaded;
use crate::apply::flight::{InFlight, in_flight};
use crate::plan::fold::fold;
use crate::unify::as_live;

/// What is to be told of plans in flight.
#[derive(Debug, Default)]
pub(crate) struct Expected {
    /// A sentence for each.
    pub(crate) notes: Vec<String>,
    /// The sentences about those whose steps do not fit the database, so that their end is not known.
    pub(crate) unfit: Vec<String>,
}

/// Makes the live schema the one that the plans in flight lead to. What is to be told of them; `meaning` says what follows for the
/// steps that are left.
pub(crate) async fn expect(live: &mut Loaded, meaning: &str) -> Expected {
    let mut expected = Expected::default();
    let plans = match read(live).await {
        Ok(plans) => plans,
        Err(note) => {
            expected.notes.push(note);
            return expected;
        }
    };
    as_live(&mut live.schema);
    for plan in plans {
        let note = match fold(&live.schema, &plan.left) {
            Ok(schema) => {
                live.schema = schema;
                under_way(&plan, meaning)
            }
            Err(error) => {
                let note = format!(
                    "Plan {} is in flight, and the {} of its {} steps that are left do not fit the database: {error}.",
                    plan.name,
                    plan.left.len(),
                    plan.steps
                );
                expected.unfit.push(note.clone());
                note
            }
        };
        expected.notes.push(note);
    }
    expected
}

/// Names the plans in flight on a database that is taken as it is.
pub(crate) async fn told(live: &Loaded) -> Vec<String> {
    match read(live).await {
        Ok(plans) => {
            let meaning = "the database is compared as it is between them";
            plans.iter().map(|plan| under_way(plan, meaning)).collect()
        }
        Err(note) => vec![note],
    }
}

async fn read(live: &Loaded) -> Result<Vec<InFlight>, String> {
    let Some(session) = &live.session else {
        return Ok(vec![]);
    };
    in_flight(&session.client)
        .await
        .map_err(|error| format!("The journal cannot be read, so that plans in flight are not known: {error}."))
}

fn under_way(plan: &InFlight, meaning: &str) -> String {
    let (left, steps) = (plan.left.len(), plan.steps);
    format!(
        "Plan {} is in flight: {left} of its {steps} steps are left, and {meaning}.",
        plan.name
    )
}
