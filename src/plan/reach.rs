//! What a plan reaches beside the tables that it changes: triggers and rules that a backfill sets off, subscribers of publications,
//! a publisher whose changes come in here, and statements that open sessions have prepared.
//!
//! Facts: PostgreSQL documentation, Logical Replication (Restrictions: the schema is not replicated; Publication: a table without a
//! replica identity refuses UPDATE), CREATE TRIGGER, CREATE RULE, Row Security Policies; that a prepared statement whose result gets
//! another type fails with 0A000 was measured.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Hazard, HazardKind, Step};
use crate::name::{Ident, QualifiedName};
use crate::object::constraint::ConstraintRule;
use crate::object::publication::Publication;
use crate::object::rule::RuleEvent;
use crate::object::table::{ReplicaIdentity, Table};
use crate::object::trigger::{Enabled, Trigger};
use crate::object::{Definition, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::schema::Schema;
use crate::types::TypeName;

/// Something that a step reaches, and that it does not change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reach {
    /// What kind of thing it is.
    pub what: What,
    /// The step.
    pub step: String,
    /// The trigger, rule, table, publication or subscription.
    pub object: String,
    /// What happens, and what is to do. One sentence.
    pub says: String,
}

/// What a step reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A trigger of the application that a backfill sets off.
    Trigger,
    /// A rule that changes what a backfill does.
    Rule,
    /// Policies that hide rows from a backfill.
    RowSecurity,
    /// The subscribers of a publication.
    Publication,
    /// A subscription of this database.
    Subscription,
    /// Statements that sessions have prepared.
    PreparedStatement,
}

/// What the steps reach, in their order.
pub fn reach(steps: &[Step], live: &Schema) -> Vec<Reach> {
    let mut found = Vec::new();
    let mut schema = live.clone();
    let mut born: BTreeSet<QualifiedName> = BTreeSet::new();
    for step in steps {
        let is_from_before = |table: &QualifiedName| schema.table(table).is_some() && !born.contains(table);
        let from_before = changed(step).into_iter().filter(is_from_before);
        let was: Vec<_> = from_before.map(|table| (types(&table, &schema), table)).collect();
        for operation in &step.operations {
            if let Operation::Create {
                object: Object::Table(table),
                ..
            } = operation
            {
                born.insert(table.name.clone());
            }
            if let Operation::Backfill { table, set, .. } = operation {
                let columns: Vec<&Ident> = set.iter().map(|(column, _)| column).collect();
                backfill(step, table, &columns, &schema, &mut found);
            }
            // Steps are in an order in which they can be applied; the laws have seen to it.
            let _ = operation.apply(&mut schema);
        }
        for (was, table) in was.iter().filter(|(_, table)| schema.table(table).is_some()) {
            columns(step, table, was, &schema, &mut found);
        }
        published_tables(step, &schema, live, &mut found);
    }
    found
}

fn publications(schema: &Schema) -> impl Iterator<Item = &Publication> {
    schema
        .of_kind(Kind::Publication)
        .filter_map(|(_, object)| match object {
            Object::Publication(publication) => Some(publication),
            _ => None,
        })
}

/// Whether a publication sends a table, as a part of everything or a namespace, or by its name or that of a partitioned table above.
fn sends<'p>(publication: &'p Publication, table: &QualifiedName, schema: &Schema) -> Option<&'p BTreeSet<Ident>> {
    static ALL: BTreeSet<Ident> = BTreeSet::new();
    let parent = |name: &QualifiedName| schema.table(name)?.partition_of.as_ref().map(|of| of.parent.clone());
    let in_namespace = table
        .namespace
        .as_ref()
        .is_some_and(|name| publication.namespaces.contains(name));
    if publication.all_tables || in_namespace {
        return Some(&ALL);
    }
    let mut line = std::iter::successors(Some(table.clone()), parent);
    line.find_map(|name| publication.tables.iter().find(|member| member.table == name))
        .map(|member| &member.columns)
}

/// An UPDATE of many rows, for whoever looks at updates.
fn backfill(step: &Step, table: &QualifiedName, columns: &[&Ident], schema: &Schema, found: &mut Vec<Reach>) {
    let mut add = |what, object: String, says: String| {
        found.push(Reach {
            what,
            step: step.id.clone(),
            object,
            says,
        });
    };
    let id = ObjectId::named(Kind::Table, table);
    for part in schema.children(&id).filter_map(|child| schema.get(child)) {
        match part {
            Object::Trigger(trigger) if fires(trigger, columns) => {
                add(What::Trigger, trigger.name.to_string(), called(trigger));
            }
            Object::Rule(rule) if rule.event == RuleEvent::Update && rule.enabled != Enabled::Disabled => {
                let says = format!("Rule {} of {table} applies to what it writes.", rule.name);
                add(What::Rule, rule.name.to_string(), says);
            }
            _ => {}
        }
    }
    let Some(of) = schema.table(table) else { return };
    if of.force_row_security && of.row_security {
        let says = format!(
            "Row security of {table} is forced: rows that the policies hide from the role that runs the plan are not filled."
        );
        add(What::RowSecurity, table.to_string(), says);
    }
    for publication in publications(schema) {
        let updates = publication.options.publish.contains("update");
        if sends(publication, table, schema).is_none() || !updates {
            continue;
        }
        let says = if is_identified(of, schema) {
            format!(
                "Publication {} sends every row of {table} that it writes to the subscribers.",
                publication.name
            )
        } else {
            format!(
                "Publication {} sends {table}, which has no replica identity: PostgreSQL refuses what it writes, until it has a primary key or REPLICA IDENTITY FULL.",
                publication.name
            )
        };
        add(What::Publication, publication.name.to_string(), says);
    }
}

/// Whether an UPDATE of these columns sets the trigger off, which is none of ours.
fn fires(trigger: &Trigger, columns: &[&Ident]) -> bool {
    trigger.fires_for_update_of(columns)
        && !trigger.name.is_helper()
        && matches!(trigger.enabled, Enabled::Origin | Enabled::Always)
}

fn called(trigger: &Trigger) -> String {
    let often = if trigger.for_each_row {
        "row that it writes"
    } else {
        "batch"
    };
    format!(
        "Trigger {} of {} fires for each {often}: {} is called that often.",
        trigger.name, trigger.table, trigger.function
    )
}

/// The danger in each trigger that backfills set off, by the place of the step. What has no way back anyway says enough.
pub(super) fn fired(steps: &[Step], live: &Schema) -> Vec<(usize, Hazard)> {
    let mut found = Vec::new();
    let mut schema = live.clone();
    for (at, step) in steps.iter().enumerate() {
        let one_way = step.hazards.iter().any(|hazard| hazard.kind == HazardKind::OneWay);
        for operation in &step.operations {
            if let (Operation::Backfill { table, set, .. }, false) = (operation, one_way) {
                let columns: Vec<&Ident> = set.iter().map(|(column, _)| column).collect();
                let below = schema.all_heirs(table);
                let parts = std::iter::once(table)
                    .chain(&below)
                    .flat_map(|table| schema.parts(table));
                let triggers = parts.filter_map(|part| match part {
                    Object::Trigger(trigger) => Some(trigger),
                    _ => None,
                });
                found.extend(triggers.filter(|trigger| fires(trigger, &columns)).map(|trigger| {
                    let hazard = Hazard {
                        kind: HazardKind::FiresTriggers,
                        object: trigger.id(),
                        explanation: format!("{} What it writes stays after a rollback.", called(trigger)),
                    };
                    (at, hazard)
                }));
            }
            // Steps are in an order in which they can be applied; the laws see to it.
            let _ = operation.apply(&mut schema);
        }
    }
    found
}

/// Whether an UPDATE of a published table can be told to subscribers.
fn is_identified(table: &Table, schema: &Schema) -> bool {
    match table.replica_identity {
        ReplicaIdentity::Default => {
            let mut constraints = schema.constraints(&table.name);
            let own = constraints.any(|constraint| matches!(constraint.rule, ConstraintRule::PrimaryKey(_)));
            let parent = table.partition_of.as_ref().and_then(|of| schema.table(&of.parent));
            own || parent.is_some_and(|parent| is_identified(parent, schema))
        }
        ReplicaIdentity::Nothing => false,
        _ => true,
    }
}

/// The tables whose columns a step changes.
fn changed(step: &Step) -> BTreeSet<QualifiedName> {
    let ids = step.operations.iter().filter_map(|operation| match operation {
        Operation::Rename { to, .. } => Some(to.clone()),
        other => other.subject(),
    });
    ids.filter(|id| id.kind == Kind::Column)
        .map(|id| id.qualified())
        .collect()
}

fn types(table: &QualifiedName, schema: &Schema) -> BTreeMap<Ident, TypeName> {
    let columns = schema.all_columns(table).into_iter();
    columns
        .map(|column| (column.name.clone(), column.type_name.clone()))
        .collect()
}

fn columns(
    step: &Step,
    table: &QualifiedName,
    was: &BTreeMap<Ident, TypeName>,
    schema: &Schema,
    found: &mut Vec<Reach>,
) {
    let is = types(table, schema);
    let retyped: Vec<&Ident> = was
        .keys()
        .filter(|name| is.get(*name).is_some_and(|now| *now != was[*name]))
        .collect();
    let added: Vec<&Ident> = is.keys().filter(|name| !was.contains_key(*name)).collect();
    let gone: Vec<&Ident> = was
        .keys()
        .filter(|name| !is.contains_key(*name) && !name.is_helper())
        .collect();
    let mut add = |what, object: String, says: String| {
        found.push(Reach {
            what,
            step: step.id.clone(),
            object,
            says,
        });
    };
    for publication in publications(schema) {
        let Some(listed) = sends(publication, table, schema) else {
            continue;
        };
        let sent = |name: &&&Ident| listed.is_empty() || listed.contains(**name);
        let name = &publication.name;
        for column in added.iter().filter(|_| listed.is_empty()) {
            let says = format!(
                "Publication {name} sends every column of {table}: add {column} to the table of each subscriber first, or its subscription stops."
            );
            add(What::Publication, name.to_string(), says);
        }
        for column in gone.iter().filter(sent) {
            let says = format!(
                "Publication {name} sends {column} of {table} no longer: let subscribers do without a value of it first."
            );
            add(What::Publication, name.to_string(), says);
        }
        for column in retyped.iter().filter(sent) {
            let says = format!(
                "Publication {name} sends {column} of {table} as {} from here on: let the column of each subscriber take that first.",
                is[*column]
            );
            add(What::Publication, name.to_string(), says);
        }
    }
    for (id, _) in schema.of_kind(Kind::Subscription).filter(|_| !gone.is_empty()) {
        let says = format!(
            "Subscription {} stops where its publisher sends {} of {table}, which {} not here any more.",
            id.name,
            listed(&gone),
            if gone.len() == 1 { "is" } else { "are" },
        );
        add(What::Subscription, id.name.to_string(), says);
    }
    let says = if !retyped.is_empty() {
        format!(
            "Statements over {} of {table} that open sessions have prepared fail once (cached plan must not change result type).",
            listed(&retyped)
        )
    } else if !added.is_empty() || !gone.is_empty() {
        format!("Statements that open sessions have prepared with every column of {table} (SELECT *) fail once.")
    } else {
        return;
    };
    add(What::PreparedStatement, table.to_string(), says);
}

fn listed(names: &[&Ident]) -> String {
    names.iter().map(|name| name.to_string()).collect::<Vec<_>>().join(", ")
}

/// Tables that a publication of everything begins to send, and those that it sends under another name.
fn published_tables(step: &Step, schema: &Schema, live: &Schema, found: &mut Vec<Reach>) {
    for operation in &step.operations {
        let (table, renamed) = match operation {
            Operation::Create {
                object: Object::Table(table),
                ..
            } if table.partition_of.is_none() => (table.name.clone(), false),
            Operation::Rename { to, .. } if to.kind == Kind::Table => (to.qualified(), true),
            _ => continue,
        };
        for publication in publications(live).filter(|publication| schema.contains(&publication_id(publication))) {
            if sends(publication, &table, schema).is_none() && !renamed {
                continue;
            }
            let name = &publication.name;
            let now = schema.get(&publication_id(publication));
            let says = match (renamed, now) {
                (true, Some(Object::Publication(now))) if sends(now, &table, schema).is_some() => {
                    format!(
                        "Publication {name} sends {table} under its new name: subscribers need a table of that name first."
                    )
                }
                (false, _) => format!(
                    "Publication {name} sends the new table {table}: subscribers need it first, and take it with REFRESH PUBLICATION."
                ),
                _ => continue,
            };
            found.push(Reach {
                what: What::Publication,
                step: step.id.clone(),
                object: name.to_string(),
                says,
            });
        }
    }
}

fn publication_id(publication: &Publication) -> ObjectId {
    Object::from(publication.clone()).id()
}
