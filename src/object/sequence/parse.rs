//! CREATE SEQUENCE, ALTER SEQUENCE, and the options they share with identity columns.

use super::{ColumnRef, Sequence, SequenceChange, SequenceOptions, bounds};
use crate::name::{Ident, QualifiedName};
use crate::object::column::{Column, ColumnChange, Identity};
use crate::object::{Definition, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::error::{Missing, ParseError};
use crate::parse::relation;
use crate::types::TypeName;

/// Sequence options as written: what is not said is `None`; `NO MINVALUE` is `Some(None)`.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) data_type: Option<TypeName>,
    pub(crate) name: Option<QualifiedName>,
    start: Option<i64>,
    increment: Option<i64>,
    min: Option<Option<i64>>,
    max: Option<Option<i64>>,
    cache: Option<i64>,
    cycle: Option<bool>,
    owned_by: Option<Option<ColumnRef>>,
    unlogged: Option<bool>,
    /// Only the position is touched, which is no part of the schema.
    restart: bool,
}

impl Written {
    /// Reads options in any order, up to something that is none.
    pub(crate) fn read(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Self, ParseError> {
        let mut written = Written::default();
        while written.read_one(cursor, context)? {}
        Ok(written)
    }

    /// Reads one option if there is one; behind SET for identity columns.
    pub(crate) fn read_one(&mut self, cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<bool, ParseError> {
        if cursor.eat_word("as") {
            self.data_type = Some(cursor.type_name()?);
        } else if cursor.eat_words("sequence name") {
            self.name = Some(cursor.qualified_name()?);
        } else if cursor.eat_word("increment") {
            cursor.eat_word("by");
            self.increment = Some(cursor.integer()?);
        } else if cursor.eat_words("no minvalue") {
            self.min = Some(None);
        } else if cursor.eat_words("no maxvalue") {
            self.max = Some(None);
        } else if cursor.eat_words("no cycle") {
            self.cycle = Some(false);
        } else if cursor.eat_word("minvalue") {
            self.min = Some(Some(cursor.integer()?));
        } else if cursor.eat_word("maxvalue") {
            self.max = Some(Some(cursor.integer()?));
        } else if cursor.eat_word("start") {
            cursor.eat_word("with");
            self.start = Some(cursor.integer()?);
        } else if cursor.eat_word("restart") {
            self.restart = true;
            if cursor.eat_word("with")
                || cursor.lexeme_nth(0) == Some(crate::parse::cursor::NUMBER)
                || cursor.is_mark("-")
            {
                cursor.integer()?;
            }
        } else if cursor.eat_word("cache") {
            self.cache = Some(cursor.integer()?);
        } else if cursor.eat_word("cycle") {
            self.cycle = Some(true);
        } else if cursor.eat_word("logged") {
            self.unlogged = Some(false);
        } else if cursor.eat_word("unlogged") {
            self.unlogged = Some(true);
        } else if cursor.eat_words("owned by") {
            self.owned_by = Some(owner(cursor, context)?);
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    fn changes_counting(&self) -> bool {
        self.data_type.is_some()
            || self.start.is_some()
            || self.increment.is_some()
            || self.min.is_some()
            || self.max.is_some()
            || self.cache.is_some()
            || self.cycle.is_some()
    }

    /// The options of a new sequence.
    pub(crate) fn fill(&self, data_type: &TypeName) -> SequenceOptions {
        let defaults = SequenceOptions::defaults(data_type, self.increment.unwrap_or(1));
        let min = self.min.flatten().unwrap_or(defaults.min);
        let max = self.max.flatten().unwrap_or(defaults.max);
        SequenceOptions {
            start: self.start.unwrap_or(if defaults.increment < 0 { max } else { min }),
            increment: defaults.increment,
            min,
            max,
            cache: self.cache.unwrap_or(1),
            cycle: self.cycle.unwrap_or(false),
        }
    }

    /// The options of an existing sequence with these laid over. A bound that was the old type's follows the new type.
    pub(crate) fn over(&self, old: &SequenceOptions, old_type: &TypeName) -> SequenceOptions {
        let new_type = self.data_type.as_ref().unwrap_or(old_type);
        let retyped = self.data_type.is_some();
        let increment = self.increment.unwrap_or(old.increment);
        let defaults = SequenceOptions::defaults(new_type, increment);
        let (old_low, old_high) = bounds(old_type);
        let min = match self.min {
            Some(min) => min.unwrap_or(defaults.min),
            None if retyped && old.min == old_low => defaults.min,
            None => old.min,
        };
        let max = match self.max {
            Some(max) => max.unwrap_or(defaults.max),
            None if retyped && old.max == old_high => defaults.max,
            None => old.max,
        };
        SequenceOptions {
            start: self.start.unwrap_or(old.start),
            increment,
            min,
            max,
            cache: self.cache.unwrap_or(old.cache),
            cycle: self.cycle.unwrap_or(old.cycle),
        }
    }
}

/// `NONE` or `table.column`.
fn owner(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Option<ColumnRef>, ParseError> {
    if cursor.eat_word("none") {
        return Ok(None);
    }
    let mut parts = vec![cursor.any_ident()?];
    while cursor.eat_mark(".") {
        parts.push(cursor.any_ident()?);
    }
    let (column, table) = (parts.pop(), parts.pop());
    match (column, table) {
        (Some(column), Some(table)) => {
            let table = context.relation_name(QualifiedName {
                namespace: parts.pop(),
                name: table,
            });
            Ok(Some(ColumnRef { table, column }))
        }
        _ => Err(cursor.expected("table.column")),
    }
}

/// CREATE SEQUENCE.
pub(crate) fn parse_create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_word("create")?;
    relation::refuse_temporary(cursor)?;
    let unlogged = cursor.eat_word("unlogged");
    cursor.expect_word("sequence")?;
    let if_exists = relation::if_not_exists(cursor);
    let name = cursor.qualified_name()?;
    let name = context.new_name(cursor, name)?;
    let written = Written::read(cursor, context)?;
    let data_type = written.data_type.clone().unwrap_or_else(|| TypeName::builtin("bigint"));
    let options = written.fill(&data_type);
    let owned_by = written.owned_by.flatten();
    let sequence = Sequence {
        name,
        data_type,
        options,
        unlogged,
        owned_by,
    };
    Ok(vec![Operation::Create {
        object: sequence.into(),
        if_exists,
        concurrently: false,
        like: false,
    }])
}

/// A sequence that a serial column brings along.
pub(crate) fn of_serial(table: &QualifiedName, column: &Ident, name: Ident, data_type: &TypeName) -> Sequence {
    Sequence {
        name: QualifiedName {
            namespace: table.namespace.clone(),
            name,
        },
        data_type: data_type.clone(),
        options: SequenceOptions::defaults(data_type, 1),
        unlogged: false,
        owned_by: Some(ColumnRef {
            table: table.clone(),
            column: column.clone(),
        }),
    }
}

/// ALTER SEQUENCE.
pub(crate) fn parse_alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter sequence")?;
    let missing = relation::if_exists(cursor);
    let written_name = cursor.qualified_name()?;
    let at = cursor.mark();
    if let Some(operations) = relation::common_alter(cursor, context, &written_name, missing)? {
        return Ok(operations);
    }
    cursor.reset(at);
    let mut written = Written::default();
    loop {
        cursor.eat_word("set");
        if !written.read_one(cursor, context)? {
            break;
        }
    }
    let name = context.relation_name(written_name);
    let id = ObjectId::named(Kind::Sequence, &name);
    if !context.schema.contains(&id) {
        if let Some(column) = context.schema.identity_of(&id) {
            return of_identity(cursor, context, &written, column);
        }
    }
    let mut changes = Vec::new();
    if written.changes_counting() {
        let Some(Object::Sequence(old)) = context.schema.get(&id) else {
            let fault = context.missing(cursor, format!("{id} does not exist"));
            return Err(fault.missing(missing).absent(id));
        };
        let options = written.over(&old.options, &old.data_type);
        changes.push(match &written.data_type {
            Some(data_type) => SequenceChange::Type(data_type.clone(), options),
            None => SequenceChange::Options(options),
        });
    }
    changes.extend(written.unlogged.map(SequenceChange::Unlogged));
    changes.extend(written.owned_by.map(SequenceChange::OwnedBy));
    if changes.is_empty() && !written.restart {
        return Err(cursor.expected("a sequence option"));
    }
    if !changes.is_empty() && missing == Missing::Optional {
        context
            .existing(cursor, id.clone())
            .map_err(|error| error.missing(missing))?;
    }
    Ok(changes
        .into_iter()
        .map(|change| Operation::alter(id.clone(), change))
        .collect())
}

/// ALTER SEQUENCE for the sequence of an identity column, which is no object of its own.
fn of_identity(
    cursor: &Cursor<'_>,
    context: &Context<'_>,
    written: &Written,
    column: &Column,
) -> Result<Vec<Operation>, ParseError> {
    if written.owned_by.is_some() || written.data_type.is_some() {
        return Err(cursor.error(format!(
            "the sequence of {} belongs to its identity: it cannot be owned by another or get another type",
            column.id()
        )));
    }
    let table_unlogged = context.schema.table(&column.table).is_some_and(|table| table.unlogged);
    if written.unlogged.is_some_and(|unlogged| unlogged != table_unlogged) {
        context.note(
            cursor.place(),
            format!(
                "whether the sequence of {} is logged is not managed apart from its table",
                column.id()
            ),
        );
    }
    let Some(from) = column.identity.clone().filter(|_| written.changes_counting()) else {
        return Ok(Vec::new());
    };
    let to = Identity {
        options: written.over(&from.options, &column.type_name),
        ..from.clone()
    };
    let change = ColumnChange::Identity {
        from: Some(from),
        to: Some(to),
    };
    Ok(vec![Operation::alter(column.id(), change)])
}
