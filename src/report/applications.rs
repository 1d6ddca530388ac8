//! What the old and the new version of the application see after each phase, and when the new one is deployed: the difference
//! of the schema at that point from the schema that the version was written for.

use std::collections::{BTreeMap, BTreeSet};

use super::{Remark, Sees};
use crate::diff::{Delta, diff};
use crate::name::Ident;
use crate::object::column::ColumnChange;
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::enum_type::EnumChange;
use crate::object::{Change, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::pair::Pair;
use crate::plan::{HazardKind, Phase, Plan};
use crate::refs::{parts_of_column, uses_word};
use crate::schema::Schema;

/// What both versions see.
pub(super) struct Seen {
    /// The old and the new version, after each of the four phases.
    pub(super) phases: Vec<(Sees, Sees)>,
    /// When the new version is deployed.
    pub(super) deploy: Vec<String>,
}

/// `states` are the schema before the plan and after each phase.
pub(super) fn seen(plan: &Plan, states: &[Schema]) -> Seen {
    let (Some(before), Some(after)) = (states.first(), states.last()) else {
        return Seen {
            phases: vec![],
            deploy: vec![],
        };
    };
    let lacks: Vec<Lacks> = states.iter().map(|state| Lacks::of(state, after)).collect();
    let unfilled = unfilled(plan, after);
    let phases = Phase::ALL
        .into_iter()
        .zip(states.iter().zip(&lacks).skip(1))
        .map(|(phase, (state, lacks))| (old(plan, phase, before, state), new(phase, lacks, &unfilled)))
        .collect();
    Seen {
        phases,
        deploy: deploy(plan, &lacks, &unfilled),
    }
}

/// Whether an enumerated type has every label that it shall have.
fn has_labels(id: &ObjectId, state: &Schema, after: &Schema) -> bool {
    match (state.get(id), after.get(id)) {
        (Some(Object::EnumType(has)), Some(Object::EnumType(wanted))) => {
            wanted.labels.iter().all(|label| has.labels.contains(label))
        }
        _ => false,
    }
}

/// What pgphase itself adds for the time of the plan.
fn is_helper(id: &ObjectId) -> bool {
    id.subject().own_name().is_helper()
}

/// Whether a constraint or a generated column is over a column that goes, while a trigger of ours keeps it equal to the one that stays:
/// what it refuses or computes the new form does as well.
fn is_over_twins(part: &ObjectId, state: &Schema, after: &Schema) -> bool {
    let table = part.qualified();
    let home = ObjectId::named(Kind::Table, &table);
    let reads = |column: &ObjectId| match state.get(part) {
        Some(Object::Constraint(_)) => parts_of_column(state, column).contains(part),
        Some(Object::Column(computed)) => {
            let generated = computed.generated.as_ref();
            generated.is_some_and(|generated| uses_word(&generated.expr.text, column.own_name()))
        }
        _ => false,
    };
    state
        .children(&home)
        .any(|child| child.kind == Kind::Trigger && is_helper(child))
        && state.columns(&table).any(|column| {
            let id = ObjectId::part(Kind::Column, &table, &column.name);
            !after.contains(&id) && reads(&id)
        })
}

/// Whether a key of a partition differs only in what it serves above, which no application sees.
fn differs_above(key: &ObjectId, state: &Schema, after: &Schema) -> bool {
    let alone = |schema: &Schema| match schema.get(key) {
        Some(Object::Constraint(constraint)) if constraint.has_index() => Some(Constraint {
            attached_to: None,
            ..constraint.clone()
        }),
        _ => None,
    };
    alone(state).is_some() && alone(state) == alone(after)
}

/// Whether a table has a column from its parent.
fn is_handed_down(column: &ObjectId, schema: &Schema) -> bool {
    column.kind == Kind::Column
        && schema.table(&column.qualified()).is_some()
        && schema
            .all_columns(&column.qualified())
            .iter()
            .any(|known| known.name == *column.own_name())
}

/// Whether a column gets numbers from a sequence, in one way or the other.
fn is_numbered(column: &ObjectId, schema: &Schema) -> bool {
    match schema.get(column) {
        Some(Object::Column(column)) => {
            let counts = |default: &crate::expr::Expr| default.text.contains("nextval(");
            column.identity.is_some() || column.default.as_ref().is_some_and(counts)
        }
        _ => false,
    }
}

/// Objects by what is to know about them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Remarks(BTreeMap<&'static str, BTreeSet<String>>);

impl Remarks {
    fn add(&mut self, what: &'static str, object: impl ToString) {
        self.0.entry(what).or_default().insert(object.to_string());
    }

    fn list(&self) -> impl Iterator<Item = Remark> {
        self.0.iter().map(|(what, objects)| Remark {
            what: (*what).to_owned(),
            objects: objects.iter().cloned().collect(),
        })
    }
}

fn old(plan: &Plan, phase: Phase, before: &Schema, state: &Schema) -> Sees {
    let mut works = true;
    let mut remarks = Remarks::default();
    for delta in diff(Pair::new(before, state)) {
        let id = delta.id();
        if is_helper(id) {
            continue;
        }
        match &delta {
            Delta::Drop(id) if id.kind.is_named_by_queries() => {
                if state.identity_of(id).is_some() || is_handed_down(id, state) {
                    continue;
                }
                // A renamed table has a view under its old name.
                let stand_in = id.part.is_none() && state.relation(&id.qualified()).is_some();
                if stand_in {
                    remarks.add("a view now", id);
                } else {
                    works = false;
                    remarks.add("gone", id);
                }
            }
            Delta::Create(id) => {
                if let Some(Object::Constraint(constraint)) = state.get(id) {
                    let rule = !matches!(constraint.rule, ConstraintRule::NotNull { .. });
                    let on_old = before.relation(&constraint.table).is_some();
                    if rule && on_old {
                        remarks.add("its writes must keep", id);
                    }
                }
                if id.kind == Kind::Policy || id.kind == Kind::DomainConstraint {
                    remarks.add("holds for it", id);
                }
            }
            Delta::Alter(id, changes) => {
                for change in changes {
                    match change {
                        Change::Column(ColumnChange::NotNull(true)) => {
                            remarks.add("refuses nulls", id);
                        }
                        Change::Column(ColumnChange::Type { type_name, .. }) => {
                            remarks.add("of another type", format!("{id} ({type_name})"));
                        }
                        Change::View(_) => {
                            remarks.add("in another form", id);
                        }
                        _ => {}
                    }
                }
            }
            Delta::Replace(id, _) if id.kind == Kind::EnumType => {
                works &= has_labels(id, state, before);
                remarks.add("with other labels, or in another order", id);
            }
            Delta::Replace(id, _) if id.kind.is_named_by_queries() => {
                remarks.add("in another form", id);
            }
            _ => {}
        }
    }
    // The strategies know best what an old application does not survive.
    let broken = plan
        .steps
        .iter()
        .filter(|step| step.phase <= phase)
        .flat_map(|step| &step.hazards)
        .any(|hazard| hazard.kind == HazardKind::BreaksOldApplication);
    Sees {
        works: works && !broken,
        remarks: remarks.list().collect(),
    }
}

/// What a new application lacks at some point.
#[derive(Default)]
struct Lacks {
    /// Its queries fail, or mean something else, without these.
    needed: Remarks,
    /// Its queries go without these.
    other: Remarks,
}

impl Lacks {
    fn of(state: &Schema, after: &Schema) -> Self {
        let mut lacks = Self::default();
        for delta in diff(Pair::new(state, after)) {
            if is_helper(delta.id()) {
                continue;
            }
            match &delta {
                Delta::Create(id) if state.identity_of(id).is_some() || is_handed_down(id, state) => {}
                Delta::Create(id) if id.kind.is_named_by_queries() => {
                    // Columns come with their table.
                    let home = ObjectId {
                        kind: Kind::Table,
                        part: None,
                        ..id.clone()
                    };
                    if id.part.is_none() || state.relation_or(&home).is_some_and(|home| state.contains(&home)) {
                        lacks.needed.add("not there yet", id);
                    }
                }
                Delta::Create(id) if id.part.is_none() || state.relation(&id.qualified()).is_some() => match id.kind {
                    Kind::Constraint | Kind::DomainConstraint | Kind::Policy => {
                        lacks.other.add("not enforced yet", id);
                    }
                    Kind::Index => {
                        lacks.other.add("not built yet", id);
                    }
                    Kind::Trigger | Kind::Rule => {
                        lacks.other.add("not acting yet", id);
                    }
                    _ => {}
                },
                Delta::Drop(id) if id.kind.is_named_by_queries() && id.kind != Kind::Sequence => {
                    lacks.other.add("still there", id);
                }
                Delta::Drop(id) if matches!(id.kind, Kind::Constraint | Kind::Policy | Kind::Trigger | Kind::Rule) => {
                    if after.relation(&id.qualified()).is_some() {
                        lacks.other.add("still enforced", id);
                    }
                }
                Delta::Replace(id, _) if differs_above(id, state, after) => {}
                // It refuses what the new application may write.
                Delta::Replace(id, _) if is_over_twins(id, state, after) => {
                    lacks.other.add("still over the column from before", id);
                }
                Delta::Replace(id, _) if matches!(id.kind, Kind::Constraint | Kind::DomainConstraint) => {
                    lacks.needed.add("still in the old form", id);
                }
                // Statements name the table, wherever it keeps its rows.
                Delta::Replace(id, _) if keeps_rows_here(id, state) && keeps_rows_here(id, after) => {
                    lacks.other.add("still partitioned as before", id);
                }
                Delta::Replace(id, _) if has_labels(id, state, after) => {
                    lacks.other.add("still with the labels and the order from before", id);
                }
                Delta::Replace(id, _) if id.kind.is_named_by_queries() => {
                    lacks.needed.add("still in the old form", id);
                }
                Delta::Alter(id, changes) => {
                    let is_generated = |change: &Change| matches!(change, Change::Column(ColumnChange::Generated(_)));
                    if changes.iter().any(is_generated) && is_over_twins(id, state, after) {
                        lacks.other.add("still over the column from before", id);
                    } else {
                        lacks.changes(id, changes, state);
                    }
                }
                _ => {}
            }
        }
        lacks
    }

    fn changes(&mut self, id: &ObjectId, changes: &[Change], state: &Schema) {
        for change in changes {
            match change {
                Change::Column(ColumnChange::Type { .. }) => {
                    if let Some(Object::Column(column)) = state.get(id) {
                        self.other
                            .add("still of the old type", format!("{id} ({})", column.type_name));
                    }
                }
                Change::Column(ColumnChange::NotNull(true)) => {
                    self.other.add("may hold nulls", id);
                }
                Change::Column(ColumnChange::NotNull(false)) => {
                    self.needed.add("still refuses nulls", id);
                }
                Change::Column(ColumnChange::Default(Some(_)) | ColumnChange::Identity { .. })
                    if is_numbered(id, state) =>
                {
                    self.other.add("numbered in the old way still", id);
                }
                Change::Column(ColumnChange::Default(Some(_))) if has_default(id, state) => {
                    self.needed.add("still with the default from before", id);
                }
                Change::Column(
                    ColumnChange::Default(Some(_)) | ColumnChange::Identity { .. } | ColumnChange::Generated(_),
                ) => {
                    self.needed.add("not filled by itself yet", id);
                }
                Change::EnumType(EnumChange::AddLabel { label, .. }) => {
                    self.needed.add("not there yet", format!("{id} '{label}'"));
                }
                Change::View(_) | Change::Routine(_) | Change::Aggregate(_) => {
                    self.needed.add("still in the old form", id);
                }
                _ => {}
            }
        }
    }
}

fn has_default(id: &ObjectId, state: &Schema) -> bool {
    matches!(state.get(id), Some(Object::Column(column)) if column.default.is_some())
}

fn new(phase: Phase, lacks: &Lacks, unfilled: &[String]) -> Sees {
    let mut remarks: Vec<Remark> = lacks.needed.list().collect();
    if phase < Phase::Backfill && !unfilled.is_empty() {
        remarks.push(Remark {
            what: "without a value in rows from before".into(),
            objects: unfilled.iter().map(|column| format!("column {column}")).collect(),
        });
    }
    remarks.extend(lacks.other.list());
    Sees {
        works: lacks.needed.0.is_empty(),
        remarks,
    }
}

fn keeps_rows_here(id: &ObjectId, schema: &Schema) -> bool {
    matches!(schema.get(id), Some(Object::Table(table)) if table.foreign.is_none())
}

/// Columns of the new application that the backfill fills.
fn unfilled(plan: &Plan, after: &Schema) -> Vec<String> {
    let mut columns = BTreeSet::new();
    for operation in plan.steps.iter().flat_map(|step| &step.operations) {
        let (table, names): (_, Vec<&Ident>) = match operation {
            Operation::Backfill { table, set, .. } => (table, set.iter().map(|(name, _)| name).collect()),
            Operation::CopyRows {
                to, into, columns, key, ..
            } => {
                let moved = columns.iter().zip(into).filter(|(name, _)| !key.contains(name));
                (to, moved.map(|(_, name)| name).collect())
            }
            _ => continue,
        };
        for name in names {
            let id = ObjectId::part(Kind::Column, table, name);
            if !is_helper(&id) && after.contains(&id) {
                columns.insert(format!("{table}.{name}"));
            }
        }
    }
    columns.into_iter().collect()
}

/// How many things a sentence names.
const NAMED: usize = 4;

/// Some of the objects by name.
pub(super) fn list(items: &[String]) -> String {
    match items.len().saturating_sub(NAMED) {
        0 => items.join(", "),
        more => format!("{} and {more} more", items[..NAMED].join(", ")),
    }
}

fn deploy(plan: &Plan, lacks: &[Lacks], unfilled: &[String]) -> Vec<String> {
    if plan.is_empty() || lacks.len() < 5 {
        return vec![];
    }
    // What only contract brings cannot be waited for: the old application is gone by then.
    let never = &lacks[3].needed;
    let ready = (0..=3).find(|at| lacks[*at].needed == *never).unwrap_or(3);
    let ready_phase = ready.checked_sub(1).and_then(|at| Phase::ALL.get(at)).copied();
    let mut sentences = Vec::new();
    let contract = plan.phase(Phase::Contract).next().is_some();
    let after = |phase: Phase| format!("Deploy the new application after {phase}");
    let waits = !never.0.is_empty();
    let until = if contract && !waits {
        ", and before contract"
    } else {
        ""
    };
    let first = match ready_phase {
        _ if !unfilled.is_empty() && ready < 2 => {
            let early = ready_phase.map_or_else(|| "at once".to_owned(), |phase| format!("after {phase} already"));
            format!(
                "{}{until}; {early} where it bears that rows from before have no value yet in {}.",
                after(Phase::Backfill),
                list(unfilled)
            )
        }
        Some(phase) => format!("{}{until}.", after(phase)),
        None if waits => String::new(),
        None if contract => "Deploy the new application before contract; it needs nothing that the plan makes.".into(),
        None => "The new application can be deployed at any time; it needs nothing that the plan makes.".into(),
    };
    sentences.extend(Some(first).filter(|first| !first.is_empty()));
    if waits {
        let never: Vec<String> = never
            .list()
            .map(|remark| format!("{} ({})", list(&remark.objects), remark.what))
            .collect();
        sentences.push(format!(
            "Only contract brings a part of what the new application wants: {}. Where it can do without until then, deploy it before contract; where it cannot, stop the old one, run contract, and start the new one.",
            never.join("; ")
        ));
    }
    if contract {
        sentences.push("Run contract when no old application runs any more.".into());
    }
    sentences
}
