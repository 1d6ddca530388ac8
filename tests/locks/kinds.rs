//! Which kinds of operations there are, and that each is looked at in some plan.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use pgphase::object::Kind;
use pgphase::operation::Operation;
use pgphase::parse::parse_text;
use pgphase::plan::{Plan, Wishes, make};
use pgphase::rename::carry_out;
use pgphase::unify::{Verdicts, unify};

use super::{Walk, walks};
use crate::support::database::server_major;
use crate::support::pool;

/// Kinds that no plan has, and why.
const EXCUSED: &[(&str, &str)] = &[
    (
        "rename comment; rename owner; rename privileges; rename security label; rename default privileges",
        "they have no name of their own",
    ),
    (
        "rename access method; rename cast; rename extension; rename operator; rename transform; rename user mapping",
        "PostgreSQL renames none, so such a hint is refused",
    ),
    ("rename namespace", "refused: what is in it would not follow"),
    ("rename domain constraint", "no hint is taken inside CREATE DOMAIN"),
    (
        "alter composite type: rename",
        "read from files; a plan drops an attribute and adds one, as no hint is taken inside CREATE TYPE",
    ),
    (
        "alter foreign data wrapper: handler",
        "a handler is a function of an extension that a server need not have; no table is concerned",
    ),
    (
        "alter constraint: complete",
        "planned as the steps that build indexes and attach them",
    ),
    (
        "drop owner",
        "an object always has an owner: files that name none leave it",
    ),
    (
        "create security label; alter security label: label; drop security label",
        "the server has no provider of labels that it could be asked with",
    ),
];

/// A name for the kind of an operation: `create column`, `alter column type`, `drop index concurrently`.
pub(super) fn kind_of(operation: &Operation) -> String {
    let concurrently = |flag: &bool| if *flag { " concurrently" } else { "" };
    match operation {
        Operation::Create {
            object,
            concurrently: flag,
            ..
        } => format!("create {}{}", object.id().kind, concurrently(flag)),
        Operation::Drop {
            id, concurrently: flag, ..
        } => format!("drop {}{}", id.kind, concurrently(flag)),
        Operation::Rename { from, .. } => format!("rename {}", from.kind),
        Operation::Alter { id, change } => {
            let value = serde_json::to_value(change).expect("a change is data");
            let inner = value
                .as_object()
                .and_then(|map| map.values().next())
                .cloned()
                .unwrap_or_default();
            let variant = match &inner {
                serde_json::Value::String(word) => word.clone(),
                serde_json::Value::Object(map) => map.keys().next().cloned().unwrap_or_default(),
                _ => String::new(),
            };
            format!("alter {}: {variant}", id.kind)
        }
        Operation::UseIndex { .. } => "use index".into(),
        Operation::Extend { .. } => "extend".into(),
        Operation::Backfill { .. } => "backfill".into(),
        Operation::CopyRows { .. } => "copy rows".into(),
        Operation::Check { .. } => "check".into(),
        Operation::Count { .. } => "count".into(),
        Operation::StartAfter { .. } => "start after".into(),
        Operation::Lock { .. } => "lock".into(),
    }
}

/// The kinds of operations there are: for each kind of object to make, to rename and to drop it, and what its module says can be altered.
fn every_kind() -> BTreeSet<String> {
    let special = [
        "use index",
        "extend",
        "backfill",
        "copy rows",
        "check",
        "count",
        "start after",
        "lock",
    ];
    let mut kinds: BTreeSet<String> = special.map(str::to_owned).into();
    kinds.extend(["create index concurrently", "drop index concurrently"].map(str::to_owned));
    for kind in Kind::ALL {
        for verb in ["create", "drop", "rename"] {
            kinds.insert(format!("{verb} {kind}"));
        }
        for variant in variants(*kind) {
            kinds.insert(format!("alter {kind}: {variant}"));
        }
    }
    kinds
}

/// The kinds that are neither among these nor excused.
fn unexcused(seen: &BTreeSet<String>) -> Vec<String> {
    let excused = |kind: &String| {
        EXCUSED
            .iter()
            .any(|(kinds, _)| kinds.split("; ").any(|one| one == kind))
    };
    every_kind()
        .into_iter()
        .filter(|kind| !seen.contains(kind) && !excused(kind))
        .collect()
}

/// The kinds of operations in the plan of a walk, made from its files alone.
fn kinds_of(walk: &Walk, major: u32) -> BTreeSet<String> {
    let read = |path: &Path| fs::read_to_string(path).map_err(|error| error.to_string());
    let plan = || -> Result<Plan, String> {
        let parsed = |path: &Path| parse_text("schema.sql", &read(path)?).map_err(|error| error.to_string());
        let (live, desired) = (parsed(&walk.before)?, parsed(&walk.to)?);
        let hints = desired.annotations.iter().filter(|hint| hint.key == "renamed_from");
        let renames: Vec<_> = hints.map(|hint| (hint.on.clone(), hint.value.clone())).collect();
        let renamed = carry_out(&live.schema, &desired.schema, &renames).map_err(|error| error.to_string())?;
        let unified = unify(&renamed.live, desired.schema, &Verdicts::default());
        let wishes = Wishes::default();
        make("x", &live.schema, &renamed, &unified.desired, major, &wishes).map_err(|error| error.to_string())
    };
    let steps = plan().map(|plan| plan.steps).unwrap_or_default();
    steps.iter().flat_map(|step| &step.operations).map(kind_of).collect()
}

/// The kinds of operations in the plans of walks on the server that is tested with.
pub(super) fn planned(walks: &[Walk]) -> BTreeSet<String> {
    on(walks, server_major())
}

fn on(walks: &[Walk], major: u32) -> BTreeSet<String> {
    pool::map(walks, |walk| kinds_of(walk, major))
        .into_iter()
        .flatten()
        .collect()
}

/// What the walks over every scenario see is planned without a server as well, so that a kind that no scenario has is told at once.
/// The newest server takes most statements, and some are needed on older ones only.
#[test]
fn every_kind_of_operation_is_in_a_scenario_or_excused() {
    let folder = tempfile::tempdir().expect("a folder");
    let seen: BTreeSet<String> = [15, 18]
        .into_iter()
        .flat_map(|major| on(&walks(folder.path(), major), major))
        .collect();
    let never = unexcused(&seen);
    assert!(
        never.is_empty(),
        "{} kinds of operations in no scenario: {}",
        never.len(),
        never.join("; ")
    );
    for kind in EXCUSED.iter().flat_map(|(kinds, _)| kinds.split("; ")) {
        assert!(!seen.contains(kind), "{kind} is excused, and a scenario has it");
        assert!(every_kind().contains(kind), "there is no kind {kind}");
    }
}

/// The variants of a kind's `Change`, read from its source: the language does not list them.
fn variants(kind: Kind) -> Vec<String> {
    let change = format!("pub enum {}Change {{", format!("{kind:?}").trim_end_matches("Type"));
    let whole = format!("pub enum {kind:?}Change {{");
    let mut found = Vec::new();
    let objects = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/object");
    for folder in fs::read_dir(objects).expect("the kinds").filter_map(Result::ok) {
        let Ok(text) = fs::read_to_string(folder.path().join("mod.rs")) else {
            continue;
        };
        let Some((_, body)) = text.split_once(&change).or_else(|| text.split_once(&whole)) else {
            continue;
        };
        for line in body.lines().take_while(|line| *line != "}") {
            let name: String = line
                .strip_prefix("    ")
                .unwrap_or_default()
                .chars()
                .take_while(|letter| letter.is_alphanumeric())
                .collect();
            if name.starts_with(char::is_uppercase) {
                found.push(snake(&name));
            }
        }
    }
    found
}

fn snake(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}
