//! Help: every command has examples, and each of them is understood by the command line that it explains.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::time::Duration;

use crate::support::pgphase;
use crate::support::run::run;
use crate::support::words::{refusal, words};

const LIMIT: Duration = Duration::from_secs(30);

fn help(args: &[&str]) -> String {
    let finished = run(pgphase::command().args(args).arg("--help"), LIMIT);
    assert_eq!(finished.code(), Some(0), "{}", finished.said());
    finished.stdout
}

/// The names of the commands, as the help lists them.
pub(crate) fn commands() -> Vec<String> {
    let commands: Vec<String> = help(&[])
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next().map(str::to_owned))
        .filter(|word| !word.is_empty())
        .collect();
    assert!(commands.len() > 15, "{commands:?}");
    commands
}

/// The examples in a help text.
fn examples(help: &str) -> Vec<&str> {
    help.lines()
        .filter(|line| line.starts_with("  pgphase "))
        .map(str::trim)
        .collect()
}

/// The examples of every command.
fn all() -> BTreeMap<String, Vec<String>> {
    let of = |name: &String| {
        let help = help(&[name]);
        assert!(help.contains("\nExamples:\n"), "{name}: {help}");
        (name.clone(), examples(&help).into_iter().map(str::to_owned).collect())
    };
    commands().iter().map(of).collect()
}

#[test]
fn every_example_is_understood() {
    let mut refused = Vec::new();
    for (name, examples) in all() {
        assert!(!examples.is_empty(), "{name} has no example");
        for line in &examples {
            assert_eq!(
                words(line).get(1),
                Some(&name),
                "an example of {name} is about another command"
            );
            refused.extend(refusal(line));
        }
    }
    let top = help(&[]);
    refused.extend(examples(&top).into_iter().filter_map(refusal));
    assert!(examples(&top).len() > 2, "{top}");
    assert!(refused.is_empty(), "{}", refused.join("\n\n"));
    // A word that is no flag is not let through.
    assert!(refusal("pgphase plan --no-such-flag").is_some());
}

#[test]
fn manual_pages_show_the_examples() {
    let place = tempfile::tempdir().expect("a folder");
    let finished = run(pgphase::command().args(["man", "--out"]).arg(place.path()), LIMIT);
    assert_eq!(finished.code(), Some(0), "{}", finished.said());
    let has_man = Command::new("man").arg("--version").output().is_ok();
    for (name, examples) in all() {
        let path = place.path().join(format!("pgphase-{name}.1"));
        let page = fs::read_to_string(&path).expect("a page");
        // Hyphens are written with a backslash there.
        let plain = page.replace("\\*(Aq", "'").replace('\\', "");
        for line in &examples {
            assert!(plain.contains(line.as_str()), "{line} is not in {page}");
        }
        if has_man {
            let mut man = Command::new("man");
            man.args(["-P", "cat", "-l"]).arg(&path).env("MANWIDTH", "140");
            let read = run(&mut man, LIMIT).stdout;
            for line in &examples {
                let shown = read.lines().any(|shown| shown.trim() == line);
                assert!(shown, "{line} is not a line of its own in:\n{read}");
            }
        }
    }
}
