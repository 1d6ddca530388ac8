//! What to make of psql's own commands in a source file.

use super::context::Notice;
use super::error::ParseError;
use super::split::Meta;

/// Commands that change nothing but psql's own behaviour.
const HARMLESS: &[&str] = &[
    "restrict",
    "unrestrict",
    "echo",
    "qecho",
    "warn",
    "set",
    "unset",
    "pset",
    "timing",
    "encoding",
    "x",
    "a",
    "t",
    "H",
    "r",
    "reset",
    "p",
    "print",
    "q",
    "!",
    "cd",
    "prompt",
    "errverbose",
    "conninfo",
    "g",
    "gx",
    "o",
    "out",
];

/// Commands whose file is read as a source by itself (see `source.rs`).
pub(super) const INCLUDES: &[&str] = &["i", "ir", "include", "include_relative"];

/// A remark about the command where one is due; an error where ignoring it could change what the file means.
pub(super) fn judge(meta: &Meta<'_>) -> Result<Option<Notice>, ParseError> {
    let name = meta.name;
    if HARMLESS.contains(&name) || INCLUDES.contains(&name) || name.starts_with('d') {
        return Ok(None);
    }
    let message = match name {
        "c" | "connect" => "\\connect is not followed: every statement counts for the one desired schema",
        "copy" => "\\copy is not run: it is no definition",
        _ => {
            let error = ParseError::at(
                meta.place.clone(),
                format!("the psql command \\{name} is not understood"),
            );
            return Err(error.hint("run the file through psql first and use pg_dump --schema-only of the result"));
        }
    };
    Ok(Some(Notice {
        place: meta.place.clone(),
        message: message.into(),
        unmanaged: false,
    }))
}
