//! The review of a plan in all its forms. `plans/shop` and `tests/review/shop.txt` are golden; where a change of the form is
//! meant, they are made anew from the root of the project by
//!
//! ```sh
//! cargo run -- plan --from examples/shop/before.sql --to schemas/shop.sql --server-version 15 --out plans/shop > tests/review/shop.txt
//! ```

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::support::database::Database;
use crate::support::pgphase;
use crate::support::run::{Finished, run};

const LIMIT: Duration = Duration::from_secs(120);

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pgphase_run(folder: &Path, args: &[&str]) -> Finished {
    run(pgphase::command().args(args).current_dir(folder), LIMIT)
}

pub(crate) fn done(folder: &Path, args: &[&str]) -> String {
    let finished = pgphase_run(folder, args);
    assert_eq!(finished.code(), Some(0), "{args:?}: {}", finished.said());
    finished.stdout
}

/// The plan of the shop, made anew.
fn shop(out: &Path) -> String {
    let out = out.display().to_string();
    let to = ["--to", "schemas/shop.sql", "--server-version", "15", "--out", &out];
    done(
        root(),
        &[&["plan", "--from", "examples/shop/before.sql"][..], &to[..]].concat(),
    )
}

#[test]
fn the_plan_of_the_shop_is_as_agreed() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("shop");
    let text = shop(&out);
    let golden = root().join("plans/shop");
    let mut names: Vec<String> = fs::read_dir(&golden)
        .expect("the golden plan")
        .filter_map(Result::ok)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names.len(), 7, "{names:?}");
    for name in &names {
        let agreed = fs::read_to_string(golden.join(name)).expect("a golden file");
        let made = fs::read_to_string(out.join(name)).expect("a file of the plan");
        assert_eq!(made, agreed, "plans/shop/{name} (see the head of tests/review.rs)");
    }
    let agreed = fs::read_to_string(root().join("tests/review/shop.txt")).expect("the golden text");
    assert_eq!(text, agreed, "tests/review/shop.txt (see the head of tests/review.rs)");
    // A folder says the same as the plan that was printed.
    assert_eq!(done(root(), &["show", "plans/shop"]), agreed);
    let review = fs::read_to_string(golden.join("REVIEW.md")).expect("the golden review");
    assert_eq!(done(root(), &["show", "plans/shop", "--format", "markdown"]), review);
}

/// The first screen answers what happens, what is lost, and when to deploy.
#[test]
fn the_dangerous_comes_first() {
    let review = fs::read_to_string(root().join("plans/shop/REVIEW.md")).expect("the golden review");
    let head: Vec<&str> = review.lines().take(30).collect();
    let head = head.join("\n");
    for part in [
        "33 steps",
        "Risk: **high**",
        "column public.customers.fax",
        "Deploy the new application after",
    ] {
        assert!(head.contains(part), "{part} is not in:\n{head}");
    }
}

fn validator(document: &str) -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(&done(root(), &["json-schema", document])).expect("a JSON Schema");
    jsonschema::validator_for(&schema).expect("a schema that a validator takes")
}

#[test]
fn the_json_is_what_its_schema_says() {
    let validator = validator("review");
    let text = done(root(), &["show", "plans/shop", "--format", "json"]);
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let errors: Vec<String> = validator
        .iter_errors(&document)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(document["version"], 1);

    for (path, value) in [
        ("/verdict/risk", Value::from("huge")),
        ("/steps/0/phase", Value::from("sometime")),
        ("/steps/0/undo", Value::Null),
        ("/hazards/0/approved", Value::from("no")),
        ("/version", Value::from("1")),
    ] {
        let mut wrong = document.clone();
        *wrong.pointer_mut(path).unwrap_or_else(|| panic!("{path}")) = value;
        assert!(!validator.is_valid(&wrong), "{path} may be anything");
    }

    // What the text and the page say of steps and hazards is in the document.
    let review = done(root(), &["show", "plans/shop", "--format", "text"]);
    let words: String = review.split_whitespace().collect::<Vec<_>>().join(" ");
    for step in document["steps"].as_array().expect("steps") {
        for key in ["id", "title", "why"] {
            let said = step[key].as_str().unwrap_or_default();
            assert!(words.contains(said), "{key} {said} of the document is not in the text");
        }
    }
}

/// A schema of many tables with everything that takes room.
pub(crate) fn large(folder: &Path, tables: usize) {
    let mut before = String::new();
    let mut after = String::new();
    for table in 0..tables {
        before.push_str(&format!(
            "CREATE TABLE t{table} (id bigint PRIMARY KEY, a text, gone text);\n"
        ));
        after.push_str(&format!(
            "CREATE TABLE t{table} (id bigint PRIMARY KEY, a text NOT NULL, b uuid DEFAULT gen_random_uuid() NOT NULL);\n\
             CREATE FUNCTION f{table}() RETURNS text LANGUAGE sql AS $$ SELECT '```\n</details>' $$;\n"
        ));
    }
    fs::write(folder.join("before.sql"), before).expect("before");
    fs::write(folder.join("after.sql"), after).expect("after");
}

/// Every fence that is opened is closed, and so is everything that folds, outside fences.
pub(crate) fn assert_closed(markdown: &str, what: &str) {
    let mut fence: Option<usize> = None;
    let mut open = 0i32;
    for line in markdown.lines() {
        let ticks = line.trim_start().chars().take_while(|letter| *letter == '`').count();
        match fence {
            Some(length) if ticks >= length && line.trim().len() == ticks => fence = None,
            None if ticks >= 3 => fence = Some(ticks),
            None if line == "<details>" => open += 1,
            None if line == "</details>" => open -= 1,
            _ => {}
        }
        assert!((0..=1).contains(&open), "{what}: {line}");
    }
    assert_eq!((fence, open), (None, 0), "{what} ends inside something");
}

#[test]
fn the_review_fits_a_comment() {
    let folder = tempfile::tempdir().expect("a folder");
    for (tables, cut) in [(1, false), (12, true), (400, true)] {
        large(folder.path(), tables);
        let args = ["plan", "--from", "before.sql", "--to", "after.sql", "--format"];
        let review = done(folder.path(), &[&args[..], &["markdown"]].concat());
        let what = format!("{tables} tables");
        assert!(
            review.chars().count() <= 65_536,
            "{what}: {} characters",
            review.chars().count()
        );
        assert_eq!(review.contains("Left out, so that this fits"), cut, "{what}");
        assert_closed(&review, &what);
        assert!(review.contains("Data is lost for good"), "{what}");
        let mermaid = done(folder.path(), &[&args[..], &["mermaid"]].concat());
        assert!(mermaid.len() < 50_000, "{what}: {} bytes of Mermaid", mermaid.len());
    }
}

/// Names and texts that try to be markup.
pub(crate) fn hostile(folder: &Path) {
    let name = r#""<script>alert('1')</script>""#;
    let before = format!("CREATE TABLE {name} (id int PRIMARY KEY, \"a|b`*@everyone\" text);\n");
    let after = format!(
        "CREATE TABLE {name} (id int PRIMARY KEY, \"<img src=x onerror=alert(2)>\" text DEFAULT '</code></pre><script>alert(3)</script>');\n\
         CREATE VIEW \"]]>--><b>\" AS SELECT id FROM {name};\n"
    );
    fs::write(folder.join("before.sql"), before).expect("before");
    fs::write(folder.join("after.sql"), after).expect("after");
}

#[test]
fn names_are_never_markup() {
    let folder = tempfile::tempdir().expect("a folder");
    hostile(folder.path());
    let args = ["plan", "--from", "before.sql", "--to", "after.sql", "--format"];
    let page = done(folder.path(), &[&args[..], &["html"]].concat());
    for tag in ["<script", "<img", "<b>"] {
        assert!(!page.contains(tag), "{tag} is in the page");
    }
    for outside in ["http://", "https://", "src=", "@import", "url("] {
        let found = page.replace("http://www.w3.org/2000/svg", "").replace("url(#tip", "");
        let found = found.replace("&lt;img src=x", "");
        assert!(!found.contains(outside), "{outside} is in the page");
    }
    let review = done(folder.path(), &[&args[..], &["markdown"]].concat());
    let prose: String = outside_of_code(&review);
    for tag in ["<script", "<img", "<b>", "@everyone"] {
        assert!(!prose.contains(tag), "{tag} is in the prose of the review");
    }
    assert_closed(&review, "the hostile review");
}

/// Markdown without its fenced blocks and code spans.
fn outside_of_code(markdown: &str) -> String {
    let mut out = String::new();
    let mut fence: Option<usize> = None;
    for line in markdown.lines() {
        let ticks = line.trim_start().chars().take_while(|letter| *letter == '`').count();
        match fence {
            Some(length) if ticks >= length => fence = None,
            Some(_) => {}
            None if ticks >= 3 => fence = Some(ticks),
            None if line.contains("``") => {}
            None => {
                let prose: Vec<&str> = line.split('`').step_by(2).collect();
                out.push_str(&prose.join(" "));
                out.push('\n');
            }
        }
    }
    out
}

/// Where a program is, or a word about the test that needs it.
fn program(name: &str, needed_for: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.exists());
    if found.is_none() {
        eprintln!("skipped: there is no {name}, so {needed_for} is not tested here");
    }
    found
}

/// Lines of the difference are blocks: a line break between two of them would be an empty line.
#[test]
fn the_page_has_no_empty_lines_in_the_difference() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("shop.html");
    done(root(), &["show", "plans/shop", "--html", &page.display().to_string()]);
    let page = fs::read_to_string(page).expect("the page");
    let blocks: Vec<&str> = page.split("<pre class=\"diff\"").skip(1).collect();
    assert!(blocks.len() > 3, "{}", blocks.len());
    for block in blocks {
        let block = block.split("</code>").next().unwrap_or_default();
        assert!(
            block.contains("<span class=\"added\">") && !block.contains('\n'),
            "{block}"
        );
    }
}

#[test]
fn a_browser_shows_the_page() {
    let Some(chromium) = program("chromium", "the page in a browser") else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    hostile(folder.path());
    let hostile = folder.path().join("hostile.html");
    let args = [
        "plan",
        "--from",
        "before.sql",
        "--to",
        "after.sql",
        "--html",
        "hostile.html",
    ];
    done(folder.path(), &args);
    let shop = folder.path().join("shop.html");
    done(root(), &["show", "plans/shop", "--html", &shop.display().to_string()]);
    for (page, parts) in [
        (
            &shop,
            vec![
                "id=\"step-validate-24\"",
                "The order of 33 steps",
                "tables after the plan",
            ],
        ),
        (&hostile, vec!["&lt;script&gt;alert('1')&lt;/script&gt;"]),
    ] {
        let mut command = Command::new(&chromium);
        command
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--enable-logging=stderr",
                "--dump-dom",
            ])
            .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
            .arg(format!("file://{}", page.display()));
        let finished = run(&mut command, LIMIT);
        assert_eq!(finished.code(), Some(0), "{}", finished.stderr);
        for part in parts {
            assert!(finished.stdout.contains(part), "{part} is not in {}", page.display());
        }
        let console: Vec<&str> = finished
            .stderr
            .lines()
            .filter(|line| line.contains("CONSOLE"))
            .collect();
        assert!(console.is_empty(), "{console:?}");
        assert!(!finished.stdout.contains("<script"), "a script in {}", page.display());
    }
}

#[test]
fn graphviz_reads_the_graph() {
    let folder = tempfile::tempdir().expect("a folder");
    hostile(folder.path());
    let draw = |format: &str| {
        let args = ["plan", "--from", "before.sql", "--to", "after.sql", "--format"];
        done(folder.path(), &[&args[..], &[format]].concat())
    };
    let (graph, tables) = (draw("dot"), draw("tables-dot"));
    assert!(graph.starts_with("digraph \"plan\" {"), "{graph}");
    let Some(dot) = program("dot", "the graph in Graphviz") else {
        return;
    };
    let file = folder.path().join("graph.dot");
    let shop = |format: &str| done(root(), &["show", "plans/shop", "--format", format]);
    for graph in [graph, tables, shop("dot"), shop("tables-dot")] {
        fs::write(&file, &graph).expect("the graph");
        let finished = run(Command::new(&dot).args(["-Tplain"]).arg(&file), LIMIT);
        assert_eq!(finished.code(), Some(0), "{}", finished.said());
        let edges = finished.stdout.lines().filter(|line| line.starts_with("edge ")).count();
        assert_eq!(edges, graph.matches(" -> ").count(), "{}", finished.stdout);
    }
}

#[test]
fn what_each_application_sees() {
    let folder = tempfile::tempdir().expect("a folder");
    let review = |before: &str, after: &str| -> Value {
        fs::write(folder.path().join("before.sql"), before).expect("before");
        fs::write(folder.path().join("after.sql"), after).expect("after");
        let args = ["plan", "--from", "before.sql", "--to", "after.sql", "--format", "json"];
        serde_json::from_str(&done(folder.path(), &args)).expect("JSON")
    };
    let deploy = |review: &Value| review["deploy"][0].as_str().unwrap_or_default().to_owned();
    let works = |review: &Value, phase: usize, who: &str| review["phases"][phase][who]["works"].clone();

    // A new column: the new application needs expand, the old one nothing.
    let found = review("CREATE TABLE t (id int);", "CREATE TABLE t (id int, a text);");
    assert_eq!(deploy(&found), "Deploy the new application after expand.");
    assert_eq!(works(&found, 0, "new_application"), true);

    // A column that goes: the old application needs it until contract.
    let found = review("CREATE TABLE t (id int, a text);", "CREATE TABLE t (id int);");
    assert!(deploy(&found).contains("before contract"), "{}", deploy(&found));
    assert_eq!(works(&found, 0, "old_application"), false);

    // A renamed column has its rows after the backfill.
    let found = review(
        "CREATE TABLE t (id int PRIMARY KEY, a text);",
        "CREATE TABLE t (id int PRIMARY KEY,\n-- @renamed_from a\nb text);",
    );
    assert!(
        deploy(&found).starts_with("Deploy the new application after backfill, and before contract"),
        "{}",
        deploy(&found)
    );
    assert!(deploy(&found).contains("public.t.b"), "{}", deploy(&found));
    assert_eq!(works(&found, 0, "old_application"), true);
    assert_eq!(works(&found, 0, "new_application"), true);

    // Only an index: nothing to wait for.
    let found = review(
        "CREATE TABLE t (id int);",
        "CREATE TABLE t (id int); CREATE INDEX i ON t (id);",
    );
    assert!(deploy(&found).contains("at any time"), "{}", deploy(&found));
}

/// What a plan from a live database tells of sizes is what the server counts.
#[test]
fn sizes_come_from_the_server() {
    let database = Database::new();
    database
        .sql("create table t (id int); insert into t select generate_series(1, 12345); create table p (id int) partition by range (id); create table p1 partition of p for values from (0) to (10000); insert into p select generate_series(1, 5000)")
        .expect("tables");
    // Each in a transaction of its own.
    database.sql("vacuum (analyze) t").expect("counts");
    database.sql("vacuum (analyze) p1").expect("counts");
    let folder = tempfile::tempdir().expect("a folder");
    let after = "CREATE TABLE t (id int NOT NULL); CREATE TABLE p (id int NOT NULL) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10000);";
    fs::write(folder.path().join("after.sql"), after).expect("after");
    let conninfo = database.conninfo();
    let args = ["plan", "-d", &conninfo, "--to", "after.sql", "--format", "json"];
    let review: Value = serde_json::from_str(&done(folder.path(), &args)).expect("JSON");
    let mut found: Vec<(String, u64)> = Vec::new();
    for step in review["steps"].as_array().expect("steps") {
        for size in step["sizes"].as_array().expect("sizes") {
            let table = size["table"].as_str().expect("a name").to_owned();
            found.push((table, size["size"]["rows"].as_u64().expect("rows")));
        }
    }
    found.sort();
    found.dedup();
    assert!(found.contains(&("public.t".into(), 12_000)), "{found:?}");
    // What holds the rows of a partitioned table is its partitions.
    assert!(found.contains(&("public.p1".into(), 5_000)), "{found:?}");
    // The same database and files give the same bytes.
    assert_eq!(done(folder.path(), &args), done(folder.path(), &args));
}
