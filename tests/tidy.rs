//! The tree is as agreed: the top level, the direction of imports, examples, nothing unfinished.

use std::collections::BTreeSet;
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
    &["keywords", "name", "sql", "pair"],
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

/// A scenario with golden phase files for each strategy, so that a change of what it plans is seen in a review.
const PLANNED: &[(&str, &str)] = &[
    ("access", "policy/changed"),
    ("access", "grant/tables_and_columns"),
    ("add_column", "column/add_volatile_default_not_null"),
    ("add_column", "column/add_identity"),
    ("alter_column", "column/change_default"),
    ("attached", "partition/attach_existing"),
    ("below", "table/settings_of_children"),
    ("body", "routine/bodies_follow_a_rename"),
    ("collation", "collation/changed"),
    ("composite_type", "composite/attribute_gone_from_the_middle"),
    ("constraint", "constraint/foreign_key_add"),
    ("constraint", "constraint/check_add"),
    ("constraint", "constraint/unique_add"),
    ("detach", "partition/detached_online"),
    ("domain", "domain/check_added"),
    ("drop_object", "column/drop_not_null_column"),
    ("enum_type", "enum/label_renamed"),
    ("enum_type", "enum/value_removed"),
    ("foreign_key", "partition/foreign_key_from"),
    ("foreign_table", "foreign_table/changed"),
    ("held_key", "partition/held_key_goes"),
    ("index", "index/redefine_columns"),
    ("index", "index/on_partitioned_table"),
    ("moved", "moved/to_new_table"),
    ("new_table", "table/create"),
    ("not_null", "column/set_not_null"),
    ("numbering", "column/serial_to_identity"),
    ("own_not_null", "table/type_over_own_not_nulls"),
    ("rebuild", "materialized_view/query_changed"),
    ("rename", "table/rename_declared"),
    ("shadow", "partition/by_hash_from_plain"),
    ("shadow", "table/type_under_a_generated_column"),
    ("subscription", "subscription/changed"),
    ("table", "table/unlogged"),
    ("twin", "column/rename_declared"),
    ("twin", "twin/partitioned_serial"),
    ("twin", "twin/renamed_under_a_generated_column"),
    ("twin", "domain/base_type_in_use"),
    ("type_change", "column/widen_varchar"),
];

#[test]
fn every_strategy_has_a_golden_plan() {
    let strategies: BTreeSet<String> = fs::read_dir(root().join("src/plan/strategy"))
        .expect("the strategies")
        .filter_map(Result::ok)
        .filter_map(|entry| entry.path().file_stem().map(|name| name.to_string_lossy().into_owned()))
        .filter(|name| name != "mod")
        .collect();
    let listed: BTreeSet<String> = PLANNED.iter().map(|(strategy, _)| (*strategy).to_owned()).collect();
    assert_eq!(strategies, listed);
    for (strategy, scenario) in PLANNED {
        let folder = root().join("tests/scenarios").join(scenario).join("plan");
        let files = fs::read_dir(&folder).map_or(0, Iterator::count);
        assert!(
            files >= 2,
            "{strategy}: {scenario} has no golden plan (PGPHASE_BLESS=1 writes it)"
        );
    }
}
