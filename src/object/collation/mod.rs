//! Collations.

pub(crate) mod introspect;
mod locale;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, ObjectId, Visitor};
use crate::name::QualifiedName;

/// A collation. Its version is the server's to keep, and not part of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Collation {
    /// Its name.
    pub name: QualifiedName,
    /// `libc`, `icu` or `builtin`.
    pub provider: Provider,
    /// The locale, for other providers than `libc`.
    #[serde(default)]
    pub locale: Option<String>,
    /// `LC_COLLATE` of `libc`.
    #[serde(default)]
    pub lc_collate: Option<String>,
    /// `LC_CTYPE` of `libc`.
    #[serde(default)]
    pub lc_ctype: Option<String>,
    /// Whether strings of different bytes may be equal.
    #[serde(default)]
    pub nondeterministic: bool,
    /// Additional rules of ICU.
    #[serde(default)]
    pub rules: Option<String>,
}

/// Who knows how to compare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// The operating system.
    #[default]
    Libc,
    /// The ICU library.
    Icu,
    /// PostgreSQL itself, since version 17.
    Builtin,
}

impl Provider {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Libc => "libc",
            Self::Icu => "icu",
            Self::Builtin => "builtin",
        }
    }
}

/// A collation is made anew for every change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum CollationChange {}

impl PartialEq for Collation {
    fn eq(&self, other: &Self) -> bool {
        let Self {
            name,
            provider,
            locale,
            lc_collate,
            lc_ctype,
            nondeterministic,
            rules,
        } = self;
        let same_locale = match (locale, &other.locale) {
            (Some(one), Some(two)) if *provider == Provider::Icu => locale::canonical(one) == locale::canonical(two),
            (one, two) => one == two,
        };
        *name == other.name
            && *provider == other.provider
            && same_locale
            && *lc_collate == other.lc_collate
            && *lc_ctype == other.lc_ctype
            && *nondeterministic == other.nondeterministic
            && *rules == other.rules
    }
}

impl Definition for Collation {
    type Change = CollationChange;

    fn id(&self) -> ObjectId {
        ObjectId::named(Kind::Collation, &self.name)
    }

    fn visit(&mut self, _visitor: &mut dyn Visitor) {}

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.qualified();
    }

    fn compare(&self, desired: &Self) -> Comparison<CollationChange> {
        if self == desired {
            Comparison::Same
        } else {
            Comparison::Replaced("a collation keeps its locale and its rules".into())
        }
    }

    fn apply(&mut self, change: &CollationChange) {
        match *change {}
    }
}
