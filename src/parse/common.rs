//! What many statements share: `OWNER TO`, `RENAME TO`, `SET SCHEMA`, `IF EXISTS`, `DROP`.

use crate::object::{Kind, ObjectId};
use crate::operation::Operation;

use super::context::Context;
use super::cursor::Cursor;
use super::error::{Missing, ParseError};
pub(crate) use super::relation::cascade;
use super::relation::owner;

/// `OWNER TO`, `RENAME TO`, `SET SCHEMA` and `DEPENDS ON EXTENSION` behind the name of an object, if that comes next.
pub(crate) fn alter(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
    id: &ObjectId,
) -> Result<Option<Vec<Operation>>, ParseError> {
    if cursor.eat_words("owner to") {
        return owner(cursor, id.clone()).map(Some);
    }
    if cursor.eat_words("rename to") {
        let to = id.with_own_name(&cursor.any_ident()?);
        return Ok(Some(rename(id, to)));
    }
    if cursor.eat_words("set schema") {
        let mut to = id.clone();
        to.namespace = Some(cursor.any_ident()?);
        return Ok(Some(rename(id, to)));
    }
    if cursor.are_words("depends on") || cursor.are_words("no depends") {
        context.note(cursor.place(), "a dependency on an extension is not managed");
        cursor.rest();
        return Ok(Some(Vec::new()));
    }
    Ok(None)
}

fn rename(from: &ObjectId, to: ObjectId) -> Vec<Operation> {
    if *from == to {
        return Vec::new();
    }
    vec![Operation::Rename { from: from.clone(), to }]
}

/// The same fault, made harmless by `IF EXISTS`.
pub(crate) fn forgiving<T>(result: Result<T, ParseError>, if_exists: bool) -> Result<T, ParseError> {
    result.map_err(|error| {
        if if_exists && error.missing == Missing::Needed {
            error.missing(Missing::Optional)
        } else {
            error
        }
    })
}

fn is_by_name(kind: Kind) -> bool {
    kind.is_type() || matches!(kind, Kind::Function | Kind::Procedure)
}

/// `DROP class [IF EXISTS] name, ... [CASCADE | RESTRICT]`, from the class on.
pub(crate) fn drop(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    use super::target::{class, named};
    let Some(class) = class(cursor) else {
        return Err(cursor.expected("a class of objects, such as TABLE or FUNCTION"));
    };
    let concurrently = cursor.eat_word("concurrently");
    let if_exists = cursor.eat_words("if exists");
    let mut found = Vec::new();
    loop {
        let start = cursor.mark();
        match named(cursor, context, class) {
            Ok(id) => found.push(id),
            Err(fault) if fault.missing != Missing::No => {
                // Dropping comes after creating: what is not there now is not waited for.
                if !if_exists {
                    return Err(fault.missing(Missing::No));
                }
                // A routine or type by its name: whoever knows better finds it there.
                found.extend(fault.absent.map(|id| *id).filter(|id| is_by_name(id.kind)));
                cursor.reset(start);
                while !cursor.at_end() && !cursor.is_mark(",") && !cursor.is_any_word(&["cascade", "restrict"]) {
                    cursor.skip_group();
                }
            }
            Err(fault) => return Err(fault),
        }
        if !cursor.eat_mark(",") {
            break;
        }
    }
    let cascade = cascade(cursor);
    let assumed = |id: &ObjectId| matches!(id.kind, Kind::Namespace | Kind::Extension);
    Ok(found
        .into_iter()
        .map(|id| Operation::Drop {
            if_exists: if_exists || assumed(&id),
            id,
            cascade,
            concurrently,
            only: false,
        })
        .collect())
}
