//! A cursor over the tokens of one statement: what every statement parser is written with.
//!
//! Tokens are slices of the source file, so that the text of an expression is cut out exactly as it was written. Matching
//! parentheses are found once, when the cursor is made; skipping a group costs nothing and nothing recurses.

use crate::keywords::{is_reserved, refused_as_name};
use crate::name::{Ident, QualifiedName, truncate};

use super::error::{ParseError, Place};
use super::lex::{Lexeme, lex};
use super::split::{Comment, Statement};
use super::unescape::{unescape, unicode};

/// The longest statement that is parsed, in bytes. Data statements are recognised before, so this is for definitions.
pub(crate) const MAX_STATEMENT_BYTES: usize = 32 << 20;
/// The deepest nesting of parentheses and brackets that is parsed.
pub(crate) const MAX_NESTING: usize = 250;

/// One token.
#[derive(Debug, Clone, Copy)]
struct Token {
    lexeme: Lexeme,
    start: usize,
    end: usize,
    /// For an opening parenthesis or bracket: the index of the closing one.
    close: usize,
}

/// The kind of a number token, for parsers that look ahead.
pub(crate) const NUMBER: Lexeme = Lexeme::Number;

/// A position that one can come back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark(usize);

/// Reads the tokens of one statement from left to right.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'a> {
    text: &'a str,
    place: Place,
    tokens: std::rc::Rc<[Token]>,
    at: usize,
    /// Index of the token where this cursor ends: the statement's end, or the closing parenthesis of a group.
    end: usize,
}

impl<'a> Cursor<'a> {
    /// The tokens of a statement; refuses what is too long or nested too deeply.
    pub(crate) fn new(statement: &Statement<'a>) -> Result<Self, ParseError> {
        let text = statement.text;
        let mut cursor = Cursor {
            text,
            place: statement.place.clone(),
            tokens: Vec::new().into(),
            at: 0,
            end: 0,
        };
        if text.len() > MAX_STATEMENT_BYTES {
            let limit = MAX_STATEMENT_BYTES >> 20;
            return Err(cursor.error_at(0, format!("this statement is longer than {limit} MB")));
        }
        let (mut tokens, mut open, mut at) = (Vec::<Token>::new(), Vec::<usize>::new(), 0);
        while at < text.len() {
            let (lexeme, end) = lex(text, at).map_err(|open| cursor.error_at(open.at, open.message))?;
            let token = Token {
                lexeme,
                start: at,
                end,
                close: 0,
            };
            match (lexeme, &text[at..end]) {
                (Lexeme::Space | Lexeme::Comment, _) => {
                    at = end;
                    continue;
                }
                (Lexeme::Mark, "(" | "[") => open.push(tokens.len()),
                (Lexeme::Mark, closing @ (")" | "]")) => {
                    let opening = if closing == ")" { "(" } else { "[" };
                    let close = tokens.len();
                    let partner = open.pop().and_then(|n| tokens.get_mut(n));
                    match partner.filter(|t| text[t.start..].starts_with(opening)) {
                        Some(partner) => partner.close = close,
                        None => return Err(cursor.error_at(at, format!("this {closing} closes nothing"))),
                    }
                }
                _ => {}
            }
            if open.len() > MAX_NESTING {
                return Err(cursor.error_at(at, format!("parentheses are nested more than {MAX_NESTING} deep")));
            }
            tokens.push(token);
            at = end;
        }
        if let Some(token) = open.pop().and_then(|n| tokens.get(n)) {
            return Err(cursor.error_at(token.start, "this bracket is never closed"));
        }
        cursor.end = tokens.len();
        cursor.tokens = tokens.into();
        Ok(cursor)
    }

    // ---- looking

    fn token(&self, n: usize) -> Option<Token> {
        let index = self.at + n;
        if index < self.end {
            self.tokens.get(index).copied()
        } else {
            None
        }
    }

    /// The text of the next token, empty at the end.
    pub(crate) fn peek(&self) -> &'a str {
        self.peek_nth(0)
    }

    /// The text of the token `n` places ahead, empty behind the end.
    pub(crate) fn peek_nth(&self, n: usize) -> &'a str {
        self.token(n).map_or("", |t| &self.text[t.start..t.end])
    }

    /// The kind of the token `n` places ahead.
    pub(crate) fn lexeme_nth(&self, n: usize) -> Option<Lexeme> {
        self.token(n).map(|t| t.lexeme)
    }

    /// Whether everything has been read.
    pub(crate) fn at_end(&self) -> bool {
        self.at >= self.end
    }

    /// Whether the token `n` places ahead is this unquoted word.
    pub(crate) fn is_word_nth(&self, n: usize, word: &str) -> bool {
        self.lexeme_nth(n) == Some(Lexeme::Word) && self.peek_nth(n).eq_ignore_ascii_case(word)
    }

    /// Whether the next token is this unquoted word.
    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.is_word_nth(0, word)
    }

    /// Whether the next token is one of these unquoted words.
    pub(crate) fn is_any_word(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is_word(word))
    }

    /// Whether the next tokens are these unquoted words, given with single blanks between them.
    pub(crate) fn are_words(&self, words: &str) -> bool {
        words.split(' ').enumerate().all(|(n, word)| self.is_word_nth(n, word))
    }

    /// Whether the next token is this mark or operator.
    pub(crate) fn is_mark(&self, mark: &str) -> bool {
        matches!(self.lexeme_nth(0), Some(Lexeme::Mark | Lexeme::Operator)) && self.peek() == mark
    }

    // ---- moving

    /// The current position.
    pub(crate) fn mark(&self) -> Mark {
        Mark(self.at)
    }

    /// Goes back to a position.
    pub(crate) fn reset(&mut self, mark: Mark) {
        self.at = mark.0;
    }

    /// Reads the next token, whatever it is; empty at the end.
    pub(crate) fn next(&mut self) -> &'a str {
        let text = self.peek();
        self.at = (self.at + 1).min(self.end);
        text
    }

    /// Reads an unquoted word if it is the next token.
    pub(crate) fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found
    }

    /// Reads several unquoted words, given with single blanks between them, if they all come next.
    pub(crate) fn eat_words(&mut self, words: &str) -> bool {
        let found = self.are_words(words);
        if found {
            self.at += words.split(' ').count();
        }
        found
    }

    /// Reads whichever of these unquoted words is next.
    pub(crate) fn eat_any_word<'w>(&mut self, words: &[&'w str]) -> Option<&'w str> {
        let found = words.iter().copied().find(|word| self.is_word(word))?;
        self.at += 1;
        Some(found)
    }

    /// Reads a mark or operator if it is the next token.
    pub(crate) fn eat_mark(&mut self, mark: &str) -> bool {
        let found = self.is_mark(mark);
        self.at += usize::from(found);
        found
    }

    /// Reads these words or fails.
    pub(crate) fn expect_words(&mut self, words: &str) -> Result<(), ParseError> {
        if self.eat_words(words) {
            Ok(())
        } else {
            Err(self.expected(&words.to_ascii_uppercase()))
        }
    }

    /// Reads this word or fails.
    pub(crate) fn expect_word(&mut self, word: &str) -> Result<(), ParseError> {
        self.expect_words(word)
    }

    /// Reads one of these words or fails.
    pub(crate) fn expect_any_word<'w>(&mut self, words: &[&'w str]) -> Result<&'w str, ParseError> {
        self.eat_any_word(words)
            .ok_or_else(|| self.expected(&words.join(" or ").to_ascii_uppercase()))
    }

    /// Reads this mark or operator or fails.
    pub(crate) fn expect_mark(&mut self, mark: &str) -> Result<(), ParseError> {
        if self.eat_mark(mark) {
            Ok(())
        } else {
            Err(self.expected(&format!("\"{mark}\"")))
        }
    }

    /// Fails unless everything has been read.
    pub(crate) fn expect_end(&self) -> Result<(), ParseError> {
        if self.at_end() {
            Ok(())
        } else {
            Err(self.expected("the end of the statement"))
        }
    }

    // ---- names

    /// A name where PostgreSQL allows a column or table name, folded.
    pub(crate) fn ident(&mut self) -> Result<Ident, ParseError> {
        self.name_unless(refused_as_name)
    }

    /// A name where PostgreSQL allows a function or type name, folded.
    pub(crate) fn routine_ident(&mut self) -> Result<Ident, ParseError> {
        self.name_unless(is_reserved)
    }

    /// A name in a place where any key word is allowed too (behind a dot, a label, a role).
    pub(crate) fn any_ident(&mut self) -> Result<Ident, ParseError> {
        self.name_unless(|_| false)
    }

    fn name_unless(&mut self, refused: impl Fn(&str) -> bool) -> Result<Ident, ParseError> {
        let token = self.peek();
        match self.lexeme_nth(0) {
            Some(Lexeme::Word) if refused(token) => {
                let error = self.expected("a name");
                Err(error.hint(format!(
                    "{} is a reserved word; as a name it needs double quotes",
                    token.to_lowercase()
                )))
            }
            Some(Lexeme::Word) => {
                self.at += 1;
                Ok(Ident::folded(token))
            }
            Some(lexeme @ (Lexeme::QuotedName | Lexeme::UnicodeName)) => {
                let mut name = unescape(lexeme, token).map_err(|message| self.error(message))?;
                if name.is_empty() {
                    return Err(self.error("a quoted name must not be empty"));
                }
                self.at += 1;
                if lexeme == Lexeme::UnicodeName && self.is_word("uescape") {
                    name = self.unicode_with_escape(token)?;
                }
                Ok(Ident::new(truncate(&name)))
            }
            _ => Err(self.expected("a name")),
        }
    }

    /// The value of a `U&` token followed by `UESCAPE 'c'`.
    fn unicode_with_escape(&mut self, token: &str) -> Result<String, ParseError> {
        self.at += 1;
        let escape = self.string()?;
        let inner = token.get(3..token.len() - 1).unwrap_or("");
        let quote = token.get(2..3).unwrap_or("\"");
        let escape = escape.chars().next().unwrap_or('\\');
        unicode(&inner.replace(&quote.repeat(2), quote), escape).map_err(|message| self.error(message))
    }

    /// A name with an optional namespace. A database name before the namespace is read and dropped.
    pub(crate) fn qualified_name(&mut self) -> Result<QualifiedName, ParseError> {
        let first = self.ident()?;
        self.rest_of_name(first)
    }

    /// The same for a routine or a type.
    pub(crate) fn qualified_routine(&mut self) -> Result<QualifiedName, ParseError> {
        let first = if self.peek_nth(1) == "." {
            self.ident()?
        } else {
            self.routine_ident()?
        };
        self.rest_of_name(first)
    }

    fn rest_of_name(&mut self, first: Ident) -> Result<QualifiedName, ParseError> {
        let mut parts = vec![first];
        while parts.len() < 3 && self.eat_mark(".") {
            parts.push(self.any_ident()?);
        }
        let name = parts.pop().unwrap_or_else(|| Ident::new(""));
        Ok(QualifiedName {
            namespace: parts.pop(),
            name,
        })
    }

    /// A possibly qualified operator: `=`, `pg_catalog.=`, `OPERATOR(s.=)`; namespace and symbol.
    pub(crate) fn operator(&mut self) -> Result<QualifiedName, ParseError> {
        if self.is_word("operator") && self.peek_nth(1) == "(" {
            self.at += 1;
            return self.parenthesised(Cursor::operator);
        }
        let mut namespace = None;
        while self.lexeme_nth(0) != Some(Lexeme::Operator) && self.peek_nth(1) == "." {
            namespace = Some(self.any_ident()?);
            self.expect_mark(".")?;
        }
        match self.lexeme_nth(0) {
            Some(Lexeme::Operator) => Ok(QualifiedName {
                namespace,
                name: Ident::new(self.next()),
            }),
            _ => Err(self.expected("an operator")),
        }
    }

    // ---- values

    /// Whether the next token is a string of any form.
    pub(crate) fn is_string(&self) -> bool {
        use Lexeme::{DollarText, EscapeText, Text, UnicodeText};
        matches!(self.lexeme_nth(0), Some(Text | EscapeText | UnicodeText | DollarText))
    }

    /// A string of any form, its value. Strings on consecutive lines are one string.
    pub(crate) fn string(&mut self) -> Result<String, ParseError> {
        if !self.is_string() {
            return Err(self.expected("a string"));
        }
        let Some(token) = self.token(0) else {
            return Err(self.expected("a string"));
        };
        let text = self.peek();
        let mut value = unescape(token.lexeme, text).map_err(|message| self.error(message))?;
        self.at += 1;
        if token.lexeme == Lexeme::UnicodeText && self.is_word("uescape") {
            value = self.unicode_with_escape(text)?;
        }
        let mut end = token.end;
        while let Some(next) = self
            .token(0)
            .filter(|t| t.lexeme == Lexeme::Text && token.lexeme != Lexeme::DollarText)
        {
            if !self.text[end..next.start].contains('\n') || !self.peek().starts_with('\'') {
                break;
            }
            value.push_str(
                &unescape(token.lexeme, &format!("{}{}", prefix(text), self.peek())).map_err(|m| self.error(m))?,
            );
            end = next.end;
            self.at += 1;
        }
        Ok(value)
    }

    /// A whole number with an optional sign.
    pub(crate) fn integer(&mut self) -> Result<i64, ParseError> {
        let start = self.mark();
        let negative = self.eat_mark("-");
        if !negative {
            self.eat_mark("+");
        }
        if self.lexeme_nth(0) == Some(Lexeme::Number) {
            let digits = self.peek().replace('_', "");
            let signed = if negative { format!("-{digits}") } else { digits };
            if let Ok(value) = signed.parse() {
                self.at += 1;
                return Ok(value);
            }
        }
        self.reset(start);
        Err(self.expected("a whole number"))
    }

    // ---- groups

    /// Reads `( .. )` whole: the parser sees only the inside and must read all of it.
    pub(crate) fn parenthesised<T>(
        &mut self,
        parse: impl FnOnce(&mut Cursor<'a>) -> Result<T, ParseError>,
    ) -> Result<T, ParseError> {
        if !self.is_mark("(") {
            return Err(self.expected("\"(\""));
        }
        let close = self.token(0).map_or(self.end, |t| t.close);
        let mut inside = Cursor {
            at: self.at + 1,
            end: close,
            ..self.clone()
        };
        let value = parse(&mut inside)?;
        if !inside.at_end() {
            return Err(inside.expected("\")\""));
        }
        self.at = close + 1;
        Ok(value)
    }

    /// One or more items separated by commas.
    pub(crate) fn comma_separated<T>(
        &mut self,
        mut parse: impl FnMut(&mut Cursor<'a>) -> Result<T, ParseError>,
    ) -> Result<Vec<T>, ParseError> {
        let mut items = vec![parse(self)?];
        while self.eat_mark(",") {
            items.push(parse(self)?);
        }
        Ok(items)
    }

    /// `( item, .. )` with at least one item.
    pub(crate) fn paren_list<T>(
        &mut self,
        parse: impl FnMut(&mut Cursor<'a>) -> Result<T, ParseError>,
    ) -> Result<Vec<T>, ParseError> {
        self.parenthesised(|inside| inside.comma_separated(parse))
    }

    /// `( item, .. )`, possibly empty.
    pub(crate) fn paren_list_or_empty<T>(
        &mut self,
        parse: impl FnMut(&mut Cursor<'a>) -> Result<T, ParseError>,
    ) -> Result<Vec<T>, ParseError> {
        self.parenthesised(|inside| {
            if inside.at_end() {
                Ok(Vec::new())
            } else {
                inside.comma_separated(parse)
            }
        })
    }

    // ---- slices of the source

    /// The source text of what was read since a position.
    pub(crate) fn slice_since(&self, start: Mark) -> &'a str {
        self.slice(start.0, self.at)
    }

    /// The source text from here to the end of what this cursor sees; reads it all.
    pub(crate) fn rest(&mut self) -> &'a str {
        let text = self.slice(self.at, self.end);
        self.at = self.end;
        text
    }

    fn slice(&self, from: usize, to: usize) -> &'a str {
        if from >= to {
            return "";
        }
        match (self.tokens.get(from), self.tokens.get(to - 1)) {
            (Some(first), Some(last)) => &self.text[first.start..last.end],
            _ => "",
        }
    }

    /// Moves behind the next token, or behind the whole group if it opens one.
    pub(crate) fn skip_group(&mut self) {
        let close = self.token(0).map_or(0, |t| t.close);
        self.at = (close.max(self.at) + 1).min(self.end);
    }

    /// The tokens from here up to the first one behind the next token where `stop` holds, outside all parentheses; `stop` is
    /// also told the token before. They are read.
    pub(crate) fn section(&mut self, stop: impl Fn(&Cursor<'a>, &str) -> bool) -> Cursor<'a> {
        let from = self.at;
        loop {
            let previous = self.peek();
            self.skip_group();
            if self.at_end() || stop(self, previous) {
                break;
            }
        }
        Cursor {
            at: from,
            end: self.at,
            ..self.clone()
        }
    }

    /// The text inside `( .. )`, which is read.
    pub(crate) fn paren_text(&mut self) -> Result<&'a str, ParseError> {
        self.parenthesised(|inside| Ok(inside.rest()))
    }

    /// The text of an expression in parentheses, which are read, without any parentheses around the whole of it.
    pub(crate) fn paren_expr(&mut self) -> Result<&'a str, ParseError> {
        self.parenthesised(|inside| {
            let (mut from, mut to) = (inside.at, inside.end);
            inside.at = inside.end;
            while to > from + 1 && inside.tokens.get(from).is_some_and(|t| t.close == to - 1) {
                (from, to) = (from + 1, to - 1);
            }
            if from == to {
                Err(inside.expected("an expression"))
            } else {
                Ok(inside.slice(from, to))
            }
        })
    }

    /// The text of an expression: up to a comma, the end, or one of these words outside all parentheses and CASE. A word
    /// does not end the expression where an operand must come (at the start, behind an operator, behind IS).
    pub(crate) fn expr_slice(&mut self, stop_words: &[&str]) -> Result<&'a str, ParseError> {
        let start = self.at;
        let mut cases = 0usize;
        let mut operand = true;
        while let Some(lexeme) = self.lexeme_nth(0) {
            if lexeme == Lexeme::Word {
                let dotted = self.is_behind_dot(start);
                if !dotted && cases == 0 && !operand && self.is_any_word(stop_words) {
                    break;
                }
                if !dotted && self.is_word("case") {
                    cases += 1;
                } else if !dotted && self.is_word("end") {
                    cases = cases.saturating_sub(1);
                }
            } else if cases == 0 && matches!(self.peek(), "," | ";") {
                break;
            }
            operand = match lexeme {
                // `row.*` is whole.
                Lexeme::Operator => !(self.peek() == "*" && self.is_behind_dot(start)),
                Lexeme::Mark => !matches!(self.peek(), "(" | "["),
                Lexeme::Word => self.is_any_word(&["is", "from", "and", "or", "not", "as"]),
                _ => false,
            };
            self.skip_group();
        }
        if self.at == start {
            return Err(self.expected("an expression"));
        }
        Ok(self.slice(start, self.at))
    }

    /// Whether a point stands before the next token, behind this place.
    fn is_behind_dot(&self, start: usize) -> bool {
        self.at > start
            && self
                .tokens
                .get(self.at - 1)
                .is_some_and(|token| &self.text[token.start..token.end] == ".")
    }

    // ---- comments

    /// The comments between the previous token and the next one, in order.
    pub(crate) fn comments_before(&self) -> Vec<Comment<'a>> {
        let from = self
            .at
            .checked_sub(1)
            .and_then(|n| self.tokens.get(n))
            .map_or(0, |t| t.end);
        let to = self.tokens.get(self.at).map_or(self.text.len(), |t| t.start);
        let (mut at, mut comments) = (from, Vec::new());
        while at < to {
            let Ok((lexeme, end)) = lex(self.text, at) else { break };
            if lexeme == Lexeme::Comment {
                comments.push(Comment::cut(self.text, at, end));
            }
            at = end;
        }
        comments
    }

    // ---- errors

    /// Where the next token stands.
    pub(crate) fn place(&self) -> Place {
        let offset = self.tokens.get(self.at).map_or(self.text.len(), |t| t.start);
        self.place_at(offset)
    }

    fn place_at(&self, offset: usize) -> Place {
        let mut place = self.place.clone();
        for c in self.text.get(..offset).unwrap_or("").chars() {
            (place.line, place.column) = if c == '\n' {
                (place.line + 1, 1)
            } else {
                (place.line, place.column + 1)
            };
        }
        place
    }

    fn error_at(&self, offset: usize, message: impl Into<String>) -> ParseError {
        ParseError::at(self.place_at(offset), message).in_statement(self.text)
    }

    /// An error at the next token.
    pub(crate) fn error(&self, message: impl Into<String>) -> ParseError {
        ParseError::at(self.place(), message).in_statement(self.text)
    }

    /// The error that something else was expected here.
    pub(crate) fn expected(&self, what: &str) -> ParseError {
        let found = match self.tokens.get(self.at) {
            Some(token) => format!("\"{}\"", super::error::head(&self.text[token.start..token.end])),
            None => "the end of the statement".to_owned(),
        };
        self.error(format!("expected {what}, found {found}"))
    }
}

/// What stands before the opening quote of a string token.
fn prefix(token: &str) -> &str {
    token.find('\'').and_then(|n| token.get(..n)).unwrap_or("")
}

#[cfg(test)]
#[path = "cursor_tests.rs"]
mod tests;
