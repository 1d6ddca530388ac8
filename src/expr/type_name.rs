//! Type names inside expressions.

use crate::types::TypeName;

use super::node::Node;
use super::parser::{Parsed, Parser, Unknown};
use super::print;
use super::token::Kind;

impl Parser<'_> {
    /// A type, in its canonical spelling.
    pub(super) fn type_name(&mut self) -> Parsed<String> {
        let start = self.at;
        let parts = self.dotted()?;
        let first = &self.tokens[start];
        // `"bit"` has no length, unlike `bit`; only PostgreSQL's own output has it.
        let bare_bit = parts.last().is_some_and(|name| name == "bit")
            && (parts.len() == 2 && parts[0] == "pg_catalog" || parts.len() == 1 && first.kind == Kind::Quoted);
        let mut fields = None;
        if parts.len() == 1 && first.kind == Kind::Word {
            match &*first.text {
                "double" => self.expect_word("precision")?,
                "character" | "char" | "nchar" | "bit" => {
                    self.eat_word("varying");
                }
                "national" => {
                    if !(self.eat_word("character") || self.eat_word("char")) {
                        return Err(Unknown);
                    }
                    self.eat_word("varying");
                }
                "interval" => fields = self.interval_fields()?,
                _ => {}
            }
        }
        if self.is_mark("(") {
            if self.is_mark_at(1, ")") {
                return Err(Unknown);
            }
            while !self.eat_mark(")") {
                let token = self.next()?;
                if !matches!(token.kind, Kind::Number | Kind::Word | Kind::Quoted | Kind::Text)
                    && !token.is_mark(",")
                    && !token.is_mark("(")
                    && !token.is_operator("-")
                {
                    return Err(Unknown);
                }
            }
        }
        if first.is_word("time") || first.is_word("timestamp") {
            let _ = self.eat_words(&["with", "time", "zone"]) || self.eat_words(&["without", "time", "zone"]);
        }
        let end = self.at;
        let mut array = false;
        loop {
            if self.is_mark("[") && self.is_mark_at(1, "]") {
                self.at += 2;
            } else if self.is_mark("[")
                && self.peek_at(1).is_some_and(|t| t.kind == Kind::Number)
                && self.is_mark_at(2, "]")
            {
                self.at += 3;
            } else if !self.eat_word("array") {
                break;
            }
            array = true;
        }
        let mut text = if bare_bit {
            "\"bit\"".to_string()
        } else {
            self.spelled(start, end, fields)
        };
        if array {
            text.push_str("[]");
        }
        Ok(text)
    }

    fn spelled(&self, start: usize, end: usize, fields: Option<String>) -> String {
        if let Some(fields) = fields {
            return format!("interval {fields}");
        }
        let mut source = String::new();
        for token in &self.tokens[start..end] {
            match token.kind {
                Kind::Quoted => print::quote_name(&mut source, &token.text),
                Kind::Text => print::quote_text(&mut source, &token.text),
                _ => source.push_str(&token.text),
            }
            if !token.is_mark(".") {
                source.push(' ');
            }
        }
        let parsed = TypeName::parse(&source);
        if parsed.is_builtin() {
            return parsed.to_string();
        }
        let mut parts: Vec<String> = parsed.namespace.iter().map(|n| n.as_str().to_string()).collect();
        parts.push(parsed.name.as_str().to_string());
        let mut text = Node::Name(self.scope.resolve(parts, false)).print();
        if !parsed.modifiers.is_empty() {
            text.push_str(&format!("({})", parsed.modifiers));
        }
        text
    }

    /// `day to second(3)` after `interval`.
    pub(super) fn interval_fields(&mut self) -> Parsed<Option<String>> {
        const FIELDS: [&str; 6] = ["year", "month", "day", "hour", "minute", "second"];
        let Some(from) = FIELDS.iter().find(|field| self.is_word(field)) else {
            return Ok(None);
        };
        self.at += 1;
        let mut text = from.to_string();
        let mut last = *from;
        if self.is_word("to")
            && let Some(to) = FIELDS.iter().find(|field| self.is_word_at(1, field))
        {
            self.at += 2;
            text.push_str(" to ");
            text.push_str(to);
            last = to;
        }
        if last == "second" && self.is_mark("(") && self.peek_at(1).is_some_and(|t| t.kind == Kind::Number) {
            text.push_str(&format!("({})", self.tokens[self.at + 1].text));
            self.at += 2;
            self.expect_mark(")")?;
        }
        Ok(Some(text))
    }
}
