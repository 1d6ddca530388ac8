//! The lexical rules of PostgreSQL: where one token ends and the next begins, in bytes.
//!
//! Both the splitter and the cursor read tokens through this one function, so they cannot disagree about what is a quote
//! and what is a comment. Nothing is unescaped here, hence nothing that PostgreSQL would accept can fail to tokenize.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lexeme {
    /// White space.
    Space,
    /// `-- ..` to the end of the line, or `/* .. */`, nested.
    Comment,
    /// A keyword or an unquoted name.
    Word,
    /// `"name"`.
    QuotedName,
    /// `U&"name"`.
    UnicodeName,
    /// `'text'`, also with the prefixes n, b and x.
    Text,
    /// `E'text'`.
    EscapeText,
    /// `U&'text'`.
    UnicodeText,
    /// `$tag$text$tag$`.
    DollarText,
    /// A number.
    Number,
    /// `$1`.
    Parameter,
    /// An operator of one or more characters.
    Operator,
    /// Punctuation: `( ) [ ] , ; . : :: := ..`.
    Mark,
    /// A character that starts no token.
    Other,
}

/// A token that never ends: where it starts and what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unterminated {
    /// Byte offset of the opener.
    pub(crate) at: usize,
    /// A sentence about it.
    pub(crate) message: &'static str,
}

/// The token at a byte offset inside the text, and the offset behind it.
pub(crate) fn lex(text: &str, at: usize) -> Result<(Lexeme, usize), Unterminated> {
    let bytes = text.as_bytes();
    let byte = |n: usize| bytes.get(at + n).copied().unwrap_or(0);
    let first = byte(0);
    Ok(match first {
        b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => (Lexeme::Space, scan(bytes, at, is_space)),
        b'-' if byte(1) == b'-' => (Lexeme::Comment, scan(bytes, at, |b| b != b'\n')),
        b'/' if byte(1) == b'*' => (Lexeme::Comment, block_comment(bytes, at)?),
        b'\'' => (Lexeme::Text, quoted(bytes, at, false)?),
        b'"' => (Lexeme::QuotedName, quoted(bytes, at, false)?),
        b'e' | b'E' if byte(1) == b'\'' => (Lexeme::EscapeText, quoted(bytes, at + 1, true)?),
        b'b' | b'B' | b'x' | b'X' | b'n' | b'N' if byte(1) == b'\'' => (Lexeme::Text, quoted(bytes, at + 1, false)?),
        b'u' | b'U' if byte(1) == b'&' && byte(2) == b'\'' => (Lexeme::UnicodeText, quoted(bytes, at + 2, false)?),
        b'u' | b'U' if byte(1) == b'&' && byte(2) == b'"' => (Lexeme::UnicodeName, quoted(bytes, at + 2, false)?),
        b'$' => dollar(text, at)?,
        b if b.is_ascii_digit() || (b == b'.' && byte(1).is_ascii_digit()) => (Lexeme::Number, number(bytes, at)),
        b if is_word_start(b) => (Lexeme::Word, scan(bytes, at, is_word_part)),
        b':' if matches!(byte(1), b':' | b'=') => (Lexeme::Mark, at + 2),
        b'.' if byte(1) == b'.' => (Lexeme::Mark, at + 2),
        b'(' | b')' | b'[' | b']' | b',' | b';' | b'.' | b':' => (Lexeme::Mark, at + 1),
        b if is_operator(b) => (Lexeme::Operator, operator(bytes, at)),
        _ => (Lexeme::Other, at + 1),
    })
}

fn scan(bytes: &[u8], from: usize, accept: impl Fn(u8) -> bool) -> usize {
    bytes
        .get(from..)
        .and_then(|rest| rest.iter().position(|&b| !accept(b)))
        .map_or(bytes.len(), |n| from + n)
}

fn is_space(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

fn is_word_start(b: u8) -> bool {
    b.is_ascii_alphabetic() || b == b'_' || b >= 0x80
}

fn is_word_part(b: u8) -> bool {
    is_word_start(b) || b.is_ascii_digit() || b == b'$'
}

fn is_operator(b: u8) -> bool {
    b"+-*/<>=~!@#%^&|`?".contains(&b)
}

fn block_comment(bytes: &[u8], start: usize) -> Result<usize, Unterminated> {
    let (mut depth, mut at) = (1, start + 2);
    while depth > 0 {
        match (bytes.get(at), bytes.get(at + 1)) {
            (None, _) => {
                return Err(Unterminated {
                    at: start,
                    message: "this comment is never closed",
                });
            }
            (Some(b'/'), Some(b'*')) => (depth, at) = (depth + 1, at + 2),
            (Some(b'*'), Some(b'/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    Ok(at)
}

fn quoted(bytes: &[u8], open: usize, escapes: bool) -> Result<usize, Unterminated> {
    let quote = bytes.get(open).copied().unwrap_or(b'\'');
    let mut at = open + 1;
    loop {
        match bytes.get(at) {
            None if quote == b'"' => {
                return Err(Unterminated {
                    at: open,
                    message: "this quoted name is never closed",
                });
            }
            None => {
                return Err(Unterminated {
                    at: open,
                    message: "this string is never closed",
                });
            }
            Some(b'\\') if escapes => at += 2,
            Some(&b) if b == quote && bytes.get(at + 1) == Some(&quote) => at += 2,
            Some(&b) if b == quote => return Ok(at + 1),
            Some(_) => at += 1,
        }
    }
}

fn dollar(text: &str, start: usize) -> Result<(Lexeme, usize), Unterminated> {
    let bytes = text.as_bytes();
    let tag_end = match bytes.get(start + 1) {
        Some(b) if b.is_ascii_digit() => {
            return Ok((Lexeme::Parameter, scan(bytes, start + 1, |b| b.is_ascii_digit())));
        }
        Some(&b) if is_word_start(b) => scan(bytes, start + 1, |b| is_word_part(b) && b != b'$'),
        _ => start + 1,
    };
    if bytes.get(tag_end) != Some(&b'$') {
        return Ok((Lexeme::Other, start + 1));
    }
    let (tag, rest) = (&text[start..=tag_end], &text[tag_end + 1..]);
    match rest.find(tag) {
        Some(n) => Ok((Lexeme::DollarText, tag_end + 1 + n + tag.len())),
        None => Err(Unterminated {
            at: start,
            message: "this dollar quote is never closed",
        }),
    }
}

fn number(bytes: &[u8], start: usize) -> usize {
    if bytes.get(start) == Some(&b'0') && matches!(bytes.get(start + 1), Some(b'x' | b'X' | b'o' | b'O' | b'b' | b'B'))
    {
        return scan(bytes, start + 2, |b| b.is_ascii_hexdigit() || b == b'_');
    }
    let digit = |b: u8| b.is_ascii_digit() || b == b'_';
    let mut at = scan(bytes, start, digit);
    // `1..10` is a range of two numbers.
    if bytes.get(at) == Some(&b'.') && bytes.get(at + 1) != Some(&b'.') {
        at = scan(bytes, at + 1, digit);
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        if bytes.get(at + 1 + sign).is_some_and(u8::is_ascii_digit) {
            at = scan(bytes, at + 1 + sign, digit);
        }
    }
    at
}

/// An operator ends before a comment, and it ends in `+` or `-` only when it holds one of `~ ! @ # % ^ & | ? backtick`.
fn operator(bytes: &[u8], start: usize) -> usize {
    let mut end = scan(bytes, start, is_operator);
    let comment = (start + 1..end).find(|&n| matches!(bytes.get(n..n + 2), Some(b"--" | b"/*")));
    end = comment.unwrap_or(end);
    let free = bytes[start..end].iter().any(|b| b"~!@#%^&|`?".contains(b));
    while !free && end > start + 1 && matches!(bytes[end - 1], b'+' | b'-') {
        end -= 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<(Lexeme, &str)> {
        let (mut at, mut out) = (0, Vec::new());
        while at < text.len() {
            let (lexeme, end) = lex(text, at).unwrap_or((Lexeme::Other, text.len()));
            if lexeme != Lexeme::Space {
                out.push((lexeme, &text[at..end]));
            }
            at = end;
        }
        out
    }

    fn texts(text: &str) -> Vec<&str> {
        tokens(text).into_iter().map(|(_, t)| t).collect()
    }

    #[test]
    fn operators_end_where_postgresql_ends_them() {
        assert_eq!(texts("a<-1"), ["a", "<", "-", "1"]);
        assert_eq!(texts("a @- 1"), ["a", "@-", "1"]);
        assert_eq!(texts("a<|b"), ["a", "<|", "b"]);
        assert_eq!(texts("1*/* c */2"), ["1", "*", "/* c */", "2"]);
        assert_eq!(texts("a=--x\nb"), ["a", "=", "--x", "b"]);
    }

    #[test]
    fn quotes_of_every_form_are_one_token() {
        for text in [
            "'it''s'",
            r"E'a\'b'",
            r"E'\xe9'",
            r#"U&"d\0061t""#,
            "U&'x'",
            r#""a""b""#,
            "$a$ $b$ $$ $a$",
            "b'1'",
        ] {
            assert_eq!(texts(text), [text]);
        }
        assert_eq!(texts("a$b$c"), ["a$b$c"]);
        assert_eq!(texts("'a\\'"), ["'a\\'"]);
        assert_eq!(texts("::text := 1..2 $1"), ["::", "text", ":=", "1", "..", "2", "$1"]);
        assert_eq!(texts("1e5 .5 0x1F 1_000"), ["1e5", ".5", "0x1F", "1_000"]);
    }

    #[test]
    fn an_open_quote_is_told_by_its_start() {
        assert_eq!(lex("'abc", 0).map_err(|u| u.at), Err(0));
        assert_eq!(lex("E'abc\\", 0).map_err(|u| u.at), Err(1));
        assert_eq!(lex("/* /* */", 0).map_err(|u| u.at), Err(0));
        assert_eq!(lex("$x$ $$", 0).map_err(|u| u.at), Err(0));
    }
}
