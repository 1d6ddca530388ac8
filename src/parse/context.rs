//! What a statement parser knows beside the statement: the schema so far, the search path, and where to leave remarks.

use std::cell::RefCell;

use crate::expr::{Expr, Query, SearchPath};
use crate::name::{Ident, QualifiedName};
use crate::object::role::{CURRENT, SESSION};
use crate::object::{Kind, ObjectId};
use crate::schema::Schema;
use crate::types::TypeName;

use super::cursor::Cursor;
use super::declared::Declared;
use super::error::{Missing, ParseError, Place};
use super::hints;
use super::names::TakenNames;

/// A remark about something that was read but is no part of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Where it stands.
    pub place: Place,
    /// What was left out, in one sentence.
    pub message: String,
    /// Whether it is a definition that is left out because pgphase does not manage its kind, so that the files ask for more
    /// than a plan can give.
    pub unmanaged: bool,
}

/// A comment of the form `-- @key value` right before a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// The object defined there.
    pub on: ObjectId,
    /// The key, without the `@`.
    pub key: String,
    /// The rest of the line.
    pub value: String,
    /// Where the definition stands.
    pub place: Place,
}

/// What a statement parser may look at.
pub(crate) struct Context<'s> {
    /// The schema as the statements before this one make it.
    pub(crate) schema: &'s Schema,
    /// Names of relations and constraints in use, for default names.
    pub(crate) taken: &'s TakenNames,
    /// Names that the sources create anywhere.
    pub(crate) declared: &'s Declared,
    /// The search path in force.
    pub(crate) path: &'s SearchPath,
    pub(super) notices: RefCell<Vec<Notice>>,
    pub(super) annotations: RefCell<Vec<Annotation>>,
    /// Constraints of partitions that are attached to one of the parent's, by the name of its index, and go when everything has
    /// been read.
    pub(super) implied: RefCell<Vec<(ObjectId, QualifiedName)>>,
    /// Columns that a table has from its parent and got a copy of only to be changed.
    pub(super) copied: RefCell<Vec<ObjectId>>,
}

impl<'s> Context<'s> {
    pub(super) fn new(schema: &'s Schema, taken: &'s TakenNames, declared: &'s Declared, path: &'s SearchPath) -> Self {
        Context {
            schema,
            taken,
            declared,
            path,
            notices: RefCell::default(),
            annotations: RefCell::default(),
            implied: RefCell::default(),
            copied: RefCell::default(),
        }
    }

    /// Leaves a remark about something that is read over.
    pub(crate) fn note(&self, place: Place, message: impl Into<String>) {
        let message = message.into();
        self.notices.borrow_mut().push(Notice {
            place,
            message,
            unmanaged: false,
        });
    }

    /// Leaves a remark about a definition of a kind that is not managed.
    pub(crate) fn unmanaged(&self, place: Place, message: impl Into<String>) {
        let message = message.into();
        self.notices.borrow_mut().push(Notice {
            place,
            message,
            unmanaged: true,
        });
    }

    /// Tells that a partition's constraint is attached to this one of its parent's, and implied by it.
    pub(crate) fn implied(&self, constraint: ObjectId, parent: QualifiedName) {
        self.implied.borrow_mut().push((constraint, parent));
    }

    /// Tells that a column gets a copy of its own only to be changed.
    pub(crate) fn copied(&self, column: ObjectId) {
        self.copied.borrow_mut().push(column);
    }

    /// Takes the annotations in the comments before the next token as said about an object.
    pub(crate) fn annotate(&self, cursor: &Cursor<'_>, on: &ObjectId) {
        for comment in cursor.comments_before().iter().filter(|comment| comment.own_line) {
            self.annotate_with(comment.text, on, &cursor.place());
        }
    }

    pub(super) fn annotate_with(&self, comment: &str, on: &ObjectId, place: &Place) {
        for (key, value) in hints::lines(comment) {
            let (on, key, value) = (on.clone(), key.to_owned(), value.to_owned());
            self.annotations.borrow_mut().push(Annotation {
                on,
                key,
                value,
                place: place.clone(),
            });
        }
    }

    // ---- texts

    /// An expression written here.
    pub(crate) fn expr(&self, text: &str) -> Expr {
        Expr::under(text, self.path)
    }

    /// A query written here.
    pub(crate) fn query(&self, text: &str) -> Query {
        Query::under(text, self.path)
    }

    // ---- names

    /// The name of an object to be created: without a namespace it goes into the first one of the search path.
    pub(crate) fn new_name(&self, cursor: &Cursor<'_>, name: QualifiedName) -> Result<QualifiedName, ParseError> {
        match (&name.namespace, self.path.namespaces().first()) {
            (Some(namespace), _) if namespace.as_str().starts_with("pg_temp") => {
                Err(cursor.error("a temporary object cannot be part of a schema"))
            }
            (Some(_), _) => Ok(name),
            (None, Some(first)) => Ok(QualifiedName {
                namespace: Some(first.clone()),
                ..name
            }),
            (None, None) => Err(cursor
                .error(format!("{name} has no schema, and the search path is empty"))
                .hint("write the schema before the name, or SET search_path")),
        }
    }

    /// Where an unqualified name is found: the first namespace of the search path that has or will have it, else the
    /// first of the path.
    fn found(&self, name: QualifiedName, has: impl Fn(&QualifiedName) -> bool) -> QualifiedName {
        if name.namespace.is_some() {
            return name;
        }
        let candidates = self.path.namespaces().iter().map(|namespace| QualifiedName {
            namespace: Some(namespace.clone()),
            name: name.name.clone(),
        });
        let mut first = None;
        for candidate in candidates {
            if has(&candidate) {
                return candidate;
            }
            first.get_or_insert(candidate);
        }
        first.unwrap_or(name)
    }

    /// The full name of a relation that exists or is created somewhere in the sources.
    pub(crate) fn relation_name(&self, name: QualifiedName) -> QualifiedName {
        self.found(name, |name| {
            self.schema.relation(name).is_some() || self.declared.relations.contains(name)
        })
    }

    /// The full name of a routine; without a namespace when nothing in the sources creates it.
    pub(crate) fn routine_name(&self, name: QualifiedName) -> QualifiedName {
        self.known_or_bare(name, |name| self.declared.routines.contains(name))
    }

    /// The full name of a type; without a namespace when nothing in the sources creates it (built in, or from an
    /// extension).
    pub(crate) fn type_qualified(&self, name: QualifiedName) -> QualifiedName {
        self.known_or_bare(name, |name| {
            self.declared.types.contains(name) || self.schema.type_id(name).is_some()
        })
    }

    fn known_or_bare(&self, name: QualifiedName, known: impl Fn(&QualifiedName) -> bool) -> QualifiedName {
        if name
            .namespace
            .as_ref()
            .is_some_and(|namespace| namespace.as_str() == "pg_catalog")
        {
            return QualifiedName {
                namespace: None,
                ..name
            };
        }
        let bare = name.clone();
        let found = self.found(name, &known);
        if bare.namespace.is_some() || known(&found) {
            found
        } else {
            bare
        }
    }

    /// The full name of a collation and the like; without a namespace when nothing in the sources creates it.
    pub(crate) fn name_of(&self, kind: Kind, name: QualifiedName) -> QualifiedName {
        self.known_or_bare(name, |name| {
            self.schema.contains(&ObjectId::named(kind, name))
                || self
                    .declared
                    .others
                    .iter()
                    .any(|(other, known)| *other == kind && known == name)
        })
    }

    /// A type with its namespace where the sources tell it.
    pub(crate) fn type_name(&self, text: &str) -> TypeName {
        let mut name = TypeName::parse(text);
        if name.namespace.is_none() && !name.is_builtin() {
            let bare = QualifiedName {
                namespace: None,
                name: name.name.clone(),
            };
            name.namespace = self.type_qualified(bare).namespace;
        }
        self.array_of(&name).unwrap_or(name)
    }

    /// The array that an internal name (`_mood` for `mood[]`) means, where the sources know the element and no type of that name.
    fn array_of(&self, name: &TypeName) -> Option<TypeName> {
        let known = |name: &QualifiedName| self.declared.types.contains(name) || self.schema.type_id(name).is_some();
        let element = name.name.as_str().strip_prefix('_').filter(|_| !name.array)?;
        if known(&name.qualified()) {
            return None;
        }
        let element = self.type_qualified(QualifiedName {
            namespace: name.namespace.clone(),
            name: Ident::new(element),
        });
        known(&element).then(|| TypeName {
            namespace: element.namespace,
            name: element.name,
            array: true,
            ..name.clone()
        })
    }

    /// Reads a type off the cursor, resolved as far as the sources allow.
    pub(crate) fn read_type(&self, cursor: &mut Cursor<'_>) -> Result<TypeName, ParseError> {
        cursor.type_text().map(|text| self.type_name(text))
    }

    // ---- objects that must be there

    /// The relation with this name, whatever its kind; otherwise an error that a later statement may cure.
    pub(crate) fn relation_id(&self, cursor: &Cursor<'_>, name: &QualifiedName) -> Result<ObjectId, ParseError> {
        let name = self.relation_name(name.clone());
        self.schema
            .relation(&name)
            .ok_or_else(|| self.missing_relation(cursor, &name, format!("relation {name} does not exist")))
    }

    /// An error that a later statement may cure.
    pub(crate) fn missing_relation(&self, cursor: &Cursor<'_>, name: &QualifiedName, message: String) -> ParseError {
        self.missing(cursor, message).absent(ObjectId::named(Kind::Table, name))
    }

    /// The enum, composite, range or domain with this name; otherwise an error that a later statement may cure.
    pub(crate) fn type_id(&self, cursor: &Cursor<'_>, name: &QualifiedName) -> Result<ObjectId, ParseError> {
        let name = self.type_qualified(name.clone());
        self.schema.type_id(&name).ok_or_else(|| {
            let id = ObjectId::named(Kind::EnumType, &name);
            self.missing(cursor, format!("type {name} does not exist")).absent(id)
        })
    }

    /// The object itself, if it is there.
    pub(crate) fn existing(&self, cursor: &Cursor<'_>, id: ObjectId) -> Result<ObjectId, ParseError> {
        if self.schema.contains(&id) || self.schema.identity_of(&id).is_some() {
            Ok(id)
        } else {
            let fault = self.missing_relation(cursor, &id.qualified(), format!("{id} does not exist"));
            Err(fault.absent(id))
        }
    }

    /// An error that a later statement may cure.
    pub(crate) fn missing(&self, cursor: &Cursor<'_>, message: impl Into<String>) -> ParseError {
        cursor.error(message).missing(Missing::Needed)
    }

    /// The relation or constraint that owns the index of this name.
    pub(crate) fn index_id(&self, cursor: &Cursor<'_>, name: &QualifiedName) -> Result<ObjectId, ParseError> {
        let name = self.relation_name(name.clone());
        let id = ObjectId::named(Kind::Index, &name);
        if self.schema.contains(&id) {
            return Ok(id);
        }
        self.taken
            .constraint_with_index(&name)
            .ok_or_else(|| self.missing(cursor, format!("index {name} does not exist")).absent(id))
    }
}

/// A role as a statement names it; the words that mean whoever runs the statement are kept ([`crate::object::role`]).
pub(crate) fn role(cursor: &mut Cursor<'_>) -> Result<Ident, ParseError> {
    match cursor.eat_any_word(&["current_user", "session_user", "current_role"]) {
        Some("session_user") => Ok(Ident::new(SESSION)),
        Some(_) => Ok(Ident::new(CURRENT)),
        None => cursor.any_ident(),
    }
}
