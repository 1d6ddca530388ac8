//! The canonical tree and its one printed form, which is SQL again: reading it back gives the same tree.

use super::print::{quote_name, quote_text};
use crate::name::Ident;

/// A node of the canonical tree. Only what the rules look into has a shape of its own.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Null,
    Bool(bool),
    /// A number, possibly with a minus sign.
    Number(String),
    Text(String),
    /// A column or relation: its parts.
    Name(Vec<String>),
    /// A word that stands for itself, or text that is canonical already.
    Word(String),
    /// To a type in its canonical spelling.
    Cast(Box<Node>, String),
    Array(Vec<Node>),
    Row(Vec<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Prefix(String, Box<Node>),
    Infix(String, Box<Node>, Box<Node>),
    /// Operand and what follows it: `IS NULL`, `COLLATE "C"`, `[1]`, `.field`.
    Postfix(Box<Node>, String),
    /// `IN` over a list; `true` for `NOT IN`.
    In(bool, Box<Node>, Vec<Node>),
    /// A query in parentheses.
    Query(Box<Node>),
    Call(Box<Call>),
    /// Parts with spaces between them.
    Seq(Vec<Node>),
    /// Parts with commas between them.
    List(Vec<Node>),
}

/// A call of a function or of something that looks like one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Call {
    /// The name as printed: quoted for functions, bare for key words.
    pub(super) head: String,
    /// Bare name of the function, for rules that know it; empty for functions outside `pg_catalog`.
    pub(super) known: String,
    pub(super) args: Vec<Node>,
    /// `DISTINCT` before the arguments.
    pub(super) distinct: bool,
    /// `ORDER BY` among the arguments, as printed.
    pub(super) order: Option<Node>,
    /// `FILTER`, `OVER` and `WITHIN GROUP`.
    pub(super) after: Vec<Node>,
}

impl Node {
    pub(super) fn word(text: impl Into<String>) -> Self {
        Node::Word(text.into())
    }

    /// A construct with a key word and arguments in parentheses, such as `COALESCE`.
    pub(super) fn key_word_call(head: &str, args: Vec<Node>) -> Self {
        let known = head.to_ascii_lowercase();
        Node::Call(Box::new(Call {
            head: head.into(),
            known,
            args,
            distinct: false,
            order: None,
            after: Vec::new(),
        }))
    }

    /// The height of the tree, counted up to a limit.
    pub(super) fn height(&self, limit: usize) -> usize {
        if limit == 0 {
            return 0;
        }
        let mut highest = 0;
        self.each_child(&mut |child| highest = highest.max(child.height(limit - 1)));
        highest + 1
    }

    /// The number of nodes, counted up to a limit.
    pub(super) fn weight(&self, limit: usize) -> usize {
        let mut sum = 1;
        self.each_child(&mut |child| {
            if sum < limit {
                sum += child.weight(limit - sum);
            }
        });
        sum
    }

    /// Adds the names that can only be columns.
    pub(super) fn column_names(&self, found: &mut Vec<Ident>) {
        match self {
            Node::Name(parts) => {
                if let [name] = parts.as_slice() {
                    found.push(Ident::new(name));
                }
            }
            // Constructs with words of their own, and queries, whose names may be others.
            Node::Seq(_) | Node::Query(_) => {}
            other => other.each_child(&mut |child| child.column_names(found)),
        }
    }

    fn each_child(&self, see: &mut dyn FnMut(&Node)) {
        match self {
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::Text(_) | Node::Name(_) | Node::Word(_) => {}
            Node::Cast(inner, _) | Node::Prefix(_, inner) | Node::Postfix(inner, _) | Node::Query(inner) => see(inner),
            Node::Infix(_, left, right) => {
                see(left);
                see(right);
            }
            Node::In(_, left, items) => {
                see(left);
                items.iter().for_each(see);
            }
            Node::Array(items)
            | Node::Row(items)
            | Node::And(items)
            | Node::Or(items)
            | Node::Seq(items)
            | Node::List(items) => {
                items.iter().for_each(see);
            }
            Node::Call(call) => call.args.iter().chain(&call.order).chain(&call.after).for_each(see),
        }
    }

    /// The printed form.
    pub(super) fn print(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match self {
            Node::Null => out.push_str("NULL"),
            Node::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Node::Number(text) | Node::Word(text) => out.push_str(text),
            Node::Text(text) => quote_text(out, text),
            Node::Name(parts) => {
                for (i, part) in parts.iter().enumerate() {
                    if i > 0 {
                        out.push('.');
                    }
                    quote_name(out, part);
                }
            }
            Node::Cast(inner, to) => write_cast(out, inner, to),
            Node::Array(items) => {
                out.push_str("ARRAY[");
                write_joined(out, items, ", ");
                out.push(']');
            }
            Node::Row(items) => {
                out.push_str("ROW(");
                write_joined(out, items, ", ");
                out.push(')');
            }
            Node::And(items) => write_group(out, items, " AND "),
            Node::Or(items) => write_group(out, items, " OR "),
            Node::Prefix(operator, inner) => {
                out.push('(');
                out.push_str(operator);
                out.push(' ');
                inner.write(out);
                out.push(')');
            }
            Node::Infix(operator, left, right) => {
                out.push('(');
                left.write(out);
                out.push(' ');
                out.push_str(operator);
                out.push(' ');
                right.write(out);
                out.push(')');
            }
            Node::Postfix(inner, tail) => {
                out.push('(');
                out.push('(');
                inner.write(out);
                out.push(')');
                if !tail.starts_with(['.', '[']) {
                    out.push(' ');
                }
                out.push_str(tail);
                out.push(')');
            }
            Node::In(negated, left, items) => {
                out.push('(');
                left.write(out);
                out.push_str(if *negated { " NOT IN (" } else { " IN (" });
                write_joined(out, items, ", ");
                out.push_str("))");
            }
            Node::Query(inner) => write_group(out, std::slice::from_ref(&**inner), ""),
            Node::Call(call) => write_call(out, call),
            Node::Seq(items) => write_joined(out, items, " "),
            Node::List(items) => write_joined(out, items, ", "),
        }
    }
}

fn write_cast(out: &mut String, inner: &Node, to: &str) {
    match inner {
        // An untyped string means text here; a cast around it is written out where another cast follows (`late_bound`).
        Node::Text(text) if is_text(to) => quote_text(out, text),
        _ => {
            out.push('(');
            match inner {
                Node::Cast(text, to) if matches!(**text, Node::Text(_)) && is_text(to) => {
                    out.push('(');
                    text.write(out);
                    out.push_str(")::");
                    out.push_str(to);
                }
                _ => inner.write(out),
            }
            out.push_str(")::");
            out.push_str(to);
        }
    }
}

/// The types that an untyped string constant becomes by itself.
pub(super) fn is_text(name: &str) -> bool {
    matches!(name, "text" | "character varying")
}

fn write_call(out: &mut String, call: &Call) {
    out.push_str(&call.head);
    out.push('(');
    if call.distinct {
        out.push_str("DISTINCT ");
    }
    write_joined(out, &call.args, ", ");
    if let Some(order) = &call.order {
        out.push(' ');
        order.write(out);
    }
    out.push(')');
    for part in &call.after {
        out.push(' ');
        part.write(out);
    }
}

fn write_group(out: &mut String, items: &[Node], separator: &str) {
    out.push('(');
    write_joined(out, items, separator);
    out.push(')');
}

fn write_joined(out: &mut String, items: &[Node], separator: &str) {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push_str(separator);
        }
        item.write(out);
    }
}
