//! The operands of expressions: constants, names, parentheses, `CASE`, arrays, typed constants.

use crate::keywords::{is_reserved, needs_quotes};

use super::constant;
use super::node::Node;
use super::parser::{Parsed, Parser, Unknown};
use super::print;
use super::rules;
use super::token::{Kind, Token};

impl Parser<'_> {
    /// An operand, with the fields selected from it.
    pub(super) fn primary(&mut self) -> Parsed {
        let token = self.peek().ok_or(Unknown)?;
        match token.kind {
            Kind::Number => {
                self.at += 1;
                Ok(Node::Number(print::number(&token.text)))
            }
            Kind::Text => {
                self.at += 1;
                Ok(Node::Text(token.text.to_string()))
            }
            Kind::Bits => {
                self.at += 1;
                let bits = constant::bits(&token.text).ok_or(Unknown)?;
                Ok(Node::Cast(Box::new(Node::Text(bits)), "\"bit\"".into()))
            }
            Kind::Param => {
                self.at += 1;
                Ok(Node::word(&*token.text))
            }
            Kind::Mark if token.text == "(" => {
                self.at += 1;
                let inner = self.in_parentheses()?;
                self.fields(inner)
            }
            Kind::Quoted => self.name_or_call(),
            Kind::Word => self.word(&token.text),
            _ => Err(Unknown),
        }
    }

    /// What stands between parentheses, the opening one read already: a query, a row, or an expression.
    pub(super) fn in_parentheses(&mut self) -> Parsed {
        if self.eat_mark(")") {
            return Ok(Node::Row(Vec::new()));
        }
        if self.starts_query() {
            let query = self.subquery()?;
            self.expect_mark(")")?;
            return Ok(query);
        }
        let first = self.expr()?;
        if matches!(first, Node::Query(_)) && self.continues_query() {
            let query = self.query_after(first)?;
            self.expect_mark(")")?;
            return Ok(query);
        }
        if self.is_mark(",") {
            let mut items = vec![first];
            while self.eat_mark(",") {
                items.push(self.expr()?);
            }
            self.expect_mark(")")?;
            return Ok(Node::Row(items));
        }
        self.expect_mark(")")?;
        Ok(first)
    }

    /// `.field` and `.*` after a parenthesis.
    fn fields(&mut self, mut left: Node) -> Parsed {
        while self.is_mark(".") {
            self.at += 1;
            self.grow()?;
            let field = self.next()?;
            let mut tail = String::from(".");
            match field.kind {
                Kind::Word | Kind::Quoted => print::quote_name(&mut tail, &field.text),
                Kind::Operator if field.text == "*" => tail.push('*'),
                _ => return Err(Unknown),
            }
            left = Node::Postfix(Box::new(left), tail);
        }
        Ok(left)
    }

    fn word(&mut self, word: &str) -> Parsed {
        let called = self.is_mark_at(1, "(");
        match word {
            "null" => self.plain(Node::Null),
            "true" => self.plain(Node::Bool(true)),
            "false" => self.plain(Node::Bool(false)),
            "current_date" | "current_time" | "current_timestamp" | "localtime" | "localtimestamp" => self.clock(word),
            "current_catalog" | "current_role" | "current_user" | "session_user" | "system_user" | "user"
            | "default" => self.plain(Node::word(word.to_ascii_uppercase())),
            "current_schema" if !called => self.plain(Node::word("CURRENT_SCHEMA")),
            "case" => self.case(),
            "array" => self.array(),
            "row" if called => {
                self.at += 2;
                let items = if self.is_mark(")") { Vec::new() } else { self.exprs()? };
                self.expect_mark(")")?;
                Ok(Node::Row(items))
            }
            "exists" if called => {
                self.at += 2;
                let query = self.in_parentheses()?;
                if matches!(query, Node::Query(_)) {
                    Ok(Node::Prefix("EXISTS".into(), Box::new(query)))
                } else {
                    Err(Unknown)
                }
            }
            "cast" if called => {
                self.at += 2;
                let inner = self.expr()?;
                self.expect_word("as")?;
                let to = self.type_name()?;
                self.expect_mark(")")?;
                Ok(rules::cast(inner, to, self.scope))
            }
            "collation" if self.is_word_at(1, "for") && self.is_mark_at(2, "(") => {
                self.at += 3;
                let of = self.expr()?;
                self.expect_mark(")")?;
                Ok(rules::built_in("pg_collation_for", vec![of], self.scope))
            }
            _ if called && self.has_own_syntax(word) => self.own_syntax(word),
            _ if is_reserved(word) => Err(Unknown),
            _ => {
                if needs_quotes(word)
                    && let Some(node) = self.typed_constant()?
                {
                    return Ok(node);
                }
                self.name_or_call()
            }
        }
    }

    fn plain(&mut self, node: Node) -> Parsed {
        self.at += 1;
        Ok(node)
    }

    /// `CURRENT_TIMESTAMP` and the like, with a precision if given.
    fn clock(&mut self, word: &str) -> Parsed {
        self.at += 1;
        let mut text = word.to_ascii_uppercase();
        if self.is_mark("(") && self.peek_at(1).is_some_and(|t| t.kind == Kind::Number) && self.is_mark_at(2, ")") {
            let precision = &self.tokens[self.at + 1].text;
            text.push_str(&format!("({precision})"));
            self.at += 3;
        }
        Ok(Node::Word(text))
    }

    fn case(&mut self) -> Parsed {
        self.expect_word("case")?;
        let mut parts = vec![Node::word("CASE")];
        if !self.is_word("when") {
            parts.push(self.expr()?);
        }
        let first = parts.len();
        while self.eat_word("when") {
            let when = self.expr()?;
            self.expect_word("then")?;
            let then = self.expr()?;
            parts.extend([Node::word("WHEN"), when, Node::word("THEN"), then]);
        }
        if parts.len() == first {
            return Err(Unknown);
        }
        if self.eat_word("else") {
            let default = self.expr()?;
            if !rules::drops_else(&default, parts[first..].iter().skip(3).step_by(4)) {
                parts.extend([Node::word("ELSE"), default]);
            }
        }
        self.expect_word("end")?;
        parts.push(Node::word("END"));
        Ok(Node::Seq(parts))
    }

    fn array(&mut self) -> Parsed {
        self.expect_word("array")?;
        if self.eat_mark("(") {
            let query = self.in_parentheses()?;
            return if matches!(query, Node::Query(_)) {
                Ok(Node::Prefix("ARRAY".into(), Box::new(query)))
            } else {
                Err(Unknown)
            };
        }
        self.array_items()
    }

    /// `[a, b]`, where elements may be `[..]` themselves.
    fn array_items(&mut self) -> Parsed {
        self.expect_mark("[")?;
        let mut items = Vec::new();
        if !self.is_mark("]") {
            loop {
                items.push(if self.is_mark("[") {
                    self.nested(Self::array_items)?
                } else {
                    self.expr()?
                });
                if !self.eat_mark(",") {
                    break;
                }
            }
        }
        self.expect_mark("]")?;
        Ok(Node::Array(items))
    }

    /// `timestamp with time zone '...'`, `interval '1' day`: a type name in front of a string.
    fn typed_constant(&mut self) -> Parsed<Option<Node>> {
        let start = self.at;
        let interval = self.is_word("interval");
        let Ok(mut to) = self.type_name() else {
            self.at = start;
            return Ok(None);
        };
        match self.peek() {
            Some(token) if token.kind == Kind::Text => {
                self.at += 1;
                if interval
                    && to == "interval"
                    && let Some(fields) = self.interval_fields()?
                {
                    to = format!("interval {fields}");
                }
                Ok(Some(rules::cast(Node::Text(token.text.to_string()), to, self.scope)))
            }
            _ => {
                self.at = start;
                Ok(None)
            }
        }
    }

    /// A name, a call, or a constant behind the name of a type.
    fn name_or_call(&mut self) -> Parsed {
        let start = self.at;
        let parts = self.dotted()?;
        if self.is_mark("(") {
            return self.call(parts);
        }
        if self.is_mark(".") && self.peek_at(1).is_some_and(|t| t.is_operator("*")) {
            self.at += 2;
            return Ok(Node::Word(format!("{}.*", Node::Name(parts).print())));
        }
        if let Some(token) = self.peek()
            && token.kind == Kind::Text
        {
            let end = std::mem::replace(&mut self.at, start);
            let to = self.type_name()?;
            if self.at != end {
                return Err(Unknown);
            }
            self.at += 1;
            return Ok(rules::cast(Node::Text(token.text.to_string()), to, self.scope));
        }
        Ok(Node::Name(parts))
    }

    /// Names with points between them.
    pub(super) fn dotted(&mut self) -> Parsed<Vec<String>> {
        let mut parts = Vec::new();
        loop {
            let token = self.next()?;
            if !token.is_name() {
                return Err(Unknown);
            }
            parts.push(token.text.to_string());
            if !(self.is_mark(".") && self.peek_at(1).is_some_and(Token::is_name)) {
                return Ok(parts);
            }
            self.at += 1;
        }
    }
}
