//! ALTER TABLE .. ALTER COLUMN.

use std::collections::BTreeMap;

use super::parse::{compression, default, over_identity, read_always, read_identity, storage};
use super::{Column, ColumnChange, Generated, Reach};
use crate::name::{Ident, QualifiedName};
use crate::object::index::parse::collation;
use crate::object::sequence::parse::Written;
use crate::object::server::options::read_changes as foreign_changes;
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
    let column = inherited
        .zip(context.schema.table(table))
        .map(|(column, heir)| column.handed_to(heir));
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

/// What `ALTER TABLE ONLY` needs beside a change that reaches tables below otherwise ([`ColumnChange::reach`]): before it, those that
/// had no column of their own get one; behind it, each says again what it had.
fn kept_below(
    context: &Context<'_>,
    table: &QualifiedName,
    name: &Ident,
    change: &ColumnChange,
) -> (Vec<Operation>, Vec<Operation>) {
    if change.reach() != Reach::Below {
        return (Vec::new(), Vec::new());
    }
    let schema = context.schema;
    let direct: Vec<OwnColumn> = schema
        .heirs(table)
        .map(|heir| own_column(context, &heir.name, name))
        .collect();
    let further = schema.all_heirs(table);
    let further = further.iter().filter_map(|heir| schema.column(heir, name));
    let mut had: Vec<Column> = direct.iter().filter_map(|own| own.column.clone()).collect();
    for column in further {
        if had.iter().all(|other| other.table != column.table) {
            had.push(column.clone());
        }
    }
    // What is said of one reaches those below it.
    let depth = |column: &Column| schema.all_heirs(&column.table).len();
    had.sort_by_key(|column| std::cmp::Reverse(depth(column)));
    let again = had.iter().filter(|column| change.fits(column)).filter_map(|column| {
        let kept = change.as_in(column)?;
        Some(Operation::alter(column.id(), kept))
    });
    let again = again.collect();
    (direct.into_iter().filter_map(|own| own.copy).collect(), again)
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
        let (copies, again) = match only {
            true => kept_below(context, &table, &name, &change),
            false => (Vec::new(), Vec::new()),
        };
        operations.extend(copies);
        operations.push(Operation::alter(own.id.clone(), change));
        operations.extend(again);
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
