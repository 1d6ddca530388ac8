//! The cursor over tokens, and the operators of expressions with PostgreSQL's own precedence.

use super::node::Node;
use super::rules;
use super::scope::Scope;
use super::token::{Kind, Token};

/// The text is not something that the rules know. It is compared by its tokens instead.
#[derive(Debug)]
pub(super) struct Unknown;

pub(super) type Parsed<T = Node> = Result<T, Unknown>;

/// How deeply expressions and queries may nest while they are read.
const MAX_DEPTH: usize = 200;

/// How high a tree may become by chains such as `a || b || c` while it is read; printing and dropping it recurse.
const MAX_CHAIN: usize = 400;

/// How high a finished tree may be. So much lower than the other limits that its printed form can be read again.
pub(super) const MAX_HEIGHT: usize = 60;

/// Binding power: what binds tighter is higher.
pub(super) mod power {
    pub(in super::super) const LOWEST: u8 = 0;
    pub(in super::super) const OR: u8 = 10;
    pub(in super::super) const AND: u8 = 20;
    pub(in super::super) const NOT: u8 = 30;
    pub(in super::super) const IS: u8 = 40;
    pub(in super::super) const COMPARE: u8 = 50;
    pub(in super::super) const LIKE: u8 = 60;
    pub(in super::super) const OPERATOR: u8 = 70;
    pub(in super::super) const ADD: u8 = 80;
    pub(in super::super) const MULTIPLY: u8 = 90;
    pub(in super::super) const POWER: u8 = 100;
    pub(in super::super) const AT: u8 = 110;
    pub(in super::super) const COLLATE: u8 = 120;
    pub(in super::super) const MINUS: u8 = 130;
    pub(in super::super) const SUBSCRIPT: u8 = 140;
    pub(in super::super) const CAST: u8 = 150;
}

pub(super) struct Parser<'a> {
    pub(super) tokens: &'a [Token<'a>],
    pub(super) at: usize,
    pub(super) scope: Scope<'a>,
    /// Names of common table expressions in sight.
    pub(super) ctes: Vec<String>,
    depth: usize,
    height: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(tokens: &'a [Token<'a>], scope: Scope<'a>) -> Self {
        Self {
            tokens,
            at: 0,
            scope,
            ctes: Vec::new(),
            depth: 0,
            height: 0,
        }
    }

    pub(super) fn peek(&self) -> Option<&'a Token<'a>> {
        self.tokens.get(self.at)
    }

    pub(super) fn peek_at(&self, offset: usize) -> Option<&'a Token<'a>> {
        self.tokens.get(self.at + offset)
    }

    pub(super) fn next(&mut self) -> Parsed<&'a Token<'a>> {
        let token = self.peek().ok_or(Unknown)?;
        self.at += 1;
        Ok(token)
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.peek().is_some_and(|t| t.is_word(word))
    }

    pub(super) fn is_word_at(&self, offset: usize, word: &str) -> bool {
        self.peek_at(offset).is_some_and(|t| t.is_word(word))
    }

    pub(super) fn is_mark(&self, mark: &str) -> bool {
        self.peek().is_some_and(|t| t.is_mark(mark))
    }

    pub(super) fn is_mark_at(&self, offset: usize, mark: &str) -> bool {
        self.peek_at(offset).is_some_and(|t| t.is_mark(mark))
    }

    /// Whether these words come next.
    pub(super) fn are_words(&self, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(i, word)| self.is_word_at(i, word))
    }

    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        self.eat_words(&[word])
    }

    pub(super) fn eat_words(&mut self, words: &[&str]) -> bool {
        let found = self.are_words(words);
        if found {
            self.at += words.len();
        }
        found
    }

    pub(super) fn eat_mark(&mut self, mark: &str) -> bool {
        let found = self.is_mark(mark);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect_word(&mut self, word: &str) -> Parsed<()> {
        if self.eat_word(word) { Ok(()) } else { Err(Unknown) }
    }

    pub(super) fn expect_mark(&mut self, mark: &str) -> Parsed<()> {
        if self.eat_mark(mark) { Ok(()) } else { Err(Unknown) }
    }

    /// Succeeds at the end of the text.
    pub(super) fn end(&self) -> Parsed<()> {
        if self.peek().is_none() { Ok(()) } else { Err(Unknown) }
    }

    /// Runs one level of nesting, and keeps both depth and height of the tree within bounds.
    pub(super) fn nested<T>(&mut self, run: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MAX_DEPTH {
            return Err(Unknown);
        }
        let before = std::mem::replace(&mut self.height, 0);
        self.depth += 1;
        let result = run(self);
        self.depth -= 1;
        self.grow()?;
        self.height = self.height.max(before);
        result
    }

    /// Notes that the tree in hand became one level higher.
    pub(super) fn grow(&mut self) -> Parsed<()> {
        self.height += 1;
        if self.height > MAX_CHAIN { Err(Unknown) } else { Ok(()) }
    }

    pub(super) fn expr(&mut self) -> Parsed {
        self.expr_above(power::LOWEST)
    }

    /// An expression of operators that bind at least this tightly.
    pub(super) fn expr_above(&mut self, least: u8) -> Parsed {
        self.nested(|p| {
            let mut left = p.prefix()?;
            while let Some(power) = p.infix_power() {
                if power < least {
                    break;
                }
                p.grow()?;
                left = p.infix(left, power)?;
            }
            Ok(left)
        })
    }

    /// Expressions separated by commas.
    pub(super) fn exprs(&mut self) -> Parsed<Vec<Node>> {
        let mut items = vec![self.expr()?];
        while self.eat_mark(",") {
            items.push(self.expr()?);
        }
        Ok(items)
    }

    fn prefix(&mut self) -> Parsed {
        let token = self.peek().ok_or(Unknown)?;
        if token.kind == Kind::Operator {
            let operator = self.operator()?;
            return Ok(match operator.as_str() {
                "-" => rules::negative(self.expr_above(power::MINUS)?),
                "+" => Node::Prefix(operator, Box::new(self.expr_above(power::MINUS)?)),
                _ => Node::Prefix(operator, Box::new(self.expr_above(power::OPERATOR + 1)?)),
            });
        }
        if self.eat_word("not") {
            return Ok(rules::not(self.expr_above(power::NOT)?));
        }
        if self.is_word("operator") && self.is_mark_at(1, "(") {
            let operator = self.operator()?;
            return Ok(Node::Prefix(operator, Box::new(self.expr_above(power::OPERATOR + 1)?)));
        }
        self.primary()
    }

    fn infix_power(&self) -> Option<u8> {
        let token = self.peek()?;
        match token.kind {
            Kind::Operator => match &*token.text {
                "=>" | ":=" => None,
                "<" | ">" | "=" | "<=" | ">=" | "<>" | "!=" => Some(power::COMPARE),
                "+" | "-" => Some(power::ADD),
                "*" | "/" | "%" => Some(power::MULTIPLY),
                "^" => Some(power::POWER),
                _ => Some(power::OPERATOR),
            },
            Kind::Mark if token.text == "::" => Some(power::CAST),
            Kind::Mark if token.text == "[" => Some(power::SUBSCRIPT),
            Kind::Word => match &*token.text {
                "or" => Some(power::OR),
                "and" => Some(power::AND),
                "is" | "isnull" | "notnull" => Some(power::IS),
                "in" | "between" | "like" | "ilike" | "overlaps" => Some(power::LIKE),
                "similar" if self.is_word_at(1, "to") => Some(power::LIKE),
                "not" => matches!(&*self.peek_at(1)?.text, "in" | "between" | "like" | "ilike" | "similar")
                    .then_some(power::LIKE),
                "operator" if self.is_mark_at(1, "(") => Some(power::OPERATOR),
                "at" if self.is_word_at(1, "local") || self.is_word_at(1, "time") => Some(power::AT),
                "collate" => Some(power::COLLATE),
                _ => None,
            },
            _ => None,
        }
    }

    fn infix(&mut self, left: Node, power: u8) -> Parsed {
        match power {
            power::OR => {
                self.at += 1;
                Ok(rules::or(left, self.expr_above(power + 1)?))
            }
            power::AND => {
                self.at += 1;
                Ok(rules::and(left, self.expr_above(power + 1)?))
            }
            power::IS => self.is_test(left),
            power::LIKE => self.like(left),
            power::AT => self.at_time_zone(left),
            power::COLLATE => {
                self.at += 1;
                let name = Node::Name({
                    let name = self.dotted()?;
                    self.scope.resolve(name, true)
                })
                .print();
                Ok(Node::Postfix(Box::new(left), format!("COLLATE {name}")))
            }
            power::SUBSCRIPT => self.subscript(left),
            power::CAST => {
                self.at += 1;
                let to = self.type_name()?;
                Ok(rules::cast(left, to, self.scope))
            }
            _ => {
                let operator = self.operator()?;
                self.after_operator(left, operator, power + 1)
            }
        }
    }

    /// The right side of an operator: an expression, or `ANY`/`ALL` over an array or query.
    pub(super) fn after_operator(&mut self, left: Node, operator: String, least: u8) -> Parsed {
        let quantifier = match self.peek() {
            Some(t) if t.is_word("any") || t.is_word("some") => "ANY",
            Some(t) if t.is_word("all") => "ALL",
            _ => {
                let right = self.expr_above(least)?;
                return Ok(rules::infix(operator, left, right, self.scope));
            }
        };
        self.at += 1;
        self.expect_mark("(")?;
        let right = self.in_parentheses()?;
        Ok(rules::quantified(operator, quantifier, left, right, self.scope))
    }

    /// An operator as printed: bare if built in, else `OPERATOR("namespace".op)`.
    pub(super) fn operator(&mut self) -> Parsed<String> {
        let token = self.next()?;
        if token.kind == Kind::Operator {
            return Ok(if token.text == "!=" {
                "<>".into()
            } else {
                token.text.to_string()
            });
        }
        self.expect_mark("(")?;
        let mut namespace = Vec::new();
        while self.peek().is_some_and(Token::is_name) {
            namespace.push(self.next()?.text.to_string());
            self.expect_mark(".")?;
        }
        let symbol = self.next()?;
        if symbol.kind != Kind::Operator {
            return Err(Unknown);
        }
        self.expect_mark(")")?;
        let symbol = if symbol.text == "!=" { "<>" } else { &symbol.text };
        if namespace.is_empty() || namespace == ["pg_catalog"] {
            return Ok(symbol.into());
        }
        Ok(format!("OPERATOR({}.{symbol})", Node::Name(namespace).print()))
    }
}
