//! A lexer for SQL fragments that never fails and knows the byte range of every token.
//!
//! It follows PostgreSQL's own rules (escape strings, dollar quotes, nested comments, operators that may not end in `+`),
//! with `standard_conforming_strings` on. What it cannot read becomes a [`Kind::Broken`] token that keeps its text.

use std::borrow::Cow;
use std::ops::Range;

use crate::name::truncate;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Word without quotes: key word or identifier, folded.
    Word,
    /// Identifier in double quotes, without them.
    Quoted,
    /// String of any style, decoded.
    Text,
    /// Bit string, the prefix included: `b101`, `x1F`.
    Bits,
    /// Number as written, lower case.
    Number,
    /// `$1`
    Param,
    /// Operator, `=>` and `:=` included.
    Operator,
    /// One of `( ) [ ] { } , ; . :` and `::`, or any other character.
    Mark,
    /// Something that has no end, such as an open string.
    Broken,
}

/// One token of a fragment.
#[derive(Clone, Debug)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    /// Folded or decoded text.
    pub(crate) text: Cow<'a, str>,
    /// Where it stands in the source.
    pub(crate) range: Range<usize>,
}

impl Token<'_> {
    /// Whether this is the given key word (in lower case) without quotes.
    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text == word
    }

    /// Whether this is the given mark.
    pub(crate) fn is_mark(&self, mark: &str) -> bool {
        self.kind == Kind::Mark && self.text == mark
    }

    /// Whether this is the given operator.
    pub(crate) fn is_operator(&self, operator: &str) -> bool {
        self.kind == Kind::Operator && self.text == operator
    }

    /// Whether this may be an identifier.
    pub(crate) fn is_name(&self) -> bool {
        matches!(self.kind, Kind::Word | Kind::Quoted)
    }
}

/// Cuts a fragment into tokens, without white space and comments.
pub(crate) fn lex(source: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer {
        source,
        at: 0,
        tokens: Vec::with_capacity(source.len() / 5 + 1),
    };
    while lexer.skip_blank() {
        let start = lexer.at;
        let (kind, text) = lexer.token();
        if lexer.at == start {
            // Cannot happen; a lexer that stands still would never end.
            break;
        }
        lexer.tokens.push(Token {
            kind,
            text,
            range: start..lexer.at,
        });
    }
    lexer.tokens
}

struct Lexer<'a> {
    source: &'a str,
    at: usize,
    tokens: Vec<Token<'a>>,
}

impl<'a> Lexer<'a> {
    fn byte(&self, offset: usize) -> u8 {
        self.source.as_bytes().get(self.at + offset).copied().unwrap_or(0)
    }

    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    /// Skips white space and comments; false at the end. An open comment is left to become a broken token.
    fn skip_blank(&mut self) -> bool {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '\u{b}');
            self.at += rest.len() - trimmed.len();
            if trimmed.starts_with("--") {
                self.at += trimmed.find('\n').unwrap_or(trimmed.len());
            } else if trimmed.starts_with("/*") {
                match comment_length(trimmed) {
                    Some(length) => self.at += length,
                    None => return true,
                }
            } else {
                return !trimmed.is_empty();
            }
        }
    }

    fn token(&mut self) -> (Kind, Cow<'a, str>) {
        let start = self.at;
        let byte = self.byte(0);
        match byte {
            b'\'' => self.text(false),
            b'"' => self.quoted(),
            b'e' | b'E' if self.byte(1) == b'\'' => {
                self.at += 1;
                self.text(true)
            }
            b'n' | b'N' if self.byte(1) == b'\'' => {
                self.at += 1;
                self.text(false)
            }
            b'b' | b'B' | b'x' | b'X' if self.byte(1) == b'\'' => {
                self.at += 1;
                match self.text(false) {
                    (Kind::Text, text) => (
                        Kind::Bits,
                        Cow::Owned(format!("{}{text}", byte.to_ascii_lowercase() as char)),
                    ),
                    broken => broken,
                }
            }
            b'u' | b'U' if self.byte(1) == b'&' && matches!(self.byte(2), b'\'' | b'"') => {
                self.at += 2;
                let (kind, text) = if self.byte(0) == b'"' {
                    self.quoted()
                } else {
                    self.text(false)
                };
                match super::escape::unicode(&text) {
                    Some(text) if kind != Kind::Broken => (kind, Cow::Owned(text)),
                    _ => (Kind::Broken, Cow::Borrowed(&self.source[start..self.at])),
                }
            }
            b'$' => self.dollar(),
            b'0'..=b'9' => self.number(),
            b'.' if self.byte(1).is_ascii_digit() => self.number(),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => self.word(),
            b'/' if self.byte(1) == b'*' => self.broken(start),
            b':' if matches!(self.byte(1), b':' | b'=') => {
                self.at += 2;
                let text = &self.source[start..self.at];
                (
                    if text == "::" { Kind::Mark } else { Kind::Operator },
                    Cow::Borrowed(text),
                )
            }
            _ if is_operator(byte) => self.operator(),
            _ => {
                self.at += 1;
                (Kind::Mark, Cow::Borrowed(&self.source[start..self.at]))
            }
        }
    }

    /// A broken token from `start` to the end of the source.
    fn broken(&mut self, start: usize) -> (Kind, Cow<'a, str>) {
        self.at = self.source.len();
        (Kind::Broken, Cow::Borrowed(&self.source[start..]))
    }

    /// A string from its opening quote; pieces that only a line break parts are one string.
    fn text(&mut self, escapes: bool) -> (Kind, Cow<'a, str>) {
        let start = self.at;
        let mut whole = String::new();
        loop {
            let Some(length) = quoted_length(self.rest(), b'\'', escapes) else {
                let (kind, open) = self.broken(start);
                // Without its letter it would be another text, which might have an end.
                return (kind, if escapes { Cow::Owned(format!("E{open}")) } else { open });
            };
            let inner = &self.source[self.at + 1..self.at + length - 1];
            self.at += length;
            if escapes {
                match super::escape::backslashes(inner) {
                    Some(text) => whole.push_str(&text),
                    None => return (Kind::Broken, Cow::Owned(format!("E{}", &self.source[start..self.at]))),
                }
            } else {
                whole.push_str(&inner.replace("''", "'"));
            }
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_whitespace()).len();
            if !(rest[..blank].contains('\n') && rest[blank..].starts_with('\'')) {
                return (Kind::Text, Cow::Owned(whole));
            }
            self.at += blank;
        }
    }

    fn quoted(&mut self) -> (Kind, Cow<'a, str>) {
        let start = self.at;
        match quoted_length(self.rest(), b'"', false) {
            Some(length) => {
                self.at += length;
                let inner = &self.source[start + 1..self.at - 1];
                let text = if inner.contains('"') {
                    Cow::Owned(inner.replace("\"\"", "\""))
                } else {
                    Cow::Borrowed(inner)
                };
                (Kind::Quoted, text)
            }
            None => self.broken(start),
        }
    }

    /// `$1`, `$tag$ ... $tag$`, or a lone `$`.
    fn dollar(&mut self) -> (Kind, Cow<'a, str>) {
        let start = self.at;
        let rest = self.rest();
        let digits = rest[1..].bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            self.at += 1 + digits;
            return (Kind::Param, Cow::Borrowed(&self.source[start..self.at]));
        }
        let tag = rest[1..]
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80)
            .count();
        if rest.as_bytes().get(1 + tag) != Some(&b'$') {
            self.at += 1;
            return (Kind::Mark, Cow::Borrowed("$"));
        }
        let fence = &rest[..tag + 2];
        match rest[fence.len()..].find(fence) {
            Some(length) => {
                self.at += fence.len() * 2 + length;
                (Kind::Text, Cow::Borrowed(&rest[fence.len()..fence.len() + length]))
            }
            None => self.broken(start),
        }
    }

    fn number(&mut self) -> (Kind, Cow<'a, str>) {
        let rest = self.rest().as_bytes();
        let run = |from: usize, ok: fn(u8) -> bool| rest[from..].iter().take_while(|b| ok(**b)).count();
        let digit: fn(u8) -> bool = |b| b.is_ascii_digit() || b == b'_';
        let mut end = 0;
        if rest[0] == b'0' && matches!(rest.get(1), Some(b'x' | b'X' | b'o' | b'O' | b'b' | b'B')) {
            end = 2 + run(2, |b| b.is_ascii_hexdigit() || b == b'_');
        }
        if end <= 2 {
            end = run(0, digit);
            if rest.get(end) == Some(&b'.') && rest.get(end + 1) != Some(&b'.') {
                end += 1;
                end += run(end, digit);
            }
            if matches!(rest.get(end), Some(b'e' | b'E')) {
                let sign = usize::from(matches!(rest.get(end + 1), Some(b'+' | b'-')));
                let digits = run((end + 1 + sign).min(rest.len()), |b| b.is_ascii_digit());
                if digits > 0 {
                    end += 1 + sign + digits;
                }
            }
        }
        let text = &self.rest()[..end];
        self.at += end;
        (Kind::Number, Cow::Owned(text.to_ascii_lowercase()))
    }

    fn word(&mut self) -> (Kind, Cow<'a, str>) {
        let rest = self.rest();
        let length = rest
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$') || *b >= 0x80)
            .count();
        self.at += length;
        let word = truncate(&rest[..length]);
        if word.bytes().any(|b| b.is_ascii_uppercase()) {
            (Kind::Word, Cow::Owned(word.to_ascii_lowercase()))
        } else {
            (Kind::Word, Cow::Borrowed(word))
        }
    }

    fn operator(&mut self) -> (Kind, Cow<'a, str>) {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let mut length = bytes.iter().take_while(|b| is_operator(**b)).count();
        // A comment ends an operator.
        if let Some(cut) = (1..length).find(|at| matches!(&bytes[*at..(*at + 2).min(bytes.len())], b"--" | b"/*")) {
            length = cut;
        }
        // `+` and `-` may end an operator of several characters only if it holds one of these.
        while length > 1
            && matches!(bytes[length - 1], b'+' | b'-')
            && !bytes[..length]
                .iter()
                .any(|b| matches!(b, b'~' | b'!' | b'@' | b'#' | b'%' | b'^' | b'&' | b'|' | b'`' | b'?'))
        {
            length -= 1;
        }
        self.at += length;
        (Kind::Operator, Cow::Borrowed(&rest[..length]))
    }
}

fn is_operator(byte: u8) -> bool {
    b"+-*/<>=~!@#%^&|`?".contains(&byte)
}

/// Length of a quoted text, quotes included.
fn quoted_length(text: &str, quote: u8, escapes: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        if escapes && bytes[at] == b'\\' {
            at += 2;
        } else if bytes[at] != quote {
            at += 1;
        } else if bytes.get(at + 1) == Some(&quote) {
            at += 2;
        } else {
            return Some(at + 1);
        }
    }
    None
}

/// Length of a comment, nested ones included.
fn comment_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (0, 0);
    while at + 1 < bytes.len() {
        match &bytes[at..at + 2] {
            b"/*" => {
                depth += 1;
                at += 2;
            }
            b"*/" => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => at += 1,
        }
    }
    None
}
