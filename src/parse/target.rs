//! Objects that a statement names by class and name: `TABLE app.users`, `TRIGGER audit ON app.users`, `FUNCTION f(integer)`.

use crate::name::{Ident, QualifiedName};
use crate::object::routine::ArgumentMode;
use crate::object::routine::parse::argument;
use crate::object::{Kind, Object, ObjectId};
use crate::types::TypeName;

use super::context::Context;
use super::cursor::Cursor;
use super::error::ParseError;

/// A class of objects as statements name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// `TYPE`: any free-standing type.
    Type,
    /// `ROUTINE`: a function, procedure or aggregate.
    Routine,
    /// A class with a kind of its own.
    Kind(Kind),
}

const CLASSES: &[(&str, Class)] = &[
    ("collation", Class::Kind(Kind::Collation)),
    ("text search parser", Class::Kind(Kind::TextSearchParser)),
    ("text search template", Class::Kind(Kind::TextSearchTemplate)),
    ("text search dictionary", Class::Kind(Kind::TextSearchDictionary)),
    ("text search configuration", Class::Kind(Kind::TextSearchConfiguration)),
    ("cast", Class::Kind(Kind::Cast)),
    ("transform", Class::Kind(Kind::Transform)),
    ("language", Class::Kind(Kind::Language)),
    ("procedural language", Class::Kind(Kind::Language)),
    ("access method", Class::Kind(Kind::AccessMethod)),
    ("subscription", Class::Kind(Kind::Subscription)),
    ("publication", Class::Kind(Kind::Publication)),
    ("foreign data wrapper", Class::Kind(Kind::ForeignDataWrapper)),
    ("server", Class::Kind(Kind::Server)),
    ("user mapping", Class::Kind(Kind::UserMapping)),
    ("foreign server", Class::Kind(Kind::Server)),
    ("foreign table", Class::Kind(Kind::Table)),
    ("operator family", Class::Kind(Kind::OperatorFamily)),
    ("operator class", Class::Kind(Kind::OperatorClass)),
    ("operator", Class::Kind(Kind::Operator)),
    ("conversion", Class::Kind(Kind::Conversion)),
    ("event trigger", Class::Kind(Kind::EventTrigger)),
    ("materialized view", Class::Kind(Kind::MaterializedView)),
    ("schema", Class::Kind(Kind::Namespace)),
    ("extension", Class::Kind(Kind::Extension)),
    ("type", Class::Type),
    ("domain", Class::Kind(Kind::Domain)),
    ("table", Class::Kind(Kind::Table)),
    ("column", Class::Kind(Kind::Column)),
    ("constraint", Class::Kind(Kind::Constraint)),
    ("view", Class::Kind(Kind::View)),
    ("sequence", Class::Kind(Kind::Sequence)),
    ("index", Class::Kind(Kind::Index)),
    ("trigger", Class::Kind(Kind::Trigger)),
    ("rule", Class::Kind(Kind::Rule)),
    ("policy", Class::Kind(Kind::Policy)),
    ("statistics", Class::Kind(Kind::Statistics)),
    ("function", Class::Kind(Kind::Function)),
    ("procedure", Class::Kind(Kind::Procedure)),
    ("routine", Class::Routine),
    ("aggregate", Class::Kind(Kind::Aggregate)),
];

/// Reads the word for a class, if one comes next.
pub(crate) fn class(cursor: &mut Cursor<'_>) -> Option<Class> {
    CLASSES
        .iter()
        .find(|(words, _)| cursor.eat_words(words))
        .map(|(_, class)| *class)
}

/// Reads the name of an object of a class that must be there.
pub(crate) fn named(cursor: &mut Cursor<'_>, context: &Context<'_>, class: Class) -> Result<ObjectId, ParseError> {
    let kind = match class {
        Class::Type => {
            let name = cursor.qualified_routine()?;
            return context.type_id(cursor, &name);
        }
        Class::Routine => return routine(cursor, context, &[Kind::Function, Kind::Procedure, Kind::Aggregate]),
        Class::Kind(kind) => kind,
    };
    match kind {
        // What every database has, or another tool installs, need not be created by the sources.
        Kind::Namespace | Kind::Extension => Ok(ObjectId::global(kind, &cursor.any_ident()?)),
        Kind::UserMapping => crate::object::user_mapping::parse::named(cursor, context),
        Kind::Operator => crate::object::operator::parse::named(cursor, context),
        Kind::OperatorClass | Kind::OperatorFamily => {
            crate::object::operator_family::parse::named(cursor, context, kind)
        }
        Kind::Cast => crate::object::cast::parse::named(cursor, context),
        Kind::Transform => crate::object::transform::parse::named(cursor, context),
        Kind::Language => crate::object::language::parse::named(cursor, context),
        kind if !kind.is_in_namespace() => {
            let id = ObjectId::global(kind, &cursor.any_ident()?);
            context.existing(cursor, id)
        }
        Kind::Domain => {
            let name = context.type_qualified(cursor.qualified_routine()?);
            context.existing(cursor, ObjectId::named(kind, &name))
        }
        Kind::Function | Kind::Procedure | Kind::Aggregate => routine(cursor, context, &[kind]),
        Kind::Column => column(cursor, context),
        Kind::Constraint | Kind::Trigger | Kind::Rule | Kind::Policy => part(cursor, context, kind),
        Kind::Index => {
            let name = cursor.qualified_name()?;
            context.index_id(cursor, &name)?;
            Ok(ObjectId::named(kind, &context.relation_name(name)))
        }
        kind if kind.is_relation() => {
            let name = context.relation_name(cursor.qualified_name()?);
            context.existing(cursor, ObjectId::named(kind, &name))
        }
        _ => {
            let name = cursor.qualified_name()?;
            let id = in_path(context, kind, &name);
            context.existing(cursor, id)
        }
    }
}

/// The object of this kind that a name means: without a namespace the first one along the search path.
pub(crate) fn in_path(context: &Context<'_>, kind: Kind, name: &QualifiedName) -> ObjectId {
    let named = |namespace: &Ident| ObjectId::named(kind, &QualifiedName::new(namespace.clone(), name.name.clone()));
    if name.namespace.is_some() || !kind.is_in_namespace() {
        return ObjectId::named(kind, name);
    }
    let mut ids = context.path.namespaces().iter().map(named);
    let first = ids.next();
    let found = first.iter().cloned().chain(ids).find(|id| context.schema.contains(id));
    found.or(first).unwrap_or_else(|| ObjectId::named(kind, name))
}

/// Names separated by dots.
fn dotted(cursor: &mut Cursor<'_>) -> Result<Vec<Ident>, ParseError> {
    let mut names = vec![cursor.ident()?];
    while cursor.eat_mark(".") {
        names.push(cursor.any_ident()?);
    }
    Ok(names)
}

fn column(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<ObjectId, ParseError> {
    let mut names = dotted(cursor)?;
    let column = names.pop();
    let (Some(column), Some(relation)) = (column, names.pop()) else {
        return Err(cursor.error("a column is named together with its table, as in app.users.email"));
    };
    let name = QualifiedName {
        namespace: names.pop(),
        name: relation,
    };
    let composite = context.type_qualified(name.clone());
    if context
        .schema
        .contains(&ObjectId::named(Kind::CompositeType, &composite))
    {
        return Ok(ObjectId::part(Kind::Column, &composite, &column));
    }
    let relation = context.relation_id(cursor, &name)?;
    let id = ObjectId::part(Kind::Column, &relation.qualified(), &column);
    let table = relation.qualified();
    let known = relation.kind == Kind::Table && !context.schema.all_columns(&table).iter().any(|c| c.name == column);
    if known {
        return Err(context.missing(cursor, format!("{id} does not exist")).absent(id));
    }
    Ok(id)
}

fn part(cursor: &mut Cursor<'_>, context: &Context<'_>, kind: Kind) -> Result<ObjectId, ParseError> {
    let own = cursor.any_ident()?;
    cursor.expect_word("on")?;
    if kind == Kind::Constraint && cursor.eat_word("domain") {
        let domain = context.type_qualified(cursor.qualified_routine()?);
        return context.existing(cursor, ObjectId::part(Kind::DomainConstraint, &domain, &own));
    }
    let name = cursor.qualified_name()?;
    let relation = context.relation_id(cursor, &name)?;
    let id = ObjectId::part(kind, &relation.qualified(), &own);
    // A constraint may be inherited from a parent; the table alone must be there.
    if kind == Kind::Constraint {
        return Ok(id);
    }
    context.existing(cursor, id)
}

/// Reads the name of a routine, with or without the types of its arguments.
fn routine(cursor: &mut Cursor<'_>, context: &Context<'_>, kinds: &[Kind]) -> Result<ObjectId, ParseError> {
    let name = cursor.qualified_routine()?;
    let types = if cursor.is_mark("(") {
        Some(argument_types(cursor, context)?)
    } else {
        None
    };
    let mut found = routines(context, kinds, &name, types.as_deref());
    if let Some(types) = types
        .as_ref()
        .filter(|_| found.is_empty() && kinds.contains(&Kind::Procedure))
    {
        found = routines(context, &[Kind::Procedure], &name, None);
        found.retain(|id| all_types(context, id).is_some_and(|all| same_types(&all, types)));
    }
    let written = match &types {
        Some(types) => format!("{name}({})", crate::sql::list(types)),
        None => name.to_string(),
    };
    let word = match kinds {
        [kind] => kind.word(),
        _ => "routine",
    };
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => {
            let fault = context.missing(cursor, format!("{word} {written} does not exist"));
            let kind = kinds.first().copied().unwrap_or(Kind::Function);
            let signature = crate::sql::list(types.iter().flatten());
            Err(fault.absent(ObjectId::routine(kind, &context.relation_name(name), &signature)))
        }
        _ => Err(cursor
            .error(format!("there are {} routines named {name}", found.len()))
            .hint("write the types of the arguments in parentheses")),
    }
}

/// The routines of these kinds with this name, and with these argument types where they are given, in the first namespace
/// of the search path that has any.
pub(crate) fn routines(
    context: &Context<'_>,
    kinds: &[Kind],
    name: &QualifiedName,
    types: Option<&[TypeName]>,
) -> Vec<ObjectId> {
    let path = context.path.namespaces().iter();
    let namespaces: Vec<&Ident> = match &name.namespace {
        Some(namespace) => vec![namespace],
        None => path.collect(),
    };
    for namespace in namespaces {
        let found: Vec<ObjectId> = kinds
            .iter()
            .flat_map(|kind| context.schema.of_kind(*kind))
            .map(|(id, _)| id)
            .filter(|id| id.namespace.as_ref() == Some(namespace) && id.name == name.name)
            .filter(|id| types.is_none_or(|types| fits(id.signature.as_deref().unwrap_or(""), types)))
            .cloned()
            .collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// `(a integer, OUT b text)`: the types of the input arguments.
pub(crate) fn argument_types(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<TypeName>, ParseError> {
    cursor.parenthesised(|inside| {
        let mut types = Vec::new();
        if inside.at_end() || inside.eat_mark("*") {
            return Ok(types);
        }
        inside.eat_words("order by");
        loop {
            let argument = argument(inside, context)?;
            if argument.mode != ArgumentMode::Out {
                types.push(argument.type_name);
            }
            if !inside.eat_mark(",") && !inside.eat_words("order by") {
                return Ok(types);
            }
        }
    })
}

/// The types of all arguments of a procedure, by which it may be named too where no word says their modes.
fn all_types(context: &Context<'_>, id: &ObjectId) -> Option<Vec<TypeName>> {
    match context.schema.get(id)? {
        Object::Routine(routine) => Some(routine.arguments.iter().map(|one| one.type_name.clone()).collect()),
        _ => None,
    }
}

/// Whether argument types are those of a signature.
fn fits(signature: &str, types: &[TypeName]) -> bool {
    same_types(&split_types(signature), types)
}

/// A type without a namespace fits any type of its name.
fn same_types(own: &[TypeName], types: &[TypeName]) -> bool {
    own.len() == types.len()
        && own.iter().zip(types).all(|(own, wanted)| {
            let loose = own.namespace.is_none() || wanted.namespace.is_none();
            own.name == wanted.name && own.array == wanted.array && (loose || own.namespace == wanted.namespace)
        })
}

/// The types of a signature.
pub(crate) fn split_types(signature: &str) -> Vec<TypeName> {
    let (mut types, mut start, mut quoted) = (Vec::new(), 0, false);
    for (at, byte) in signature.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                types.push(TypeName::parse(&signature[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    if !signature.trim().is_empty() {
        types.push(TypeName::parse(&signature[start..]));
    }
    types
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_compared_type_by_type() {
        let types = |list: &[&str]| list.iter().map(|t| TypeName::parse(t)).collect::<Vec<_>>();
        assert!(fits("\"a,b\".t, integer[]", &types(&["t", "int[]"])));
        assert!(fits("", &[]));
        assert!(!fits("", &types(&["t"])));
        assert!(!fits("a.t", &types(&["b.t"])));
    }
}
