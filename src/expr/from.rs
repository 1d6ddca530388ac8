//! `FROM`: relations, functions, subqueries and joins.

use crate::keywords::needs_quotes;

use super::node::Node;
use super::parser::{Parsed, Parser, Unknown};
use super::query::in_parentheses;
use super::token::{Kind, Token};

impl Parser<'_> {
    /// An item with everything joined to it.
    pub(super) fn from_item(&mut self) -> Parsed {
        self.nested(|p| {
            let mut left = p.from_operand()?;
            while p.starts_join() {
                p.grow()?;
                left = p.join(left)?;
            }
            Ok(left)
        })
    }

    fn starts_join(&self) -> bool {
        ["join", "inner", "left", "right", "full", "cross", "natural"]
            .iter()
            .any(|word| self.is_word(word))
    }

    fn join(&mut self, left: Node) -> Parsed {
        let natural = self.eat_word("natural");
        let cross = !natural && self.eat_word("cross");
        let mut kind = String::from(if natural { "NATURAL " } else { "" });
        if cross {
            kind.push_str("CROSS ");
        } else if !self.eat_word("inner") {
            for side in ["left", "right", "full"] {
                if self.eat_word(side) {
                    self.eat_word("outer");
                    kind.push_str(&side.to_ascii_uppercase());
                    kind.push(' ');
                }
            }
        }
        self.expect_word("join")?;
        kind.push_str("JOIN");
        let mut right = self.from_operand()?;
        let mut parts = vec![left, Node::Word(kind)];
        if natural || cross {
            parts.push(right);
            return Ok(Node::Query(Box::new(Node::Seq(parts))));
        }
        // `a JOIN b JOIN c ON .. ON ..`: the second join belongs to the right side.
        while self.starts_join() {
            self.grow()?;
            right = self.nested(|p| p.join(right))?;
        }
        parts.push(right);
        if self.eat_word("using") {
            parts.extend([Node::word("USING"), self.names()?]);
            if self.eat_word("as") {
                parts.extend([Node::word("AS"), Node::Name(self.dotted()?)]);
            }
        } else {
            self.expect_word("on")?;
            parts.extend([Node::word("ON"), self.expr()?]);
        }
        Ok(Node::Query(Box::new(Node::Seq(parts))))
    }

    fn from_operand(&mut self) -> Parsed {
        let lateral = self.eat_word("lateral");
        if self.eat_mark("(") {
            let inner = self.from_parentheses()?;
            let alias = self.alias()?;
            if lateral || alias.is_some() {
                let word = lateral.then(|| Node::word("LATERAL"));
                return Ok(Node::Seq(
                    word.into_iter().chain([in_parentheses(inner)]).chain(alias).collect(),
                ));
            }
            return Ok(inner);
        }
        if self.are_words(&["rows", "from"]) {
            self.at += 2;
            self.expect_mark("(")?;
            let mut items = Vec::new();
            loop {
                let mut parts = vec![self.primary()?];
                if self.eat_word("as") {
                    parts.extend([Node::word("AS"), self.column_definitions()?]);
                }
                items.push(Node::Seq(parts));
                if !self.eat_mark(",") {
                    break;
                }
            }
            self.expect_mark(")")?;
            return self.with_ordinality(Node::key_word_call("ROWS FROM", items));
        }
        if self.calls_function() {
            // A function in FROM may always refer to the items before it; LATERAL says nothing.
            let call = self.primary()?;
            return self.with_ordinality(call);
        }
        let relation = self.relation()?;
        let own_name = match &relation {
            Node::Name(parts) => parts.last().cloned(),
            _ => None,
        };
        let mut parts = vec![relation];
        match self.alias()? {
            Some(Node::Seq(alias)) if matches!(alias.as_slice(), [_, Node::Name(name)] if name.first() == own_name.as_ref()) =>
                {}
            other => parts.extend(other),
        }
        if self.eat_word("tablesample") {
            parts.extend([Node::word("TABLESAMPLE"), self.primary()?]);
            if self.eat_word("repeatable") {
                self.expect_mark("(")?;
                parts.extend([Node::word("REPEATABLE"), in_parentheses(self.expr()?)]);
                self.expect_mark(")")?;
            }
        }
        Ok(Node::Seq(parts))
    }

    /// A query or joined items, the opening parenthesis read already.
    fn from_parentheses(&mut self) -> Parsed {
        let inner = if self.starts_query() {
            self.subquery()?
        } else {
            let item = self.from_item()?;
            if matches!(item, Node::Query(_)) && self.continues_query() {
                self.query_after(item)?
            } else {
                item
            }
        };
        self.expect_mark(")")?;
        Ok(inner)
    }

    fn with_ordinality(&mut self, call: Node) -> Parsed {
        let mut parts = vec![call];
        if self.eat_words(&["with", "ordinality"]) {
            parts.push(Node::word("WITH ORDINALITY"));
        }
        if self.is_word("as") && self.is_mark_at(1, "(") {
            self.at += 1;
            parts.extend([Node::word("AS"), self.column_definitions()?]);
        } else {
            parts.extend(self.alias()?);
        }
        Ok(Node::Seq(parts))
    }

    /// Whether a name followed by `(` comes next.
    fn calls_function(&self) -> bool {
        let mut offset = 0;
        while self.peek_at(offset).is_some_and(Token::is_name) {
            if self.is_mark_at(offset + 1, "(") {
                return true;
            }
            if !self.is_mark_at(offset + 1, ".") {
                return false;
            }
            offset += 2;
        }
        false
    }

    /// `[ONLY] name [*]`
    pub(super) fn relation(&mut self) -> Parsed {
        let only = self.eat_word("only");
        let parenthesis = only && self.eat_mark("(");
        if self
            .peek()
            .is_some_and(|t| t.kind == Kind::Word && needs_quotes(&t.text))
        {
            return Err(Unknown);
        }
        let parts = self.dotted()?;
        if parenthesis {
            self.expect_mark(")")?;
        }
        if self.peek().is_some_and(|t| t.is_operator("*")) {
            self.at += 1;
        }
        let cte = parts.len() == 1 && self.ctes.contains(&parts[0]);
        let name = Node::Name(if cte { parts } else { self.scope.relation(parts) });
        Ok(if only {
            Node::Seq(vec![Node::word("ONLY"), name])
        } else {
            name
        })
    }

    /// `[AS] name [(columns)]`, printed with `AS`.
    fn alias(&mut self) -> Parsed<Option<Node>> {
        let said = self.eat_word("as");
        let Some(token) = self.peek() else { return Ok(None) };
        let free = token.kind == Kind::Quoted || (token.kind == Kind::Word && (said || !needs_quotes(&token.text)));
        if !free {
            return if said { Err(Unknown) } else { Ok(None) };
        }
        self.at += 1;
        let mut parts = vec![Node::word("AS"), Node::Name(vec![token.text.to_string()])];
        if self.is_mark("(") {
            parts.push(self.column_definitions()?);
        }
        Ok(Some(Node::Seq(parts)))
    }

    /// `(a, b)` or `(a integer, b text COLLATE "C")`
    fn column_definitions(&mut self) -> Parsed {
        self.expect_mark("(")?;
        let mut items = Vec::new();
        loop {
            let token = self.next()?;
            if !token.is_name() {
                return Err(Unknown);
            }
            let mut parts = vec![Node::Name(vec![token.text.to_string()])];
            if self.peek().is_some_and(Token::is_name) {
                parts.push(Node::Word(self.type_name()?));
            }
            if self.eat_word("collate") {
                parts.extend([
                    Node::word("COLLATE"),
                    Node::Name({
                        let name = self.dotted()?;
                        self.scope.resolve(name, true)
                    }),
                ]);
            }
            items.push(Node::Seq(parts));
            if !self.eat_mark(",") {
                break;
            }
        }
        self.expect_mark(")")?;
        Ok(Node::Query(Box::new(Node::List(items))))
    }
}
