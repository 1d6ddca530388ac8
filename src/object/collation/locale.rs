//! ICU locales. Since PostgreSQL 16 the server keeps them as language tags, whatever was written: `de_DE@collation=phonebook`
//! becomes `de-DE-u-co-phonebk`.

/// Long names of settings and their short forms.
const KEYS: &[(&str, &str)] = &[
    ("collation", "co"),
    ("colalternate", "ka"),
    ("colbackwards", "kb"),
    ("colcasefirst", "kf"),
    ("colcaselevel", "kc"),
    ("colnormalization", "kk"),
    ("colnumeric", "kn"),
    ("colreorder", "kr"),
    ("colstrength", "ks"),
];

/// Long names of values and their short forms.
const VALUES: &[(&str, &str)] = &[
    ("phonebook", "phonebk"),
    ("traditional", "trad"),
    ("dictionary", "dict"),
    ("gb2312han", "gb2312"),
    ("non-ignorable", "noignore"),
    ("primary", "level1"),
    ("secondary", "level2"),
    ("tertiary", "level3"),
    ("quaternary", "level4"),
    ("quarternary", "level4"),
    ("identical", "identic"),
    ("yes", "true"),
    ("no", "false"),
];

/// A form in which two spellings of one locale are equal.
pub(super) fn canonical(locale: &str) -> String {
    let lower = locale.to_ascii_lowercase();
    let (language, settings) = lower.split_once('@').unwrap_or((&lower, ""));
    let language = language.replace('_', "-");
    let mut tag = match language.as_str() {
        "" | "root" => "und".to_owned(),
        other => other
            .strip_prefix("root-")
            .map_or(other.to_owned(), |rest| format!("und-{rest}")),
    };
    let mut found: Vec<String> = Vec::new();
    for setting in settings.split(';').filter(|setting| !setting.is_empty()) {
        let (key, value) = setting.split_once('=').unwrap_or((setting, ""));
        found.push(format!("{}-{}", short(KEYS, key.trim()), short(VALUES, value.trim())));
    }
    if !found.is_empty() {
        found.sort();
        tag.push_str("-u-");
        tag.push_str(&found.join("-"));
    }
    while tag.ends_with("-true") {
        tag.truncate(tag.len() - "-true".len());
    }
    tag.replace("-true-", "-")
}

fn short<'a>(table: &[(&str, &'a str)], word: &'a str) -> &'a str {
    table
        .iter()
        .find(|(long, _)| *long == word)
        .map_or(word, |(_, short)| short)
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn spellings_of_one_locale_are_equal() {
        for (one, two) in [
            ("de_DE", "de-DE"),
            ("de@collation=phonebook", "de-u-co-phonebk"),
            ("@colStrength=secondary", "und-u-ks-level2"),
            ("en-u-kn-true", "en-u-kn"),
            ("", "und"),
        ] {
            assert_eq!(canonical(one), canonical(two));
        }
        assert_ne!(canonical("de"), canonical("de-AT"));
    }
}
