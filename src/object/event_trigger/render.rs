//! Event triggers as SQL.

use super::{EventTrigger, EventTriggerChange};
use crate::name::Ident;
use crate::object::ObjectId;
use crate::object::trigger::Enabled;
use crate::sql;

/// `CREATE EVENT TRIGGER`, and `ALTER` where it is not enabled in the ordinary way.
pub(crate) fn create(trigger: &EventTrigger) -> Vec<String> {
    let mut text = format!("CREATE EVENT TRIGGER {}\n    ON {}", trigger.name, trigger.event);
    if !trigger.tags.is_empty() {
        let tags = sql::list(trigger.tags.iter().map(|tag| sql::literal(tag)));
        text.push_str(&format!("\n    WHEN TAG IN ({tags})"));
    }
    text.push_str(&format!("\n    EXECUTE FUNCTION {}()", trigger.function));
    let mut statements = vec![text];
    if trigger.enabled != Enabled::Origin {
        statements.push(enable(&trigger.name, trigger.enabled));
    }
    statements
}

/// `ALTER EVENT TRIGGER ... ENABLE` or `DISABLE`.
pub(crate) fn alter(id: &ObjectId, change: &EventTriggerChange) -> Vec<String> {
    match change {
        EventTriggerChange::Enabled(enabled) => vec![enable(&id.name, *enabled)],
    }
}

fn enable(name: &Ident, enabled: Enabled) -> String {
    let how = match enabled {
        Enabled::Origin => "ENABLE",
        Enabled::Disabled => "DISABLE",
        Enabled::Replica => "ENABLE REPLICA",
        Enabled::Always => "ENABLE ALWAYS",
    };
    format!("ALTER EVENT TRIGGER {name} {how}")
}
