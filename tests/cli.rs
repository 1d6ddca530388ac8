//! Slips on the command line and in the configuration, and what is said of them.

use crate::support::project::Project;

const USERS: &str = "CREATE TABLE users (id bigint PRIMARY KEY);";

#[test]
fn a_pattern_that_fits_nothing_is_told() {
    let project = Project::new("ignore: [public.reprot, 'public.tmp_*', public.cache]\n", USERS, USERS);
    let beside = "CREATE VIEW report AS SELECT 1 AS a; CREATE TABLE cache (id int);";
    project.database.sql(beside).expect("what others make");
    let said = project.says(2, &["drift"]);
    assert!(
        said.contains("warning: nothing fits \"public.reprot\", which `ignore` of the configuration names; is \"public.report\" meant?"),
        "{said}"
    );
    assert!(said.contains("note: nothing fits \"public.tmp_*\""), "{said}");
    assert!(!said.contains("nothing fits \"public.cache\""), "{said}");
    let said = project.says(0, &["plan", "-q"]);
    assert!(
        said.contains("is \"public.report\" meant?") && !said.contains("tmp_"),
        "{said}"
    );
}

#[test]
fn a_namespace_that_is_nowhere_is_told() {
    let project = Project::new("namespaces: [pubilc]\n", USERS, "");
    for command in ["plan", "drift", "inspect"] {
        let said = project.says(64, &[command]);
        assert!(said.contains("nothing would be managed"), "{said}");
        assert!(said.contains("is `public` meant?"), "{said}");
    }
    project.write("pgphase.yaml", "schemas: schema.sql\nnamespaces: [public, sale]\n");
    project.write("schema.sql", USERS);
    project.database.sql("CREATE SCHEMA sales").expect("a namespace");
    let said = project.says(0, &["drift"]);
    assert!(said.contains("namespace sale, which"), "{said}");
    assert!(said.contains("is \"sales\" meant?"), "{said}");
}

#[test]
fn files_without_a_definition_do_not_drop_everything() {
    for nothing in ["", "-- nothing yet\n/* at all */\n"] {
        let project = Project::new("", USERS, nothing);
        let said = project.says(1, &["plan", "--out", "plan"]);
        assert!(said.contains("the desired schema holds no definition"), "{said}");
        assert!(!project.here().join("plan").exists());
        project.write("schema.sql", "CREATE SCHEMA public;");
        assert!(project.says(0, &["plan"]).contains("drop table public.users"));
        project.write("schema.sql", nothing);
        project.database.sql("DROP TABLE users").expect("an empty database");
        assert!(project.says(0, &["plan"]).contains("Nothing to do"));
    }
}

/// A plan whose third step fails, applied.
fn failed_plan() -> Project {
    let project = Project::new(
        "",
        "CREATE TABLE users (id bigint PRIMARY KEY, email text); INSERT INTO users VALUES (1, 'a'), (2, 'a'), (3, 'a');",
        "CREATE TABLE users (id bigint PRIMARY KEY, email text UNIQUE, note text);",
    );
    project.says(0, &["plan", "--out", "plan"]);
    project.says(5, &["apply", "plan", "--phase", "all", "--yes"]);
    project
}

#[test]
fn a_plan_that_failed_and_was_rolled_back_is_no_longer_in_flight() {
    let project = failed_plan();
    project.says(0, &["rollback", "plan", "--to", "start", "--yes"]);
    let said = project.says(0, &["status", "--exit-code"]);
    assert!(said.contains("rolled back"), "{said}");
}

#[test]
fn what_was_undone_is_in_the_log() {
    let project = failed_plan();
    project.says(0, &["rollback", "plan", "--to", "start", "--yes"]);
    let finished = project.run(&["status", "--log", "-d", &project.database.conninfo()]);
    let records: Vec<serde_json::Value> = finished
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let undone = |step: &str| {
        let of = format!("/{step}/");
        let mut records = records.iter().filter(|record| record["status"] == "undone");
        records.any(|record| record["id"].as_str().is_some_and(|id| id.contains(&of)))
    };
    assert!(undone("expand-1") && undone("validate-1"), "{}", finished.said());
}

#[test]
fn a_default_that_changes_is_not_said_to_be_missing() {
    let project = Project::new(
        "",
        "CREATE TABLE t (id bigint PRIMARY KEY, a int DEFAULT 1);",
        "CREATE TABLE t (id bigint PRIMARY KEY, a bigint DEFAULT 2);",
    );
    let said = project.says(0, &["plan"]);
    assert!(!said.contains("not filled by itself yet"), "{said}");
    assert!(
        said.contains("still with the default from before: column public.t.a"),
        "{said}"
    );
}

#[test]
fn steps_over_one_table_say_what_each_sets() {
    let project = Project::new(
        "",
        "CREATE TABLE t (id bigint PRIMARY KEY);",
        "CREATE UNLOGGED TABLE t (id bigint PRIMARY KEY) WITH (fillfactor = 70);
         ALTER TABLE t FORCE ROW LEVEL SECURITY; ALTER TABLE t REPLICA IDENTITY FULL;",
    );
    let said = project.says(0, &["plan"]);
    assert!(!said.contains("alter table public.t "), "{said}");
    for title in [
        "set table public.t unlogged",
        "set fillfactor of table public.t",
        "force row security of table public.t",
        "set the replica identity of table public.t",
    ] {
        assert!(said.contains(title), "{title}: {said}");
    }
}
