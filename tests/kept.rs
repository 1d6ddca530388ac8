//! What others make beside a project: ignored objects, and partitions made while the application runs.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use tempfile::TempDir;

use crate::support::database::Database;
use crate::support::pgphase;
use crate::support::run::{Finished, run};

/// A project in a folder of its own, and its database.
struct Project {
    folder: TempDir,
    database: Database,
}

impl Project {
    fn new(config: &str, files: &str, beside: &str) -> Self {
        let database = Database::new();
        database.sql(files).expect("the files load");
        database.sql(beside).expect("what others make loads");
        let folder = TempDir::new().expect("a folder");
        fs::write(
            folder.path().join("pgphase.yaml"),
            format!("schemas: schema.sql\n{config}"),
        )
        .expect("a file");
        let project = Self { folder, database };
        project.desire(files);
        project
    }

    fn desire(&self, files: &str) {
        fs::write(self.folder.path().join("schema.sql"), files).expect("a file");
    }

    fn run(&self, words: &[&str]) -> Finished {
        let mut command = pgphase::command();
        command
            .current_dir(self.folder.path())
            .args(words)
            .args(["-d", &self.database.conninfo()]);
        run(&mut command, Duration::from_secs(120))
    }

    #[track_caller]
    fn says(&self, code: i32, words: &[&str]) -> String {
        let finished = self.run(words);
        assert_eq!(finished.code(), Some(code), "{words:?}: {}", finished.said());
        finished.said()
    }

    fn plan(&self) -> String {
        let _ = fs::remove_dir_all(self.plan_folder());
        self.says(2, &["plan", "--out", "plan", "--approve", "all", "--exit-code"])
    }

    fn plan_folder(&self) -> PathBuf {
        self.folder.path().join("plan")
    }

    fn apply(&self, phase: &str) -> String {
        self.says(0, &["apply", "plan", "--phase", phase, "--yes"])
    }

    #[track_caller]
    fn is_in_sync(&self) {
        self.says(0, &["drift", "-q"]);
    }

    fn one(&self, query: &str) -> String {
        self.database.sql(query).expect("a query").trim().to_owned()
    }
}

const IGNORED: &str = "ignore: ['public.report_*']\n";

#[test]
fn an_ignored_view_comes_back_over_a_column_of_another_type() {
    let project = Project::new(
        IGNORED,
        "create table t (id bigint primary key, a integer);",
        "create view report_a as select id, a + 1 as b from t; create view report_of_report as select b from report_a;
         create table report_cache (id serial primary key, n bigint);",
    );
    project.is_in_sync();
    project.desire("create table t (id bigint primary key, a bigint);");
    let said = project.plan();
    assert!(said.contains("Made by others"), "{said}");
    assert!(!said.contains("report_cache"), "{said}");
    project.apply("all");
    project.is_in_sync();
    assert_eq!(project.one("select count(*) from pg_attribute where attrelid = 'report_of_report'::regclass and atttypid = 'bigint'::regtype"), "1");
}

#[test]
fn what_an_ignored_view_needs_is_not_dropped() {
    let project = Project::new(
        IGNORED,
        "create table t (id bigint primary key, a integer); create table u (id bigint);",
        "create view report_a as select id, a from t; create view report_u as select u.id from u;",
    );
    for (files, needed) in [
        (
            "create table t (id bigint primary key); create table u (id bigint);",
            "column public.t.a",
        ),
        ("create table t (id bigint primary key, a integer);", "table public.u"),
    ] {
        project.desire(files);
        let said = project.says(1, &["plan"]);
        assert!(
            said.contains(&format!("needs {needed}, which the files do not have")),
            "{said}"
        );
    }
}

const PARTITIONS: &str = "partitions:\n- {of: public.events, named: 'public.events_*'}\n";
const EVENTS: &str = "create table events (at date not null, kind text, n integer) partition by range (at);
    create table events_1 partition of events for values from ('2026-01-01') to ('2026-02-01');
    create table other (id integer);";
const RUN_TIME: &str = "create table events_2 partition of events for values from ('2026-02-01') to ('2026-03-01') partition by list (kind);
    create table events_2_a partition of events_2 (n default 7) for values in ('a');
    create index events_2_a_n on events_2_a (n);
    create table events_2_b partition of events_2 default;
    insert into events select '2026-02-01'::date + g % 20, case g % 2 when 0 then 'a' else 'b' end, g from generate_series(1, 100) g;";

/// A partition of the next month, as the application makes it.
fn partition(month: u8) -> String {
    format!(
        "create table events_{month} partition of events for values from ('2026-0{month}-01') to ('2026-0{}-01')",
        month + 1
    )
}

#[test]
fn partitions_made_meanwhile_are_no_drift_and_get_what_their_parent_gets() {
    let project = Project::new(PARTITIONS, EVENTS, RUN_TIME);
    project.is_in_sync();
    let desired = EVENTS.replace("n integer", "n integer not null") + "create index events_kind on events (kind, at);";
    project.desire(&desired);
    let said = project.plan();
    assert!(said.contains("events_2_a"), "{said}");
    let sql = fs::read_to_string(project.plan_folder().join("1-expand.sql")).expect("a file")
        + &fs::read_to_string(project.plan_folder().join("3-validate.sql")).expect("a file");
    for leaf in ["events_1", "events_2_a", "events_2_b"] {
        let built = sql
            .lines()
            .any(|line| line.starts_with("CREATE INDEX CONCURRENTLY") && line.contains(&format!("ON public.{leaf} ")));
        assert!(built, "{leaf}: {sql}");
    }
    // A partition that the plan does not know would stay without the index.
    project.database.sql(&partition(3)).expect("a partition");
    let said = project.says(4, &["apply", "plan", "--phase", "expand"]);
    assert!(said.contains("table public.events_3 is new"), "{said}");
    project.plan();
    project.apply("expand");
    // Nor is one known that came behind a rollback.
    project.says(0, &["rollback", "plan", "--to", "start", "--yes"]);
    project.database.sql(&partition(6)).expect("a partition");
    let said = project.says(4, &["apply", "plan", "--phase", "expand"]);
    assert!(said.contains("table public.events_6 is new"), "{said}");
    project.plan();
    project.apply("expand");
    // Those made from now on have it, and one that is dropped needs nothing any more.
    project.database.sql(&partition(4)).expect("a partition");
    project.apply("backfill");
    project.apply("validate");
    project
        .database
        .sql("drop table events_3")
        .expect("an old partition goes");
    project.database.sql(&partition(5)).expect("a partition");
    project.apply("contract");
    project.is_in_sync();
    assert_eq!(
        project.one("select count(*) from pg_index where indrelid::regclass::text like 'events%' and not indisvalid"),
        "0"
    );
    assert_eq!(
        project.one(
            "select count(*) from pg_attribute where attname = 'n' and attrelid::regclass::text ~ '^events[_0-9ab]*$' and not attnotnull
             and (select relkind from pg_class c where c.oid = attrelid) in ('r', 'p')"
        ),
        "0"
    );
    assert_eq!(project.one("select count(*) from events"), "100");
}

/// The statements that a refusal says are to be run first.
fn told(said: &str) -> Vec<String> {
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, rest) = said.split_once("Run CREATE ").expect(&said);
    let (statements, _) = rest.split_once("; then run").expect(rest);
    format!("CREATE {statements}").split("; ").map(str::to_owned).collect()
}

/// The months come while a key goes through a twin: empty ones get its index and key at once, those with rows once it is built.
#[test]
fn partitions_made_meanwhile_come_along_through_a_twin() {
    let files = "create table events (id integer not null, at date not null, n integer, primary key (id, at)) partition by range (at);
        create table events_1 partition of events for values from ('2026-01-01') to ('2026-02-01');
        create index events_n on events (n, id);
        create table notes (event integer not null, at date not null, foreign key (event, at) references events (id, at) on delete cascade);";
    let project = Project::new(
        PARTITIONS,
        files,
        "insert into events values (1, '2026-01-01', 7); insert into notes values (1, '2026-01-01')",
    );
    project.desire(
        &files
            .replace("id integer", "id bigint")
            .replace("event integer", "event bigint"),
    );
    project.plan();
    let sql = |text: &str| project.database.sql(text).expect("others go on");
    let month = |month: u8| {
        sql(&partition(month));
        sql(&format!(
            "insert into events values ({month}, '2026-0{month}-01', 7); insert into notes values ({month}, '2026-0{month}-01')"
        ));
    };
    project.apply("expand");
    // The index comes in validate: this one is there before, with rows.
    month(2);
    sql(&partition(3));
    project.apply("backfill");
    let refused = project.says(5, &["apply", "plan", "--phase", "validate"]);
    assert!(refused.contains("events_2"), "{refused}");
    for statement in told(&refused) {
        sql(&statement);
    }
    project.apply("validate");
    month(4);
    sql("create table events_5 (like events including all); insert into events_5 (id, at, pgphase_id_new) values (5, '2026-05-01', 5);
         alter table events attach partition events_5 for values from ('2026-05-01') to ('2026-06-01')");
    sql("create table events_6 partition of events for values from ('2026-06-01') to ('2026-07-01') partition by range (at);
         create table events_6_1 partition of events_6 for values from ('2026-06-01') to ('2026-06-15')");
    let refused = project.says(5, &["apply", "plan", "--phase", "contract", "--yes"]);
    let statements = told(&refused);
    assert_eq!(statements.len(), 3, "{refused}");
    for statement in statements {
        sql(&statement);
    }
    project.apply("contract");
    project.is_in_sync();
    assert_eq!(
        project.one("select string_agg(id || ' ' || extract(month from at), ', ' order by at) from events"),
        "1 1, 2 2, 4 4, 5 5"
    );
    let partitions = "select relid from pg_partition_tree('events') where relid::regclass::text <> 'events'";
    for (what, missing) in [
        ("index that is not valid", "select from pg_index where not indisvalid".to_owned()),
        (
            "partition without the key",
            format!("select from ({partitions}) p where not exists (select from pg_constraint where conrelid = relid and contype = 'p' and conparentid <> 0)"),
        ),
        (
            "partition without the index",
            format!("select from ({partitions}) p where (select count(*) from pg_index i join pg_class c on c.oid = indexrelid where indrelid = relid and relispartition) <> 2"),
        ),
        ("constraint that is not valid", "select from pg_constraint where not convalidated and conparentid = 0".to_owned()),
        (
            "thing of ours",
            "select from pg_class where relnamespace = 'public'::regnamespace and relname like 'pgphase%' union all select from pg_proc where proname like 'pgphase%'".to_owned(),
        ),
    ] {
        assert_eq!(project.one(&format!("select count(*) from ({missing}) x")), "0", "{what}");
    }
    sql("delete from events where id = 5");
    project
        .database
        .sql("insert into notes values (5, '2026-05-01')")
        .expect_err("the foreign key");
}

/// Old months go while a key goes through a twin: nothing waits for them, and the way back does not either.
#[test]
fn partitions_dropped_meanwhile_need_nothing_more() {
    let files = "create table events (id integer not null, at date not null, n integer, primary key (id, at)) partition by range (at);
        create table events_1 partition of events for values from ('2026-01-01') to ('2026-02-01');
        create index events_n on events (n, id);
        create table notes (event integer not null, at date not null, foreign key (event, at) references events (id, at));";
    let months: String = (2..6).map(|month| partition(month) + "; ").collect();
    let rows = "insert into events select g, '2026-01-15'::date + (g % 5) * interval '1 month', g from generate_series(1, 100) g;
        insert into notes select id, at from events where at < '2026-02-01'";
    for back in [false, true] {
        let project = Project::new(PARTITIONS, files, &(months.clone() + rows));
        project.desire(
            &files
                .replace("id integer", "id bigint")
                .replace("event integer", "event bigint"),
        );
        project.plan();
        let sql = |text: &str| project.database.sql(text).expect("others go on");
        let drop = |month: u8| {
            sql(&format!(
                "alter table events detach partition events_{month}; drop table events_{month}"
            ))
        };
        project.apply("expand");
        drop(2);
        project.apply("backfill");
        drop(3);
        project.apply("validate");
        drop(4);
        sql("alter table events detach partition events_5");
        if back {
            project.says(0, &["rollback", "plan", "--to", "start", "--yes"]);
            project.desire(files);
        } else {
            project.apply("contract");
        }
        // What was detached keeps its rows and takes others.
        sql("insert into events_5 (id, at) values (1000, '2026-05-01')");
        assert_eq!(
            project.one("select count(*) || ' ' || max(id) || ' ' || pg_typeof(max(id)) from events_5"),
            "21 1000 integer"
        );
        sql("drop table events_5");
        project.is_in_sync();
        assert_eq!(project.one("select count(*) from events"), "20");
        let ours =
            "select count(*) from pg_class where relname like 'pgphase%' and relnamespace = 'public'::regnamespace";
        assert_eq!(project.one(ours), "0");
    }
}

/// A month that is partitioned itself is detached while a column goes through a twin, under the same name or another one: nothing waits for
/// it, it takes rows, and nothing of ours stays on it.
#[test]
fn a_partitioned_partition_that_is_detached_needs_nothing_more() {
    let files = "create table events (id integer not null, at date not null, n integer) partition by range (at);
        create table events_1 partition of events for values from ('2026-01-01') to ('2026-02-01');
        create index events_n on events (n, id);";
    let month = "create table events_2 partition of events for values from ('2026-02-01') to ('2026-03-01') partition by range (at);
         create table events_2_a partition of events_2 for values from ('2026-02-01') to ('2026-02-15');
         create table events_2_b partition of events_2 for values from ('2026-02-15') to ('2026-03-01');
         insert into events select g, '2026-02-01'::date + g % 28, g from generate_series(1, 100) g";
    let (retyped, renamed) = ("n bigint", "\n-- @renamed_from n\nm integer");
    for (after, detached, back) in [
        (retyped, "expand", false),
        (retyped, "validate", true),
        (renamed, "backfill", true),
        (renamed, "validate", false),
    ] {
        let project = Project::new(PARTITIONS, files, month);
        let name = if after == retyped { "n" } else { "m" };
        let desired = files
            .replace("n integer", after)
            .replace("(n, id)", &format!("({name}, id)"));
        project.desire(&desired);
        project.plan();
        for phase in ["expand", "backfill", "validate"] {
            project.apply(phase);
            if phase == detached {
                project
                    .database
                    .sql("alter table events detach partition events_2")
                    .expect("others go on");
            }
        }
        if back {
            project.says(0, &["rollback", "plan", "--to", "start", "--yes"]);
            project.desire(files);
        } else {
            project.apply("contract");
        }
        project
            .database
            .sql("insert into events_2 (id, at, n) values (1000, '2026-02-05', 7)")
            .expect("what was detached takes rows");
        assert_eq!(project.one("select count(*) from events_2"), "101");
        let ours = "select string_agg(x, ' ') from (
            select relname::text from pg_class where relname like 'pgphase%' and relnamespace = 'public'::regnamespace
            union all select attname::text from pg_attribute where attname like 'pgphase%' and not attisdropped and attrelid in ('events_2'::regclass, 'events_2_a'::regclass)
            union all select conname::text from pg_constraint where conname like 'pgphase%' and connamespace = 'public'::regnamespace) as o(x)";
        assert_eq!(project.one(ours), "", "{after} {detached} {back}");
        project.database.sql("drop table events_2").expect("it goes");
        project.is_in_sync();
    }
}

/// One month is detached and another one comes with rows: the way back asks for nothing.
#[test]
fn the_way_back_needs_no_index_of_a_partition_that_came() {
    let files = "create table events (id integer not null, at date not null, n integer) partition by range (at);
        create table events_1 partition of events for values from ('2026-01-01') to ('2026-02-01');
        create index events_n on events (n, id);";
    let project = Project::new(PARTITIONS, files, &partition(2));
    project.desire(&files.replace("n integer", "n bigint"));
    project.plan();
    for phase in ["expand", "backfill"] {
        project.apply(phase);
    }
    let others = "alter table events detach partition events_2;
         insert into events_2 (id, at, n) values (1, '2026-02-01', 7);";
    let others = format!(
        "{others} {}; insert into events values (3, '2026-03-01', 7)",
        partition(3)
    );
    project.database.sql(&others).expect("others go on");
    project.says(5, &["apply", "plan", "--phase", "validate"]);
    project.says(0, &["rollback", "plan", "--to", "start", "--yes"]);
    project.desire(files);
    project.database.sql("drop table events_2").expect("it goes");
    project.is_in_sync();
    assert_eq!(project.one("select count(*) from events"), "1");
}

/// What such a partition has of its own over the column would go with it; rows that no trigger has seen would lose their value.
#[test]
fn partitions_made_meanwhile_keep_what_is_theirs() {
    let files = "create table events (at date not null, a text) partition by range (at);
        create table events_1 partition of events for values from ('2026-01-01') to ('2026-02-01');";
    let renamed = files.replace("a text", "\n-- @renamed_from a\nb text");
    let new = |more: &str| format!("{}; {more}", partition(2));
    for (made, told) in [
        (new("create index own on events_2 (a)"), "something of their own"),
        (
            new("create view own as select a from events_2"),
            "something of their own",
        ),
        (
            new("alter table events_2 alter a set default 'x'"),
            "something of their own",
        ),
        (
            "alter table events detach partition events_1; update events_1 set a = 'late';
             alter table events attach partition events_1 for values from ('2026-01-01') to ('2026-02-01')"
                .to_owned(),
            "another value",
        ),
    ] {
        let project = Project::new(PARTITIONS, files, "insert into events values ('2026-01-01', 'early')");
        project.desire(&renamed);
        project.plan();
        for phase in ["expand", "backfill", "validate"] {
            project.apply(phase);
        }
        project.database.sql(&made).expect("others go on");
        let refused = project.says(
            5,
            &["apply", "plan", "--phase", "contract", "--yes", "--force", "a test"],
        );
        assert!(refused.contains(told), "{refused}");
        let old = project.one("select a from events");
        assert!(["early", "late"].contains(&old.as_str()), "{old}");
    }
}

/// Behind a swap a new partition has the trigger that writes the old column, and a new child does not: its rows close the way back.
#[test]
fn tables_made_behind_a_swap_lose_nothing_on_the_way_back() {
    for (form, made, code) in [
        (
            "(at date not null, a text) partition by range (at); create table events_1 partition of events for values from ('2026-01-01') to ('2026-02-01')",
            partition(2),
            0,
        ),
        (
            "(at date not null, a text); create table events_1 () inherits (events)",
            "create table events_2 () inherits (events)".to_owned(),
            5,
        ),
    ] {
        let files = format!("create table events {form};");
        let project = Project::new(PARTITIONS, &files, "insert into events values ('2026-01-01', 'early')");
        project.desire(&files.replace("a text", "\n-- @renamed_from a\nb text"));
        project.says(
            2,
            &[
                "plan",
                "--out",
                "plan",
                "--approve",
                "all",
                "--exit-code",
                "--cool-down",
                "1d",
            ],
        );
        project.says(75, &["apply", "plan", "--phase", "all", "--yes"]);
        let sql = |text: &str| project.database.sql(text).expect("the new application goes on");
        sql("update events set b = 'later'");
        sql(&made);
        sql("insert into events_2 (at, b) values ('2026-02-01', 'new')");
        let back = project.says(code, &["rollback", "plan", "--to", "start", "--yes"]);
        let (column, rows) = if code == 0 {
            ("a", "later, new")
        } else {
            ("b", "later, new")
        };
        assert_eq!(
            project.one(&format!("select string_agg({column}, ', ' order by at) from events")),
            rows,
            "{back}"
        );
        if code != 0 {
            assert!(back.contains("another value"), "{back}");
        }
    }
}

#[test]
fn partitions_made_meanwhile_do_not_make_other_plans_stale() {
    let project = Project::new(PARTITIONS, EVENTS, RUN_TIME);
    project.desire(&EVENTS.replace("(id integer)", "(id integer, more text)"));
    let said = project.plan();
    assert!(!said.contains("events_2"), "{said}");
    project.database.sql(&partition(3)).expect("a partition");
    project
        .database
        .sql("drop table events_2")
        .expect("an old partition goes");
    project.apply("all");
    project.is_in_sync();
}

#[test]
fn a_partition_of_the_files_is_ruled_by_the_files() {
    let project = Project::new(PARTITIONS, EVENTS, RUN_TIME);
    let desired = EVENTS.to_owned() + "alter table events_1 add constraint few check (n < 1000);";
    project.desire(&desired);
    project.plan();
    project.apply("all");
    project.is_in_sync();
    assert_eq!(
        project.one("select count(*) from pg_constraint where conname = 'few'"),
        "1"
    );
    // Without the policy all that the files do not have is drift.
    fs::write(project.folder.path().join("pgphase.yaml"), "schemas: schema.sql\n").expect("a file");
    let said = project.says(2, &["drift"]);
    assert!(said.contains("events_2_a"), "{said}");
}

#[test]
fn another_order_of_columns_is_told_where_that_is_asked_for() {
    for (policy, told) in [("ignore", false), ("warn", true)] {
        let project = Project::new(
            &format!("column_order: {policy}\n"),
            "create table t (a integer, b integer); create table same (a integer, b integer);",
            "",
        );
        project.desire(
            "create table t (b integer, new integer, a integer); create table same (a integer, new integer, b integer);
             create table made (z integer, a integer); alter table made add m integer",
        );
        let said = project.plan();
        let note = "The columns of public.t stand in another order";
        assert_eq!(said.contains(note), told, "{said}");
        assert!(!said.contains("The columns of public.same"), "{said}");
        project.apply("all");
        let columns = "select string_agg(attname, ' ' order by attnum) from pg_attribute where attrelid = 'made'::regclass and attnum > 0";
        assert_eq!(project.one(columns), "z a m");
        let said = project.says(0, &["drift", "--format", "markdown"]);
        assert_eq!(said.contains(note), told, "{said}");
    }
}
