//! The tree is as agreed: the top level, the direction of imports, examples, nothing unfinished.

use std::fs;
use std::path::{Path, PathBuf};

/// What the top level holds beside what git ignores.
const TOP: &[&str] = &[
    ".ci",
    ".clippy.toml",
    ".git",
    ".gitignore",
    ".rustfmt.toml",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "benches",
    "docs",
    "examples",
    "plans",
    "schemas",
    "src",
    "target",
    "tests",
];

/// The modules from the inside to the outside: each may use those of its own line and the lines before it.
const LAYERS: &[&[&str]] = &[
    &["name", "sql", "pair"],
    &["expr", "types"],
    &["object", "operation", "refs", "schema"],
    &["parse", "conn"],
    &["introspect", "settle", "unify"],
    &["diff", "rename"],
    &["plan", "render", "report"],
    &["apply", "verify", "drift", "files", "lint", "export", "cluster"],
    &["cli"],
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files = Vec::new();
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn top_level_is_as_agreed() {
    let entries = fs::read_dir(root()).expect("the root").filter_map(Result::ok);
    let strange: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !TOP.contains(&name.as_str()))
        .collect();
    assert!(strange.is_empty(), "unexpected at the top level: {strange:?}");
}

#[test]
fn imports_point_inwards() {
    let layer = |module: &str| LAYERS.iter().position(|modules| modules.contains(&module));
    let mut wrong = Vec::new();
    for file in rust_files(&root().join("src")) {
        let relative = file.strip_prefix(root().join("src")).expect("below src").to_path_buf();
        let first = relative
            .components()
            .next()
            .map(|part| part.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned());
        let name = relative.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.as_deref().unwrap_or_default();
        if name == "tests.rs" || name.ends_with("_tests.rs") {
            continue;
        }
        // Beside what a kind is stand its stages, each as far out as the module it belongs to.
        let of_kind = relative.starts_with("object") && relative.components().count() == 3;
        let first = match name {
            "introspect.rs" if of_kind => Some("introspect".to_owned()),
            "render.rs" if of_kind => Some("render".to_owned()),
            "mod.rs" => first,
            _ if of_kind => Some("parse".to_owned()),
            _ => first,
        };
        let Some(own) = first.as_deref().and_then(layer) else {
            continue;
        };
        let text = fs::read_to_string(&file).expect("a source file");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for part in code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .flat_map(|line| line.split("crate::").skip(1))
        {
            let used: String = part
                .chars()
                .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
                .collect();
            if layer(&used).is_some_and(|other| other > own) {
                wrong.push(format!("{} uses {used}", relative.display()));
            }
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "imports that point outwards:\n{}", wrong.join("\n"));
}

#[test]
fn nothing_is_left_unfinished() {
    let marks = [
        concat!("todo", "!("),
        concat!("unimplemented", "!("),
        concat!("FIX", "ME"),
        concat!("X", "XX "),
    ];
    let folders = ["src", "tests", "examples"]
        .iter()
        .flat_map(|folder| rust_files(&root().join(folder)));
    let left: Vec<String> = folders
        .filter(|file| fs::read_to_string(file).is_ok_and(|text| marks.iter().any(|mark| text.contains(mark))))
        .map(|file| file.display().to_string())
        .collect();
    assert!(left.is_empty(), "unfinished: {left:?}");
}

#[test]
fn every_scenario_has_both_sides() {
    let scenarios = root().join("tests/scenarios");
    let mut count = 0;
    for kind in fs::read_dir(scenarios).expect("the scenarios").filter_map(Result::ok) {
        for case in fs::read_dir(kind.path()).expect("a kind").filter_map(Result::ok) {
            assert!(
                case.path().join("before.sql").exists() && case.path().join("after.sql").exists(),
                "{}",
                case.path().display()
            );
            count += 1;
        }
    }
    assert!(count >= 120, "only {count} scenarios");
}

#[test]
fn examples_are_there() {
    for file in ["story.rs", "scale.rs", "shop/before.sql", "../schemas/shop.sql"] {
        assert!(root().join("examples").join(file).exists(), "examples/{file}");
    }
}
