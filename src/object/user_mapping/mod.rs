//! User mappings. Their options hold passwords: the values stand in the SQL that sets them, and in no message.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::server::{ForeignOptions, OptionChanges};
use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::name::{Ident, QualifiedName};

/// How a role is known to a foreign server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserMapping {
    /// The server.
    pub server: Ident,
    /// The role; `public` for everybody (no role can have that name).
    pub user: Ident,
    /// Its options.
    #[serde(default)]
    pub options: ForeignOptions,
    /// Whether the role that looked may not see the options; then the files are believed.
    #[serde(default)]
    pub hidden: bool,
}

/// A change of a user mapping.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserMappingChange {
    /// `OPTIONS`.
    Options(OptionChanges),
}

impl Definition for UserMapping {
    type Change = UserMappingChange;

    fn id(&self) -> ObjectId {
        ObjectId::part(Kind::UserMapping, &QualifiedName::bare(self.server.clone()), &self.user)
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        let mut server = QualifiedName::bare(self.server.clone());
        visitor.name(NameRole::Of(Kind::Server), &mut server);
        self.server = server.name;
        visitor.role(&mut self.user);
    }

    fn rename(&mut self, to: &ObjectId) {
        self.server = to.name.clone();
        self.user = to.own_name().clone();
    }

    fn compare(&self, desired: &Self) -> Comparison<UserMappingChange> {
        let changes = OptionChanges::between(&self.options, &desired.options);
        Comparison::of(changes.map(UserMappingChange::Options).into_iter().collect())
    }

    fn apply(&mut self, change: &UserMappingChange) {
        match change {
            UserMappingChange::Options(changes) => changes.apply(&mut self.options),
        }
    }
}
