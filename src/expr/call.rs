//! Calls: functions with all their clauses, and constructs with a syntax of their own.

use super::builtin;
use super::flat::flat;
use super::node::{Call, Node};
use super::parser::{Parsed, Parser, Unknown};
use super::rules;
use super::token::Kind;

impl Parser<'_> {
    /// The arguments and clauses of a call, the name read already.
    pub(super) fn call(&mut self, name: Vec<String>) -> Parsed {
        let name = self.scope.function(name);
        let known = if name.len() == 1 && builtin::is_function(&name[0]) {
            name[0].clone()
        } else {
            String::new()
        };
        let head = Node::Name(name).print();
        let mut call = Call {
            head,
            known,
            args: Vec::new(),
            distinct: false,
            order: None,
            after: Vec::new(),
        };
        self.expect_mark("(")?;
        if self.peek().is_some_and(|t| t.is_operator("*")) && self.is_mark_at(1, ")") {
            self.at += 1;
            call.args.push(Node::word("*"));
        } else if !self.is_mark(")") {
            if !self.eat_word("all") {
                call.distinct = self.eat_word("distinct");
            }
            call.args.push(self.argument()?);
            while self.eat_mark(",") {
                call.args.push(self.argument()?);
            }
            call.order = self.order_by()?;
        }
        self.expect_mark(")")?;
        self.after_call(&mut call)?;
        Ok(rules::call(call, self.scope))
    }

    fn argument(&mut self) -> Parsed {
        if self.eat_word("variadic") {
            return Ok(Node::Seq(vec![Node::word("VARIADIC"), self.expr()?]));
        }
        if let (Some(name), Some(arrow)) = (self.peek(), self.peek_at(1))
            && name.is_name()
            && (arrow.is_operator("=>") || arrow.is_operator(":="))
        {
            self.at += 2;
            let name = Node::Name(vec![name.text.to_string()]);
            return Ok(Node::Seq(vec![name, Node::word("=>"), self.expr()?]));
        }
        self.expr()
    }

    fn after_call(&mut self, call: &mut Call) -> Parsed<()> {
        if self.is_word("within") && self.is_word_at(1, "group") {
            self.at += 2;
            self.expect_mark("(")?;
            let order = self.order_by()?.ok_or(Unknown)?;
            self.expect_mark(")")?;
            call.after.push(Node::Seq(vec![
                Node::word("WITHIN GROUP"),
                Node::Query(Box::new(order)),
            ]));
        }
        if self.is_word("filter") && self.is_mark_at(1, "(") {
            self.at += 2;
            self.expect_word("where")?;
            let test = self.expr()?;
            self.expect_mark(")")?;
            let test = Node::Seq(vec![Node::word("WHERE"), test]);
            call.after
                .push(Node::Seq(vec![Node::word("FILTER"), Node::Query(Box::new(test))]));
        }
        if self.is_word("over") && self.peek_at(1).is_some_and(|t| t.is_name() || t.is_mark("(")) {
            self.at += 1;
            let window = if self.is_mark("(") {
                self.window()?
            } else {
                Node::Name(vec![self.next()?.text.to_string()])
            };
            call.after.push(Node::Seq(vec![Node::word("OVER"), window]));
        }
        Ok(())
    }

    /// Whether a word followed by `(` is more than a function name.
    pub(super) fn has_own_syntax(&self, word: &str) -> bool {
        word.starts_with("xml")
            || matches!(
                word,
                "extract"
                    | "substring"
                    | "trim"
                    | "position"
                    | "overlay"
                    | "coalesce"
                    | "greatest"
                    | "least"
                    | "nullif"
                    | "normalize"
                    | "grouping"
                    | "treat"
                    | "json"
                    | "json_array"
                    | "json_arrayagg"
                    | "json_exists"
                    | "json_object"
                    | "json_objectagg"
                    | "json_query"
                    | "json_scalar"
                    | "json_serialize"
                    | "json_table"
                    | "json_value"
                    | "merge_action"
            )
    }

    pub(super) fn own_syntax(&mut self, word: &str) -> Parsed {
        match word {
            "coalesce" | "greatest" | "least" | "nullif" | "grouping" => {
                self.at += 2;
                let args = self.exprs()?;
                self.expect_mark(")")?;
                Ok(Node::key_word_call(&word.to_ascii_uppercase(), args))
            }
            "extract" => {
                self.at += 2;
                let field = self.next()?;
                if !(field.is_name() || field.kind == Kind::Text) {
                    return Err(Unknown);
                }
                let field = Node::Text(field.text.to_ascii_lowercase());
                self.expect_word("from")?;
                let from = self.expr()?;
                self.expect_mark(")")?;
                Ok(rules::built_in("extract", vec![field, from], self.scope))
            }
            "substring" => self.worded("substring", &["from", "for", "similar", "escape"]),
            "overlay" => self.worded("overlay", &["placing", "from", "for"]),
            "position" => {
                self.at += 2;
                let part = self.expr_above(super::parser::power::LIKE + 1)?;
                let position = if self.eat_word("in") {
                    let whole = self.expr_above(super::parser::power::LIKE + 1)?;
                    vec![whole, part]
                } else {
                    self.expect_mark(",")?;
                    vec![part, self.expr()?]
                };
                self.expect_mark(")")?;
                Ok(rules::built_in("position", position, self.scope))
            }
            "trim" => self.trim(),
            "normalize" => {
                self.at += 2;
                let mut args = vec![self.expr()?];
                if self.eat_mark(",") {
                    args.push(match self.expr()? {
                        Node::Name(form) if form.len() == 1 => Node::Text(form[0].to_ascii_uppercase()),
                        other => other,
                    });
                }
                self.expect_mark(")")?;
                Ok(rules::built_in("normalize", args, self.scope))
            }
            _ => self.opaque(word),
        }
    }

    /// `f(x FROM a FOR b)`: a call with words in place of commas.
    fn worded(&mut self, name: &str, words: &[&str]) -> Parsed {
        self.at += 2;
        let mut args = vec![self.expr_above(super::parser::power::LIKE + 1)?];
        let mut count_only = false;
        loop {
            if self.eat_mark(",") {
                args.push(self.expr()?);
            } else if let Some(word) = words.iter().find(|word| self.is_word(word)) {
                self.at += 1;
                count_only |= *word == "for" && args.len() == 1;
                args.push(self.expr_above(super::parser::power::LIKE + 1)?);
            } else {
                break;
            }
        }
        self.expect_mark(")")?;
        if count_only {
            // `SUBSTRING(x FOR n)` starts at the first character.
            args.insert(1, Node::Number("1".into()));
        }
        Ok(rules::built_in(name, args, self.scope))
    }

    /// `TRIM([BOTH|LEADING|TRAILING] [characters] FROM x)` is `btrim`, `ltrim` or `rtrim`.
    fn trim(&mut self) -> Parsed {
        self.at += 2;
        let name = if self.eat_word("leading") {
            "ltrim"
        } else if self.eat_word("trailing") {
            "rtrim"
        } else {
            self.eat_word("both");
            "btrim"
        };
        let mut args = Vec::new();
        if !self.is_word("from") {
            args = self.exprs()?;
        }
        if self.eat_word("from") {
            let mut from = self.exprs()?;
            from.append(&mut args);
            args = from;
        }
        self.expect_mark(")")?;
        Ok(rules::built_in(name, args, self.scope))
    }

    /// XML and JSON constructs: their tokens. Names in them are not resolved, so they are read only where that makes no difference.
    fn opaque(&mut self, word: &str) -> Parsed {
        if self.scope.namespace().is_some() {
            return Err(Unknown);
        }
        let start = self.at + 1;
        self.at = start;
        let mut depth = 0usize;
        loop {
            let token = self.next()?;
            if token.is_mark("(") {
                depth += 1;
            } else if token.is_mark(")") {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
        }
        let tokens = flat(&self.tokens[start..self.at]);
        let mut call = Call {
            head: format!("{} ", word.to_ascii_uppercase()),
            known: String::new(),
            args: Vec::new(),
            distinct: false,
            order: None,
            after: Vec::new(),
        };
        self.after_call(&mut call)?;
        let mut parts = vec![Node::Word(format!("{}{tokens}", call.head))];
        parts.append(&mut call.after);
        Ok(Node::Seq(parts))
    }
}
