//! Reads the text of a type name off a cursor.

use crate::types::TypeName;

use super::cursor::Cursor;
use super::error::ParseError;
use super::lex::Lexeme;

impl<'a> Cursor<'a> {
    /// A type name as it was written: several words, modifiers, array bounds and `%TYPE` included.
    pub(crate) fn type_text(&mut self) -> Result<&'a str, ParseError> {
        let start = self.mark();
        let builtin = self.lexeme_nth(0) == Some(Lexeme::Word) && self.peek_nth(1) != ".";
        let first = if builtin {
            self.peek().to_ascii_lowercase()
        } else {
            String::new()
        };
        match self.lexeme_nth(0) {
            Some(Lexeme::Word | Lexeme::QuotedName | Lexeme::UnicodeName) => {}
            _ => return Err(self.expected("a type")),
        }
        let name = self.mark();
        self.qualified_routine().map_err(|error| {
            self.reset(name);
            ParseError {
                message: self.expected("a type").message,
                ..error
            }
        })?;
        match first.as_str() {
            "double" => self.expect_word("precision")?,
            "national" => {
                self.expect_any_word(&["character", "char"])?;
                self.eat_word("varying");
            }
            "character" | "char" | "nchar" | "bit" => {
                self.eat_word("varying");
            }
            "interval" => self.interval_fields()?,
            _ => {}
        }
        if self.is_mark("%") && self.is_word_nth(1, "type") {
            self.next();
            self.next();
        }
        if self.is_mark("(") {
            self.skip_group();
        }
        if matches!(first.as_str(), "timestamp" | "time") && !self.eat_words("with time zone") {
            self.eat_words("without time zone");
        }
        if self.eat_word("array") && self.is_mark("[") {
            self.skip_group();
        }
        while self.is_mark("[") {
            let inside = self.peek_nth(1);
            if inside != "]" && self.lexeme_nth(1) != Some(Lexeme::Number) {
                break;
            }
            self.skip_group();
        }
        Ok(self.slice_since(start))
    }

    /// A type name in canonical form.
    pub(crate) fn type_name(&mut self) -> Result<TypeName, ParseError> {
        self.type_text().map(TypeName::parse)
    }

    fn interval_fields(&mut self) -> Result<(), ParseError> {
        const FIELDS: &[&str] = &["year", "month", "day", "hour", "minute", "second"];
        if self.eat_any_word(FIELDS).is_some() && self.eat_word("to") {
            self.expect_any_word(FIELDS)?;
        }
        Ok(())
    }
}
