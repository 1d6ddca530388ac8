//! Every rule's examples: the bad one gives that finding alone, the good one none, and a server takes both.

use pgphase::lint::rule::{self, SETUP};

use super::{lint, rules_of, schema, with};
use crate::support::database::{Database, server_major};
use crate::support::pool;

#[test]
fn bad_examples_are_found_and_good_ones_are_not() {
    let mut wrong = Vec::new();
    for rule in rule::all() {
        let before = schema(&format!("{SETUP}{}", rule.setup));
        let options = with(rule);
        let bad = lint(&before, rule.bad, &options);
        if rules_of(&bad) != [rule.id] {
            let told: Vec<_> = bad
                .findings
                .iter()
                .map(|f| format!("{}: {}", f.rule, f.message))
                .collect();
            wrong.push(format!("{}: bad gives {told:#?}", rule.id));
        }
        let good = lint(&before, rule.good, &options);
        if !good.findings.is_empty() {
            let told: Vec<_> = good
                .findings
                .iter()
                .map(|f| format!("{}: {}", f.rule, f.message))
                .collect();
            wrong.push(format!("{}: good gives {told:#?}", rule.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rules_are_complete_and_named_once() {
    let mut seen = std::collections::HashSet::new();
    for rule in rule::all() {
        assert!(seen.insert(rule.id), "{} is there twice", rule.id);
        assert!(
            rule.id.chars().all(|c| c.is_ascii_lowercase() || c == '-'),
            "{}",
            rule.id
        );
        for (what, text) in [("title", rule.title), ("why", rule.why), ("fix", rule.fix)] {
            assert!(!text.is_empty(), "{} has no {what}", rule.id);
            assert!(!text.contains("  "), "{}: {what} has two blanks: {text}", rule.id);
        }
        assert!(!rule.title.ends_with('.') && !rule.fix.ends_with('.'), "{}", rule.id);
    }
}

/// Each example in a schema of its own; a new database for each would take minutes.
#[test]
fn a_server_takes_the_examples() {
    let rules: Vec<_> = rule::all().filter(|rule| rule.since <= server_major()).collect();
    let (for_bad, for_good) = (Database::new(), Database::new());
    let wrong: Vec<String> = pool::map(&rules, |rule| {
        let mut wrong = Vec::new();
        for (which, database, text, refused) in [
            ("bad", &for_bad, rule.bad, rule.refused),
            ("good", &for_good, rule.good, None),
        ] {
            let file = tempfile::NamedTempFile::new().expect("a file");
            let own = rule.id;
            let script = format!(
                "\\set VERBOSITY sqlstate\nCREATE SCHEMA \"{own}\";\nSET search_path = \"{own}\";\n{SETUP}{}\n{text}\n",
                rule.setup
            );
            std::fs::write(file.path(), script).expect("written");
            let said = database.script(file.path());
            match (said, refused) {
                (Ok(_), None) => {}
                (Err(why), Some(code)) if why.contains(code) => {}
                (Ok(_), Some(code)) => wrong.push(format!("{own}: {which} is not refused with {code}")),
                (Err(why), _) => wrong.push(format!("{own}: {which}: {why}")),
            }
        }
        wrong
    })
    .into_iter()
    .flatten()
    .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
