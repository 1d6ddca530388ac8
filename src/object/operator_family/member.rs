//! The operators and functions of operator classes and families.

use serde::{Deserialize, Serialize};

use crate::name::QualifiedName;
use crate::object::operator::render::qualified;
use crate::object::{Kind, NameRole, Visitor};
use crate::parse::ParseError;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::target::argument_types;
use crate::sql;
use crate::types::TypeName;

/// An operator under its strategy, or a function under its support number.
#[derive(Clone, Debug, PartialEq, PartialOrd, Eq, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Member {
    /// `OPERATOR`.
    Operator {
        /// The strategy.
        number: i64,
        /// The type on its left.
        left: TypeName,
        /// The type on its right.
        right: TypeName,
        /// The operator.
        operator: QualifiedName,
        /// The family that sorts its results, where it is there to order by.
        #[serde(default)]
        order_by: Option<QualifiedName>,
    },
    /// `FUNCTION`.
    Function {
        /// The support number.
        number: i64,
        /// The left type it is for.
        left: TypeName,
        /// The right type it is for.
        right: TypeName,
        /// The function.
        function: QualifiedName,
        /// The types of its arguments.
        #[serde(default)]
        arguments: Vec<TypeName>,
    },
}

impl Member {
    /// Shows every name and type to the visitor.
    pub(crate) fn visit(&mut self, visitor: &mut dyn Visitor) {
        match self {
            Self::Operator {
                left, right, operator, ..
            } => {
                visitor.type_name(left);
                visitor.type_name(right);
                visitor.name(NameRole::Of(Kind::Operator), operator);
            }
            Self::Function {
                left,
                right,
                function,
                arguments,
                ..
            } => {
                for type_name in [left, right].into_iter().chain(arguments) {
                    visitor.type_name(type_name);
                }
                visitor.name(NameRole::Routine, function);
            }
        }
    }

    /// `OPERATOR 1 < (a, b)` or `FUNCTION 1 (a, b) f(a, b)`.
    pub(crate) fn sql(&self) -> String {
        match self {
            Self::Operator {
                number,
                left,
                right,
                operator,
                order_by,
            } => {
                let order = order_by.as_ref().map_or_else(String::new, |family| {
                    let namespace = family
                        .namespace
                        .as_ref()
                        .map_or("pg_catalog".to_owned(), ToString::to_string);
                    format!(" FOR ORDER BY {namespace}.{}", family.name)
                });
                format!("OPERATOR {number} {} ({left}, {right}){order}", qualified(operator))
            }
            Self::Function {
                number,
                left,
                right,
                function,
                arguments,
            } => format!(
                "FUNCTION {number} ({left}, {right}) {function}({})",
                sql::list(arguments)
            ),
        }
    }

    /// Whether PostgreSQL ties it to the class whose `CREATE OPERATOR CLASS` names it. The rest belongs to the family, loosely: what an
    /// index can do without, and what is for two types (`amadjustmembers` of each method).
    pub(crate) fn is_tied(&self, method: &str, of: &TypeName) -> bool {
        match (method, self) {
            ("btree" | "hash", Self::Operator { left, right, .. }) => left == of && right == of,
            (
                "btree" | "hash",
                Self::Function {
                    number, left, right, ..
                },
            ) => *number == 1 && left == of && right == of,
            ("gist" | "gin" | "spgist", Self::Operator { .. }) => false,
            ("gist", Self::Function { number, .. }) => matches!(number, 1 | 2 | 5 | 6 | 7),
            ("gin", Self::Function { number, .. }) => matches!(number, 2 | 3),
            ("spgist", Self::Function { number, .. }) => (1..=5).contains(number),
            _ => true,
        }
    }

    /// The same as `ALTER OPERATOR FAMILY ... DROP` names it.
    pub(crate) fn dropped(&self) -> String {
        match self {
            Self::Operator {
                number, left, right, ..
            } => format!("OPERATOR {number} ({left}, {right})"),
            Self::Function {
                number, left, right, ..
            } => format!("FUNCTION {number} ({left}, {right})"),
        }
    }
}

/// Reads one; `of` is the type of the class, for what does not say its types.
pub(crate) fn read(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
    method: &str,
    of: Option<&TypeName>,
) -> Result<Member, ParseError> {
    let start = cursor.clone();
    let unknown = || start.error("write the types in parentheses behind the number or operator");
    if cursor.eat_word("operator") {
        let number = cursor.integer()?;
        let operator = context.name_of(Kind::Operator, cursor.operator()?);
        let types = if cursor.is_mark("(") {
            Some(pair(cursor, context)?)
        } else {
            None
        };
        let order_by = if cursor.eat_words("for order by") {
            Some(context.name_of(Kind::OperatorFamily, cursor.qualified_routine()?))
        } else {
            cursor.eat_words("for search");
            None
        };
        let (left, right) = types
            .or_else(|| of.map(|of| (of.clone(), of.clone())))
            .ok_or_else(unknown)?;
        return Ok(Member::Operator {
            number,
            left,
            right,
            operator,
            order_by,
        });
    }
    cursor.expect_word("function")?;
    let number = cursor.integer()?;
    let types = if cursor.is_mark("(") {
        Some(pair(cursor, context)?)
    } else {
        None
    };
    let function = context.routine_name(cursor.qualified_routine()?);
    let arguments: Vec<TypeName> = if cursor.is_mark("(") {
        let types = argument_types(cursor, context)?;
        types.iter().map(TypeName::without_modifiers).collect()
    } else {
        return Err(cursor.expected("the types of the function's arguments"));
    };
    let (left, right) = types
        .or_else(|| usual(method, number, &arguments))
        .or_else(|| of.map(|of| (of.clone(), of.clone())))
        .ok_or_else(unknown)?;
    Ok(Member::Function {
        number,
        left,
        right,
        function,
        arguments,
    })
}

/// The types that PostgreSQL takes from a function's arguments where nothing is said.
fn usual(method: &str, number: i64, arguments: &[TypeName]) -> Option<(TypeName, TypeName)> {
    let argument = |at: usize| arguments.get(at).cloned();
    match (method, number) {
        ("btree", 1) => Some((argument(0)?, argument(1)?)),
        ("btree", 3) => Some((argument(0)?, argument(2)?)),
        ("hash", 1 | 2) => Some((argument(0)?, argument(0)?)),
        _ => None,
    }
}

/// `(left, right)`; one type stands for both.
pub(crate) fn pair(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<(TypeName, TypeName), ParseError> {
    let types = cursor.paren_list(|cursor| Ok(context.read_type(cursor)?.without_modifiers()))?;
    match types.as_slice() {
        [one] => Ok((one.clone(), one.clone())),
        [left, right] => Ok((left.clone(), right.clone())),
        _ => Err(cursor.error("one or two types are meant here")),
    }
}
