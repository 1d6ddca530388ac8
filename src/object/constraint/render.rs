//! Table constraints as SQL.

use super::{Constraint, ConstraintChange, ConstraintRule, Exclusion, ForeignKey, KeyRule, ReferentialAction};
use crate::name::Ident;
use crate::object::ObjectId;
use crate::object::index::render::{key, options};
use crate::render::text;
use crate::sql;

/// `ALTER TABLE .. ADD CONSTRAINT`.
pub(crate) fn create(constraint: &Constraint) -> Vec<String> {
    let only = if constraint.missing.is_empty() { "" } else { "ONLY " };
    vec![format!(
        "ALTER TABLE {only}{} ADD {}",
        constraint.table,
        definition(constraint)
    )]
}

/// `ALTER TABLE .. ADD CONSTRAINT .. USING INDEX`.
pub(crate) fn use_index(constraint: &Constraint, index: &Ident) -> Vec<String> {
    vec![format!(
        "ALTER TABLE {} ADD CONSTRAINT {} {}",
        constraint.table,
        constraint.name,
        using_index(constraint, &index.to_string())
    )]
}

/// `PRIMARY KEY USING INDEX ..`.
pub(crate) fn using_index(constraint: &Constraint, index: &str) -> String {
    let kind = if matches!(constraint.rule, ConstraintRule::PrimaryKey(_)) {
        "PRIMARY KEY"
    } else {
        "UNIQUE"
    };
    format!("{kind} USING INDEX {index}{}", attributes(constraint))
}

/// `CONSTRAINT name ..`, as in CREATE TABLE.
pub(crate) fn definition(constraint: &Constraint) -> String {
    format!("CONSTRAINT {} {}", constraint.name, unnamed(constraint))
}

/// The same without the name.
pub(crate) fn unnamed(constraint: &Constraint) -> String {
    let rule = match &constraint.rule {
        ConstraintRule::PrimaryKey(rule) => format!("PRIMARY KEY {}", key_rule(rule)),
        ConstraintRule::Unique(rule) => {
            let nulls = if rule.nulls_not_distinct {
                "NULLS NOT DISTINCT "
            } else {
                ""
            };
            format!("UNIQUE {nulls}{}", key_rule(rule))
        }
        ConstraintRule::ForeignKey(rule) => foreign_key(rule),
        ConstraintRule::Check { expr, no_inherit } => {
            let no_inherit = if *no_inherit { " NO INHERIT" } else { "" };
            format!("CHECK ({}){no_inherit}", text::closed(expr))
        }
        ConstraintRule::Exclude(rule) => exclusion(rule),
        ConstraintRule::NotNull { column, no_inherit } => {
            let no_inherit = if *no_inherit { " NO INHERIT" } else { "" };
            format!("NOT NULL {column}{no_inherit}")
        }
    };
    format!("{rule}{}", attributes(constraint))
}

fn attributes(constraint: &Constraint) -> String {
    let mut out = String::new();
    if constraint.deferrable {
        out.push_str(" DEFERRABLE");
    }
    if constraint.initially_deferred {
        out.push_str(" INITIALLY DEFERRED");
    }
    if constraint.not_enforced {
        out.push_str(" NOT ENFORCED");
    }
    if constraint.not_valid {
        out.push_str(" NOT VALID");
    }
    out
}

fn key_rule(rule: &KeyRule) -> String {
    let overlaps = if rule.without_overlaps { " WITHOUT OVERLAPS" } else { "" };
    let mut out = format!("({}{overlaps})", sql::list(&rule.columns));
    out.push_str(&storage(&rule.include, &rule.options, rule.tablespace.as_ref()));
    out
}

fn storage(
    include: &[Ident],
    options: &std::collections::BTreeMap<String, String>,
    tablespace: Option<&Ident>,
) -> String {
    let mut out = String::new();
    if !include.is_empty() {
        out.push_str(&format!(" INCLUDE ({})", sql::list(include)));
    }
    if !options.is_empty() {
        out.push_str(&format!(" WITH ({})", sql::options(options)));
    }
    if let Some(tablespace) = tablespace {
        out.push_str(&format!(" USING INDEX TABLESPACE {tablespace}"));
    }
    out
}

fn foreign_key(rule: &ForeignKey) -> String {
    let columns = |columns: &[Ident]| match (rule.period, columns.split_last()) {
        (true, Some((last, []))) => format!("PERIOD {last}"),
        (true, Some((last, others))) => format!("{}, PERIOD {last}", sql::list(others)),
        _ => sql::list(columns),
    };
    let mut out = format!(
        "FOREIGN KEY ({}) REFERENCES {}",
        columns(&rule.columns),
        rule.references
    );
    if !rule.referenced_columns.is_empty() {
        out.push_str(&format!(" ({})", columns(&rule.referenced_columns)));
    }
    if rule.match_full {
        out.push_str(" MATCH FULL");
    }
    if rule.on_update != ReferentialAction::NoAction {
        out.push_str(&format!(" ON UPDATE {}", rule.on_update.sql()));
    }
    if rule.on_delete != ReferentialAction::NoAction {
        out.push_str(&format!(" ON DELETE {}", rule.on_delete.sql()));
        if !rule.on_delete_columns.is_empty() {
            out.push_str(&format!(" ({})", sql::list(&rule.on_delete_columns)));
        }
    }
    out
}

fn exclusion(rule: &Exclusion) -> String {
    let elements = rule
        .elements
        .iter()
        .map(|element| format!("{} WITH {}", key(&element.key), element.operator));
    let mut out = format!("EXCLUDE USING {} ({})", rule.method, sql::list(elements));
    out.push_str(&storage(&rule.include, &rule.options, rule.tablespace.as_ref()));
    if let Some(predicate) = &rule.predicate {
        out.push_str(&format!(" WHERE ({})", text::closed(predicate)));
    }
    out
}

/// `VALIDATE CONSTRAINT`, `ALTER CONSTRAINT`, or `ALTER INDEX` for the parameters of its index.
pub(crate) fn alter(id: &ObjectId, change: &ConstraintChange) -> Vec<String> {
    let (table, name) = (id.qualified(), id.own_name());
    match change {
        ConstraintChange::Validate => vec![format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}")],
        ConstraintChange::Deferrable {
            deferrable,
            initially_deferred,
        } => {
            let deferrable = if *deferrable { "DEFERRABLE" } else { "NOT DEFERRABLE" };
            let initially = if *initially_deferred { " INITIALLY DEFERRED" } else { "" };
            vec![format!(
                "ALTER TABLE {table} ALTER CONSTRAINT {name} {deferrable}{initially}"
            )]
        }
        ConstraintChange::Options { set, reset } => {
            let index = crate::name::QualifiedName {
                namespace: table.namespace.clone(),
                name: name.clone(),
            };
            options(&format!("ALTER INDEX {index}"), set, reset)
        }
        ConstraintChange::Attach(parent) => {
            let index = crate::name::QualifiedName {
                namespace: table.namespace.clone(),
                name: name.clone(),
            };
            vec![format!("ALTER INDEX {parent} ATTACH PARTITION {index}")]
        }
        // The steps that build and attach the indexes of the partitions do that.
        ConstraintChange::Complete(_) => Vec::new(),
    }
}
