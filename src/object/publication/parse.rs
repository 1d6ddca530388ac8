//! `CREATE PUBLICATION` and `ALTER PUBLICATION`.

use std::collections::BTreeSet;

use super::{Publication, PublicationChange, PublicationOptions, PublishedTable};
use crate::name::{Ident, QualifiedName};
use crate::object::{Definition, Kind, Object};
use crate::operation::Operation;
use crate::parse::ParseError;
use crate::parse::common::alter as common_alter;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::options::{parameters, truth, value};
use crate::parse::target::{Class, named};

/// What can be published, in the order of the model.
const ACTIONS: &[&str] = &["insert", "update", "delete", "truncate"];

/// `CREATE PUBLICATION`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("create publication")?;
    let mut publication = Publication {
        name: cursor.any_ident()?,
        all_tables: false,
        tables: Vec::new(),
        namespaces: BTreeSet::new(),
        options: PublicationOptions::default(),
    };
    if cursor.eat_word("for") {
        if cursor.eat_words("all tables") {
            publication.all_tables = true;
        } else {
            (publication.tables, publication.namespaces) = members(cursor, context)?;
        }
    }
    if cursor.eat_word("with") {
        options(cursor, &mut publication.options)?;
    }
    publication.tables.sort_by(|a, b| a.table.cmp(&b.table));
    Ok(vec![Operation::create(publication)])
}

/// `( publish = '..', publish_via_partition_root = .. )`
fn options(cursor: &mut Cursor<'_>, into: &mut PublicationOptions) -> Result<(), ParseError> {
    parameters(cursor, |cursor, key| {
        match key {
            "publish" => {
                let text = value(cursor)?;
                let wanted: Vec<String> = text
                    .split(',')
                    .map(|word| word.trim().to_ascii_lowercase())
                    .filter(|word| !word.is_empty())
                    .collect();
                if let Some(other) = wanted.iter().find(|word| !ACTIONS.contains(&word.as_str())) {
                    return Err(cursor.error(format!("{other} cannot be published")));
                }
                let chosen = ACTIONS
                    .iter()
                    .filter(|action| wanted.iter().any(|word| word == *action));
                into.publish = crate::sql::list(chosen);
            }
            "publish_via_partition_root" => into.via_root = truth(cursor)?,
            "publish_generated_columns" => {
                into.generated_columns = match cursor.at_end() || cursor.is_mark(",") {
                    true => true,
                    false => match value(cursor)?.to_ascii_lowercase().as_str() {
                        "stored" => true,
                        "none" => false,
                        other => {
                            return Err(
                                cursor.error(format!("publish_generated_columns is stored or none, not {other}"))
                            );
                        }
                    },
                }
            }
            _ => return Err(cursor.error(format!("a publication has no option {key}"))),
        }
        Ok(())
    })
}

/// `TABLE a, b, TABLES IN SCHEMA s`: a word in front holds until the next one.
fn members(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
) -> Result<(Vec<PublishedTable>, BTreeSet<Ident>), ParseError> {
    let (mut tables, mut namespaces) = (Vec::new(), BTreeSet::new());
    let mut in_schema = None;
    loop {
        if cursor.eat_words("tables in schema") || cursor.eat_words("all tables in schema") {
            in_schema = Some(true);
        } else if cursor.eat_word("table") {
            in_schema = Some(false);
        }
        match in_schema {
            None => return Err(cursor.expected("ALL TABLES, TABLE or TABLES IN SCHEMA")),
            Some(true) => {
                let namespace = if cursor.eat_word("current_schema") {
                    let first = context.path.namespaces().first();
                    first.cloned().ok_or_else(|| cursor.error("the search path is empty"))?
                } else {
                    cursor.any_ident()?
                };
                namespaces.insert(namespace);
            }
            Some(false) => member(cursor, context, &mut tables)?,
        }
        if !cursor.eat_mark(",") {
            return Ok((tables, namespaces));
        }
    }
}

/// `[ONLY] table [*] [(column, ..)] [WHERE (filter)]`. Without ONLY the inheritance children are published too.
fn member(cursor: &mut Cursor<'_>, context: &Context<'_>, tables: &mut Vec<PublishedTable>) -> Result<(), ParseError> {
    let only = cursor.eat_word("only");
    let name = if only && cursor.is_mark("(") {
        cursor.parenthesised(Cursor::qualified_name)?
    } else {
        cursor.qualified_name()?
    };
    cursor.eat_mark("*");
    let table = context.relation_id(cursor, &name)?.qualified();
    let columns: BTreeSet<Ident> = if cursor.is_mark("(") {
        cursor.paren_list(Cursor::ident)?.into_iter().collect()
    } else {
        BTreeSet::new()
    };
    let filter = if cursor.eat_word("where") {
        Some(context.expr(cursor.paren_expr()?))
    } else {
        None
    };
    let mut names = vec![table];
    let mut at = 0;
    while let (false, Some(parent)) = (only, names.get(at).cloned()) {
        let children = context.schema.heirs(&parent);
        let inherited = children
            .filter(|child| child.partition_of.is_none())
            .map(|child| child.name.clone());
        let new: Vec<QualifiedName> = inherited.filter(|child| !names.contains(child)).collect();
        names.extend(new);
        at += 1;
    }
    for table in names {
        if !tables.iter().any(|known| known.table == table) {
            let (columns, filter) = (columns.clone(), filter.clone());
            tables.push(PublishedTable { table, columns, filter });
        }
    }
    Ok(())
}

/// `ALTER PUBLICATION`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter publication")?;
    let id = named(cursor, context, Class::Kind(Kind::Publication))?;
    if let Some(operations) = common_alter(cursor, context, &id)? {
        return Ok(operations);
    }
    let change = match cursor.expect_any_word(&["add", "set", "drop"])? {
        "set" if cursor.is_mark("(") => {
            let mut wanted = match context.schema.get(&id) {
                Some(Object::Publication(now)) => now.options.clone(),
                _ => PublicationOptions::default(),
            };
            options(cursor, &mut wanted)?;
            PublicationChange::Options(wanted)
        }
        word => {
            let (tables, namespaces) = members(cursor, context)?;
            match word {
                "add" => {
                    if let Some(Object::Publication(now)) = context.schema.get(&id) {
                        if let Some(double) = tables.iter().find(|new| now.member(&new.table).is_some()) {
                            return Err(cursor.error(format!("{} is in {} already", double.table, now.id())));
                        }
                    }
                    PublicationChange::Add(tables, namespaces)
                }
                "set" => PublicationChange::Members(tables, namespaces),
                _ => PublicationChange::Drop(tables.into_iter().map(|member| member.table).collect(), namespaces),
            }
        }
    };
    Ok(vec![Operation::alter(id, change)])
}
