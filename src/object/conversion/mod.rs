//! Conversions between encodings.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::name::QualifiedName;

/// A conversion between encodings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conversion {
    /// Its name.
    pub name: QualifiedName,
    /// Whether it is taken where nobody names one.
    #[serde(default)]
    pub default: bool,
    /// The encoding it starts from.
    pub from: String,
    /// The encoding it leads to.
    pub to: String,
    /// The function that does it.
    pub function: QualifiedName,
}

/// A conversion is made anew for every change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ConversionChange {}

/// An encoding in a form in which its spellings are equal: `utf-8` and `UTF8`, `latin1` and `ISO_8859_1`.
fn encoding(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    let bare: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    match bare.as_str() {
        "unicode" => "utf8".into(),
        "iso88591" => "latin1".into(),
        "iso88592" => "latin2".into(),
        "iso88593" => "latin3".into(),
        "iso88594" => "latin4".into(),
        "iso88599" => "latin5".into(),
        "iso885910" => "latin6".into(),
        "iso885913" => "latin7".into(),
        "iso885914" => "latin8".into(),
        "iso885915" => "latin9".into(),
        "iso885916" => "latin10".into(),
        "koi8" => "koi8r".into(),
        "win" => "win1251".into(),
        "alt" => "win866".into(),
        "shiftjis" | "mskanji" | "win932" | "windows932" => "sjis".into(),
        "win936" | "windows936" => "gbk".into(),
        "win949" | "windows949" => "uhc".into(),
        "win950" | "windows950" => "big5".into(),
        "vscii" | "abc" | "tcvn" | "tcvn5712" => "win1258".into(),
        other => match other.strip_prefix("windows") {
            Some(page) => format!("win{page}"),
            None => bare,
        },
    }
}

impl Definition for Conversion {
    type Change = ConversionChange;

    fn id(&self) -> ObjectId {
        ObjectId::named(Kind::Conversion, &self.name)
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        visitor.name(NameRole::Routine, &mut self.function);
    }

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.qualified();
    }

    fn compare(&self, desired: &Self) -> Comparison<ConversionChange> {
        let Self {
            name: _,
            default,
            from,
            to,
            function,
        } = desired;
        let same = self.default == *default
            && encoding(&self.from) == encoding(from)
            && encoding(&self.to) == encoding(to)
            && self.function == *function;
        if same {
            Comparison::Same
        } else {
            Comparison::Replaced("its definition differs".into())
        }
    }

    fn apply(&mut self, change: &ConversionChange) {
        match *change {}
    }
}
