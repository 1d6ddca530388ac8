//! The rules of `src/guide/wording.md` that a program can check, over the messages in the sources and the help texts.

use std::fs;
use std::path::{Path, PathBuf};

use clap::CommandFactory;

/// What a message or hint stands behind.
const OPENINGS: &[&str] = &[
    "CliError::new(",
    "CliError::usage(",
    "CliError::refused(",
    "ConnError::invalid(",
    "ConnError::invalid_with(",
    "ParseError::new(",
    "Self::wrong(",
    ".hint(",
    "#[error(",
];

/// Words that are not used, each with the one that is.
const AVOIDED: &[(&str, &str)] = &[
    ("failed to", "cannot"),
    ("unable to", "cannot"),
    ("could not", "cannot"),
    ("please", "nothing"),
    ("sorry", "nothing"),
    ("oops", "nothing"),
    ("successfully", "nothing"),
    ("illegal", "what is wrong"),
    ("abort", "stop, or abandon"),
    ("dry run", "verify"),
    ("change set", "delta"),
    ("state table", "journal"),
    ("state file", "journal"),
    ("target schema", "desired schema"),
    ("source schema", "live schema"),
    ("old schema", "live schema"),
    ("new schema", "desired schema"),
    ("migration plan", "plan"),
];

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The string literal at the head of some code, behind `format!(` and the like.
fn literal(code: &str) -> Option<String> {
    let (head, rest) = code.split_once('"')?;
    let between = |c: char| c.is_whitespace() || "&(".contains(c);
    let words = head.split(between).filter(|word| !word.is_empty());
    if !words.clone().all(|word| ["format!", "Some"].contains(&word)) {
        return None;
    }
    let mut out = String::new();
    let mut letters = rest.chars();
    loop {
        match letters.next()? {
            '"' => return Some(out),
            '\\' => match letters.next()? {
                'n' => out.push('\n'),
                '\n' => letters = letters.as_str().trim_start().chars(),
                other => out.push(other),
            },
            letter => out.push(letter),
        }
    }
}

/// Every message and hint: where it is, and its text.
fn messages() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for file in rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = fs::read_to_string(&file).expect("a source file");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for opening in OPENINGS {
            for (at, _) in code.match_indices(opening) {
                if let Some(message) = literal(&code[at + opening.len()..]) {
                    let line = code[..at].matches('\n').count() + 1;
                    found.push((format!("{}:{line}", file.display()), message));
                }
            }
        }
    }
    found
}

fn begins_in_lower_case(text: &str) -> bool {
    let word: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let is_name = word.len() > 1 && word.chars().all(|c| c.is_uppercase() || c.is_numeric() || c == '_');
    word == "PostgreSQL" || is_name || !word.chars().next().is_some_and(char::is_uppercase)
}

/// What is wrong with a text whatever it is.
fn wrong(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let mut wrong: Vec<String> = AVOIDED
        .iter()
        .filter(|(word, _)| lower.contains(word))
        .map(|(word, other)| format!("{word}: say {other}"))
        .collect();
    if text.contains('!') {
        wrong.push("nothing is shouted".into());
    }
    if ["n't ", "'ll ", "'re ", " it's "]
        .iter()
        .any(|short| lower.contains(short))
    {
        wrong.push("no short forms".into());
    }
    wrong
}

/// What is wrong with an error message or a hint.
fn wrong_message(text: &str) -> Vec<String> {
    let mut wrong = wrong(text);
    if !begins_in_lower_case(text) {
        wrong.push("begins in lower case".into());
    }
    if text.ends_with('.') && !text.ends_with("...") {
        wrong.push("no full stop at the end".into());
    }
    // Two points stand for what is left out, and end nothing.
    let plain = text.replace("..", "");
    if plain
        .split(". ")
        .skip(1)
        .any(|rest| rest.starts_with(char::is_uppercase))
    {
        wrong.push("one sentence".into());
    }
    if text.starts_with("error") {
        wrong.push("that it is an error is said before it".into());
    }
    wrong
}

#[test]
fn messages_and_hints_keep_the_rules() {
    let all = messages();
    assert!(all.len() > 200, "only {} messages", all.len());
    let wrong: Vec<String> = all
        .iter()
        .flat_map(|(place, text)| {
            wrong_message(text)
                .into_iter()
                .map(move |why| format!("{place}: {text:?}: {why}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn help_texts_keep_the_rules() {
    let mut command = pgphase::cli::Cli::command();
    command.build();
    let mut texts: Vec<(String, String)> = Vec::new();
    for each in command.get_subcommands().chain([&command]) {
        let name = each.get_name().to_owned();
        texts.extend(each.get_about().map(|about| (name.clone(), about.to_string())));
        for argument in each.get_arguments() {
            let place = format!("{name} {}", argument.get_id());
            texts.extend(argument.get_help().map(|help| (place.clone(), help.to_string())));
            for value in argument.get_possible_values() {
                texts.extend(
                    value
                        .get_help()
                        .map(|help| (format!("{place} {}", value.get_name()), help.to_string())),
                );
            }
        }
    }
    assert!(texts.len() > 150, "only {} texts", texts.len());
    let mut wrong: Vec<String> = Vec::new();
    for (place, text) in texts {
        let mut why = self::wrong(&text);
        if text.starts_with(char::is_lowercase) {
            why.push("begins with a capital".into());
        }
        if text.ends_with('.') && place != "pgphase" {
            why.push("no full stop at the end".into());
        }
        wrong.extend(why.into_iter().map(|why| format!("{place}: {text:?}: {why}")));
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The page and this test name the same words.
#[test]
fn the_page_lists_the_words() {
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/guide/wording.md")).expect("the page");
    for (word, other) in AVOIDED {
        let row = page
            .lines()
            .any(|line| line.starts_with('|') && line.contains(word) && line.contains(other));
        assert!(row, "no row of the page says {other} for {word}");
    }
}

#[test]
fn breaches_are_seen() {
    for text in [
        "Cannot read it",
        "cannot read it.",
        "failed to read it",
        "can't go on",
        "it broke. Mend it",
        "error in it",
    ] {
        assert!(!wrong_message(text).is_empty(), "{text}");
    }
    for text in [
        "cannot read {path}: {error}",
        "PostgreSQL has no cast",
        "ACCESS EXCLUSIVE is needed",
        "`a` is no name",
    ] {
        assert_eq!(wrong_message(text), Vec::<String>::new(), "{text}");
    }
    assert_eq!(literal("format!(\n  \"a \\\n   b\""), Some("a b".into()));
    assert_eq!(literal("text, \"a\""), None);
}
