//! A column as CREATE TABLE and ADD COLUMN write it.

use std::collections::BTreeMap;

use super::{Column, Generated, Identity, OfParent, Storage};
use crate::name::object_name;
use crate::name::{Ident, QualifiedName};
use crate::object::constraint::ConstraintRule;
use crate::object::constraint::parse::{Draft, read_column_constraint};
use crate::object::index::parse::collation;
use crate::object::sequence::parse::{Written, of_serial};
use crate::object::sequence::{Sequence, SequenceOptions};
use crate::object::server::options::read as foreign_options;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::error::ParseError;
use crate::parse::names::NameChooser;
use crate::sql;
use crate::types::TypeName;

/// What one column definition brings.
#[derive(Debug)]
pub(crate) struct ColumnDraft {
    pub(crate) column: Column,
    /// The sequence of a serial column.
    pub(crate) sequence: Option<Sequence>,
    pub(crate) constraints: Vec<Draft>,
    /// Whether something was said about its default, be it `NULL`.
    pub(crate) has_value: bool,
}

/// Words that end a default: PostgreSQL takes no operator that contains one of them there.
const AFTER_DEFAULT: &[&str] = &[
    "not",
    "null",
    "constraint",
    "check",
    "unique",
    "primary",
    "references",
    "default",
    "generated",
    "collate",
    "deferrable",
    "initially",
    "storage",
    "compression",
    "enforced",
    "no",
    "options",
];

/// A column without anything said about it.
pub(crate) fn bare(table: &QualifiedName, name: Ident, type_name: TypeName) -> Column {
    Column {
        table: table.clone(),
        name,
        type_name,
        collation: None,
        default: None,
        not_null: false,
        generated: None,
        identity: None,
        storage: None,
        compression: None,
        statistics: None,
        options: BTreeMap::new(),
        foreign_options: BTreeMap::new(),
        inherited: false,
        not_null_of_parent: OfParent(false),
    }
}

/// `name type ..` with everything behind it.
pub(crate) fn read(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
    table: &QualifiedName,
    chooser: &mut NameChooser<'_>,
) -> Result<ColumnDraft, ParseError> {
    let name = cursor.ident()?;
    let serial = serial_type(cursor);
    let column = match &serial {
        Some(type_name) => {
            cursor.next();
            if cursor.is_mark("[") || cursor.is_word("array") {
                return Err(cursor.error("there are no arrays of serial"));
            }
            bare(table, name, type_name.clone())
        }
        None => bare(table, name, context.read_type(cursor)?),
    };
    let mut draft = ColumnDraft {
        column,
        sequence: None,
        constraints: Vec::new(),
        has_value: serial.is_some(),
    };
    if let Some(type_name) = serial {
        let column = &mut draft.column;
        let own = chooser.relation(
            table.namespace.as_ref(),
            table.name.as_str(),
            column.name.as_str(),
            "seq",
        );
        let sequence = of_serial(table, &column.name, own, &type_name);
        let target = sql::literal(&sequence.name.to_string());
        column.default = Some(crate::expr::Expr::new(format!("nextval({target}::regclass)")));
        column.not_null = true;
        draft.sequence = Some(sequence);
    }
    read_tail(cursor, context, chooser, &mut draft)?;
    Ok(draft)
}

fn serial_type(cursor: &Cursor<'_>) -> Option<TypeName> {
    let name = match cursor.peek().to_ascii_lowercase().as_str() {
        "serial" | "serial4" => "integer",
        "bigserial" | "serial8" => "bigint",
        "smallserial" | "serial2" => "smallint",
        _ => return None,
    };
    Some(TypeName::builtin(name))
}

/// Everything behind the type of a column.
pub(crate) fn read_tail(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
    chooser: &mut NameChooser<'_>,
    draft: &mut ColumnDraft,
) -> Result<(), ParseError> {
    while !cursor.at_end() && !cursor.is_mark(",") {
        let name = if cursor.eat_word("constraint") {
            Some(cursor.ident()?)
        } else {
            None
        };
        if let Some(mut constraint) = read_column_constraint(cursor, context, &draft.column.name, name.clone())? {
            constraint.read_attributes(cursor)?;
            draft.constraints.push(constraint);
            continue;
        }
        let column = &mut draft.column;
        if cursor.eat_words("not null") {
            column.not_null = true;
            let rule = ConstraintRule::NotNull {
                column: column.name.clone(),
                no_inherit: false,
            };
            let mut constraint = Draft::new(name, rule);
            constraint.read_attributes(cursor)?;
            let plain = matches!(constraint.rule, ConstraintRule::NotNull { no_inherit: false, .. });
            let default_name = object_name(column.table.name.as_str(), column.name.as_str(), "not_null");
            let named = constraint
                .name
                .as_ref()
                .is_some_and(|name| name.as_str() != default_name);
            if named || !plain || constraint.not_valid {
                draft.constraints.push(constraint);
            }
        } else if cursor.eat_word("null") {
            if column.identity.is_some() {
                return Err(cursor.error("an identity column cannot be declared NULL"));
            }
        } else if cursor.eat_word("default") {
            draft.has_value = true;
            let text = cursor.expr_slice(AFTER_DEFAULT)?;
            // Cut to a length even a null is an expression that PostgreSQL keeps.
            let kept = !column.type_name.modifiers.is_empty() && !column.type_name.array && is_null(text);
            column.default = if kept {
                Some(context.expr(text))
            } else {
                default(context, text)
            };
        } else if cursor.eat_word("generated") {
            draft.has_value = true;
            read_generated(cursor, context, chooser, column)?;
        } else if cursor.is_word("collate") {
            column.collation = collation(cursor, context)?;
        } else if cursor.eat_word("storage") {
            column.storage = storage(cursor)?;
        } else if cursor.is_word("options") {
            column.foreign_options = foreign_options(cursor)?;
        } else if cursor.eat_word("compression") {
            column.compression = compression(cursor)?;
        } else {
            return Err(cursor.expected("a comma, a constraint or an option of the column"));
        }
    }
    let column = &mut draft.column;
    if column.not_null && column.default.as_ref().is_some_and(|default| is_null(&default.text)) {
        // No row could have it.
        column.default = None;
    }
    Ok(())
}

/// A default; `NULL` is none.
pub(crate) fn default(context: &Context<'_>, text: &str) -> Option<crate::expr::Expr> {
    (!is_null(text)).then(|| context.expr(text))
}

/// `NULL`, and `NULL::type`.
fn is_null(text: &str) -> bool {
    text.eq_ignore_ascii_case("null")
        || text
            .split_once("::")
            .is_some_and(|(value, rest)| value.trim().eq_ignore_ascii_case("null") && !rest.contains(['(', ':']))
}

/// A storage; `DEFAULT` is none.
pub(crate) fn storage(cursor: &mut Cursor<'_>) -> Result<Option<Storage>, ParseError> {
    Ok(
        match cursor.expect_any_word(&["plain", "external", "extended", "main", "default"])? {
            "plain" => Some(Storage::Plain),
            "external" => Some(Storage::External),
            "extended" => Some(Storage::Extended),
            "main" => Some(Storage::Main),
            _ => None,
        },
    )
}

/// A compression method; `default` is none.
pub(crate) fn compression(cursor: &mut Cursor<'_>) -> Result<Option<Ident>, ParseError> {
    let method = cursor.any_ident()?;
    Ok(Some(method).filter(|method| method.as_str() != "default"))
}

/// Behind GENERATED: an identity or an expression.
fn read_generated(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
    chooser: &mut NameChooser<'_>,
    column: &mut Column,
) -> Result<(), ParseError> {
    let always = read_always(cursor)?;
    cursor.expect_word("as")?;
    if cursor.eat_word("identity") {
        column.identity = Some(read_identity(cursor, context, always, column)?);
        column.not_null = true;
        let own = own_sequence(&column.table, &column.name);
        let name = column.identity.as_ref().and_then(|identity| identity.sequence.as_ref());
        if name.is_none_or(|name| *name == own) {
            chooser.relation(
                column.table.namespace.as_ref(),
                column.table.name.as_str(),
                column.name.as_str(),
                "seq",
            );
        }
        return Ok(());
    }
    if !always {
        return Err(cursor.expected("IDENTITY"));
    }
    let expr = context.expr(cursor.paren_expr()?);
    // PostgreSQL 18 makes the column virtual when nothing is said; older servers accept STORED only, and a file that
    // says nothing cannot mean those.
    let stored = cursor.eat_any_word(&["stored", "virtual"]) == Some("stored");
    column.generated = Some(Generated {
        expr,
        r#virtual: !stored,
    });
    Ok(())
}

/// `ALWAYS` or `BY DEFAULT`; whether it is ALWAYS.
pub(crate) fn read_always(cursor: &mut Cursor<'_>) -> Result<bool, ParseError> {
    if cursor.eat_word("always") {
        return Ok(true);
    }
    cursor.expect_words("by default")?;
    Ok(false)
}

/// Behind IDENTITY: options of its sequence.
pub(crate) fn read_identity(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
    always: bool,
    column: &Column,
) -> Result<Identity, ParseError> {
    let written = if cursor.is_mark("(") {
        cursor.parenthesised(|cursor| Written::read(cursor, context))?
    } else {
        Written::default()
    };
    let sequence = written.name.clone().map(|name| match name.namespace {
        Some(_) => name,
        None => QualifiedName {
            namespace: column.table.namespace.clone(),
            ..name
        },
    });
    let data_type = written.data_type.clone().unwrap_or_else(|| column.type_name.clone());
    Ok(Identity {
        always,
        sequence,
        options: written.fill(&data_type),
    })
}

/// The name that an identity's sequence has when nothing is said.
pub(crate) fn own_sequence(table: &QualifiedName, column: &Ident) -> QualifiedName {
    let name = object_name(table.name.as_str(), column.as_str(), "seq");
    QualifiedName {
        namespace: table.namespace.clone(),
        name: Ident::new(name),
    }
}

/// An identity with other options laid over: `SET GENERATED`, `SET INCREMENT` and so on.
pub(crate) fn over_identity(old: &Identity, written: &Written, always: Option<bool>, data_type: &TypeName) -> Identity {
    let options: SequenceOptions = written.over(&old.options, data_type);
    Identity {
        always: always.unwrap_or(old.always),
        sequence: old.sequence.clone(),
        options,
    }
}
