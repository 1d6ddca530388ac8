//! Queries: `WITH`, set operations, `ORDER BY` and limits.

use super::node::Node;
use super::parser::{Parsed, Parser, Unknown, power};
use super::token::Kind;

/// A query and whether it is bare: without `WITH`, `ORDER BY`, limits and locks of its own.
struct Part {
    node: Node,
    bare: bool,
}

impl Parser<'_> {
    /// Whether a query starts here.
    pub(super) fn starts_query(&self) -> bool {
        ["select", "with", "table"].iter().any(|word| self.is_word(word))
            || (self.is_word("values") && self.is_mark_at(1, "("))
    }

    /// Whether what comes next belongs to a query in front of it.
    pub(super) fn continues_query(&self) -> bool {
        [
            "union",
            "intersect",
            "except",
            "order",
            "limit",
            "offset",
            "fetch",
            "for",
        ]
        .iter()
        .any(|word| self.is_word(word))
    }

    /// A query without its parentheses, as an operand.
    pub(super) fn subquery(&mut self) -> Parsed {
        Ok(Node::Query(Box::new(self.query()?)))
    }

    /// A query up to where it ends.
    pub(super) fn query(&mut self) -> Parsed {
        self.nested(|p| Ok(p.query_part(None)?.node))
    }

    /// The rest of a query whose first part is a query in parentheses.
    pub(super) fn query_after(&mut self, first: Node) -> Parsed {
        let Node::Query(inner) = first else { return Err(Unknown) };
        // Whether the inner one is bare cannot be seen any more; the parentheses stay, and the printed form keeps them.
        let part = Part {
            node: Node::Query(inner),
            bare: false,
        };
        self.nested(|p| Ok(Node::Query(Box::new(p.query_part(Some(part))?.node))))
    }

    fn query_part(&mut self, first: Option<Part>) -> Parsed<Part> {
        let known = self.ctes.len();
        // Inside a query a column may be that of any relation.
        let columns = self.scope.columns.take();
        let part = self.query_body(first);
        self.scope.columns = columns;
        self.ctes.truncate(known);
        part
    }

    fn query_body(&mut self, first: Option<Part>) -> Parsed<Part> {
        let mut parts = Vec::new();
        if first.is_none() && self.is_word("with") {
            parts.push(self.with()?);
        }
        let body = self.set_operation(0, first)?;
        let tail = self.tail()?;
        if parts.is_empty() && tail.is_empty() {
            return Ok(body);
        }
        parts.push(body.node);
        parts.extend(tail);
        Ok(Part {
            node: Node::Seq(parts),
            bare: false,
        })
    }

    fn with(&mut self) -> Parsed {
        self.expect_word("with")?;
        let recursive = self.eat_word("recursive");
        if recursive {
            self.announce_ctes();
        }
        let mut items = Vec::new();
        loop {
            let token = self.next()?;
            if !token.is_name() {
                return Err(Unknown);
            }
            let name = token.text.to_string();
            let mut parts = vec![Node::Name(vec![name.clone()])];
            if self.is_mark("(") {
                parts.push(self.names()?);
            }
            self.expect_word("as")?;
            if self.eat_words(&["not", "materialized"]) {
                parts.push(Node::word("AS NOT MATERIALIZED"));
            } else if self.eat_word("materialized") {
                parts.push(Node::word("AS MATERIALIZED"));
            } else {
                parts.push(Node::word("AS"));
            }
            self.expect_mark("(")?;
            parts.push(self.subquery()?);
            self.expect_mark(")")?;
            self.ctes.push(name);
            items.push(Node::Seq(parts));
            if !self.eat_mark(",") {
                break;
            }
        }
        let word = Node::word(if recursive { "WITH RECURSIVE" } else { "WITH" });
        Ok(Node::Seq(vec![word, Node::List(items)]))
    }

    /// In `WITH RECURSIVE` every query sees the names of all, itself included.
    fn announce_ctes(&mut self) {
        let (mut at, mut depth) = (self.at, 0usize);
        let mut expected = true;
        while let Some(token) = self.tokens.get(at) {
            if token.is_mark("(") {
                depth += 1;
            } else if token.is_mark(")") {
                depth = match depth.checked_sub(1) {
                    Some(depth) => depth,
                    None => return,
                };
            } else if depth == 0 {
                if expected && token.is_name() {
                    self.ctes.push(token.text.to_string());
                    expected = false;
                } else if token.is_mark(",") {
                    expected = true;
                } else if token.is_word("select") || token.is_word("values") {
                    return;
                }
            }
            at += 1;
        }
    }

    /// `UNION` and `EXCEPT` at level 0, `INTERSECT` at level 1.
    fn set_operation(&mut self, level: u8, first: Option<Part>) -> Parsed<Part> {
        let mut left = match first {
            Some(part) => part,
            None => self.set_operand(level)?,
        };
        loop {
            let word = match self.peek() {
                Some(t) if t.is_word("intersect") => "INTERSECT",
                Some(t) if level == 0 && t.is_word("union") => "UNION",
                Some(t) if level == 0 && t.is_word("except") => "EXCEPT",
                _ => return Ok(left),
            };
            self.at += 1;
            self.grow()?;
            let all = self.eat_word("all");
            if !all {
                self.eat_word("distinct");
            }
            let right = if word == "INTERSECT" {
                self.simple_query()?
            } else {
                self.set_operand(0)?
            };
            let operator = Node::word(if all { format!("{word} ALL") } else { word.to_string() });
            let node = Node::Seq(vec![in_parentheses(left.node), operator, in_parentheses(right.node)]);
            left = Part { node, bare: true };
        }
    }

    /// An operand of `UNION` and `EXCEPT`: a chain of `INTERSECT`.
    fn set_operand(&mut self, level: u8) -> Parsed<Part> {
        let mut left = self.simple_query()?;
        while level == 0 && self.is_word("intersect") {
            left = self.set_operation(1, Some(left))?;
        }
        Ok(left)
    }

    fn simple_query(&mut self) -> Parsed<Part> {
        if self.eat_mark("(") {
            let part = self.nested(|p| p.query_part(None))?;
            self.expect_mark(")")?;
            // Parentheses around a bare query say nothing.
            return Ok(if part.bare {
                part
            } else {
                Part {
                    node: in_parentheses(part.node),
                    bare: false,
                }
            });
        }
        let node = if self.eat_word("values") {
            let mut rows = Vec::new();
            loop {
                self.expect_mark("(")?;
                rows.push(Node::Query(Box::new(Node::List(self.exprs()?))));
                self.expect_mark(")")?;
                if !self.eat_mark(",") {
                    break;
                }
            }
            Node::Seq(vec![Node::word("VALUES"), Node::List(rows)])
        } else if self.eat_word("table") {
            let relation = self.relation()?;
            Node::Seq(vec![Node::word("SELECT * FROM"), relation])
        } else {
            self.select()?
        };
        Ok(Part { node, bare: true })
    }

    /// `ORDER BY`, limits and locks, in one order.
    fn tail(&mut self) -> Parsed<Vec<Node>> {
        let order = self.order_by()?;
        let (mut limit, mut offset, mut locks) = (None, None, Vec::new());
        loop {
            if self.eat_word("limit") {
                if !self.eat_word("all") {
                    limit = Some(Node::Seq(vec![Node::word("LIMIT"), self.expr()?]));
                }
            } else if self.eat_word("offset") {
                let count = self.expr_above(power::ADD)?;
                let _ = self.eat_word("row") || self.eat_word("rows");
                offset = Some(Node::Seq(vec![Node::word("OFFSET"), count]));
            } else if self.is_word("fetch") {
                limit = Some(self.fetch()?);
            } else if self.is_word("for") {
                locks.push(self.lock()?);
            } else {
                break;
            }
        }
        Ok(order.into_iter().chain(limit).chain(offset).chain(locks).collect())
    }

    fn fetch(&mut self) -> Parsed {
        self.expect_word("fetch")?;
        if !(self.eat_word("first") || self.eat_word("next")) {
            return Err(Unknown);
        }
        let count = if self.is_word("row") || self.is_word("rows") {
            Node::Number("1".into())
        } else {
            self.primary()?
        };
        if !(self.eat_word("row") || self.eat_word("rows")) {
            return Err(Unknown);
        }
        if self.eat_word("only") {
            return Ok(Node::Seq(vec![Node::word("LIMIT"), count]));
        }
        if !self.eat_words(&["with", "ties"]) {
            return Err(Unknown);
        }
        Ok(Node::Seq(vec![
            Node::word("FETCH FIRST"),
            in_parentheses(count),
            Node::word("ROWS WITH TIES"),
        ]))
    }

    /// `FOR UPDATE OF t SKIP LOCKED` and the like.
    fn lock(&mut self) -> Parsed {
        const WORDS: [&str; 10] = [
            "for", "no", "key", "update", "share", "of", "nowait", "skip", "locked", ",",
        ];
        let mut text = String::new();
        let mut of = false;
        while let Some(token) = self.peek() {
            let own = token.kind != Kind::Quoted && WORDS.contains(&&*token.text);
            if !(own || of && token.is_name()) || (token.is_word("for") && !text.is_empty()) {
                break;
            }
            of |= token.is_word("of");
            if !text.is_empty() {
                text.push(' ');
            }
            if own {
                text.push_str(&token.text.to_ascii_uppercase());
            } else {
                super::print::quote_name(&mut text, &token.text);
            }
            self.at += 1;
        }
        Ok(Node::Word(text))
    }

    /// `ORDER BY ...` if it comes next. The defaults of direction and nulls are left out.
    pub(super) fn order_by(&mut self) -> Parsed<Option<Node>> {
        if !self.eat_words(&["order", "by"]) {
            return Ok(None);
        }
        let mut items = Vec::new();
        loop {
            let mut parts = vec![self.expr()?];
            let descending = self.eat_word("desc");
            if descending {
                parts.push(Node::word("DESC"));
            } else if self.eat_word("using") {
                let operator = self.operator()?;
                parts.push(Node::Word(format!("USING {operator}")));
            } else {
                self.eat_word("asc");
            }
            if self.eat_words(&["nulls", "first"]) {
                if !descending {
                    parts.push(Node::word("NULLS FIRST"));
                }
            } else if self.eat_words(&["nulls", "last"]) && descending {
                parts.push(Node::word("NULLS LAST"));
            }
            items.push(Node::Seq(parts));
            if !self.eat_mark(",") {
                break;
            }
        }
        Ok(Some(Node::Seq(vec![Node::word("ORDER BY"), Node::List(items)])))
    }

    /// `(a, b)`: names only.
    pub(super) fn names(&mut self) -> Parsed {
        self.expect_mark("(")?;
        let mut names = Vec::new();
        loop {
            let token = self.next()?;
            if !token.is_name() {
                return Err(Unknown);
            }
            names.push(Node::Name(vec![token.text.to_string()]));
            if !self.eat_mark(",") {
                break;
            }
        }
        self.expect_mark(")")?;
        Ok(Node::Query(Box::new(Node::List(names))))
    }
}

/// A node in parentheses, but never in two pairs of them.
pub(super) fn in_parentheses(node: Node) -> Node {
    if matches!(node, Node::Query(_)) {
        node
    } else {
        Node::Query(Box::new(node))
    }
}
