//! The roles that `CURRENT_USER` and the like are on a server.

use super::Schema;
use crate::name::Ident;
use crate::object::default_privileges::DefaultPrivileges;
use crate::object::role::{CURRENT, SESSION, is_word};
use crate::object::user_mapping::UserMapping;
use crate::object::{Kind, Object, ObjectId, Visitor};

/// Kinds of objects that name roles.
const SPEAKERS: &[Kind] = &[
    Kind::Owner,
    Kind::Acl,
    Kind::DefaultPrivileges,
    Kind::Policy,
    Kind::UserMapping,
];

/// The roles of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRoles {
    /// `current_user`.
    pub current: Ident,
    /// `session_user`.
    pub session: Ident,
}

/// Whether a schema names whoever runs its statements.
pub fn names_session_roles(schema: &Schema) -> bool {
    speakers(schema).any(|object| {
        let mut finder = Finder(false);
        object.clone().visit(&mut finder);
        finder.0 || matches!(object, Object::DefaultPrivileges(defaults) if defaults.role.as_str().is_empty())
    })
}

fn speakers(schema: &Schema) -> impl Iterator<Item = &Object> {
    let speaks = |id: &ObjectId| SPEAKERS.contains(&id.kind);
    schema
        .iter()
        .filter(move |(id, _)| speaks(id))
        .map(|(_, object)| object)
}

struct Finder(bool);

impl Visitor for Finder {
    fn role(&mut self, role: &mut Ident) {
        self.0 |= is_word(role);
    }
}

impl SessionRoles {
    /// Puts the names of the roles in the place of the words. Default privileges of no named role are this role's where the
    /// live schema has such; else [`crate::unify`] looks whose they may be.
    pub fn name_in(&self, schema: &mut Schema, live: &Schema) {
        let named: Vec<(ObjectId, Object)> = speakers(schema)
            .map(|before| {
                let mut object = before.clone();
                object.visit(&mut Namer(self));
                if let Object::DefaultPrivileges(defaults) = &mut object
                    && defaults.role.as_str().is_empty()
                {
                    defaults.role = self.current.clone();
                    if !live.contains(&object.id()) {
                        return (before.id(), before.clone());
                    }
                }
                (before.id(), object)
            })
            .collect();
        for (id, object) in named {
            if object.id() != id {
                schema.remove(&id);
            }
            if schema.get(&id) != Some(&object) {
                schema.put(object);
            }
        }
    }
}

impl SessionRoles {
    /// Adds what these roles have under the words for them too, for steps that were planned without knowing the roles.
    pub fn add_words(&self, schema: &mut Schema) {
        let own: Vec<Object> = speakers(schema)
            .filter_map(|object| match object {
                Object::DefaultPrivileges(defaults) if defaults.role == self.current => {
                    let role = Ident::new("");
                    Some(
                        DefaultPrivileges {
                            role,
                            ..defaults.clone()
                        }
                        .into(),
                    )
                }
                Object::UserMapping(mapping) if mapping.user == self.current => {
                    let user = Ident::new(CURRENT);
                    Some(
                        UserMapping {
                            user,
                            ..mapping.clone()
                        }
                        .into(),
                    )
                }
                _ => None,
            })
            .collect();
        own.into_iter().for_each(|object| _ = schema.put(object));
    }

    /// The id under which [`SessionRoles::name_in`] puts the object of this id.
    pub fn id(&self, id: &ObjectId) -> ObjectId {
        let mut id = id.clone();
        if id.kind == Kind::UserMapping {
            id.part.iter_mut().for_each(|role| Namer(self).role(role));
        }
        id
    }
}

struct Namer<'a>(&'a SessionRoles);

impl Visitor for Namer<'_> {
    fn role(&mut self, role: &mut Ident) {
        match role.as_str() {
            CURRENT => *role = self.0.current.clone(),
            SESSION => *role = self.0.session.clone(),
            _ => {}
        }
    }
}
