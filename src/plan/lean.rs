//! YAML without noise: fields that say nothing (`null`, `false`, empty lists and maps) are left out, and enums are maps.
//!
//! Serde gives every field; a plan of a few columns would be mostly `null`. Going through YAML values keeps variants apart
//! from fields (a variant that holds `null` says something), so exactly the silent fields can go. Reading them back gives
//! their defaults, as every type in a plan promises.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_yaml::value::TaggedValue;
use serde_yaml::{Mapping, Value};

/// A value as a lean YAML tree; with every field where the lean one would not read back.
pub(crate) fn to_value<T: Serialize + DeserializeOwned + PartialEq>(value: &T) -> Result<Value, serde_yaml::Error> {
    let full = serde_yaml::to_value(value)?;
    let lean = walk(full.clone(), &|value| !is_silent(value));
    match from_value::<T>(lean.clone()) {
        Ok(back) if back == *value => Ok(lean),
        _ => Ok(walk(full, &|_| true)),
    }
}

/// Reads a lean YAML tree.
pub(crate) fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, serde_yaml::Error> {
    serde_yaml::with::singleton_map_recursive::deserialize(value)
}

fn walk(value: Value, keep: &dyn Fn(&Value) -> bool) -> Value {
    match value {
        Value::Mapping(map) => Value::Mapping(
            map.into_iter()
                .filter(|(_, value)| keep(value))
                .map(|(key, value)| (key, walk(value, keep)))
                .collect(),
        ),
        Value::Sequence(items) => Value::Sequence(items.into_iter().map(|item| walk(item, keep)).collect()),
        Value::Tagged(tagged) => {
            let TaggedValue { tag, value } = *tagged;
            let tag = tag.to_string();
            let mut map = Mapping::new();
            map.insert(Value::String(tag.trim_start_matches('!').to_owned()), walk(value, keep));
            Value::Mapping(map)
        }
        scalar => scalar,
    }
}

fn is_silent(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Sequence(items) => items.is_empty(),
        Value::Mapping(map) => map.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Serialize, Deserialize, PartialEq, Debug, Default)]
    #[serde(default)]
    struct Item {
        name: String,
        maybe: Option<String>,
        list: Vec<Outer>,
        flag: bool,
    }

    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    #[serde(rename_all = "snake_case")]
    enum Outer {
        Inner(Inner),
        Item(Box<Item>),
        Unit,
    }

    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    #[serde(rename_all = "snake_case")]
    enum Inner {
        Default(Option<String>),
        NotNull(bool),
        Both { a: Option<bool>, b: Vec<String> },
    }

    #[test]
    fn silent_fields_go_and_variants_stay() {
        let item = Item {
            name: "x".into(),
            list: vec![
                Outer::Inner(Inner::Default(None)),
                Outer::Inner(Inner::NotNull(false)),
                Outer::Inner(Inner::Both {
                    a: Some(true),
                    b: vec!["no".into(), "1".into()],
                }),
                Outer::Item(Box::default()),
                Outer::Unit,
            ],
            ..Item::default()
        };
        let text = serde_yaml::to_string(&to_value(&item).expect("value")).expect("text");
        assert!(!text.contains("maybe") && !text.contains("flag"), "{text}");
        let back: Item = from_value(serde_yaml::from_str(&text).expect("parses")).expect("reads");
        assert_eq!(back, item, "{text}");
    }
}
