//! CREATE INDEX, ALTER INDEX, CLUSTER; and the keys that exclusion constraints share with indexes.

use std::collections::BTreeMap;

use super::{Index, IndexChange, IndexKey, KeyExpr};
use crate::name::{Ident, QualifiedName};
use crate::object::constraint::ConstraintChange;
use crate::object::{Change, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::error::ParseError;
use crate::parse::names::{NameChooser, columns_part, index_columns};
use crate::parse::options::{option_names, options};
use crate::parse::relation;

use super::label::expression_label;

impl Index {
    /// The middle part of the name that PostgreSQL would choose for it: the names of all its columns and expressions.
    pub fn name_part(&self) -> String {
        name_part(&self.keys, &self.include)
    }
}

fn name_part(keys: &[IndexKey], include: &[Ident]) -> String {
    let include = include.iter().map(|column| column.as_str().to_owned());
    let labels = index_columns(keys.iter().map(key_label).chain(include));
    columns_part(labels.iter().map(String::as_str))
}

/// CREATE INDEX.
pub(crate) fn parse_create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_word("create")?;
    let unique = cursor.eat_word("unique");
    cursor.expect_word("index")?;
    let concurrently = cursor.eat_word("concurrently");
    let if_exists = relation::if_not_exists(cursor);
    let given = if cursor.is_word("on") {
        None
    } else {
        Some(cursor.qualified_name()?.name)
    };
    cursor.expect_word("on")?;
    let only = cursor.eat_word("only");
    let table = context.relation_name(cursor.qualified_name()?);
    let method = if cursor.eat_word("using") {
        cursor.any_ident()?
    } else {
        Ident::new("btree")
    };
    let mut keys = cursor.paren_list(|cursor| key(cursor, context))?;
    keys.iter_mut().for_each(|key| super::usual_class::forget(&method, key));
    let include = if cursor.eat_word("include") {
        cursor.paren_list(Cursor::ident)?
    } else {
        Vec::new()
    };
    let nulls_not_distinct = nulls_not_distinct(cursor)?;
    let options = if cursor.eat_word("with") {
        options(cursor)?
    } else {
        BTreeMap::new()
    };
    let tablespace = tablespace_of_new(cursor)?;
    let predicate = if cursor.eat_word("where") {
        Some(context.expr(whole_expr(cursor)))
    } else {
        None
    };
    let name = match given {
        Some(name) => name,
        None => {
            let part = name_part(&keys, &include);
            NameChooser::new(context.taken).relation(table.namespace.as_ref(), table.name.as_str(), &part, "idx")
        }
    };
    // Only a partitioned table has indexes that wait for those of its partitions.
    let partitioned = context
        .schema
        .table(&table)
        .is_some_and(|table| table.partition_by.is_some());
    if only && context.schema.relation(&table).is_none() {
        let fault = context.missing(cursor, format!("relation {table} does not exist"));
        return Err(fault.absent(ObjectId::named(Kind::Table, &table)));
    }
    let index = Index {
        name: QualifiedName {
            namespace: table.namespace.clone(),
            name,
        },
        table,
        unique,
        nulls_not_distinct,
        method,
        keys,
        include,
        predicate,
        options,
        tablespace,
        attached_to: None,
        invalid: only && partitioned,
        clustered: false,
    };
    Ok(vec![Operation::Create {
        object: index.into(),
        if_exists,
        concurrently,
        like: false,
    }])
}

/// The expression up to the end of the statement, without parentheses around the whole of it.
fn whole_expr<'a>(cursor: &mut Cursor<'a>) -> &'a str {
    let start = cursor.mark();
    if let Ok(inner) = cursor.paren_expr() {
        if cursor.at_end() {
            return inner;
        }
    }
    cursor.reset(start);
    cursor.rest()
}

/// Reads `NULLS [NOT] DISTINCT`.
pub(crate) fn nulls_not_distinct(cursor: &mut Cursor<'_>) -> Result<bool, ParseError> {
    if !cursor.is_word("nulls") {
        return Ok(false);
    }
    cursor.next();
    let not = cursor.eat_word("not");
    cursor.expect_word("distinct")?;
    Ok(not)
}

/// Reads `TABLESPACE name` of a new object; `pg_default` is kept, because it overrides the setting in force.
pub(crate) fn tablespace_of_new(cursor: &mut Cursor<'_>) -> Result<Option<Ident>, ParseError> {
    if !cursor.eat_word("tablespace") {
        return Ok(None);
    }
    cursor.any_ident().map(Some)
}

/// Reads `TABLESPACE name`; `pg_default` is no tablespace of its own.
pub(crate) fn tablespace(cursor: &mut Cursor<'_>) -> Result<Option<Ident>, ParseError> {
    if !cursor.eat_word("tablespace") {
        return Ok(None);
    }
    let name = cursor.any_ident()?;
    Ok(Some(name).filter(|name| name.as_str() != "pg_default"))
}

/// A column, function call or `(expression)`, in front of whatever may follow a key.
pub(crate) fn key_expr(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<KeyExpr, ParseError> {
    if cursor.is_mark("(") {
        let text = cursor.paren_expr()?;
        return Ok(match column_alone(text) {
            Some(column) => KeyExpr::Column(column),
            None => KeyExpr::Expr(context.expr(text)),
        });
    }
    let start = cursor.mark();
    let call = cursor.peek_nth(1) == "(" || cursor.peek_nth(1) == ".";
    if !call {
        // Words such as CURRENT_DATE are functions without parentheses; no index can use them, so only names remain.
        return cursor.ident().map(KeyExpr::Column);
    }
    while cursor.peek_nth(1) == "." {
        cursor.any_ident()?;
        cursor.expect_mark(".")?;
    }
    cursor.any_ident()?;
    if !cursor.is_mark("(") {
        return Err(cursor.expected("\"(\""));
    }
    cursor.skip_group();
    Ok(KeyExpr::Expr(context.expr(cursor.slice_since(start))))
}

/// The column that an expression consists of, if it is one: PostgreSQL stores `((a))` as column a.
fn column_alone(text: &str) -> Option<Ident> {
    let word =
        text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') && text.starts_with(|c: char| !c.is_ascii_digit());
    let quoted = text
        .strip_prefix('"')
        .and_then(|t| t.strip_suffix('"'))
        .filter(|t| !t.contains('"'));
    match quoted {
        Some(name) => Some(Ident::new(name)),
        None if word && !crate::keywords::needs_quotes(text) => Some(Ident::folded(text)),
        None => None,
    }
}

/// One key of an index or exclusion constraint.
pub(crate) fn key(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<IndexKey, ParseError> {
    let key = key_expr(cursor, context)?;
    let collation = collation(cursor, context)?;
    let after = ["asc", "desc", "nulls", "with"];
    let mut operator_class = None;
    let mut operator_class_options = BTreeMap::new();
    if !cursor.at_end() && !cursor.is_mark(",") && !cursor.is_any_word(&after) {
        operator_class = Some(context.name_of(Kind::OperatorClass, cursor.qualified_routine()?));
        if cursor.is_mark("(") {
            operator_class_options = options(cursor)?;
        }
    }
    let descending = cursor.eat_any_word(&["asc", "desc"]) == Some("desc");
    let nulls_first = if cursor.eat_word("nulls") {
        cursor.expect_any_word(&["first", "last"])? == "first"
    } else {
        descending
    };
    Ok(IndexKey {
        key,
        collation,
        operator_class,
        operator_class_options,
        descending,
        nulls_first,
    })
}

/// Reads `COLLATE name`. Whether that says anything is known once all columns are.
pub(crate) fn collation(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Option<QualifiedName>, ParseError> {
    if !cursor.eat_word("collate") {
        return Ok(None);
    }
    Ok(Some(context.name_of(Kind::Collation, cursor.qualified_routine()?)))
}

/// What a key contributes to a default name.
pub(crate) fn key_label(key: &IndexKey) -> String {
    match &key.key {
        KeyExpr::Column(column) => column.as_str().to_owned(),
        KeyExpr::Expr(expr) => expression_label(&expr.text).unwrap_or_else(|| "expr".to_owned()),
    }
}

/// ALTER INDEX.
pub(crate) fn parse_alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter index")?;
    let missing = relation::if_exists(cursor);
    let name = cursor.qualified_name()?;
    let id = context
        .index_id(cursor, &name)
        .map_err(|error| error.missing(missing))?;
    if cursor.eat_words("rename to") {
        let to = id.with_own_name(&cursor.any_ident()?);
        return Ok(vec![Operation::Rename { from: id, to }]);
    }
    alter_actions(cursor, context, id)
}

/// What ALTER INDEX, or ALTER TABLE on an index, does to it.
pub(crate) fn alter_actions(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
    id: ObjectId,
) -> Result<Vec<Operation>, ParseError> {
    let of_constraint = id.kind == Kind::Constraint;
    let option_change = |set, reset| -> Change {
        if of_constraint {
            ConstraintChange::Options { set, reset }.into()
        } else {
            IndexChange::Options { set, reset }.into()
        }
    };
    if cursor.eat_words("attach partition") {
        let child = cursor.qualified_name()?;
        let child = context.index_id(cursor, &child)?;
        let parent = QualifiedName {
            namespace: id.namespace.clone(),
            name: id.own_name().clone(),
        };
        return match (of_constraint, child.kind == Kind::Constraint) {
            // A partition's constraint that belongs to the parent's is implied by it.
            (true, true) => {
                context.implied(child, parent);
                Ok(Vec::new())
            }
            (true, false) => Err(cursor
                .error(format!(
                    "{id} is a constraint, so the index attached to it must be a constraint's too"
                ))
                .hint("add the constraint to the partition, USING INDEX, first")),
            (false, false) => Ok(vec![Operation::alter(child, IndexChange::Attach(parent))]),
            (false, true) => Ok(vec![Operation::alter(child, ConstraintChange::Attach(parent))]),
        };
    }
    if cursor.is_word("set") && cursor.peek_nth(1) == "(" {
        cursor.next();
        return Ok(vec![Operation::alter(id, option_change(options(cursor)?, Vec::new()))]);
    }
    if cursor.eat_word("reset") {
        return Ok(vec![Operation::alter(
            id,
            option_change(BTreeMap::new(), option_names(cursor)?),
        )]);
    }
    if cursor.eat_words("set") {
        let tablespace = tablespace(cursor)?;
        if of_constraint {
            return Err(cursor.error("the tablespace of a constraint's index is written in the constraint"));
        }
        return Ok(vec![Operation::alter(id, IndexChange::Tablespace(tablespace))]);
    }
    if cursor.is_word("alter") || cursor.are_words("depends on") || cursor.are_words("no depends") {
        context.note(
            cursor.place(),
            "statistics targets and dependencies of indexes are not managed",
        );
        cursor.rest();
        return Ok(Vec::new());
    }
    Err(cursor.expected("an action of ALTER INDEX"))
}

/// `CLUSTER table USING index`, or its older form `CLUSTER index ON table`.
pub(crate) fn parse_cluster(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_word("cluster")?;
    cursor.eat_word("verbose");
    let table = cursor.qualified_name()?;
    cursor.expect_word("using")?;
    let index = cursor.ident()?;
    let table = context.relation_name(table);
    cluster_on(cursor, context, &table, Some(index))
}

/// Marks a table to be clustered on an index, or on none.
pub(crate) fn cluster_on(
    cursor: &Cursor<'_>,
    context: &Context<'_>,
    table: &QualifiedName,
    index: Option<Ident>,
) -> Result<Vec<Operation>, ParseError> {
    let clustered = context.schema.indexes(table).filter(|index| index.clustered);
    let mut operations: Vec<_> = clustered
        .map(|index| Operation::alter(ObjectId::named(Kind::Index, &index.name), IndexChange::Clustered(false)))
        .collect();
    if let Some(index) = index {
        let id = context.index_id(
            cursor,
            &QualifiedName {
                namespace: table.namespace.clone(),
                name: index,
            },
        )?;
        if id.kind == Kind::Constraint {
            context.note(
                cursor.place(),
                format!("the clustering of {table} on the index of {id} is not managed"),
            );
        } else {
            operations.push(Operation::alter(id, IndexChange::Clustered(true)));
        }
    }
    Ok(operations)
}

/// The key columns of an index, where all of them are columns.
pub(crate) fn key_columns(context: &Context<'_>, index: &QualifiedName) -> Option<(Vec<Ident>, Index)> {
    let Some(Object::Index(index)) = context.schema.get(&ObjectId::named(Kind::Index, index)) else {
        return None;
    };
    let columns = index.keys.iter().map(|key| match &key.key {
        KeyExpr::Column(column) => Some(column.clone()),
        KeyExpr::Expr(_) => None,
    });
    Some((columns.collect::<Option<Vec<_>>>()?, index.clone()))
}
