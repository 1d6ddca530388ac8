//! One spelling for names, strings and numbers in canonical texts.

/// Appends a name in double quotes.
pub(super) fn quote_name(out: &mut String, name: &str) {
    wrap(out, name, '"');
}

/// Appends a string constant. Backslashes stand for themselves in it, as under `standard_conforming_strings`.
pub(super) fn quote_text(out: &mut String, text: &str) {
    wrap(out, text, '\'');
}

fn wrap(out: &mut String, text: &str, quote: char) {
    out.push(quote);
    for c in text.chars() {
        if c == quote {
            out.push(quote);
        }
        out.push(c);
    }
    out.push(quote);
}

/// A number without leading zeros, with a digit before the point.
pub(super) fn number(text: &str) -> String {
    let decimal = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if !decimal {
        return text.to_string();
    }
    let trimmed = text.trim_start_matches('0');
    if trimmed.is_empty() || trimmed.starts_with('.') {
        format!("0{trimmed}")
    } else {
        trimmed.to_string()
    }
}
