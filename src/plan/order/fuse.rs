//! Steps that wait for each other become one.
//!
//! A step is a list of operations, each of which waits for others. Where two steps wait for each other, there often is an order of
//! their operations in which nothing does: the old view goes, its type is made anew, a table of that type comes, and the new view reads
//! it. In one transaction nobody sees what is missing in between.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use petgraph::graph::{DiGraph, NodeIndex};

use super::{connect, effects_of};
use crate::object::table::TableChange;
use crate::object::{Change, ObjectId};
use crate::operation::{IfExists, Operation};
use crate::plan::context::Context;
use crate::plan::draft::Draft;
use crate::plan::{Class, Phase, Turn};

/// One step with the operations of these, each operation once. None where no order of them is left, or where one of the steps cannot
/// be part of a transaction.
pub(super) fn fused(drafts: &[&Draft], context: &Context) -> Option<Draft> {
    if !drafts.iter().all(|draft| fits(draft)) {
        return None;
    }
    let mut operations: Vec<Operation> = Vec::new();
    let mut lists: Vec<Vec<usize>> = Vec::new();
    let anew = anew(drafts);
    for draft in drafts {
        let mut list = Vec::new();
        let left = draft
            .operations
            .iter()
            .filter(|operation| !is_replaced(operation, &anew));
        for operation in left.cloned().map(in_transaction) {
            let known = operations.iter().position(|other| *other == operation);
            list.push(known.unwrap_or(operations.len()));
            if known.is_none() {
                operations.push(operation);
            }
        }
        lists.push(list);
    }
    let phase = drafts.iter().map(|draft| draft.phase).max()?;
    let order = order(&operations, &lists, phase, context)?;
    let mut one = Draft::new(
        phase,
        Class::Instant,
        order.into_iter().map(|at| operations[at].clone()).collect(),
    )
    .because("All at once, as each part of it waits for another one.");
    for draft in drafts {
        for hazard in &draft.hazards {
            if !one.hazards.contains(hazard) {
                one.hazards.push(hazard.clone());
            }
        }
        one.proves_not_null.extend(draft.proves_not_null.iter().cloned());
    }
    let needed = drafts.iter().flat_map(|draft| &draft.needs_not_null);
    one.needs_not_null = needed.filter(|id| !one.proves_not_null.contains(id)).cloned().collect();
    Some(one)
}

/// Whether a transaction can hold the step beside others. What looks at every row, or builds an index, apart from the locks of others
/// would hold them as long as it takes; a check has an answer that only a step of its own gives.
fn fits(draft: &Draft) -> bool {
    let builds = |operation: &Operation| matches!(operation, Operation::Create { concurrently: true, .. });
    let is_short = match draft.class {
        Class::Instant | Class::Blocking => true,
        Class::Concurrent => !draft.operations.iter().any(builds),
        Class::Long | Class::Backfill | Class::Check => false,
    };
    is_short && draft.turn == Turn::None
}

/// What one of the drafts drops and makes again in its new form.
fn anew(drafts: &[&Draft]) -> BTreeSet<ObjectId> {
    let all = || drafts.iter().flat_map(|draft| &draft.operations);
    let dropped: BTreeSet<&ObjectId> = all()
        .filter_map(|operation| match operation {
            Operation::Drop { id, .. } => Some(id),
            _ => None,
        })
        .collect();
    let made = all().filter_map(|operation| match operation {
        Operation::Create {
            object,
            if_exists: IfExists::Fail,
            ..
        } => Some(object.id()),
        _ => None,
    });
    made.filter(|id| dropped.contains(id)).collect()
}

/// Whether this puts a new form in place of the old one, where that is made anew anyway.
fn is_replaced(operation: &Operation, anew: &BTreeSet<ObjectId>) -> bool {
    match operation {
        Operation::Create {
            object,
            if_exists: IfExists::Replace,
            ..
        } => anew.contains(&object.id()),
        Operation::Alter {
            id,
            change: Change::View(_) | Change::Routine(_),
        } => anew.contains(id),
        _ => false,
    }
}

/// The places of the operations in an order in which each finds what it needs, and that keeps the order of each list.
fn order(operations: &[Operation], lists: &[Vec<usize>], phase: Phase, context: &Context) -> Option<Vec<usize>> {
    let mut graph: DiGraph<Draft, ()> = DiGraph::new();
    let nodes: Vec<NodeIndex> = operations
        .iter()
        .map(|operation| graph.add_node(Draft::instant(phase, vec![operation.clone()])))
        .collect();
    let effects = effects_of(&graph, &nodes, context);
    let apart = Vec::from_iter(0..nodes.len());
    connect(&mut graph, &nodes, &apart, &effects, context);
    let mut waits: HashMap<usize, BTreeSet<usize>> = HashMap::new();
    for edge in graph.edge_indices() {
        if let Some((from, to)) = graph.edge_endpoints(edge) {
            waits.entry(to.index()).or_default().insert(from.index());
        }
    }
    for list in lists {
        let place: BTreeMap<usize, usize> = list.iter().enumerate().map(|(place, at)| (*at, place)).collect();
        for (at, own) in &place {
            // Inside a step the list is the order: it knows best.
            if let Some(before) = waits.get_mut(at) {
                before.retain(|other| place.get(other).is_none_or(|other| other < own));
            }
        }
        for pair in list.windows(2) {
            if let [before, after] = pair {
                waits.entry(*after).or_default().insert(*before);
            }
        }
    }
    let mut left: BTreeSet<usize> = (0..operations.len()).collect();
    let mut order = Vec::new();
    while !left.is_empty() {
        let ready = |at: &&usize| waits.get(*at).is_none_or(|before| before.is_disjoint(&left));
        let next = *left.iter().find(ready)?;
        left.remove(&next);
        order.push(next);
    }
    Some(order)
}

/// The operation as a transaction can hold it.
fn in_transaction(mut operation: Operation) -> Operation {
    match &mut operation {
        Operation::Drop { concurrently, .. }
        | Operation::Alter {
            change: Change::Table(TableChange::Detach { concurrently, .. }),
            ..
        } => *concurrently = false,
        _ => {}
    }
    operation
}

#[cfg(test)]
mod tests {
    use super::fits;
    use crate::name::QualifiedName;
    use crate::object::{Kind, ObjectId};
    use crate::operation::{IfExists, Operation};
    use crate::parse::parse_text;
    use crate::plan::draft::Draft;
    use crate::plan::{Class, Phase, Turn};

    #[test]
    fn nothing_long_is_done_beside_others() {
        let of = |class| Draft::new(Phase::Contract, class, Vec::new());
        for class in [Class::Long, Class::Backfill, Class::Check] {
            assert!(!fits(&of(class)), "{class:?}");
        }
        for class in [Class::Instant, Class::Blocking] {
            assert!(fits(&of(class)), "{class:?}");
        }
        assert!(!fits(&of(Class::Instant).at(Turn::After)));
    }

    #[test]
    fn an_index_is_dropped_beside_others_but_not_built() {
        let text = "CREATE TABLE t (a integer); CREATE INDEX t_a_idx ON t (a);";
        let made = parse_text("f.sql", text)
            .unwrap_or_else(|error| panic!("{error}"))
            .schema;
        let id = ObjectId::named(Kind::Index, &QualifiedName::new("public", "t_a_idx"));
        let object = made.get(&id).cloned().unwrap_or_else(|| panic!("{id} is missing"));
        let concurrent = |operation| Draft::new(Phase::Contract, Class::Concurrent, vec![operation]);
        assert!(!fits(&concurrent(Operation::Create {
            object,
            if_exists: IfExists::Fail,
            concurrently: true,
            like: false,
        })));
        assert!(fits(&concurrent(Operation::Drop {
            id,
            if_exists: false,
            cascade: false,
            concurrently: true,
            only: false,
        })));
    }
}
