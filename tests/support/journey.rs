//! A whole migration as a user runs it: plan, apply phase by phase, drift, and the checks that need no trust in the program:
//! the dump equals that of a database built from the desired file, a second plan is empty, the rows are there.

use std::path::Path;

use super::database::Database;
use super::dump::{Shown, difference, dump, reloaded};
use super::pgphase::{self, COOLING, DIFFERENCE, NOTHING};
use super::rows::{Rows, lost, rows};
use super::run::Finished;

/// The phases in their order.
pub(crate) const PHASES: [&str; 4] = ["expand", "backfill", "validate", "contract"];

/// What the program says of a plan of its own that breaks a law, also where it found another way.
pub(crate) const FAULT: &str = "breaks its own laws";

/// How a journey ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The database is as the file wants it.
    Converged,
    /// The program said no, with a reason, and changed nothing.
    Refused(String),
    /// The plan stopped with an error while it was applied.
    Failed(String),
    /// The program was content, and the result is not what was wanted.
    Wrong(String),
    /// It panicked, was killed by a signal, or did not end.
    Crashed(String),
}

impl Verdict {
    /// One word for tables.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Converged => "converged",
            Self::Refused(_) => "refused",
            Self::Failed(_) => "failed",
            Self::Wrong(_) => "wrong",
            Self::Crashed(_) => "crashed",
        }
    }

    /// The reason, where there is one.
    pub(crate) fn reason(&self) -> &str {
        match self {
            Self::Converged => "",
            Self::Refused(reason) | Self::Failed(reason) | Self::Wrong(reason) | Self::Crashed(reason) => reason,
        }
    }
}

/// What a journey is to look at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Route<'a> {
    /// The database to change.
    pub(crate) live: &'a Database,
    /// A database built from the desired file.
    pub(crate) wanted: &'a Database,
    /// The desired file.
    pub(crate) to: &'a Path,
    /// Where the plan goes.
    pub(crate) out: &'a Path,
    /// What the dumps are to show.
    pub(crate) shown: Shown,
    /// Whether the values of the rows are to stay as they are.
    pub(crate) keep_rows: bool,
    /// Contract keeps old shapes for a day.
    pub(crate) cool_down: bool,
    /// Each phase by its own command, as a pipeline runs them.
    pub(crate) by_phase: bool,
    /// From before contract the way back is walked first, to the dump of the beginning.
    pub(crate) back: bool,
}

impl Route<'_> {
    /// Walks it.
    pub(crate) fn walk(&self) -> Verdict {
        self.steps().unwrap_or_else(|verdict| verdict)
    }

    fn steps(&self) -> Result<Verdict, Verdict> {
        let before = if self.keep_rows { self.rows()? } else { Rows::new() };
        let planned = alive("plan", self.plan(self.out))?;
        if planned.stdout.contains(FAULT) || planned.stderr.contains(FAULT) {
            return Err(Verdict::Wrong(planned.said()));
        }
        match planned.code() {
            Some(NOTHING) => {
                self.same_dump("the plan is empty, but the dump differs")
                    .map_err(|verdict| named(&planned, verdict))?;
                return Ok(Verdict::Converged);
            }
            Some(DIFFERENCE) => {}
            _ => return Err(Verdict::Refused(planned.said())),
        }
        if self.back {
            self.there_and_back()?;
        }
        let phases: &[&str] = if self.by_phase { &PHASES } else { &["all"] };
        for phase in phases {
            self.apply(phase)?;
        }
        if self.cools() {
            let drift = alive("drift", pgphase::drift(self.live, self.to))?;
            if drift.code() != Some(NOTHING) {
                return Err(Verdict::Wrong(format!("drift while it cools down: {}", drift.said())));
            }
            let applied = alive("apply", pgphase::apply_forced(self.live, self.out, "contract"))?;
            if applied.code() != Some(NOTHING) {
                return Err(Verdict::Failed(format!("apply contract: {}", applied.said())));
            }
        }
        self.same_dump("the plan was applied, but the dump differs")
            .map_err(|verdict| named(&planned, verdict))?;
        let drift = alive("drift", pgphase::drift(self.live, self.to))?;
        if drift.code() != Some(NOTHING) {
            return Err(Verdict::Wrong(format!("drift after all phases: {}", drift.said())));
        }
        let again = self.out.with_extension("again");
        let second = alive("second plan", self.plan(&again))?;
        if second.code() != Some(NOTHING) {
            return Err(Verdict::Wrong(format!(
                "the second plan is not empty: {}",
                second.said()
            )));
        }
        if self.keep_rows
            && let Some(text) = lost(&before, &self.rows()?)
        {
            return Err(Verdict::Wrong(text));
        }
        Ok(Verdict::Converged)
    }

    fn plan(&self, out: &Path) -> Finished {
        if self.cool_down {
            pgphase::plan_with(self.live, self.to, out, &["--cool-down", "1d"])
        } else {
            pgphase::plan(self.live, self.to, out)
        }
    }

    /// Whether the plan has a cool-down.
    fn cools(&self) -> bool {
        let plan = std::fs::read_to_string(self.out.join("plan.yaml")).unwrap_or_default();
        plan.lines().any(|line| line.starts_with("cool_down: "))
    }

    fn apply(&self, phase: &str) -> Result<(), Verdict> {
        let applied = alive("apply", pgphase::apply(self.live, self.out, phase))?;
        let stops = matches!(phase, "contract" | "all") && self.cools();
        if applied.code() != Some(if stops { COOLING } else { NOTHING }) {
            return Err(Verdict::Failed(format!("apply {phase}: {}", applied.said())));
        }
        Ok(())
    }

    /// Up to contract, or to its cool-down, and back: the dump is that of the beginning, but for what PostgreSQL cannot take away.
    fn there_and_back(&self) -> Result<(), Verdict> {
        let before = dump(self.live, self.shown).map_err(Verdict::Crashed)?;
        for phase in PHASES.iter().filter(|phase| **phase != "contract" || self.cools()) {
            self.apply(phase)?;
        }
        let back = alive("rollback", pgphase::rollback(self.live, self.out))?;
        if back.code() != Some(NOTHING) {
            return Err(Verdict::Failed(format!("rollback: {}", back.said())));
        }
        let after = dump(self.live, self.shown).map_err(Verdict::Crashed)?;
        match difference(&before, &after).filter(|_| !self.leaves_something()) {
            Some(text) => Err(Verdict::Wrong(format!("after the way back the dump differs:\n{text}"))),
            None => Ok(()),
        }
    }

    /// Whether the phases before contract do what PostgreSQL has no way back from: a label of an enum, a proof of a constraint that
    /// was not valid, an index of the parent that took over one of a partition, what a child comes to declare.
    fn leaves_something(&self) -> bool {
        ["1-expand.sql", "3-validate.sql"].iter().any(|file| {
            std::fs::read_to_string(self.out.join(file)).is_ok_and(|text| {
                ["ADD VALUE", "VALIDATE CONSTRAINT", "ATTACH PARTITION", "NO INHERIT"]
                    .iter()
                    .any(|words| text.contains(words))
            })
        })
    }

    fn rows(&self) -> Result<Rows, Verdict> {
        rows(self.live).map_err(Verdict::Crashed)
    }

    fn same_dump(&self, message: &str) -> Result<(), Verdict> {
        let wanted = dump(self.wanted, self.shown).map_err(Verdict::Crashed)?;
        let got = dump(self.live, self.shown).map_err(Verdict::Crashed)?;
        let Some(text) = difference(&wanted, &got) else {
            return Ok(());
        };
        // PostgreSQL prints some texts in another way once it has read its own print: then that decides.
        let again = |database| reloaded(database).and_then(|database| dump(&database, self.shown));
        match (again(self.wanted), again(self.live)) {
            (Ok(wanted), Ok(got)) if difference(&wanted, &got).is_none() => Ok(()),
            _ => Err(Verdict::Wrong(format!("{message}:\n{text}"))),
        }
    }
}

/// What the program names as left out is a limit, not a silent mistake.
fn named(planned: &Finished, verdict: Verdict) -> Verdict {
    match planned.stderr.lines().find(|line| line.contains("not managed")) {
        Some(line) => Verdict::Refused(line.to_owned()),
        None => verdict,
    }
}

/// The program must end by itself with an exit code of its own.
pub(crate) fn alive(what: &str, finished: Finished) -> Result<Finished, Verdict> {
    if finished.timed_out {
        return Err(Verdict::Crashed(format!("{what} did not end in time")));
    }
    match finished.code() {
        None | Some(101) => Err(Verdict::Crashed(format!("{what}: {}", finished.said()))),
        Some(_) => Ok(finished),
    }
}
