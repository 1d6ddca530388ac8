//! The rules that bring different spellings of one expression to one tree. Every rule keeps the meaning.

use super::constant;
use super::node::{Call, Node, is_text};
use super::scope::Scope;

/// `left AND right`, flattened in order.
pub(super) fn and(left: Node, right: Node) -> Node {
    let mut items = if let Node::And(items) = left { items } else { vec![left] };
    if let Node::And(more) = right {
        items.extend(more)
    } else {
        items.push(right)
    }
    Node::And(items)
}

/// `left OR right`, flattened in order.
pub(super) fn or(left: Node, right: Node) -> Node {
    let mut items = if let Node::Or(items) = left { items } else { vec![left] };
    if let Node::Or(more) = right {
        items.extend(more)
    } else {
        items.push(right)
    }
    Node::Or(items)
}

pub(super) fn not(inner: Node) -> Node {
    Node::Prefix("NOT".into(), Box::new(inner))
}

/// `- inner`; a constant takes the sign into itself.
pub(super) fn negative(inner: Node) -> Node {
    match inner {
        Node::Number(text) => match text.strip_prefix('-') {
            Some(positive) => Node::Number(positive.into()),
            None => Node::Number(format!("-{text}")),
        },
        other => Node::Prefix("-".into(), Box::new(other)),
    }
}

/// `left operator right`.
pub(super) fn infix(operator: String, mut left: Node, mut right: Node, scope: Scope<'_>) -> Node {
    strip_text_cast(&mut left, scope);
    strip_text_cast(&mut right, scope);
    if matches!(operator.as_str(), "=" | "<>" | "<" | ">" | "<=" | ">=") {
        strip_constant_cast(&mut left, &right, scope);
        strip_constant_cast(&mut right, &left, scope);
    }
    if matches!(
        operator.as_str(),
        "=" | "<>" | "<" | ">" | "<=" | ">=" | "IS DISTINCT FROM"
    ) {
        keep_text_cast(&mut left, &right, scope);
        keep_text_cast(&mut right, &left, scope);
    }
    Node::Infix(operator, Box::new(left), Box::new(right))
}

/// `left [NOT] IN (items)`.
pub(super) fn in_list(negated: bool, mut left: Node, mut items: Vec<Node>, scope: Scope<'_>) -> Node {
    if let [Node::Query(_)] = items.as_slice() {
        let node = Node::In(false, Box::new(left), items);
        return if negated { not(node) } else { node };
    }
    if items.len() == 1
        && let Some(only) = items.pop()
    {
        return infix(if negated { "<>" } else { "=" }.into(), left, only, scope);
    }
    strip_text_cast(&mut left, scope);
    for item in &mut items {
        strip_constant_cast(item, &left, scope);
        keep_text_cast(item, &left, scope);
    }
    Node::In(negated, Box::new(left), items)
}

/// `left operator ANY|ALL (right)`; over an array of elements this is what PostgreSQL makes of `IN`.
pub(super) fn quantified(operator: String, quantifier: &str, left: Node, right: Node, scope: Scope<'_>) -> Node {
    match (operator.as_str(), quantifier, right) {
        ("=", "ANY", Node::Array(items)) if !items.is_empty() && flat(&items) => in_list(false, left, items, scope),
        ("<>", "ALL", Node::Array(items)) if !items.is_empty() && flat(&items) => in_list(true, left, items, scope),
        ("=", "ANY", query @ Node::Query(_)) => in_list(false, left, vec![query], scope),
        (_, _, right) => {
            let mut left = left;
            strip_text_cast(&mut left, scope);
            let right = match right {
                query @ Node::Query(_) => query,
                array => Node::Seq(vec![Node::word("("), array, Node::word(")")]),
            };
            Node::Infix(format!("{operator} {quantifier}"), Box::new(left), Box::new(right))
        }
    }
}

/// Whether no element is an array itself: `ANY` looks into those too.
fn flat(items: &[Node]) -> bool {
    !items.iter().any(|item| matches!(item, Node::Array(_) | Node::Query(_)))
}

/// `inner::to`.
pub(super) fn cast(inner: Node, to: String, scope: Scope<'_>) -> Node {
    match inner {
        Node::Array(items) if items.is_empty() && to.ends_with("[]") => {
            Node::Cast(Box::new(Node::Text("{}".into())), to)
        }
        // PostgreSQL casts an array constructor element by element as well.
        Node::Array(items) if to.ends_with("[]") => {
            let element = to[..to.len() - 2].to_string();
            let each = |item| {
                if matches!(item, Node::Array(_)) {
                    cast(item, to.clone(), scope)
                } else {
                    cast(item, element.clone(), scope)
                }
            };
            Node::Array(items.into_iter().map(each).collect())
        }
        Node::Text(text) if to == "regclass" => constant::relation(text, scope),
        Node::Text(text) => constant::typed_text(text, to),
        Node::Number(text) => constant::typed_number(text, to),
        Node::Bool(value) if to == "boolean" => Node::Bool(value),
        Node::Cast(constant, from) if from == to => Node::Cast(constant, to),
        Node::Cast(constant, from) if matches!(*constant, Node::Text(_)) && is_text(&from) && is_text(&to) => {
            Node::Cast(constant, to)
        }
        Node::Cast(constant, from)
            if matches!(*constant, Node::Text(_) | Node::Number(_)) && only_adds_modifiers(&from, &to) =>
        {
            Node::Cast(constant, to)
        }
        other => Node::Cast(Box::new(other), to),
    }
}

/// Whether a cast of a constant to `from` makes no difference before the one to `to`.
fn only_adds_modifiers(from: &str, to: &str) -> bool {
    let same = |name: &str| from == name && to.strip_prefix(name).is_some_and(|rest| rest.starts_with('('));
    same("character varying") || same("numeric") || (from == "text" && to.starts_with("character varying("))
}

/// Drops `::text` from a column that is `character varying`: operators on it use those of `text` anyway.
fn strip_text_cast(node: &mut Node, scope: Scope<'_>) {
    if let Node::Cast(inner, to) = node
        && to == "text"
        && let Node::Name(parts) = &**inner
        && scope
            .column_type(parts)
            .is_some_and(|t| t.starts_with("character varying") && !t.ends_with("[]"))
    {
        *node = (**inner).clone();
    }
}

/// Keeps the cast to `text` or `character varying` of a constant that would take another type where it stands: beside `character(5)`
/// it would lose its trailing blanks, beside `citext` its case.
fn keep_text_cast(node: &mut Node, other: &Node, scope: Scope<'_>) {
    if let Node::Cast(constant, to) = node
        && is_text(to)
        && matches!(**constant, Node::Text(_))
        && !is_textual(other, scope)
    {
        let to = to.clone();
        *node = Node::Cast(Box::new(node.clone()), to);
    }
}

/// Whether an expression is known to be `text` or `character varying`.
fn is_textual(node: &Node, scope: Scope<'_>) -> bool {
    let textual = |name: &str| name == "text" || (name.starts_with("character varying") && !name.ends_with("[]"));
    match node {
        Node::Name(parts) => scope.column_type(parts).is_some_and(textual),
        Node::Cast(_, to) => textual(to),
        Node::Text(_) => true,
        Node::Infix(operator, ..) => matches!(operator.as_str(), "->>" | "#>>"),
        // Ranges have these too.
        Node::Call(call) if matches!(call.known.as_str(), "lower" | "upper") => {
            call.args.iter().all(|argument| is_textual(argument, scope))
        }
        Node::Call(call) => MAKE_TEXT.contains(&call.known.as_str()),
        _ => false,
    }
}

/// Drops the cast of a constant that is compared to a column of the same type: an untyped constant takes that type.
fn strip_constant_cast(node: &mut Node, other: &Node, scope: Scope<'_>) {
    let (Node::Cast(inner, to), Node::Name(parts)) = (&mut *node, other) else {
        return;
    };
    let Some(column) = scope.column_type(parts) else { return };
    let base = column.split_once('(').map_or(column, |(base, _)| base).trim_end();
    let same = *to == column || *to == base || (to == "bpchar" && base == "character");
    let droppable = match &**inner {
        Node::Text(_) | Node::Null => same && to.as_str() != "interval",
        Node::Number(number) => match base {
            "numeric" | "double precision" => *to == base,
            "integer" | "bigint" | "smallint" => *to == base && !number.contains('.'),
            _ => false,
        },
        _ => false,
    };
    if droppable {
        let constant = (**inner).clone();
        *node = constant;
    }
}

/// `CASE`: an `ELSE NULL` says nothing, unless its type decides that of the whole.
pub(super) fn drops_else<'n>(default: &Node, mut results: impl Iterator<Item = &'n Node>) -> bool {
    match default {
        Node::Null => true,
        Node::Cast(null, to) if **null == Node::Null => {
            is_text(to)
                || results.any(|result| match result {
                    Node::Cast(_, other) => other == to,
                    Node::Bool(_) => to == "boolean",
                    Node::Number(n) => to == "integer" && constant::fits_integer(n),
                    _ => false,
                })
        }
        _ => false,
    }
}

/// A call of a built-in function, however it was written.
pub(super) fn built_in(name: &str, args: Vec<Node>, scope: Scope<'_>) -> Node {
    let head = Node::Name(vec![name.into()]).print();
    let call = Call {
        head,
        known: name.into(),
        args,
        distinct: false,
        order: None,
        after: Vec::new(),
    };
    self::call(call, scope)
}

/// A call after its arguments are known: spellings of literals for sequences.
pub(super) fn call(mut call: Call, scope: Scope<'_>) -> Node {
    if matches!(call.known.as_str(), "nextval" | "currval" | "setval")
        && let Some(first) = call.args.first_mut()
    {
        *first = match std::mem::replace(first, Node::Null) {
            Node::Text(name) => constant::relation(name, scope),
            // Looked up by name at each call, not bound to the sequence.
            late @ Node::Cast(..) if is_late(&late) => Node::Cast(Box::new(late), "regclass".into()),
            other => other,
        };
    }
    if TEXT_FUNCTIONS.contains(&call.known.as_str()) {
        for argument in &mut call.args {
            strip_text_cast(argument, scope);
        }
    }
    Node::Call(Box::new(call))
}

/// Built-in functions of `text` that have no variant for `character varying`.
const TEXT_FUNCTIONS: &[&str] = &[
    "ascii",
    "btrim",
    "char_length",
    "character_length",
    "initcap",
    "left",
    "length",
    "lower",
    "lpad",
    "ltrim",
    "md5",
    "position",
    "regexp_match",
    "regexp_matches",
    "regexp_replace",
    "repeat",
    "replace",
    "reverse",
    "right",
    "rpad",
    "rtrim",
    "split_part",
    "starts_with",
    "strpos",
    "substr",
    "substring",
    "to_tsvector",
    "translate",
    "upper",
];

/// Built-in functions of strings that give `text`.
const MAKE_TEXT: &[&str] = &[
    "btrim",
    "chr",
    "concat",
    "concat_ws",
    "format",
    "initcap",
    "left",
    "lpad",
    "ltrim",
    "md5",
    "quote_ident",
    "regexp_replace",
    "repeat",
    "replace",
    "reverse",
    "right",
    "rpad",
    "rtrim",
    "split_part",
    "to_char",
    "to_hex",
    "translate",
];

fn is_late(node: &Node) -> bool {
    matches!(node, Node::Cast(text, to) if matches!(**text, Node::Text(_)) && is_text(to))
}
