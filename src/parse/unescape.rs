//! The value of a quoted token.

use super::lex::Lexeme;

/// The text that a quoted token stands for; the error is one sentence.
pub(crate) fn unescape(lexeme: Lexeme, token: &str) -> Result<String, String> {
    match lexeme {
        Lexeme::QuotedName => Ok(inner(token, 1).replace("\"\"", "\"")),
        Lexeme::UnicodeName => unicode(&inner(token, 3).replace("\"\"", "\""), '\\'),
        Lexeme::Text => {
            let prefix = usize::from(!token.starts_with('\''));
            Ok(inner(token, 1 + prefix).replace("''", "'"))
        }
        Lexeme::UnicodeText => unicode(&inner(token, 3).replace("''", "'"), '\\'),
        Lexeme::EscapeText => escapes(inner(token, 2)),
        Lexeme::DollarText => {
            let tag = token.get(1..).and_then(|rest| rest.find('$')).map_or(1, |n| n + 2);
            Ok(token.get(tag..token.len().saturating_sub(tag)).unwrap_or("").to_owned())
        }
        _ => Ok(token.to_owned()),
    }
}

/// The token without its opening, `prefix` bytes long, and its closing quote.
fn inner(token: &str, prefix: usize) -> &str {
    token.get(prefix..token.len().saturating_sub(1)).unwrap_or("")
}

/// Resolves `\0061` and `\+000061` of a `U&` token.
pub(crate) fn unicode(text: &str, escape: char) -> Result<String, String> {
    let mut units = Vec::new();
    let mut rest = text;
    let mut buffer = [0; 2];
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c != escape {
            units.extend_from_slice(c.encode_utf16(&mut buffer));
            continue;
        }
        if let Some(after) = rest.strip_prefix(escape) {
            units.extend_from_slice(escape.encode_utf16(&mut buffer));
            rest = after;
            continue;
        }
        let (skip, digits) = if rest.starts_with('+') { (1, 6) } else { (0, 4) };
        let code = rest
            .get(skip..skip + digits)
            .and_then(|hex| u32::from_str_radix(hex, 16).ok());
        match code {
            Some(code) if code <= 0xffff => units.push(code as u16),
            Some(code) => match char::from_u32(code) {
                Some(c) => units.extend_from_slice(c.encode_utf16(&mut buffer)),
                None => return Err("a Unicode escape names no character".into()),
            },
            None => return Err("a Unicode escape needs four hexadecimal digits, or + and six".into()),
        }
        rest = &rest[skip + digits..];
    }
    String::from_utf16(&units).map_err(|_| "a Unicode escape names half a surrogate pair".into())
}

/// Resolves the backslash escapes of an `E''` string. Bytes given by number may only together make a character.
fn escapes(text: &str) -> Result<String, String> {
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    let mut rest = text;
    let mut high = None;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c == '\'' {
            rest = rest.strip_prefix('\'').unwrap_or(rest);
        }
        if c != '\\' {
            push(&mut out, c);
            continue;
        }
        let Some(escaped) = rest.chars().next() else { break };
        rest = &rest[escaped.len_utf8()..];
        let code = |rest: &mut &str, radix: u32, least: usize, most: usize| -> Option<u32> {
            let n = rest.chars().take(most).take_while(|c| c.is_digit(radix)).count();
            let (digits, after) = rest.split_at(n);
            (n >= least).then(|| *rest = after)?;
            u32::from_str_radix(digits, radix).ok()
        };
        match escaped {
            'b' => out.push(8),
            'f' => out.push(12),
            'n' => out.push(b'\n'),
            'r' => out.push(b'\r'),
            't' => out.push(b'\t'),
            '0'..='7' => {
                let mut digits = &text[text.len() - rest.len() - 1..];
                let value = code(&mut digits, 8, 1, 3).unwrap_or(0);
                rest = digits;
                out.push((value & 0xff) as u8);
            }
            'x' => match code(&mut rest, 16, 1, 2) {
                Some(value) => out.push(value as u8),
                None => out.push(b'x'),
            },
            'u' | 'U' => {
                let digits = if escaped == 'u' { 4 } else { 8 };
                let value = code(&mut rest, 16, digits, digits).ok_or("a Unicode escape has too few digits")?;
                match (high.take(), value) {
                    (None, 0xd800..=0xdbff) => high = Some(value),
                    (Some(first), 0xdc00..=0xdfff) => {
                        let joined = 0x10000 + ((first - 0xd800) << 10) + (value - 0xdc00);
                        push(
                            &mut out,
                            char::from_u32(joined).ok_or("a Unicode escape names no character")?,
                        );
                    }
                    _ => push(
                        &mut out,
                        char::from_u32(value).ok_or("a Unicode escape names no character")?,
                    ),
                }
            }
            other => push(&mut out, other),
        }
    }
    String::from_utf8(out).map_err(|_| "the escapes of this string do not make valid UTF-8".into())
}

fn push(out: &mut Vec<u8>, c: char) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_gives_its_text() {
        for (lexeme, token, value) in [
            (Lexeme::Text, "'it''s'", "it's"),
            (Lexeme::Text, r"'a\b'", r"a\b"),
            (Lexeme::Text, "N'x'", "x"),
            (Lexeme::EscapeText, r"E'a\'b\\c\n\x41\101\u00e9\''''", "a'b\\c\nAAé''"),
            (Lexeme::EscapeText, r"e'\xc3\xa9'", "é"),
            (Lexeme::EscapeText, r"E'\uD83D\uDE00'", "😀"),
            (Lexeme::DollarText, "$$a$b$$", "a$b"),
            (Lexeme::DollarText, "$x$ ' $x$", " ' "),
            (Lexeme::QuotedName, r#""a""b""#, "a\"b"),
            (Lexeme::UnicodeName, r#"U&"d\0061t\+000061""#, "data"),
        ] {
            assert_eq!(unescape(lexeme, token).as_deref(), Ok(value), "{token}");
        }
        assert!(unescape(Lexeme::EscapeText, r"E'\xff'").is_err());
        assert!(unescape(Lexeme::UnicodeName, r#"U&"\00""#).is_err());
        assert!(unescape(Lexeme::EscapeText, r"E'\u12'").is_err());
    }
}
