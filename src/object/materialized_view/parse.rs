//! `CREATE MATERIALIZED VIEW` and `ALTER MATERIALIZED VIEW`.

use super::{MaterializedView, MaterializedViewChange};
use crate::object::Kind;
use crate::operation::{IfExists, Operation};
use crate::parse::ParseError;
use crate::parse::common::{alter as common_alter, forgiving};
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::options::{option_names, options};
use crate::parse::target::{Class, named};

/// `CREATE MATERIALIZED VIEW`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_word("create")?;
    cursor.eat_word("unlogged");
    cursor.expect_words("materialized view")?;
    let if_exists = if cursor.eat_words("if not exists") {
        IfExists::Skip
    } else {
        IfExists::Fail
    };
    let name = cursor.qualified_name()?;
    let mut view = MaterializedView {
        name: context.new_name(cursor, name)?,
        columns: Vec::new(),
        query: context.query(""),
        access_method: None,
        options: Default::default(),
        tablespace: None,
        no_data: false,
        output: Vec::new(),
    };
    if cursor.is_mark("(") {
        view.columns = cursor.paren_list(Cursor::ident)?;
    }
    if cursor.eat_word("using") {
        view.access_method = Some(cursor.any_ident()?);
    }
    if cursor.eat_word("with") {
        view.options = options(cursor)?;
    }
    if cursor.eat_word("tablespace") {
        view.tablespace = Some(cursor.any_ident()?);
    }
    cursor.expect_word("as")?;
    let start = cursor.mark();
    while !cursor.at_end() && !cursor.are_words("with data") && !cursor.are_words("with no data") {
        cursor.skip_group();
    }
    let query = cursor.slice_since(start);
    if query.is_empty() {
        return Err(cursor.expected("a query"));
    }
    view.query = context.query(query);
    view.no_data = cursor.eat_words("with no data");
    cursor.eat_words("with data");
    Ok(vec![Operation::Create {
        object: view.into(),
        if_exists,
        concurrently: false,
        like: false,
    }])
}

/// A name, unless it is the one that stands for the default.
fn named_other_than(cursor: &mut Cursor<'_>, default: &str) -> Result<Option<crate::name::Ident>, ParseError> {
    let name = cursor.any_ident()?;
    Ok((name.as_str() != default).then_some(name))
}

/// `ALTER MATERIALIZED VIEW`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter materialized view")?;
    let if_exists = cursor.eat_words("if exists");
    let id = forgiving(named(cursor, context, Class::Kind(Kind::MaterializedView)), if_exists)?;
    if let Some(operations) = common_alter(cursor, context, &id)? {
        return Ok(operations);
    }
    let changes = cursor.comma_separated(|cursor| action(cursor, context))?;
    Ok(changes
        .into_iter()
        .flatten()
        .map(|change| Operation::alter(id.clone(), change))
        .collect())
}

fn action(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Option<MaterializedViewChange>, ParseError> {
    if cursor.eat_words("set tablespace") {
        return named_other_than(cursor, "pg_default").map(|name| Some(MaterializedViewChange::Tablespace(name)));
    }
    if cursor.eat_words("set access method") {
        return named_other_than(cursor, "heap").map(|name| Some(MaterializedViewChange::AccessMethod(name)));
    }
    let (mut set, mut reset) = (Default::default(), Vec::new());
    if cursor.eat_word("reset") {
        reset = option_names(cursor)?;
    } else if cursor.is_word("set") && cursor.peek_nth(1) == "(" {
        cursor.next();
        set = options(cursor)?;
    } else if cursor.is_any_word(&["alter", "cluster"]) || cursor.are_words("set without") {
        context.note(
            cursor.place(),
            "storage of a materialized view's columns and its order are not managed",
        );
        while !cursor.at_end() && !cursor.is_mark(",") {
            cursor.skip_group();
        }
        return Ok(None);
    } else {
        return Err(cursor.expected("SET, RESET, OWNER TO or RENAME TO"));
    }
    Ok(Some(MaterializedViewChange::Options { set, reset }))
}
