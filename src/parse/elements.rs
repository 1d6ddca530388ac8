//! `CREATE SCHEMA` with definitions in the same statement.

use crate::object::namespace;
use crate::operation::Operation;

use super::context::Context;
use super::cursor::Cursor;
use super::error::ParseError;
use super::statement;

/// Words that open a definition.
const OPENINGS: &[&str] = &["create", "grant"];

/// `CREATE SCHEMA name [definition ...]`. The definitions see each other in the order in which they stand.
pub(super) fn create_schema(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    let (mut operations, path) = namespace::parse::create(cursor, context)?;
    if cursor.at_end() {
        return Ok(operations);
    }
    let mut schema = context.schema.clone();
    while !cursor.at_end() {
        let inner = Context::new(&schema, context.taken, context.declared, &path);
        let mut element = cursor.section(|cursor, previous| {
            // GRANT CREATE ON .. opens nothing at CREATE.
            cursor.is_any_word(OPENINGS) && !previous.eq_ignore_ascii_case("grant") && previous != ","
        });
        if !element.is_any_word(OPENINGS) {
            return Err(element.expected("CREATE or GRANT"));
        }
        let found = statement::parse(&mut element, &inner)?;
        for notice in inner.notices.into_inner() {
            context.note(notice.place, notice.message);
        }
        for operation in &found {
            // What fails here fails again, with its place, when the whole statement takes effect.
            let _ = operation.apply(&mut schema);
        }
        operations.extend(found);
    }
    Ok(operations)
}
