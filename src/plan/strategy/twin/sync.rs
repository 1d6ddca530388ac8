//! The trigger that keeps columns and their twins the same.
//!
//! It is a BEFORE trigger that only assigns, so it cannot fire itself; it comes after other triggers of the table in the order
//! of names as far as `pgphase_` allows (see what stands in the way of a twin). An UPDATE says by itself which side was
//! written. An INSERT does not say which columns were left out, so the side that differs from its default was written:
//! while the twin stands beside the column it has the default that the new application relies on, and where that is
//! volatile, none. Values are compared by their image (`*<>`), because types may have no equality, or one that is too broad.

use crate::expr::SearchPath;
use crate::name::{Ident, QualifiedName};
use crate::object::routine::Routine;
use crate::object::trigger::{Enabled, Event, Timing, Trigger};
use crate::object::{Kind, ObjectId};
use crate::plan::strategy::not_null::helper_name;

use super::convert::Way;
use super::{OldDefault, Twin, sign};

/// The name of the trigger and its function.
pub(super) fn name(twins: &[&Twin]) -> Ident {
    named(twins, "sync")
}

/// A name of ours for what belongs to the twins of a table.
pub(super) fn named(twins: &[&Twin], suffix: &str) -> Ident {
    let columns: Vec<&str> = twins.iter().map(|twin| twin.before.as_str()).collect();
    let table = twins.first().map_or("", |twin| twin.table.name.as_str());
    Ident::new(helper_name(&format!("{table}_{}", columns.join("_")), suffix))
}

/// The trigger for all twins of one table, on it and on each table that inherits them.
pub(super) fn triggers(table: &QualifiedName, twins: &[&Twin]) -> Vec<Trigger> {
    let heirs = twins.first().map_or(&[][..], |twin| &twin.heirs);
    let own = trigger(table, twins);
    let below = heirs.iter().map(|heir| Trigger {
        table: heir.clone(),
        ..own.clone()
    });
    std::iter::once(own.clone()).chain(below).collect()
}

/// The trigger on their own table.
pub(super) fn trigger(table: &QualifiedName, twins: &[&Twin]) -> Trigger {
    let name = name(twins);
    Trigger {
        table: table.clone(),
        function: QualifiedName {
            namespace: table.namespace.clone(),
            name: name.clone(),
        },
        name,
        timing: Timing::Before,
        events: vec![Event::Insert, Event::Update(Vec::new())],
        for_each_row: true,
        constraint: None,
        old_table: None,
        new_table: None,
        when: None,
        arguments: Vec::new(),
        // Rows that arrive by replication are written by somebody's old or new application as well.
        enabled: Enabled::Always,
        below: Vec::new(),
    }
}

/// Its function.
pub(super) fn function(table: &QualifiedName, twins: &[&Twin]) -> Routine {
    let name = QualifiedName {
        namespace: table.namespace.clone(),
        name: name(twins),
    };
    Routine::trigger(name, body(twins), search_path(twins))
}

/// The id of the function.
pub(super) fn function_id(table: &QualifiedName, twins: &[&Twin]) -> ObjectId {
    ObjectId::routine(Kind::Function, &function(table, twins).name, "")
}

/// Whatever a session has set: the names that the texts need, and no temporary object before them.
pub(super) fn search_path(twins: &[&Twin]) -> String {
    let mut names = vec![Ident::from("pg_catalog")];
    let paths: Vec<SearchPath> = twins
        .iter()
        .flat_map(|twin| {
            [
                twin.forth.path(),
                twin.back.as_ref().map_or_else(SearchPath::default, Way::path),
            ]
        })
        .chain(
            twins
                .iter()
                .flat_map(|twin| [twin.default(), twin.old_default.stable()])
                .flatten()
                .map(|default| default.path),
        )
        .collect();
    for path in &paths {
        for name in path.namespaces() {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    names.retain(|name| name.as_str() != "pg_temp");
    names.push(Ident::from("pg_temp"));
    crate::sql::list(&names)
}

fn body(twins: &[&Twin]) -> String {
    let mut variables = String::new();
    let (mut inserts, mut updates) = (String::new(), String::new());
    for (at, twin) in twins.iter().enumerate() {
        let value = format!("pgphase_{}", at + 1);
        if twin.both_ways() && twin.forth != Way::Same {
            variables.push_str(&format!("    {value} {};\n", twin.desired.type_name));
        }
        inserts.push_str(&on_insert(twin, &value));
        updates.push_str(&on_update(twin, &value));
    }
    let mut end = String::new();
    if let Some(twin) = twins.first().filter(|_| twins.iter().any(|twin| twin.both_ways())) {
        variables.push_str(&format!("    {} boolean := false;\n", sign::WRITTEN));
        end = sign::leave(&twin.table, twins);
    }
    let declare = if variables.is_empty() {
        String::new()
    } else {
        format!("DECLARE\n{variables}")
    };
    let work = if inserts == updates {
        inserts
            .lines()
            .map(|line| format!("{}\n", line.strip_prefix("    ").unwrap_or(line)))
            .collect()
    } else {
        format!("    IF TG_OP = 'INSERT' THEN\n{inserts}    ELSE\n{updates}    END IF;\n")
    };
    format!("\n#variable_conflict use_column\n{declare}BEGIN\n{work}{end}    RETURN NEW;\nEND\n")
}

fn on_insert(twin: &Twin, value: &str) -> String {
    let (old, new) = (format!("NEW.{}", twin.before), format!("NEW.{}", twin.name));
    let forth = forth(twin, &new);
    if !twin.both_ways() {
        return format!("        {forth}\n");
    }
    let written = match twin.default() {
        Some(default) => differ(&new, &format!("({})::{}", default.text, twin.desired.type_name)),
        None => twin.nulls.some(&new),
    };
    let back = back(twin, &old);
    let back = match twin.forth {
        Way::Same => format!("            {back}\n"),
        _ => format!(
            "            {}\n            IF {} THEN\n                {back}\n            END IF;\n",
            self::forth(twin, value),
            differ(&new, value)
        ),
    };
    format!(
        "        IF {written} THEN\n{back}        ELSE\n            {forth}\n{}        END IF;\n",
        old_written(twin)
    )
}

/// Of an INSERT that left the new column to its default: whether it named the old one. A value of its own says so; where the
/// default is another one for each row, nothing does.
fn old_written(twin: &Twin) -> String {
    let old = format!("NEW.{}", twin.before);
    let named = match (&twin.old_default, twin.live.identity.is_some()) {
        (_, true) | (OldDefault::Volatile, _) => return String::new(),
        (OldDefault::None, _) => twin.nulls.some(&old),
        (OldDefault::Stable(default), _) => differ(&old, &format!("({})::{}", default.text, twin.live.type_name)),
    };
    format!("            {} := {} OR {named};\n", sign::WRITTEN, sign::WRITTEN)
}

fn on_update(twin: &Twin, value: &str) -> String {
    let (old, new) = (twin.before.to_string(), twin.name.to_string());
    let into_new = forth(twin, &format!("NEW.{new}"));
    if !twin.both_ways() {
        return format!("        {into_new}\n");
    }
    let back = back(twin, &format!("NEW.{old}"));
    let back = match twin.forth {
        Way::Same => format!("            {back}\n"),
        // What the old value already stands for is left as it is written there.
        _ => format!(
            "            {}\n            IF {} THEN\n                {back}\n            END IF;\n",
            forth(twin, value),
            differ(&format!("NEW.{new}"), value)
        ),
    };
    // A row that is not copied yet is copied by whatever writes it: where it moves to another partition, the INSERT there would take
    // the null for one that was written, and so would the trigger of a subscriber that has copied the row already.
    let copied = format!(
        "        ELSIF {} THEN\n            {into_new}\n",
        twin.nulls.none(&format!("NEW.{new}"))
    );
    format!(
        "        IF {} THEN\n            {into_new}\n            {} := true;\n        ELSIF {} THEN\n{back}{copied}        END IF;\n",
        differ(&format!("NEW.{old}"), &format!("OLD.{old}")),
        sign::WRITTEN,
        differ(&format!("NEW.{new}"), &format!("OLD.{new}"))
    )
}

/// Whether two values of one type differ in any bit; nulls are equal. (Without the cast PostgreSQL compares field by field.)
pub(in crate::plan::strategy) fn differ(one: &str, other: &str) -> String {
    format!("ROW({one})::record OPERATOR(pg_catalog.*<>) ROW({other})::record")
}

fn forth(twin: &Twin, target: &str) -> String {
    assign(&twin.forth, &twin.before, target, &twin.table)
}

fn back(twin: &Twin, target: &str) -> String {
    let way = twin.back.as_ref().unwrap_or(&Way::Assign);
    assign(way, &twin.name, target, &twin.table)
}

fn assign(way: &Way, from: &Ident, target: &str, table: &QualifiedName) -> String {
    match way {
        Way::Same | Way::Assign => format!("{target} := NEW.{from};"),
        Way::Expr(expr) => format!(
            "SELECT ({}) INTO {target} FROM (SELECT NEW.*) AS {};",
            expr.text, table.name
        ),
    }
}
