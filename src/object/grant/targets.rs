//! The objects behind `ON` in `GRANT` and `REVOKE`.

use crate::name::Ident;
use crate::object::{Kind, ObjectId, language};
use crate::parse::ParseError;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::target::{Class, class, named};

/// Classes that have privileges but are not managed.
const UNMANAGED: &[&str] = &["database", "large object", "parameter", "tablespace"];

const RELATIONS: &[Kind] = &[Kind::Table, Kind::View, Kind::MaterializedView];

/// The objects, or `None` when they are not managed.
pub(super) fn targets(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Option<Vec<ObjectId>>, ParseError> {
    if let Some(words) = UNMANAGED.iter().find(|words| cursor.are_words(words)) {
        // A table may have one of these words for a name.
        if !matches!(cursor.peek_nth(words.split(' ').count()), "," | ".") && !cursor.is_word_nth(1, "to") {
            context.note(
                cursor.place(),
                format!("privileges on a {words} are not managed; the statement is left out"),
            );
            return Ok(None);
        }
    }
    let is_table =
        matches!(cursor.peek_nth(1), "," | ".") || cursor.is_word_nth(1, "to") || cursor.is_word_nth(1, "from");
    if let Some(name) = language::parse::foreign(cursor, context).filter(|_| !is_table) {
        context.note(
            cursor.place(),
            format!("language {name} belongs to the server or to an extension; privileges on it are left out"),
        );
        return Ok(None);
    }
    if cursor.is_word("all") {
        return everything(cursor, context).map(Some);
    }
    let class = match () {
        () if word_is_class(cursor) => class(cursor).unwrap_or(Class::Kind(Kind::Table)),
        () => Class::Kind(Kind::Table),
    };
    let found = cursor.comma_separated(|cursor| match class {
        // Views are granted on as tables, sequences may be; aggregates as functions.
        Class::Kind(Kind::Table) => {
            let name = cursor.qualified_name()?;
            context.relation_id(cursor, &name)
        }
        Class::Kind(Kind::Function) => {
            let start = cursor.mark();
            named(cursor, context, class).or_else(|error| {
                cursor.reset(start);
                named(cursor, context, Class::Kind(Kind::Aggregate)).map_err(|_| error)
            })
        }
        Class::Kind(Kind::Domain) => named(cursor, context, Class::Type),
        _ => named(cursor, context, class),
    })?;
    Ok(Some(found))
}

/// Whether the next word names a class, and is not the name of a table itself.
fn word_is_class(cursor: &Cursor<'_>) -> bool {
    let mut ahead = cursor.clone();
    let grantable = match class(&mut ahead) {
        Some(Class::Type | Class::Routine) => true,
        Some(Class::Kind(kind)) => matches!(
            kind,
            Kind::ForeignDataWrapper
                | Kind::Language
                | Kind::Server
                | Kind::Table
                | Kind::Sequence
                | Kind::Namespace
                | Kind::Domain
                | Kind::Function
                | Kind::Procedure
        ),
        None => false,
    };
    grantable && !matches!(ahead.peek(), "," | ".") && !ahead.is_any_word(&["to", "from"])
}

/// `ALL TABLES IN SCHEMA s` and the like: the objects there are now, as PostgreSQL does it.
fn everything(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<ObjectId>, ParseError> {
    cursor.expect_word("all")?;
    let word = cursor.expect_any_word(&["tables", "sequences", "functions", "procedures", "routines"])?;
    let kinds: &[Kind] = match word {
        "tables" => RELATIONS,
        "sequences" => &[Kind::Sequence],
        "functions" => &[Kind::Function, Kind::Aggregate],
        "procedures" => &[Kind::Procedure],
        _ => &[Kind::Function, Kind::Procedure, Kind::Aggregate],
    };
    cursor.expect_words("in schema")?;
    let namespaces: Vec<Ident> = cursor.comma_separated(Cursor::any_ident)?;
    let inside = |id: &&ObjectId| {
        let namespace = id.namespace.as_ref();
        kinds.contains(&id.kind) && namespace.is_some_and(|namespace| namespaces.contains(namespace))
    };
    Ok(context
        .schema
        .iter()
        .map(|(id, _)| id)
        .filter(inside)
        .cloned()
        .collect())
}
