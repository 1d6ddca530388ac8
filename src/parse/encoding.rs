//! Bytes of a file to text, as psql would send them: UTF-8, unless the file says otherwise.

use super::error::ParseError;

/// The words by which PostgreSQL knows the encoding whose bytes are the first 256 characters of Unicode.
const LATIN_1: &[&str] = &["latin1", "iso88591"];

/// The text of a file. From `SET client_encoding = LATIN1`, or psql's `\encoding`, on its bytes are Latin-1; a server that is
/// told so reads them like that even where they would be UTF-8.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, ParseError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut text = String::with_capacity(bytes.len());
    let mut latin = false;
    // A line in the middle of a statement, as a clause of a function, sets nothing for the file.
    let mut fresh = true;
    for (number, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        if latin && !line.is_ascii() {
            text.extend(line.iter().map(|byte| char::from(*byte)));
            continue;
        }
        let line = std::str::from_utf8(line).map_err(|_| {
            ParseError::new(format!("line {} is not UTF-8", number + 1)).hint(
                "convert the file to UTF-8, or begin it with SET client_encoding = 'LATIN1' if that is what it is",
            )
        })?;
        if let Some(encoding) = declared(line).filter(|_| fresh) {
            latin = LATIN_1.contains(&encoding.as_str());
        }
        text.push_str(line);
        let line = line.trim();
        if !line.is_empty() {
            fresh = line.ends_with(';') || line.starts_with("--") || line.starts_with('\\');
        }
    }
    Ok(text)
}

/// The encoding that a line sets, in small letters and digits alone.
fn declared(line: &str) -> Option<String> {
    let line = line.trim().to_ascii_lowercase();
    let rest = match line.strip_prefix("\\encoding ") {
        Some(rest) => rest,
        None => {
            let rest = line.strip_prefix("set ")?.trim_start();
            let rest = rest.strip_prefix("session ").unwrap_or(rest).trim_start();
            let rest = rest.strip_prefix("client_encoding")?.trim_start();
            rest.strip_prefix('=').or_else(|| rest.strip_prefix("to "))?
        }
    };
    let value = rest.split(';').next().unwrap_or_default();
    Some(value.chars().filter(char::is_ascii_alphanumeric).collect())
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn a_file_may_say_that_it_is_latin_1() {
        let read = |bytes: &[u8]| decode(bytes).unwrap_or_default();
        assert_eq!(read("\u{feff}é".as_bytes()), "é");
        assert_eq!(
            read(b"SET client_encoding = 'LATIN1';\n-- \xe9\n"),
            "SET client_encoding = 'LATIN1';\n-- é\n"
        );
        assert_eq!(read(b"\\encoding iso_8859_1\n\xe9"), "\\encoding iso_8859_1\né");
        assert_eq!(
            read("set client_encoding to utf8;\né".as_bytes()),
            "set client_encoding to utf8;\né"
        );
        let clause = "create function f() returns int\nset client_encoding = latin1;\né";
        assert_eq!(read(clause.as_bytes()), clause);
        assert!(decode(b"a\n\xe9").is_err_and(|error| error.to_string().contains("line 2")));
    }
}
