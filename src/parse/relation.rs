//! What statements about tables, indexes, sequences and views have in common.

use crate::name::QualifiedName;
use crate::object::owner::Owner;
use crate::object::{Kind, Object, ObjectId};
use crate::operation::{IfExists, Operation};

use super::context::{Context, role};
use super::cursor::Cursor;
use super::error::{Missing, ParseError};

/// Reads `TEMPORARY`, which no schema can hold.
pub(crate) fn refuse_temporary(cursor: &mut Cursor<'_>) -> Result<(), ParseError> {
    cursor.eat_any_word(&["global", "local"]);
    if cursor.is_any_word(&["temp", "temporary"]) {
        return Err(cursor.error("a temporary object cannot be part of a schema"));
    }
    Ok(())
}

/// Reads `IF NOT EXISTS`.
pub(crate) fn if_not_exists(cursor: &mut Cursor<'_>) -> IfExists {
    if cursor.eat_words("if not exists") {
        IfExists::Skip
    } else {
        IfExists::Fail
    }
}

/// Reads `IF EXISTS`; what it means for the statement that the object is not there.
pub(crate) fn if_exists(cursor: &mut Cursor<'_>) -> Missing {
    if cursor.eat_words("if exists") {
        Missing::Optional
    } else {
        Missing::Needed
    }
}

/// Reads `CASCADE` or `RESTRICT`; whether it is CASCADE.
pub(crate) fn cascade(cursor: &mut Cursor<'_>) -> bool {
    cursor.eat_any_word(&["cascade", "restrict"]) == Some("cascade")
}

/// `OWNER TO role`, where the words are read.
pub(crate) fn owner(cursor: &mut Cursor<'_>, on: ObjectId) -> Result<Vec<Operation>, ParseError> {
    let role = role(cursor)?;
    Ok(vec![Operation::put(Owner { on, role })])
}

/// `OWNER TO`, `RENAME TO` and `SET SCHEMA` of any relation; `None` when something else comes next.
pub(crate) fn common_alter(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
    name: &QualifiedName,
    missing: Missing,
) -> Result<Option<Vec<Operation>>, ParseError> {
    let known = cursor.are_words("owner to") || cursor.are_words("rename to") || cursor.are_words("set schema");
    if !known {
        return Ok(None);
    }
    let id = context
        .relation_id(cursor, name)
        .map_err(|error| error.missing(missing))?;
    if cursor.eat_words("owner to") {
        return owner(cursor, id).map(Some);
    }
    if cursor.eat_words("rename to") {
        let to = id.with_own_name(&cursor.any_ident()?);
        return Ok(Some(vec![Operation::Rename { from: id, to }]));
    }
    cursor.expect_words("set schema")?;
    let namespace = cursor.any_ident()?;
    if id.namespace.as_ref() == Some(&namespace) {
        return Ok(Some(Vec::new()));
    }
    let moved = |id: &ObjectId| ObjectId {
        namespace: Some(namespace.clone()),
        ..id.clone()
    };
    // Sequences move with the table whose columns own them.
    let owned = context
        .schema
        .of_kind(Kind::Sequence)
        .filter(|(_, object)| match object {
            Object::Sequence(sequence) => sequence
                .owned_by
                .as_ref()
                .is_some_and(|owner| id.kind == Kind::Table && owner.table == id.qualified()),
            _ => false,
        });
    let mut operations: Vec<_> = owned
        .map(|(id, _)| Operation::Rename {
            from: id.clone(),
            to: moved(id),
        })
        .collect();
    operations.push(Operation::Rename {
        to: moved(&id),
        from: id,
    });
    Ok(Some(operations))
}

/// `DROP TABLE`, `DROP SEQUENCE`, `DROP INDEX` and the like, behind the words that name the kind.
pub(crate) fn parse_drop(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
    kind: Kind,
) -> Result<Vec<Operation>, ParseError> {
    let concurrently = kind == Kind::Index && cursor.eat_word("concurrently");
    let if_exists = cursor.eat_words("if exists");
    let names = cursor.comma_separated(Cursor::qualified_name)?;
    let cascade = cascade(cursor);
    let drop = |name| {
        let id = ObjectId::named(kind, &context.relation_name(name));
        Operation::Drop {
            id,
            if_exists,
            cascade,
            concurrently,
            only: false,
        }
    };
    Ok(names.into_iter().map(drop).collect())
}
