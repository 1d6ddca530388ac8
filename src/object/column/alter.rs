//! ALTER TABLE .. ALTER COLUMN.

use std::collections::BTreeMap;

use super::parse::{compression, default, over_identity, read_always, read_identity, storage};
use super::{Column, ColumnChange, Generated};
use crate::name::{Ident, QualifiedName};
use crate::object::index::parse::collation;
use crate::object::sequence::parse::Written;
use crate::object::server::options::read_changes as foreign_changes;
use crate::object::table::Table;
use crate::object::table::alter::copy_for;
use crate::object::view::ViewChange;
use crate::object::{Definition, Kind, ObjectId};
use crate::operation::{IfExists, Operation};
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::error::ParseError;
use crate::parse::options::{option_names, options};

/// A column that a statement changes.
pub(crate) struct OwnColumn {
    pub(crate) id: ObjectId,
    /// The column as it is; `None` where it does not exist yet (an earlier action of the statement may add it).
    pub(crate) column: Option<Column>,
    /// Gives the table its own copy of a column that it had from its parent.
    pub(crate) copy: Option<Operation>,
}

/// The column of a table, its own or its parent's.
pub(crate) fn own_column(context: &Context<'_>, table: &QualifiedName, name: &Ident) -> OwnColumn {
    let id = ObjectId::part(Kind::Column, table, name);
    if let Some(column) = context.schema.column(table, name) {
        return OwnColumn {
            id,
            column: Some(column.clone()),
            copy: None,
        };
    }
    let inherited = context
        .schema
        .all_columns(table)
        .into_iter()
        .find(|column| column.name == *name);
    let column = inherited.map(|column| copy_for(table, column));
    if column.is_some() {
        context.copied(id.clone());
    }
    // Another action of the same statement may have made it.
    let copy = column.clone().map(|column| Operation::Create {
        object: column.into(),
        if_exists: IfExists::Skip,
        concurrently: false,
        like: false,
    });
    OwnColumn { id, column, copy }
}

/// Whether PostgreSQL takes a change down to tables that have a column of their own over this one (`ATPrepCmd` in its
/// `tablecmds.c`). A change of type, and the loss of an expression, go down wherever they come from ([`Operation::apply`]).
fn goes_down(change: &ColumnChange) -> bool {
    matches!(
        change,
        ColumnChange::Default(_)
            | ColumnChange::NotNull(_)
            | ColumnChange::Generated(Some(_))
            | ColumnChange::Statistics(_)
            | ColumnChange::Storage(_)
    )
}

/// What a change of a column does in the tables that inherit it: without ONLY the same to columns of their own, and with ONLY those
/// that had none get one that stays as it was.
pub(crate) fn below(
    context: &Context<'_>,
    table: &QualifiedName,
    name: &Ident,
    change: &ColumnChange,
    only: bool,
) -> Vec<Operation> {
    let schema = context.schema;
    let has_no_heirs = |table: &Table| table.partition_of.is_some() && table.partition_by.is_none();
    if !goes_down(change) || schema.table(table).is_none_or(has_no_heirs) {
        return Vec::new();
    }
    if only {
        let heirs = schema.heirs(table);
        return heirs
            .filter_map(|heir| own_column(context, &heir.name, name).copy)
            .collect();
    }
    let is_refused = |column: &Column| column.generated.is_some() && matches!(change, ColumnChange::Default(_));
    let heirs = schema.all_heirs(table);
    let own = heirs.iter().filter_map(|heir| schema.column(heir, name));
    own.filter(|column| !is_refused(column))
        .filter(|column| {
            let mut after = (*column).clone();
            after.apply(change);
            after != **column
        })
        .map(|column| Operation::alter(ObjectId::part(Kind::Column, &column.table, name), change.clone()))
        .collect()
}

/// What tables below keep where a change with ONLY, which goes down otherwise ([`Operation::apply`]), leaves them as they were.
fn kept_below(context: &Context<'_>, table: &QualifiedName, name: &Ident, change: &ColumnChange) -> Vec<Operation> {
    let schema = context.schema;
    let inherited = schema
        .all_columns(table)
        .into_iter()
        .find(|column| column.name == *name);
    // Each behind every one of its parents, which take it along.
    let mut next: Vec<(&QualifiedName, bool)> = schema.heirs(table).map(|heir| (&heir.name, true)).collect();
    let mut operations = Vec::new();
    while let Some((heir, is_direct)) = next.pop() {
        next.extend(schema.heirs(heir).map(|heir| (&heir.name, false)));
        let own = schema.column(heir, name);
        let kept = match (change, own.or(inherited.filter(|_| is_direct))) {
            (ColumnChange::Default(_), Some(column)) => ColumnChange::Default(column.default.clone()),
            (ColumnChange::NotNull(false), Some(column)) if column.not_null => ColumnChange::NotNull(true),
            _ => continue,
        };
        operations.push(Operation::alter(ObjectId::part(Kind::Column, heir, name), kept));
    }
    operations
}

/// Behind ALTER COLUMN; `only` for `ALTER TABLE ONLY`.
pub(crate) fn parse(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
    relation: &ObjectId,
    only: bool,
) -> Result<Vec<Operation>, ParseError> {
    let name = cursor.ident()?;
    if relation.kind == Kind::View {
        return of_view(cursor, context, relation, name);
    }
    if relation.kind != Kind::Table {
        context.note(
            cursor.place(),
            format!("storage settings of the columns of {relation} are not managed"),
        );
        while !cursor.at_end() && !cursor.is_mark(",") {
            cursor.skip_group();
        }
        return Ok(Vec::new());
    }
    let table = relation.qualified();
    let own = own_column(context, &table, &name);
    let changes = read_changes(cursor, context, own.column.as_ref())?;
    let mut operations: Vec<Operation> = own.copy.into_iter().collect();
    for change in changes {
        operations.extend(below(context, &table, &name, &change, only));
        let kept = only.then(|| kept_below(context, &table, &name, &change));
        operations.push(Operation::alter(own.id.clone(), change));
        operations.extend(kept.into_iter().flatten());
    }
    Ok(operations)
}

fn of_view(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
    view: &ObjectId,
    column: Ident,
) -> Result<Vec<Operation>, ParseError> {
    let default = if cursor.eat_words("set default") {
        default(context, cursor.expr_slice(&[])?)
    } else {
        cursor.expect_words("drop default")?;
        None
    };
    Ok(vec![Operation::alter(
        view.clone(),
        ViewChange::Default { column, default },
    )])
}

fn read_changes(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
    column: Option<&Column>,
) -> Result<Vec<ColumnChange>, ParseError> {
    let one = |change| Ok(vec![change]);
    match () {
        () if cursor.eat_words("set data type") || cursor.eat_word("type") => read_type(cursor, context),
        () if cursor.eat_words("set default") => one(ColumnChange::Default(default(context, cursor.expr_slice(&[])?))),
        () if cursor.eat_words("drop default") => one(ColumnChange::Default(None)),
        () if cursor.eat_words("set not null") => one(ColumnChange::NotNull(true)),
        () if cursor.eat_words("drop not null") => one(ColumnChange::NotNull(false)),
        () if cursor.eat_words("set expression as") => {
            let expr = context.expr(cursor.paren_expr()?);
            let r#virtual = column
                .and_then(|c| c.generated.as_ref())
                .is_some_and(|generated| generated.r#virtual);
            one(ColumnChange::Generated(Some(Generated { expr, r#virtual })))
        }
        () if cursor.eat_words("drop expression") => {
            cursor.eat_words("if exists");
            one(ColumnChange::Generated(None))
        }
        () if cursor.eat_words("drop identity") => {
            let if_exists = cursor.eat_words("if exists");
            match (column.and_then(|column| column.identity.as_ref()), if_exists) {
                (None, true) => Ok(Vec::new()),
                (from, _) => one(ColumnChange::Identity {
                    from: from.cloned(),
                    to: None,
                }),
            }
        }
        () if cursor.eat_words("add generated") => {
            let always = read_always(cursor)?;
            cursor.expect_words("as identity")?;
            let Some(column) = column else {
                return Err(context.missing(cursor, "the column does not exist"));
            };
            let to = Some(read_identity(cursor, context, always, column)?);
            one(ColumnChange::Identity { from: None, to })
        }
        () if cursor.eat_words("set statistics") => {
            let target = if cursor.eat_word("default") {
                -1
            } else {
                cursor.integer()?
            };
            let target = i32::try_from(target).map_err(|_| cursor.error("this statistics target is too large"))?;
            one(ColumnChange::Statistics(Some(target).filter(|target| *target >= 0)))
        }
        () if cursor.eat_words("set storage") => one(ColumnChange::Storage(storage(cursor)?)),
        () if cursor.eat_words("set compression") => one(ColumnChange::Compression(compression(cursor)?)),
        () if cursor.is_word("set") && cursor.peek_nth(1) == "(" => {
            cursor.next();
            one(ColumnChange::Options {
                set: options(cursor)?,
                reset: Vec::new(),
            })
        }
        () if cursor.is_word("reset") && cursor.peek_nth(1) == "(" => {
            cursor.next();
            one(ColumnChange::Options {
                set: BTreeMap::new(),
                reset: option_names(cursor)?,
            })
        }
        () if cursor.is_word("options") => one(ColumnChange::ForeignOptions(foreign_changes(cursor)?)),
        () => alter_identity(cursor, context, column),
    }
}

fn read_type(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<ColumnChange>, ParseError> {
    let type_name = context.read_type(cursor)?;
    let collation = collation(cursor, context)?;
    let using = if cursor.eat_word("using") {
        Some(context.expr(cursor.expr_slice(&[])?))
    } else {
        None
    };
    Ok(vec![ColumnChange::Type {
        type_name,
        collation,
        using,
    }])
}

/// `SET GENERATED ..`, `SET sequence option`, `RESTART`, in any number.
fn alter_identity(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
    column: Option<&Column>,
) -> Result<Vec<ColumnChange>, ParseError> {
    let (mut written, mut always, mut any) = (Written::default(), None, false);
    loop {
        if cursor.eat_words("set generated") {
            always = Some(read_always(cursor)?);
        } else {
            let set = cursor.eat_word("set");
            if !written.read_one(cursor, context)? {
                if set || !any {
                    return Err(cursor.expected("an action of ALTER COLUMN"));
                }
                break;
            }
        }
        any = true;
    }
    let Some((column, from)) = column.and_then(|column| Some((column, column.identity.as_ref()?))) else {
        return Err(context.missing(cursor, "the column is no identity column"));
    };
    let to = over_identity(from, &written, always, &column.type_name);
    Ok(if to == *from {
        Vec::new()
    } else {
        vec![ColumnChange::Identity {
            from: Some(from.clone()),
            to: Some(to),
        }]
    })
}
