//! The trial: forward phase by phase, back from each phase before contract, forward again to the end.

use tokio_postgres::Client;

use super::observe::Observer;
use super::report::{Check, StepSeen, Verdict};
use super::rows::{Columns, Sums, columns, common, differences as row_differences, has_fewer, lost, sums};
use super::scratch::{Scratch, Trial, build};
use super::seed::{Seeded, seed};
use super::{VerifyError, judge, told};
use crate::apply::progress::Silent;
use crate::apply::retry::Patience;
use crate::apply::{ApplyError, Back, CoolDown, Live, Stop, db_message, rollback, run_watched, staleness};
use crate::conn::ConnError;
use crate::diff::diff;
use crate::introspect::IntrospectError;
use crate::object::Kind;
use crate::operation::Operation;
use crate::pair::Pair;
use crate::plan::check::{differences, may_stay};
use crate::plan::file::PlanFolder;
use crate::plan::fold::fold;
use crate::plan::{Baseline, HazardKind, Phase, PlanError, Wishes, make};
use crate::rename::Renamed;
use crate::schema::Schema;
use crate::settle::unify_with;

/// How a plan is tried.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many rows each table gets.
    pub rows: usize,
    /// SQL that runs after the generated rows.
    pub seed_sql: Option<String>,
    /// Whether the schema that the plan starts from was read from a database. Files leave out what a database always says, so a
    /// plan that was made from a database is held against them by the names of objects only.
    pub start_is_live: bool,
    /// The schema that the files want, where they are at hand; else the plan's own arithmetic says what it leads to.
    pub desired: Option<Schema>,
}

/// What is told of a plan that was made from a database and is tried on files.
const BY_NAME: &str = "The plan was made from a database and is tried on files: that both have the same objects is checked, not that \
                       these are alike.";

/// Tries a plan on a scratch server. `start` is the schema that it starts from; `inspect` reads the schema of a database.
pub async fn verify(
    scratch: &Scratch,
    folder: &PlanFolder,
    start: &Schema,
    options: &Options,
    inspect: impl AsyncFn(&Client) -> Result<Live, IntrospectError>,
) -> Result<Verdict, VerifyError> {
    let plan = &folder.plan;
    if scratch.server_version < plan.server_version {
        return Err(VerifyError::Unsuitable {
            what: format!(
                "the plan was made for PostgreSQL {} and the scratch server is {}",
                plan.server_version, scratch.server_version
            ),
            hint: "point PGPHASE_PG_BIN at the programs of that version, or name a server with --scratch".into(),
        });
    }
    let end = fold(start, &plan.steps).map_err(|error| VerifyError::Stale {
        differences: vec![error.to_string()],
    })?;
    let by_name = !plan.baseline.fingerprint.is_empty() && !options.start_is_live;
    if !plan.baseline.fingerprint.is_empty() {
        let differences = if by_name {
            staleness::other_objects(&plan.baseline, start)
        } else {
            staleness::differences(&plan.baseline, start)
        };
        if !differences.is_empty() {
            let differences = differences.iter().map(ToString::to_string).collect();
            return Err(VerifyError::Stale { differences });
        }
    }
    scratch.provide(start).await?;
    scratch.provide(&end).await?;
    let trial = scratch.database().await?;
    let other = scratch.database().await?;
    let mut attempt = Attempt {
        scratch,
        folder: folder.clone(),
        trial: &trial,
        start,
        end: options.desired.as_ref().unwrap_or(&end),
        inspect,
        checks: vec![],
        notes: by_name.then(|| BY_NAME.to_owned()).into_iter().collect(),
        seeded: vec![],
        rows: vec![],
        steps: vec![],
    };
    let result = attempt.walk(&other, options).await;
    let Attempt {
        checks,
        notes,
        seeded,
        rows,
        steps,
        ..
    } = attempt;
    scratch.drop(other).await?;
    scratch.drop(trial).await?;
    result?;
    Ok(Verdict {
        plan: folder.id(),
        name: plan.name.clone(),
        server_version: scratch.server_version,
        holds: checks.iter().all(|check| check.holds),
        checks,
        steps,
        seeded,
        rows,
        notes,
    })
}

/// Why a walk ends early: a check has failed and been noted, or the trial itself cannot go on.
enum End {
    Failed,
    Error(Box<VerifyError>),
}

impl From<VerifyError> for End {
    fn from(error: VerifyError) -> Self {
        Self::Error(Box::new(error))
    }
}

impl From<PlanError> for End {
    fn from(error: PlanError) -> Self {
        VerifyError::from(error).into()
    }
}

impl From<ConnError> for End {
    fn from(error: ConnError) -> Self {
        VerifyError::from(error).into()
    }
}

struct Attempt<'a, I> {
    scratch: &'a Scratch,
    folder: PlanFolder,
    trial: &'a Trial,
    start: &'a Schema,
    end: &'a Schema,
    inspect: I,
    checks: Vec<Check>,
    notes: Vec<String>,
    seeded: Vec<Seeded>,
    rows: Vec<(crate::name::QualifiedName, i64)>,
    steps: Vec<StepSeen>,
}

impl<I: AsyncFn(&Client) -> Result<Live, IntrospectError>> Attempt<'_, I> {
    async fn walk(&mut self, other: &Trial, options: &Options) -> Result<(), VerifyError> {
        match self.try_all(other, options).await {
            Ok(()) | Err(End::Failed) => Ok(()),
            Err(End::Error(error)) => Err(*error),
        }
    }

    async fn try_all(&mut self, other: &Trial, options: &Options) -> Result<(), End> {
        let (before, values) = self.prepare(options).await?;
        let observer = Observer::open(&self.trial.target).await?;
        let result = self.back_and_forth(&observer, &before, &values).await;
        self.compare_facts(&observer);
        result?;
        self.arrived(other).await?;
        let steps = &self.folder.plan.steps;
        let mut kept = common(&before, &self.ask("cannot list columns", columns(self.client()).await)?);
        for operation in steps.iter().flat_map(|step| &step.operations) {
            match operation {
                Operation::Drop { id, .. } if id.kind == Kind::Table => _ = kept.remove(&id.qualified()),
                // What is filled is meant to change.
                Operation::Backfill { table, set, .. } => {
                    if let Some(columns) = kept.get_mut(table) {
                        columns.retain(|name, _| set.iter().all(|(column, _)| column != name));
                    }
                }
                _ => {}
            }
        }
        // What the plan says is lost.
        let hazards = steps.iter().flat_map(|step| &step.hazards);
        for hazard in hazards.filter(|hazard| hazard.kind == HazardKind::DataLoss && hazard.object.kind == Kind::Column)
        {
            if let Some(columns) = kept.get_mut(&hazard.object.qualified()) {
                columns.remove(hazard.object.own_name());
            }
        }
        let now = self.ask("cannot sum rows", sums(self.client(), &kept).await)?;
        let changed = lost(&values, &now);
        // A trigger that a backfill fires may write anywhere; that rows go is nothing that a plan lets pass.
        if !changed.is_empty() && !has_fewer(&values, &now) && self.is_told(HazardKind::FiresTriggers) {
            self.checks.push(Check {
                what: "the plan says that triggers change rows; none are gone".into(),
                holds: true,
                details: changed,
            });
            return Ok(());
        }
        self.check("rows and values that the plan is not to change are as before", changed)
    }

    fn client(&self) -> &Client {
        &self.trial.session.client
    }

    fn ask<T>(&self, doing: &'static str, result: Result<T, tokio_postgres::Error>) -> Result<T, VerifyError> {
        result.map_err(VerifyError::server(doing))
    }

    async fn read(&self, client: &Client) -> Result<Schema, VerifyError> {
        let live = (self.inspect)(client)
            .await
            .map_err(|error| VerifyError::Inspect(error.to_string()))?;
        Ok(live.schema)
    }

    fn check(&mut self, what: impl Into<String>, details: Vec<String>) -> Result<(), End> {
        let holds = details.is_empty();
        self.checks.push(Check {
            what: what.into(),
            holds,
            details,
        });
        if holds { Ok(()) } else { Err(End::Failed) }
    }

    /// Builds the schema that the plan starts from and fills it; the columns of the tables, and what their rows add up to.
    async fn prepare(&mut self, options: &Options) -> Result<(Columns, Sums), End> {
        let version = self.scratch.server_version;
        let empty = self.read(self.client()).await?;
        build(self.client(), &empty, self.start, version).await?;
        let built = self.read(self.client()).await?;
        let unified = unify_with(self.client(), &built, self.start.clone(), version).await;
        let unified = self.ask("cannot ask the scratch server what texts mean", unified)?;
        let what = "the scratch database has the schema that the plan starts from";
        self.check(what, differences(built.clone(), &unified.desired))?;
        // In the words of this server, the plan starts here. That it may run is what is tried.
        self.folder.plan.baseline = Baseline {
            fingerprint: built.fingerprint(),
            objects: built.digests(),
            ..std::mem::take(&mut self.folder.plan.baseline)
        };
        self.folder.plan.approvals = vec!["all".into()];
        if version != self.folder.plan.server_version {
            self.notes.push(format!(
                "The plan was made for PostgreSQL {} and was tried on {version}.",
                self.folder.plan.server_version
            ));
        }
        if options.rows > 0 {
            let seeded = seed(self.client(), &built, self.end, options.rows).await;
            self.seeded = self.ask("cannot fill the scratch database", seeded)?;
        }
        if let Some(script) = &options.seed_sql {
            let seeded = self.client().batch_execute(script).await;
            seeded.map_err(|error| VerifyError::Seed(db_message(&error)))?;
            let reset = self.client().batch_execute("RESET ALL").await;
            self.ask("cannot go on after the seed script", reset)?;
        }
        let all = self.ask("cannot list columns", columns(self.client()).await)?;
        let counted = self.ask("cannot count rows", sums(self.client(), &all).await)?;
        self.rows = counted.iter().map(|(table, sum)| (table.clone(), sum.count)).collect();
        Ok((all, counted))
    }

    async fn back_and_forth(&mut self, observer: &Observer, before: &Columns, values: &Sums) -> Result<(), End> {
        let present = |phase: &Phase| self.folder.plan.phase(*phase).next().is_some();
        let phases: Vec<Phase> = Phase::ALL.into_iter().filter(present).collect();
        let schema = self.read(self.client()).await?;
        // A contract that swaps shapes can be undone up to its cool-down.
        let swaps = self.folder.plan.cool_down.is_some();
        for (at, phase) in phases
            .iter()
            .enumerate()
            .filter(|(_, phase)| **phase < Phase::Contract || swaps)
        {
            self.forward(observer, &phases[..=at], CoolDown::Stop, &format!("{phase} runs"))
                .await?;
            match self.back().await {
                Ok(()) => {}
                Err(ApplyError::NoWayBack { steps }) if self.is_told(HazardKind::OneWay) => {
                    self.checks.push(Check {
                        what: format!("the plan says that there is no way back from {phase}"),
                        holds: true,
                        details: steps,
                    });
                    break;
                }
                Err(error) => return self.check(format!("{phase} can be undone"), vec![told(&error)]),
            }
            let now = self.read(self.client()).await?;
            let left: Vec<String> = diff(Pair::new(&schema, &now))
                .iter()
                .filter(|delta| !may_stay(delta, &schema, &now))
                .map(|delta| format!("{} is not as before", delta.id()))
                .collect();
            self.check(
                format!("the way back from {phase} leads to the schema of the beginning"),
                left,
            )?;
            let now = self.ask("cannot sum rows", sums(self.client(), before).await)?;
            let lost = row_differences(values, &now);
            if !lost.is_empty() && self.is_told(HazardKind::FiresTriggers) {
                self.checks.push(Check {
                    what: format!("the plan says that triggers change rows, which the way back from {phase} leaves"),
                    holds: true,
                    details: lost,
                });
            } else {
                self.check(format!("the way back from {phase} leaves every row as it was"), lost)?;
            }
        }
        let whole = phases.iter().map(|phase| phase.word()).collect::<Vec<_>>().join(", ");
        let what = format!("the whole plan runs: {whole}");
        self.forward(observer, &phases, CoolDown::Skip, &what).await
    }

    async fn forward(
        &mut self,
        observer: &Observer,
        phases: &[Phase],
        cool_down: CoolDown,
        what: &str,
    ) -> Result<(), End> {
        observer.start().await;
        let options = crate::apply::Options {
            phases: phases.to_vec(),
            patience: Patience::default(),
            wait_for_run: std::time::Duration::from_secs(10),
            backfill: crate::apply::backfill::Settings::default(),
            windows: Vec::new(),
            zone: jiff::tz::TimeZone::UTC,
            guard: None,
            cool_down,
            free_space: None,
            reopen: false,
            approved: vec![],
        };
        let stop = Stop::never();
        let target = &self.trial.target;
        let result = run_watched(target, &self.folder, &options, &Silent, &stop, observer, &self.inspect).await;
        self.check(what, result.err().iter().map(told).collect())
    }

    async fn back(&self) -> Result<(), ApplyError> {
        let back = Back {
            to: None,
            patience: Patience::default(),
            wait_for_run: std::time::Duration::from_secs(10),
            abandon: false,
        };
        let stop = Stop::never();
        rollback(&self.trial.target, &self.folder, &back, &Silent, &stop, &self.inspect)
            .await
            .map(|_| ())
    }

    fn is_told(&self, kind: HazardKind) -> bool {
        let steps = self.folder.plan.steps.iter();
        steps.flat_map(|step| &step.hazards).any(|hazard| hazard.kind == kind)
    }

    /// What was seen of the steps against what the plan says of them.
    fn compare_facts(&mut self, observer: &Observer) {
        let seen = observer.seen();
        let mut details = Vec::new();
        for step in &self.folder.plan.steps {
            let Some(seen) = seen.get(&step.id) else { continue };
            let found = judge::judge(step, seen);
            let (weaker, stronger): (Vec<_>, Vec<_>) = found.into_iter().partition(judge::Disagreement::is_weaker);
            let words =
                |list: Vec<judge::Disagreement>| -> Vec<String> { list.iter().map(ToString::to_string).collect() };
            let weaker = words(weaker);
            details.extend(weaker.iter().map(|line| format!("{}: {line}", step.id)));
            self.steps.push(StepSeen {
                step: step.id.clone(),
                title: step.title.clone(),
                seen: seen.clone(),
                weaker,
                stronger: words(stronger),
            });
        }
        details.extend(observer.problems());
        let what = format!(
            "no step locks, rewrites, scans or builds more than the plan says ({} of {} steps looked at)",
            self.steps.len(),
            self.folder.plan.steps.len()
        );
        // The rest is tried as well: a false fact does not make a false result.
        let _ = self.check(what, details);
    }

    /// The schema at the end is the desired one, by three accounts.
    async fn arrived(&mut self, other: &Trial) -> Result<(), End> {
        let version = self.scratch.server_version;
        let reached = self.read(self.client()).await?;
        let unified = unify_with(self.client(), &reached, self.end.clone(), version).await;
        let desired = self
            .ask("cannot ask the scratch server what texts mean", unified)?
            .desired;
        self.check(
            "the schema at the end is the desired one",
            differences(reached.clone(), &desired),
        )?;
        let renamed = Renamed {
            live: reached.clone(),
            operations: vec![],
        };
        let second = make("second", &reached, &renamed, &desired, version, &Wishes::default())?;
        let left = second.steps.iter().map(|step| step.title.clone()).collect();
        self.check("a second plan is empty", left)?;
        let client = &other.session.client;
        let empty = self.read(client).await?;
        build(client, &empty, &desired, version).await?;
        let fresh = self.read(client).await?;
        let unified = unify_with(client, &reached, fresh, version).await;
        let fresh = self
            .ask("cannot ask the scratch server what texts mean", unified)?
            .desired;
        let what = "a database built from the desired schema has the same schema";
        self.check(what, differences(reached, &fresh))
    }
}
