//! Pages of Markdown whose commands are run: each in order, in a project folder and a database of its own.
//!
//! - A fence `console` holds commands behind `$ `, with what each writes below it, where that is shown. A command may end in
//!   `# exit code N`. In what is shown, `...` stands for anything, and a line of only `...` for any lines.
//! - A fence with a path behind its language, as `sql schemas/shop.sql`, is a file of the project.
//! - A fence `sh` holds commands, one a line, that must end well.
//! - Comments that no reader sees: `<!-- fresh -->` begins anew in another folder and database; `<!-- file PATH` and
//!   `<!-- run` hold a file, and commands as in `console`.
//!
//! `PGPHASE_BLESS=1` writes what commands say now into the page, where it differs from what is shown.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::database::{Database, cluster, server_major};
use super::pgphase;
use super::run::run;

const LIMIT: Duration = Duration::from_secs(120);

/// The major version of the server whose plans the pages show: those of others have other steps.
const SHOWN_FOR: u32 = 15;

/// A command of a page.
#[derive(Debug, PartialEq)]
pub(crate) struct Call {
    pub(crate) command: String,
    /// The exit code it must end with.
    pub(crate) code: i32,
    /// The lines of the page that show what it writes; empty where nothing is shown.
    pub(crate) shown: Range<usize>,
    /// Whether readers see it.
    pub(crate) visible: bool,
}

#[derive(Debug, PartialEq)]
enum Part {
    Fresh,
    File(String, String),
    Call(Call),
}

/// What a page holds, in order.
fn parts(lines: &[&str]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        at += 1;
        let (opening, end, visible) = if let Some(info) = line.strip_prefix("```") {
            (info, "```", true)
        } else if let Some(comment) = line.strip_prefix("<!-- ") {
            if comment.trim_end() == "fresh -->" {
                parts.push(Part::Fresh);
            }
            if comment.contains("-->") {
                continue;
            }
            (comment, "-->", false)
        } else {
            continue;
        };
        let from = at;
        while lines.get(at).is_some_and(|line| *line != end) {
            at += 1;
        }
        assert!(at < lines.len(), "what begins before line {} has no end", from + 1);
        let text = || {
            lines[from..at]
                .iter()
                .map(|line| format!("{line}\n"))
                .collect::<String>()
        };
        match opening.split_once(' ') {
            Some(("file", path)) if !visible => parts.push(Part::File(path.to_owned(), text())),
            Some((_, path)) if visible => parts.push(Part::File(path.to_owned(), text())),
            None if opening == "console" || opening == "run" => parts.extend(calls(lines, from..at, visible)),
            None if opening == "sh" => {
                let commands = (from..at).filter(|line| !lines[*line].trim_start().starts_with('#'));
                parts.extend(commands.filter(|line| !lines[*line].trim().is_empty()).map(|line| {
                    Part::Call(Call {
                        command: lines[line].to_owned(),
                        code: 0,
                        shown: line + 1..line + 1,
                        visible: true,
                    })
                }));
            }
            _ => {}
        }
        at += 1;
    }
    parts
}

fn calls(lines: &[&str], range: Range<usize>, visible: bool) -> Vec<Part> {
    let mut found: Vec<Part> = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let Some(first) = lines[at].strip_prefix("$ ") else {
            panic!("line {} is not the output of a command", at + 1);
        };
        let mut command = first.to_owned();
        while command.ends_with('\\') {
            at += 1;
            command.push_str(&format!("\n{}", lines[at]));
        }
        at += 1;
        let from = at;
        while at < range.end && !lines[at].starts_with("$ ") {
            at += 1;
        }
        let code = command.rsplit_once("# exit code ").map_or(0, |(_, code)| {
            code.trim()
                .parse()
                .unwrap_or_else(|_| panic!("no number behind {command}"))
        });
        found.push(Part::Call(Call {
            command,
            code,
            shown: from..at,
            visible,
        }));
    }
    found
}

/// A project folder and its database.
struct World {
    folder: tempfile::TempDir,
    database: Database,
    bin: PathBuf,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let bin = folder.path().join(".bin");
        fs::create_dir(&bin).expect("a folder");
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_pgphase"), bin.join("pgphase")).expect("a link");
        Self {
            folder,
            database: Database::new(),
            bin,
        }
    }

    /// Its database as a URL, with everything in it that is needed.
    fn url(&self) -> String {
        let directory = cluster().directory().display().to_string();
        format!("postgres:///{}?host={directory}&user=postgres", self.database.name())
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn run(&self, command: &str) -> (i32, Vec<String>) {
        let mut path = vec![self.bin.clone()];
        path.extend(cluster().program("psql").parent().map(Path::to_owned));
        path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
        let mut shell = Command::new("bash");
        let program = pgphase::command();
        for (name, value) in program.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        shell
            .args(["-c", &format!("exec 2>&1\n{command}")])
            .current_dir(self.folder.path())
            .env("PATH", std::env::join_paths(path).expect("a path"))
            .env("HOME", self.folder.path())
            .env("DATABASE_URL", self.url())
            .env("REPOSITORY", env!("CARGO_MANIFEST_DIR"))
            .env("PGOPTIONS", "-c client_min_messages=warning")
            .envs(["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_NAME"), "reader")))
            .envs(["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_EMAIL"), "reader@example.org")));
        let finished = run(&mut shell, LIMIT);
        let text = finished
            .stdout
            .replace(&format!("'{}'", self.url()), "\"$DATABASE_URL\"")
            .replace(&self.url(), "$DATABASE_URL")
            .replace(&self.folder.path().display().to_string(), ".")
            .replace(&cluster().directory().display().to_string(), "/run/postgresql");
        let text = replace_word(&text, self.database.name(), "shop");
        let lines = text.lines().map(|line| line.trim_end().to_owned()).collect();
        (finished.code().unwrap_or(-1), lines)
    }
}

/// Puts a word in the place of another.
fn replace_word(text: &str, word: &str, other: &str) -> String {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let (before, after) = (&rest[..at], &rest[at + word.len()..]);
        let inside = before
            .chars()
            .next_back()
            .or(out.chars().next_back())
            .is_some_and(is_part)
            || after.chars().next().is_some_and(is_part);
        out.push_str(before);
        out.push_str(if inside { word } else { other });
        rest = after;
    }
    out + rest
}

/// Whether lines are as shown.
pub(crate) fn fits(shown: &[&str], lines: &[String]) -> bool {
    match (shown.split_first(), lines.split_first()) {
        (None, None) => true,
        (Some((&"...", rest)), _) => (0..=lines.len()).any(|skipped| fits(rest, &lines[skipped..])),
        (Some((first, rest)), Some((line, others))) => line_fits(first.trim_end(), line) && fits(rest, others),
        _ => false,
    }
}

fn line_fits(shown: &str, line: &str) -> bool {
    match shown.split_once("...") {
        None => shown == line,
        Some((head, tail)) => line.strip_prefix(head).is_some_and(|rest| {
            (0..=rest.len())
                .filter(|at| rest.is_char_boundary(*at))
                .any(|at| line_fits(tail, &rest[at..]))
        }),
    }
}

/// A line without what is different each time: ids, durations, sizes, points in time.
fn elided(line: &str) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    let is_unit = |at: usize| {
        words
            .get(at)
            .is_some_and(|word| ["ms", "s", "ms,", "s,"].contains(word))
    };
    let mut out: Vec<String> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let core = word.trim_matches(|c: char| "(),.:;\"".contains(c));
        let is_id = core.len() == 16 && core.chars().all(|c| c.is_ascii_hexdigit());
        let is_time = core.len() == 20 && core.ends_with('Z') && core.starts_with("20");
        let is_number = core.parse::<f64>().is_ok() && at > 0 && words[at - 1] == "in" && is_unit(at + 1);
        let is_size = core.parse::<f64>().is_ok() && words.get(at + 1).is_some_and(|unit| unit.starts_with("kB"));
        out.push(if is_id || is_time || is_number || is_size {
            word.replace(core, "...")
        } else {
            (*word).to_owned()
        });
    }
    out.join(" ").replace("... ms", "...").replace("... s", "...")
}

/// The commands of a page that readers see.
pub(crate) fn visible(page: &str) -> Vec<String> {
    let lines: Vec<&str> = page.lines().collect();
    let calls = parts(&lines).into_iter().filter_map(|part| match part {
        Part::Call(call) if call.visible => Some(call.command),
        _ => None,
    });
    calls.collect()
}

/// Runs the commands of a page, but for those that `skip` names, and says what is not as shown.
pub(crate) fn walk(file: &Path, skip: impl Fn(&str) -> bool) -> Result<usize, String> {
    let page = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let lines: Vec<&str> = page.lines().collect();
    let bless = std::env::var_os("PGPHASE_BLESS").is_some();
    let mut world = World::new();
    let mut problems = Vec::new();
    let mut blessed: Vec<(Range<usize>, Vec<String>)> = Vec::new();
    let mut count = 0;
    for part in parts(&lines) {
        let call = match part {
            Part::Fresh => {
                world = World::new();
                continue;
            }
            Part::File(path, text) => {
                world.write(&path, &text);
                continue;
            }
            Part::Call(call) => call,
        };
        if skip(&call.command) {
            continue;
        }
        count += 1;
        let (code, said) = world.run(&call.command);
        let shown = &lines[call.shown.clone()];
        let place = format!("{}:{}: $ {}", file.display(), call.shown.start, call.command);
        if code != call.code {
            problems.push(format!(
                "{place}\nends with {code}, not {}:\n{}",
                call.code,
                said.join("\n")
            ));
        } else if server_major() == SHOWN_FOR && !shown.is_empty() && !fits(shown, &said) {
            if bless {
                blessed.push((call.shown, said.iter().map(|line| elided(line)).collect()));
            } else {
                problems.push(format!(
                    "{place}\nsays:\n{}\nand not:\n{}",
                    said.join("\n"),
                    shown.join("\n")
                ));
            }
        }
    }
    if !blessed.is_empty() {
        let mut lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        for (range, said) in blessed.into_iter().rev() {
            lines.splice(range, said);
        }
        fs::write(file, lines.join("\n") + "\n").map_err(|error| error.to_string())?;
    }
    if problems.is_empty() {
        Ok(count)
    } else {
        Err(problems.join("\n\n"))
    }
}

#[test]
fn a_page_is_read() {
    let page = [
        "text",
        "```sql a.sql",
        "SELECT 1;",
        "```",
        "<!-- fresh -->",
        "```console",
        "$ one \\",
        "    two # exit code 3",
        "said",
        "$ three",
        "```",
        "<!-- run",
        "$ hidden",
        "-->",
    ];
    let call = |command: &str, code, shown, visible| {
        Part::Call(Call {
            command: command.to_owned(),
            code,
            shown,
            visible,
        })
    };
    assert_eq!(
        parts(&page),
        [
            Part::File("a.sql".into(), "SELECT 1;\n".into()),
            Part::Fresh,
            call("one \\\n    two # exit code 3", 3, 8..9, true),
            call("three", 0, 10..10, true),
            call("hidden", 0, 13..13, false),
        ]
    );
    let said = ["a 12 b".to_owned(), "c".into(), "d".into()];
    assert!(fits(&["a ... b", "...", "d"], &said));
    assert!(!fits(&["a ... b", "d"], &said));
    assert!(!fits(&["...", "e"], &said));
    assert_eq!(replace_word("t1 t12 at1 (t1)", "t1", "shop"), "shop t12 at1 (shop)");
}
