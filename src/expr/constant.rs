//! Constants: one spelling for each value, as far as no input function is needed for it.

use super::interval;
use super::node::Node;
use super::print;
use super::scope::Scope;
use super::token::{Kind, lex};

/// A string constant with a type.
pub(super) fn typed_text(text: String, to: String) -> Node {
    let constant = match to.as_str() {
        "boolean" => match boolean(&text) {
            Some(value) => return Node::Bool(value),
            None => Node::Text(text),
        },
        "smallint" | "integer" | "bigint" if is_integer(&text) => return typed_number(text, to),
        "numeric" | "double precision" | "real" if is_decimal(&text) => return typed_number(text, to),
        name if name.starts_with("numeric(") && is_decimal(&text) => return typed_number(text, to),
        "interval" => Node::Text(interval::canonical(&text).unwrap_or(text)),
        "timestamp without time zone" if is_date(&text) => Node::Text(format!("{text} 00:00:00")),
        _ => Node::Text(text),
    };
    Node::Cast(Box::new(constant), to)
}

/// A number with a type. Without a cast it is `integer` or `bigint` where it fits, else `numeric`.
pub(super) fn typed_number(text: String, to: String) -> Node {
    let text = match text.strip_prefix('-') {
        Some(digits) => format!("-{}", print::number(digits)),
        None => print::number(&text),
    };
    let own_type = if fits_integer(&text) {
        "integer"
    } else if text.parse::<i64>().is_ok() {
        "bigint"
    } else if is_decimal(&text) {
        "numeric"
    } else {
        ""
    };
    if to == own_type {
        Node::Number(text)
    } else {
        Node::Cast(Box::new(Node::Number(text)), to)
    }
}

/// `'public.s'::regclass`, with the name resolved and spelled one way.
pub(super) fn relation(name: String, scope: Scope<'_>) -> Node {
    let tokens = lex(&name);
    let mut parts = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        match (i % 2, token.kind) {
            (0, Kind::Word | Kind::Quoted) => parts.push(token.text.to_string()),
            (1, Kind::Mark) if token.text == "." => {}
            _ => return Node::Cast(Box::new(Node::Text(name)), "regclass".into()),
        }
    }
    let text = if tokens.len() % 2 == 1 {
        Node::Name(scope.relation(parts)).print()
    } else {
        name
    };
    Node::Cast(Box::new(Node::Text(text)), "regclass".into())
}

/// Hexadecimal digits of `X'1F'` as bits.
pub(super) fn bits(text: &str) -> Option<String> {
    let (style, digits) = text.split_at(1);
    if style == "b" {
        return digits
            .bytes()
            .all(|b| matches!(b, b'0' | b'1'))
            .then(|| digits.to_string());
    }
    let mut out = String::new();
    for digit in digits.chars() {
        out.push_str(&format!("{:04b}", digit.to_digit(16)?));
    }
    Some(out)
}

pub(super) fn fits_integer(text: &str) -> bool {
    is_integer(text) && text.parse::<i32>().is_ok()
}

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.len() < 19 && digits.bytes().all(|b| b.is_ascii_digit())
}

/// `1`, `-1.50`: digits on both sides of the point, if there is one.
fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    all(whole) && all(fraction)
}

fn boolean(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "t" | "true" | "yes" | "y" | "on" | "1" => Some(true),
        "f" | "false" | "no" | "n" | "off" | "0" => Some(false),
        _ => None,
    }
}

/// `2020-01-31`
fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| {
            if matches!(i, 4 | 7) {
                b == b'-'
            } else {
                b.is_ascii_digit()
            }
        })
}
