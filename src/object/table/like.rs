//! `LIKE table INCLUDING ..` inside CREATE TABLE: written out from the schema as it is at that point.

use crate::name::{Ident, QualifiedName};
use crate::object::column::Column;
use crate::object::comment::Comment;
use crate::object::constraint::ConstraintRule;
use crate::object::constraint::parse::Draft;
use crate::object::index::Index;
use crate::object::{Kind, Object, ObjectId};
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
    /// A comment.
    Comment(Comment),
}

impl Copied {
    pub(super) fn finish(self, chooser: &mut NameChooser<'_>) -> Operation {
        match self {
            Copied::Comment(comment) => Operation::put(comment),
            Copied::Index(mut index) => {
                let part = index.name_part();
                let namespace = index.table.namespace.clone();
                let name = chooser.relation(namespace.as_ref(), index.table.name.as_str(), &part, "idx");
                index.name = QualifiedName { namespace, name };
                Operation::create(*index)
            }
        }
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
            copy_comment(context, ObjectId::part(Kind::Column, &source, &column.name), elements);
        }
        elements.without_value.insert(copy.name.clone());
        elements.columns.push(copy);
    }
    for object in context.schema.parts(&source) {
        match object {
            Object::Constraint(constraint) => {
                let keep_name = matches!(constraint.rule, ConstraintRule::Check { .. });
                let wanted = match constraint.rule {
                    ConstraintRule::Check { .. } => has("constraints"),
                    ConstraintRule::ForeignKey(_) | ConstraintRule::NotNull { .. } => false,
                    _ => has("indexes"),
                };
                if wanted {
                    elements.constraints.push(Draft {
                        deferrable: constraint.deferrable,
                        initially_deferred: constraint.initially_deferred,
                        ..Draft::new(keep_name.then(|| constraint.name.clone()), constraint.rule.clone())
                    });
                }
            }
            Object::Index(index) if has("indexes") => {
                let copy = Index {
                    name: QualifiedName {
                        namespace: None,
                        name: Ident::new(""),
                    },
                    table: elements.table.clone(),
                    attached_to: None,
                    invalid: false,
                    clustered: false,
                    ..index.clone()
                };
                elements.copied.push(Copied::Index(Box::new(copy)));
            }
            _ => {}
        }
    }
    if has("statistics")
        && context
            .schema
            .parts(&source)
            .any(|part| matches!(part, Object::Statistics(_)))
    {
        context.note(
            cursor.place(),
            format!("the extended statistics of {source} are not copied"),
        );
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

fn copy_comment(context: &Context<'_>, on: ObjectId, elements: &mut Elements<'_>) {
    let part = on.own_name().clone();
    if let Some(Object::Comment(comment)) = context.schema.get(&ObjectId::satellite(Kind::Comment, &on)) {
        let on = ObjectId::part(Kind::Column, &elements.table, &part);
        elements.copied.push(Copied::Comment(Comment {
            on,
            text: comment.text.clone(),
        }));
    }
}
