//! Connection strings in the key/value form, `host=db dbname='my app'`.

use super::error::ConnError;
use super::params::Params;
use super::url;

/// Whether an argument is a connection string rather than the bare name of a database.
pub fn is_conninfo(text: &str) -> bool {
    url::is_url(text) || text.contains('=')
}

/// Reads either form of connection string; a text that is neither is the name of a database.
pub fn parse(text: &str) -> Result<Params, ConnError> {
    if url::is_url(text) {
        return url::parse(text);
    }
    if text.contains('=') {
        return parse_pairs(text);
    }
    let mut params = Params::new();
    params.set("dbname", text)?;
    Ok(params)
}

fn parse_pairs(text: &str) -> Result<Params, ConnError> {
    let mut params = Params::new();
    let mut rest = text.trim_ascii_start();
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| c == '=' || c.is_ascii_whitespace())
            .unwrap_or(rest.len());
        let name = &rest[..end];
        rest = rest[end..].trim_ascii_start();
        // The name is not echoed when it stands without a value: it may be the tail of a password with a space.
        let Some(after) = rest.strip_prefix('=').filter(|_| !name.is_empty()) else {
            return Err(ConnError::invalid_with(
                "the connection string has a word without \"=\"",
                "values with spaces stand in single quotes: password='two words'",
            ));
        };
        let (value, tail) = parse_value(after.trim_ascii_start())?;
        params.set(name, value)?;
        rest = tail.trim_ascii_start();
    }
    Ok(params)
}

fn parse_value(text: &str) -> Result<(String, &str), ConnError> {
    let (quoted, body) = match text.strip_prefix('\'') {
        Some(body) => (true, body),
        None => (false, text),
    };
    let mut value = String::new();
    let mut chars = body.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                if let Some((_, escaped)) = chars.next() {
                    value.push(escaped);
                }
            }
            '\'' if quoted => return Ok((value, &body[at + 1..])),
            c if !quoted && c.is_ascii_whitespace() => return Ok((value, &body[at..])),
            c => value.push(c),
        }
    }
    if quoted {
        return Err(ConnError::invalid(
            "the connection string has a quote that does not end",
        ));
    }
    Ok((value, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        let params = parse(text).expect(text);
        params.iter().map(|(k, v)| (k.into(), v.into())).collect()
    }

    fn pair(k: &str, v: &str) -> (String, String) {
        (k.into(), v.into())
    }

    #[test]
    fn key_value_pairs() {
        assert_eq!(
            pairs("host = 'a b'  port=5433 password='it\\'s' dbname=x\\ y user="),
            [
                pair("host", "a b"),
                pair("port", "5433"),
                pair("password", "it's"),
                pair("dbname", "x y"),
                pair("user", "")
            ]
        );
        assert_eq!(pairs("host=a host=b"), [pair("host", "b")]);
        assert_eq!(pairs("shop"), [pair("dbname", "shop")]);
    }

    #[test]
    fn mistakes_do_not_echo_the_text() {
        for text in ["password=two words", "host='open", "=x", "host=a b"] {
            let error = parse(text).expect_err(text).to_string();
            assert!(!error.contains("words"), "{error}");
        }
    }
}
