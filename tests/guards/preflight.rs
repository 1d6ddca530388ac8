//! What is looked at before the first step: rights, rows that policies hide, room on the disk.

use super::{BEFORE, LIMIT, REFUSED, Scene};
use crate::support::database::{create_role, server_major};
use crate::support::pgphase;
use crate::support::project::Project;
use crate::support::run::run;

/// Nothing is missing of the whole list, and nothing has run: neither what comes first, nor the journal of the plan.
#[test]
fn a_role_without_rights_is_told_all_of_them_first() {
    create_role("pgphase_guard_deploy");
    let scene = Scene::new();
    scene.ask(
        "create table orders (id int primary key, user_id int); create type mood as enum ('a'); create schema app",
    );
    scene.ask("alter table users owner to pgphase_guard_deploy");
    scene.ask("revoke create on schema public from public; grant usage on schema app to public");
    scene.ask(&format!(
        "grant create on database {} to pgphase_guard_deploy",
        scene.ask("select current_database()")
    ));
    let after = "create table users (id int primary key, name text default 'nobody', fax text, note text);
        create table orders (id int primary key, user_id int references users (id));
        create type mood as enum ('a', 'b'); create schema app; create table app.things (id int primary key);";
    std::fs::write(scene.folder.path().join("after.sql"), after).expect("the desired file");
    let planned = scene.run(&["plan", "--approve", "all", "--to", "after.sql", "--out", "more"]);
    assert_eq!(planned.code(), Some(0), "{}", planned.said());
    let apply = |plan: &str| {
        let mut command = pgphase::command();
        command.current_dir(scene.folder.path());
        command.args(["apply", plan, "--phase", "all", "--yes", "-d", &scene.connection]);
        run(command.env("PGOPTIONS", "-c role=pgphase_guard_deploy"), LIMIT)
    };
    let refused = apply("more");
    assert_eq!(refused.code(), Some(1), "{}", refused.said());
    for part in [
        "role pgphase_guard_deploy lacks rights",
        "ownership of public.orders, which belongs to postgres",
        "ownership of type public.mood, which belongs to postgres",
        "CREATE on namespace app",
    ] {
        assert!(refused.said().contains(part), "{part}: {}", refused.said());
    }
    assert!(!refused.said().contains("public.users"), "{}", refused.said());
    assert_eq!(scene.ask("select count(*) from pgphase.plan"), "0");
    scene.ask("alter table orders owner to pgphase_guard_deploy; alter type mood owner to pgphase_guard_deploy; grant create on schema app to pgphase_guard_deploy");
    // Owners are part of the schema, so the plan is made again.
    let planned = scene.run(&["plan", "--approve", "all", "--to", "after.sql", "--out", "owned"]);
    assert_eq!(planned.code(), Some(0), "{}", planned.said());
    let applied = apply("owned");
    assert_eq!(applied.code(), Some(0), "{}", applied.said());
}

/// An owner that is no superuser does not see what the policies of the table hide: a backfill would leave those rows out.
#[test]
fn rows_that_policies_hide_are_not_left_out() {
    create_role("pgphase_guard_owner");
    let scene = Scene::new();
    scene.ask("alter table users owner to pgphase_guard_owner; grant create on schema public to pgphase_guard_owner");
    scene.ask("alter table users enable row level security; create policy few on users using (id < 10)");
    scene.ask(&format!(
        "grant create on database {} to pgphase_guard_owner",
        scene.ask("select current_database()")
    ));
    for (force, code) in [("force", 1), ("no force", 0)] {
        scene.ask(&format!("alter table users {force} row level security"));
        let after = format!(
            "create table users (id int primary key, name text default 'nobody', fax text, token text not null default md5(random()::text));
             alter table users enable row level security; create policy few on users using (id < 10);
             alter table users {force} row level security;"
        );
        std::fs::write(scene.folder.path().join("after.sql"), after).expect("the desired file");
        let plan = format!("plan {force}");
        let planned = scene.run(&["plan", "--approve", "all", "--to", "after.sql", "--out", &plan]);
        assert_eq!(planned.code(), Some(0), "{}", planned.said());
        let mut command = pgphase::command();
        command.current_dir(scene.folder.path());
        command.args(["apply", &plan, "--phase", "all", "--yes", "-d", &scene.connection]);
        let applied = run(command.env("PGOPTIONS", "-c role=pgphase_guard_owner"), LIMIT);
        assert_eq!(applied.code(), Some(code), "{}", applied.said());
        if code == 1 {
            let said = "sight of every row of public.users, some of which its row-level security may hide";
            assert!(applied.said().contains(said), "{}", applied.said());
        }
    }
    assert_eq!(scene.ask("select count(*) from users where token is null"), "0");
}

/// What such a session writes no foreign key looks at: an orphan would stay.
#[test]
fn a_session_that_passes_foreign_keys_by_is_refused() {
    let scene = Scene::new();
    let mut command = pgphase::command();
    command.current_dir(scene.folder.path());
    command.args(["apply", "plan", "--phase", "all", "--yes", "-d", &scene.connection]);
    let refused = run(command.env("PGOPTIONS", "-c session_replication_role=replica"), LIMIT);
    assert_eq!(refused.code(), Some(1), "{}", refused.said());
    assert!(
        refused.said().contains("session_replication_role = replica") && refused.said().contains("PGOPTIONS"),
        "{}",
        refused.said()
    );
    assert_eq!(scene.ask("select to_regclass('pgphase.step') is null"), "t");
}

/// The bound holds for what the server's files really grow by, and a disk without that room is told before anything runs.
#[test]
fn a_phase_that_may_fill_the_disk_is_refused() {
    let scene = Scene::new();
    scene.ask("create table large (id int primary key, a int, note text)");
    scene.ask("insert into large select g, g, repeat('x', 200) from generate_series(1, 30000) g");
    scene.ask("vacuum analyze large");
    let after: Vec<&str> = BEFORE.lines().filter(|line| !line.contains("insert into")).collect();
    let after = after.join("\n")
        + "create table large (id int primary key, a int, note text, b uuid not null default gen_random_uuid());
        create index large_a on large (a);";
    std::fs::write(scene.folder.path().join("after.sql"), after).expect("the desired file");
    let planned = scene.run(&["plan", "--approve", "all", "--to", "after.sql", "--out", "large"]);
    assert_eq!(planned.code(), Some(0), "{}", planned.said());
    let report = scene.run(&["show", "large", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&report.stdout).expect("JSON");
    let sum: u64 = report["phases"]
        .as_array()
        .expect("phases")
        .iter()
        .map(|phase| phase["space"].as_u64().expect("known"))
        .sum();
    assert!(
        planned.stdout.contains("more on the disk, beside the log"),
        "{}",
        planned.said()
    );
    let size = || -> u64 {
        scene
            .ask("select pg_total_relation_size('large')")
            .parse()
            .expect("a number")
    };
    let before = size();
    assert!((before..before * 5).contains(&sum), "{sum} for a table of {before}");
    scene.configure("policy: {free_space: \"select 1e6\"}");
    let apply = || scene.run(&["apply", "large", "--phase", "all", "--yes"]);
    let refused = apply();
    assert_eq!(refused.code(), Some(REFUSED), "{}", refused.said());
    assert!(refused.said().contains("1 MB are free"), "{}", refused.said());
    scene.configure("policy: {free_space: \"select nothing\"}");
    assert!(
        apply().said().contains("the query of free_space failed"),
        "{}",
        apply().said()
    );
    scene.configure("policy: {free_space: \"select 1e9 -- a comment\"}");
    let applied = apply();
    assert_eq!(applied.code(), Some(0), "{}", applied.said());
    assert!(size() - before < sum, "{} grew to {}, told: {sum}", before, size());
}

#[test]
fn rows_that_a_successor_will_not_hold_stop_the_plan_before_the_old_table_goes() {
    let before = "CREATE TABLE users (id int CONSTRAINT users_pk PRIMARY KEY, name text);
        CREATE TABLE posts (id int PRIMARY KEY, uid int CONSTRAINT posts_uid_fkey REFERENCES users (id));
        CREATE VIEW accounts AS SELECT id FROM users;
        INSERT INTO users VALUES (1, 'a');
        INSERT INTO posts VALUES (1, 1), (2, NULL);";
    let after = "CREATE TABLE accounts (id int CONSTRAINT users_pk PRIMARY KEY, name text);
        CREATE TABLE posts (id int PRIMARY KEY, uid int CONSTRAINT posts_uid_fkey REFERENCES accounts (id));";
    let project = Project::new("", before, after);
    project.says(0, &["plan", "--out", "plan", "--approve", "all"]);
    project.says(0, &["apply", "plan", "--phase", "expand", "--yes"]);
    // Nothing has run yet.
    let said = project.says(1, &["apply", "plan", "--phase", "validate", "--yes"]);
    assert!(said.contains("1 row of public.posts"), "{said}");
    let rows = project.database.sql("SELECT count(*) FROM users").expect("it is there");
    assert_eq!(rows.trim(), "1");
    // A row that comes behind that check stops contract as well.
    project.database.sql("UPDATE posts SET uid = NULL").expect("corrected");
    project.says(0, &["apply", "plan", "--phase", "validate", "--yes"]);
    project
        .database
        .sql("UPDATE posts SET uid = 1 WHERE id = 1")
        .expect("written");
    let said = project.says(5, &["apply", "plan", "--phase", "contract", "--yes"]);
    assert!(said.contains("1 row of public.posts"), "{said}");
    let rows = project.database.sql("SELECT count(*) FROM users").expect("it is there");
    assert_eq!(rows.trim(), "1");
}

/// The index that a partition has already counts nulls as different, and the key that comes does not.
#[test]
fn nulls_that_a_held_index_lets_through_stop_the_plan_before_the_key_comes() {
    if server_major() < 15 {
        eprintln!("skipped: NULLS NOT DISTINCT came with PostgreSQL 15");
        return;
    }
    let tables =
        "CREATE TABLE p (id int, note text) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);";
    let before = format!(
        "{tables} ALTER TABLE p1 ADD CONSTRAINT p1_key UNIQUE (id, note); CREATE UNIQUE INDEX p_idx ON p (id, note);
         INSERT INTO p VALUES (1, 'a'), (1, NULL), (1, NULL);"
    );
    let after = tables.replacen("note text)", "note text, UNIQUE NULLS NOT DISTINCT (id, note))", 1);
    let project = Project::new("", &before, &after);
    project.says(0, &["plan", "--out", "plan", "--approve", "all"]);
    let indexes = "SELECT string_agg(indexrelid::regclass::text, ' ' ORDER BY 1) FROM pg_index WHERE indrelid IN ('p'::regclass, 'p1'::regclass)";
    let asked = |query: &str| project.database.sql(query).expect("an answer").trim().to_owned();
    let held = asked(indexes);
    let said = project.says(1, &["apply", "plan", "--phase", "all", "--yes"]);
    assert!(said.contains("1 row of public.p shares a value"), "{said}");
    assert!(asked(indexes).starts_with(&held), "{}", asked(indexes));
    project
        .database
        .sql("UPDATE p SET note = 'b' WHERE ctid = (SELECT max(ctid) FROM p WHERE note IS NULL)")
        .expect("corrected");
    project.says(0, &["apply", "plan", "--phase", "all", "--yes"]);
    assert_eq!(
        asked("SELECT bool_and(indnullsnotdistinct) FROM pg_index WHERE indrelid = 'p1'::regclass"),
        "t"
    );
}
