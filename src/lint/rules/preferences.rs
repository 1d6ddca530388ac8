//! Matters of taste and habit: information at most, and some are off.

use crate::lint::rule::{Check, Level, Rule};
use crate::lint::site::{ObjectSite, Site, Told};
use crate::object::column::Column;
use crate::object::constraint::ConstraintRule;
use crate::object::{Kind, Object};
use crate::operation::{IfExists, Operation};

fn column<'a>(site: &ObjectSite<'a>) -> Option<&'a Column> {
    match site.object {
        Object::Column(column) => Some(column),
        _ => None,
    }
}

fn of_type(site: &ObjectSite<'_>, fits: impl Fn(&Column) -> bool, why: &str) -> Vec<Told> {
    column(site)
        .filter(|column| fits(column))
        .map(|column| Told::new(format!("{} is {}: {why}", column.name, column.type_name)).at(&column.name))
        .into_iter()
        .collect()
}

fn serial(site: &ObjectSite<'_>) -> Vec<Told> {
    let Some(column) = column(site) else { return Vec::new() };
    let owned = site.schema.of_kind(Kind::Sequence).any(|(_, object)| match object {
        Object::Sequence(sequence) => sequence
            .owned_by
            .as_ref()
            .is_some_and(|owner| owner.table == column.table && owner.column == column.name),
        _ => false,
    });
    let counts = column
        .default
        .as_ref()
        .is_some_and(|default| default.text.to_ascii_lowercase().contains("nextval"));
    if owned && counts {
        return vec![Told::new(format!("{} is a serial", column.name)).at(&column.name)];
    }
    Vec::new()
}

fn small_key(site: &ObjectSite<'_>) -> Vec<Told> {
    let Object::Constraint(constraint) = site.object else {
        return Vec::new();
    };
    let ConstraintRule::PrimaryKey(key) = &constraint.rule else {
        return Vec::new();
    };
    let [name] = key.columns.as_slice() else {
        return Vec::new();
    };
    let counts = |column: &Column| column.identity.is_some() || column.default.is_some();
    site.schema
        .column(&constraint.table, name)
        .filter(|column| matches!(column.type_name.name.as_str(), "integer" | "smallint") && counts(column))
        .map(|column| {
            let most = if column.type_name.name.as_str() == "integer" {
                "2,147,483,647"
            } else {
                "32,767"
            };
            Told::new(format!(
                "the key {name} is {} and counts to {most} only",
                column.type_name
            ))
            .at(name)
        })
        .into_iter()
        .collect()
}

/// Names that are longer than PostgreSQL keeps.
fn long_names(site: &Site<'_>) -> Vec<Told> {
    if site.command.is_some() {
        return Vec::new();
    }
    site.tokens
        .iter()
        .filter(|token| token.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '"'))
        .map(|token| token.trim_matches('"'))
        .find(|token| token.len() > crate::name::MAX_IDENT_BYTES)
        .map(|token| {
            Told::new(format!(
                "{token} has {} bytes, of which PostgreSQL keeps 63",
                token.len()
            ))
        })
        .into_iter()
        .collect()
}

fn unqualified(site: &Site<'_>) -> Vec<Told> {
    let Some(Operation::Create { object, .. }) = site.operation else {
        return Vec::new();
    };
    let id = object.id();
    let named = matches!(
        id.kind,
        Kind::Table | Kind::View | Kind::Sequence | Kind::MaterializedView
    );
    let at = site
        .tokens
        .iter()
        .position(|token| token.trim_matches('"').eq_ignore_ascii_case(id.name.as_str()));
    let bare = at.is_some_and(|at| at == 0 || site.tokens.get(at - 1) != Some(&"."));
    let owned = matches!(object, Object::Sequence(sequence) if sequence.owned_by.is_some());
    if named && bare && !owned {
        return vec![Told::new(format!("{} is made wherever search_path leads", id.name)).at(&id.name)];
    }
    Vec::new()
}

fn not_repeatable(site: &Site<'_>) -> Vec<Told> {
    if site.session.in_transaction() || site.has_word("exists") {
        return Vec::new();
    }
    match site.operation {
        Some(Operation::Create {
            object: object @ (Object::Table(_) | Object::Index(_) | Object::Sequence(_) | Object::Namespace(_)),
            if_exists: IfExists::Fail,
            ..
        }) if !matches!(object, Object::Sequence(sequence) if sequence.owned_by.is_some()) => {
            vec![Told::new(format!(
                "{} is made without IF NOT EXISTS, outside a transaction",
                object.id()
            ))]
        }
        Some(Operation::Drop {
            id, if_exists: false, ..
        }) if matches!(id.kind, Kind::Table | Kind::Index) => {
            vec![Told::new(format!(
                "{id} is dropped without IF EXISTS, outside a transaction"
            ))]
        }
        _ => Vec::new(),
    }
}

fn domain_check(site: &ObjectSite<'_>) -> Vec<Told> {
    match site.object {
        Object::DomainConstraint(constraint) => vec![
            Told::new(format!("{} has the constraint {}", constraint.domain, constraint.name))
                .at(&constraint.domain.name),
        ],
        _ => Vec::new(),
    }
}

fn label_place(site: &Site<'_>) -> Vec<Told> {
    let places = site.has_word("before") || site.has_word("after");
    if site.opens("alter type") && site.has_word("value") && site.has_word("add") && !places {
        return vec![Told::new("the new value goes behind all others, wherever it belongs")];
    }
    Vec::new()
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "prefer-timestamptz",
        level: Level::Info,
        title: "a timestamp has no time zone",
        why: "timestamp keeps what a clock on some wall showed and forgets where the wall is; timestamptz keeps the moment, in the \
              same eight bytes.",
        bad: "CREATE TABLE visits (id bigint PRIMARY KEY, at timestamp);",
        good: "CREATE TABLE visits (id bigint PRIMARY KEY, at timestamptz);",
        fix: "use timestamptz",
        check: Check::Object(|site| {
            of_type(
                site,
                |column| column.type_name.name.as_str() == "timestamp without time zone",
                "it does not say at which moment",
            )
        }),
        ..Rule::BLANK
    },
    Rule {
        id: "char-type",
        level: Level::Info,
        title: "char(n) fills up with blanks",
        why: "Values are filled up with blanks to the length, which count or do not count depending on the operator. It is no faster \
              than text.",
        bad: "CREATE TABLE countries (id bigint PRIMARY KEY, code char(2));",
        good: "CREATE TABLE countries (id bigint PRIMARY KEY, code text CHECK (length(code) = 2));",
        fix: "use text, with a check where the length matters",
        check: Check::Object(|site| {
            of_type(
                site,
                |column| column.type_name.name.as_str() == "character" && !column.type_name.array,
                "values are filled up with blanks",
            )
        }),
        ..Rule::BLANK
    },
    Rule {
        id: "prefer-text",
        level: Level::Off,
        title: "varchar(n) has a length that changes one day",
        why: "varchar(n) is no faster than text. A greater length is instant, a smaller one rewrites the table; a CHECK can be \
              changed either way without.",
        bad: "CREATE TABLE tags (id bigint PRIMARY KEY, tag varchar(30));",
        good: "CREATE TABLE tags (id bigint PRIMARY KEY, tag text CHECK (length(tag) <= 30));",
        fix: "use text, with a check where the length matters",
        check: Check::Object(|site| {
            of_type(
                site,
                |column| {
                    column.type_name.name.as_str() == "character varying" && !column.type_name.modifiers.is_empty()
                },
                "the length will change one day",
            )
        }),
        ..Rule::BLANK
    },
    Rule {
        id: "prefer-identity",
        level: Level::Info,
        title: "serial instead of an identity column",
        why: "A serial is a default that anybody may write over, with a sequence that has privileges of its own. An identity column \
              is standard SQL and belongs to the column.",
        bad: "CREATE TABLE tags (id bigserial PRIMARY KEY);",
        good: "CREATE TABLE tags (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);",
        fix: "use bigint GENERATED ALWAYS AS IDENTITY",
        check: Check::Object(serial),
        ..Rule::BLANK
    },
    Rule {
        id: "prefer-bigint-key",
        level: Level::Info,
        title: "a counting key is a small integer",
        why: "It ends at 2,147,483,647 rows ever made, deleted ones and failed inserts counted, and every insert fails from then on. \
              Making it a bigint later is a migration of this table and all that reference it.",
        bad: "CREATE TABLE tags (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);",
        good: "CREATE TABLE tags (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);",
        fix: "use bigint",
        check: Check::Object(small_key),
        ..Rule::BLANK
    },
    Rule {
        id: "prefer-jsonb",
        level: Level::Info,
        title: "json has no equality",
        why: "json keeps the text as it came and has no equality operator, so DISTINCT and GROUP BY over it fail, and it is parsed \
              anew on each access.",
        bad: "CREATE TABLE documents (id bigint PRIMARY KEY, body json);",
        good: "CREATE TABLE documents (id bigint PRIMARY KEY, body jsonb);",
        fix: "use jsonb",
        check: Check::Object(|site| {
            of_type(
                site,
                |column| column.type_name.name.as_str() == "json",
                "it has no equality",
            )
        }),
        ..Rule::BLANK
    },
    Rule {
        id: "money-type",
        level: Level::Info,
        title: "money depends on a setting",
        why: "What a value of type money means depends on lc_monetary, and fractions of a cent are lost.",
        bad: "CREATE TABLE prices (id bigint PRIMARY KEY, price money);",
        good: "CREATE TABLE prices (id bigint PRIMARY KEY, price numeric(12, 2));",
        fix: "use numeric",
        check: Check::Object(|site| {
            of_type(
                site,
                |column| column.type_name.name.as_str() == "money",
                "what it means depends on lc_monetary",
            )
        }),
        ..Rule::BLANK
    },
    Rule {
        id: "identifier-too-long",
        level: Level::Warning,
        title: "a name is longer than PostgreSQL keeps",
        why: "Names are cut to 63 bytes with a notice, so two long names may turn out to be one.",
        bad: "CREATE TABLE a_name_that_goes_on_and_on_until_it_is_longer_than_sixty_three_bytes (id bigint PRIMARY KEY);",
        good: "CREATE TABLE a_short_name (id bigint PRIMARY KEY);",
        fix: "shorten it",
        check: Check::Statement(long_names),
        ..Rule::BLANK
    },
    Rule {
        id: "unqualified-name",
        level: Level::Off,
        title: "a relation is made without naming its schema",
        why: "It goes wherever search_path leads the role that runs the migration.",
        bad: "CREATE TABLE tags (id bigint PRIMARY KEY);",
        good: "CREATE TABLE public.tags (id bigint PRIMARY KEY);",
        fix: "write the schema before the name",
        check: Check::Operation(unqualified),
        ..Rule::BLANK
    },
    Rule {
        id: "not-repeatable",
        level: Level::Off,
        title: "a statement outside a transaction cannot be run a second time",
        why: "If a later statement fails, what came before it stays, and the migration fails at the first statement when it is run \
              again. For a concurrent build IF NOT EXISTS is no help: it takes an invalid index for a good one.",
        bad: "CREATE TABLE tags (id bigint PRIMARY KEY);",
        good: "CREATE TABLE IF NOT EXISTS tags (id bigint PRIMARY KEY);",
        fix: "add IF [NOT] EXISTS, or use a transaction",
        check: Check::Operation(not_repeatable),
        ..Rule::BLANK
    },
    Rule {
        id: "domain-constraint",
        level: Level::Off,
        title: "a domain has a constraint",
        why: "Changing it reads every table that uses the domain while writes wait, and adding a column of it rewrites the table.",
        bad: "CREATE DOMAIN percent AS integer CHECK (VALUE BETWEEN 0 AND 100);",
        good: "CREATE DOMAIN percent AS integer;",
        fix: "use checks on the tables",
        check: Check::Object(domain_check),
        ..Rule::BLANK
    },
    Rule {
        id: "enum-value-without-place",
        level: Level::Off,
        title: "a value is added to an enum without saying where",
        why: "Values are sorted in the order of the enum. Without BEFORE or AFTER the new one is the greatest, and cannot be moved.",
        bad: "ALTER TYPE order_state ADD VALUE 'sent';",
        good: "ALTER TYPE order_state ADD VALUE 'sent' AFTER 'paid';",
        fix: "say BEFORE or AFTER",
        check: Check::Statement(label_place),
        ..Rule::BLANK
    },
];
