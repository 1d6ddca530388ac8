//! Cuts a source text into statements, the way psql does it.
//!
//! A statement ends at a semicolon outside parentheses and outside `BEGIN ATOMIC .. END`; psql's own commands and the
//! data lines after `COPY .. FROM stdin` stand between statements. One pass over the bytes, no recursion.

use std::sync::Arc;

use super::error::{ParseError, Place};
use super::lex::{Lexeme, lex};

/// One piece of a source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// A statement for the server.
    Statement(Statement<'a>),
    /// A command for psql.
    Meta(Meta<'a>),
}

/// A statement, without the comments before it and the semicolon after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement<'a> {
    /// The text from the first token to the last.
    pub text: &'a str,
    /// Byte offset of the text in the file.
    pub start: usize,
    /// Where the text starts.
    pub place: Place,
    /// The comments between the end of the previous statement and this one.
    pub comments: Vec<Comment<'a>>,
}

/// A comment with its marks (`--`, `/* */`) taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comment<'a> {
    /// The text, trimmed.
    pub text: &'a str,
    /// Whether nothing but white space stands before it on its line.
    pub own_line: bool,
}

impl<'a> Comment<'a> {
    /// The comment token at `start..end` of a text.
    pub(crate) fn cut(text: &'a str, start: usize, end: usize) -> Self {
        let token = text.get(start..end).unwrap_or("");
        let inner = token
            .strip_prefix("--")
            .or_else(|| token.strip_prefix("/*")?.strip_suffix("*/"));
        let own_line = text.as_bytes()[..start]
            .iter()
            .rev()
            .take_while(|&&b| b != b'\n')
            .all(u8::is_ascii_whitespace);
        Comment {
            text: inner.unwrap_or(token).trim(),
            own_line,
        }
    }
}

/// A psql command such as `\restrict`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta<'a> {
    /// The name without the backslash.
    pub name: &'a str,
    /// The rest of the line.
    pub arguments: &'a str,
    /// Where the backslash stands.
    pub place: Place,
}

/// Splits a source text into its pieces, in order.
pub fn split<'a>(file: &Arc<str>, text: &'a str) -> Result<Vec<Piece<'a>>, ParseError> {
    let mut splitter = Splitter {
        file: file.clone(),
        text,
        // A byte order mark is no part of the first statement.
        at: if text.starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            0
        },
        located: (0, 1, 1),
        pieces: Vec::new(),
        current: Current::default(),
        comments: Vec::new(),
    };
    while splitter.at < text.len() {
        splitter.step()?;
    }
    splitter.finish()
}

/// What is known of the statement being read.
#[derive(Default)]
struct Current {
    span: Option<(usize, usize)>,
    parens: Vec<usize>,
    begins: Vec<usize>,
    words: usize,
    opening: [u8; 4],
    copy: Copy,
}

/// How much of `COPY .. FROM stdin` the current statement has shown.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
#[allow(clippy::enum_variant_names)]
enum Copy {
    #[default]
    Start,
    Copy,
    From,
    Stdin,
    No,
}

impl Current {
    /// psql believes in `BEGIN ATOMIC` only in a statement that opens as a routine does.
    fn is_routine(&self) -> bool {
        self.opening.starts_with(b"cf") || self.opening == *b"corf"
    }

    fn word(&mut self, word: &str, at: usize) {
        let is = |other: &str| word.eq_ignore_ascii_case(other);
        if let Some(slot) = self.opening.get_mut(self.words) {
            *slot = match () {
                () if is("create") => b'c',
                () if is("function") || is("procedure") => b'f',
                () if is("or") => b'o',
                () if is("replace") => b'r',
                () => b'?',
            };
        }
        self.words += 1;
        self.copy = match self.copy {
            Copy::Start if is("copy") => Copy::Copy,
            Copy::Copy if self.parens.is_empty() && is("from") => Copy::From,
            Copy::From if is("stdin") => Copy::Stdin,
            Copy::Start | Copy::From => Copy::No,
            state => state,
        };
        if self.parens.is_empty() && self.is_routine() {
            // CASE ends with END too.
            if is("begin") || (is("case") && !self.begins.is_empty()) {
                self.begins.push(at);
            } else if is("end") {
                self.begins.pop();
            }
        }
    }
}

struct Splitter<'a> {
    file: Arc<str>,
    text: &'a str,
    at: usize,
    /// Offset, line and column of the last place asked for: counting goes on from there, so a file is counted once.
    located: (usize, usize, usize),
    pieces: Vec<Piece<'a>>,
    current: Current,
    comments: Vec<Comment<'a>>,
}

impl<'a> Splitter<'a> {
    fn step(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        match self.text.as_bytes().get(start) {
            Some(b'\\') => return self.backslash(),
            Some(b';') if self.current.parens.is_empty() && self.current.begins.is_empty() => {
                return self.end_of_statement();
            }
            _ => {}
        }
        let (lexeme, end) = lex(self.text, start).map_err(|open| self.error(open.at, open.message))?;
        self.at = end;
        let token = self.text.get(start..end).unwrap_or("");
        match (lexeme, token) {
            (Lexeme::Space, _) => return Ok(()),
            (Lexeme::Comment, _) => {
                if self.current.span.is_none() {
                    self.comments.push(Comment::cut(self.text, start, end));
                }
                return Ok(());
            }
            (Lexeme::Word, _) => self.current.word(token, start),
            (Lexeme::QuotedName | Lexeme::UnicodeName, _) => self.current.word("\"", start),
            (Lexeme::Mark, "(") => self.current.parens.push(start),
            (Lexeme::Mark, ")") if self.current.parens.pop().is_none() => {
                return Err(self.error(start, "this closing parenthesis has no opening one"));
            }
            _ => {}
        }
        let first = self.current.span.map_or(start, |(first, _)| first);
        self.current.span = Some((first, end));
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<Piece<'a>>, ParseError> {
        if let Some(&open) = self.current.parens.first() {
            return Err(self.error(open, "this parenthesis is never closed"));
        }
        if let Some(&open) = self.current.begins.first() {
            return Err(self.error(open, "this BEGIN has no END"));
        }
        self.flush();
        Ok(self.pieces)
    }

    fn place(&mut self, offset: usize) -> Place {
        let (last, mut line, mut column) = if offset < self.located.0 {
            (0, 1, 1)
        } else {
            self.located
        };
        for c in self.text.get(last..offset).unwrap_or("").chars() {
            (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
        self.located = (offset, line, column);
        Place {
            file: self.file.clone(),
            line,
            column,
        }
    }

    fn error(&mut self, offset: usize, message: &str) -> ParseError {
        let start = self.current.span.map_or(offset, |(start, _)| start);
        let text = self.text;
        ParseError::at(self.place(offset), message).in_statement(text.get(start..).unwrap_or(""))
    }

    /// Closes the current statement, if there is one.
    fn flush(&mut self) {
        let comments = std::mem::take(&mut self.comments);
        if let Some((start, end)) = std::mem::take(&mut self.current).span {
            let place = self.place(start);
            let text = self.text.get(start..end).unwrap_or("");
            self.pieces.push(Piece::Statement(Statement {
                text,
                start,
                place,
                comments,
            }));
        }
    }

    fn end_of_statement(&mut self) -> Result<(), ParseError> {
        let data = self.current.copy == Copy::Stdin;
        self.flush();
        self.at += 1;
        if data { self.skip_copy_data() } else { Ok(()) }
    }

    /// Moves behind the line `\.` that ends the data of a `COPY .. FROM stdin`.
    fn skip_copy_data(&mut self) -> Result<(), ParseError> {
        let begin = self.at;
        let mut rest = self.text.get(begin..).unwrap_or("").split_inclusive('\n');
        // What follows the semicolon on its own line is no data.
        self.at += rest.next().map_or(0, str::len);
        for line in rest {
            self.at += line.len();
            if line.trim_end_matches(['\r', '\n']) == "\\." {
                return Ok(());
            }
        }
        Err(self.error(begin, "the data after this COPY do not end with a line \\."))
    }

    fn backslash(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        let line = self
            .text
            .get(start + 1..)
            .and_then(|rest| rest.lines().next())
            .unwrap_or("");
        // `\;` sends two statements together; here it separates them.
        if line.starts_with(';') {
            self.flush();
            self.at += 2;
            return Ok(());
        }
        let name_end = line
            .find(|c: char| c.is_ascii_whitespace() || c == '\\')
            .unwrap_or(line.len());
        let (name, arguments) = line.split_at(name_end);
        if self.current.span.is_some() {
            // These run the statement before them; any other would have run while the statement was being typed.
            let runs = name.starts_with('g') || matches!(name, "crosstabview" | "watch");
            if !runs || !self.current.parens.is_empty() {
                let error = self.error(start, &format!("the psql command \\{name} stands inside a statement"));
                return Err(error.hint("end the statement before it with a semicolon"));
            }
            self.flush();
        }
        self.comments.clear();
        let place = self.place(start);
        self.pieces.push(Piece::Meta(Meta {
            name,
            arguments: arguments.trim(),
            place,
        }));
        self.at = start + 1 + line.len();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<String> {
        match split(&"f.sql".into(), text) {
            Err(error) => vec![error.to_string()],
            Ok(pieces) => pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Statement(s) => s.text.to_owned(),
                    Piece::Meta(m) => format!("\\{} {}", m.name, m.arguments),
                })
                .collect(),
        }
    }

    #[test]
    fn quotes_comments_and_parentheses_hide_semicolons() {
        let text = r#"a ';' "x;" E'\';' $$;$$ $t$;$$;$t$ /* ; /* ; */ */ (;); b -- ;
            ; c"#;
        assert_eq!(pieces(text).len(), 3);
        assert_eq!(pieces(";; ;"), Vec::<String>::new());
    }

    #[test]
    fn routine_bodies_of_the_standard_form_are_one_statement() {
        let text = "create or replace function f() returns int begin atomic; select case when a then b end; end; x";
        assert_eq!(pieces(text).len(), 2);
        // BEGIN of a transaction block is not a body.
        assert_eq!(
            pieces("begin; create table a(); commit"),
            ["begin", "create table a()", "commit"]
        );
        assert_eq!(pieces("create table begin (); x").len(), 2);
    }

    #[test]
    fn psql_commands_and_copy_data_stand_between_statements() {
        let text = "\\restrict abc\nCOPY public.t (a, b) FROM stdin;\n1\t'\n;\\N\n\\.\n\nselect 1 \\g\n\\connect x y\n";
        assert_eq!(
            pieces(text),
            [
                "\\restrict abc",
                "COPY public.t (a, b) FROM stdin",
                "select 1",
                "\\g ",
                "\\connect x y"
            ]
        );
        assert!(pieces("copy t from stdin;\n1")[0].contains("do not end with"));
        assert!(pieces("create table \\i x")[0].contains("inside a statement"));
    }

    #[test]
    fn places_and_comments_are_kept() -> Result<(), ParseError> {
        let text = "a; -- tail\n-- @renamed_from b\n/* x */ é c;\n  d";
        let pieces = split(&"f.sql".into(), text)?;
        let Piece::Statement(second) = &pieces[1] else {
            return Err(ParseError::new("no statement"));
        };
        assert_eq!((second.place.line, second.place.column), (3, 9));
        assert_eq!(&text[second.start..second.start + 2], "é");
        let comments: Vec<_> = second.comments.iter().map(|c| (c.text, c.own_line)).collect();
        assert_eq!(comments, [("tail", false), ("@renamed_from b", true), ("x", true)]);
        let Piece::Statement(third) = &pieces[2] else {
            return Err(ParseError::new("no statement"));
        };
        assert_eq!((third.place.line, third.place.column), (4, 3));
        Ok(())
    }

    #[test]
    fn what_never_ends_is_told_by_its_opener() {
        assert!(pieces("a;\n create (\n b (c)")[0].starts_with("f.sql:2:9: this parenthesis is never closed"));
        assert!(pieces("a 'b\n")[0].starts_with("f.sql:1:3: this string"));
        assert!(pieces("a;)")[0].starts_with("f.sql:1:3: this closing parenthesis"));
        assert!(pieces("a /* /* */")[0].starts_with("f.sql:1:3: this comment"));
        assert!(pieces("é $x$ $y$")[0].starts_with("f.sql:1:3: this dollar quote"));
        assert!(pieces("create function f() begin atomic select 1;")[0].contains("no END"));
    }

    #[test]
    fn splitting_is_linear_and_survives_depth() {
        let deep = "(".repeat(200_000) + &")".repeat(200_000);
        assert_eq!(pieces(&deep).len(), 1);
        let many = "select 1;".repeat(200_000);
        assert_eq!(pieces(&many).len(), 200_000);
    }
}
