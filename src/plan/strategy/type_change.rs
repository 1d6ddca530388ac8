//! A column changes its type.
//!
//! **The danger.** Most changes of type rewrite the table and all its indexes under ACCESS EXCLUSIVE. Some do not, and of
//! those some still rebuild indexes or check constraints again.
//!
//! | the change | phase | step |
//! |---|---|---|
//! | nothing rewritten, rebuilt or scanned (measured list below) | expand | ALTER COLUMN TYPE, instant |
//! | a rewrite | all | through a twin, see `twin` |
//! | anything else, and where no twin can be used | contract, with approval | ALTER COLUMN TYPE in place; default dropped before and set after |
//!
//! **If it stops half-way**: one transaction, so the column has either type.

use crate::expr::Expr;
use crate::object::column::{Column, ColumnChange};
use crate::object::constraint::ConstraintRule;
use crate::object::index::KeyExpr;
use crate::object::{Change, Definition, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::locks::stored_as;
use crate::plan::strategy::below;
use crate::plan::strategy::numbering;
use crate::plan::strategy::own_not_null;
use crate::plan::strategy::twin::keeps_values;
use crate::plan::{Class, HazardKind, Phase};
use crate::refs::uses_word;
use crate::schema::Schema;
use crate::types::TypeName;

/// What a change of type does to the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Only the catalog changes.
    Catalog,
    /// The table stays, every index on the column is rebuilt.
    Reindex,
    /// The table is rewritten.
    Rewrite,
}

/// The recipe for a `Type` change; `all` are all changes of the column.
pub fn recipe(id: &ObjectId, change: &ColumnChange, all: &[Change], context: &Context) -> Recipe {
    let ColumnChange::Type {
        type_name,
        collation,
        using,
    } = change
    else {
        return Recipe::new();
    };
    let table = id.qualified();
    let table_id = ObjectId::named(Kind::Table, &table);
    let Some(live) = context.live_column(&table, id.own_name()) else {
        return Recipe::new();
    };
    let same_collation = live.collation == *collation;
    let effort = effort_on(live, type_name, same_collation, context);
    let quiet = effort == Effort::Catalog
        && !has_dependent_texts(id, context)
        && !used_in_partitioned_index(id, context)
        && !own_not_null::is_kept_below(id, context);
    if quiet {
        let mut operations = vec![Operation::alter(id.clone(), change.clone())];
        // Left alone, the default would stay an expression of the old type.
        let default = context
            .desired_column(&table, id.own_name())
            .and_then(|column| column.default.clone())
            .filter(|_| {
                !all.iter()
                    .any(|other| matches!(other, Change::Column(ColumnChange::Default(_))))
            });
        if let Some(default) = default {
            operations.push(Operation::alter(id.clone(), ColumnChange::Default(Some(default))));
        }
        operations.extend(below::told(id, &ColumnChange::Default(None), Phase::Expand, context));
        operations.extend(forgotten(id, all));
        operations.extend(below::told(id, change, Phase::Expand, context));
        return vec![
            Draft::instant(Phase::Expand, operations)
                .because("Only the catalog changes: no row is rewritten, no index rebuilt, no check repeated."),
        ];
    }
    // Written over the column under its old name, it does not fit one that is renamed in place.
    let told = context.wishes.using.get(id);
    let is_told = using.is_some() || told.is_some();
    let told = told.filter(|expr| uses_word(&expr.text, id.own_name()));
    let using = using
        .clone()
        .or_else(|| told.cloned())
        .or_else(|| through_text(live, type_name, context))
        .or_else(|| cast(live, type_name));
    let as_text = through_text(live, type_name, context).is_some();
    let stored = stored_as(&live.type_name, context.schemas.live);
    let widens = effort_of_values(stored, type_name) != Effort::Rewrite;
    let keeps = !is_told && (as_text || widens || keeps_values(stored, type_name));
    let mut operations = Vec::new();
    let takes_default = takes_default(id, all, context);
    if takes_default && live.default.is_some() {
        operations.push(Operation::alter(id.clone(), ColumnChange::Default(None)));
    }
    let change = ColumnChange::Type {
        type_name: type_name.clone(),
        collation: collation.clone(),
        using,
    };
    let alter = Operation::alter(id.clone(), change.clone());
    operations.extend(own_not_null::around(id, alter, context));
    operations.extend(forgotten(id, all));
    operations.extend(below::told(id, &change, Phase::Contract, context));
    let wanted = context.desired_column(&table, id.own_name());
    let handover = numbering::handover(id, context);
    let needs_not_null = handover.is_some() && wanted.is_some_and(|column| column.identity.is_some());
    if let Some(handover) = handover {
        operations.extend(numbering::in_place(id, handover, context));
    } else if let Some(default) = wanted
        .and_then(|column| column.default.clone())
        .filter(|_| takes_default)
    {
        operations.push(Operation::alter(id.clone(), ColumnChange::Default(Some(default))));
    }
    if takes_default {
        operations.extend(below::told(id, &ColumnChange::Default(None), Phase::Contract, context));
    }
    let explanation = match effort {
        Effort::Rewrite => format!("{table} and its indexes are rewritten while reads and writes wait."),
        Effort::Reindex => format!(
            "The indexes of {table} on {} are rebuilt while reads and writes wait.",
            id.own_name()
        ),
        Effort::Catalog => format!(
            "Checks and indexes of {table} on {} are checked or rebuilt while reads and writes wait.",
            id.own_name()
        ),
    };
    let kind = if effort == Effort::Rewrite {
        HazardKind::Rewrite
    } else {
        HazardKind::BlockingScan
    };
    let mut draft = Draft::new(Phase::Contract, Class::Blocking, operations)
        .because(format!("{} to {type_name} has no short form.", live.type_name))
        .hazard(kind, &table_id, explanation);
    if effort == Effort::Rewrite && !keeps {
        draft = draft.hazard(
            HazardKind::DataLoss,
            id,
            format!(
                "Of {id} only what {type_name} holds of its values stays; how they were written before, and what does not fit, is lost."
            ),
        );
    }
    draft.needs_not_null.extend(needs_not_null.then(|| id.clone()));
    vec![draft]
}

/// Storage and compression, which PostgreSQL forgets with the type.
fn forgotten<'a>(id: &'a ObjectId, all: &'a [Change]) -> impl Iterator<Item = Operation> + 'a {
    let said = all.iter().filter(|change| is_forgotten(change));
    said.map(|change| Operation::Alter {
        id: id.clone(),
        change: change.clone(),
    })
}

/// Whether a change of the type would undo another change of the column.
pub fn is_forgotten(change: &Change) -> bool {
    matches!(
        change,
        Change::Column(ColumnChange::Storage(_) | ColumnChange::Compression(_))
    )
}

/// Whether the recipe for the type drops the default and sets the desired one itself.
pub fn takes_default(id: &ObjectId, all: &[Change], context: &Context) -> bool {
    let Some(live) = context.live_column(&id.qualified(), id.own_name()) else {
        return false;
    };
    all.iter().any(|change| match change {
        Change::Column(ColumnChange::Type {
            type_name, collation, ..
        }) => {
            effort_on(live, type_name, live.collation == *collation, context) != Effort::Catalog
                || has_dependent_texts(id, context)
                || used_in_partitioned_index(id, context)
                || own_not_null::is_kept_below(id, context)
        }
        _ => false,
    })
}

/// What another type for a live column does. A domain is stored as its base, so that a change to that changes no row (measured:
/// `type_domain_*`). What a domain says beside it, a default or a rule, the old application relies on as long as it runs.
pub fn effort_on(live: &Column, desired: &TypeName, same_collation: bool, context: &Context) -> Effort {
    let stored = stored_as(&live.type_name, context.schemas.live);
    let is_told = context.wishes.using.contains_key(&live.id());
    if *stored == live.type_name || is_told || says_more(&live.type_name, context.schemas.live) {
        return effort(&live.type_name, desired, same_collation);
    }
    match stored == desired && same_collation {
        true => Effort::Catalog,
        false => effort(stored, desired, same_collation),
    }
}

/// Whether a domain, or one that it is based on, has a default, refuses nulls, or has checks.
fn says_more(type_name: &TypeName, schema: &Schema) -> bool {
    let id = ObjectId::named(Kind::Domain, &type_name.qualified());
    let Some(Object::Domain(domain)) = schema.get(&id) else {
        return false;
    };
    let mut children = schema.children(&id);
    domain.default.is_some()
        || domain.not_null
        || children.any(|child| child.kind == Kind::DomainConstraint)
        || says_more(&domain.base, schema)
}

/// What ALTER COLUMN TYPE does, as measured on PostgreSQL 14 to 18 with TimeZone UTC.
pub fn effort(live: &TypeName, desired: &TypeName, same_collation: bool) -> Effort {
    if live.array || desired.array {
        return if live == desired {
            Effort::Reindex
        } else {
            Effort::Rewrite
        };
    }
    let length = |t: &TypeName| t.modifiers.parse::<u32>().ok();
    let wider = |live: &TypeName, desired: &TypeName| match (length(live), length(desired)) {
        (_, None) => desired.modifiers.is_empty(),
        (Some(from), Some(to)) => to >= from,
        (None, Some(_)) => false,
    };
    let effort = match (live.name.as_str(), desired.name.as_str()) {
        ("character varying", "text") | ("xml", "text") | ("cidr", "inet") => Effort::Catalog,
        ("text" | "xml", "character varying") if desired.modifiers.is_empty() => Effort::Catalog,
        ("character varying", "character varying") | ("bit varying", "bit varying") if wider(live, desired) => {
            Effort::Catalog
        }
        ("numeric", "numeric") if numeric_widens(live, desired) => Effort::Catalog,
        (from, to)
            if from == to
                && matches!(
                    from,
                    "timestamp with time zone"
                        | "timestamp without time zone"
                        | "time with time zone"
                        | "time without time zone"
                )
                && (wider(live, desired) || (live.modifiers.is_empty() && desired.modifiers == "6")) =>
        {
            Effort::Catalog
        }
        ("interval", "interval") if wider(live, desired) => Effort::Catalog,
        (from, to) if from == to && live.modifiers == desired.modifiers && live.namespace == desired.namespace => {
            Effort::Reindex
        }
        _ => Effort::Rewrite,
    };
    if effort == Effort::Catalog && !same_collation {
        Effort::Reindex
    } else {
        effort
    }
}

/// The same of single values: an array is rewritten for what its elements alone would not be.
fn effort_of_values(live: &TypeName, desired: &TypeName) -> Effort {
    match (live.array, desired.array) {
        (true, true) => effort(&live.element(), &desired.element(), true),
        _ => effort(live, desired, true),
    }
}

fn numeric_widens(live: &TypeName, desired: &TypeName) -> bool {
    let parse = |t: &TypeName| -> Option<(i32, i32)> {
        let (precision, scale) = t.modifiers.split_once(',')?;
        Some((precision.parse().ok()?, scale.parse().ok()?))
    };
    match (parse(live), parse(desired)) {
        (_, None) => desired.modifiers.is_empty(),
        (Some((precision, scale)), Some((wider, same))) => wider >= precision && scale == same,
        (None, Some(_)) => false,
    }
}

/// Checks, expression indexes and predicates that use the column are repeated or rebuilt even where the table is not.
fn has_dependent_texts(id: &ObjectId, context: &Context) -> bool {
    let table = id.qualified();
    let name = id.own_name();
    context
        .schemas
        .live
        .constraints(&table)
        .any(|constraint| match &constraint.rule {
            ConstraintRule::Check { expr, .. } => uses_word(&expr.text, name),
            _ => false,
        })
        || context.schemas.live.indexes(&table).any(|index| {
            index
                .predicate
                .as_ref()
                .is_some_and(|predicate| uses_word(&predicate.text, name))
                || index
                    .keys
                    .iter()
                    .any(|key| matches!(&key.key, KeyExpr::Expr(expr) if uses_word(&expr.text, name)))
        })
}

/// On a partitioned table even a widening rebuilds the partitions' indexes on the column.
fn used_in_partitioned_index(id: &ObjectId, context: &Context) -> bool {
    let table = id.qualified();
    let partitioned = context
        .schemas
        .live
        .table(&table)
        .is_some_and(|table| table.partition_by.is_some());
    partitioned && !crate::refs::parts_of_column(context.schemas.live, id).is_empty()
}

/// An enum has no cast but the one to text, and from it.
fn through_text(live: &Column, desired: &TypeName, context: &Context) -> Option<Expr> {
    let is_enum = |schema: &Schema, type_name: &TypeName| {
        type_name.namespace.as_ref().is_some_and(|namespace| {
            let name = crate::name::QualifiedName {
                namespace: Some(namespace.clone()),
                name: type_name.name.clone(),
            };
            schema.contains(&ObjectId::named(Kind::EnumType, &name))
        })
    };
    let (from, to) = (&live.type_name, desired);
    let text_like = |name: &TypeName| matches!(name.name.as_str(), "text" | "character varying" | "character");
    let either = is_enum(context.schemas.live, from) || is_enum(context.schemas.desired, to);
    if !either || from.array != to.array || text_like(from) || text_like(to) || from.element() == to.element() {
        return None;
    }
    let text = if from.array { "text[]" } else { "text" };
    Some(Expr::new(format!("{}::{text}::{to}", live.name)))
}

/// A `USING` clause where there is no assignment cast. Where there is one it is left to PostgreSQL, because an explicit cast
/// may cut values that an assignment refuses.
fn cast(live: &Column, desired: &TypeName) -> Option<Expr> {
    let name = &live.name;
    let text_like = |t: &TypeName| {
        matches!(
            t.name.as_str(),
            "text" | "character varying" | "character" | "bpchar" | "name" | "citext"
        ) && !t.array
    };
    let user_defined = |t: &TypeName| !t.is_builtin();
    let number = |t: &TypeName| {
        matches!(
            t.name.as_str(),
            "integer" | "bigint" | "smallint" | "numeric" | "real" | "double precision"
        ) && !t.array
    };
    let from = &live.type_name;
    if text_like(desired) && !desired.array {
        return None;
    }
    if user_defined(from) && user_defined(desired) && from.element() != desired.element() {
        let text = if from.array { "text[]" } else { "text" };
        return Some(Expr::new(format!("{name}::{text}::{desired}")));
    }
    let explicit = text_like(from)
        || from.array != desired.array
        || user_defined(desired)
        || (from.name.as_str() == "boolean") != (desired.name.as_str() == "boolean")
        || (matches!(from.name.as_str(), "json" | "jsonb") && !matches!(desired.name.as_str(), "json" | "jsonb"))
        || (number(from) && !number(desired))
        || (from.array && desired.array && from.name != desired.name);
    if !explicit {
        return None;
    }
    let bridge = match (from.name.as_str(), desired.name.as_str()) {
        ("boolean", "bigint" | "smallint" | "numeric" | "real" | "double precision") => "::integer",
        ("bigint" | "smallint" | "numeric" | "real" | "double precision", "boolean") => "::integer",
        _ => "",
    };
    Some(Expr::new(format!("{name}{bridge}::{desired}")))
}

/// Whether objects of this kind that use a column keep its type from being changed, so that they are dropped before and made
/// anew after (measured: refused with 0A000 even for a widening).
pub fn blocks_type_change(object: &Object) -> bool {
    match object {
        Object::View(_) | Object::MaterializedView(_) | Object::Rule(_) | Object::Policy(_) | Object::Trigger(_) => {
            true
        }
        Object::Routine(routine) => matches!(routine.body, crate::object::routine::Body::Sql(_)),
        Object::Column(column) => column.generated.is_some(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effort_follows_the_measured_matrix() {
        for (live, desired, wanted) in [
            ("varchar(10)", "varchar(20)", Effort::Catalog),
            ("varchar(20)", "varchar(10)", Effort::Rewrite),
            ("varchar(10)", "text", Effort::Catalog),
            ("text", "varchar(10)", Effort::Rewrite),
            ("char(3)", "char(5)", Effort::Rewrite),
            ("int", "bigint", Effort::Rewrite),
            ("numeric(10,2)", "numeric(12,2)", Effort::Catalog),
            ("numeric(10,2)", "numeric(12,3)", Effort::Rewrite),
            ("numeric(10,2)", "numeric", Effort::Catalog),
            ("timestamp(3)", "timestamp(6)", Effort::Catalog),
            ("timestamp", "timestamp(6)", Effort::Catalog),
            ("timestamp", "timestamp(3)", Effort::Rewrite),
            ("interval(3)", "interval(6)", Effort::Catalog),
            ("interval(6)", "interval(3)", Effort::Rewrite),
            ("timestamp", "timestamptz", Effort::Rewrite),
            ("varchar(10)[]", "varchar(20)[]", Effort::Rewrite),
        ] {
            assert_eq!(
                effort(&TypeName::parse(live), &TypeName::parse(desired), true),
                wanted,
                "{live} to {desired}"
            );
        }
        assert_eq!(
            effort(&TypeName::parse("text"), &TypeName::parse("text"), false),
            Effort::Reindex
        );
    }
}
