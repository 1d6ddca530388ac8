//! The policy of a project: environments, objects, sizes, hazards and phases; and plan folders that keep what was approved.

use crate::support::project::Project;

const DROPS: (&str, &str) = (
    "CREATE TABLE t (id bigint PRIMARY KEY, fax text, note text);",
    "CREATE TABLE t (id bigint PRIMARY KEY);",
);

#[test]
fn only_small_tables_are_changed_in_place() {
    let tables = |kind: &str| {
        ["small", "large", "chosen"]
            .map(|table| format!("CREATE TABLE {table} (id bigint PRIMARY KEY, n {kind});"))
            .concat()
    };
    let config = "policy:\n  strategy: in-place\n  in_place_up_to: {rows: 1000, bytes: 1MB}\n  objects:\n  - {of: public.chosen, strategy: online}\n";
    let project = Project::new(config, &tables("integer"), &tables("bigint"));
    let fill = "INSERT INTO small SELECT n, n FROM generate_series(1, 100) n; INSERT INTO chosen SELECT * FROM small; \
                INSERT INTO large SELECT n, n FROM generate_series(1, 5000) n; ANALYZE;";
    project.database.sql(fill).expect("rows");
    let said = project.says(0, &["plan", "--approve", "all", "--out", "plan"]);
    assert!(said.contains("public.large in place up to a size only"), "{said}");
    let sql = project.read("plan/2-backfill.sql");
    for (table, online) in [("small", false), ("large", true), ("chosen", true)] {
        assert_eq!(sql.contains(&format!("public.{table}")), online, "{table}: {sql}");
    }
    project.says(0, &["apply", "plan", "--phase", "all", "--yes"]);
    project.says(0, &["drift", "-q"]);
    assert_eq!(
        project.database.sql("SELECT sum(n) FROM large").expect("rows").trim(),
        "12502500"
    );
}

#[test]
fn what_is_not_known_is_not_small() {
    let config = "policy: {strategy: in-place, in_place_up_to: {rows: 1000}}\n";
    let table = |kind: &str| format!("CREATE TABLE t (id bigint PRIMARY KEY, n {kind});");
    let project = Project::new(config, &table("integer"), &table("bigint"));
    project.database.sql("INSERT INTO t VALUES (1, 1)").expect("a row");
    let said = project.says(0, &["plan"]);
    assert!(said.contains("rows not counted yet"), "{said}");
    project.write("before.sql", &table("integer"));
    let said = project.says_alone(0, &["plan", "--from", "before.sql"]);
    assert!(said.contains("its size is not known"), "{said}");
}

#[test]
fn all_does_not_speak_for_what_needs_its_own_approval() {
    let config =
        "environments:\n  production:\n    databases: {main: DATABASE}\n    policy: {hazards: {data-loss: each}}\n";
    let project = Project::new(config, DROPS.0, DROPS.1);
    // Without the environment `all` is all.
    project.says(0, &["plan", "--approve", "all", "--out", "anywhere"]);
    let production = ["--env", "production"];
    let with = |words: &[&'static str]| [words, &production].concat();
    let said = project.says_alone(0, &with(&["plan", "--approve", "all", "--out", "plan"]));
    assert!(
        said.contains("`all` does not approve data-loss:column public.t."),
        "{said}"
    );
    project.says_alone(3, &with(&["apply", "plan", "--phase", "all", "--yes"]));
    // A plan that was approved as a whole elsewhere is not, here.
    let said = project.says_alone(3, &with(&["apply", "anywhere", "--phase", "all", "--yes"]));
    assert!(said.contains("data-loss:column public.t.note"), "{said}");
    assert!(said.contains("approv"), "{said}");
    project.says_alone(3, &with(&["export", "anywhere", "--runner", "dbmate", "--out", "m"]));
    let ids = "data-loss:column public.t.fax,data-loss:column public.t.note";
    let named = ["plan", "--approve", ids, "--out", "plan"];
    project.says_alone(0, &[&named[..], &production].concat());
    project.says_alone(0, &with(&["apply", "plan", "--phase", "all", "--yes"]));
    project.says_alone(0, &with(&["drift", "--all", "-q"]));
}

#[test]
fn what_is_never_allowed_is_not_run() {
    let config = "policy:\n  objects:\n  - {of: 'public.t', hazards: {data-loss: never}}\n";
    let project = Project::new(config, DROPS.0, DROPS.1);
    let id = "data-loss:column public.t.fax";
    let said = project.says(0, &["plan", "--approve", id, "--out", "plan"]);
    assert!(said.contains(&format!("the policy does not allow {id}")), "{said}");
    assert!(project.read("plan/REVIEW.md").contains("The policy does not allow"));
    // Written in by hand it does not count either.
    let yaml = project
        .read("plan/plan.yaml")
        .replace("approvals: []", "approvals: [all]");
    project.write("plan/plan.yaml", &yaml);
    let said = project.says(3, &["apply", "plan", "--phase", "contract", "--yes"]);
    assert!(
        said.contains("the policy does not allow: data-loss") && said.contains(id),
        "{said}"
    );
    assert_eq!(
        project
            .database
            .sql("SELECT count(fax) FROM t")
            .expect("still there")
            .trim(),
        "0"
    );
}

#[test]
fn a_phase_waits_for_its_approval() {
    let project = Project::new("policy: {approve_phases: [contract]}\n", DROPS.0, DROPS.1);
    project.says(0, &["plan", "--approve", "all", "--out", "plan"]);
    let said = project.says(3, &["apply", "plan", "--phase", "all", "--yes"]);
    assert!(said.contains("phase:contract"), "{said}");
    project.says(0, &["plan", "--approve", "phase:contract", "--out", "plan"]);
    project.says(0, &["apply", "plan", "--phase", "all", "--yes"]);
}

#[test]
fn an_environment_says_which_database_is_meant() {
    let config =
        "environments:\n  one: {databases: {main: DATABASE}}\n  two: {databases: {a: DATABASE, b: dbname=nowhere}}\n";
    let project = Project::new(config, DROPS.0, DROPS.0);
    project.says_alone(0, &["drift", "--env", "one"]);
    project.says_alone(0, &["drift", "--env", "two", "-d", "a"]);
    let said = project.says_alone(64, &["drift", "--env", "two"]);
    assert!(said.contains("name one with -d: a, b"), "{said}");
    let said = project.says_alone(64, &["drift", "--env", "three"]);
    assert!(said.contains("there are: one, two"), "{said}");
}

#[test]
fn a_plan_folder_keeps_its_approvals() {
    let project = Project::new("plans: plans\n", DROPS.0, DROPS.1);
    let id = "data-loss:column public.t.fax";
    project.says(0, &["plan", "--out", "fax", "--approve", id]);
    assert!(project.is_approved("plans/fax", id));
    // The same plan once more: what was approved stays.
    project.says(0, &["plan", "--out", "fax"]);
    assert!(project.is_approved("plans/fax", id));
    project.says_alone(0, &["show", "fax"]);
    // Another one is not written over it, unless that is asked for.
    project.write("schema.sql", "CREATE TABLE t (id bigint PRIMARY KEY, note text);");
    let said = project.says(1, &["plan", "--out", "fax"]);
    assert!(said.contains("--replace"), "{said}");
    assert!(project.read("plans/fax/plan.yaml").contains("public.t.note"));
    project.says(0, &["plan", "--out", "fax", "--replace"]);
    assert!(!project.is_approved("plans/fax", id));
}

#[test]
fn both_directions_say_the_same() {
    let file =
        "CREATE TABLE t (id bigint PRIMARY KEY, n varchar(10) NOT NULL, only_file int); CREATE INDEX i ON t (n);";
    let there = "CREATE TABLE t (id integer PRIMARY KEY, n varchar(20), only_there int); CREATE INDEX i ON t (n, id);";
    let project = Project::new("", there, file);
    project.write("there.sql", there);
    let database = project.database.conninfo();
    for (from, to, same_from, same_to) in [
        ("schema.sql", database.as_str(), "schema.sql", "there.sql"),
        (database.as_str(), "schema.sql", "there.sql", "schema.sql"),
    ] {
        let live = project.says_alone(0, &["diff", from, to]);
        assert_eq!(
            live,
            project.says_alone(0, &["diff", same_from, same_to]),
            "{from} {to}"
        );
    }
    let said = project.says_alone(0, &["diff", "schema.sql", &database]);
    assert!(said.contains("to integer"), "{said}");
    // What files leave open is as the database has it, whichever side they are on.
    let said = project.says_alone(0, &["plan", "--from", "there.sql", "--to", &database]);
    assert!(said.contains("Nothing to do"), "{said}");
}

#[test]
fn an_old_shape_is_no_loss_and_has_its_own_approval() {
    let config = "policy: {hazards: {data-loss: each}}\n";
    let project = Project::new(
        config,
        "CREATE TABLE t (id bigint PRIMARY KEY, name text, fax text, n integer, raw text);",
        "CREATE TABLE t (\nid bigint PRIMARY KEY,\n-- @renamed_from name\nfull_name text,\nn bigint,\n-- @using raw = 'yes'\nraw boolean);",
    );
    project
        .database
        .sql("INSERT INTO t VALUES (1, 'Ada', '555', 7, 'yes'), (2, NULL, NULL, NULL, 'perhaps')")
        .expect("rows");
    let said = project.says(0, &["plan", "--approve", "all", "--out", "plan"]);
    let replaced = said.split("REPLACED, WITH THE SAME VALUES").nth(1).expect("a block");
    let (replaced, _) = replaced.split_once("DEPLOY").expect("the next block");
    assert!(replaced.contains("public.t.name goes") && replaced.contains("public.t.n as integer goes"));
    let lost = said.split("LOST FOR GOOD").nth(1).expect("a block");
    let (lost, _) = lost.split_once("REPLACED").expect("the next block");
    assert!(lost.contains("public.t.fax") && lost.contains("public.t.raw as text goes with its values"));
    assert!(
        !lost.contains("public.t.name") && !replaced.contains("public.t.fax"),
        "{said}"
    );
    // What is lost needs its own word; the shapes do not.
    for (id, open) in [
        ("old-shape:column public.t.name", false),
        ("old-shape:column public.t.n", false),
        ("data-loss:column public.t.fax", true),
        ("data-loss:column public.t.raw", true),
    ] {
        assert_eq!(said.contains(&format!("--approve '{id}'")), open, "{id}: {said}");
    }
    // An id of an old plan says nothing any more, and hurts nobody.
    let ids = "old-shape:column public.t.name,old-shape:column public.t.n,data-loss:column public.t.fax,\
               data-loss:column public.t.raw,data-loss:column public.t.name";
    let said = project.says(0, &["plan", "--approve", ids, "--out", "plan"]);
    assert!(
        said.contains("the plan has no hazard data-loss:column public.t.name"),
        "{said}"
    );
    project.says(0, &["apply", "plan", "--phase", "all", "--yes"]);
    project.says(0, &["drift", "-q"]);
    let rows = project
        .database
        .sql("SELECT id, full_name, n, raw FROM t ORDER BY id")
        .expect("rows");
    assert_eq!(rows.split_whitespace().collect::<Vec<_>>(), ["1|Ada|7|t", "2|||f"]);
    // Renames alone lose nothing.
    project.write(
        "schema.sql",
        "CREATE TABLE t (\nid bigint PRIMARY KEY,\nn bigint,\nraw boolean,\n-- @renamed_from full_name\nname text);",
    );
    let said = project.says(0, &["plan", "--out", "again"]);
    assert!(
        said.contains("nothing is lost") && said.contains("Risk: medium"),
        "{said}"
    );
}
