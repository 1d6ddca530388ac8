//! Plans made by hand.

use std::collections::HashMap;

use pgphase::name::{Ident, QualifiedName};
use pgphase::object::index::{Index, IndexKey};
use pgphase::operation::{IfExists, Operation};
use pgphase::plan::file::PlanFolder;
use pgphase::plan::{Background, Baseline, Class, FORMAT_VERSION, Facts, Phase, Plan, Step};
use pgphase::render::sweep::Sweep;
use pgphase::schema::Schema;

/// A step and its statements.
pub(crate) type Made = (Step, Vec<String>);

fn step(id: &str, phase: Phase, class: Class, operation: Operation) -> Step {
    Step {
        id: id.into(),
        phase,
        title: id.into(),
        why: String::new(),
        class,
        operations: vec![operation],
        facts: Facts::default(),
        hazards: vec![],
        turn: Default::default(),
        search_path: Default::default(),
    }
}

/// A step with this SQL. Its operation has no effect on the schema.
pub(crate) fn sql(id: &str, phase: Phase, class: Class, sql: &str) -> Made {
    let operation = Operation::Lock {
        tables: vec![],
        mode: id.into(),
    };
    (step(id, phase, class, operation), vec![sql.into()])
}

/// A concurrent build of an index on `t (id)` or, unique, on `t (a)`.
pub(crate) fn concurrent(id: &str, name: &str, unique: bool) -> Made {
    let key: IndexKey = serde_json::from_str(r#"{"key": {"column": "a"}}"#).expect("a key");
    let index = Index {
        name: QualifiedName::new("public", name),
        table: QualifiedName::new("public", "t"),
        unique,
        nulls_not_distinct: false,
        method: Ident::from("btree"),
        keys: vec![key],
        include: vec![],
        predicate: None,
        options: Default::default(),
        tablespace: None,
        attached_to: None,
        invalid: false,
        clustered: false,
    };
    let operation = Operation::Create {
        object: index.into(),
        if_exists: IfExists::Fail,
        concurrently: true,
        like: false,
    };
    let (word, column) = if unique { ("unique ", "a") } else { ("", "id") };
    let text = format!("create {word}index concurrently {name} on public.t ({column})");
    (step(id, Phase::Expand, Class::Concurrent, operation), vec![text])
}

/// A backfill of `t.b` from `t.id`.
pub(crate) fn backfill(id: &str) -> Made {
    let table = QualifiedName::new("public", "t");
    let set = vec![(Ident::from("b"), "'x%' || id -- why".into())];
    let condition = "b IS NULL".into();
    let operation = Operation::Backfill { table, set, condition };
    let text = Sweep::of(&operation).map(|sweep| sweep.script()).unwrap_or_default();
    (step(id, Phase::Backfill, Class::Backfill, operation), vec![text])
}

/// A plan that starts from an empty schema.
pub(crate) fn folder(steps: &[Made]) -> PlanFolder {
    let plan = Plan {
        format_version: FORMAT_VERSION.into(),
        name: "by-hand".into(),
        server_version: 14,
        cool_down: None,
        baseline: Baseline {
            fingerprint: Schema::new().fingerprint(),
            ..Baseline::default()
        },
        steps: steps.iter().map(|(step, _)| step.clone()).collect(),
        approvals: vec![],
        notes: vec![],
        background: Background::default(),
    };
    let texts: HashMap<String, Vec<String>> = steps
        .iter()
        .map(|(step, texts)| (format!("{:?}", step.operations[0]), texts.clone()))
        .collect();
    PlanFolder::new(plan, &Schema::new(), &|operations, _| {
        texts.get(&format!("{:?}", operations[0])).cloned().unwrap_or_default()
    })
}
