//! Extended statistics as SQL.

use super::{Statistics, StatisticsChange};
use crate::object::ObjectId;
use crate::object::index::KeyExpr;
use crate::operation::IfExists;
use crate::sql;

/// `CREATE STATISTICS`, and `ALTER` where a target is set.
pub(crate) fn create(statistics: &Statistics, if_exists: IfExists) -> Vec<String> {
    let exists = if if_exists == IfExists::Skip {
        "IF NOT EXISTS "
    } else {
        ""
    };
    let mut text = format!("CREATE STATISTICS {exists}{}", statistics.name);
    if !statistics.kinds.is_empty() {
        text.push_str(&format!(" ({})", sql::list(&statistics.kinds)));
    }
    let keys = sql::list(statistics.keys.iter().map(|key| match key {
        KeyExpr::Column(column) => column.to_string(),
        KeyExpr::Expr(expr) => format!("({expr})"),
    }));
    text.push_str(&format!("\n    ON {keys}\n    FROM {}", statistics.table));
    let mut statements = vec![text];
    if statistics.target.is_some() {
        statements.push(target(&statistics.name.to_string(), statistics.target));
    }
    statements
}

/// `ALTER STATISTICS ... SET STATISTICS`.
pub(crate) fn alter(id: &ObjectId, change: &StatisticsChange) -> Vec<String> {
    match change {
        StatisticsChange::Target(wanted) => vec![target(&id.qualified().to_string(), *wanted)],
    }
}

fn target(name: &str, target: Option<i32>) -> String {
    format!("ALTER STATISTICS {name} SET STATISTICS {}", target.unwrap_or(-1))
}
