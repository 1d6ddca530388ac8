//! `CREATE VIEW` and `ALTER VIEW`.

use super::{CheckOption, View, ViewChange};
use crate::object::{Kind, Object, ObjectId};
use crate::operation::{IfExists, Operation};
use crate::parse::ParseError;
use crate::parse::common::{alter as common_alter, forgiving};
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::options::{option_names, options};
use crate::parse::target::{Class, named};
use crate::sql;

/// `CREATE [OR REPLACE] [RECURSIVE] VIEW`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_word("create")?;
    let replace = cursor.eat_words("or replace");
    if cursor.is_any_word(&["temp", "temporary", "local", "global"]) {
        return Err(cursor.error("a temporary object cannot be part of a schema"));
    }
    let recursive = cursor.eat_word("recursive");
    cursor.expect_word("view")?;
    let name = cursor.qualified_name()?;
    let name = context.new_name(cursor, name)?;
    let mut columns = if cursor.is_mark("(") {
        cursor.paren_list(Cursor::ident)?
    } else {
        Vec::new()
    };
    let mut options = if cursor.eat_word("with") {
        options(cursor)?
    } else {
        Default::default()
    };
    let mut check_option = match options.remove("check_option").as_deref() {
        None => None,
        Some("local") => Some(CheckOption::Local),
        Some("cascaded") => Some(CheckOption::Cascaded),
        Some(_) => return Err(cursor.error("check_option is local or cascaded")),
    };
    cursor.expect_word("as")?;
    let start = cursor.mark();
    let mut tail = None;
    while !cursor.at_end() {
        tail = CHECK_OPTIONS.iter().find(|(words, _)| cursor.are_words(words));
        if tail.is_some() {
            break;
        }
        cursor.skip_group();
    }
    let query = cursor.slice_since(start);
    if query.is_empty() {
        return Err(cursor.expected("a query"));
    }
    if let Some((words, option)) = tail {
        cursor.expect_words(words)?;
        check_option = Some(*option);
    }
    let mut query = query.to_owned();
    if recursive {
        if columns.is_empty() {
            return Err(cursor.error("a recursive view needs a list of its columns"));
        }
        let list = sql::list(&columns);
        let own = &name.name;
        query = format!("WITH RECURSIVE {own} ({list}) AS (\n{query}\n)\nSELECT {list} FROM {own}");
        columns.clear();
    }
    let defaults = match context.schema.get(&ObjectId::named(Kind::View, &name)) {
        Some(Object::View(view)) if replace => view.defaults.clone(),
        _ => Default::default(),
    };
    let view = View {
        name,
        columns,
        query: context.query(&query),
        options,
        check_option,
        defaults,
        output: Vec::new(),
    };
    Ok(vec![Operation::Create {
        object: view.into(),
        if_exists: if replace { IfExists::Replace } else { IfExists::Fail },
        concurrently: false,
        like: false,
    }])
}

const CHECK_OPTIONS: &[(&str, CheckOption)] = &[
    ("with check option", CheckOption::Cascaded),
    ("with cascaded check option", CheckOption::Cascaded),
    ("with local check option", CheckOption::Local),
];

/// `ALTER VIEW`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter view")?;
    let if_exists = cursor.eat_words("if exists");
    let id = forgiving(named(cursor, context, Class::Kind(Kind::View)), if_exists)?;
    if let Some(operations) = common_alter(cursor, context, &id)? {
        return Ok(operations);
    }
    if cursor.is_word("rename") {
        return Err(cursor
            .error("a column of a view gets its name from the query")
            .hint("name it in CREATE VIEW"));
    }
    let change = if cursor.eat_word("set") {
        set(cursor, context, &id)?
    } else if cursor.eat_word("reset") {
        let reset = option_names(cursor)?;
        ViewChange::Options {
            set: Default::default(),
            reset,
        }
    } else {
        cursor.expect_word("alter")?;
        cursor.eat_word("column");
        let column = cursor.ident()?;
        if cursor.eat_words("drop default") {
            ViewChange::Default { column, default: None }
        } else {
            cursor.expect_words("set default")?;
            let default = Some(context.expr(cursor.expr_slice(&[])?));
            ViewChange::Default { column, default }
        }
    };
    Ok(vec![Operation::alter(id, change)])
}

/// Options; a check option among them is part of the definition.
fn set(cursor: &mut Cursor<'_>, context: &Context<'_>, id: &ObjectId) -> Result<ViewChange, ParseError> {
    let mut set = options(cursor)?;
    let check_option = match set.remove("check_option").as_deref() {
        None => return Ok(ViewChange::Options { set, reset: Vec::new() }),
        Some("local") => CheckOption::Local,
        Some(_) => CheckOption::Cascaded,
    };
    let Some(Object::View(view)) = context.schema.get(id) else {
        return Err(context.missing(cursor, format!("{id} does not exist")));
    };
    let mut view = view.clone();
    view.options.extend(set);
    view.check_option = Some(check_option);
    Ok(ViewChange::Replace(Box::new(view)))
}
