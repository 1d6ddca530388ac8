//! Composite types as SQL.

use super::{Attribute, CompositeChange, CompositeType};
use crate::object::ObjectId;
use crate::sql;

fn attribute(attribute: &Attribute) -> String {
    let mut text = format!("{} {}", attribute.name, attribute.type_name);
    if let Some(collation) = &attribute.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    text
}

/// `CREATE TYPE ... AS (...)`.
pub(crate) fn create(composite: &CompositeType) -> Vec<String> {
    let attributes = sql::join(composite.attributes.iter().map(attribute), ",\n    ");
    let attributes = if attributes.is_empty() {
        String::new()
    } else {
        format!("\n    {attributes}\n")
    };
    vec![format!("CREATE TYPE {} AS ({attributes})", composite.name)]
}

/// `ALTER TYPE` of an attribute.
pub(crate) fn alter(id: &ObjectId, change: &CompositeChange) -> Vec<String> {
    let action = match change {
        CompositeChange::Add(new) => format!("ADD ATTRIBUTE {}", attribute(new)),
        CompositeChange::Drop(name) => format!("DROP ATTRIBUTE {name}"),
        CompositeChange::Type(Attribute {
            name,
            type_name,
            collation,
        }) => {
            let collation = collation.as_ref().map(|name| format!(" COLLATE {name}"));
            format!(
                "ALTER ATTRIBUTE {name} TYPE {type_name}{}",
                collation.unwrap_or_default()
            )
        }
        CompositeChange::Rename { from, to } => format!("RENAME ATTRIBUTE {from} TO {to}"),
    };
    vec![format!("ALTER TYPE {} {action}", id.qualified())]
}
