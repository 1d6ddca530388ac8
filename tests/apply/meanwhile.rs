//! What happens between the phases of a plan: others change the schema, plans are approved late, rolled back, and given up.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use super::database;
use crate::support::database::Database;
use crate::support::pgphase;
use crate::support::run::{Finished, run};

const BEFORE: &str = "create table a (id int primary key, n text);
    insert into a select g, 'x' from generate_series(1, 100) g;
    create table child (id int primary key, a int references a (id));
    create table other (id int primary key, gone text)";

const AFTER: &str = "create table a (id bigint primary key, n text);
    create table child (id int primary key, a bigint references a (id));
    create table other (id int primary key, gone text);";

/// A database, a folder with `schema.sql` and the plan to it.
struct Scene {
    database: Database,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new(before: &str, after: &str, approve: &[&str]) -> Self {
        let scene = Self {
            database: database(before),
            folder: tempfile::tempdir().expect("a folder"),
        };
        fs::write(scene.path("schema.sql"), after).expect("the desired file");
        let words = ["plan", "--to", "schema.sql", "--out", "p"];
        scene.says(0, &[&words[..], approve].concat());
        scene
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn call(&self, words: &[&str]) -> Finished {
        let mut command = pgphase::command();
        command.current_dir(self.folder.path()).args(words);
        command.args(["-d", &self.database.conninfo()]);
        run(&mut command, Duration::from_secs(120))
    }

    /// Everything that it says.
    fn says(&self, code: i32, words: &[&str]) -> String {
        let finished = self.call(words);
        assert_eq!(finished.code(), Some(code), "{words:?}: {}", finished.said());
        finished.said()
    }

    fn apply(&self, code: i32, phase: &str) -> String {
        self.says(code, &["apply", "p", "--yes", "--force", "a test", "--phase", phase])
    }

    fn ask(&self, statements: &str) -> String {
        self.database.sql(statements).expect("an answer").trim().to_owned()
    }

    fn is_in_sync(&self) {
        let url = pgphase::url(&self.database);
        self.says(0, &["diff", "schema.sql", &url, "--exit-code"]);
    }
}

#[test]
fn what_the_plan_does_not_reach_may_change_between_the_phases() {
    let scene = Scene::new(BEFORE, AFTER, &["--approve", "all"]);
    // Before the first step, everything counts.
    scene.ask("alter table other add early text");
    assert!(scene.apply(4, "expand").contains("table public.other is different"));
    scene.ask("alter table other drop early");
    scene.apply(0, "expand");
    scene.ask("alter table other add note text; create schema elsewhere; create table elsewhere.t (other int references other (id))");
    let said = scene.apply(0, "backfill");
    for far in ["table public.other", "namespace elsewhere", "table elsewhere.t"] {
        let told = format!("notice: {far} has changed since, and the plan does not reach it");
        assert!(said.contains(&told), "{said}");
    }
    // What was told once is known.
    assert!(!scene.apply(0, "validate").contains("has changed since"));
    scene.ask("alter table other drop gone");
    let said = scene.says(0, &["rollback", "p", "--to", "start", "--yes"]);
    assert!(said.contains("table public.other has changed since"), "{said}");
    assert_eq!(scene.ask("select count(*) from a"), "100");
    scene.apply(0, "expand");
    scene.ask("create function elsewhere.f() returns int language sql as 'select 1'");
    let said = scene.says(0, &["abandon", "p", "--yes"]);
    assert!(said.contains("function elsewhere.f() has changed since"), "{said}");
    assert_eq!(
        scene.ask("select count(*) from pg_attribute where attname like 'pgphase%'"),
        "0"
    );
}

#[test]
fn what_the_plan_reaches_stops_it_and_is_named() {
    let there_and_back = [
        (
            "alter table a add more text",
            "alter table a drop more",
            "column public.a.more is new",
        ),
        (
            "alter table child add more text",
            "alter table child drop more",
            "column public.child.more is new",
        ),
        (
            "create view v as select n from a",
            "drop view v",
            "view public.v is new",
        ),
        (
            "create table x (a int references a (id))",
            "drop table x",
            "table public.x is new",
        ),
        (
            "alter table other add constraint points foreign key (id) references a (id)",
            "alter table other drop constraint points",
            "constraint public.other.points is new",
        ),
        (
            "create index pgphase_a_pkey_new on other (id)",
            "drop index pgphase_a_pkey_new",
            "index public.pgphase_a_pkey_new is new",
        ),
        (
            "create function f() returns setof a begin atomic select * from a; end",
            "drop function f",
            "function public.f() is new",
        ),
        (
            "create table heir () inherits (a)",
            "drop table heir",
            "table public.heir is new",
        ),
        (
            "create publication p for all tables",
            "drop publication p",
            "publication p is new",
        ),
    ];
    let scene = Scene::new(BEFORE, AFTER, &["--approve", "all"]);
    scene.apply(0, "expand");
    for (there, back, told) in there_and_back {
        scene.ask(there);
        for words in [
            &["apply", "p", "--phase", "backfill"][..],
            &["rollback", "p", "--to", "start", "--yes"],
            &["abandon", "p", "--yes"],
        ] {
            let said = scene.says(4, words);
            assert!(said.contains(told), "{there}: {said}");
            assert!(said.contains("abandon --keep"), "{said}");
        }
        scene.ask(back);
    }
    // The ways out that the hint names: leave it alone, or give the plan up and plan again.
    scene.ask("create view v as select n from a");
    fs::write(
        scene.path("pgphase.yaml"),
        "schemas: schema.sql\nignore: ['public.v']\n",
    )
    .expect("a file");
    scene.apply(0, "backfill");
    fs::remove_file(scene.path("pgphase.yaml")).expect("the file goes");
    scene.ask("drop view v; alter table a add more text");
    scene.apply(4, "validate");
    scene.says(0, &["abandon", "p", "--keep"]);
    fs::write(scene.path("schema.sql"), AFTER.replace("n text", "n text, more text")).expect("the desired file");
    scene.says(0, &["plan", "--to", "schema.sql", "--out", "q", "--approve", "all"]);
    scene.says(0, &["apply", "q", "--phase", "all", "--yes", "--force", "a test"]);
    assert_eq!(scene.ask("select count(*) from a"), "100");
    scene.is_in_sync();
}

#[test]
fn files_are_brought_up_to_where_a_plan_in_flight_leads() {
    let scene = Scene::new(BEFORE, AFTER, &["--approve", "all"]);
    scene.apply(0, "expand");
    let said = scene.says(0, &["inspect", "--update", "schema.sql"]);
    assert!(said.contains("Plan p (") && said.contains("is in flight"), "{said}");
    assert_eq!(fs::read_to_string(scene.path("schema.sql")).expect("the file"), AFTER);
    scene.ask("alter table other add note text");
    scene.says(0, &["inspect", "--update", "schema.sql"]);
    let text = fs::read_to_string(scene.path("schema.sql")).expect("the file");
    assert!(
        text.contains("note text") && text.contains("id bigint") && !text.contains("pgphase"),
        "{text}"
    );
    let url = pgphase::url(&scene.database);
    let said = scene.says(0, &["diff", &url, "schema.sql"]);
    assert!(said.contains("Plan p (") && said.contains("is in flight"), "{said}");
    scene.apply(0, "all");
    scene.is_in_sync();
    // Where the steps that are left do not fit, nothing is written.
    let scene = Scene::new(BEFORE, AFTER, &["--approve", "all"]);
    scene.apply(0, "expand");
    scene.ask("drop table child");
    let said = scene.says(3, &["inspect", "--update", "schema.sql"]);
    assert!(
        said.contains("do not fit the database") && said.contains("nothing was written"),
        "{said}"
    );
    assert_eq!(fs::read_to_string(scene.path("schema.sql")).expect("the file"), AFTER);
}

#[test]
fn a_phase_is_approved_when_it_is_run() {
    let after = "create table other (id int primary key, name text);";
    let hazard = "data-loss:column public.other.gone";
    let before = "create table other (id int primary key, gone text)";
    let scene = Scene::new(before, after, &[]);
    assert!(
        scene
            .apply(0, "expand")
            .contains("note: contract still wants 1 approval")
    );
    let refused = scene.apply(3, "contract");
    assert!(refused.contains("--approve ID"), "{refused}");
    let approved = [
        "apply",
        "p",
        "--phase",
        "contract",
        "--yes",
        "--force",
        "a test",
        "--approve",
        hazard,
    ];
    let config = "schemas: schema.sql\npolicy: {hazards: {data-loss: never}}\n";
    fs::write(scene.path("pgphase.yaml"), config).expect("a file");
    assert!(scene.says(3, &approved).contains("the policy does not allow"));
    fs::remove_file(scene.path("pgphase.yaml")).expect("the file goes");
    scene.says(0, &approved);
    let kept = "select who || ' ' || detail from pgphase.event where kind = 'approved'";
    assert_eq!(scene.ask(kept), format!("postgres {hazard}"));
    assert!(!scene.says(0, &["status"]).contains("contract-1"));
    for words in [&["status", "--all"][..], &["status", "p"]] {
        let said = scene.says(0, words);
        assert!(
            said.contains("contract-1") && said.contains(&format!("{hazard} approved")),
            "{said}"
        );
    }
    assert!(scene.says(1, &["status", "q"]).contains("no plan q"));
}

#[test]
fn a_label_that_stays_is_not_counted_as_undone() {
    let before = "create type state as enum ('new', 'sent'); create table orders (id int primary key, state state)";
    let after = "create type state as enum ('new', 'sent', 'returned'); create table orders (id int primary key, state state, note text);";
    let scene = Scene::new(before, after, &[]);
    scene.apply(0, "expand");
    let said = scene.says(0, &["rollback", "p", "--to", "start", "--yes"]);
    assert!(
        said.contains("stays: ") && said.contains("1 step undone; what 1 step did stays"),
        "{said}"
    );
    assert!(
        !said
            .lines()
            .any(|line| line.contains("undo: ") && line.contains("returned")),
        "{said}"
    );
    assert_eq!(
        scene.ask("select count(*) from pg_enum where enumlabel = 'returned'"),
        "1"
    );
    let said = scene.says(0, &["status", "--exit-code"]);
    assert!(said.contains("rolled back 2"), "{said}");
    // It can run again.
    scene.apply(0, "all");
    assert!(scene.says(0, &["status", "--exit-code"]).contains("finished"));
    scene.is_in_sync();
}

#[test]
fn quiet_runs_say_their_result_only() {
    let before = "create table t (id int primary key)";
    let scene = Scene::new(before, "create table t (id int primary key, more text);", &[]);
    for (words, result) in [
        (
            &["apply", "p", "-q", "--phase", "expand"][..],
            "1 step done; the plan is finished",
        ),
        (&["rollback", "p", "-q", "--to", "start", "--yes"], "1 step undone"),
        (
            &["abandon", "p", "-q", "--yes"],
            "0 steps undone; the plan is abandoned",
        ),
    ] {
        assert_eq!(scene.says(0, words), result, "{words:?}");
    }
}
