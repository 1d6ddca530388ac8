//! What a policy allows: how each object is changed, up to which size in place, and which hazards need what approval.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Policy, Strategy, fits};
use crate::object::{Kind, ObjectId};
use crate::plan::{Hazard, HazardKind, Phase, Plan, Size};

/// What approval a kind of hazard needs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Consent {
    /// Its id, or `all`.
    #[default]
    All,
    /// Its id: `all` does not speak for it.
    Each,
    /// No approval counts: a plan with it is not run.
    Never,
}

/// The size up to which a table may be changed in place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UpTo {
    /// Rows, as the server estimates them.
    pub rows: Option<u64>,
    /// Bytes with indexes and TOAST, as `100MB`; units as in PostgreSQL: B, kB, MB, GB, TB.
    pub bytes: Option<String>,
}

/// What holds for some objects instead of the rest of the policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ObjectPolicy {
    /// The objects: a pattern as for `ignore`.
    pub of: String,
    /// How they are changed.
    pub strategy: Option<Strategy>,
    /// The size up to which they may be changed in place.
    pub in_place_up_to: Option<UpTo>,
    /// What approval their hazards need.
    pub hazards: BTreeMap<HazardKind, Consent>,
}

impl UpTo {
    /// The limit in bytes.
    fn bytes(&self) -> Result<Option<u64>, String> {
        let Some(text) = &self.bytes else { return Ok(None) };
        let wrong = || format!("`{text}` is no size; write it like `500kB`, `100MB` or `2GB`");
        let text = text.trim();
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let unit = match unit.trim() {
            "B" | "" => 1,
            "kB" => 1 << 10,
            "MB" => 1 << 20,
            "GB" => 1 << 30,
            "TB" => 1u64 << 40,
            _ => return Err(wrong()),
        };
        let number: u64 = number.parse().map_err(|_| wrong())?;
        number.checked_mul(unit).map(Some).ok_or_else(wrong)
    }

    /// Whether a table is within the limit. What is not known counts as too much.
    fn holds(&self, size: Option<&Size>) -> bool {
        let Some(size) = size else { return false };
        // A table without a page has no rows, whether somebody has counted them or not.
        let rows = if size.heap == 0 { Some(0) } else { size.rows };
        let bytes = self.bytes().unwrap_or(Some(0));
        self.rows.is_none_or(|most| rows.is_some_and(|rows| rows <= most))
            && bytes.is_none_or(|most| size.bytes <= most)
    }
}

impl Policy {
    /// Refuses what only shows when it is used.
    pub(super) fn check_rules(&self) -> Result<(), String> {
        let own = self.objects.iter().filter_map(|rule| rule.in_place_up_to.as_ref());
        own.chain(&self.in_place_up_to)
            .try_for_each(|limit| limit.bytes().map(|_| ()))?;
        match self.objects.iter().find(|rule| rule.of.is_empty()) {
            Some(_) => Err("each entry of `objects` needs `of`, a pattern".into()),
            None => Ok(()),
        }
    }

    /// How an object is changed: what the first entry that fits says, else the whole policy.
    pub(super) fn strategy_of(&self, id: &ObjectId) -> Strategy {
        let own = self.objects.iter().filter(|rule| fits(&rule.of, id));
        match own.filter_map(|rule| rule.strategy).next() {
            Some(strategy) => strategy,
            None if self.in_place.iter().any(|pattern| fits(pattern, id)) => Strategy::InPlace,
            None => self.strategy,
        }
    }

    fn limit_of(&self, id: &ObjectId) -> Option<&UpTo> {
        let own = self.objects.iter().filter(|rule| fits(&rule.of, id));
        own.filter_map(|rule| rule.in_place_up_to.as_ref())
            .next()
            .or(self.in_place_up_to.as_ref())
    }

    /// Whether there is any limit to what is done in place.
    pub(crate) fn has_limits(&self) -> bool {
        self.in_place_up_to.is_some() || self.objects.iter().any(|rule| rule.in_place_up_to.is_some())
    }

    /// Whether an object is too large to be changed in place.
    pub(crate) fn is_too_large(&self, id: &ObjectId, size: Option<&Size>) -> bool {
        self.limit_of(id).is_some_and(|limit| !limit.holds(size))
    }

    /// What approval a hazard needs. What blocks a table above its limit is not meant by `all`.
    fn consent(&self, hazard: &Hazard, sizes: &BTreeMap<String, Size>) -> Consent {
        let id = &hazard.object;
        let own = self.objects.iter().filter(|rule| fits(&rule.of, id.subject()));
        let said = own
            .filter_map(|rule| rule.hazards.get(&hazard.kind))
            .chain(self.hazards.get(&hazard.kind))
            .next();
        let said = said.copied().unwrap_or_default();
        let size = sizes.get(&id.subject().qualified().to_string());
        match hazard.kind {
            HazardKind::Rewrite | HazardKind::BlockingScan if self.is_too_large(id.subject(), size) => {
                said.max(Consent::Each)
            }
            _ => said,
        }
    }

    /// Leaves of the approvals of a plan those that count under this policy; `all` gives way to the ids that it speaks for where
    /// it does not speak for every hazard. Gives the hazards that no approval helps.
    pub(crate) fn restrict(&self, plan: &mut Plan) -> Vec<String> {
        let sizes = &plan.background.sizes;
        let hazards: Vec<(String, Consent)> = plan
            .steps
            .iter()
            .flat_map(|step| &step.hazards)
            .map(|hazard| (hazard.id(), self.consent(hazard, sizes)))
            .collect();
        let never = |id: &String| {
            hazards
                .iter()
                .any(|(known, need)| known == id && *need == Consent::Never)
        };
        plan.approvals.retain(|id| !never(id));
        if let Some(at) = plan.approvals.iter().position(|id| id == "all") {
            if hazards.iter().any(|(_, need)| *need != Consent::All) {
                plan.approvals.remove(at);
                for (id, _) in hazards.iter().filter(|(_, need)| *need == Consent::All) {
                    if !plan.approvals.contains(id) {
                        plan.approvals.push(id.clone());
                    }
                }
            }
        }
        let mut refused: Vec<String> = hazards.iter().map(|(id, _)| id.clone()).filter(never).collect();
        refused.dedup();
        refused
    }

    /// The phases that wait for an approval of their own, of those that a plan has steps in.
    pub(crate) fn phases_to_approve(&self, plan: &Plan) -> Vec<Phase> {
        let asked = |phase: &Phase| self.approve_phases.contains(phase) && plan.phase(*phase).next().is_some();
        let open = |phase: &Phase| !plan.approvals.contains(&approval_of(*phase));
        Phase::ALL
            .into_iter()
            .filter(|phase| asked(phase) && open(phase))
            .collect()
    }

    /// Whether a table or column is changed in place, sizes left aside.
    pub(super) fn is_in_place(&self, id: &ObjectId) -> bool {
        matches!(id.kind, Kind::Table | Kind::Column) && self.strategy_of(id) == Strategy::InPlace
    }
}

/// The id under which a phase is approved.
pub(crate) fn approval_of(phase: Phase) -> String {
    format!("phase:{phase}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(text: &str) -> Policy {
        serde_yaml::from_str(text).expect("reads")
    }

    fn size(rows: Option<u64>, bytes: u64) -> Size {
        Size {
            rows,
            bytes,
            heap: bytes,
        }
    }

    #[test]
    fn the_first_entry_that_fits_decides() {
        let policy = policy(
            "{strategy: in-place, objects: [{of: 'public.big_*', strategy: online}, {of: 'public.*', strategy: in-place}]}",
        );
        for (id, strategy) in [
            ("column public.big_events.id", Strategy::Online),
            ("column public.small.id", Strategy::InPlace),
            ("table app.other", Strategy::InPlace),
        ] {
            assert_eq!(policy.strategy_of(&id.parse().expect("id")), strategy, "{id}");
        }
    }

    #[test]
    fn what_is_not_known_is_too_large() {
        let policy = policy(
            "{in_place_up_to: {rows: 1000, bytes: 1MB}, objects: [{of: public.b, in_place_up_to: {bytes: 2GB}}]}",
        );
        let (a, b): (ObjectId, ObjectId) = (
            "table public.a".parse().expect("id"),
            "table public.b".parse().expect("id"),
        );
        assert!(!policy.is_too_large(&a, Some(&size(Some(1000), 1 << 20))));
        assert!(policy.is_too_large(&a, Some(&size(Some(1001), 1))));
        assert!(policy.is_too_large(&a, Some(&size(Some(1), (1 << 20) + 1))));
        assert!(policy.is_too_large(&a, Some(&size(None, 1))));
        assert!(!policy.is_too_large(&a, Some(&size(None, 0))));
        assert!(policy.is_too_large(&a, None));
        assert!(!policy.is_too_large(&b, Some(&size(None, 1 << 30))));
        for wrong in ["1 gigabyte", "MB", "99999999999TB", "-1"] {
            let limit = UpTo {
                bytes: Some(wrong.into()),
                ..UpTo::default()
            };
            assert!(limit.bytes().is_err(), "{wrong}");
        }
    }
}
