//! Views.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, ObjectId, Visitor};
use crate::expr::{Expr, Query};
use crate::name::{Ident, QualifiedName};
use crate::object::table::{apply_options, options_difference};
use crate::types::TypeName;

/// A view.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct View {
    /// Its name.
    pub name: QualifiedName,
    /// Column names given in the statement; empty when the query names them (always so in the catalog).
    #[serde(default)]
    pub columns: Vec<Ident>,
    /// Its query, a `RECURSIVE` view written out as `WITH RECURSIVE`.
    pub query: Query,
    /// `security_barrier` and `security_invoker`.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// `WITH CHECK OPTION`.
    #[serde(default)]
    pub check_option: Option<CheckOption>,
    /// Column defaults.
    #[serde(default)]
    pub defaults: BTreeMap<Ident, Expr>,
    /// The columns it returns, where a server was asked; never compared.
    #[serde(default)]
    pub output: Vec<OutputColumn>,
}

impl PartialEq for View {
    fn eq(&self, other: &Self) -> bool {
        let Self {
            name,
            columns,
            query,
            options,
            check_option,
            defaults,
            output: _,
        } = other;
        (
            &self.name,
            &self.columns,
            &self.query,
            &self.options,
            &self.check_option,
            &self.defaults,
        ) == (name, columns, query, options, check_option, defaults)
    }
}

/// A column that a query returns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutputColumn {
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub type_name: TypeName,
}

/// How far a check option reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckOption {
    /// `WITH LOCAL CHECK OPTION`.
    Local,
    /// `WITH CASCADED CHECK OPTION`.
    Cascaded,
}

/// A change of a view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewChange {
    /// `CREATE OR REPLACE VIEW` with this definition, which keeps the existing columns in place.
    Replace(Box<View>),
    /// `SET (...)` and `RESET (...)`.
    Options {
        /// Options to set.
        #[serde(default)]
        set: BTreeMap<String, String>,
        /// Options to reset.
        #[serde(default)]
        reset: Vec<String>,
    },
    /// `ALTER COLUMN ... SET DEFAULT` or `DROP DEFAULT`.
    Default {
        /// The column.
        column: Ident,
        /// The new default.
        #[serde(default)]
        default: Option<Expr>,
    },
}

impl View {
    /// Whether `CREATE OR REPLACE VIEW` can turn `self` into `desired`: the columns of `self` must be the first ones of
    /// `desired`, by name and type (PostgreSQL documentation, CREATE VIEW). False where the columns are not known.
    pub fn replaceable_by(&self, desired: &Self) -> bool {
        !self.output.is_empty() && desired.output.starts_with(&self.output)
    }

    /// What turns `self` into `desired` where `CREATE OR REPLACE VIEW` can.
    pub fn replaced_by(&self, desired: &Self) -> Vec<ViewChange> {
        let Self {
            name: _,
            columns,
            query,
            options,
            check_option,
            defaults,
            output: _,
        } = desired;
        let mut changes = Vec::new();
        let mut live_options = &self.options;
        if self.columns != *columns || self.query != *query || self.check_option != *check_option {
            changes.push(ViewChange::Replace(Box::new(desired.clone())));
            live_options = options;
        }
        if let Some((set, reset)) = options_difference(live_options, options) {
            changes.push(ViewChange::Options { set, reset });
        }
        for column in self.defaults.keys().filter(|column| !defaults.contains_key(*column)) {
            changes.push(ViewChange::Default {
                column: column.clone(),
                default: None,
            });
        }
        for (column, default) in defaults
            .iter()
            .filter(|(column, default)| self.defaults.get(*column) != Some(default))
        {
            changes.push(ViewChange::Default {
                column: column.clone(),
                default: Some(default.clone()),
            });
        }
        changes
    }
}

impl Definition for View {
    type Change = ViewChange;

    fn id(&self) -> ObjectId {
        ObjectId::named(Kind::View, &self.name)
    }

    fn binding_texts(&self) -> Vec<&str> {
        vec![&self.query.text]
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        visitor.query("query", &mut self.query);
        for (column, default) in &mut self.defaults {
            visitor.expr(&format!("default of {column}"), None, default);
        }
    }

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.qualified();
    }

    fn compare(&self, desired: &Self) -> Comparison<ViewChange> {
        let differs = self.columns != desired.columns || self.query != desired.query;
        if differs && !self.replaceable_by(desired) {
            return Comparison::Replaced("its query differs, and its columns with it".into());
        }
        Comparison::of(self.replaced_by(desired))
    }

    fn apply(&mut self, change: &ViewChange) {
        match change {
            ViewChange::Replace(view) => {
                let defaults = std::mem::take(&mut self.defaults);
                *self = Self {
                    defaults,
                    ..(**view).clone()
                };
            }
            ViewChange::Options { set, reset } => apply_options(&mut self.options, set, reset),
            ViewChange::Default {
                column,
                default: Some(default),
            } => {
                self.defaults.insert(column.clone(), default.clone());
            }
            ViewChange::Default { column, default: None } => {
                self.defaults.remove(column);
            }
        }
    }
}
