//! Enumerated types as SQL.

use super::{EnumChange, EnumType, LabelPlace};
use crate::object::ObjectId;
use crate::sql;

/// `CREATE TYPE ... AS ENUM`.
pub(crate) fn create(enum_type: &EnumType) -> Vec<String> {
    let labels: Vec<String> = enum_type.labels.iter().map(|label| sql::literal(label)).collect();
    let one_line = sql::list(&labels);
    let labels = if one_line.len() > 60 {
        format!("\n    {}\n", labels.join(",\n    "))
    } else {
        one_line
    };
    vec![format!("CREATE TYPE {} AS ENUM ({labels})", enum_type.name)]
}

/// `ALTER TYPE ... ADD VALUE` or `RENAME VALUE`.
pub(crate) fn alter(id: &ObjectId, change: &EnumChange) -> Vec<String> {
    let name = id.qualified();
    vec![match change {
        EnumChange::AddLabel { label, place } => {
            let label = sql::literal(label);
            let place = match place {
                LabelPlace::Last => String::new(),
                LabelPlace::Before(next) => format!(" BEFORE {}", sql::literal(next)),
                LabelPlace::After(previous) => format!(" AFTER {}", sql::literal(previous)),
            };
            // No label can be taken away, so the same step may find it there after a rollback.
            format!("ALTER TYPE {name} ADD VALUE IF NOT EXISTS {label}{place}")
        }
        EnumChange::RenameLabel { from, to } => {
            let (from, to) = (sql::literal(from), sql::literal(to));
            format!("ALTER TYPE {name} RENAME VALUE {from} TO {to}")
        }
    }]
}
