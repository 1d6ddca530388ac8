//! Triggers as SQL.

use super::{Enabled, Event, Timing, Trigger, TriggerChange};
use crate::name::QualifiedName;
use crate::object::ObjectId;
use crate::operation::IfExists;
use crate::sql;

/// `CREATE TRIGGER`, and `ALTER TABLE` where it is not enabled in the ordinary way. PostgreSQL gives it to partitions as it is on the
/// table; those of them that are there and have it otherwise are told again.
pub(crate) fn create(trigger: &Trigger, if_exists: IfExists, is_there: impl Fn(&QualifiedName) -> bool) -> Vec<String> {
    let mut statements = vec![definition(trigger, if_exists != IfExists::Fail)];
    if trigger.enabled != Enabled::Origin {
        statements.push(enable(
            &trigger.table.to_string(),
            "TRIGGER",
            &trigger.name.to_string(),
            trigger.enabled,
        ));
    }
    statements.extend(below(trigger, is_there));
    statements
}

fn below(trigger: &Trigger, is_there: impl Fn(&QualifiedName) -> bool) -> impl Iterator<Item = String> {
    let partitions = trigger.below.iter().filter(move |(partition, _)| is_there(partition));
    partitions.map(|(partition, enabled)| {
        let only = format!("ONLY {partition}");
        enable(&only, "TRIGGER", &trigger.name.to_string(), *enabled)
    })
}

/// `CREATE OR REPLACE TRIGGER`, or `ALTER TABLE ... ENABLE TRIGGER`, which reaches the partitions too; `was` is the trigger before.
pub(crate) fn alter(
    id: &ObjectId,
    change: &TriggerChange,
    was: Option<&Trigger>,
    is_there: impl Fn(&QualifiedName) -> bool,
) -> Vec<String> {
    match change {
        TriggerChange::Replace(trigger) => create(trigger, IfExists::Replace, is_there),
        TriggerChange::Enabled(enabled) => {
            let (table, name) = (id.qualified().to_string(), id.own_name().to_string());
            let mut statements = vec![enable(&table, "TRIGGER", &name, *enabled)];
            statements.extend(was.into_iter().flat_map(|was| below(was, &is_there)));
            statements
        }
    }
}

/// `ALTER TABLE ... ENABLE` or `DISABLE` of a trigger or rule.
pub(crate) fn enable(table: &str, word: &str, name: &str, enabled: Enabled) -> String {
    format!("ALTER TABLE {table} {}", enable_action(word, name, enabled))
}

fn enable_action(word: &str, name: &str, enabled: Enabled) -> String {
    match enabled {
        Enabled::Origin => format!("ENABLE {word} {name}"),
        Enabled::Disabled => format!("DISABLE {word} {name}"),
        Enabled::Replica => format!("ENABLE REPLICA {word} {name}"),
        Enabled::Always => format!("ENABLE ALWAYS {word} {name}"),
    }
}

fn definition(trigger: &Trigger, replace: bool) -> String {
    let Trigger {
        table,
        name,
        timing,
        events,
        for_each_row,
        constraint,
        old_table,
        new_table,
        when,
        function,
        arguments,
        enabled: _,
        below: _,
    } = trigger;
    let replace = if replace && constraint.is_none() {
        "OR REPLACE "
    } else {
        ""
    };
    let word = if constraint.is_some() {
        "CONSTRAINT TRIGGER"
    } else {
        "TRIGGER"
    };
    let timing = match timing {
        Timing::Before => "BEFORE",
        Timing::After => "AFTER",
        Timing::InsteadOf => "INSTEAD OF",
    };
    let events = sql::join(events.iter().map(event), " OR ");
    let mut text = format!("CREATE {replace}{word} {name}\n    {timing} {events} ON {table}");
    if let Some(constraint) = constraint {
        if let Some(from) = &constraint.from {
            text.push_str(&format!("\n    FROM {from}"));
        }
        if constraint.deferrable {
            text.push_str("\n    DEFERRABLE");
        }
        if constraint.initially_deferred {
            text.push_str(" INITIALLY DEFERRED");
        }
    }
    if old_table.is_some() || new_table.is_some() {
        text.push_str("\n    REFERENCING");
        for (word, table) in [("OLD", old_table), ("NEW", new_table)] {
            if let Some(table) = table {
                text.push_str(&format!(" {word} TABLE AS {table}"));
            }
        }
    }
    text.push_str(if *for_each_row {
        "\n    FOR EACH ROW"
    } else {
        "\n    FOR EACH STATEMENT"
    });
    if let Some(when) = when {
        text.push_str(&format!("\n    WHEN ({when})"));
    }
    let arguments = sql::list(arguments.iter().map(|argument| sql::literal(argument)));
    text.push_str(&format!("\n    EXECUTE FUNCTION {function}({arguments})"));
    text
}

fn event(event: &Event) -> String {
    match event {
        Event::Insert => "INSERT".into(),
        Event::Delete => "DELETE".into(),
        Event::Truncate => "TRUNCATE".into(),
        Event::Update(columns) if columns.is_empty() => "UPDATE".into(),
        Event::Update(columns) => format!("UPDATE OF {}", sql::list(columns)),
    }
}
