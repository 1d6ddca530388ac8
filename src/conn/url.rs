//! Connection strings in the URL form, `postgresql://user@host:5432/db?sslmode=require`.

use super::error::ConnError;
use super::params::Params;

/// Whether a text has the form of a connection URL.
pub(super) fn is_url(text: &str) -> bool {
    text.starts_with("postgres://") || text.starts_with("postgresql://")
}

/// Reads a connection URL by libpq's rules: several hosts, IPv6 in brackets, percent signs.
pub(super) fn parse(text: &str) -> Result<Params, ConnError> {
    let rest = text
        .strip_prefix("postgresql://")
        .or_else(|| text.strip_prefix("postgres://"))
        .ok_or_else(|| ConnError::invalid("a connection URL starts with postgresql://"))?;
    let mut params = Params::new();

    // As in libpq, a ? may stand before the @.
    let (account, rest) = match rest.find(['@', '/']) {
        Some(at) if rest[at..].starts_with('@') => (Some(&rest[..at]), &rest[at + 1..]),
        _ => (None, rest),
    };
    let end_of_authority = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end_of_authority);
    if let Some(account) = account {
        let (user, password) = match account.split_once(':') {
            Some((user, password)) => (user, Some(password)),
            None => (account, None),
        };
        if !user.is_empty() {
            params.set("user", decode(user)?)?;
        }
        if let Some(password) = password.filter(|password| !password.is_empty()) {
            params.set("password", decode(password)?)?;
        }
        if authority.contains('@') {
            return Err(ConnError::invalid_with(
                "the connection URL has more than one @ before the database name",
                "write an @ inside a password as %40",
            ));
        }
    }
    parse_hosts(authority, &mut params)?;

    let (path, query) = match tail.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (tail, None),
    };
    if let Some(dbname) = path.strip_prefix('/').filter(|name| !name.is_empty()) {
        params.set("dbname", decode(dbname)?)?;
    }
    let query = query.unwrap_or_default();
    for parameter in query.split_terminator('&') {
        let Some((name, value)) = parameter.split_once('=') else {
            return Err(ConnError::invalid("the connection URL has a parameter without \"=\""));
        };
        if value.contains('=') {
            return Err(ConnError::invalid_with(
                "the connection URL has a parameter with more than one \"=\"",
                "write an = inside a value as %3D",
            ));
        }
        let (name, value) = (decode(name)?, decode(value)?);
        // What JDBC URLs say, and libpq understands.
        if name == "ssl" && value == "true" {
            params.set("sslmode", "require")?;
        } else {
            params.set(&name, value)?;
        }
    }
    Ok(params)
}

fn parse_hosts(authority: &str, params: &mut Params) -> Result<(), ConnError> {
    if authority.is_empty() {
        return Ok(());
    }
    let (mut hosts, mut ports) = (Vec::new(), Vec::new());
    let mut rest = authority;
    loop {
        let (host, after) = if let Some(bracketed) = rest.strip_prefix('[') {
            let Some((host, after)) = bracketed.split_once(']').filter(|(host, _)| !host.is_empty()) else {
                return Err(ConnError::invalid(
                    "the connection URL has an IPv6 address without its closing bracket",
                ));
            };
            (host, after)
        } else {
            rest.split_at(rest.find([':', ',']).unwrap_or(rest.len()))
        };
        hosts.push(decode(host)?);
        let (port, after) = match after.strip_prefix(':') {
            Some(port) => port.split_at(port.find(',').unwrap_or(port.len())),
            None => ("", after),
        };
        ports.push(decode(port)?);
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None if after.is_empty() => break,
            None => {
                return Err(ConnError::invalid(
                    "the connection URL has something other than a port after a host",
                ));
            }
        }
    }
    if hosts.iter().any(|host| !host.is_empty()) {
        params.set("host", hosts.join(","))?;
    }
    if ports.iter().any(|port| !port.is_empty()) {
        params.set("port", ports.join(","))?;
    }
    Ok(())
}

/// Puts the characters in the place of their percent signs. Spaces around a part are passed over, as libpq 18 does.
fn decode(text: &str) -> Result<String, ConnError> {
    let text = text.trim_matches(' ');
    if text.contains(' ') {
        return Err(ConnError::invalid_with(
            "the connection URL has a space inside a part",
            "write it as %20",
        ));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        rest = tail;
        if *byte != b'%' {
            bytes.push(*byte);
            continue;
        }
        let code = rest
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok())
            .filter(|code| *code != 0);
        let Some(code) = code else {
            return Err(ConnError::invalid_with(
                "the connection URL has a % that is not followed by two hexadecimal digits",
                "write a % inside a password as %25",
            ));
        };
        bytes.push(code);
        rest = &rest[2..];
    }
    String::from_utf8(bytes).map_err(|_| ConnError::invalid("the connection URL is not UTF-8 after decoding"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let params = parse(text).expect(text);
        params
            .iter()
            .map(|(k, v)| format!("{k}={v}"))
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn urls() {
        for (url, params) in [
            ("postgresql://", ""),
            ("postgres://localhost", "host=localhost"),
            (
                "postgresql://u:p%40ss@h:5433/db?sslmode=require&application_name=a%20b",
                "user=u password=p@ss host=h port=5433 dbname=db sslmode=require application_name=a b",
            ),
            ("postgresql://h1:1,h2,h3:3/db", "host=h1,h2,h3 port=1,,3 dbname=db"),
            ("postgresql://[::1]:5433/db", "host=::1 port=5433 dbname=db"),
            ("postgresql:///db?host=/tmp&port=55", "dbname=db host=/tmp port=55"),
            ("postgresql://%2Ftmp/db", "host=/tmp dbname=db"),
            ("postgresql://h/db?ssl=true", "host=h dbname=db sslmode=require"),
            ("postgresql://u@/db", "user=u dbname=db"),
            (
                "postgresql:// u :%20p%20@h/ db ",
                "user=u password= p  host=h dbname=db",
            ),
        ] {
            assert_eq!(shown(url), params, "{url}");
        }
    }

    #[test]
    fn mistakes() {
        for url in [
            "postgresql://u:p@ss@h/db",
            "postgresql://h/db?x",
            "postgresql://h/%zz",
            "postgresql://h/%0",
            "postgresql://h/%00",
            "postgresql://[::1/db",
            "postgresql://[::1]x/db",
            "postgresql://h/db?schema=public",
            "postgresql://h/%é1",
            "postgresql://h/a b",
        ] {
            assert!(parse(url).is_err(), "{url}");
        }
    }
}
