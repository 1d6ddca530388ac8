//! The configurations that every server has, for `COPY =`.

use super::Mappings;
use crate::name::QualifiedName;

/// Languages with a stemmer, PostgreSQL 14 to 18.
const LANGUAGES: &[&str] = &[
    "arabic",
    "armenian",
    "basque",
    "catalan",
    "danish",
    "dutch",
    "english",
    "estonian",
    "finnish",
    "french",
    "german",
    "greek",
    "hindi",
    "hungarian",
    "indonesian",
    "irish",
    "italian",
    "lithuanian",
    "nepali",
    "norwegian",
    "portuguese",
    "romanian",
    "russian",
    "serbian",
    "spanish",
    "swedish",
    "tamil",
    "turkish",
    "yiddish",
];

/// Tokens that no stemmer sees.
const PLAIN: &[&str] = &[
    "email",
    "file",
    "float",
    "host",
    "hword_numpart",
    "int",
    "numhword",
    "numword",
    "sfloat",
    "uint",
    "url",
    "url_path",
    "version",
];

/// The mappings of a configuration of the server; its parser is the default one.
pub(super) fn mappings(name: &str) -> Option<Mappings> {
    let (ascii, word) = match name {
        "simple" => ("simple".to_owned(), "simple".to_owned()),
        language if LANGUAGES.contains(&language) => {
            let ascii = if matches!(language, "hindi" | "russian") {
                "english"
            } else {
                language
            };
            (format!("{ascii}_stem"), format!("{language}_stem"))
        }
        _ => return None,
    };
    let to = |tokens: &[&str], dictionary: &str| {
        let dictionary = QualifiedName::bare(dictionary);
        let pair = |token: &&str| (token.to_string(), vec![dictionary.clone()]);
        tokens.iter().map(pair).collect::<Mappings>()
    };
    let mut found = to(PLAIN, "simple");
    found.extend(to(&["asciihword", "asciiword", "hword_asciipart"], &ascii));
    found.extend(to(&["hword", "hword_part", "word"], &word));
    Some(found)
}
