//! Decoding of escapes in string constants.

/// The inner text of `E'...'`, decoded; `None` when it is not valid text.
pub(super) fn backslashes(inner: &str) -> Option<String> {
    let bytes = inner.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        at += 1;
        if byte == b'\'' {
            // Doubled quote.
            at += usize::from(bytes.get(at) == Some(&b'\''));
            out.push(b'\'');
            continue;
        }
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let escaped = *bytes.get(at)?;
        at += 1;
        match escaped {
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'0'..=b'7' => {
                let digits = digits(&bytes[at - 1..], 3, |b| (b'0'..=b'7').contains(&b));
                out.push((u32::from_str_radix(digits, 8).ok()? & 0xff) as u8);
                at += digits.len() - 1;
            }
            b'x' if bytes.get(at).is_some_and(u8::is_ascii_hexdigit) => {
                let digits = digits(&bytes[at..], 2, |b| b.is_ascii_hexdigit());
                out.push(u8::from_str_radix(digits, 16).ok()?);
                at += digits.len();
            }
            b'u' | b'U' => {
                let length = if escaped == b'u' { 4 } else { 8 };
                let hex = digits(&bytes[at..], length, |b| b.is_ascii_hexdigit());
                if hex.len() < length {
                    return None;
                }
                let mut buffer = [0; 4];
                let character = char::from_u32(u32::from_str_radix(hex, 16).ok()?)?;
                out.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
                at += length;
            }
            other => out.push(other),
        }
    }
    String::from_utf8(out).ok()
}

/// The text of `U&'...'` with the default escape character, decoded; `None` when an escape is not valid.
pub(super) fn unicode(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('\\') {
            out.push('\\');
            rest = after;
            continue;
        }
        let (plus, length) = if rest.starts_with('+') { (1, 6) } else { (0, 4) };
        let hex = rest.get(plus..plus + length)?;
        out.push(char::from_u32(u32::from_str_radix(hex, 16).ok()?)?);
        rest = &rest[plus + length..];
    }
    out.push_str(rest);
    Some(out)
}

/// The longest run of accepted digits, at most `limit`.
fn digits(bytes: &[u8], limit: usize, ok: fn(u8) -> bool) -> &str {
    let length = bytes.iter().take(limit).take_while(|b| ok(**b)).count();
    std::str::from_utf8(&bytes[..length]).unwrap_or_default()
}
