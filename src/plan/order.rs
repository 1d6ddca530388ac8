//! The order of steps: a petgraph graph whose edges follow from what each draft creates, needs and destroys.

mod bodies;
mod effects;
mod family;
mod fuse;
mod labels;

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap, HashSet};

use petgraph::Direction;
use petgraph::algo::{tarjan_scc, toposort};
use petgraph::graph::{DiGraph, NodeIndex};

use crate::attach;
use crate::name::QualifiedName;
use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::type_change_blockers;
use crate::plan::{Phase, Turn};
use effects::{Effects, effects, queries_over};

/// Steps that wait for each other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("these steps wait for each other, which is a bug in pgphase: {}", .steps.join(" -> "))]
pub struct Cycle {
    /// Their titles, the first one again at the end.
    pub steps: Vec<String>,
    /// What they work on.
    pub objects: BTreeSet<ObjectId>,
}

/// A draft in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// The draft.
    pub draft: Draft,
    /// The places of the drafts that it waits for, each before its own; what follows from others is left out.
    pub waits: Vec<usize>,
}

/// Puts the drafts of all recipes in an order in which each finds what it needs, and moves a draft to a later phase when
/// something it waits for is there.
pub fn order(recipes: Vec<Recipe>, context: &Context) -> Result<Vec<Placed>, Cycle> {
    let mut graph: DiGraph<Draft, ()> = DiGraph::new();
    let mut nodes: Vec<NodeIndex> = Vec::new();
    let mut recipe_of: Vec<usize> = Vec::new();
    for (number, recipe) in recipes.into_iter().enumerate() {
        let mut previous: Option<NodeIndex> = None;
        for draft in recipe {
            let node = graph.add_node(draft);
            if let Some(previous) = previous {
                graph.update_edge(previous, node, ());
            }
            previous = Some(node);
            nodes.push(node);
            recipe_of.push(number);
        }
    }
    let mut effects = effects_of(&graph, &nodes, context);
    connect(&mut graph, &nodes, &recipe_of, &effects, context);
    if context.wishes.fused {
        graph = fused(graph, context);
        nodes = graph.node_indices().collect();
        effects = effects_of(&graph, &nodes, context);
    }
    cycles(&graph)?;
    after_swaps(&mut graph, &nodes);
    carry_phases(&mut graph);
    bodies::connect(&mut graph, &nodes, &effects);
    Ok(sort(graph, &nodes))
}

/// What each of the drafts does.
fn effects_of(graph: &DiGraph<Draft, ()>, nodes: &[NodeIndex], context: &Context) -> Vec<Effects> {
    let new_labels = labels::new(nodes.iter().map(|node| &graph[*node]));
    let of = |node: &NodeIndex| {
        let draft = &graph[*node];
        let mut effects = effects(draft, context);
        effects.creates.extend(labels::creates(draft));
        effects.needs.extend(labels::needs(draft, &new_labels, context));
        effects
    };
    nodes.iter().map(of).collect()
}

/// The graph with one draft in place of those that wait for each other, where they can be one.
fn fused(graph: DiGraph<Draft, ()>, context: &Context) -> DiGraph<Draft, ()> {
    let mut in_place_of: HashMap<NodeIndex, NodeIndex> = HashMap::new();
    let mut ones: HashMap<NodeIndex, Draft> = HashMap::new();
    for mut component in tarjan_scc(&graph).into_iter().filter(|all| all.len() > 1) {
        component.sort();
        let drafts: Vec<&Draft> = component.iter().map(|node| &graph[*node]).collect();
        if let (Some(one), Some(last)) = (fuse::fused(&drafts, context), component.last().copied()) {
            ones.insert(last, one);
            in_place_of.extend(component.into_iter().map(|node| (node, last)));
        }
    }
    let home = |node: NodeIndex| in_place_of.get(&node).copied().unwrap_or(node);
    let mut smaller: DiGraph<Draft, ()> = DiGraph::new();
    let mut places: HashMap<NodeIndex, NodeIndex> = HashMap::new();
    for node in graph.node_indices().filter(|node| home(*node) == *node) {
        let draft = ones.remove(&node).unwrap_or_else(|| graph[node].clone());
        places.insert(node, smaller.add_node(draft));
    }
    let ends = graph.edge_indices().filter_map(|edge| graph.edge_endpoints(edge));
    // Of two neighbours that wait for each other and cannot be one the first goes first.
    let opposed = |from: NodeIndex, to: NodeIndex| graph.contains_edge(to, from) && to.index() + 1 == from.index();
    for (from, to) in ends.filter(|(from, to)| !opposed(*from, *to)) {
        if let (Some(from), Some(to)) = (places.get(&home(from)), places.get(&home(to)))
            && from != to
        {
            smaller.update_edge(*from, *to, ());
        }
    }
    smaller
}

/// Where shapes are swapped, everything else in contract comes after the cool-down, but for what a swap waits for.
fn after_swaps(graph: &mut DiGraph<Draft, ()>, nodes: &[NodeIndex]) {
    let swaps = nodes.iter().filter(|node| matches!(graph[**node].turn, Turn::Swap(_)));
    let mut open: Vec<NodeIndex> = swaps.copied().collect();
    if open.is_empty() {
        return;
    }
    let mut needed: HashSet<NodeIndex> = HashSet::new();
    while let Some(node) = open.pop() {
        if needed.insert(node) {
            open.extend(graph.neighbors_directed(node, Direction::Incoming));
        }
    }
    for node in nodes {
        let draft = &mut graph[*node];
        let stays = needed.contains(node);
        if draft.phase == Phase::Contract && draft.turn.is_none() && !stays {
            draft.turn = Turn::After;
        } else if draft.turn == Turn::After && stays {
            draft.turn = Turn::None;
        }
    }
}

fn connect(
    graph: &mut DiGraph<Draft, ()>,
    nodes: &[NodeIndex],
    recipe_of: &[usize],
    effects: &[Effects],
    context: &Context,
) {
    let mut creators: HashMap<&ObjectId, Vec<usize>> = HashMap::new();
    let mut destroyers: HashMap<&ObjectId, Vec<usize>> = HashMap::new();
    let mut reshapers: HashMap<&ObjectId, Vec<usize>> = HashMap::new();
    let mut touchers: HashMap<&ObjectId, Vec<usize>> = HashMap::new();
    let mut provers: HashMap<&ObjectId, Vec<usize>> = HashMap::new();
    let mut attachers: HashMap<&ObjectId, Vec<usize>> = HashMap::new();
    let mut releasers: HashMap<&ObjectId, Vec<usize>> = HashMap::new();
    let mut handing_down: HashMap<&ObjectId, Vec<usize>> = HashMap::new();
    for (at, effect) in effects.iter().enumerate() {
        for (map, ids) in [
            (&mut creators, &effect.creates),
            (&mut destroyers, &effect.destroys),
            (&mut reshapers, &effect.reshapes),
            (&mut touchers, &effect.touches),
            (&mut attachers, &effect.attaches),
            (&mut releasers, &effect.releases),
            (&mut handing_down, &effect.hands_down),
        ] {
            for id in ids {
                map.entry(id).or_default().push(at);
            }
        }
    }
    let drafts: Vec<(Vec<ObjectId>, Vec<ObjectId>)> = nodes
        .iter()
        .map(|node| {
            (
                graph[*node].proves_not_null.clone(),
                graph[*node].needs_not_null.clone(),
            )
        })
        .collect();
    for (at, (proves, _)) in drafts.iter().enumerate() {
        for id in proves {
            provers.entry(id).or_default().push(at);
        }
    }
    let mut edges: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut edge = |from: usize, to: usize| {
        if from != to {
            edges.insert((from, to));
        }
    };
    let none = Vec::new();
    for (at, effect) in effects.iter().enumerate() {
        for need in &effect.needs {
            for creator in creators.get(need).unwrap_or(&none) {
                edge(*creator, at);
            }
            for reshaper in reshapers.get(need).unwrap_or(&none) {
                if !effect.reshapes.contains(need) && !labels::renames_of(effect.creates.iter(), need) {
                    edge(*reshaper, at);
                }
            }
        }
        for partition in &effect.after_attach {
            for before in creators
                .get(partition)
                .into_iter()
                .chain(attachers.get(partition))
                .flatten()
            {
                edge(*before, at);
            }
        }
        for column in &effect.takes {
            for before in handing_down.get(column).unwrap_or(&none) {
                edge(*before, at);
            }
        }
        for need in &drafts[at].1 {
            for prover in provers.get(need).unwrap_or(&none) {
                edge(*prover, at);
            }
        }
        for destroyed in &effect.destroys {
            // The same id made anew elsewhere comes after; who makes it anew may have dropped it before.
            for creator in creators.get(destroyed).unwrap_or(&none) {
                if !effects[*creator].drops.contains(destroyed) {
                    edge(at, *creator);
                }
            }
            // What has a statement of its own is dropped before what would take it along.
            if !effect.drops.contains(destroyed) {
                for dropper in destroyers.get(destroyed).unwrap_or(&none) {
                    if effects[*dropper].drops.contains(destroyed) {
                        edge(*dropper, at);
                    }
                }
            }
            // Whoever lets go of it comes before.
            for user in context
                .live_users
                .get(destroyed)
                .into_iter()
                .flatten()
                .chain(queries_over(destroyed, context))
                .filter(|user| !effect.destroys.contains(*user))
            {
                // The first to destroy it: a foreign key may be dropped ahead of its table.
                let first = destroyers.get(user).and_then(|list| list.first());
                for before in first.into_iter().chain(touchers.get(user).into_iter().flatten()) {
                    edge(*before, at);
                }
            }
            for releaser in releasers.get(destroyed).unwrap_or(&none) {
                edge(*releaser, at);
            }
            // A change of the object itself comes before it is dropped.
            for toucher in touchers.get(destroyed).unwrap_or(&none) {
                if !effect.creates.contains(destroyed) {
                    edge(*toucher, at);
                }
            }
        }
        let parts = destroyers.iter().filter(|_| !effect.joins.is_empty());
        for (_, before) in
            parts.filter(|(id, _)| effect.joins.contains(&id.qualified()) && family::is_shape(id, context))
        {
            before.iter().for_each(|before| edge(*before, at));
        }
        for gone in &effect.frees {
            let all = destroyers.get(gone).unwrap_or(&none);
            // What has a statement of its own is gone with that, before what would take it along.
            let has_own = |destroyer: &&usize| effects[**destroyer].drops.contains(gone);
            let alone = all.iter().any(|destroyer| has_own(&destroyer));
            for destroyer in all.iter().filter(|destroyer| !alone || has_own(destroyer)) {
                edge(*destroyer, at);
            }
        }
        for reshaped in &effect.reshapes {
            for blocker in type_change_blockers(reshaped, context) {
                for destroyer in destroyers.get(&blocker).unwrap_or(&none) {
                    edge(*destroyer, at);
                }
            }
        }
    }
    // A name must be free before it is taken.
    let mut freed: HashMap<(String, QualifiedName), Vec<usize>> = HashMap::new();
    for (at, effect) in effects.iter().enumerate() {
        for id in &effect.destroys {
            for name in taken_names(id, context.schemas.live) {
                freed.entry(name).or_default().push(at);
            }
        }
        for name in &effect.vacates {
            freed.entry(("relation".into(), name.clone())).or_default().push(at);
        }
    }
    for (at, effect) in effects.iter().enumerate() {
        for name in &effect.sequences {
            for before in freed.get(&("relation".to_string(), name.clone())).unwrap_or(&none) {
                edge(*before, at);
            }
        }
        let own: HashSet<_> = effect
            .destroys
            .iter()
            .flat_map(|id| taken_names(id, context.schemas.live))
            .collect();
        for id in &effect.creates {
            for name in taken_names(id, context.schemas.desired) {
                if own.contains(&name) {
                    continue;
                }
                for before in freed.get(&name).unwrap_or(&none) {
                    edge(*before, at);
                }
            }
        }
    }
    for (from, to) in edges {
        // Inside a recipe the list is the order: it knows best.
        if recipe_of[from] != recipe_of[to] {
            graph.update_edge(nodes[from], nodes[to], ());
        }
    }
}

/// The names in name spaces shared by several kinds that an object takes up.
fn taken_names(id: &ObjectId, schema: &crate::schema::Schema) -> Vec<(String, QualifiedName)> {
    let relation = |name: QualifiedName| ("relation".to_string(), name);
    match id.kind {
        kind if kind.is_relation() => vec![relation(id.qualified()), ("type".into(), id.qualified())],
        kind if kind.is_type() => vec![("type".into(), id.qualified())],
        Kind::Function | Kind::Procedure | Kind::Aggregate => {
            vec![(
                format!("routine({})", id.signature.as_deref().unwrap_or_default()),
                id.qualified(),
            )]
        }
        Kind::Constraint => {
            // What a partition keeps of its parents' keys is its own once it is detached.
            let kept = || attach::kept_when_detached(schema, &id.qualified());
            let has_index = match schema.get(id) {
                Some(Object::Constraint(constraint)) => constraint.has_index(),
                _ => kept()
                    .iter()
                    .any(|kept| kept.name == *id.own_name() && kept.has_index()),
            };
            let name = QualifiedName {
                namespace: id.namespace.clone(),
                name: id.own_name().clone(),
            };
            Vec::from_iter(has_index.then(|| relation(name)))
        }
        _ => vec![],
    }
}

fn cycles(graph: &DiGraph<Draft, ()>) -> Result<(), Cycle> {
    for component in tarjan_scc(graph) {
        if component.len() > 1 {
            let mut titles: Vec<String> = component
                .iter()
                .map(|node| crate::plan::describe::title(&graph[*node].operations))
                .collect();
            titles.reverse();
            if let Some(first) = titles.first().cloned() {
                titles.push(first);
            }
            let operations = component.iter().flat_map(|node| &graph[*node].operations);
            return Err(Cycle {
                steps: titles,
                objects: operations.filter_map(Operation::subject).collect(),
            });
        }
    }
    Ok(())
}

/// No draft is in an earlier phase, or before a cool-down, than one that it waits for.
fn carry_phases(graph: &mut DiGraph<Draft, ()>) {
    // There is no circle any more.
    for node in toposort(&*graph, None).unwrap_or_default() {
        let (phase, late) = (graph[node].phase, graph[node].turn == Turn::After);
        let next: Vec<NodeIndex> = graph.neighbors_directed(node, Direction::Outgoing).collect();
        for after in next {
            if graph[after].phase < phase {
                graph[after].phase = phase;
            }
            if late && graph[after].turn.is_none() {
                graph[after].turn = Turn::After;
            }
        }
    }
}

/// Topological order; among the steps that are ready the earliest phase goes first, then the order of the recipes.
fn sort(graph: DiGraph<Draft, ()>, nodes: &[NodeIndex]) -> Vec<Placed> {
    let mut waiting: HashMap<NodeIndex, usize> = nodes
        .iter()
        .map(|node| (*node, graph.neighbors_directed(*node, Direction::Incoming).count()))
        .collect();
    let mut ready: BinaryHeap<Reverse<(Phase, bool, usize)>> = BinaryHeap::new();
    let is_after = |draft: &Draft| draft.turn == Turn::After;
    let mut queued: HashSet<usize> = HashSet::new();
    for node in nodes.iter().filter(|node| waiting[*node] == 0) {
        ready.push(Reverse((graph[*node].phase, is_after(&graph[*node]), node.index())));
        queued.insert(node.index());
    }
    let mut order: Vec<NodeIndex> = Vec::with_capacity(nodes.len());
    while let Some(Reverse((_, _, index))) = ready.pop() {
        let node = NodeIndex::new(index);
        order.push(node);
        for after in graph.neighbors_directed(node, Direction::Outgoing) {
            if let Some(count) = waiting.get_mut(&after) {
                *count -= 1;
                if *count == 0 && queued.insert(after.index()) {
                    ready.push(Reverse((graph[after].phase, is_after(&graph[after]), after.index())));
                }
            }
        }
    }
    let edges: Vec<(usize, usize)> = graph
        .edge_indices()
        .filter_map(|edge| graph.edge_endpoints(edge))
        .map(|(from, to)| (from.index(), to.index()))
        .collect();
    let (raw, _) = graph.into_nodes_edges();
    let mut drafts: Vec<Option<Draft>> = raw.into_iter().map(|node| Some(node.weight)).collect();
    let mut sorted: Vec<(usize, Draft)> = order
        .into_iter()
        .filter_map(|node| drafts[node.index()].take().map(|draft| (node.index(), draft)))
        .collect();
    sorted.sort_by_key(|(_, draft)| (draft.phase, is_after(draft)));
    let place: HashMap<usize, usize> = sorted.iter().enumerate().map(|(at, (node, _))| (*node, at)).collect();
    let mut waits: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); sorted.len()];
    for (from, to) in edges {
        if let (Some(from), Some(to)) = (place.get(&from), place.get(&to)) {
            waits[*to].insert(*from);
        }
    }
    sorted
        .into_iter()
        .zip(reduced(waits))
        .map(|((_, draft), waits)| Placed { draft, waits })
        .collect()
}

/// Beyond this many steps nobody looks at a graph, and what is remembered per step grows with its square.
const REDUCED: usize = 2_000;

/// Without what follows from the rest: who waits for the second waits for the first.
fn reduced(waits: Vec<BTreeSet<usize>>) -> Vec<Vec<usize>> {
    if waits.len() > REDUCED {
        return waits.into_iter().map(|before| before.into_iter().collect()).collect();
    }
    let mut behind: Vec<BTreeSet<usize>> = Vec::with_capacity(waits.len());
    let mut kept = Vec::with_capacity(waits.len());
    for before in waits {
        let indirect: BTreeSet<usize> = before.iter().flat_map(|at| behind[*at].iter().copied()).collect();
        kept.push(before.difference(&indirect).copied().collect());
        behind.push(indirect.union(&before).copied().collect());
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_from_others_is_left_out() {
        let waits = [vec![], vec![0], vec![0, 1], vec![0, 2], vec![]];
        let waits = waits.map(|before| before.into_iter().collect()).to_vec();
        assert_eq!(reduced(waits), [vec![], vec![0], vec![1], vec![2], vec![]]);
    }
}
