//! `( name = value, .. )`: storage parameters, parameters of definitions, options of foreign data.

use std::collections::BTreeMap;

use super::cursor::Cursor;
use super::error::ParseError;

/// Reads `( name [= value], .. )`. A name without a value is set to `true`, as PostgreSQL stores it.
pub(crate) fn options(cursor: &mut Cursor<'_>) -> Result<BTreeMap<String, String>, ParseError> {
    let pairs = cursor.paren_list(|cursor| {
        let name = option_name(cursor)?;
        let value = if cursor.eat_mark("=") {
            option_value(cursor)?
        } else {
            "true".to_owned()
        };
        Ok((name, value))
    })?;
    Ok(pairs.into_iter().collect())
}

/// Reads `( name, .. )` of a RESET.
pub(crate) fn option_names(cursor: &mut Cursor<'_>) -> Result<Vec<String>, ParseError> {
    cursor.paren_list(option_name)
}

fn option_name(cursor: &mut Cursor<'_>) -> Result<String, ParseError> {
    let mut name = cursor.any_ident()?.as_str().to_owned();
    while cursor.eat_mark(".") {
        name.push('.');
        name.push_str(cursor.any_ident()?.as_str());
    }
    Ok(name)
}

fn option_value(cursor: &mut Cursor<'_>) -> Result<String, ParseError> {
    if cursor.is_string() {
        return cursor.string();
    }
    let mut value = String::new();
    if cursor.eat_mark("-") {
        value.push('-');
    } else {
        cursor.eat_mark("+");
    }
    if cursor.at_end() || cursor.is_mark(",") {
        return Err(cursor.expected("a value"));
    }
    value.push_str(&cursor.next().to_ascii_lowercase());
    Ok(value)
}

/// Reads `( name [= value], .. )` of a definition. The reader gets the name in lower case and the cursor behind the `=`; for a
/// name without a value the cursor is at the comma or the end.
pub(crate) fn parameters<'a>(
    cursor: &mut Cursor<'a>,
    mut read: impl FnMut(&mut Cursor<'a>, &str) -> Result<(), ParseError>,
) -> Result<(), ParseError> {
    cursor.paren_list(|cursor| {
        let name = cursor.any_ident()?;
        cursor.eat_mark("=");
        read(cursor, &name.as_str().to_ascii_lowercase())
    })?;
    Ok(())
}

/// The value of a parameter: the text of a string, a name without its quotes, a number or word as it stands.
pub(crate) fn value(cursor: &mut Cursor<'_>) -> Result<String, ParseError> {
    if cursor.peek().starts_with('"') {
        return Ok(cursor.any_ident()?.as_str().to_owned());
    }
    option_value(cursor)
}

/// The value of a parameter that is true or false; none means true.
pub(crate) fn truth(cursor: &mut Cursor<'_>) -> Result<bool, ParseError> {
    if cursor.at_end() || cursor.is_mark(",") {
        return Ok(true);
    }
    match value(cursor)?.to_ascii_lowercase().as_str() {
        "true" | "on" | "1" => Ok(true),
        "false" | "off" | "0" => Ok(false),
        other => Err(cursor.error(format!("{other} is neither true nor false"))),
    }
}
