//! Where things stand in a YAML text, and keys that are there twice.
//!
//! The reader tells places only with errors. So a place is found by reading the text again up to what is looked for, and
//! failing there.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// One step from a value to one inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// The value of a key.
    Key(String),
    /// An item of a list, from 0.
    Item(usize),
}

/// Line and column of the value at a path.
pub(super) fn value(text: &str, path: &[Step]) -> Option<(usize, usize)> {
    seek(text, path, None)
}

/// Line and column of the last key of a path, or of the value where the last step is an item.
pub(super) fn key(text: &str, path: &[Step], occurrence: usize) -> Option<(usize, usize)> {
    seek(text, path, Some(occurrence))
}

fn seek(text: &str, path: &[Step], occurrence: Option<usize>) -> Option<(usize, usize)> {
    let seed = Seek { path, occurrence };
    let error = seed.deserialize(serde_yaml::Deserializer::from_str(text)).err()?;
    let location = error.location()?;
    Some((location.line(), location.column()))
}

/// The path of the first key that is there twice.
pub(super) fn duplicate(text: &str) -> Result<Option<Vec<Step>>, serde_yaml::Error> {
    let state = State::default();
    match Unique(&state).deserialize(serde_yaml::Deserializer::from_str(text)) {
        Ok(()) => Ok(None),
        Err(error) => match state.found.into_inner() {
            Some(path) => Ok(Some(path)),
            None => Err(error),
        },
    }
}

/// Goes along a path and fails at its end.
struct Seek<'p> {
    path: &'p [Step],
    /// Which of equal keys is meant by the last step; `None` for the value behind it.
    occurrence: Option<usize>,
}

impl<'de> DeserializeSeed<'de> for Seek<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seek<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((first, rest)) = self.path.split_first() else {
            return Err(A::Error::custom("here"));
        };
        let fail_at = self.occurrence.filter(|_| rest.is_empty());
        let mut seen = 0;
        while let Some(key) = map.next_key_seed(Key {
            wanted: first,
            fail: fail_at == Some(seen),
        })? {
            if Step::Key(key) != *first {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            seen += 1;
            if fail_at.is_some() {
                map.next_value::<IgnoredAny>()?;
            } else {
                map.next_value_seed(Seek {
                    path: rest,
                    occurrence: self.occurrence,
                })?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Some((first, rest)) = self.path.split_first() else {
            return Err(A::Error::custom("here"));
        };
        let mut at = 0;
        loop {
            let wanted = Step::Item(at) == *first;
            let found = if wanted {
                list.next_element_seed(Seek {
                    path: rest,
                    occurrence: self.occurrence,
                })?
                .is_some()
            } else {
                list.next_element::<IgnoredAny>()?.is_some()
            };
            if !found {
                return Ok(());
            }
            at += 1;
        }
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        self.scalar()
    }
    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.scalar()
    }
    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.scalar()
    }
    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.scalar()
    }
    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.scalar()
    }
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.scalar()
    }
}

impl Seek<'_> {
    fn scalar<E: Error>(&self) -> Result<(), E> {
        if self.path.is_empty() {
            Err(E::custom("here"))
        } else {
            Ok(())
        }
    }
}

/// Reads a key as text; fails at the one wanted where it is told to.
struct Key<'p> {
    wanted: &'p Step,
    fail: bool,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Key<'_> {
    fn text<E: Error>(&self, text: String) -> Result<String, E> {
        match self.wanted {
            Step::Key(wanted) if self.fail && *wanted == text => Err(E::custom("here")),
            _ => Ok(text),
        }
    }
}

impl<'de> Visitor<'de> for Key<'_> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        self.text(text.to_owned())
    }
    fn visit_bool<E: Error>(self, value: bool) -> Result<String, E> {
        self.text(value.to_string())
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<String, E> {
        self.text(value.to_string())
    }
    fn visit_u64<E: Error>(self, value: u64) -> Result<String, E> {
        self.text(value.to_string())
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<String, E> {
        self.text(value.to_string())
    }
    fn visit_unit<E: Error>(self) -> Result<String, E> {
        self.text("null".to_owned())
    }
}

/// Where the walk is, and what it has found.
#[derive(Default)]
struct State {
    path: RefCell<Vec<Step>>,
    found: RefCell<Option<Vec<Step>>>,
}

/// Walks over everything and fails at the first key that is there twice.
struct Unique<'s>(&'s State);

impl<'de> DeserializeSeed<'de> for Unique<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Unique<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let any = Step::Item(0);
        let mut seen: HashMap<String, ()> = HashMap::new();
        while let Some(key) = map.next_key_seed(Key {
            wanted: &any,
            fail: false,
        })? {
            self.0.path.borrow_mut().push(Step::Key(key.clone()));
            if seen.insert(key, ()).is_some() {
                *self.0.found.borrow_mut() = Some(self.0.path.borrow().clone());
                return Err(A::Error::custom("twice"));
            }
            map.next_value_seed(Unique(self.0))?;
            self.0.path.borrow_mut().pop();
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut at = 0;
        loop {
            self.0.path.borrow_mut().push(Step::Item(at));
            let found = list.next_element_seed(Unique(self.0))?.is_some();
            self.0.path.borrow_mut().pop();
            if !found {
                return Ok(());
            }
            at += 1;
        }
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}
