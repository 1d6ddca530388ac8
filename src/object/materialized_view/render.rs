//! Materialized views as SQL.

use super::{MaterializedView, MaterializedViewChange};
use crate::object::ObjectId;
use crate::object::view::render::set_and_reset;
use crate::operation::IfExists;
use crate::sql;

/// `CREATE MATERIALIZED VIEW`.
pub(crate) fn create(view: &MaterializedView, if_exists: IfExists) -> Vec<String> {
    let exists = if if_exists == IfExists::Skip {
        "IF NOT EXISTS "
    } else {
        ""
    };
    let mut text = format!("CREATE MATERIALIZED VIEW {exists}{}", view.name);
    if !view.columns.is_empty() {
        text.push_str(&format!(" ({})", sql::list(&view.columns)));
    }
    if let Some(method) = &view.access_method {
        text.push_str(&format!(" USING {method}"));
    }
    if !view.options.is_empty() {
        text.push_str(&format!(" WITH ({})", sql::options(&view.options)));
    }
    if let Some(tablespace) = &view.tablespace {
        text.push_str(&format!(" TABLESPACE {tablespace}"));
    }
    text.push_str(&format!(" AS\n{}", view.query));
    if view.no_data {
        text.push_str("\nWITH NO DATA");
    }
    vec![text]
}

/// `ALTER MATERIALIZED VIEW`.
pub(crate) fn alter(id: &ObjectId, change: &MaterializedViewChange) -> Vec<String> {
    let alter = format!("ALTER MATERIALIZED VIEW {}", id.qualified());
    match change {
        MaterializedViewChange::Options { set, reset } => set_and_reset(&alter, set, reset),
        MaterializedViewChange::Tablespace(Some(tablespace)) => vec![format!("{alter} SET TABLESPACE {tablespace}")],
        MaterializedViewChange::Tablespace(None) => vec![format!("{alter} SET TABLESPACE pg_default")],
        MaterializedViewChange::AccessMethod(Some(method)) => vec![format!("{alter} SET ACCESS METHOD {method}")],
        MaterializedViewChange::AccessMethod(None) => vec![format!("{alter} SET ACCESS METHOD heap")],
    }
}
