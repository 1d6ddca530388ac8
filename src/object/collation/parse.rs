//! `CREATE COLLATION` and `ALTER COLLATION`.

use super::{Collation, Provider};
use crate::name::QualifiedName;
use crate::object::{Kind, Object};
use crate::operation::{IfExists, Operation};
use crate::parse::ParseError;
use crate::parse::common::alter as common_alter;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::options::{parameters, truth, value};
use crate::parse::relation::if_not_exists;
use crate::parse::target::{Class, in_path, named};

/// `CREATE COLLATION`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("create collation")?;
    let if_exists: IfExists = if_not_exists(cursor);
    let name = cursor.qualified_routine()?;
    let name = context.new_name(cursor, name)?;
    let collation = if cursor.eat_word("from") {
        copy(cursor, context, name)?
    } else {
        written(cursor, name)?
    };
    Ok(vec![Operation::Create {
        object: collation.into(),
        if_exists,
        concurrently: false,
        like: false,
    }])
}

/// `(LOCALE = .., PROVIDER = ..)`.
fn written(cursor: &mut Cursor<'_>, name: QualifiedName) -> Result<Collation, ParseError> {
    let start = cursor.clone();
    let mut provider = Provider::Libc;
    let (mut locale, mut lc_collate, mut lc_ctype, mut rules) = (None, None, None, None);
    let mut deterministic = true;
    parameters(cursor, |cursor, key| {
        match key {
            "provider" => {
                provider = match value(cursor)?.to_ascii_lowercase().as_str() {
                    "libc" => Provider::Libc,
                    "icu" => Provider::Icu,
                    "builtin" => Provider::Builtin,
                    other => return Err(cursor.error(format!("{other} is no provider of collations"))),
                }
            }
            "locale" => locale = Some(value(cursor)?),
            "lc_collate" => lc_collate = Some(value(cursor)?),
            "lc_ctype" => lc_ctype = Some(value(cursor)?),
            "rules" => rules = Some(value(cursor)?),
            "deterministic" => deterministic = truth(cursor)?,
            // The server keeps it.
            "version" => drop(value(cursor)?),
            _ => return Err(cursor.error(format!("a collation has no parameter {key}"))),
        }
        Ok(())
    })?;
    let both = |locale: Option<String>, one: Option<String>| one.or(locale);
    let (locale, lc_collate, lc_ctype) = if provider == Provider::Libc {
        (None, both(locale.clone(), lc_collate), both(locale, lc_ctype))
    } else {
        (both(lc_collate, locale), None, None)
    };
    if locale.is_none() && (lc_collate.is_none() || lc_ctype.is_none()) {
        return Err(start.error("a collation needs LOCALE, or both LC_COLLATE and LC_CTYPE"));
    }
    Ok(Collation {
        name,
        provider,
        locale,
        lc_collate,
        lc_ctype,
        nondeterministic: !deterministic,
        rules: rules.filter(|rules| !rules.is_empty()),
    })
}

/// `FROM existing`: one of the sources, or one that every server has.
fn copy(cursor: &mut Cursor<'_>, context: &Context<'_>, name: QualifiedName) -> Result<Collation, ParseError> {
    let start = cursor.clone();
    let from = cursor.qualified_routine()?;
    if let Some(Object::Collation(other)) = context.schema.get(&in_path(context, Kind::Collation, &from)) {
        return Ok(Collation { name, ..other.clone() });
    }
    let known = from.name.as_str();
    let libc = |locale: &str| Collation {
        name: name.clone(),
        provider: Provider::Libc,
        locale: None,
        lc_collate: Some(locale.to_owned()),
        lc_ctype: Some(locale.to_owned()),
        nondeterministic: false,
        rules: None,
    };
    match known {
        "C" | "POSIX" => Ok(libc(known)),
        other if other.ends_with("-x-icu") => Ok(Collation {
            provider: Provider::Icu,
            locale: Some(other.trim_end_matches("-x-icu").to_owned()),
            lc_collate: None,
            lc_ctype: None,
            ..libc("")
        }),
        other if other.contains('.') => Ok(libc(other)),
        _ => Err(context
            .missing(&start, format!("collation {from} does not exist in the sources"))
            .hint("what a collation of the server stands for is not known here; write LOCALE and PROVIDER")),
    }
}

/// `ALTER COLLATION`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter collation")?;
    let start = cursor.mark();
    // Versions are the server's to keep, those of its own collations too.
    cursor.qualified_routine()?;
    if cursor.eat_words("refresh version") {
        context.note(cursor.place(), "the version of a collation is not managed");
        return Ok(Vec::new());
    }
    cursor.reset(start);
    let id = named(cursor, context, Class::Kind(Kind::Collation))?;
    match common_alter(cursor, context, &id)? {
        Some(operations) => Ok(operations),
        None => Err(cursor.expected("RENAME TO, OWNER TO, SET SCHEMA or REFRESH VERSION")),
    }
}
