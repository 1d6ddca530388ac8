//! The password file.

use std::path::Path;

/// What a password is looked up by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key<'a> {
    /// Host name as given; `localhost` for the default socket folders.
    pub(super) host: &'a str,
    /// Port.
    pub(super) port: u16,
    /// Database.
    pub(super) dbname: &'a str,
    /// User.
    pub(super) user: &'a str,
}

/// The password for a connection, or why the file was passed over. A file that does not exist is silence.
pub(super) fn read(path: &Path, key: Key<'_>) -> Result<Option<String>, String> {
    let Ok(meta) = std::fs::metadata(path) else {
        return Ok(None);
    };
    if !meta.is_file() {
        return Err(format!("password file {} is not a plain file", path.display()));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if meta.permissions().mode() & 0o077 != 0 {
            return Err(format!(
                "password file {} is ignored: others may read it; its mode should be 0600",
                path.display()
            ));
        }
    }
    let text = std::fs::read(path).map_err(|error| format!("password file {}: {error}", path.display()))?;
    let text = String::from_utf8_lossy(&text);
    Ok(text.lines().find_map(|line| password_of(line, key)))
}

fn password_of(line: &str, key: Key<'_>) -> Option<String> {
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let port = key.port.to_string();
    let mut rest = line;
    for wanted in [key.host, &port, key.dbname, key.user] {
        let (field, wild, after) = field(rest)?;
        if !wild && field != wanted {
            return None;
        }
        rest = after;
    }
    let mut password = String::new();
    let mut chars = rest.chars();
    // The password too ends at a colon, as in libpq; one inside it stands behind a backslash.
    while let Some(c) = chars.next().filter(|c| *c != ':') {
        password.push(if c == '\\' { chars.next().unwrap_or('\\') } else { c });
    }
    Some(password)
}

/// One field up to its colon, whether it is a lone star, and what follows.
fn field(text: &str) -> Option<(String, bool, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => value.push(chars.next()?.1),
            ':' => return Some((value, &text[..at] == "*", &text[at + 1..])),
            c => value.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key<'_> = Key {
        host: "db",
        port: 5432,
        dbname: "shop",
        user: "ann",
    };

    #[test]
    fn lines() {
        for (line, password) in [
            ("db:5432:shop:ann:secret", Some("secret")),
            ("*:*:*:*:a\\:b\\\\c", Some("a:b\\c")),
            ("db:5432:shop:ann:a:b", Some("a")),
            ("db:5433:shop:ann:no", None),
            ("\\*:5432:shop:ann:no", None),
            ("db:5432:shop", None),
            ("# db:5432:shop:ann:no", None),
        ] {
            assert_eq!(password_of(line, KEY).as_deref(), password, "{line}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn an_open_file_is_passed_over() {
        use std::os::unix::fs::PermissionsExt;
        let file = tempfile::NamedTempFile::new().expect("file");
        std::fs::write(file.path(), "*:*:*:*:x\n").expect("write");
        let mode = |mode| std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(mode));
        mode(0o644).expect("chmod");
        assert!(read(file.path(), KEY).expect_err("open").contains("0600"));
        mode(0o600).expect("chmod");
        assert_eq!(read(file.path(), KEY).expect("closed").as_deref(), Some("x"));
    }
}
