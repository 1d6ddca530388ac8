//! Functions and procedures.

mod clauses;
pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::expr::{Expr, Query};
use crate::name::{Ident, QualifiedName};
use crate::types::TypeName;

/// A function or procedure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Routine {
    /// Its name.
    pub name: QualifiedName,
    /// Whether it is a procedure.
    #[serde(default)]
    pub procedure: bool,
    /// Its arguments in order; `TABLE` columns are part of [`Returns`].
    #[serde(default)]
    pub arguments: Vec<Argument>,
    /// What a function returns. `None` for procedures, and for functions with output arguments that do not say it.
    #[serde(default)]
    pub returns: Option<Returns>,
    /// Its language, in lower case.
    pub language: Ident,
    /// Its body.
    pub body: Body,
    /// How much its result depends on.
    #[serde(default)]
    pub volatility: Volatility,
    /// `STRICT`.
    #[serde(default)]
    pub strict: bool,
    /// `SECURITY DEFINER`.
    #[serde(default)]
    pub security_definer: bool,
    /// `LEAKPROOF`.
    #[serde(default)]
    pub leakproof: bool,
    /// `WINDOW`.
    #[serde(default)]
    pub window: bool,
    /// `PARALLEL`.
    #[serde(default)]
    pub parallel: Parallel,
    /// `COST`, where it is not the language's default (1 for C and internal, otherwise 100).
    #[serde(default)]
    pub cost: Option<String>,
    /// `ROWS`, where it is not 1000.
    #[serde(default)]
    pub rows: Option<String>,
    /// `SUPPORT`.
    #[serde(default)]
    pub support: Option<QualifiedName>,
    /// `TRANSFORM FOR TYPE`.
    #[serde(default)]
    pub transforms: Vec<TypeName>,
    /// `SET name TO value`, the value as `pg_proc.proconfig` keeps it.
    #[serde(default)]
    pub settings: IndexMap<String, String>,
}

impl Routine {
    /// A PL/pgSQL function for a trigger, whose names are looked up in `search_path` (as `pg_proc.proconfig` keeps it) and nowhere else.
    pub fn trigger(name: QualifiedName, body: String, search_path: String) -> Self {
        Self {
            name,
            procedure: false,
            arguments: Vec::new(),
            returns: Some(Returns::Type(TypeName::builtin("trigger"))),
            language: Ident::new("plpgsql"),
            body: Body::Source(body),
            volatility: Volatility::Volatile,
            strict: false,
            security_definer: false,
            leakproof: false,
            window: false,
            parallel: Parallel::Unsafe,
            cost: None,
            rows: None,
            support: None,
            transforms: Vec::new(),
            settings: IndexMap::from([("search_path".to_string(), search_path)]),
        }
    }
}

/// An argument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Argument {
    /// Its mode.
    #[serde(default)]
    pub mode: ArgumentMode,
    /// Its name.
    #[serde(default)]
    pub name: Option<Ident>,
    /// Its type, without modifiers (PostgreSQL drops them).
    pub type_name: TypeName,
    /// Its default.
    #[serde(default)]
    pub default: Option<Expr>,
}

/// The mode of an argument.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArgumentMode {
    /// `IN`.
    #[default]
    In,
    /// `OUT`.
    Out,
    /// `INOUT`.
    InOut,
    /// `VARIADIC`.
    Variadic,
}

/// What a function returns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Returns {
    /// One value.
    Type(TypeName),
    /// `SETOF`.
    SetOf(TypeName),
    /// `TABLE (...)`.
    Table(Vec<Argument>),
}

/// The body of a routine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// A string for the language's handler.
    Source(String),
    /// A SQL-standard body: `RETURN expr` or `BEGIN ATOMIC ... END`.
    Sql(Query),
    /// A symbol in an object file.
    Object {
        /// The object file.
        file: String,
        /// The symbol.
        symbol: String,
    },
}

/// How much the result depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Volatility {
    /// `VOLATILE`.
    #[default]
    Volatile,
    /// `STABLE`.
    Stable,
    /// `IMMUTABLE`.
    Immutable,
}

/// Whether parallel workers may call it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parallel {
    /// `UNSAFE`.
    #[default]
    Unsafe,
    /// `RESTRICTED`.
    Restricted,
    /// `SAFE`.
    Safe,
}

/// A change of a routine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoutineChange {
    /// `CREATE OR REPLACE` with this definition.
    Replace(Box<Routine>),
}

/// The signature that identifies a routine: the types of its input arguments, as `pg_get_function_identity_arguments` orders
/// them. PostgreSQL identifies procedures by their `OUT` arguments as well.
pub fn signature(arguments: &[Argument]) -> String {
    crate::sql::list(
        arguments
            .iter()
            .filter(|a| a.mode != ArgumentMode::Out)
            .map(|a| &a.type_name),
    )
}

impl Routine {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        if self.procedure {
            Kind::Procedure
        } else {
            Kind::Function
        }
    }

    /// Why `CREATE OR REPLACE` cannot turn `self` into `desired`, if so (PostgreSQL documentation, CREATE FUNCTION).
    fn irreplaceable(&self, desired: &Self) -> Option<String> {
        if self.returns_type() != desired.returns_type() {
            return Some("what it returns differs".into());
        }
        let outputs = |r: &Self| -> Vec<(ArgumentMode, Option<Ident>, TypeName)> {
            let table = match &r.returns {
                Some(Returns::Table(columns)) => columns.as_slice(),
                _ => &[],
            };
            r.arguments
                .iter()
                .filter(|a| matches!(a.mode, ArgumentMode::Out | ArgumentMode::InOut))
                .chain(table)
                .map(|a| (a.mode, a.name.clone(), a.type_name.clone()))
                .collect()
        };
        if outputs(self) != outputs(desired) {
            return Some("its output arguments differ".into());
        }
        for (live, desired) in self.arguments.iter().zip(&desired.arguments) {
            if live.name.is_some() && live.name != desired.name {
                return Some("the name of an argument differs".into());
            }
            if live.mode != desired.mode {
                return Some("the mode of an argument differs".into());
            }
            if live.default.is_some() && desired.default.is_none() {
                return Some("a default of an argument is gone".into());
            }
        }
        (self.window != desired.window).then(|| "it changes between a window function and an ordinary one".into())
    }

    fn returns_type(&self) -> Option<(bool, TypeName)> {
        match &self.returns {
            Some(Returns::Type(t)) => Some((false, t.clone())),
            Some(Returns::SetOf(t)) => Some((true, t.clone())),
            Some(Returns::Table(_)) | None => None,
        }
    }
}

impl Definition for Routine {
    type Change = RoutineChange;

    fn id(&self) -> ObjectId {
        ObjectId::routine(self.kind(), &self.name, &signature(&self.arguments))
    }

    fn binding_texts(&self) -> Vec<&str> {
        match &self.body {
            Body::Sql(body) => vec![&body.text],
            Body::Source(_) | Body::Object { .. } => Vec::new(),
        }
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        for (at, argument) in self.arguments.iter_mut().enumerate() {
            visitor.type_name(&mut argument.type_name);
            if let Some(default) = &mut argument.default {
                visitor.expr(&format!("default of argument {}", at + 1), None, default);
            }
        }
        match &mut self.returns {
            Some(Returns::Type(t) | Returns::SetOf(t)) => visitor.type_name(t),
            Some(Returns::Table(columns)) => columns.iter_mut().for_each(|c| visitor.type_name(&mut c.type_name)),
            None => {}
        }
        if let Body::Sql(query) = &mut self.body {
            visitor.query("body", query);
        }
        if let Some(support) = &mut self.support {
            visitor.name(NameRole::Routine, support);
        }
        let mut language = QualifiedName::bare(self.language.clone());
        visitor.name(NameRole::Of(Kind::Language), &mut language);
        self.language = language.name;
        self.transforms.iter_mut().for_each(|t| visitor.type_name(t));
    }

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.qualified();
    }

    fn compare(&self, desired: &Self) -> Comparison<RoutineChange> {
        if self == desired {
            return Comparison::Same;
        }
        match self.irreplaceable(desired) {
            Some(why) => Comparison::Replaced(why),
            None => Comparison::Altered(vec![RoutineChange::Replace(Box::new(desired.clone()))]),
        }
    }

    fn apply(&mut self, change: &RoutineChange) {
        match change {
            RoutineChange::Replace(routine) => *self = (**routine).clone(),
        }
    }
}
