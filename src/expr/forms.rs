//! Operators that are written with words: `IS`, `LIKE`, `IN`, `BETWEEN`, `AT TIME ZONE`, and subscripts.

use super::node::Node;
use super::parser::{Parsed, Parser, Unknown, power};
use super::rules;

/// A left side larger than this is not copied for `BETWEEN`.
const MAX_COPIED: usize = 200;

impl Parser<'_> {
    /// `IS [NOT] ...`, `ISNULL`, `NOTNULL`.
    pub(super) fn is_test(&mut self, left: Node) -> Parsed {
        let postfix = |left, test: &str| Ok(Node::Postfix(Box::new(left), test.into()));
        if self.eat_word("isnull") {
            return postfix(left, "IS NULL");
        }
        if self.eat_word("notnull") {
            return postfix(left, "IS NOT NULL");
        }
        self.expect_word("is")?;
        let negated = self.eat_word("not");
        if self.eat_words(&["distinct", "from"]) {
            let right = self.expr_above(power::IS + 1)?;
            if right == Node::Null {
                return postfix(left, if negated { "IS NULL" } else { "IS NOT NULL" });
            }
            let test = rules::infix("IS DISTINCT FROM".into(), left, right, self.scope);
            return Ok(if negated { rules::not(test) } else { test });
        }
        let mut test = String::from(if negated { "IS NOT" } else { "IS" });
        let mut words = 0;
        while let Some(token) = self.peek() {
            let known = [
                "null",
                "true",
                "false",
                "unknown",
                "document",
                "nfc",
                "nfd",
                "nfkc",
                "nfkd",
                "normalized",
                "json",
            ];
            let json = words > 0
                && [
                    "value", "scalar", "array", "object", "with", "without", "unique", "keys",
                ]
                .contains(&&*token.text);
            if token.kind != super::token::Kind::Word || !(known.contains(&&*token.text) || json) {
                break;
            }
            test.push(' ');
            test.push_str(&token.text.to_ascii_uppercase());
            words += 1;
            self.at += 1;
            if matches!(
                &*token.text,
                "null" | "true" | "false" | "unknown" | "document" | "normalized"
            ) {
                break;
            }
        }
        if let Some(form) = test.strip_suffix("NORMALIZED") {
            return Ok(self.normalized(left, form.split_whitespace().last(), negated));
        }
        if words == 0 { Err(Unknown) } else { postfix(left, &test) }
    }

    /// `IS [NOT] [form] NORMALIZED` is a call.
    fn normalized(&self, left: Node, form: Option<&str>, negated: bool) -> Node {
        let form = form.filter(|word| !matches!(*word, "IS" | "NOT"));
        let args = std::iter::once(left).chain(form.map(|form| Node::Text(form.into())));
        let test = rules::built_in("is_normalized", args.collect(), self.scope);
        if negated { rules::not(test) } else { test }
    }

    /// `[NOT] LIKE | ILIKE | SIMILAR TO | IN | BETWEEN`, and `OVERLAPS`.
    pub(super) fn like(&mut self, left: Node) -> Parsed {
        let negated = self.eat_word("not");
        let word = self.next()?;
        match &*word.text {
            "like" => self.pattern(left, if negated { "!~~" } else { "~~" }),
            "ilike" => self.pattern(left, if negated { "!~~*" } else { "~~*" }),
            "similar" => {
                self.expect_word("to")?;
                let mut args = vec![self.expr_above(power::LIKE + 1)?];
                if self.eat_word("escape") {
                    args.push(self.expr_above(power::LIKE + 1)?);
                }
                let pattern = rules::built_in("similar_to_escape", args, self.scope);
                Ok(rules::infix(
                    if negated { "!~" } else { "~" }.into(),
                    left,
                    pattern,
                    self.scope,
                ))
            }
            "in" => {
                self.expect_mark("(")?;
                let items = if self.starts_query() {
                    vec![self.subquery()?]
                } else {
                    self.exprs()?
                };
                self.expect_mark(")")?;
                Ok(rules::in_list(negated, left, items, self.scope))
            }
            "between" => self.between(negated, left),
            "overlaps" => {
                let right = self.expr_above(power::LIKE + 1)?;
                Ok(match (left, right) {
                    (Node::Row(mut periods), Node::Row(other)) if periods.len() == 2 && other.len() == 2 => {
                        periods.extend(other);
                        rules::built_in("overlaps", periods, self.scope)
                    }
                    (left, right) => Node::Infix("OVERLAPS".into(), Box::new(left), Box::new(right)),
                })
            }
            _ => Err(Unknown),
        }
    }

    fn pattern(&mut self, left: Node, operator: &str) -> Parsed {
        let quantified = ["any", "some", "all"].iter().any(|word| self.is_word(word));
        if quantified {
            return self.after_operator(left, operator.into(), power::LIKE + 1);
        }
        let mut right = self.expr_above(power::LIKE + 1)?;
        if self.eat_word("escape") {
            let escape = self.expr_above(power::LIKE + 1)?;
            right = rules::built_in("like_escape", vec![right, escape], self.scope);
        }
        Ok(rules::infix(operator.into(), left, right, self.scope))
    }

    /// PostgreSQL turns `BETWEEN` into comparisons when it reads it.
    fn between(&mut self, negated: bool, left: Node) -> Parsed {
        let symmetric = self.eat_word("symmetric");
        self.eat_word("asymmetric");
        let low = self.expr_above(power::LIKE + 1)?;
        self.expect_word("and")?;
        let high = self.expr_above(power::LIKE + 1)?;
        if left.weight(MAX_COPIED) + low.weight(MAX_COPIED) + high.weight(MAX_COPIED) > MAX_COPIED {
            return Err(Unknown);
        }
        self.grow()?;
        let scope = self.scope;
        let range = |low: &Node, high: &Node| {
            let compare =
                |operator: &str, right: &Node| rules::infix(operator.into(), left.clone(), right.clone(), scope);
            if negated {
                rules::or(compare("<", low), compare(">", high))
            } else {
                rules::and(compare(">=", low), compare("<=", high))
            }
        };
        let first = range(&low, &high);
        if !symmetric {
            return Ok(first);
        }
        let second = range(&high, &low);
        Ok(if negated {
            rules::and(first, second)
        } else {
            rules::or(first, second)
        })
    }

    /// `AT TIME ZONE zone` and `AT LOCAL` are calls of `timezone`.
    pub(super) fn at_time_zone(&mut self, left: Node) -> Parsed {
        self.expect_word("at")?;
        if self.eat_word("local") {
            return Ok(rules::built_in("timezone", vec![left], self.scope));
        }
        if !self.eat_words(&["time", "zone"]) {
            return Err(Unknown);
        }
        let zone = self.expr_above(power::AT + 1)?;
        Ok(rules::built_in("timezone", vec![zone, left], self.scope))
    }

    /// `[index]` and `[from:to]`.
    pub(super) fn subscript(&mut self, left: Node) -> Parsed {
        self.expect_mark("[")?;
        let mut text = String::from("[");
        if !self.is_mark(":") {
            text.push_str(&self.expr()?.print());
        }
        if self.eat_mark(":") {
            text.push_str(" : ");
            if !self.is_mark("]") {
                text.push_str(&self.expr()?.print());
            }
        }
        self.expect_mark("]")?;
        text.push(']');
        Ok(Node::Postfix(Box::new(left), text))
    }
}
