//! Whether the role of a run may do what the steps ask for, before the first of them: a step that is refused half-way leaves a phase
//! half done, and often there is nobody about who could grant what is missing.
//!
//! Only objects that are there are looked at; what the plan makes belongs to the role that runs it. Rights that hang on more than a
//! name (overloaded routines, extensions, event triggers) are left to the server.

use std::collections::BTreeSet;

use tokio_postgres::{Client, Error};

use crate::name::QualifiedName;
use crate::object::constraint::ConstraintRule;
use crate::object::{Kind, Object, ObjectId};
use crate::operation::{IfExists, Operation};
use crate::plan::Step;

/// A right that a step needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Right {
    /// Being the owner of a relation, or a member of the owner.
    Own,
    /// The same for it and all its partitions and heirs, as what is done to columns and constraints goes down to them.
    OwnTree,
    /// The same, or being the owner of the namespace.
    Drop,
    /// Being the owner of a type.
    OwnType,
    /// Being the owner of a routine that has no namesake.
    OwnRoutine,
    /// Being the owner of a namespace.
    OwnNamespace,
    /// CREATE on a namespace.
    CreateIn,
    /// CREATE on the database.
    CreateNamespace,
    /// Membership in a role.
    Member,
    /// The TRIGGER privilege on a table.
    Trigger,
    /// The REFERENCES privilege on a table or some of its columns.
    References,
    /// The UPDATE privilege on a table or some of its columns.
    Update,
    /// The SELECT privilege on a table or some of its columns.
    Select,
}

impl Right {
    fn word(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::OwnTree => "tree",
            Self::Drop => "drop",
            Self::OwnType => "type",
            Self::OwnRoutine => "routine",
            Self::OwnNamespace => "namespace",
            Self::CreateIn => "create",
            Self::CreateNamespace => "database",
            Self::Member => "member",
            Self::Trigger => "TRIGGER",
            Self::References => "REFERENCES",
            Self::Update => "UPDATE",
            Self::Select => "SELECT",
        }
    }
}

/// A right and what it is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Need {
    right: Right,
    name: QualifiedName,
}

/// What the role lacks for these steps, one sentence each, and the role.
pub(super) async fn missing(client: &Client, steps: &[&Step]) -> Result<(String, Vec<String>), Error> {
    let needs = needs(steps);
    let rights: Vec<&str> = needs.iter().map(|need| need.right.word()).collect();
    let namespaces: Vec<&str> = needs
        .iter()
        .map(|need| need.name.namespace.as_ref().map_or("", |namespace| namespace.as_str()))
        .collect();
    let names: Vec<&str> = needs.iter().map(|need| need.name.name.as_str()).collect();
    let rows = client
        .query(include_str!("rights.sql"), &[&rights, &namespaces, &names])
        .await?;
    let role: String = client.query_one("SELECT current_user::text", &[]).await?.try_get(0)?;
    let mut missing = Vec::new();
    for row in rows {
        missing.push(row.try_get(0)?);
    }
    Ok((role, missing))
}

fn needs(steps: &[&Step]) -> BTreeSet<Need> {
    let mut needs = BTreeSet::new();
    for operation in steps.iter().flat_map(|step| &step.operations) {
        for (right, name) in of(operation) {
            needs.insert(Need { right, name });
        }
    }
    needs
}

fn of(operation: &Operation) -> Vec<(Right, QualifiedName)> {
    match operation {
        Operation::Create { object, if_exists, .. } => {
            let mut needs = of_new(object);
            // What is there already must be ours to be replaced.
            if *if_exists == IfExists::Replace && object.id().on.is_none() {
                needs.extend(of_old(&object.id(), false));
            }
            needs
        }
        Operation::Drop { id, .. } => of_old(id, true),
        Operation::Alter { id, .. } => of_old(id, false),
        Operation::Rename { from, to } => {
            let mut needs = of_old(from, false);
            // The new name of a relation or a routine asks for CREATE as well.
            let moves = (in_namespace(to.kind) && !to.kind.is_type()) || to.kind == Kind::Index;
            needs.extend(moves.then(|| (Right::CreateIn, to.qualified())));
            needs
        }
        Operation::UseIndex { constraint, .. } => vec![(Right::Own, constraint.table.clone())],
        Operation::Extend { index, .. } => vec![(Right::Own, index.table.clone())],
        // Rows are locked while they are copied.
        Operation::Backfill { table, .. } | Operation::CopyRows { from: table, .. } => {
            vec![(Right::Update, table.clone()), (Right::Select, table.clone())]
        }
        Operation::Check { table, .. } => vec![(Right::Select, table.clone())],
        Operation::Lock { .. } | Operation::Count { .. } | Operation::StartAfter { .. } => Vec::new(),
    }
}

fn of_new(object: &Object) -> Vec<(Right, QualifiedName)> {
    let id = object.id();
    match object {
        Object::Owner(owner) => {
            let role = QualifiedName {
                namespace: None,
                name: owner.role.clone(),
            };
            let mut needs = vec![(Right::Member, role)];
            needs.extend(of_old(&owner.on, false));
            needs
        }
        Object::Trigger(trigger) => vec![(Right::Trigger, trigger.table.clone())],
        Object::Constraint(constraint) => {
            let mut needs = vec![(Right::OwnTree, constraint.table.clone())];
            match &constraint.rule {
                ConstraintRule::ForeignKey(key) => needs.push((Right::References, key.references.clone())),
                // An index is made beside the table.
                ConstraintRule::PrimaryKey(_) | ConstraintRule::Unique(_) | ConstraintRule::Exclude(_) => {
                    needs.push((Right::CreateIn, constraint.table.clone()));
                }
                ConstraintRule::Check { .. } | ConstraintRule::NotNull { .. } => {}
            }
            needs
        }
        Object::Index(index) => vec![(Right::Own, index.table.clone()), (Right::CreateIn, id.qualified())],
        Object::Namespace(_) => vec![(Right::CreateNamespace, id.qualified())],
        // Satellites that speak of an object; grants may also be given on by others.
        Object::Comment(_) => of_old(id.subject(), false),
        _ => match id.kind {
            Kind::Column => vec![(Right::OwnTree, id.qualified())],
            Kind::Policy | Kind::Rule => vec![(Right::Own, id.qualified())],
            kind if in_namespace(kind) => vec![(Right::CreateIn, id.qualified())],
            _ => Vec::new(),
        },
    }
}

/// Kinds of objects that are made in a namespace by whoever may create there.
fn in_namespace(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Table
            | Kind::View
            | Kind::MaterializedView
            | Kind::Sequence
            | Kind::EnumType
            | Kind::CompositeType
            | Kind::RangeType
            | Kind::Domain
            | Kind::Function
            | Kind::Procedure
            | Kind::Aggregate
    )
}

fn of_old(id: &ObjectId, dropped: bool) -> Vec<(Right, QualifiedName)> {
    let id = id.subject();
    let right = match id.kind {
        Kind::Table | Kind::View | Kind::MaterializedView | Kind::Sequence | Kind::Index if dropped => Right::Drop,
        Kind::Table
        | Kind::View
        | Kind::MaterializedView
        | Kind::Sequence
        | Kind::Index
        | Kind::Trigger
        | Kind::Policy
        | Kind::Rule => Right::Own,
        Kind::Column | Kind::Constraint => Right::OwnTree,
        Kind::EnumType | Kind::CompositeType | Kind::RangeType | Kind::Domain | Kind::DomainConstraint => {
            Right::OwnType
        }
        Kind::Function | Kind::Procedure | Kind::Aggregate => Right::OwnRoutine,
        Kind::Namespace => Right::OwnNamespace,
        _ => return Vec::new(),
    };
    vec![(right, id.qualified())]
}
