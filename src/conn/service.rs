//! The connection service file.

use std::path::PathBuf;

use super::environment::Environment;
use super::error::ConnError;
use super::params::Params;

/// The parameters of a service: from `servicefile` or `PGSERVICEFILE`, else `~/.pg_service.conf`, then the system's file.
pub(super) fn read(service: &str, file: Option<&str>, env: &Environment) -> Result<Params, ConnError> {
    let own = match file.or(env.non_empty("PGSERVICEFILE")) {
        Some(path) => Some((PathBuf::from(path), true)),
        None => env.home.as_ref().map(|home| (home.join(".pg_service.conf"), false)),
    };
    let system = match env.non_empty("PGSYSCONFDIR") {
        Some(folder) => vec![PathBuf::from(folder)],
        None => vec![PathBuf::from("/etc/postgresql-common"), PathBuf::from("/etc")],
    };
    let system = system.into_iter().map(|folder| (folder.join("pg_service.conf"), false));
    for (path, must_exist) in own.into_iter().chain(system) {
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !must_exist => continue,
            Err(error) => {
                return Err(ConnError::File {
                    what: "service file",
                    path,
                    reason: error.to_string(),
                });
            }
        };
        match parse(&text, service) {
            Ok(Some(params)) => return Ok(params),
            Ok(None) => {}
            Err((line, reason)) => {
                return Err(ConnError::File {
                    what: "service file",
                    path,
                    reason: format!("line {line}: {reason}"),
                });
            }
        }
    }
    Err(ConnError::invalid_with(
        format!("the service \"{service}\" is not defined"),
        "services are defined in ~/.pg_service.conf, or in the file that PGSERVICEFILE names",
    ))
}

/// The section of one service, or the line that is wrong. The first section of that name counts.
fn parse(text: &str, service: &str) -> Result<Option<Params>, (usize, String)> {
    let mut found: Option<Params> = None;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(header) = line.strip_prefix('[') {
            if found.is_some() {
                break;
            }
            if header.strip_suffix(']') == Some(service) {
                found = Some(Params::new());
            }
            continue;
        }
        let Some(params) = found.as_mut() else { continue };
        let number = index + 1;
        let (name, value) = line
            .split_once('=')
            .ok_or_else(|| (number, "expected key=value".to_owned()))?;
        if name != name.trim_end() {
            return Err((
                number,
                format!("there is a space before the \"=\" of {}", name.trim_end()),
            ));
        }
        if name == "service" || name == "servicefile" {
            return Err((number, "a service cannot refer to another service".into()));
        }
        // The first of two lines counts, as in libpq.
        if params.get(name).is_none() {
            params.set(name, value).map_err(|error| (number, error.to_string()))?;
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# comment\n[a]\nhost=ha\nport=1\nport=2\n\n[b]\nhost=hb\n[bad]\nwhat\n[nested]\nservice=a\n";

    #[test]
    fn sections() {
        let params = parse(FILE, "a").expect("good").expect("there");
        assert_eq!(params.to_string(), "host=ha port=1");
        assert!(parse(FILE, "none").expect("good").is_none());
        assert_eq!(parse(FILE, "bad").expect_err("bad").0, 10);
        assert_eq!(parse(FILE, "nested").expect_err("nested").0, 12);
    }

    #[test]
    fn a_named_file_must_exist() {
        let error = read("a", Some("/nonexistent/services"), &Environment::default()).expect_err("missing");
        assert!(matches!(error, ConnError::File { .. }));
    }
}
