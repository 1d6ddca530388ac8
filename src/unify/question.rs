//! Questions for a server, and its verdicts.

use std::collections::HashMap;

use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};
use crate::object::ObjectId;
use crate::object::routine::Routine;
use crate::object::rule::Rule;
use crate::object::view::OutputColumn;
use crate::types::TypeName;

/// Do these two texts mean the same?
#[derive(Clone, Debug)]
pub struct Question {
    /// The object they are in.
    pub id: ObjectId,
    /// Which of its texts (see [`crate::object::Visitor::expr`]).
    pub slot: String,
    /// The text of the live object.
    pub live: Expr,
    /// The text of the desired object.
    pub desired: Expr,
    /// What surrounds them.
    pub about: About,
}

/// What the texts of a question are, and what they may refer to.
#[derive(Clone, Debug)]
pub enum About {
    /// A value that refers to no column and becomes this type.
    Value {
        /// The type; `None` where it is not known.
        to: Option<TypeName>,
    },
    /// An expression over the rows of a relation.
    Row {
        /// The relation.
        relation: QualifiedName,
        /// Its desired columns.
        columns: Vec<Stub>,
        /// Its live columns.
        live_columns: Vec<Stub>,
    },
    /// A condition over the rows `old` and `new` of a relation.
    Trigger {
        /// The relation.
        relation: QualifiedName,
        /// Its desired columns.
        columns: Vec<Stub>,
        /// Its live columns.
        live_columns: Vec<Stub>,
    },
    /// A condition on the `VALUE` of a domain over this type.
    Domain {
        /// The type.
        base: TypeName,
    },
    /// The query of a view or materialized view.
    View {
        /// Column names that the desired object gives apart from its query.
        columns: Vec<Ident>,
    },
    /// A rule, whole.
    Rule {
        /// The live rule.
        live: Box<Rule>,
        /// The desired rule.
        desired: Box<Rule>,
        /// Columns of its relation, as desired.
        columns: Vec<Stub>,
    },
    /// The SQL-standard body of a routine.
    Body {
        /// The desired routine.
        routine: Box<Routine>,
    },
}

/// A column that stands in for the real one.
#[derive(Clone, Debug, PartialEq)]
pub struct Stub {
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub type_name: TypeName,
    /// Its collation, where it is not the type's own.
    pub collation: Option<QualifiedName>,
}

/// The answer to a question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// Whether the texts mean the same.
    pub same: bool,
    /// The columns that the desired query returns, where that was found out.
    pub output: Vec<OutputColumn>,
}

/// What a server has said.
#[derive(Clone, Debug, Default)]
pub struct Verdicts {
    /// The server's major version; `None` when no server is involved.
    pub server_version: Option<u32>,
    answers: HashMap<(ObjectId, String), Verdict>,
}

impl Verdicts {
    /// No answers yet, from a server of this major version.
    pub fn of_server(version: u32) -> Self {
        Self {
            server_version: Some(version),
            answers: HashMap::new(),
        }
    }

    /// Notes the answer to a question.
    pub fn add(&mut self, question: &Question, verdict: Verdict) {
        self.answers
            .insert((question.id.clone(), question.slot.clone()), verdict);
    }

    /// The answer about a text of an object.
    pub fn get(&self, id: &ObjectId, slot: &str) -> Option<&Verdict> {
        if self.answers.is_empty() {
            return None;
        }
        self.answers.get(&(id.clone(), slot.to_string()))
    }

    /// The number of answers.
    pub fn len(&self) -> usize {
        self.answers.len()
    }

    /// Whether there is no answer.
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }
}
