//! `OPTIONS (name 'value', ..)` of everything foreign. Values may be secrets: they stand in the SQL and nowhere else.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::name::Ident;
use crate::parse::ParseError;
use crate::parse::cursor::Cursor;
use crate::sql;

/// Options by name.
pub type ForeignOptions = BTreeMap<Ident, String>;

/// How options change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OptionChanges {
    /// New ones.
    #[serde(default)]
    pub add: ForeignOptions,
    /// Other values.
    #[serde(default)]
    pub set: ForeignOptions,
    /// Those that go.
    #[serde(default)]
    pub drop: Vec<Ident>,
}

impl OptionChanges {
    /// What leads from one set of options to another; nothing when they are equal.
    pub(crate) fn between(live: &ForeignOptions, desired: &ForeignOptions) -> Option<Self> {
        let new = |(key, _): &(&Ident, &String)| !live.contains_key(*key);
        let other = |(key, value): &(&Ident, &String)| live.get(*key).is_some_and(|now| now != *value);
        let own = |(key, value): (&Ident, &String)| (key.clone(), value.clone());
        let changes = Self {
            add: desired.iter().filter(new).map(own).collect(),
            set: desired.iter().filter(other).map(own).collect(),
            drop: live.keys().filter(|key| !desired.contains_key(*key)).cloned().collect(),
        };
        (changes != Self::default()).then_some(changes)
    }

    /// Carries them out.
    pub(crate) fn apply(&self, options: &mut ForeignOptions) {
        options.retain(|key, _| !self.drop.contains(key));
        let values = self.add.iter().chain(&self.set);
        options.extend(values.map(|(key, value)| (key.clone(), value.clone())));
    }

    /// `OPTIONS (ADD a 'x', SET b 'y', DROP c)`.
    pub(crate) fn sql(&self) -> String {
        let drop = self.drop.iter().map(|key| format!("DROP {key}"));
        let set = self
            .set
            .iter()
            .map(|(key, value)| format!("SET {key} {}", sql::literal(value)));
        let add = self
            .add
            .iter()
            .map(|(key, value)| format!("ADD {key} {}", sql::literal(value)));
        format!("OPTIONS ({})", sql::list(drop.chain(set).chain(add)))
    }
}

/// ` OPTIONS (a 'x')` of a definition; nothing where there are none.
pub(crate) fn definition(options: &ForeignOptions) -> String {
    if options.is_empty() {
        return String::new();
    }
    let pairs = options
        .iter()
        .map(|(key, value)| format!("{key} {}", sql::literal(value)));
    format!(" OPTIONS ({})", sql::list(pairs))
}

/// Reads `OPTIONS (name 'value', ..)` of a definition, if it comes next.
pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<ForeignOptions, ParseError> {
    if !cursor.eat_word("options") {
        return Ok(ForeignOptions::new());
    }
    let pairs = cursor.paren_list_or_empty(|cursor| Ok((cursor.any_ident()?, cursor.string()?)))?;
    Ok(pairs.into_iter().collect())
}

/// Reads `OPTIONS ([ADD | SET | DROP] name ['value'], ..)` of an ALTER.
pub(crate) fn read_changes(cursor: &mut Cursor<'_>) -> Result<OptionChanges, ParseError> {
    let mut changes = OptionChanges::default();
    cursor.expect_word("options")?;
    cursor.paren_list(|cursor| {
        let verb = if cursor.lexeme_nth(1).is_some() && !matches!(cursor.peek_nth(1), "," | ")") && !is_value(cursor) {
            cursor.eat_any_word(&["add", "set", "drop"])
        } else {
            None
        };
        let key = cursor.any_ident()?;
        match verb {
            Some("drop") => changes.drop.push(key),
            Some("set") => drop(changes.set.insert(key, cursor.string()?)),
            _ => drop(changes.add.insert(key, cursor.string()?)),
        }
        Ok(())
    })?;
    Ok(changes)
}

/// Whether the next word is a name with its value right behind it.
fn is_value(cursor: &Cursor<'_>) -> bool {
    let mut ahead = cursor.clone();
    ahead.next();
    ahead.is_string()
}
