//! The guide and the README: every command in them is run, and what they show is what is said.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::help::commands;
use crate::support::console::{visible, walk};
use crate::support::database::server_major;
use crate::support::pgphase;
use crate::support::run::run;
use crate::support::words::{refusal, words};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages of the guide.
fn pages() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("src/guide"))
        .expect("the guide")
        .filter_map(Result::ok);
    let mut pages: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    pages.sort();
    pages
}

/// Cargo builds this repository anew: `.ci/run` calls it, and not a test that it runs itself. The sample plan is for PostgreSQL 15,
/// and no older server can try it.
fn is_skipped(command: &str) -> bool {
    command.starts_with("cargo ") || (server_major() < 15 && command.contains("verify plans/shop"))
}

fn check(page: &str, least: usize) {
    let count = walk(&root().join(page), is_skipped).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(count >= least, "{page} has only {count} commands");
}

#[test]
fn the_readme() {
    check("README.md", 20);
}

#[test]
fn the_start() {
    check("src/guide/start.md", 10);
}

#[test]
fn concepts() {
    check("src/guide/concepts.md", 5);
}

#[test]
fn recipes() {
    check("src/guide/recipes.md", 30);
}

#[test]
fn ci() {
    check("src/guide/ci.md", 5);
}

#[test]
fn troubleshooting() {
    check("src/guide/troubleshooting.md", 10);
}

#[test]
fn limits() {
    check("src/guide/limits.md", 1);
}

#[test]
fn wording() {
    check("src/guide/wording.md", 2);
}

/// No page is forgotten, in these tests, in the documentation of the library, or in the README.
#[test]
fn every_page_is_known() {
    let own = fs::read_to_string(root().join("tests/guide.rs")).expect("this file");
    let module = fs::read_to_string(root().join("src/guide/mod.rs")).expect("the module");
    let readme = fs::read_to_string(root().join("README.md")).expect("the README");
    let pages = pages();
    assert!(pages.len() >= 7, "{pages:?}");
    for page in pages {
        let name = page.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(
            module.contains(&format!("include_str!(\"{name}\")")),
            "{name} is not in the module"
        );
        assert!(
            readme.contains(&format!("(src/guide/{name})")),
            "{name} is not linked from the README"
        );
        let text = fs::read_to_string(&page).expect("a page");
        let runs = !visible(&text).is_empty();
        assert!(
            !runs || own.contains(&format!("\"src/guide/{name}\"")),
            "{name} is not run"
        );
        // What a reader may copy stands where it is run.
        assert!(
            !text.contains("```sh\n") && !text.contains("```bash\n"),
            "{name}: use ```console"
        );
    }
}

/// Calls of pgphase in the running text are understood too.
#[test]
fn calls_between_backticks_are_understood() {
    let commands = commands();
    let mut refused = Vec::new();
    let mut count = 0;
    for page in pages().into_iter().chain([root().join("README.md")]) {
        let text = fs::read_to_string(&page).expect("a page");
        let mut fenced = false;
        for line in text.lines() {
            fenced ^= line.starts_with("```");
            if fenced {
                continue;
            }
            for code in line
                .split('`')
                .skip(1)
                .step_by(2)
                .filter(|code| code.starts_with("pgphase "))
            {
                count += 1;
                // The name of a command alone is no call.
                if words(code).len() == 2 && commands.contains(&words(code)[1]) {
                    continue;
                }
                refused.extend(refusal(code).map(|why| format!("{}: {why}", page.display())));
            }
        }
    }
    assert!(count > 10, "only {count} calls");
    assert!(refused.is_empty(), "{}", refused.join("\n\n"));
}

/// Messages that the troubleshooting page explains are still said.
#[test]
fn explained_messages_are_in_the_sources() {
    let mut sources = String::new();
    for entry in walkdir::WalkDir::new(root().join("src"))
        .into_iter()
        .filter_map(Result::ok)
    {
        if entry.path().extension().is_some_and(|extension| extension == "rs") {
            sources.push_str(&fs::read_to_string(entry.path()).expect("a source file"));
        }
    }
    let page = fs::read_to_string(root().join("src/guide/troubleshooting.md")).expect("the page");
    let table = page
        .lines()
        .skip_while(|line| *line != "| message | what to do |")
        .skip(2);
    let messages: Vec<&str> = table
        .take_while(|line| line.starts_with('|'))
        .filter_map(|line| line.split('`').nth(1))
        .collect();
    assert!(messages.len() > 12, "{messages:?}");
    for message in messages {
        for part in message.split("...").map(str::trim).filter(|part| part.len() > 2) {
            assert!(sources.contains(part), "nothing says `{part}` of `{message}`");
        }
    }
}

/// What stands there as YAML is a configuration.
#[test]
fn yaml_is_a_configuration() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut count = 0;
    for page in pages().into_iter().chain([root().join("README.md")]) {
        let text = fs::read_to_string(&page).expect("a page");
        for block in text.split("\n```yaml").skip(1) {
            let block = block.split_once('\n').map_or("", |(_, block)| block);
            let yaml = block.split("```").next().unwrap_or_default();
            let file = folder.path().join("pgphase.yaml");
            fs::write(&file, yaml).expect("a file");
            let mut command = pgphase::command();
            let finished = run(
                command.args(["lint", "--rules", "-c"]).arg(&file),
                Duration::from_secs(30),
            );
            assert_eq!(
                finished.code(),
                Some(0),
                "{}: {yaml}\n{}",
                page.display(),
                finished.said()
            );
            count += 1;
        }
    }
    assert!(count >= 5, "only {count} blocks");
}
