//! What the policy of the project has to say about a plan: how large tables may be that are changed in place, and what has to
//! be approved before something runs.

use std::collections::BTreeMap;

use super::config::{Policy, approval_of};
use super::error::CliError;
use super::load;
use crate::conn::Session;
use crate::name::QualifiedName;
use crate::object::ObjectId;
use crate::plan::file::PlanFolder;
use crate::plan::{Phase, Plan, Size, Wishes};

/// Takes tables that are too large out of what is changed in place; gives them with their size, where it is known.
pub(crate) async fn within_limits(
    wishes: &mut Wishes,
    session: Option<&Session>,
    policy: &Policy,
) -> BTreeMap<QualifiedName, Option<Size>> {
    if !policy.has_limits() {
        return BTreeMap::new();
    }
    let mut tables: Vec<QualifiedName> = wishes.in_place.iter().map(ObjectId::qualified).collect();
    tables.dedup();
    let sizes = match session {
        Some(session) => load::sizes(session, &tables).await,
        None => BTreeMap::new(),
    };
    let mut too_large = BTreeMap::new();
    wishes.in_place.retain(|id| {
        let table = id.qualified();
        let size = sizes.get(&table.to_string());
        let over = policy.is_too_large(id, size);
        if over {
            too_large.insert(table, size.copied());
        }
        !over
    });
    too_large
}

/// What a reviewer should know of the policy: tables that are too large for its strategy, hazards that it does not allow, and
/// phases that it wants to be approved.
pub(crate) fn notes(
    policy: &Policy,
    plan: &mut Plan,
    too_large: &BTreeMap<QualifiedName, Option<Size>>,
) -> Vec<String> {
    let concerned: Vec<QualifiedName> = plan.tables().collect();
    let mut notes: Vec<String> = too_large
        .iter()
        .filter(|(table, _)| concerned.contains(table))
        .map(|(table, size)| {
            let why = match size {
                Some(Size {
                    rows: Some(rows),
                    bytes,
                    ..
                }) => format!("about {rows} rows, {bytes} bytes"),
                Some(Size { bytes, .. }) => format!("rows not counted yet, {bytes} bytes; ANALYZE counts them"),
                None => "its size is not known".to_owned(),
            };
            format!("The policy changes {table} in place up to a size only, so it is changed online: {why}.")
        })
        .collect();
    for id in policy.restrict(plan) {
        notes.push(format!(
            "The policy does not allow {id}: the phase that it is in is not run."
        ));
    }
    for phase in policy.phases_to_approve(plan) {
        notes.push(format!(
            "The policy wants an approval of {phase}: it runs once {} is among the approvals.",
            approval_of(phase)
        ));
    }
    notes
}

/// Refuses phases that the policy does not allow, and leaves of the approvals those that count.
pub(crate) fn permit(policy: &Policy, folder: &mut PlanFolder, phases: &[Phase]) -> Result<(), CliError> {
    let never = policy.restrict(&mut folder.plan);
    let plan = &folder.plan;
    let mine = plan.steps.iter().filter(|step| phases.contains(&step.phase));
    let refused: Vec<String> = mine
        .flat_map(|step| step.hazards.iter().map(move |hazard| (step, hazard.id())))
        .filter(|(_, id)| never.contains(id))
        .map(|(step, id)| format!("{id} (step {})", step.id))
        .collect();
    if !refused.is_empty() {
        return Err(
            CliError::refused(format!("the policy does not allow: {}", refused.join("; ")))
                .hint("`hazards` under `policy` in pgphase.yaml says `never`; no approval helps"),
        );
    }
    let open = policy
        .phases_to_approve(plan)
        .into_iter()
        .find(|phase| phases.contains(phase));
    match open {
        Some(phase) => Err(
            CliError::refused(format!("the policy wants an approval of the phase {phase}")).hint(format!(
                "put {} to the approvals in plan.yaml, or run `pgphase apply` with --approve {0}",
                approval_of(phase)
            )),
        ),
        None => Ok(()),
    }
}
