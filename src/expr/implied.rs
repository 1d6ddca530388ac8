//! What a condition says of single columns: enough to see that rows for which it holds need not be looked at again.

use std::cmp::Ordering;

use super::node::Node;
use super::{Expr, Scope, tokens, tree};
use crate::name::Ident;

/// What a part of a condition says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Claim {
    /// `column IS NOT NULL`.
    NotNull(Ident),
    /// `column IS NULL`.
    Null(Ident),
    /// The column against a constant; nothing is said of nulls.
    Compared(Ident, Sign, Constant),
    /// `column IN (...)`; nothing is said of nulls.
    OneOf(Ident, Vec<Constant>),
    /// One of these holds.
    Any(Vec<Claim>),
    /// Something else.
    Other,
}

/// How a column compares with a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

impl Sign {
    fn read(operator: &str) -> Option<Self> {
        Some(match operator {
            "<" => Self::Less,
            "<=" => Self::AtMost,
            "=" => Self::Equal,
            ">=" => Self::AtLeast,
            ">" => Self::More,
            _ => return None,
        })
    }

    /// The same with the sides exchanged.
    fn turned(self) -> Self {
        match self {
            Self::Less => Self::More,
            Self::AtMost => Self::AtLeast,
            Self::Equal => Self::Equal,
            Self::AtLeast => Self::AtMost,
            Self::More => Self::Less,
        }
    }

    /// What holds of values where this does not; none where that is no comparison of this form.
    fn negated(self) -> Option<Self> {
        Some(match self {
            Self::Less => Self::AtLeast,
            Self::AtMost => Self::More,
            Self::AtLeast => Self::Less,
            Self::More => Self::AtMost,
            Self::Equal => return None,
        })
    }
}

/// A constant in a condition or a bound.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Constant(Node);

impl Constant {
    /// None for what is no constant.
    pub(crate) fn read(expr: &Expr) -> Option<Self> {
        Self::of(&read(expr)?)
    }

    fn of(node: &Node) -> Option<Self> {
        match node {
            Node::Number(_) | Node::Text(_) | Node::Bool(_) => Some(Self(node.clone())),
            Node::Cast(inner, _) if matches!(**inner, Node::Number(_) | Node::Text(_)) => Some(Self(node.clone())),
            _ => None,
        }
    }

    fn number(&self) -> Option<i128> {
        match &self.0 {
            Node::Number(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// How values of a column compare, where `type_name` is its type as SQL spells it; none where nobody but the server knows.
    pub(crate) fn compare(&self, other: &Self, type_name: &str) -> Option<Ordering> {
        let (one, other) = (self.plain(type_name), other.plain(type_name));
        match (one.number(), other.number()) {
            (Some(one), Some(other)) => Some(one.cmp(&other)),
            _ => (one == other).then_some(Ordering::Equal),
        }
    }

    /// Without a cast to the type that it has anyway. Texts of whole numbers are numbers in columns of those.
    fn plain(&self, type_name: &str) -> Self {
        let node = match &self.0 {
            Node::Cast(inner, to) if to == type_name => (**inner).clone(),
            other => other.clone(),
        };
        let whole = matches!(type_name, "smallint" | "integer" | "bigint");
        match node {
            Node::Text(text) if whole && text.parse::<i128>().is_ok() => Self(Node::Number(text)),
            other => Self(other),
        }
    }
}

fn read(expr: &Expr) -> Option<Node> {
    tree(&tokens(&expr.text), Scope::under(&expr.path), |parser| parser.expr())
}

/// What holds together where the condition does.
pub(crate) fn claims(condition: &Expr) -> Vec<Claim> {
    match read(condition) {
        Some(Node::And(parts)) => parts.iter().map(claim).collect(),
        Some(node) => vec![claim(&node)],
        None => Vec::new(),
    }
}

fn column(node: &Node) -> Option<Ident> {
    match node {
        Node::Name(parts) => match parts.as_slice() {
            [name] => Some(Ident::new(name)),
            _ => None,
        },
        _ => None,
    }
}

fn claim(node: &Node) -> Claim {
    let found = match node {
        Node::Postfix(inner, test) if test == "IS NOT NULL" => column(inner).map(Claim::NotNull),
        Node::Postfix(inner, test) if test == "IS NULL" => column(inner).map(Claim::Null),
        Node::Infix(operator, left, right) => Sign::read(operator).and_then(|sign| {
            let straight = column(left).zip(Constant::of(right)).map(|pair| (pair, sign));
            let turned = column(right).zip(Constant::of(left)).map(|pair| (pair, sign.turned()));
            let ((column, constant), sign) = straight.or(turned)?;
            Some(Claim::Compared(column, sign, constant))
        }),
        Node::In(false, left, items) => {
            let constants = items.iter().map(Constant::of).collect::<Option<Vec<_>>>();
            column(left)
                .zip(constants)
                .map(|(column, list)| Claim::OneOf(column, list))
        }
        Node::Or(parts) => Some(Claim::Any(parts.iter().map(claim).collect())),
        Node::Prefix(word, inner) if word == "NOT" => Some(negated(inner)),
        _ => None,
    };
    found.unwrap_or(Claim::Other)
}

fn negated(node: &Node) -> Claim {
    if let Node::And(parts) = node {
        return Claim::Any(parts.iter().map(negated).collect());
    }
    match claim(node) {
        Claim::Null(column) => Claim::NotNull(column),
        Claim::NotNull(column) => Claim::Null(column),
        Claim::Compared(column, sign, constant) => match sign.negated() {
            Some(sign) => Claim::Compared(column, sign, constant),
            None => Claim::Other,
        },
        _ => Claim::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sole(text: &str) -> Claim {
        claims(&Expr::new(text)).pop().expect("a claim")
    }

    #[test]
    fn conditions_say_what_they_say() {
        let n = Ident::new("n");
        assert_eq!(claims(&Expr::new("n IS NOT NULL AND n > 3")).len(), 2);
        assert_eq!(sole("NOT (n IS NULL)"), Claim::NotNull(n.clone()));
        assert_eq!(
            sole("n IS NOT NULL OR b IS NOT NULL"),
            Claim::Any(vec![Claim::NotNull(n.clone()), Claim::NotNull(Ident::new("b"))])
        );
        assert_eq!(sole("5 > n"), sole("n < 5"));
        assert_eq!(sole("NOT (n >= 1 AND n < 5)"), sole("n < 1 OR n >= 5"));
        assert_eq!(sole("f(n) > 5"), Claim::Other);
        assert_eq!(sole("n > b"), Claim::Other);
    }

    #[test]
    fn constants_compare_where_that_is_known() {
        let constant = |text: &str| Constant::read(&Expr::new(text)).expect("a constant");
        let compare = |one: &str, other: &str, type_name: &str| constant(one).compare(&constant(other), type_name);
        assert_eq!(compare("10", "9", "integer"), Some(Ordering::Greater));
        assert_eq!(compare("'10'::bigint", "9", "bigint"), Some(Ordering::Greater));
        assert_eq!(compare("'a'::text", "'a'", "text"), Some(Ordering::Equal));
        assert_eq!(compare("'a'", "'b'", "text"), None);
        assert_eq!(compare("'2026-01-01'::timestamp", "'2026-01-01'", "date"), None);
        assert!(Constant::read(&Expr::new("now()")).is_none());
    }
}
