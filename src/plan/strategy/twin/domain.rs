//! Columns of a domain that gets another base type.
//!
//! PostgreSQL has no statement for it. A second domain stands beside the first one, bare: a table is rewritten when it gets a column
//! of a domain that refuses values, and a default of the domain would stand in every row. What it refuses comes in validate, when all
//! rows have their value, and is checked while writes wait, with approval; its default comes in the moment of the switch. What would
//! refuse a null comes after the switch: an INSERT that does not name the twin gives it one for the moment before its trigger runs.

use crate::expr::{Expr, mentions};
use crate::name::{Ident, QualifiedName};
use crate::object::column::Column;
use crate::object::domain::{Domain, DomainChange, DomainConstraint, DomainConstraintChange};
use crate::object::{Definition, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::held::holder;
use crate::plan::strategy::domain::scanning;
use crate::plan::strategy::not_null::data_check;
use crate::plan::strategy::satellites;
use crate::plan::strategy::type_change::{Effort, effort};
use crate::plan::{Class, Phase};
use crate::refs::uses_word;

use super::anew::{self, Anew};
use super::convert::{self, Way};
use super::{Scene, Twin};

/// A domain that is made anew over another type.
#[derive(Clone, Copy)]
pub(super) struct Based<'a> {
    pub(super) live: &'a Domain,
    pub(super) desired: &'a Domain,
}

impl Based<'_> {
    /// The way of every value to the new base, where none is refused on it.
    fn way(&self, column: &Column) -> Option<Way> {
        let (from, to) = (&self.live.base, &self.desired.base);
        let goes_along = effort(from, to, true) != Effort::Rewrite;
        convert::forth(&column.name, from, to).or_else(|| goes_along.then_some(Way::Assign))
    }

    /// Whether a way takes every value over as PostgreSQL casts it.
    pub(super) fn keeps_values(&self, column: &Column, way: &Way) -> bool {
        self.way(column).as_ref() == Some(way)
    }
}

/// The twin of a column, or why it has none, as the end of a sentence.
pub(super) fn twin<'a>(
    (live, desired): (&'a Domain, &'a Domain),
    columns: (&'a Column, &'a Column),
    context: &Context<'a>,
) -> Result<Twin<'a>, String> {
    let (before, _) = columns;
    let based = Based { live, desired };
    if before.type_name.array {
        return Err(format!("{} is an array of it", before.id()));
    }
    let told = context.wishes.using.get(&before.id()).cloned().map(Way::Expr);
    let Some(forth) = told.or_else(|| based.way(before)) else {
        return Err(format!(
            "not every value of {} is one of {} without being told how (`-- @using EXPRESSION` right before the column says it)",
            live.base, desired.base
        ));
    };
    Ok(anew::twin(Anew::Domain(based), forth, columns, context))
}

/// What else than columns has the domain and cannot go over, or keeps PostgreSQL from looking for what it refuses.
pub(super) fn obstacle(scene: &Scene) -> Option<String> {
    let schemas = scene.context.schemas;
    for new_type in anew::types(scene.twins) {
        let Anew::Domain(based) = new_type else { continue };
        let mut users = scene.context.live_users.get(&new_type.id()).into_iter().flatten();
        let holds = |user: &&ObjectId| {
            matches!(
                schemas.live.get(user),
                Some(Object::CompositeType(_) | Object::Domain(_) | Object::RangeType(_))
            )
        };
        if let Some(user) = users.find(holds) {
            return Some(format!("{user} is made of it"));
        }
        let refuses = based.desired.not_null || !constraints(based, scene.context).is_empty();
        let name = new_type.id().qualified();
        let inside = || {
            let mut schemas = [schemas.live, schemas.desired].into_iter();
            schemas.find_map(|schema| holder(&name, schema))
        };
        if let Some(column) = refuses.then(inside).flatten() {
            return Some(format!("{column} has values of it inside of others"));
        }
    }
    None
}

/// The second domain.
pub(super) fn made(based: &Based, new_type: &Anew) -> Draft {
    let bare = Domain {
        name: new_type.helper(),
        default: None,
        not_null: false,
        ..based.desired.clone()
    };
    Draft::instant(Phase::Expand, vec![Operation::create(bare)])
        .because("A domain keeps its base type: this one takes the name in the end.")
}

/// The twins whose columns have a new type, and their tables.
fn users<'a>(new_type: &Anew, scene: &Scene<'a>) -> (Vec<&'a Twin<'a>>, Vec<ObjectId>) {
    let has_it = |twin: &&&Twin| twin.anew.as_ref().map(Anew::id) == Some(new_type.id());
    let twins: Vec<&Twin> = scene.twins.iter().filter(has_it).copied().collect();
    let mut tables: Vec<ObjectId> = twins
        .iter()
        .flat_map(|twin| twin.tables())
        .map(|table| ObjectId::named(Kind::Table, table))
        .collect();
    tables.sort();
    tables.dedup();
    (twins, tables)
}

/// Whether a check is sure to let a null pass: comparisons do, and functions that give null for null.
fn passes_null(check: &Expr) -> bool {
    const TELL_NULLS: [&str; 9] = [
        "is", "isnull", "notnull", "coalesce", "case", "greatest", "least", "row", "select",
    ];
    const STRICT: [&str; 8] = [
        "length",
        "char_length",
        "octet_length",
        "lower",
        "upper",
        "btrim",
        "abs",
        "nullif",
    ];
    let found = mentions(&check.text);
    let is_strict = |name: &QualifiedName| STRICT.contains(&name.name.as_str());
    !TELL_NULLS.iter().any(|word| uses_word(&check.text, &Ident::new(*word))) && found.functions.iter().all(is_strict)
}

/// What the new domains refuse, once every row has its value; what would refuse a null is only asked for.
pub(super) fn refusals(scene: &Scene) -> Recipe {
    let mut recipe = Recipe::new();
    for new_type in anew::types(scene.twins) {
        let Anew::Domain(based) = new_type else { continue };
        let (twins, tables) = users(new_type, scene);
        for constraint in constraints(based, scene.context) {
            recipe.extend(twins.iter().map(|twin| violations(twin, constraint)));
            if !passes_null(&constraint.check) {
                continue;
            }
            let unchecked = DomainConstraint {
                domain: new_type.helper(),
                not_valid: true,
                ..constraint.clone()
            };
            let id = unchecked.id();
            recipe.push(
                Draft::instant(Phase::Validate, vec![Operation::create(unchecked)])
                    .because("New values are checked from here on; no table is locked."),
            );
            if !constraint.not_valid {
                let validate = Operation::alter(id, DomainConstraintChange::Validate);
                recipe.push(scanning(&tables, validate));
            }
        }
        if based.desired.not_null {
            recipe.extend(twins.iter().map(|twin| nulls(twin)));
        }
    }
    recipe
}

/// What would refuse a null, once the new domains have the names.
pub(super) fn refusals_of_null(scene: &Scene) -> Recipe {
    let mut recipe = Recipe::new();
    let last = |draft: Draft| Draft {
        phase: Phase::Contract,
        ..draft
    };
    for new_type in anew::types(scene.twins) {
        let Anew::Domain(based) = new_type else { continue };
        let (_, tables) = users(new_type, scene);
        let late = constraints(based, scene.context).into_iter();
        for constraint in late.filter(|constraint| !passes_null(&constraint.check)) {
            let unchecked = DomainConstraint {
                not_valid: true,
                ..constraint.clone()
            };
            let id = unchecked.id();
            let mut made = vec![Operation::create(unchecked)];
            made.extend(satellites(&id, scene.context));
            recipe.push(
                Draft::instant(Phase::Contract, made)
                    .because("Before the switch it would refuse rows of the old application."),
            );
            if !constraint.not_valid {
                recipe.push(last(scanning(
                    &tables,
                    Operation::alter(id, DomainConstraintChange::Validate),
                )));
            }
        }
        if based.desired.not_null {
            let refuse = Operation::alter(new_type.id(), DomainChange::NotNull(true));
            let draft = last(scanning(&tables, refuse));
            recipe.push(draft.because("Before the switch it would refuse rows of the old application."));
        }
    }
    recipe
}

fn constraints<'a>(based: &Based<'a>, context: &Context<'a>) -> Vec<&'a DomainConstraint> {
    let desired = context.schemas.desired;
    let domain = based.desired.id();
    let children = desired.children(&domain);
    children
        .filter_map(|child| match desired.get(child) {
            Some(Object::DomainConstraint(constraint)) => Some(constraint),
            _ => None,
        })
        .collect()
}

/// Rows that a check of the domain refuses.
fn violations(twin: &Twin, constraint: &DomainConstraint) -> Draft {
    let (table, name) = (&twin.table, &twin.name);
    let query = format!(
        "SELECT * FROM {table} WHERE NOT (SELECT ({}) FROM (SELECT {name}) AS pgphase_value (value))",
        constraint.check.text
    );
    let check = Operation::Check {
        table: table.clone(),
        problem: format!("violate {} in {}", constraint.name, twin.after),
        query: Expr::under(query, &constraint.check.path),
        shown: vec![],
    };
    Draft::new(Phase::Validate, Class::Check, vec![check]).because("Asked before any lock is taken.")
}

fn nulls(twin: &Twin) -> Draft {
    let (table, name) = (&twin.table, &twin.name);
    data_check(
        table,
        format!("hold a null in {}", twin.after),
        format!("SELECT * FROM {table} WHERE {}", twin.nulls.none(&name.to_string())),
    )
}

/// What the domain gets with its name.
pub(super) fn completed(based: &Based, context: &Context) -> Vec<Operation> {
    let default = based.desired.default.clone();
    let mut operations: Vec<Operation> = default
        .map(|default| Operation::alter(based.desired.id(), DomainChange::Default(Some(default))))
        .into_iter()
        .collect();
    let checks = constraints(based, context).into_iter();
    let early = checks.filter(|constraint| passes_null(&constraint.check));
    operations.extend(early.flat_map(|constraint| satellites(&constraint.id(), context)));
    operations
}

/// The checks that go and come with the domains of these twins.
pub(super) fn checks(scene: &Scene) -> Vec<ObjectId> {
    let schemas = [scene.context.schemas.live, scene.context.schemas.desired];
    let types = anew::types(scene.twins).into_iter();
    types
        .flat_map(|new_type| schemas.map(|schema| schema.children(&new_type.id()).cloned().collect::<Vec<_>>()))
        .flatten()
        .filter(|id| id.kind == Kind::DomainConstraint)
        .collect()
}
