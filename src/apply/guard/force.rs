//! What passes a guard: a reason, for one of them by its name or for all.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// What may stand before contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guard {
    /// The time since the phases before it.
    ContractAfter,
    /// Writes under an old name.
    Writes,
    /// Statements that say one.
    Statements,
    /// Views and routines that need one.
    Definitions,
    /// Sessions from before the new application.
    Sessions,
    /// The time in which a swap can be taken back.
    CoolDown,
}

impl Guard {
    /// All, in the order in which they are told.
    pub const ALL: [Self; 6] = [
        Self::ContractAfter,
        Self::Writes,
        Self::Statements,
        Self::Definitions,
        Self::Sessions,
        Self::CoolDown,
    ];

    /// The word for it in `--force`, and of what belongs to it in the configuration.
    pub fn word(self) -> &'static str {
        match self {
            Self::ContractAfter => "contract_after",
            Self::Writes => "writes",
            Self::Statements => "statements",
            Self::Definitions => "definitions",
            Self::Sessions => "sessions",
            Self::CoolDown => "cool_down",
        }
    }
}

impl fmt::Display for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Why a guard holds contract up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Which.
    pub guard: Guard,
    /// What it saw, a sentence without its stop.
    pub what: String,
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// One `--force`: `GUARD=REASON`, or a reason that passes every guard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// Which guard; none stands for all.
    pub guard: Option<Guard>,
    /// Why.
    pub reason: String,
}

impl FromStr for Pass {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_word = |word: &str| {
            word.chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter))
        };
        // What looks like the name of a guard and is none would pass all of them.
        let (guard, reason) = match text.split_once('=').filter(|(word, _)| is_word(word.trim())) {
            Some((word, reason)) => {
                let Some(guard) = Guard::ALL.into_iter().find(|guard| guard.word() == word.trim()) else {
                    let words: Vec<&str> = Guard::ALL.into_iter().map(Guard::word).collect();
                    return Err(format!(
                        "there is no guard {}: they are {}",
                        word.trim(),
                        words.join(", ")
                    ));
                };
                (Some(guard), reason)
            }
            None => (None, text),
        };
        if reason.trim().is_empty() {
            return Err("a reason is a sentence for those who look at `status` later".into());
        }
        Ok(Self {
            guard,
            reason: reason.trim().to_owned(),
        })
    }
}

/// The reasons that were given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Force {
    all: Option<String>,
    one: BTreeMap<Guard, String>,
}

impl Force {
    /// Of two reasons for the same, the later one counts.
    pub fn new(passes: impl IntoIterator<Item = Pass>) -> Self {
        let mut force = Self::default();
        for Pass { guard, reason } in passes {
            match guard {
                Some(guard) => drop(force.one.insert(guard, reason)),
                None => force.all = Some(reason),
            }
        }
        force
    }

    /// Why a guard is passed, with its name where it was named; none where it is not.
    pub(in crate::apply) fn reason(&self, guard: Guard) -> Option<String> {
        let named = self.one.get(&guard).map(|reason| format!("{guard}: {reason}"));
        named.or_else(|| self.all.clone())
    }
}

/// The words that pass exactly these guards.
pub(in crate::apply) fn words(guards: impl IntoIterator<Item = Guard>) -> String {
    let mut guards: Vec<Guard> = guards.into_iter().collect();
    guards.sort();
    guards.dedup();
    let words: Vec<String> = guards
        .into_iter()
        .map(|guard| format!("--force {guard}=REASON"))
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guard_is_named_or_all_are_meant() {
        let read = |text: &str| text.parse::<Pass>().map(|pass| (pass.guard, pass.reason));
        for (text, guard, reason) in [
            ("writes=Ida saw them", Some(Guard::Writes), "Ida saw them"),
            ("cool_down= x=1 ", Some(Guard::CoolDown), "x=1"),
            ("the old shop is gone", None, "the old shop is gone"),
            ("gone since x=1", None, "gone since x=1"),
        ] {
            assert_eq!(read(text), Ok((guard, reason.to_owned())), "{text}");
        }
        for text in [
            "",
            "  ",
            "writes=",
            "writes= ",
            "write=Ida saw them",
            "cool-down=x",
            "=x",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
