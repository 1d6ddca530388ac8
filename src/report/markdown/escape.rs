//! Texts of others inside Markdown.

use crate::render::script::comment_text;

/// A text inside a paragraph: nothing in it is markup but code between backticks.
pub(super) fn inline(text: &str) -> String {
    let text = comment_text(text);
    let paired = text.matches('`').count().is_multiple_of(2);
    let mut out = String::new();
    for (at, part) in text.split('`').enumerate() {
        match (paired, at % 2) {
            (true, 1) => out.push_str(&format!("`{}`", part.replace('|', "\\|"))),
            (false, _) if at > 0 => out.push_str(&format!("\\`{}", escaped(part))),
            _ => out.push_str(&escaped(part)),
        }
    }
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    let mut before = ' ';
    for letter in text.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // A name that begins with an at sign would call somebody.
            '@' => out.push_str("&#64;"),
            // An underscore inside a word is only an underscore.
            '_' if before.is_alphanumeric() => out.push('_'),
            '*' | '_' | '[' | ']' | '\\' | '~' | '|' => {
                out.push('\\');
                out.push(letter);
            }
            letter => out.push(letter),
        }
        before = letter;
    }
    out
}

/// A text as code, whatever backticks it holds.
pub(super) fn code(text: &str) -> String {
    let ticks = fence_of(text, 1);
    let pad = if ticks.len() > 1 { " " } else { "" };
    format!("{ticks}{pad}{}{pad}{ticks}", comment_text(text))
}

/// A fence longer than any run of backticks inside.
pub(super) fn fence(text: &str) -> String {
    fence_of(text, 3)
}

fn fence_of(text: &str, least: usize) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let length = if longest == 0 { least } else { least.max(longest + 1) };
    "`".repeat(length)
}
