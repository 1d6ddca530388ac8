//! What the bodies of routines say comes before them, wherever the rest leaves a choice.
//!
//! PostgreSQL reads a body when it runs, and does not know before what it needs. A default, an index, a check or a materialized view of
//! the same plan may run it. Words decide, so they are only a wish: one that would make steps wait for each other, or move
//! one to another phase, is dropped.

use std::collections::{BTreeSet, HashMap};

use petgraph::Direction;
use petgraph::algo::{has_path_connecting, tarjan_scc};
use petgraph::graph::{DiGraph, NodeIndex};

use super::effects::Effects;
use crate::expr::mentions;
use crate::name::Ident;
use crate::object::routine::{Body, Routine, RoutineChange};
use crate::object::{Change, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::draft::Draft;

/// Adds an edge from what makes a thing to what makes a routine that says its name. The phases are final.
pub(super) fn connect(graph: &mut DiGraph<Draft, ()>, nodes: &[NodeIndex], effects: &[Effects]) {
    let (routines, others) = wishes(graph, nodes, effects);
    // A call matters more than a relation that a body reads.
    grant(graph, routines);
    grant(graph, others);
}

type Edge = (NodeIndex, NodeIndex);

/// From routines to routines, and from everything else to routines.
fn wishes(graph: &DiGraph<Draft, ()>, nodes: &[NodeIndex], effects: &[Effects]) -> (Vec<Edge>, Vec<Edge>) {
    let mut makers: HashMap<&Ident, Vec<(NodeIndex, &ObjectId)>> = HashMap::new();
    for (node, effect) in nodes.iter().zip(effects) {
        let alone = |id: &&ObjectId| {
            id.kind != Kind::Column || !effect.creates.contains(&ObjectId::named(Kind::Table, &id.qualified()))
        };
        for id in effect.creates.iter().filter(|id| can_be_said(id.kind)).filter(alone) {
            makers.entry(id.own_name()).or_default().push((*node, id));
        }
    }
    // A string names it, in full or by its last part.
    let configurations: Vec<(NodeIndex, &ObjectId)> = nodes
        .iter()
        .zip(effects)
        .flat_map(|(node, effect)| effect.creates.iter().map(|id| (*node, id)))
        .filter(|(_, id)| id.kind == Kind::TextSearchConfiguration)
        .collect();
    let (mut routines, mut others) = (Vec::new(), Vec::new());
    for node in nodes {
        for body in graph[*node].operations.iter().filter_map(body) {
            let named = configurations
                .iter()
                .filter(|(maker, id)| body.contains(id.name.as_str()) && together(&graph[*maker], &graph[*node]));
            others.extend(named.map(|(maker, _)| (*maker, *node)));
            let said = mentions(body).identifiers;
            for (maker, id) in said.iter().filter_map(|name| makers.get(name)).flatten() {
                if maker == node || !is_meant(id, &said) || !together(&graph[*maker], &graph[*node]) {
                    continue;
                }
                let list = if is_routine(id.kind) {
                    &mut routines
                } else {
                    &mut others
                };
                list.push((*maker, *node));
            }
        }
    }
    (routines, others)
}

/// Adds those that close no circle.
fn grant(graph: &mut DiGraph<Draft, ()>, wishes: Vec<Edge>) {
    if wishes.is_empty() {
        return;
    }
    let mut wished = graph.map(|_, _| (), |_, ()| ());
    wishes
        .iter()
        .for_each(|(from, to)| _ = wished.update_edge(*from, *to, ()));
    let circles = tarjan_scc(&wished);
    let mut circle: Vec<usize> = vec![0; graph.node_count()];
    for (number, members) in circles.iter().enumerate() {
        members.iter().for_each(|node| circle[node.index()] = number);
    }
    let (open, mut closed): (Vec<Edge>, Vec<Edge>) = wishes
        .into_iter()
        .partition(|(from, to)| circle[from.index()] != circle[to.index()]);
    for (from, to) in open {
        graph.update_edge(from, to, ());
    }
    // Of those in a circle as many as go; first those of routines that something waits for, as that may run them.
    closed.sort_by_key(|(_, to)| graph.neighbors_directed(*to, Direction::Outgoing).next().is_none());
    for (from, to) in closed.into_iter().take(LOOKED_AT) {
        if !has_path_connecting(&*graph, to, from, None) {
            graph.update_edge(from, to, ());
        }
    }
}

/// How many wishes in circles are tried one by one.
const LOOKED_AT: usize = 1_000;

/// A body that PostgreSQL reads when it runs.
fn body(operation: &Operation) -> Option<&str> {
    let routine: &Routine = match operation {
        Operation::Create {
            object: Object::Routine(routine),
            ..
        } => routine,
        Operation::Alter {
            change: Change::Routine(RoutineChange::Replace(routine)),
            ..
        } => routine,
        _ => return None,
    };
    match &routine.body {
        Body::Source(text) if !matches!(routine.language.as_str(), "internal" | "c") => Some(text),
        _ => None,
    }
}

fn is_routine(kind: Kind) -> bool {
    matches!(kind, Kind::Function | Kind::Procedure | Kind::Aggregate)
}

fn can_be_said(kind: Kind) -> bool {
    is_routine(kind) || kind.is_relation() || kind.is_type() || matches!(kind, Kind::Sequence | Kind::Column)
}

/// A column is meant where its table is said as well.
fn is_meant(id: &ObjectId, said: &BTreeSet<Ident>) -> bool {
    id.kind != Kind::Column || said.contains(&id.name)
}

fn together(one: &Draft, other: &Draft) -> bool {
    one.phase == other.phase && one.turn == other.turn
}
