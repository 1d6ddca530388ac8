//! `( name = value, .. )`: storage parameters and the like.

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
