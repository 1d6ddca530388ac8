//! Keys and indexes of the schema that comes out: looked at in desired files, and in what a migration makes.

use crate::lint::assume::UNKNOWN;
use crate::lint::rule::{Check, Level, Rule};
use crate::lint::site::{ObjectSite, Told};
use crate::name::Ident;
use crate::object::Object;
use crate::object::constraint::ConstraintRule;
use crate::object::index::{Index, KeyExpr};
use crate::plan::narrow::{in_thousands, is_narrower};

fn foreign_key_index(site: &ObjectSite<'_>) -> Vec<Told> {
    let Object::Constraint(constraint) = site.object else {
        return Vec::new();
    };
    let ConstraintRule::ForeignKey(key) = &constraint.rule else {
        return Vec::new();
    };
    // Nothing is known of the indexes of a table that no file makes.
    if site.assumed.contains(&crate::object::ObjectId::named(
        crate::object::Kind::Table,
        &constraint.table,
    )) {
        return Vec::new();
    }
    let leads = |columns: &[&Ident]| {
        columns.len() >= key.columns.len()
            && columns[..key.columns.len()]
                .iter()
                .all(|column| key.columns.contains(column))
    };
    let by_constraint = site
        .schema
        .constraints(&constraint.table)
        .any(|other| match &other.rule {
            ConstraintRule::PrimaryKey(own) | ConstraintRule::Unique(own) => {
                leads(&own.columns.iter().collect::<Vec<_>>())
            }
            _ => false,
        });
    let by_index = site
        .schema
        .indexes(&constraint.table)
        .any(|index| index.predicate.is_none() && leads(&leading_columns(index)));
    if by_constraint || by_index {
        return Vec::new();
    }
    let columns = key
        .columns
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    let told = Told::new(format!(
        "no index on {} begins with {columns}: each delete or change of a row of {} reads the whole table",
        constraint.table, key.references
    ))
    .instead(format!(
        "CREATE INDEX CONCURRENTLY ON {} ({columns});",
        constraint.table
    ));
    vec![match key.columns.first() {
        Some(first) => told.at(first),
        None => told,
    }]
}

fn narrow_sequence(site: &ObjectSite<'_>) -> Vec<Told> {
    let Object::Sequence(sequence) = site.object else {
        return Vec::new();
    };
    let Some(owner) = &sequence.owned_by else {
        return Vec::new();
    };
    let column = site.schema.column(&owner.table, &owner.column);
    column
        .filter(|column| is_narrower(&sequence.data_type, &column.type_name))
        .map(|column| {
            Told::new(format!(
                "{} is a sequence of {} and ends at {}, while {}.{} is {}",
                sequence.name,
                sequence.data_type,
                in_thousands(sequence.options.max),
                owner.table,
                column.name,
                column.type_name
            ))
            .instead(format!("ALTER SEQUENCE {} AS {};", sequence.name, column.type_name))
        })
        .into_iter()
        .collect()
}

pub(super) fn leading_columns(index: &Index) -> Vec<&Ident> {
    index
        .keys
        .iter()
        .map_while(|key| match &key.key {
            KeyExpr::Column(column) => Some(column),
            KeyExpr::Expr(_) => None,
        })
        .collect()
}

fn foreign_key_types(site: &ObjectSite<'_>) -> Vec<Told> {
    let Object::Constraint(constraint) = site.object else {
        return Vec::new();
    };
    let ConstraintRule::ForeignKey(key) = &constraint.rule else {
        return Vec::new();
    };
    let referenced = if key.referenced_columns.is_empty() {
        let primary = site
            .schema
            .primary_key(&key.references)
            .and_then(|primary| primary.key());
        primary.map(|primary| primary.columns.clone()).unwrap_or_default()
    } else {
        key.referenced_columns.clone()
    };
    let type_of = |table, name: &Ident| {
        let columns = site.schema.all_columns(table);
        let column = columns.into_iter().find(|column| column.name == *name)?;
        (column.type_name.name.as_str() != UNKNOWN).then(|| column.type_name.clone())
    };
    key.columns
        .iter()
        .zip(&referenced)
        .filter_map(|(own, other)| {
            let (one, two) = (type_of(&constraint.table, own)?, type_of(&key.references, other)?);
            (one != two).then(|| {
                Told::new(format!(
                    "{own} is {one}, and {}.{other}, which it references, is {two}",
                    key.references
                ))
                .at(own)
            })
        })
        .collect()
}

fn no_key(site: &ObjectSite<'_>) -> Vec<Told> {
    let Object::Table(table) = site.object else {
        return Vec::new();
    };
    let with_key = |name| {
        site.schema.constraints(name).any(|constraint| {
            matches!(
                constraint.rule,
                ConstraintRule::PrimaryKey(_) | ConstraintRule::Unique(_)
            )
        }) || site.schema.indexes(name).any(|index| index.unique)
    };
    let inherits = crate::schema::parents(table).next().is_some();
    let empty = site.schema.all_columns(&table.name).is_empty();
    if table.foreign.is_some() || inherits || empty || with_key(&table.name) {
        return Vec::new();
    }
    vec![
        Told::new(format!(
            "{} has no primary or unique key: no row of it can be told from its double, and logical replication cannot follow it",
            table.name
        ))
        .at(&table.name.name),
    ]
}

fn duplicate(site: &ObjectSite<'_>) -> Vec<Told> {
    let Object::Index(index) = site.object else {
        return Vec::new();
    };
    if index.unique || index.attached_to.is_some() {
        return Vec::new();
    }
    let columns = leading_columns(index);
    let plain = columns.len() == index.keys.len()
        && index.predicate.is_none()
        && index.include.is_empty()
        && index.method.as_str() == "btree"
        && index
            .keys
            .iter()
            .all(|key| !key.descending && key.operator_class.is_none() && key.collation.is_none());
    if !plain {
        return Vec::new();
    }
    let starts = |other: &[&Ident]| other.len() >= columns.len() && other[..columns.len()] == columns[..];
    let by_key = site
        .schema
        .constraints(&index.table)
        .find_map(|constraint| match &constraint.rule {
            ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) => {
                starts(&key.columns.iter().collect::<Vec<_>>()).then(|| constraint.name.clone())
            }
            _ => None,
        });
    let by_index = site
        .schema
        .indexes(&index.table)
        .filter(|other| other.name != index.name && other.predicate.is_none() && other.method.as_str() == "btree")
        .filter(|other| {
            other
                .keys
                .iter()
                .all(|key| !key.descending && key.operator_class.is_none())
        })
        // Of two that are the same, one is enough to name.
        .filter(|other| other.keys.len() > index.keys.len() || other.unique || other.name < index.name)
        .find(|other| starts(&leading_columns(other)))
        .map(|other| other.name.name.clone());
    by_key
        .or(by_index)
        .map(|other| {
            Told::new(format!(
                "{other} begins with the same columns and serves the same queries"
            ))
            .at(&index.name.name)
        })
        .into_iter()
        .collect()
}

fn wide(site: &ObjectSite<'_>) -> Vec<Told> {
    match site.object {
        Object::Index(index) if !index.unique && index.keys.len() > 3 => {
            vec![Told::new(format!("{} has {} keys", index.name, index.keys.len())).at(&index.name.name)]
        }
        _ => Vec::new(),
    }
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "foreign-key-without-index",
        title: "no index helps a foreign key",
        why: "PostgreSQL makes no index for the referencing columns. Each delete, or change of the key, of a referenced row looks \
              for its references by reading the whole referencing table.",
        bad: "SET lock_timeout = '2s';\n\
              ALTER TABLE pages ADD CONSTRAINT pages_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders (id) NOT VALID;",
        good: "CREATE INDEX CONCURRENTLY pages_order_id_idx ON pages (order_id);\nSET lock_timeout = '2s';\n\
               ALTER TABLE pages ADD CONSTRAINT pages_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders (id) NOT VALID;",
        fix: "make an index that begins with the referencing columns, first",
        setup: "CREATE TABLE pages (id bigint PRIMARY KEY, order_id bigint);",
        check: Check::Object(foreign_key_index),
        ..Rule::BLANK
    },
    Rule {
        id: "foreign-key-type-mismatch",
        title: "a foreign key and the key it references have other types",
        why: "An integer that references a bigint overflows long before the key does, and every lookup converts.",
        bad: "SET lock_timeout = '2s';\n\
              ALTER TABLE pages ADD CONSTRAINT pages_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders (id) NOT VALID;",
        good: "SET lock_timeout = '2s';\n\
               ALTER TABLE pages ADD CONSTRAINT pages_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;",
        fix: "give both the same type",
        setup: "CREATE TABLE pages (id bigint PRIMARY KEY, order_id integer UNIQUE, customer_id bigint UNIQUE);",
        check: Check::Object(foreign_key_types),
        ..Rule::BLANK
    },
    Rule {
        id: "narrow-sequence",
        title: "a sequence ends before the column that it numbers",
        why: "A sequence of integers gives no number above 2,147,483,647, however wide its column is: the next INSERT fails, while the \
              column has room for billions more.",
        bad: "CREATE TABLE parcels (id bigint PRIMARY KEY);\nCREATE SEQUENCE parcels_id_seq AS integer OWNED BY parcels.id;",
        good: "CREATE TABLE parcels (id bigint PRIMARY KEY);\nCREATE SEQUENCE parcels_id_seq AS bigint OWNED BY parcels.id;",
        fix: "make the sequence AS the type of the column",
        check: Check::Object(narrow_sequence),
        ..Rule::BLANK
    },
    Rule {
        id: "table-without-key",
        level: Level::Info,
        title: "a table has no key",
        why: "Without a primary or unique key a row cannot be told from its double, updates and deletes cannot be replicated \
              logically, and tools that work through a table row by row have nothing to go by.",
        bad: "CREATE TABLE events (at timestamptz, kind text);",
        good: "CREATE TABLE events (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz, kind text);",
        fix: "give it a primary key",
        check: Check::Object(no_key),
        ..Rule::BLANK
    },
    Rule {
        id: "duplicate-index",
        level: Level::Info,
        title: "another index serves the same queries",
        why: "An index whose columns begin another one costs space and time on each write and helps no query that the other does \
              not.",
        bad: "CREATE INDEX CONCURRENTLY orders_customer_id_idx_2 ON orders (customer_id);",
        good: "CREATE INDEX CONCURRENTLY orders_placed_at_idx ON orders (placed_at);",
        fix: "leave it out",
        check: Check::Object(duplicate),
        ..Rule::BLANK
    },
    Rule {
        id: "wide-index",
        level: Level::Off,
        title: "an index has more than three keys",
        why: "Each further key makes the index larger and slower to write, and few queries use it. A unique index may need them.",
        bad: "CREATE INDEX CONCURRENTLY orders_wide_idx ON orders (total, placed_at, state, note);",
        good: "CREATE INDEX CONCURRENTLY orders_narrow_idx ON orders (placed_at, state);",
        fix: "index the columns that narrow a query most",
        check: Check::Object(wide),
        ..Rule::BLANK
    },
];
