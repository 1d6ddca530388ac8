//! Names whose namespace the files leave open (types, operator classes, functions and dictionaries of extensions, mostly) get the one that
//! the live objects show, where only one comes into question.

use std::collections::HashMap;
use std::sync::Arc;

use crate::name::{Ident, QualifiedName};
use crate::object::{Kind, NameRole, Object, ObjectId, Visitor};
use crate::schema::Schema;
use crate::types::TypeName;

/// The namespaces in which names of one role occur; `None` when there are several.
type Homes = HashMap<Ident, Option<Ident>>;

#[derive(Default)]
struct Known {
    types: Homes,
    routines: Homes,
    classes: Homes,
    collations: Homes,
    others: HashMap<Kind, Homes>,
}

impl Known {
    fn of(&mut self, role: NameRole) -> Option<&mut Homes> {
        match role {
            NameRole::Routine => Some(&mut self.routines),
            NameRole::OperatorClass => Some(&mut self.classes),
            NameRole::Collation => Some(&mut self.collations),
            NameRole::Of(kind) if is_of_text_search(kind) => Some(self.others.entry(kind).or_default()),
            NameRole::Relation | NameRole::Index | NameRole::Of(_) => None,
        }
    }
}

/// Parts of text search that an extension may bring along.
fn is_of_text_search(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::TextSearchDictionary | Kind::TextSearchTemplate | Kind::TextSearchParser
    )
}

fn learn(homes: &mut Homes, name: &Ident, namespace: &Ident) {
    homes
        .entry(name.clone())
        .and_modify(|home| {
            if home.as_ref() != Some(namespace) {
                *home = None;
            }
        })
        .or_insert_with(|| Some(namespace.clone()));
}

/// Whether a part of text search is PostgreSQL's own, which a bare name means first.
fn is_built_in(role: NameRole, name: &Ident) -> bool {
    match role {
        NameRole::Of(Kind::TextSearchDictionary) => name.as_str() == "simple" || name.as_str().ends_with("_stem"),
        NameRole::Of(Kind::TextSearchTemplate) => {
            ["simple", "synonym", "ispell", "thesaurus", "snowball"].contains(&name.as_str())
        }
        NameRole::Of(Kind::TextSearchParser) => name.as_str() == "default",
        _ => false,
    }
}

/// Gathers qualified names.
struct Learner<'a>(&'a mut Known);

impl Visitor for Learner<'_> {
    fn name(&mut self, role: NameRole, name: &mut QualifiedName) {
        if let (Some(homes), Some(namespace)) = (self.0.of(role), &name.namespace) {
            learn(homes, &name.name, namespace);
        }
    }

    fn type_name(&mut self, type_name: &mut TypeName) {
        if let Some(namespace) = &type_name.namespace {
            learn(&mut self.0.types, &type_name.name, namespace);
        }
    }
}

/// Fills in namespaces.
struct Resolver<'a> {
    known: &'a mut Known,
    changed: bool,
}

impl Visitor for Resolver<'_> {
    fn name(&mut self, role: NameRole, name: &mut QualifiedName) {
        if name.namespace.is_none()
            && !is_built_in(role, &name.name)
            && let Some(Some(home)) = self.known.of(role).and_then(|homes| homes.get(&name.name))
        {
            name.namespace = Some(home.clone());
            self.changed = true;
        }
    }

    fn type_name(&mut self, type_name: &mut TypeName) {
        if type_name.namespace.is_none()
            && !type_name.is_builtin()
            && let Some(Some(home)) = self.known.types.get(&type_name.name)
        {
            type_name.namespace = Some(home.clone());
            self.changed = true;
        }
    }
}

/// The desired schema with open names resolved. Routines whose signature became clear by that get another id.
pub(super) fn names(live: &Schema, mut desired: Schema) -> Schema {
    let mut known = Known::default();
    for (_, object) in live.iter() {
        object.clone().visit(&mut Learner(&mut known));
    }
    let mut moved: HashMap<ObjectId, ObjectId> = HashMap::new();
    desired.change_all(|object| {
        let before = object.id();
        let mut resolver = Resolver {
            known: &mut known,
            changed: false,
        };
        object.visit(&mut resolver);
        if resolver.changed {
            let after = object.id();
            if after != before {
                moved.insert(before, after);
            }
        }
    });
    if moved.is_empty() {
        return desired;
    }
    let mut kept = Schema::new();
    for (_, object) in desired.iter() {
        let mut object = object.clone();
        follow(&mut object, &moved);
        kept.put(object);
    }
    kept
}

/// Lets a satellite follow what it speaks about.
fn follow(object: &mut Object, moved: &HashMap<ObjectId, ObjectId>) {
    let mut id = object.id();
    if let Some(on) = &id.on
        && let Some(to) = moved.get(&**on)
    {
        id.on = Some(Arc::new(to.clone()));
        object.rename(&id);
    }
}
