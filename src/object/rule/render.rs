//! Rewrite rules as SQL.

use super::{Rule, RuleChange, RuleEvent};
use crate::object::ObjectId;
use crate::object::trigger::Enabled;
use crate::object::trigger::render::enable;
use crate::operation::IfExists;
use crate::sql;

/// `CREATE RULE`, and `ALTER TABLE` where it is not enabled in the ordinary way.
pub(crate) fn create(rule: &Rule, if_exists: IfExists) -> Vec<String> {
    let mut statements = vec![definition(rule, if_exists != IfExists::Fail)];
    if rule.enabled != Enabled::Origin {
        let (table, name) = (rule.table.to_string(), rule.name.to_string());
        statements.push(enable(&table, "RULE", &name, rule.enabled));
    }
    statements
}

/// `CREATE OR REPLACE RULE`, which leaves it as enabled as it was, or `ALTER TABLE ... ENABLE RULE`.
pub(crate) fn alter(id: &ObjectId, change: &RuleChange) -> Vec<String> {
    match change {
        RuleChange::Replace(rule) => vec![definition(rule, true)],
        RuleChange::Enabled(enabled) => {
            let (table, name) = (id.qualified().to_string(), id.own_name().to_string());
            vec![enable(&table, "RULE", &name, *enabled)]
        }
    }
}

fn definition(rule: &Rule, replace: bool) -> String {
    let replace = if replace { "OR REPLACE " } else { "" };
    let event = match rule.event {
        RuleEvent::Select => "SELECT",
        RuleEvent::Insert => "INSERT",
        RuleEvent::Update => "UPDATE",
        RuleEvent::Delete => "DELETE",
    };
    let mut text = format!(
        "CREATE {replace}RULE {} AS\n    ON {event} TO {}",
        rule.name, rule.table
    );
    if let Some(condition) = &rule.condition {
        text.push_str(&format!("\n    WHERE ({condition})"));
    }
    text.push_str(if rule.instead {
        "\n    DO INSTEAD "
    } else {
        "\n    DO ALSO "
    });
    match rule.actions.as_slice() {
        [] => text.push_str("NOTHING"),
        [action] => text.push_str(&format!("({action})")),
        actions => text.push_str(&format!("(\n{}\n)", sql::join(actions, ";\n"))),
    }
    text
}
