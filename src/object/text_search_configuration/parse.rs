//! `CREATE TEXT SEARCH CONFIGURATION` and `ALTER TEXT SEARCH CONFIGURATION`.

use super::{Mappings, TextSearchConfiguration, TextSearchConfigurationChange, builtin, grouped};
use crate::name::QualifiedName;
use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::parse::ParseError;
use crate::parse::common::alter as common_alter;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::options::parameters;
use crate::parse::target::{Class, in_path, named};

/// `CREATE TEXT SEARCH CONFIGURATION`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("create text search configuration")?;
    let name = cursor.qualified_routine()?;
    let name = context.new_name(cursor, name)?;
    let start = cursor.clone();
    let mut found = None;
    parameters(cursor, |cursor, key| {
        found = Some(match key {
            "parser" => {
                let parser = context.name_of(Kind::TextSearchParser, cursor.qualified_routine()?);
                (parser, Mappings::new())
            }
            "copy" => copied(cursor, context)?,
            _ => return Err(cursor.error(format!("a text search configuration has no parameter {key}"))),
        });
        Ok(())
    })?;
    let Some((parser, mappings)) = found else {
        return Err(start.error("a text search configuration needs PARSER or COPY"));
    };
    Ok(vec![Operation::create(TextSearchConfiguration {
        name,
        parser,
        mappings,
    })])
}

/// Parser and mappings of a configuration of the sources or of the server.
fn copied(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<(QualifiedName, Mappings), ParseError> {
    let start = cursor.clone();
    let from = cursor.qualified_routine()?;
    let id = in_path(context, Kind::TextSearchConfiguration, &from);
    if let Some(Object::TextSearchConfiguration(other)) = context.schema.get(&id) {
        return Ok((other.parser.clone(), other.mappings.clone()));
    }
    let namespace = from.namespace.as_ref().map(|namespace| namespace.as_str());
    if matches!(namespace, None | Some("pg_catalog")) {
        if let Some(mappings) = builtin::mappings(from.name.as_str()) {
            return Ok((QualifiedName::bare("default"), mappings));
        }
    }
    Err(context.missing(&start, format!("text search configuration {from} does not exist")))
}

/// `ALTER TEXT SEARCH CONFIGURATION`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter text search configuration")?;
    let id = named(cursor, context, Class::Kind(Kind::TextSearchConfiguration))?;
    if let Some(operations) = common_alter(cursor, context, &id)? {
        return Ok(operations);
    }
    let change = match cursor.expect_any_word(&["add", "alter", "drop"])? {
        "add" => {
            cursor.expect_words("mapping for")?;
            let tokens = tokens(cursor)?;
            cursor.expect_word("with")?;
            TextSearchConfigurationChange::Add(tokens, dictionaries(cursor, context)?)
        }
        "drop" => {
            cursor.expect_word("mapping")?;
            cursor.eat_words("if exists");
            cursor.expect_word("for")?;
            TextSearchConfigurationChange::Drop(tokens(cursor)?)
        }
        _ => return altered(cursor, context, &id),
    };
    Ok(vec![Operation::alter(id, change)])
}

/// `ALTER MAPPING [FOR token, ..] WITH dictionary, ..` or `REPLACE dictionary WITH dictionary`.
fn altered(cursor: &mut Cursor<'_>, context: &Context<'_>, id: &ObjectId) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_word("mapping")?;
    let wanted = if cursor.eat_word("for") {
        Some(tokens(cursor)?)
    } else {
        None
    };
    if let (Some(tokens), true) = (&wanted, cursor.eat_word("with")) {
        let change = TextSearchConfigurationChange::Set(tokens.clone(), dictionaries(cursor, context)?);
        return Ok(vec![Operation::alter(id.clone(), change)]);
    }
    cursor.expect_word("replace")?;
    let from = dictionary(cursor, context)?;
    cursor.expect_word("with")?;
    let to = dictionary(cursor, context)?;
    let Some(Object::TextSearchConfiguration(now)) = context.schema.get(id) else {
        return Ok(Vec::new());
    };
    let mut changed = Mappings::new();
    for (token, dictionaries) in &now.mappings {
        let meant = wanted.as_ref().is_none_or(|wanted| wanted.contains(token));
        if meant && dictionaries.contains(&from) {
            let replaced = dictionaries.iter().map(|name| if *name == from { &to } else { name });
            changed.insert(token.clone(), replaced.cloned().collect());
        }
    }
    Ok(grouped(&changed)
        .into_iter()
        .map(|(tokens, to)| Operation::alter(id.clone(), TextSearchConfigurationChange::Set(tokens, to)))
        .collect())
}

fn tokens(cursor: &mut Cursor<'_>) -> Result<Vec<String>, ParseError> {
    cursor.comma_separated(|cursor| cursor.any_ident().map(|token| token.as_str().to_owned()))
}

fn dictionary(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<QualifiedName, ParseError> {
    Ok(context.name_of(Kind::TextSearchDictionary, cursor.qualified_routine()?))
}

fn dictionaries(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<QualifiedName>, ParseError> {
    cursor.comma_separated(|cursor| dictionary(cursor, context))
}
