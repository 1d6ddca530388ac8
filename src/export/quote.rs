//! Texts inside other languages: whatever SQL holds, the runner gets it as it is.

/// Comment lines.
pub fn comments(sign: &str, indent: &str, lines: &[String]) -> String {
    lines.iter().map(|line| format!("{indent}{sign} {line}\n")).collect()
}

/// A string of Python.
pub fn python(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('\r', "\\r");
    if !escaped.contains(['\n', '"']) {
        return format!("\"{escaped}\"");
    }
    let escaped = escaped.replace("\"\"\"", "\\\"\\\"\\\"");
    // A quotation mark at the end would close the string too early.
    let escaped = match escaped.strip_suffix('"') {
        Some(rest) if (rest.len() - rest.trim_end_matches('\\').len()) % 2 == 0 => format!("{rest}\\\""),
        _ => escaped,
    };
    format!("\"\"\"{escaped}\"\"\"")
}

/// A template literal of JavaScript and TypeScript.
pub fn javascript(text: &str) -> String {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('`', "\\`")
        .replace("${", "\\${")
        .replace('\r', "\\r");
    format!("`{escaped}`")
}

/// A string of Ruby: a heredoc whose text is taken as it is. Gives what stands in the statement, and the lines after it.
pub fn ruby(text: &str) -> (String, String) {
    if text.contains('\r') {
        let escaped = text
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('#', "\\#")
            .replace('\r', "\\r")
            .replace('\n', "\\n");
        return (format!("\"{escaped}\""), String::new());
    }
    let end = terminator(text);
    (format!("<<'{end}'"), format!("{text}\n{end}\n"))
}

/// A nowdoc of PHP, its last line included.
pub fn php(text: &str) -> String {
    let end = terminator(text);
    format!("<<<'{end}'\n{text}\n{end}")
}

/// A word that the text does not hold.
fn terminator(text: &str) -> String {
    let mut word = String::from("SQL");
    let mut number = 0;
    while text.contains(&word) {
        number += 1;
        word = format!("SQL_{number}");
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_end_where_they_end() {
        assert_eq!(python("a"), "\"a\"");
        assert_eq!(python("a\\b"), "\"a\\\\b\"");
        assert_eq!(python("say \"x\""), "\"\"\"say \"x\\\"\"\"\"");
        assert_eq!(python("\"\"\""), "\"\"\"\\\"\\\"\\\"\"\"\"");
        assert_eq!(python("\n\\\""), "\"\"\"\n\\\\\\\"\"\"\"");
        assert_eq!(javascript("`${a}\\"), "`\\`\\${a}\\\\`");
        assert_eq!(ruby("SQL").0, "<<'SQL_1'");
        assert_eq!(ruby("a\r#{b}").0, "\"a\\r\\#{b}\"");
        assert_eq!(php("a\nSQL\nSQL_1;"), "<<<'SQL_2'\na\nSQL\nSQL_1;\nSQL_2");
    }
}
