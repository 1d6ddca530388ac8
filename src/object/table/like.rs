//! `LIKE table INCLUDING ..` inside CREATE TABLE: written out from the schema as it is at that point.

use crate::name::{Ident, QualifiedName};
use crate::object::column::Column;
use crate::object::comment::Comment;
use crate::object::constraint::ConstraintRule;
use crate::object::constraint::parse::Draft;
use crate::object::index::Index;
use crate::object::statistics::Statistics;
use crate::object::statistics::parse::default_name;
use crate::object::{Definition, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::error::ParseError;
use crate::parse::names::NameChooser;

use super::parse::Elements;

/// An object that is copied after the table is there.
pub(super) enum Copied {
    /// An index, still without a name of its own.
    Index(Box<Index>),
    /// Extended statistics, still without a name of their own.
    Statistics(Box<Statistics>),
    /// A comment.
    Comment(Comment),
}

/// What is copied, and the comment that comes along with it.
pub(super) struct Copy {
    pub(super) what: Copied,
    pub(super) comment: Option<String>,
}

impl Copy {
    /// The operations that make it; `statistics` are the names that copies before it got.
    pub(super) fn finish(
        self,
        context: &Context<'_>,
        chooser: &mut NameChooser<'_>,
        statistics: &mut Vec<QualifiedName>,
    ) -> Vec<Operation> {
        let (id, create) = match self.what {
            Copied::Comment(comment) => return vec![Operation::put(comment)],
            Copied::Index(mut index) => {
                let part = index.name_part();
                let namespace = index.table.namespace.clone();
                let name = chooser.relation(namespace.as_ref(), index.table.name.as_str(), &part, "idx");
                index.name = QualifiedName { namespace, name };
                (index.id(), Operation::create(*index))
            }
            Copied::Statistics(mut copy) => {
                copy.name = default_name(context, &copy.table, &copy.keys, statistics);
                statistics.push(copy.name.clone());
                (copy.id(), Operation::create(*copy))
            }
        };
        let comment = self.comment.map(|text| Operation::put(Comment { on: id, text }));
        std::iter::once(create).chain(comment).collect()
    }
}

const FEATURES: &[&str] = &[
    "comments",
    "compression",
    "constraints",
    "defaults",
    "generated",
    "identity",
    "indexes",
    "statistics",
    "storage",
];

/// Behind LIKE.
pub(super) fn read(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
    elements: &mut Elements<'_>,
) -> Result<(), ParseError> {
    let source = context.relation_name(cursor.qualified_name()?);
    let mut wanted: Vec<&str> = Vec::new();
    while let Some(word) = cursor.eat_any_word(&["including", "excluding"]) {
        let chosen = if cursor.eat_word("all") {
            FEATURES.to_vec()
        } else {
            vec![cursor.expect_any_word(FEATURES)?]
        };
        wanted.retain(|feature| !chosen.contains(feature));
        if word == "including" {
            wanted.extend(chosen);
        }
    }
    let id = context.relation_id(cursor, &source)?;
    if id.kind != Kind::Table {
        return Err(cursor
            .error(format!("LIKE {id} is not understood"))
            .hint("write the columns out"));
    }
    let has = |feature: &str| wanted.contains(&feature);
    for column in context.schema.all_columns(&source) {
        let copy = copy_column(column, &elements.table, &has);
        if has("comments") {
            let [from, copy] =
                [&source, &elements.table].map(|table| ObjectId::part(Kind::Column, table, &column.name));
            copy_comment(context, from, copy, elements);
        }
        elements.without_value.insert(copy.name.clone());
        elements.columns.push(copy);
    }
    for object in context.schema.parts(&source) {
        match object {
            Object::Constraint(constraint) => {
                let keep_name = matches!(
                    constraint.rule,
                    ConstraintRule::Check { .. } | ConstraintRule::NotNull { .. }
                );
                let wanted = match constraint.rule {
                    ConstraintRule::Check { .. } => has("constraints"),
                    ConstraintRule::NotNull { .. } => true,
                    ConstraintRule::ForeignKey(_) => false,
                    _ => has("indexes"),
                };
                if wanted {
                    elements.constraints.push(Draft {
                        deferrable: constraint.deferrable,
                        initially_deferred: constraint.initially_deferred,
                        ..Draft::new(keep_name.then(|| constraint.name.clone()), constraint.rule.clone())
                    });
                }
                if wanted && keep_name && has("comments") {
                    let copy = ObjectId::part(Kind::Constraint, &elements.table, &constraint.name);
                    copy_comment(context, constraint.id(), copy, elements);
                }
            }
            Object::Index(index) if has("indexes") => {
                let copy = Index {
                    name: nameless(),
                    table: elements.table.clone(),
                    attached_to: None,
                    invalid: false,
                    clustered: false,
                    ..index.clone()
                };
                elements.copied.push(Copy {
                    what: Copied::Index(Box::new(copy)),
                    comment: comment_of(context, index.id()).filter(|_| has("comments")),
                });
            }
            Object::Statistics(statistics) if has("statistics") => {
                let copy = Statistics {
                    name: nameless(),
                    table: elements.table.clone(),
                    target: None,
                    ..statistics.clone()
                };
                elements.copied.push(Copy {
                    what: Copied::Statistics(Box::new(copy)),
                    comment: comment_of(context, statistics.id()).filter(|_| has("comments")),
                });
            }
            _ => {}
        }
    }
    Ok(())
}

fn copy_column(column: &Column, table: &QualifiedName, has: &impl Fn(&str) -> bool) -> Column {
    Column {
        table: table.clone(),
        default: column.default.clone().filter(|_| has("defaults")),
        generated: column.generated.clone().filter(|_| has("generated")),
        identity: column
            .identity
            .clone()
            .filter(|_| has("identity"))
            .map(|identity| crate::object::column::Identity {
                sequence: None,
                ..identity
            }),
        storage: column.storage.filter(|_| has("storage")),
        compression: column.compression.clone().filter(|_| has("compression")),
        statistics: None,
        options: Default::default(),
        ..column.clone()
    }
}

/// A name that is chosen once the table is there.
fn nameless() -> QualifiedName {
    QualifiedName {
        namespace: None,
        name: Ident::new(""),
    }
}

fn comment_of(context: &Context<'_>, on: ObjectId) -> Option<String> {
    match context.schema.get(&ObjectId::satellite(Kind::Comment, &on)) {
        Some(Object::Comment(comment)) => Some(comment.text.clone()),
        _ => None,
    }
}

fn copy_comment(context: &Context<'_>, from: ObjectId, on: ObjectId, elements: &mut Elements<'_>) {
    if let Some(text) = comment_of(context, from) {
        elements.copied.push(Copy {
            what: Copied::Comment(Comment { on, text }),
            comment: None,
        });
    }
}
