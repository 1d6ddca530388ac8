//! `SELECT`: targets, grouping and windows.

use super::node::Node;
use super::parser::{Parsed, Parser, Unknown, power};
use super::query::in_parentheses;
use super::token::Kind;

impl Parser<'_> {
    pub(super) fn select(&mut self) -> Parsed {
        self.expect_word("select")?;
        let mut parts = vec![Node::word("SELECT")];
        if self.eat_words(&["distinct", "on"]) {
            self.expect_mark("(")?;
            let items = self.exprs()?;
            self.expect_mark(")")?;
            parts.extend([Node::word("DISTINCT ON"), Node::Query(Box::new(Node::List(items)))]);
        } else if self.eat_word("distinct") {
            parts.push(Node::word("DISTINCT"));
        } else {
            self.eat_word("all");
        }
        parts.push(self.targets()?);
        if self.eat_word("from") {
            let mut items = vec![self.from_item()?];
            while self.eat_mark(",") {
                items.push(self.from_item()?);
            }
            parts.extend([Node::word("FROM"), Node::List(items)]);
        }
        if self.eat_word("where") {
            parts.extend([Node::word("WHERE"), self.expr()?]);
        }
        if self.eat_words(&["group", "by"]) {
            let distinct = self.eat_word("distinct");
            if !distinct {
                self.eat_word("all");
            }
            let mut items = vec![self.grouping()?];
            while self.eat_mark(",") {
                items.push(self.grouping()?);
            }
            parts.extend([
                Node::word(if distinct { "GROUP BY DISTINCT" } else { "GROUP BY" }),
                Node::List(items),
            ]);
        }
        if self.eat_word("having") {
            parts.extend([Node::word("HAVING"), self.expr()?]);
        }
        if self.eat_word("window") {
            let mut items = Vec::new();
            loop {
                let name = self.dotted()?;
                self.expect_word("as")?;
                items.push(Node::Seq(vec![Node::Name(name), Node::word("AS"), self.window()?]));
                if !self.eat_mark(",") {
                    break;
                }
            }
            parts.extend([Node::word("WINDOW"), Node::List(items)]);
        }
        Ok(Node::Seq(parts))
    }

    fn targets(&mut self) -> Parsed {
        let ends = [
            "from",
            "where",
            "group",
            "having",
            "window",
            "union",
            "intersect",
            "except",
            "order",
            "limit",
            "offset",
        ];
        if self
            .peek()
            .is_none_or(|t| t.is_mark(")") || (t.kind == Kind::Word && ends.contains(&&*t.text)))
        {
            // `SELECT FROM t` has no columns.
            return Ok(Node::List(Vec::new()));
        }
        let mut items = vec![self.target()?];
        while self.eat_mark(",") {
            items.push(self.target()?);
        }
        Ok(Node::List(items))
    }

    /// An output column; its name is always said, where it is known.
    fn target(&mut self) -> Parsed {
        if self.peek().is_some_and(|t| t.is_operator("*")) {
            self.at += 1;
            return Ok(Node::word("*"));
        }
        let value = self.expr()?;
        let named = match self.peek() {
            Some(t) if t.is_word("as") => {
                self.at += 1;
                true
            }
            Some(t) if t.kind == Kind::Quoted => true,
            Some(t) if t.kind == Kind::Word => !needs_as(&t.text),
            _ => false,
        };
        let name = if named {
            let token = self.next()?;
            if !token.is_name() {
                return Err(Unknown);
            }
            Some(token.text.to_string())
        } else {
            implied_name(&value)
        };
        Ok(match name {
            Some(name) => Node::Seq(vec![value, Node::word("AS"), Node::Name(vec![name])]),
            None => value,
        })
    }

    fn grouping(&mut self) -> Parsed {
        for word in ["rollup", "cube"] {
            if self.is_word(word) && self.is_mark_at(1, "(") {
                self.at += 2;
                let items = self.exprs()?;
                self.expect_mark(")")?;
                return Ok(Node::key_word_call(&word.to_ascii_uppercase(), items));
            }
        }
        if self.are_words(&["grouping", "sets"]) {
            return self.nested(|p| {
                p.at += 2;
                p.expect_mark("(")?;
                let mut items = vec![p.grouping()?];
                while p.eat_mark(",") {
                    items.push(p.grouping()?);
                }
                p.expect_mark(")")?;
                Ok(Node::key_word_call("GROUPING SETS ", items))
            });
        }
        self.expr()
    }

    /// `([name] [PARTITION BY ..] [ORDER BY ..] [frame])`
    pub(super) fn window(&mut self) -> Parsed {
        self.expect_mark("(")?;
        let mut parts = Vec::new();
        let starts = ["partition", "order", "range", "rows", "groups"];
        if let Some(token) = self.peek()
            && token.is_name()
            && !(token.kind == Kind::Word && starts.contains(&&*token.text))
        {
            self.at += 1;
            parts.push(Node::Name(vec![token.text.to_string()]));
        }
        if self.eat_words(&["partition", "by"]) {
            parts.extend([Node::word("PARTITION BY"), Node::List(self.exprs()?)]);
        }
        parts.extend(self.order_by()?);
        let unit = ["range", "rows", "groups"].iter().find(|unit| self.is_word(unit));
        if let Some(unit) = unit {
            self.at += 1;
            parts.push(Node::word(unit.to_ascii_uppercase()));
            if self.eat_word("between") {
                let from = self.bound()?;
                self.expect_word("and")?;
                parts.extend([Node::word("BETWEEN"), from, Node::word("AND"), self.bound()?]);
            } else {
                // The one-sided form ends at the current row.
                let from = self.bound()?;
                parts.extend([Node::word("BETWEEN"), from, Node::word("AND CURRENT ROW")]);
            }
            if self.eat_word("exclude") {
                let what = [
                    vec!["current", "row"],
                    vec!["group"],
                    vec!["ties"],
                    vec!["no", "others"],
                ]
                .into_iter()
                .find(|words| self.are_words(words))
                .ok_or(Unknown)?;
                self.at += what.len();
                parts.push(Node::Word(format!("EXCLUDE {}", what.join(" ").to_ascii_uppercase())));
            }
        }
        self.expect_mark(")")?;
        Ok(Node::Query(Box::new(Node::Seq(parts))))
    }

    fn bound(&mut self) -> Parsed {
        if self.eat_words(&["current", "row"]) {
            return Ok(Node::word("CURRENT ROW"));
        }
        let from = if self.eat_word("unbounded") {
            Node::word("UNBOUNDED")
        } else {
            in_parentheses(self.expr_above(power::LIKE)?)
        };
        let side = if self.eat_word("preceding") {
            "PRECEDING"
        } else {
            self.expect_word("following")?;
            "FOLLOWING"
        };
        Ok(Node::Seq(vec![from, Node::word(side)]))
    }
}

/// The name that an output column takes from its expression, where that is plain to see.
fn implied_name(value: &Node) -> Option<String> {
    match value {
        Node::Name(parts) => parts.last().cloned(),
        Node::Call(call) if !call.known.is_empty() => Some(call.known.clone()),
        Node::Cast(inner, _) if matches!(**inner, Node::Name(_) | Node::Call(_)) => implied_name(inner),
        _ => None,
    }
}

/// Words that cannot name an output column without `AS`.
fn needs_as(word: &str) -> bool {
    matches!(
        word,
        "array"
            | "as"
            | "char"
            | "character"
            | "create"
            | "day"
            | "except"
            | "fetch"
            | "filter"
            | "for"
            | "from"
            | "grant"
            | "group"
            | "having"
            | "hour"
            | "intersect"
            | "into"
            | "isnull"
            | "limit"
            | "minute"
            | "month"
            | "notnull"
            | "offset"
            | "on"
            | "order"
            | "over"
            | "overlaps"
            | "precision"
            | "returning"
            | "second"
            | "to"
            | "union"
            | "varying"
            | "where"
            | "window"
            | "with"
            | "within"
            | "without"
            | "year"
    )
}
