//! `policy` in `pgphase.yaml`: how careful a run is, and how changes are made.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Consent, ObjectPolicy, UpTo};
use crate::apply::guard;
use crate::cli::error::{CliError, ErrorKind};
use crate::plan::{HazardKind, Phase};

/// How careful a run is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Seconds for all attempts of one step to get its locks.
    pub lock_budget: u64,
    /// How changes are made that would block or break an application.
    pub strategy: Strategy,
    /// Tables and columns that are changed in place whatever the strategy: patterns as for `ignore`.
    pub in_place: Vec<String>,
    /// The size up to which tables are changed in place where the strategy is `in-place`; any size when left out.
    pub in_place_up_to: Option<UpTo>,
    /// What approval each kind of hazard needs: `all` where nothing is said.
    pub hazards: BTreeMap<HazardKind, Consent>,
    /// Phases that run only once `phase:NAME` is among the approvals of the plan.
    pub approve_phases: Vec<Phase>,
    /// What holds for some objects; of several entries that fit, the first that says something.
    pub objects: Vec<ObjectPolicy>,
    /// How long contract waits since the phases before it ended, as `24h` or `2d`.
    pub contract_after: Option<String>,
    /// How long contract keeps old shapes behind a swap, in which it can be taken back; none: they go with it.
    pub cool_down: Option<String>,
    /// For how long nobody may have used an old name before contract; `contract_after`, and 5 minutes at least, when left out.
    pub quiet: Option<String>,
    /// Names of applications, with `*`, whose sessions say nothing about the old application; psql and other tools when left out.
    pub tools: Option<Vec<String>>,
    /// A query that gives the bytes that are free on the disk of the server; a phase that may need more is refused.
    pub free_space: Option<String>,
}

/// How changes are made that would block or break an application.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// Beside what is there, so that both applications keep working, where there is a way.
    #[default]
    Online,
    /// In place, with approval.
    InPlace,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            lock_budget: 300,
            strategy: Strategy::default(),
            in_place: Vec::new(),
            in_place_up_to: None,
            hazards: BTreeMap::new(),
            approve_phases: Vec::new(),
            objects: Vec::new(),
            contract_after: None,
            cool_down: None,
            quiet: None,
            tools: None,
            free_space: None,
        }
    }
}

/// Reads a time such as `90s`, `24h` or `2d`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no time; write it like `90s`, `30m`, `24h` or `2d`");
    let span: jiff::Span = text.trim().parse().map_err(|_| wrong())?;
    let relative = jiff::SpanRelativeTo::days_are_24_hours();
    let time = span.to_duration(relative).map_err(|_| wrong())?;
    Duration::try_from(time).map_err(|_| wrong())
}

impl Policy {
    /// Refuses times, sizes and patterns that cannot be understood.
    pub(super) fn check(&self) -> Result<(), CliError> {
        self.guard(None, guard::Force::default())?;
        self.cool_down(None)?;
        self.check_rules()
            .map_err(|error| CliError::usage(format!("`policy`: {error}")).kind(ErrorKind::Configuration))
    }

    /// How long contract keeps old shapes; a time that the command line gives goes before that of the configuration.
    pub fn cool_down(&self, given: Option<Duration>) -> Result<Option<Duration>, CliError> {
        let read = |text: &String| duration(text).map_err(|error| CliError::usage(format!("`cool_down`: {error}")));
        let time = given.map_or_else(
            || self.cool_down.as_ref().map(read).transpose(),
            |given| Ok(Some(given)),
        )?;
        Ok(time.filter(|time| !time.is_zero()))
    }

    /// What contract waits for; a time that the command line gives goes before that of the configuration.
    pub fn guard(&self, contract_after: Option<Duration>, force: guard::Force) -> Result<guard::Settings, CliError> {
        let time = |key: &str, text: &Option<String>| {
            let read = |text: &String| duration(text).map_err(|error| CliError::usage(format!("`{key}`: {error}")));
            text.as_ref().map(read).transpose()
        };
        let contract_after = contract_after
            .or(time("contract_after", &self.contract_after)?)
            .unwrap_or_default();
        let default = guard::Settings::default();
        Ok(guard::Settings {
            contract_after,
            quiet: time("quiet", &self.quiet)?.unwrap_or(contract_after.max(default.quiet)),
            tools: self.tools.clone().unwrap_or(default.tools),
            force,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_contract_waits_for() {
        let read = |text: &str| {
            serde_yaml::from_str::<Policy>(text)
                .expect("reads")
                .guard(None, guard::Force::default())
        };
        let default = read("lock_budget: 9").expect("a guard");
        assert_eq!(
            (default.contract_after, default.quiet),
            (Duration::ZERO, Duration::from_secs(300))
        );
        let day = read("contract_after: 1d").expect("a guard");
        assert_eq!((day.contract_after.as_secs(), day.quiet.as_secs()), (86_400, 86_400));
        let both = read("{contract_after: 24h, quiet: 90s, tools: ['exporter*']}").expect("a guard");
        assert_eq!((both.contract_after.as_secs(), both.quiet.as_secs()), (86_400, 90));
        assert_eq!(both.tools, ["exporter*"]);
        for wrong in ["soon", "-1h", "24"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
