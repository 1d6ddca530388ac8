//! Materialized views.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::view::OutputColumn;
use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::expr::Query;
use crate::name::{Ident, QualifiedName};
use crate::object::table::{apply_options, options_difference};

/// A materialized view.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MaterializedView {
    /// Its name.
    pub name: QualifiedName,
    /// Column names given in the statement; empty when the query names them.
    #[serde(default)]
    pub columns: Vec<Ident>,
    /// Its query.
    pub query: Query,
    /// The table access method, where it is not `heap`.
    #[serde(default)]
    pub access_method: Option<Ident>,
    /// Storage parameters.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// The tablespace, where it is not the database's.
    #[serde(default)]
    pub tablespace: Option<Ident>,
    /// `WITH NO DATA` at creation; what it holds later is data, not schema, and is never compared.
    #[serde(default)]
    pub no_data: bool,
    /// The columns it returns, where a server was asked; never compared.
    #[serde(default)]
    pub output: Vec<OutputColumn>,
}

impl PartialEq for MaterializedView {
    fn eq(&self, other: &Self) -> bool {
        let Self {
            name,
            columns,
            query,
            access_method,
            options,
            tablespace,
            no_data: _,
            output: _,
        } = other;
        (
            &self.name,
            &self.columns,
            &self.query,
            &self.access_method,
            &self.options,
            &self.tablespace,
        ) == (name, columns, query, access_method, options, tablespace)
    }
}

/// A change of a materialized view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaterializedViewChange {
    /// `SET (...)` and `RESET (...)`.
    Options {
        /// Parameters to set.
        #[serde(default)]
        set: BTreeMap<String, String>,
        /// Parameters to reset.
        #[serde(default)]
        reset: Vec<String>,
    },
    /// `SET TABLESPACE`; `None` is `pg_default`.
    Tablespace(Option<Ident>),
    /// `SET ACCESS METHOD`; `None` is `heap`.
    AccessMethod(Option<Ident>),
}

impl Definition for MaterializedView {
    type Change = MaterializedViewChange;

    fn id(&self) -> ObjectId {
        ObjectId::named(Kind::MaterializedView, &self.name)
    }

    fn binding_texts(&self) -> Vec<&str> {
        vec![&self.query.text]
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        if let Some(method) = &mut self.access_method {
            let mut name = QualifiedName::bare(method.clone());
            visitor.name(NameRole::Of(Kind::AccessMethod), &mut name);
            *method = name.name;
        }
        visitor.query("query", &mut self.query);
    }

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.qualified();
    }

    fn compare(&self, desired: &Self) -> Comparison<MaterializedViewChange> {
        let Self {
            name: _,
            columns,
            query,
            access_method,
            options,
            tablespace,
            no_data: _,
            output: _,
        } = desired;
        if self.columns != *columns || self.query != *query {
            return Comparison::Replaced("its query differs".into());
        }
        let mut changes = Vec::new();
        if let Some((set, reset)) = options_difference(&self.options, options) {
            changes.push(MaterializedViewChange::Options { set, reset });
        }
        if self.tablespace != *tablespace {
            changes.push(MaterializedViewChange::Tablespace(tablespace.clone()));
        }
        if self.access_method != *access_method {
            changes.push(MaterializedViewChange::AccessMethod(access_method.clone()));
        }
        Comparison::of(changes)
    }

    fn apply(&mut self, change: &MaterializedViewChange) {
        match change {
            MaterializedViewChange::Options { set, reset } => apply_options(&mut self.options, set, reset),
            MaterializedViewChange::Tablespace(tablespace) => self.tablespace.clone_from(tablespace),
            MaterializedViewChange::AccessMethod(method) => self.access_method.clone_from(method),
        }
    }
}
