//! Row security policies as SQL.

use super::{Policy, PolicyChange, PolicyCommand};
use crate::object::ObjectId;
use crate::render::target::roles;

/// `CREATE POLICY`.
pub(crate) fn create(policy: &Policy) -> Vec<String> {
    let mut text = format!("CREATE POLICY {} ON {}", policy.name, policy.table);
    if policy.restrictive {
        text.push_str("\n    AS RESTRICTIVE");
    }
    match policy.command {
        PolicyCommand::All => {}
        PolicyCommand::Select => text.push_str("\n    FOR SELECT"),
        PolicyCommand::Insert => text.push_str("\n    FOR INSERT"),
        PolicyCommand::Update => text.push_str("\n    FOR UPDATE"),
        PolicyCommand::Delete => text.push_str("\n    FOR DELETE"),
    }
    if !policy.roles.is_empty() {
        text.push_str(&format!("\n    TO {}", roles(&policy.roles)));
    }
    if let Some(using) = &policy.using {
        text.push_str(&format!("\n    USING ({using})"));
    }
    if let Some(check) = &policy.check {
        text.push_str(&format!("\n    WITH CHECK ({check})"));
    }
    vec![text]
}

/// `ALTER POLICY`.
pub(crate) fn alter(id: &ObjectId, change: &PolicyChange) -> Vec<String> {
    let action = match change {
        PolicyChange::Roles(list) => format!("TO {}", roles(list)),
        PolicyChange::Using(using) => format!("USING ({using})"),
        PolicyChange::Check(check) => format!("WITH CHECK ({check})"),
    };
    vec![format!("ALTER POLICY {} ON {} {action}", id.own_name(), id.qualified())]
}
