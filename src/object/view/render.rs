//! Views as SQL.

use std::collections::BTreeMap;

use super::{CheckOption, View, ViewChange};
use crate::object::ObjectId;
use crate::operation::IfExists;
use crate::sql;

/// `CREATE VIEW`, and a statement for each column default.
pub(crate) fn create(view: &View, if_exists: IfExists) -> Vec<String> {
    let mut statements = vec![definition(view, if_exists != IfExists::Fail)];
    for (column, default) in &view.defaults {
        statements.push(format!(
            "ALTER VIEW {} ALTER COLUMN {column} SET DEFAULT {default}",
            view.name
        ));
    }
    statements
}

fn definition(view: &View, replace: bool) -> String {
    let mut text = format!("CREATE {}VIEW {}", if replace { "OR REPLACE " } else { "" }, view.name);
    if !view.columns.is_empty() {
        text.push_str(&format!(" ({})", sql::list(&view.columns)));
    }
    if !view.options.is_empty() {
        text.push_str(&format!(" WITH ({})", sql::options(&view.options)));
    }
    text.push_str(&format!(" AS\n{}", view.query));
    match view.check_option {
        Some(CheckOption::Local) => text.push_str("\nWITH LOCAL CHECK OPTION"),
        Some(CheckOption::Cascaded) => text.push_str("\nWITH CASCADED CHECK OPTION"),
        None => {}
    }
    text
}

/// `CREATE OR REPLACE VIEW` or `ALTER VIEW`.
pub(crate) fn alter(id: &ObjectId, change: &ViewChange) -> Vec<String> {
    let name = id.qualified();
    match change {
        ViewChange::Replace(view) => vec![definition(view, true)],
        ViewChange::Options { set, reset } => set_and_reset(&format!("ALTER VIEW {name}"), set, reset),
        ViewChange::Default { column, default } => vec![match default {
            Some(default) => format!("ALTER VIEW {name} ALTER COLUMN {column} SET DEFAULT {default}"),
            None => format!("ALTER VIEW {name} ALTER COLUMN {column} DROP DEFAULT"),
        }],
    }
}

/// `SET (...)` and `RESET (...)`, each where there is something to do.
pub(crate) fn set_and_reset(alter: &str, set: &BTreeMap<String, String>, reset: &[String]) -> Vec<String> {
    let mut statements = Vec::new();
    if !reset.is_empty() {
        statements.push(format!("{alter} RESET ({})", sql::list(reset)));
    }
    if !set.is_empty() {
        statements.push(format!("{alter} SET ({})", sql::options(set)));
    }
    statements
}
