//! Plans in flight on a live database: what they have still to do is expected.

use super::load::Loaded;
use crate::apply::flight::in_flight;
use crate::plan::fold::fold;
use crate::unify::as_live;

/// Makes the live schema the one that the plans in flight lead to. What is to be told of them; `meaning` says what follows for the
/// steps that are left.
pub(crate) async fn expect(live: &mut Loaded, meaning: &str) -> Vec<String> {
    let Some(session) = &live.session else { return vec![] };
    let plans = match in_flight(&session.client).await {
        Ok(plans) => plans,
        Err(error) => {
            return vec![format!(
                "The journal cannot be read, so that plans in flight are not known: {error}."
            )];
        }
    };
    as_live(&mut live.schema);
    let mut notes = Vec::new();
    for plan in plans {
        let (left, steps) = (plan.left.len(), plan.steps);
        match fold(&live.schema, &plan.left) {
            Ok(schema) => {
                live.schema = schema;
                notes.push(format!(
                    "Plan {} is in flight: {left} of its {steps} steps are left, and {meaning}.",
                    plan.name
                ));
            }
            Err(error) => notes.push(format!(
                "Plan {} is in flight, and the {left} of its {steps} steps that are left do not fit the database: {error}.",
                plan.name
            )),
        }
    }
    notes
}
