//! From a plan folder to its report.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    Basis, Destruction, Duration, HazardReport, LockReport, PhaseReport, Report, Risk, StepReport, TableSize, Undo,
    VERSION, Verdict, applications, count, definitions, entities,
};
use crate::operation::Operation;
use crate::plan::file::PlanFolder;
use crate::plan::{Class, Hazard, HazardKind, Phase, Plan, Step, space};
use crate::render::{rollback, script};
use crate::schema::Schema;

impl Report {
    /// What a review says about a plan.
    pub fn of(folder: &PlanFolder) -> Self {
        let plan = &folder.plan;
        let states = states(plan);
        let (phases, deploy) = phases(plan, &states);
        let (before, after) = (&states[0], &states[states.len() - 1]);
        Self {
            version: VERSION,
            name: plan.name.clone(),
            id: folder.id(),
            verdict: verdict(plan),
            destroys: going(plan, HazardKind::DataLoss),
            replaces: going(plan, HazardKind::OldShape),
            phases,
            steps: steps(folder),
            deploy,
            schema_diff: definitions::differences(before, after),
            tables: entities::tables(before, after),
            reach: plan.background.reach.clone(),
            hazards: hazards(plan),
            approvals: plan.approvals.clone(),
            notes: plan.notes.clone(),
            settings: folder.settings.clone(),
            basis: basis(plan),
        }
    }
}

/// The concerned part of the schema before the plan and after each phase.
fn states(plan: &Plan) -> Vec<Schema> {
    let mut states = vec![plan.background.before()];
    let mut schema = plan.background.before();
    for phase in Phase::ALL {
        for operation in plan.phase(phase).flat_map(|step| &step.operations) {
            // Plans of the first format hold no background, so what their steps change is not there.
            let _ = operation.apply(&mut schema);
        }
        states.push(schema.clone());
    }
    states
}

/// When a phase may run, relative to the deployment of the application.
fn when(phase: Phase) -> &'static str {
    match phase {
        Phase::Expand => "before the new application is deployed; the old one keeps working",
        Phase::Backfill => "any time after expand; the application keeps working",
        Phase::Validate => "after the backfill, when every running application writes what the new rules ask for",
        Phase::Contract => "when no old application runs any more",
    }
}

fn is_approved(plan: &Plan, id: &str) -> bool {
    plan.approvals
        .iter()
        .any(|approval| approval == "all" || approval == id)
}

fn all_hazards(plan: &Plan) -> impl Iterator<Item = (&Step, &Hazard)> {
    plan.steps
        .iter()
        .flat_map(|step| step.hazards.iter().map(move |hazard| (step, hazard)))
}

fn verdict(plan: &Plan) -> Verdict {
    let hazards: BTreeSet<String> = all_hazards(plan).map(|(_, hazard)| hazard.id()).collect();
    let unapproved = hazards.iter().filter(|id| !is_approved(plan, id)).count();
    let destructive = plan
        .steps
        .iter()
        .filter(|step| step.hazards.iter().any(|hazard| hazard.kind == HazardKind::DataLoss))
        .count();
    let risk = all_hazards(plan)
        .map(|(_, hazard)| match hazard.kind {
            HazardKind::DataLoss
            | HazardKind::Rewrite
            | HazardKind::BlockingScan
            | HazardKind::BreaksOldApplication => Risk::High,
            HazardKind::OldShape
            | HazardKind::Access
            | HazardKind::Unsettled
            | HazardKind::OneWay
            | HazardKind::FiresTriggers => Risk::Medium,
        })
        .max()
        .unwrap_or(if plan.is_empty() { Risk::None } else { Risk::Low });
    Verdict {
        summary: summary(plan, destructive, hazards.len(), unapproved),
        risk,
        steps: plan.steps.len(),
        destructive,
        hazards: hazards.len(),
        unapproved,
        strongest_lock: plan.steps.iter().filter_map(|step| step.facts.strongest()).max(),
    }
}

/// The plan in one sentence.
fn summary(plan: &Plan, destructive: usize, hazards: usize, unapproved: usize) -> String {
    if plan.is_empty() {
        return "Nothing to do: the database is as the files want it.".into();
    }
    let counts: Vec<String> = Phase::ALL
        .into_iter()
        .map(|phase| (phase, plan.phase(phase).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(phase, count)| format!("{count} in {phase}"))
        .collect();
    let destroys = match destructive {
        0 => "nothing is lost".to_owned(),
        1 => "1 step loses data".to_owned(),
        more => format!("{more} steps lose data"),
    };
    let hazards = match (hazards, unapproved) {
        (0, _) => "no hazards".to_owned(),
        (n, 0) => format!("{}, approved", count(n, "hazard")),
        (n, open) if n == open => format!("{}, to be approved", count(n, "hazard")),
        (n, open) => format!("{}, {open} of them to be approved", count(n, "hazard")),
    };
    format!(
        "{}: {}; {destroys}; {hazards}.",
        count(plan.steps.len(), "step"),
        counts.join(", ")
    )
}

/// What goes with a hazard of this kind.
fn going(plan: &Plan, kind: HazardKind) -> Vec<Destruction> {
    all_hazards(plan)
        .filter(|(_, hazard)| hazard.kind == kind)
        .map(|(step, hazard)| Destruction {
            step: step.id.clone(),
            title: step.title.clone(),
            loses: hazard.explanation.clone(),
            approved: is_approved(plan, &hazard.id()),
            approval: hazard.id(),
        })
        .collect()
}

fn phases(plan: &Plan, states: &[Schema]) -> (Vec<PhaseReport>, Vec<String>) {
    let seen = applications::seen(plan, states);
    let phases = Phase::ALL
        .into_iter()
        .zip(seen.phases)
        .filter(|(phase, _)| plan.phase(*phase).next().is_some())
        .map(|(phase, (old_application, new_application))| PhaseReport {
            phase,
            number: phase.number(),
            when: when(phase).into(),
            steps: plan.phase(phase).map(|step| step.id.clone()).collect(),
            strongest_lock: plan.phase(phase).filter_map(|step| step.facts.strongest()).max(),
            growing: plan
                .phase(phase)
                .filter(|step| duration(step) != Duration::Short)
                .count(),
            space: space::at_most(plan.phase(phase), &|table| {
                plan.background.sizes.get(&table.to_string()).copied()
            }),
            old_application,
            new_application,
        })
        .collect();
    (phases, seen.deploy)
}

fn duration(step: &Step) -> Duration {
    match step.class {
        Class::Backfill => Duration::Batches,
        _ if step.facts.grows() => Duration::Grows,
        _ => Duration::Short,
    }
}

fn steps(folder: &PlanFolder) -> Vec<StepReport> {
    let plan = &folder.plan;
    let mut back: HashMap<String, rollback::Undo> = rollback::read(&folder.rollback).into_iter().collect();
    plan.steps
        .iter()
        .map(|step| StepReport {
            id: step.id.clone(),
            phase: step.phase,
            title: script::comment_text(&step.title),
            object: step
                .operations
                .iter()
                .find_map(Operation::subject)
                .map(|id| id.to_string()),
            why: (!step.why.is_empty()).then(|| step.why.clone()),
            class: step.class,
            locks: step
                .facts
                .locks
                .iter()
                .map(|lock| LockReport {
                    relation: lock.relation.to_string(),
                    mode: lock.mode,
                })
                .collect(),
            blocks_reads: step.facts.locks.iter().any(|lock| lock.mode.blocks_reads()),
            blocks_writes: step.facts.locks.iter().any(|lock| lock.mode.blocks_writes()),
            rewrites: names(&step.facts.rewrites),
            scans: names(&step.facts.scans),
            builds: names(&step.facts.builds),
            sizes: sizes(step, &plan.background.sizes),
            duration: duration(step),
            duration_words: script::duration(step),
            transaction: script::transaction(step.class).into(),
            undo: match back.remove(&step.id) {
                Some(rollback::Undo::Nothing) => Undo::Nothing,
                Some(rollback::Undo::Sql { lost: None, .. }) => Undo::Full,
                Some(rollback::Undo::Sql { lost: Some(what), .. }) => Undo::Lossy(what),
                Some(rollback::Undo::Impossible(why)) => Undo::Impossible(why),
                None => Undo::Impossible("rollback.sql does not name it".into()),
            },
            hazards: step.hazards.iter().map(Hazard::id).collect(),
            waits_for: plan.background.waits.get(&step.id).cloned().unwrap_or_default(),
            sql: script::body(step, folder.statements(step)),
            checksum: folder.checksum(step),
        })
        .collect()
}

fn names(names: &[crate::name::QualifiedName]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

/// The sizes of the tables that a step works through.
fn sizes(step: &Step, known: &BTreeMap<String, crate::plan::Size>) -> Vec<TableSize> {
    let facts = &step.facts;
    let read = facts.rewrites.iter().chain(&facts.scans).chain(&facts.builds);
    let filled = step.operations.iter().filter_map(|operation| match operation {
        Operation::Backfill { table, .. } | Operation::CopyRows { from: table, .. } => Some(table),
        _ => None,
    });
    let tables: BTreeSet<String> = read.chain(filled).map(ToString::to_string).collect();
    tables
        .into_iter()
        .filter_map(|table| known.get(&table).map(|size| TableSize { table, size: *size }))
        .collect()
}

fn hazards(plan: &Plan) -> Vec<HazardReport> {
    all_hazards(plan)
        .map(|(step, hazard)| HazardReport {
            id: hazard.id(),
            kind: hazard.kind,
            meaning: hazard.kind.meaning().into(),
            object: hazard.object.to_string(),
            step: step.id.clone(),
            explanation: script::comment_text(&hazard.explanation),
            approved: is_approved(plan, &hazard.id()),
            approve_with: format!("--approve {}", shell_quoted(&hazard.id())),
        })
        .collect()
}

/// One word for a POSIX shell.
fn shell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn basis(plan: &Plan) -> Basis {
    let fingerprint = Some(plan.baseline.fingerprint.clone()).filter(|text| !text.is_empty());
    let staleness = match &fingerprint {
        Some(_) => {
            "`pgphase apply` refuses to start when the schema of the database is no longer the one that the plan was made from."
        }
        None => "The plan was made from files, so it does not know the database that it will meet.",
    };
    Basis {
        server_version: plan.server_version,
        staleness: staleness.into(),
        fingerprint,
    }
}
