//! The identity of an object, and its one-line text form.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Kind;
use crate::name::{Ident, QualifiedName};

/// Which object. Text form: the kind, then the name: `table public.users`, `column public.users.email`,
/// `function public.add(integer, integer)`, `trigger audit on public.users` is written `trigger public.users.audit`,
/// `comment on table public.users`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId {
    /// The kind.
    pub kind: Kind,
    /// The namespace it lives in; `None` for kinds that live in none.
    pub namespace: Option<Ident>,
    /// Its name, or for parts of a relation or domain the name of that relation or domain.
    pub name: Ident,
    /// The own name of a part: column, constraint, trigger, rule, policy; the provider of a security label.
    pub part: Option<Ident>,
    /// Input argument types of a routine or aggregate (`integer, text`); the object class of default privileges.
    pub signature: Option<Arc<str>>,
    /// What a satellite speaks about.
    pub on: Option<Arc<ObjectId>>,
}

impl ObjectId {
    /// An object outside any namespace.
    pub fn global(kind: Kind, name: &Ident) -> Self {
        Self {
            kind,
            namespace: None,
            name: name.clone(),
            part: None,
            signature: None,
            on: None,
        }
    }

    /// An object in a namespace.
    pub fn named(kind: Kind, name: &QualifiedName) -> Self {
        Self {
            namespace: name.namespace.clone(),
            ..Self::global(kind, &name.name)
        }
    }

    /// A part of a relation or domain.
    pub fn part(kind: Kind, of: &QualifiedName, part: &Ident) -> Self {
        Self {
            part: Some(part.clone()),
            ..Self::named(kind, of)
        }
    }

    /// A routine or aggregate.
    pub fn routine(kind: Kind, name: &QualifiedName, signature: &str) -> Self {
        Self {
            signature: Some(Arc::from(signature)),
            ..Self::named(kind, name)
        }
    }

    /// A satellite of an object.
    pub fn satellite(kind: Kind, on: &ObjectId) -> Self {
        Self {
            kind,
            namespace: None,
            name: Ident::new(""),
            part: None,
            signature: None,
            on: Some(Arc::new(on.clone())),
        }
    }

    /// The name with its namespace.
    pub fn qualified(&self) -> QualifiedName {
        QualifiedName {
            namespace: self.namespace.clone(),
            name: self.name.clone(),
        }
    }

    /// The own last name: the part's for parts, otherwise the name.
    pub fn own_name(&self) -> &Ident {
        self.part.as_ref().unwrap_or(&self.name)
    }

    /// The same object under another own name.
    pub fn with_own_name(&self, name: &Ident) -> Self {
        let mut id = self.clone();
        match &mut id.part {
            Some(part) => *part = name.clone(),
            None => id.name = name.clone(),
        }
        id
    }

    /// The object that a satellite speaks about, or the object itself.
    pub fn subject(&self) -> &ObjectId {
        self.on.as_deref().map_or(self, ObjectId::subject)
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        if let Some(on) = &self.on {
            // An object has one label of each provider.
            if let Some(provider) = &self.part {
                write!(f, " of {provider}")?;
            }
            return write!(f, " on {on}");
        }
        if self.kind == Kind::Operator {
            write!(f, " {}", super::operator::symbol(&self.qualified()))?;
        } else if !self.name.as_str().is_empty() {
            write!(f, " {}", self.qualified())?;
        } else {
            f.write_str(" ")?;
        }
        if let Some(part) = &self.part {
            write!(f, ".{part}")?;
        }
        if let Some(signature) = &self.signature {
            write!(f, "({signature})")?;
        }
        Ok(())
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a text is no object id.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no object id; ids look like `table public.users` or `column public.users.email`")]
pub struct BadId(String);

impl FromStr for ObjectId {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        let bad = || BadId(text.to_string());
        let (kind, rest) = Kind::ALL
            .iter()
            .filter_map(|kind| Some((*kind, text.strip_prefix(kind.word())?.strip_prefix(' ')?)))
            .max_by_key(|(kind, _)| kind.word().len())
            .ok_or_else(bad)?;
        if kind.is_satellite() {
            let (provider, rest) = match rest.strip_prefix("of ").filter(|_| kind == Kind::SecurityLabel) {
                Some(rest) => read_word(rest).map(|(name, rest)| (Some(name), rest)).ok_or_else(bad)?,
                None => (None, rest),
            };
            let on: ObjectId = rest.strip_prefix("on ").ok_or_else(bad)?.parse()?;
            return Ok(Self {
                part: provider,
                ..Self::satellite(kind, &on)
            });
        }
        let mut names = Vec::new();
        let mut rest = rest;
        // A cast has no name, only its types.
        if rest.starts_with('(') {
            names.push(Ident::new(""));
        }
        while names.is_empty() || !rest.starts_with('(') {
            let (name, after) = read_ident(rest).ok_or_else(bad)?;
            names.push(name);
            match after.strip_prefix('.') {
                Some(after) => rest = after,
                None => {
                    rest = after;
                    break;
                }
            }
        }
        let signature = match rest.strip_prefix('(') {
            Some(inner) => Some(Arc::from(inner.strip_suffix(')').ok_or_else(bad)?)),
            None if rest.is_empty() => None,
            None => return Err(bad()),
        };
        let in_namespace = kind.is_in_namespace();
        let has_part = matches!(
            kind,
            Kind::UserMapping
                | Kind::Column
                | Kind::Constraint
                | Kind::DomainConstraint
                | Kind::Trigger
                | Kind::Rule
                | Kind::Policy
        );
        let part = if has_part { names.pop() } else { None };
        let name = names.pop().ok_or_else(bad)?;
        let namespace = if in_namespace { names.pop() } else { None };
        if !names.is_empty() || (has_part && part.is_none()) {
            return Err(bad());
        }
        Ok(Self {
            kind,
            namespace,
            name,
            part,
            signature,
            on: None,
        })
    }
}

/// A name and what follows the space behind it.
fn read_word(text: &str) -> Option<(Ident, &str)> {
    if text.starts_with('"') {
        let (name, rest) = read_ident(text)?;
        return Some((name, rest.strip_prefix(' ')?));
    }
    let (name, rest) = text.split_once(' ')?;
    Some((Ident::new(name), rest))
}

fn read_ident(text: &str) -> Option<(Ident, &str)> {
    if let Some(inner) = text.strip_prefix('"') {
        let mut name = String::new();
        let mut chars = inner.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if c == '"' {
                if matches!(chars.peek(), Some((_, '"'))) {
                    chars.next();
                } else {
                    return Some((Ident::new(name), &inner[at + 1..]));
                }
            }
            name.push(c);
        }
        return None;
    }
    let end = text.find(['.', '(']).unwrap_or(text.len());
    (end > 0).then(|| (Ident::new(&text[..end]), &text[end..]))
}

impl Serialize for ObjectId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ObjectId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_reads_back() {
        for text in [
            "table public.users",
            "column public.\"User\".\"a.b\"",
            "function public.add(integer, \"My\".t)",
            "event trigger guard",
            "comment on comment on table public.users",
            "privileges on column app.t.c",
            "materialized view app.mv",
            "domain constraint app.d.positive",
            "operator app.=>>(integer, app.t)",
            "operator class app.c(btree)",
            "comment on cast (integer AS app.t)",
            "domain app.d",
            "transform plperl(app.t)",
            "comment on transform plperl(integer)",
            "security label of selinux on column app.t.c",
            "security label of \"My on Label\" on subscription s",
        ] {
            assert_eq!(
                text.parse::<ObjectId>().map(|id| id.to_string()).unwrap_or_default(),
                text
            );
        }
        assert!("tabel public.users".parse::<ObjectId>().is_err());
        assert!("column users".parse::<ObjectId>().is_err());
    }
}
