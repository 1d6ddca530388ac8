//! Subscriptions.
//!
//! **The danger.** A statement that lets the server connect to the publisher may hang, fail for reasons that no plan can see, or
//! make or drop a slot there; a slot that nobody reads keeps the publisher's WAL for ever.
//!
//! | the change | expand | contract |
//! |---|---|---|
//! | new | CREATE without connecting, disabled | |
//! | enabled in the files | ENABLE, with approval | |
//! | two_phase, failover | SET, with approval: it alters the slot; two_phase before 18: made anew in contract | |
//! | other changes | the plain statement, without a refresh | |
//! | gone | | disable, let go of the slot, DROP, with approval |
//!
//! **If it stops half-way**: each step is one transaction.

use crate::object::subscription::{Subscription, SubscriptionChange};
use crate::object::{Change, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::{operations, satellites, with_satellites};
use crate::plan::{HazardKind, Phase};

/// A new subscription.
pub fn create(subscription: &Subscription, context: &Context) -> Recipe {
    let id = ObjectId::global(crate::object::Kind::Subscription, &subscription.name);
    let runs = subscription.enabled == Some(true);
    let still = Object::from(Subscription {
        enabled: if runs { Some(false) } else { subscription.enabled },
        ..subscription.clone()
    });
    let mut recipe = vec![
        Draft::instant(Phase::Expand, with_satellites(&still, context)).because(
            "It is made without connecting to the publisher. Make its slot there, then name the slot, enable it and refresh its publications.",
        ),
    ];
    if runs {
        recipe.push(enable(&id));
    }
    recipe
}

fn enable(id: &ObjectId) -> Draft {
    let change = SubscriptionChange::Enabled(true);
    Draft::instant(Phase::Expand, vec![Operation::alter(id.clone(), change)]).hazard(
        HazardKind::Access,
        id,
        "From here on the server connects to the publisher and applies its changes; the slot must be there.",
    )
}

/// Changes of a subscription.
pub fn alter(id: &ObjectId, changes: &[Change], context: &Context) -> Recipe {
    let live = match context.schemas.live.get(id) {
        Some(Object::Subscription(live)) => live,
        _ => return vec![Draft::instant(Phase::Expand, operations(id, changes))],
    };
    let mut recipe = Recipe::new();
    for change in changes {
        let plain = || Draft::instant(Phase::Expand, operations(id, std::slice::from_ref(change)));
        let Change::Subscription(subscription_change) = change else {
            continue;
        };
        recipe.push(match subscription_change {
            SubscriptionChange::Enabled(true) => enable(id),
            SubscriptionChange::Options(options)
                if options.two_phase != live.options.two_phase && context.server_version < 18 =>
            {
                return replace(id, context);
            }
            SubscriptionChange::Options(options) if options.reaches_publisher(&live.options) => plain().hazard(
                HazardKind::Access,
                id,
                "The server connects to the publisher to alter the slot; the subscription must be disabled.",
            ),
            SubscriptionChange::Publications(_) => plain().because(
                "The tables are not read anew, which would connect to the publisher: run ALTER SUBSCRIPTION ... REFRESH PUBLICATION afterwards.",
            ),
            _ => plain(),
        });
    }
    recipe
}

fn replace(id: &ObjectId, context: &Context) -> Recipe {
    let Some(Object::Subscription(desired)) = context.schemas.desired.get(id) else {
        return Recipe::new();
    };
    let still = Subscription {
        enabled: desired.enabled.map(|_| false),
        ..desired.clone()
    };
    let mut all = vec![Operation::drop(id.clone()), Operation::create(still)];
    // New ones come by themselves.
    let was = |operation: &Operation| operation.subject().is_some_and(|id| context.schemas.live.contains(&id));
    all.extend(satellites(id, context).into_iter().filter(was));
    let mut recipe = vec![
        lost(Draft::instant(Phase::Contract, all), id)
            .because("Before PostgreSQL 18 two_phase cannot be altered, so it is made anew, disabled."),
    ];
    if desired.enabled == Some(true) {
        recipe.push(Draft {
            phase: Phase::Contract,
            ..enable(id)
        });
    }
    recipe
}

/// A subscription that goes.
pub fn drop(id: &ObjectId) -> Recipe {
    vec![lost(
        Draft::instant(Phase::Contract, vec![Operation::drop(id.clone())]),
        id,
    )]
}

fn lost(draft: Draft, id: &ObjectId) -> Draft {
    draft.hazard(
        HazardKind::DataLoss,
        id,
        "How far it has applied changes is lost; its slot stays on the publisher and keeps WAL until somebody drops it there.",
    )
}
