//! `examples/ci/`: every call of pgphase in these files is one that the program understands, and the YAML among them is YAML.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use clap::Parser;
use serde::Deserialize;

use crate::support::run::run;

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/ci")
}

/// The words behind `pgphase` in a line of shell, or in a list of YAML; `None` where the line calls it not.
fn call(line: &str) -> Option<Vec<String>> {
    let line = line.trim();
    if line.starts_with('#') {
        return None;
    }
    if let Some(list) = line.strip_prefix("command: [pgphase, ") {
        let words = list.trim_end_matches(']').split(", ");
        return Some(words.map(|word| value(word.trim_matches('"'))).collect());
    }
    let at = line.match_indices("pgphase ").map(|(at, _)| at).find(|at| {
        let rest = &line[at + "pgphase ".len()..];
        let verb = rest.split([' ', '"']).next().unwrap_or_default();
        [
            "lint", "plan", "apply", "drift", "status", "show", "diff", "rollback", "explain",
        ]
        .contains(&verb)
    })?;
    let mut words = Vec::new();
    let (mut word, mut quoted, mut depth) = (String::new(), false, 0);
    for c in line[at + "pgphase ".len()..].chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            '"' if depth == 0 => {
                quoted = !quoted;
                continue;
            }
            '|' | '>' | ';' | '&' if !quoted && depth == 0 => break,
            ' ' if !quoted && depth == 0 => {
                if !word.is_empty() {
                    words.push(value(&std::mem::take(&mut word)));
                }
                continue;
            }
            _ => {}
        }
        word.push(c);
    }
    if !word.is_empty() {
        words.push(value(&word));
    }
    Some(words)
}

/// What stands for a phase is one; other variables stand for themselves.
fn value(word: &str) -> String {
    match word {
        "$PHASE" | "{{ .phase }}" => "expand".into(),
        other => other.to_owned(),
    }
}

#[test]
fn every_call_is_understood() {
    let mut calls = Vec::new();
    for file in files(&root()) {
        let text = fs::read_to_string(&file).expect("a file");
        for line in text.lines().filter(|line| !line.starts_with('|')) {
            let Some(words) = call(line) else { continue };
            let all = std::iter::once("pgphase".to_owned()).chain(words.iter().cloned());
            if let Err(error) = pgphase::cli::Cli::try_parse_from(all) {
                panic!("{}: {line}\n{words:?}\n{error}", file.display());
            }
            calls.push(words);
        }
    }
    assert!(calls.len() >= 18, "only {} calls: {calls:?}", calls.len());
    for verb in ["lint", "plan", "apply", "drift", "status", "show"] {
        assert!(calls.iter().any(|words| words[0] == verb), "no {verb}");
    }
    // A word that is no flag is not let through.
    assert!(pgphase::cli::Cli::try_parse_from(["pgphase", "lint", "--no-such-flag"]).is_err());
}

#[test]
fn yaml_is_yaml() {
    let mut count = 0;
    for file in files(&root()) {
        let is_yaml = file
            .extension()
            .is_some_and(|extension| extension == "yml" || extension == "yaml");
        if !is_yaml || file.parent().is_some_and(|parent| parent.ends_with("templates")) {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a file");
        for document in serde_yaml::Deserializer::from_str(&text) {
            let value =
                serde_yaml::Value::deserialize(document).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            assert!(value.is_mapping(), "{}", file.display());
            count += 1;
        }
    }
    assert!(count >= 10, "only {count} documents");
}

/// The validators of the systems that the files are for: `words` says which of them are run.
fn validated(words: &[&str], limit: Duration) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/ready.py");
    let finished = run(
        Command::new("python3")
            .arg(script)
            .args(words)
            .env("PGPHASE", env!("CARGO_BIN_EXE_pgphase")),
        limit,
    );
    eprint!("{}", finished.stdout);
    assert_eq!(finished.code(), Some(0), "{}", finished.said());
}

#[test]
fn validators_that_are_installed_are_content() {
    if Command::new("python3").arg("--version").output().is_err() {
        eprintln!("skipped: there is no python3, which runs the validators");
        return;
    }
    validated(&["--installed"], Duration::from_secs(300));
}

#[test]
#[ignore = "installs the validators and takes minutes: run it with --ignored"]
fn validators_real() {
    validated(&[], Duration::from_secs(1800));
}
