//! A new column on an existing table.
//!
//! **The danger.** A volatile default, an identity, a stored generated column and a domain with constraints rewrite the table
//! under ACCESS EXCLUSIVE; NOT NULL without a default fails on the first row.
//!
//! | the column | expand | backfill | validate |
//! |---|---|---|---|
//! | nullable, or with a default that is not volatile | ADD COLUMN, whole | | |
//! | volatile default (also serial) | ADD COLUMN bare, SET DEFAULT | fill where null | not-null proof where wanted |
//! | NOT NULL, no default | ADD COLUMN nullable | | not-null proof; stops where rows hold a null |
//! | any of these with `@backfill` | ADD COLUMN bare, SET DEFAULT | fill where null | not-null proof where wanted |
//! | identity | ADD COLUMN bare, SET DEFAULT from a sequence of ours | number the rows that have none | not-null proof; one transaction: DROP DEFAULT, ADD GENERATED, which goes on where the sequence stands, DROP SEQUENCE |
//! | stored generated | through a shadow, see `shadow`, or as below | | |
//! | constrained domain; identity where tables inherit, or with `@backfill` | ADD COLUMN in place, with approval: the table is rewritten | | |
//!
//! **If it stops half-way**: the backfill takes up only rows that are still null.

use crate::expr::Expr;
use crate::name::Ident;
use crate::object::column::{Column, ColumnChange};
use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::{not_null, numbering, satellites, taken_over};
use crate::plan::{Class, HazardKind, Phase};
use crate::refs::References;
use crate::schema::Schema;

/// The recipe for one new column of an existing relation.
pub fn recipe(column: &Column, context: &Context) -> Recipe {
    let id = ObjectId::part(Kind::Column, &column.table, &column.name);
    let mut spoken = satellites(&id, context);
    spoken.extend(taken_over(&column.table, &column.name, context));
    let table_id = ObjectId::named(Kind::Table, &column.table);
    let numbering = numbering::begin(column, context);
    if let Some(why) = rewrites(column, context).filter(|_| numbering.is_none()) {
        let mut operations = vec![Operation::create(column.clone())];
        operations.extend(spoken);
        return vec![
            Draft::new(Phase::Expand, Class::Blocking, operations)
                .because(why)
                .hazard(
                    HazardKind::Rewrite,
                    &table_id,
                    format!("{} is rewritten while reads and writes wait: {why}", column.table),
                ),
        ];
    }
    let default = numbering
        .as_ref()
        .map(|begun| &begun.default)
        .or(column.default.as_ref());
    let volatile = default.is_some_and(|default| is_volatile(default, context));
    let filled = context.wishes.backfill.get(&id);
    let whole =
        !volatile && filled.is_none() && (!column.not_null || column.default.is_some() || column.generated.is_some());
    let in_key = context
        .schemas
        .desired
        .primary_key(&column.table)
        .and_then(|key| key.key())
        .is_some_and(|key| key.columns.contains(&column.name));
    if whole {
        let mut operations = vec![Operation::create(column.clone())];
        operations.extend(spoken);
        let draft = Draft::instant(Phase::Expand, operations);
        return vec![match column.default {
            Some(_) => draft.because("The default is not volatile, so existing rows get it without a rewrite."),
            None => draft,
        }];
    }
    let bare = Column {
        default: None,
        not_null: false,
        identity: None,
        ..column.clone()
    };
    let mut operations = vec![Operation::create(bare)];
    operations.extend(numbering.iter().flat_map(|begun| begun.counter.iter().cloned()));
    if default.is_some() {
        operations.push(Operation::alter(id.clone(), ColumnChange::Default(default.cloned())));
    }
    operations.extend(spoken);
    let first = Draft::instant(Phase::Expand, operations);
    let mut recipe = vec![if numbering.is_some() {
        first.because("A sequence of ours numbers new rows until every row has a number; nothing is rewritten.")
    } else if filled.is_some() {
        first.because("Existing rows get their value afterwards, in batches.")
    } else if volatile {
        first.because(
            "Set apart from ADD COLUMN, a volatile default is not computed for existing rows, so nothing is rewritten.",
        )
    } else {
        first.because("Without a default it must be nullable until every row has a value.")
    }];
    let nulls = not_null::nulls(&column.table, &column.name, context);
    if let Some(value) = filled {
        recipe.push(not_null::fill(&column.table, &column.name, value, nulls));
    } else if volatile {
        let condition = Expr::new(nulls.none(&column.name.to_string()));
        let set = vec![(column.name.clone(), Expr::new("DEFAULT"))];
        recipe.push(
            Draft::new(
                Phase::Backfill,
                Class::Backfill,
                vec![Operation::Backfill {
                    table: column.table.clone(),
                    set,
                    condition,
                }],
            )
            .because("Existing rows get the default in batches."),
        );
    }
    if column.not_null {
        let mut proof = not_null::recipe(&column.table, &column.name, context);
        if let Some(first) = proof.first_mut().filter(|_| !volatile && filled.is_none() && !in_key) {
            first.why =
                "The column has no default: rows must have been given a value by now, or this stops here.".into();
        }
        recipe.extend(proof);
    }
    recipe.extend(numbering.map(|begun| begun.settled));
    recipe
}

/// Why ADD COLUMN would rewrite the table and has no online form yet.
fn rewrites(column: &Column, context: &Context) -> Option<&'static str> {
    if column.identity.is_some() {
        return Some("an identity column numbers every existing row.");
    }
    if column.generated.as_ref().is_some_and(|generated| !generated.r#virtual) {
        return Some("a stored generated column is computed for every existing row.");
    }
    let name = column.type_name.qualified();
    let domain = ObjectId::named(Kind::Domain, &name);
    if let Some(Object::Domain(domain_object)) = context.schemas.desired.get(&domain) {
        let constrained = domain_object.not_null
            || context
                .schemas
                .desired
                .children(&domain)
                .any(|child| child.kind == Kind::DomainConstraint);
        if constrained {
            return Some("a domain with constraints is checked for every existing row.");
        }
    }
    None
}

/// Whether a default may be volatile, so that ADD COLUMN would rewrite the table. Calls are volatile unless they are on the
/// list of functions that are known not to be, or desired functions that say so.
pub fn is_volatile(default: &Expr, context: &Context) -> bool {
    is_volatile_in(default, context.schemas.desired, &context.references.desired)
}

/// The same, given a schema and who names whom in it.
pub fn is_volatile_in(default: &Expr, schema: &Schema, references: &References) -> bool {
    calls(&default.text).iter().any(|name| {
        let declared = references
            .routines(&Ident::new(name))
            .map(|id| match schema.get(id) {
                Some(Object::Routine(routine)) => routine.volatility != crate::object::routine::Volatility::Volatile,
                _ => false,
            })
            .reduce(|a, b| a && b);
        !declared.unwrap_or_else(|| NOT_VOLATILE.contains(&name.as_str()))
    })
}

/// Functions of `pg_catalog` that are used in defaults and are stable or immutable (`pg_proc.provolatile`).
const NOT_VOLATILE: &[&str] = &[
    "abs",
    "array",
    "array_append",
    "array_cat",
    "array_fill",
    "box",
    "btrim",
    "cast",
    "ceil",
    "char_length",
    "character",
    "chr",
    "circle",
    "coalesce",
    "concat",
    "concat_ws",
    "current_database",
    "current_role",
    "current_schema",
    "current_setting",
    "current_user",
    "date_part",
    "date_trunc",
    "daterange",
    "decode",
    "encode",
    "extract",
    "floor",
    "format",
    "greatest",
    "hstore",
    "initcap",
    "int4range",
    "int8range",
    "interval",
    "json_build_array",
    "json_build_object",
    "jsonb",
    "jsonb_build_array",
    "jsonb_build_object",
    "least",
    "left",
    "length",
    "lower",
    "lpad",
    "ltrim",
    "make_date",
    "make_interval",
    "make_time",
    "make_timestamp",
    "make_timestamptz",
    "md5",
    "mod",
    "now",
    "nullif",
    "numeric",
    "numrange",
    "octet_length",
    "point",
    "power",
    "replace",
    "right",
    "round",
    "row",
    "rpad",
    "rtrim",
    "session_user",
    "sign",
    "split_part",
    "sqrt",
    "statement_timestamp",
    "string_to_array",
    "strpos",
    "substr",
    "substring",
    "timezone",
    "to_char",
    "to_date",
    "to_json",
    "to_jsonb",
    "to_number",
    "to_timestamp",
    "to_tsvector",
    "transaction_timestamp",
    "trim",
    "trunc",
    "tsrange",
    "tstzrange",
    "upper",
    "uuid_nil",
    "varchar",
    "values",
    "in",
    "and",
    "or",
    "not",
    "any",
    "all",
    "char",
    "bit",
    "decimal",
    "time",
    "timestamp",
    "date",
    "current_timestamp",
    "current_time",
    "localtime",
    "localtimestamp",
    "float",
];

/// The names that a text calls: words followed by an opening parenthesis, string literals left out.
fn calls(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word = String::new();
    let mut ended = false;
    let mut in_string = false;
    for c in text.chars() {
        if in_string {
            in_string = c != '\'';
            continue;
        }
        if c.is_alphanumeric() || c == '_' {
            if std::mem::take(&mut ended) {
                word.clear();
            }
            word.push(c.to_ascii_lowercase());
            continue;
        }
        if c == '(' && !word.is_empty() && !word.starts_with(|c: char| c.is_ascii_digit()) {
            found.push(std::mem::take(&mut word));
        }
        in_string = c == '\'';
        ended = c.is_whitespace();
        if !ended {
            word.clear();
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::calls;

    #[test]
    fn calls_are_found() {
        assert_eq!(
            calls("public.f(1) + now () - 'g(2)' or upper(lower('x'))"),
            ["f", "now", "upper", "lower"]
        );
        assert!(calls("'a'::character varying").is_empty());
    }
}
