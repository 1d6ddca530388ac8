//! `default_tablespace` and `default_table_access_method`: what a definition gets that does not say it itself.
//!
//! `pg_dump` writes these settings instead of clauses. PostgreSQL applies the tablespace to tables, materialized views and every
//! index, those of constraints too, and the access method to what holds rows; a partition first asks its parent. The names
//! `pg_default` and `heap` stand for nothing said in the model.

use crate::name::Ident;
use crate::object::Object;
use crate::object::constraint::ConstraintRule;
use crate::object::table::Table;
use crate::operation::Operation;
use crate::schema::Schema;

use super::cursor::Cursor;
use super::error::ParseError;

/// The settings in force.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Defaults {
    tablespace: Option<Ident>,
    access_method: Option<Ident>,
}

/// One of the settings and its new value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Setting {
    /// `default_tablespace`.
    Tablespace(Option<Ident>),
    /// `default_table_access_method`.
    AccessMethod(Option<Ident>),
    /// `RESET ALL` or `DISCARD ALL`.
    All,
}

/// The setting that a statement makes, if it is one of these.
pub(super) fn setting(cursor: &Cursor<'_>) -> Result<Option<Setting>, ParseError> {
    let mut cursor = cursor.clone();
    if cursor.are_words("reset all") || cursor.are_words("discard all") {
        return Ok(Some(Setting::All));
    }
    let reset = cursor.eat_word("reset");
    let call = !reset && cursor.eat_word("select");
    if call {
        cursor.eat_words("pg_catalog");
        cursor.eat_mark(".");
        if !cursor.eat_word("set_config") || !cursor.eat_mark("(") || !cursor.is_string() {
            return Ok(None);
        }
    } else if !reset {
        if !cursor.eat_word("set") {
            return Ok(None);
        }
        cursor.eat_any_word(&["session", "local"]);
    }
    let name = if call {
        cursor.string()?.to_ascii_lowercase()
    } else {
        cursor.next().to_ascii_lowercase()
    };
    let make: fn(Option<Ident>) -> Setting = match name.as_str() {
        "default_tablespace" => Setting::Tablespace,
        "default_table_access_method" => Setting::AccessMethod,
        _ => return Ok(None),
    };
    if reset {
        return Ok(Some(make(None)));
    }
    if call {
        cursor.expect_mark(",")?;
    } else if !cursor.eat_mark("=") {
        cursor.expect_word("to")?;
    }
    let value = if cursor.is_string() {
        Ident::new(cursor.string()?)
    } else if cursor.eat_word("default") {
        Ident::new("")
    } else {
        cursor.any_ident()?
    };
    let usual = matches!(value.as_str(), "" | "pg_default" | "heap");
    Ok(Some(make((!usual).then_some(value))))
}

impl Defaults {
    /// Follows a setting.
    pub(super) fn follow(&mut self, setting: Setting) {
        match setting {
            Setting::Tablespace(name) => self.tablespace = name,
            Setting::AccessMethod(name) => self.access_method = name,
            Setting::All => *self = Self::default(),
        }
    }

    /// Completes new definitions. Until here they hold `pg_default` and `heap` where the files say so.
    pub(super) fn complete(&self, operations: &mut [Operation], schema: &Schema) {
        for operation in operations {
            let Operation::Create { object, .. } = operation else {
                continue;
            };
            match object {
                Object::Table(table) => self.complete_table(table, schema),
                Object::MaterializedView(view) => {
                    said(&mut view.tablespace, "pg_default", self.tablespace.as_ref());
                    said(&mut view.access_method, "heap", self.access_method.as_ref());
                }
                Object::Index(index) => said(&mut index.tablespace, "pg_default", self.tablespace.as_ref()),
                Object::Constraint(constraint) => match &mut constraint.rule {
                    ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) => {
                        said(&mut key.tablespace, "pg_default", self.tablespace.as_ref());
                    }
                    ConstraintRule::Exclude(exclusion) => {
                        said(&mut exclusion.tablespace, "pg_default", self.tablespace.as_ref());
                    }
                    _ => {}
                },
                _ => {}
            }
        }
    }

    fn complete_table(&self, table: &mut Table, schema: &Schema) {
        if table.foreign.is_some() {
            return;
        }
        let parent = table.partition_of.as_ref().and_then(|of| schema.table(&of.parent));
        let (space, method) = parent.map_or((None, None), |parent| {
            (parent.tablespace.as_ref(), parent.access_method.as_ref())
        });
        said(&mut table.tablespace, "pg_default", space.or(self.tablespace.as_ref()));
        // A partitioned table has no rows, so it has only the access method that it names.
        let default = self.access_method.as_ref().filter(|_| table.partition_by.is_none());
        said(&mut table.access_method, "heap", method.or(default));
    }
}

fn said(value: &mut Option<Ident>, usual: &str, default: Option<&Ident>) {
    match value {
        None => *value = default.cloned(),
        Some(name) if name.as_str() == usual => *value = None,
        Some(_) => {}
    }
}
