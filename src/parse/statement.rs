//! From the opening words of a statement to the parser of its kind.
//!
//! Every parser gets the cursor at the first word of the statement and returns the operations the statement stands for; the
//! dispatcher checks that it has read everything.

use crate::object::{
    Kind, access_method, aggregate, cast, collation, comment, conversion, default_privileges, domain, event_trigger,
    extension, foreign_data_wrapper, grant, index, language, materialized_view, namespace, operator, operator_class,
    operator_family, policy, publication, routine, rule, security_label, sequence, server, statistics, subscription,
    table, text_search_configuration, text_search_dictionary, text_search_parser, text_search_template, transform,
    trigger, user_mapping, view,
};
use crate::operation::Operation;

use super::context::Context;
use super::cursor::Cursor;
use super::error::ParseError;
use super::{common, elements, first_words, relation, types};

type Parsed = Result<Vec<Operation>, ParseError>;

/// The operations of one statement.
pub(super) fn parse(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Parsed {
    let operations = match () {
        () if cursor.is_word("create") => create(cursor, context)?,
        () if cursor.is_word("alter") => alter(cursor, context)?,
        () if cursor.is_word("drop") => drop(cursor, context)?,
        () if cursor.is_word("comment") => comment::parse::parse(cursor, context)?,
        () if cursor.are_words("security label") => security_label::parse::parse(cursor, context)?,
        () if cursor.is_any_word(&["grant", "revoke"]) => grant::parse::parse(cursor, context)?,
        () if cursor.is_word("cluster") => index::parse::parse_cluster(cursor, context)?,
        () => return Err(unknown(cursor)),
    };
    cursor.expect_end()?;
    Ok(operations)
}

fn unknown(cursor: &Cursor<'_>) -> ParseError {
    let words: Vec<&str> = [cursor.peek(), cursor.peek_nth(1)]
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect();
    if let Some(slip) = first_words::fault(&words) {
        return cursor.error(slip);
    }
    cursor
        .error("this statement is not understood")
        .hint("if it does not belong to the schema, move it into a file of its own outside the sources")
}

/// Whether the words behind CREATE and its modifiers are these.
fn creates(cursor: &Cursor<'_>, words: &str) -> bool {
    const MODIFIERS: &[&str] = &[
        "global",
        "local",
        "temp",
        "temporary",
        "unlogged",
        "recursive",
        "unique",
        "constraint",
        "trusted",
        "procedural",
    ];
    let mut cursor = cursor.clone();
    cursor.next();
    cursor.eat_words("or replace");
    while cursor.eat_any_word(MODIFIERS).is_some() {}
    cursor.are_words(words)
}

fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Parsed {
    match () {
        () if creates(cursor, "foreign table") => table::parse::parse_create_foreign(cursor, context),
        () if creates(cursor, "table") => table::parse::parse_create(cursor, context),
        () if creates(cursor, "index") => index::parse::parse_create(cursor, context),
        () if creates(cursor, "sequence") => sequence::parse::parse_create(cursor, context),
        () if creates(cursor, "schema") => elements::create_schema(cursor, context),
        () if creates(cursor, "extension") => extension::parse::create(cursor, context),
        () if creates(cursor, "type") => types::create(cursor, context),
        () if creates(cursor, "domain") => domain::parse::create(cursor, context),
        () if creates(cursor, "view") => view::parse::create(cursor, context),
        () if creates(cursor, "materialized view") => materialized_view::parse::create(cursor, context),
        () if creates(cursor, "function") => routine::parse::create(cursor, context),
        () if creates(cursor, "procedure") => routine::parse::create(cursor, context),
        () if creates(cursor, "aggregate") => aggregate::parse::create(cursor, context),
        () if creates(cursor, "trigger") => trigger::parse::create(cursor, context),
        () if creates(cursor, "rule") => rule::parse::create(cursor, context),
        () if creates(cursor, "policy") => policy::parse::create(cursor, context),
        () if creates(cursor, "event trigger") => event_trigger::parse::create(cursor, context),
        () if creates(cursor, "statistics") => statistics::parse::create(cursor, context),
        () if creates(cursor, "collation") => collation::parse::create(cursor, context),
        () if creates(cursor, "text search parser") => text_search_parser::parse::create(cursor, context),
        () if creates(cursor, "text search template") => text_search_template::parse::create(cursor, context),
        () if creates(cursor, "text search dictionary") => text_search_dictionary::parse::create(cursor, context),
        () if creates(cursor, "text search configuration") => text_search_configuration::parse::create(cursor, context),
        () if creates(cursor, "cast") => cast::parse::create(cursor, context),
        () if creates(cursor, "publication") => publication::parse::create(cursor, context),
        () if creates(cursor, "subscription") => subscription::parse::create(cursor, context),
        () if creates(cursor, "access method") => access_method::parse::create(cursor, context),
        () if creates(cursor, "transform") => transform::parse::create(cursor, context),
        () if creates(cursor, "language") => language::parse::create(cursor, context),
        () if creates(cursor, "foreign data wrapper") => foreign_data_wrapper::parse::create(cursor, context),
        () if creates(cursor, "server") => server::parse::create(cursor, context),
        () if creates(cursor, "user mapping") => user_mapping::parse::create(cursor),
        () if creates(cursor, "operator family") => operator_family::parse::create(cursor, context),
        () if creates(cursor, "operator class") => operator_class::parse::create(cursor, context),
        () if creates(cursor, "operator") => operator::parse::create(cursor, context),
        () if creates(cursor, "conversion") || creates(cursor, "default conversion") => {
            conversion::parse::create(cursor, context)
        }
        () => Err(unknown(cursor)),
    }
}

fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Parsed {
    match () {
        () if cursor.are_words("alter foreign table") => table::alter::parse_alter(cursor, context),
        () if cursor.are_words("alter table") => table::alter::parse_alter(cursor, context),
        () if cursor.are_words("alter index") => index::parse::parse_alter(cursor, context),
        () if cursor.are_words("alter sequence") => sequence::parse::parse_alter(cursor, context),
        () if cursor.are_words("alter schema") => namespace::parse::alter(cursor, context),
        () if cursor.are_words("alter extension") => extension::parse::alter(cursor, context),
        () if cursor.are_words("alter type") => types::alter(cursor, context),
        () if cursor.are_words("alter domain") => domain::parse::alter(cursor, context),
        () if cursor.are_words("alter view") => view::parse::alter(cursor, context),
        () if cursor.are_words("alter materialized view") => materialized_view::parse::alter(cursor, context),
        () if cursor.are_words("alter function") => routine::parse::alter(cursor, context),
        () if cursor.are_words("alter procedure") => routine::parse::alter(cursor, context),
        () if cursor.are_words("alter routine") => routine::parse::alter(cursor, context),
        () if cursor.are_words("alter aggregate") => routine::parse::alter(cursor, context),
        () if cursor.are_words("alter trigger") => trigger::parse::alter(cursor, context),
        () if cursor.are_words("alter rule") => rule::parse::alter(cursor, context),
        () if cursor.are_words("alter policy") => policy::parse::alter(cursor, context),
        () if cursor.are_words("alter event trigger") => event_trigger::parse::alter(cursor, context),
        () if cursor.are_words("alter statistics") => statistics::parse::alter(cursor, context),
        () if cursor.are_words("alter default privileges") => default_privileges::parse::parse(cursor, context),
        () if cursor.are_words("alter collation") => collation::parse::alter(cursor, context),
        () if cursor.are_words("alter text search parser") => text_search_parser::parse::alter(cursor, context),
        () if cursor.are_words("alter text search template") => text_search_template::parse::alter(cursor, context),
        () if cursor.are_words("alter text search dictionary") => text_search_dictionary::parse::alter(cursor, context),
        () if cursor.are_words("alter text search configuration") => {
            text_search_configuration::parse::alter(cursor, context)
        }
        () if cursor.are_words("alter publication") => publication::parse::alter(cursor, context),
        () if cursor.are_words("alter subscription") => subscription::parse::alter(cursor, context),
        () if cursor.are_words("alter language") || cursor.are_words("alter procedural language") => {
            language::parse::alter(cursor, context)
        }
        () if cursor.are_words("alter foreign data wrapper") => foreign_data_wrapper::parse::alter(cursor, context),
        () if cursor.are_words("alter server") => server::parse::alter(cursor, context),
        () if cursor.are_words("alter user mapping") => user_mapping::parse::alter(cursor, context),
        () if cursor.are_words("alter operator family") => operator_family::parse::alter(cursor, context),
        () if cursor.are_words("alter operator class") => operator_class::parse::alter(cursor, context),
        () if cursor.are_words("alter operator") => operator::parse::alter(cursor, context),
        () if cursor.are_words("alter conversion") => conversion::parse::alter(cursor, context),
        () => Err(unknown(cursor)),
    }
}

fn drop(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Parsed {
    match () {
        () if cursor.eat_words("drop foreign table") => relation::parse_drop(cursor, context, Kind::Table),
        () if cursor.eat_words("drop table") => relation::parse_drop(cursor, context, Kind::Table),
        () if cursor.eat_words("drop index") => relation::parse_drop(cursor, context, Kind::Index),
        () if cursor.eat_words("drop sequence") => relation::parse_drop(cursor, context, Kind::Sequence),
        () => {
            cursor.next();
            common::drop(cursor, context)
        }
    }
}
