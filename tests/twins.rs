//! Columns that go through a twin: what the trigger does with each way of writing, and the way back before contract.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::database::{Database, create_role};
use crate::support::dump::{Shown, difference, dump};
use crate::support::pgphase::{self, DIFFERENCE, NOTHING};
use crate::support::rows::{lost, rows};

/// A database in which these phases of a plan have run, and the folder of the plan.
fn under_way(before: &str, after: &str, seed: &str, phases: &[&str]) -> (Database, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join("after.sql");
    fs::write(&to, after).expect("the desired file");
    let database = Database::new();
    database.sql(before).expect("the schema before");
    database.sql(seed).expect("the rows before");
    let out = folder.path().join("plan");
    let planned = pgphase::plan(&database, &to, &out);
    assert_eq!(planned.code(), Some(DIFFERENCE), "{}", planned.said());
    for phase in phases {
        let applied = pgphase::apply(&database, &out, phase);
        assert_eq!(applied.code(), Some(NOTHING), "apply {phase}: {}", applied.said());
    }
    (database, folder)
}

/// Each statement, and what both columns of row 1 hold then.
fn writes(database: &Database, columns: &str, statements: &[(&str, &str)]) {
    for (statement, wanted) in statements {
        database
            .sql(&format!("truncate t; {statement}"))
            .unwrap_or_else(|error| panic!("{statement}: {error}"));
        let got = database
            .sql(&format!("select {columns} from t order by id desc limit 1"))
            .expect("the row");
        assert_eq!(got.trim(), *wanted, "{statement}");
    }
}

#[test]
fn either_name_can_be_written() {
    let (database, _folder) = under_way(
        "create table t (id int primary key, a text, b text default 'b', n int default 0 not null)",
        "create table t (id int primary key,
            -- @renamed_from a
            a2 text,
            -- @renamed_from b
            b2 text default 'b',
            -- @renamed_from n
            n2 int default 0 not null);",
        "select 1",
        &["expand"],
    );
    let columns = "a, a2, b, b2, n, n2";
    writes(
        &database,
        columns,
        &[
            ("insert into t (id) values (1)", "||b|b|0|0"),
            ("insert into t (id, a, b, n) values (1, 'x', 'y', 1)", "x|x|y|y|1|1"),
            ("insert into t (id, a2, b2, n2) values (1, 'x', 'y', 1)", "x|x|y|y|1|1"),
            ("insert into t (id, b) values (1, null)", "||||0|0"),
            ("insert into t (id, b2) values (1, null)", "||||0|0"),
            (
                "insert into t (id, a, a2, n, n2) values (1, 'x', 'x', 5, 5)",
                "x|x|b|b|5|5",
            ),
            ("insert into t values (1, 'x'); update t set a2 = 'z'", "z|z|b|b|0|0"),
            (
                "insert into t values (1, 'x'); update t set a = null, b = null",
                "||||0|0",
            ),
            (
                "insert into t values (1, 'x'); update t set a2 = null, b2 = null, n2 = 3",
                "||||3|3",
            ),
            ("insert into t (id, n) values (1, 4); update t set n2 = 0", "||b|b|0|0"),
            (
                "insert into t (id, a) values (1, 'x'); insert into t (id, a2) values (1, 'y') on conflict (id) do update set a2 = excluded.a2, n2 = t.n2 + 1",
                "y|y|b|b|1|1",
            ),
            (
                "insert into t (id, a) values (1, 'x'); insert into t (id, a, n) values (1, 'y', 2) on conflict (id) do update set a = excluded.a, n = t.n + excluded.n",
                "y|y|b|b|2|2",
            ),
            (
                "copy t (id, a2, n2) from program 'printf \"1\\tx\\t5\\n\"'",
                "x|x|b|b|5|5",
            ),
            (
                "set session_replication_role = replica; insert into t (id, a2) values (1, 'x')",
                "x|x|b|b|0|0",
            ),
            (
                "set search_path = ''; insert into public.t (id, a) values (1, 'x')",
                "x|x|b|b|0|0",
            ),
            (
                "create temp table t2 (x int); set search_path = pg_temp, public; insert into t (id, n2) values (1, 9)",
                "||b|b|9|9",
            ),
        ],
    );
}

#[test]
fn values_that_look_equal_are_not_lost() {
    let (database, _folder) = under_way(
        "create table t (id int primary key, a numeric, j json, c char(3))",
        "create table t (id int primary key,
            -- @renamed_from a
            a2 numeric,
            -- @renamed_from j
            j2 json,
            -- @renamed_from c
            c2 text);",
        "select 1",
        &["expand"],
    );
    writes(
        &database,
        "a, a2, j, j2, c = c2",
        &[
            (
                "insert into t (id, a) values (1, 1.0); update t set a2 = 1.00",
                "1.00|1.00|||",
            ),
            (
                "insert into t (id, j) values (1, '{}'); update t set j2 = '{ }'",
                "||{ }|{ }|",
            ),
            ("insert into t (id, c) values (1, 'x')", "||||t"),
            (
                "insert into t (id, c2) values (1, 'x'); update t set c2 = 'yz'",
                "||||t",
            ),
        ],
    );
}

#[test]
fn a_new_type_under_a_new_name_uses_both_ways() {
    let (database, _folder) = under_way(
        "create table t (id int primary key, state text default 'no' not null)",
        "create table t (id int primary key,
            -- @renamed_from state
            -- @using state = 'yes'
            -- @reverse CASE WHEN done THEN 'yes' ELSE 'no' END
            done boolean default false not null);",
        "insert into t values (1, 'yes'), (2, 'no'), (3, 'never')",
        &["expand", "backfill", "validate"],
    );
    assert_eq!(
        database
            .sql("select string_agg(done::text, ' ' order by id) from t")
            .map(|text| text.trim().to_owned()),
        Ok("true false false".into())
    );
    writes(
        &database,
        "state, done",
        &[
            ("insert into t (id, state) values (1, 'yes')", "yes|t"),
            ("insert into t (id, done) values (1, true)", "yes|t"),
            ("insert into t (id) values (1)", "no|f"),
            ("insert into t (id, state) values (1, 'never')", "never|f"),
            // What the old value already stands for is left as it was written.
            (
                "insert into t (id, state) values (1, 'never'); update t set done = false",
                "never|f",
            ),
            (
                "insert into t (id, state) values (1, 'never'); update t set done = true",
                "yes|t",
            ),
        ],
    );
}

const PARTITIONED: &str = "create table t (id int not null, a text, d text default 'd', n int not null, primary key (id, n)) partition by list (n);
    create table t_1 partition of t for values in (1);
    create table t_2 partition of t for values in (2);";

const RENAMED: &str = "create table t (id bigint not null,
        -- @renamed_from a
        a2 text,
        -- @renamed_from d
        d2 text default 'd',
        n int not null, primary key (id, n)) partition by list (n);
    create table t_1 partition of t for values in (1);
    create table t_2 partition of t for values in (2);";

/// An UPDATE of the partition key is a DELETE and an INSERT, and the trigger fires for both.
#[test]
fn a_row_that_moves_before_it_is_copied_keeps_its_values() {
    let seed = "insert into t values (1, 'one', 'x', 1), (2, null, null, 1), (3, 'three', 'd', 1)";
    let (database, folder) = under_way(PARTITIONED, RENAMED, seed, &["expand"]);
    database.sql("update t set n = 2").expect("the rows move");
    let all = "select string_agg(concat_ws(',', id, n, a, a2, d, d2), ' ' order by id) from t";
    let moved = database.sql(all).expect("the rows");
    assert_eq!(moved.trim(), "1,2,one,one,x,x 2,2 3,2,three,three,d,d");
    let mixed = "update t set n = 1, a2 = 'new' where id = 1; update t set n = 1, a = 'old', d = 'z' where id = 2; update t set n = 1, a2 = null, d2 = null where id = 3";
    database.sql(mixed).expect("both applications move rows");
    let moved = database.sql(all).expect("the rows");
    assert_eq!(moved.trim(), "1,1,new,new,x,x 2,1,old,old,z,z 3,1");
    for phase in ["backfill", "validate", "contract"] {
        let applied = pgphase::apply_forced(&database, &folder.path().join("plan"), phase);
        assert_eq!(applied.code(), Some(NOTHING), "apply {phase}: {}", applied.said());
    }
    let kept = database.sql("select string_agg(concat_ws(',', id, n, a2, d2), ' ' order by id) from t");
    assert_eq!(kept.expect("the rows").trim(), "1,1,new,x 2,1,old,z 3,1");
}

/// A table that comes between the phases is told, by the program and by the files that `psql` runs.
fn seen_meanwhile(before: &str, after: &str, new: &str) {
    for phases in [&["expand"][..], &["expand", "backfill", "validate"][..]] {
        let (database, folder) = under_way(before, after, "select 1", phases);
        database.sql(new).expect("another table");
        let plan = folder.path().join("plan");
        let next = if phases.len() == 1 { "backfill" } else { "contract" };
        let refused = pgphase::apply_forced(&database, &plan, next);
        assert_eq!(refused.code(), Some(4), "{}", refused.said());
        assert!(refused.said().contains("t_3"), "{}", refused.said());
        if next == "contract" {
            let script = fs::read_to_string(plan.join("4-contract.sql")).expect("the script");
            let script: Vec<&str> = script.lines().filter(|line| !line.starts_with('\\')).collect();
            let refused = database.sql(&script.join("\n")).expect_err("the guard");
            assert!(refused.to_string().contains("t_3"), "{refused}");
            let old = database.sql("select count(id) filter (where a is null) from t");
            assert_eq!(old.expect("the old column").trim(), "1");
        }
    }
}

#[test]
fn a_partition_that_comes_meanwhile_is_seen() {
    let new = "create table t_3 partition of t for values in (3); insert into t (id, n) values (1, 3)";
    seen_meanwhile(PARTITIONED, RENAMED, new);
}

#[test]
fn a_child_that_comes_meanwhile_is_seen() {
    seen_meanwhile(
        "create table t (id int, a text); create table t_1 () inherits (t);",
        "create table t (id int,
            -- @renamed_from a
            a2 text);
         create table t_1 () inherits (t);",
        "create table t_3 () inherits (t); insert into t_3 (id) values (1)",
    );
}

/// What a child has that could not follow its parent is told, and the column is changed in place.
#[test]
fn what_children_have_of_their_own_is_in_the_way() {
    for (child, reason) in [
        (
            "create table c (a integer default 1) inherits (t);",
            "has column public.c.a of its own",
        ),
        (
            "create table c () inherits (t); alter table c alter a set default 2;",
            "has column public.c.a of its own",
        ),
        (
            "create table c (constraint k check (a > 0)) inherits (t); alter table t add constraint k check (a > 0);",
            "has constraint public.c.k of its own",
        ),
    ] {
        let schema = |kind: &str| {
            format!(
                "create table t (id int, a {kind} default 1);{}",
                child.replace("integer", kind)
            )
        };
        let folder = tempfile::tempdir().expect("a folder");
        let to = folder.path().join("after.sql");
        fs::write(&to, schema("bigint")).expect("the desired file");
        let database = Database::new();
        database.sql(&schema("integer")).expect("the schema before");
        let planned = pgphase::plan(&database, &to, &folder.path().join("plan"));
        let said = planned.said().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("is changed in place"), "{child}: {said}");
        assert!(said.contains(reason), "{child}: {said}");
    }
}

/// A generated column reads each of these, so that no twin can take its place; and something else keeps it from being lent its name.
#[test]
fn what_keeps_a_new_name_from_being_lent() {
    let table = |column: &str, name: &str, rest: &str| {
        format!(
            "create table t (id int primary key, {column}, n int generated always as (length({name})) stored);
             create table u (a text);
             create function seen() returns trigger language plpgsql as $$ begin return new; end $$;
             {rest};"
        )
    };
    let (old, new) = ("a text", "\n-- @renamed_from a\nb text");
    let rests = |rest: &str| {
        (
            table(old, "a", &rest.replace("{}", "a")),
            table(new, "b", &rest.replace("{}", "b")),
        )
    };
    let changed = (
        table(old, "a", ""),
        table(&format!("{new} not null default ''"), "b", ""),
    );
    let (before, after) = rests("");
    let (_database, folder) = under_way(&before, &after, "select 1", &[]);
    let review = fs::read_to_string(folder.path().join("plan/REVIEW.md")).expect("a review");
    assert!(!review.contains("in place"), "{review}");
    for (before, after) in [
        rests("create trigger seen after update of {} on t for each row execute function seen()"),
        rests("create trigger asked before update on t for each row when (new.{} <> '') execute function seen()"),
        rests("create rule seen as on insert to t do also insert into u values (new.{})"),
        changed,
    ] {
        let (_database, folder) = under_way(&before, &after, "select 1", &[]);
        let review = fs::read_to_string(folder.path().join("plan/REVIEW.md")).expect("a review");
        assert!(review.contains("column public.t.b is changed in place"), "{review}");
    }
}

#[test]
fn an_identity_goes_on_counting() {
    let (database, _folder) = under_way(
        "create table t (id int generated always as identity primary key, a text);
         create table u (id smallint generated by default as identity (increment by -1) primary key, b text)",
        "create table t (id bigint generated always as identity primary key, a text);
         create table u (
            -- @renamed_from id
            number smallint generated by default as identity (increment by -1) primary key, b text);",
        "insert into t (a) values ('x'), ('y'), ('z'); delete from t where a = 'z'; insert into u (b) values ('x'), ('y')",
        &["expand", "backfill", "validate", "contract"],
    );
    database
        .sql("insert into t (a) values ('new'); insert into u (b) values ('new')")
        .expect("rows");
    let given = database.sql("select id from t where a = 'new' union all select number from u where b = 'new'");
    assert_eq!(given.map(|text| text.trim().replace('\n', " ")), Ok("4 -3".into()));
    let left = database.sql("select relname from pg_class where relname like 'pgphase%' union all select proname from pg_proc where proname like 'pgphase%'");
    assert_eq!(left.as_deref().map(str::trim), Ok(""));
}

/// The view under the old name of a table lets in whom the table let in, also where that is for single columns.
#[test]
fn a_renamed_table_is_open_to_the_same_roles() {
    create_role("pgphase_twin_reader");
    let (database, _folder) = under_way(
        "create table p (id int primary key, n int, secret text);
         grant select (id, n), update (n) on p to pgphase_twin_reader",
        "-- @renamed_from p
         create table q (id int primary key, n int, secret text);
         grant select (id, n), update (n) on q to pgphase_twin_reader;",
        "insert into p values (1, 1, 's')",
        &["expand"],
    );
    let read = |sql: &str| database.sql(&format!("set role pgphase_twin_reader; {sql}; reset role"));
    for name in ["p", "q"] {
        read(&format!("update {name} set n = n + 1 where id = 1")).expect("may update");
        assert!(read(&format!("select secret from {name}")).is_err());
    }
    assert_eq!(read("select n from p").as_deref().map(str::trim), Ok("3"));
}

/// Whoever runs a plan, the owner of a table can use what stands in for it, and sequences belong to whom their table belongs.
#[test]
fn what_a_plan_makes_belongs_to_the_owner() {
    create_role("pgphase_twin_owner");
    let (database, folder) = under_way(
        "grant create on schema public to pgphase_twin_owner;
         create table p (id int primary key);
         create table counted (id int generated by default as identity primary key, line text);
         alter table p owner to pgphase_twin_owner;
         alter table counted owner to pgphase_twin_owner",
        "-- @renamed_from p
         create table q (id int primary key);
         create table counted (id serial primary key, line text);",
        "insert into counted (line) values ('a'), ('b')",
        &["expand"],
    );
    let owner = |sql: &str| database.sql(&format!("set role pgphase_twin_owner; {sql}; reset role"));
    owner("insert into p values (1)").expect("the old name");
    let plan = folder.path().join("plan");
    for phase in ["backfill", "validate", "contract"] {
        let applied = pgphase::apply(&database, &plan, phase);
        assert_eq!(applied.code(), Some(NOTHING), "apply {phase}: {}", applied.said());
    }
    owner("insert into counted (line) values ('c')").expect("a number");
    assert_eq!(owner("select max(id) from counted").as_deref().map(str::trim), Ok("3"));
}

/// Before contract everything can be undone: schema and rows are as they were.
#[test]
fn the_way_back_leaves_nothing() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios/twin");
    let mut cases: Vec<PathBuf> = fs::read_dir(&root)
        .expect("the scenarios")
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .collect();
    cases.sort();
    create_role("pgphase_twin_reader");
    for case in cases {
        let read = |name: &str| fs::read_to_string(case.join(name)).unwrap_or_else(|_| "select 1".into());
        let (before, after, seed) = (read("before.sql"), read("after.sql"), read("seed.sql"));
        let (database, folder) = under_way(&before, &after, &seed, &["expand", "backfill", "validate"]);
        let untouched = Database::new();
        untouched.sql(&before).expect("the schema before");
        untouched.sql(&seed).expect("the rows before");
        let undo = folder.path().join("undo.sql");
        let script = fs::read_to_string(folder.path().join("plan/rollback.sql")).expect("rollback.sql");
        fs::write(&undo, without_contract(&script)).expect("the script");
        database
            .script(&undo)
            .unwrap_or_else(|error| panic!("{}: {error}", case.display()));
        let shown = Shown { privileges: true };
        let (wanted, got) = (
            dump(&untouched, shown).expect("a dump"),
            dump(&database, shown).expect("a dump"),
        );
        assert_eq!(difference(&wanted, &got), None, "{}", case.display());
        let (wanted, got) = (rows(&untouched).expect("rows"), rows(&database).expect("rows"));
        assert_eq!(lost(&wanted, &got), None, "{}", case.display());
    }
}

/// The part of `rollback.sql` for the phases before contract.
fn without_contract(script: &str) -> String {
    let mut kept = true;
    let mut text = String::new();
    for line in script.lines() {
        if let Some(rest) = line.strip_prefix("-- ") {
            let step = rest.strip_prefix("undo ").unwrap_or(rest);
            if ["expand-", "backfill-", "validate-", "contract-"]
                .iter()
                .any(|phase| step.starts_with(phase))
            {
                kept = !step.starts_with("contract-");
            }
        }
        if kept {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

/// The policy decides, for everything or for some tables.
#[test]
fn the_policy_may_ask_for_a_change_in_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let (before, after, config) = (
        folder.path().join("before.sql"),
        folder.path().join("after.sql"),
        folder.path().join("pgphase.yaml"),
    );
    fs::write(&before, "create table a (x int); create table b (x int);").expect("a file");
    fs::write(&after, "create table a (x bigint); create table b (x bigint);").expect("a file");
    for (policy, in_a, in_b) in [
        ("strategy: online", false, false),
        ("strategy: in-place", true, true),
        ("in_place: ['public.b*']", false, true),
    ] {
        fs::write(&config, format!("policy:\n  {policy}\n")).expect("a file");
        let output = pgphase::command()
            .args(["plan", "--format", "sql", "--config"])
            .arg(&config)
            .arg("--from")
            .arg(&before)
            .arg("--to")
            .arg(&after)
            .output()
            .expect("the program runs");
        let sql = String::from_utf8_lossy(&output.stdout);
        for (table, in_place) in [("a", in_a), ("b", in_b)] {
            let plain = format!("ALTER TABLE public.{table} ALTER COLUMN x TYPE bigint");
            assert_eq!(sql.contains(&plain), in_place, "{policy}: {sql}");
        }
    }
}

#[test]
fn rows_without_a_value_get_that_of_the_hint() {
    let database = Database::new();
    database
        .sql("create table t (id int primary key, a int, b int); insert into t select g, nullif(g % 10, 3), nullif(g % 7, 2) from generate_series(1, 1000) g")
        .expect("a table");
    let folder = tempfile::tempdir().expect("a folder");
    let after = folder.path().join("after.sql");
    let desired = "create table t (
        id int primary key,
        a int,
        -- @backfill coalesce(a, 0) * 2
        b int not null,
        -- @backfill 'n' || id
        c text not null,
        -- @backfill nullif(a, 5)
        d int,
        -- @backfill '2020-01-01'::date + id
        e date not null default '2026-01-01'
    );";
    fs::write(&after, desired).expect("a file");
    let plan = folder.path().join("plan");
    let planned = pgphase::plan(&database, &after, &plan);
    assert_eq!(planned.code(), Some(DIFFERENCE), "{}", planned.said());
    assert!(
        planned.said().contains("one-way:column public.t.b"),
        "{}",
        planned.said()
    );
    let applied = pgphase::apply(&database, &plan, "all");
    assert_eq!(applied.code(), Some(0), "{}", applied.said());
    let wrong = "select count(*) from t where b <> coalesce(nullif(id % 7, 2), coalesce(nullif(id % 10, 3), 0) * 2)
        or c <> 'n' || id or d is distinct from nullif(nullif(id % 10, 3), 5) or e <> '2020-01-01'::date + id";
    assert_eq!(database.sql(wrong).expect("a query").trim(), "0");
    // Once it is done the hints say nothing.
    let again = pgphase::drift(&database, &after);
    assert_eq!(again.code(), Some(NOTHING), "{}", again.said());
}

/// The old application relies on the default of a domain, and on its rule, until contract.
#[test]
fn what_a_domain_says_holds_until_contract() {
    let database = Database::new();
    database
        .sql(
            "create domain amount as integer default 5 check (value > 0);
             create table sale (id integer primary key, pieces amount);
             insert into sale values (1, 2)",
        )
        .expect("the schema before");
    let folder = tempfile::tempdir().expect("a folder");
    let (to, plan) = (folder.path().join("after.sql"), folder.path().join("plan"));
    fs::write(&to, "create table sale (id integer primary key, pieces integer);").expect("the desired file");
    let planned = pgphase::plan(&database, &to, &plan);
    assert_eq!(planned.code(), Some(pgphase::DIFFERENCE), "{}", planned.said());
    for phase in ["expand", "backfill", "validate"] {
        let applied = pgphase::apply(&database, &plan, phase);
        assert_eq!(applied.code(), Some(pgphase::NOTHING), "{phase}: {}", applied.said());
        let given = database.sql("delete from sale where id = 9; insert into sale (id) values (9) returning pieces");
        assert_eq!(given.as_deref().map(str::trim), Ok("5"), "{phase}");
        assert!(database.sql("insert into sale values (10, -1)").is_err(), "{phase}");
    }
    let contract = pgphase::apply(&database, &plan, "contract");
    assert_eq!(contract.code(), Some(pgphase::NOTHING), "{}", contract.said());
    let pieces = database.sql("select string_agg(coalesce(pieces::text, 'none'), ' ' order by id) from sale");
    assert_eq!(pieces.as_deref().map(str::trim), Ok("2 5"));
}

/// Who writes to a table with rules or policies locks it first, and then what those name: so does the swap, or both wait for each other.
#[test]
fn tables_with_rules_and_policies_over_a_column_are_locked_before_its_own() {
    let schema = |kind: &str| {
        format!(
            "create table visits (id bigint primary key, page {kind} not null);
             create table clicks (id bigint primary key, page integer not null);
             create table notes (id bigint primary key);
             create view by_page as select id, 1 as page from clicks;
             create rule counted as on insert to clicks do also insert into visits (id, page) values (new.id, new.page);
             create rule instead as on insert to by_page do instead insert into visits (id, page) values (new.id, new.page);
             alter table notes enable row level security;
             create policy seen on notes using (exists (select from visits v where v.id = notes.id and v.page > 0));"
        )
    };
    let (database, folder) = under_way(
        &schema("integer"),
        &schema("bigint"),
        "insert into clicks select i, i from generate_series(1, 10) i",
        &["expand", "backfill", "validate"],
    );
    for table in ["clicks", "notes"] {
        let name = database.name().to_owned();
        let held = format!("begin; lock table {table} in row exclusive mode; select pg_sleep(3); commit");
        let holder = std::thread::spawn(move || crate::support::database::sql(&name, &held));
        std::thread::sleep(std::time::Duration::from_millis(500));
        // Runs into its lock_timeout of 2 s.
        let copy = folder.path().join("plan/4-contract.sql");
        let name = database.name().to_owned();
        let swap = std::thread::spawn(move || crate::support::database::script(&name, &copy));
        let waits = format!("select l.pid from pg_locks l where l.relation = '{table}'::regclass and not l.granted");
        let seen = (0..60).find(|_| {
            std::thread::sleep(std::time::Duration::from_millis(25));
            !database.sql(&waits).expect("the locks").trim().is_empty()
        });
        assert!(seen.is_some(), "the swap does not wait for {table}");
        let held = format!(
            "select count(*) from pg_locks l where l.relation = 'visits'::regclass and l.granted and l.pid in ({waits})"
        );
        assert_eq!(database.sql(&held).expect("the locks").trim(), "0", "{table}");
        assert!(swap.join().expect("it ends").is_err(), "nobody waits for ever");
        holder.join().expect("it ends").expect("the holder");
    }
    let applied = pgphase::apply(&database, &folder.path().join("plan"), "all");
    assert_eq!(applied.code(), Some(NOTHING), "{}", applied.said());
    database.sql("insert into clicks values (11, 11)").expect("the rule");
    assert_eq!(
        database
            .sql("select page from visits where id = 11")
            .expect("the row")
            .trim(),
        "11"
    );
}

/// Who reads a view locks it before the table under it: while the swap waits, no reader may hold the one and wait for the other.
#[test]
fn a_view_over_a_column_is_dropped_before_its_table_is_locked() {
    let schema = |kind: &str| {
        format!("create table t (id int primary key, a {kind}); create view v as select id, a from t where a > 0;")
    };
    let (database, folder) = under_way(
        &schema("integer"),
        &schema("bigint"),
        "insert into t select i, i from generate_series(1, 10) i",
        &["expand", "backfill", "validate"],
    );
    let name = database.name().to_owned();
    let held = "begin; lock table t in access share mode; select pg_sleep(1); commit";
    let holder = std::thread::spawn(move || crate::support::database::sql(&name, held));
    std::thread::sleep(std::time::Duration::from_millis(200));
    let copy = folder.path().join("plan/4-contract.sql");
    let name = database.name().to_owned();
    let swap = std::thread::spawn(move || crate::support::database::script(&name, &copy));
    let waits = "select count(*) from pg_locks where relation = 't'::regclass and not granted";
    let seen = (0..60).find(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        database.sql(waits).expect("the locks").trim() != "0"
    });
    assert!(seen.is_some(), "the swap does not wait for the table");
    // The view is another one afterwards, which a statement that has waited for the old one finds by its name.
    let read = database.sql("select count(*) from v");
    swap.join().expect("it ends").expect("the swap");
    holder.join().expect("it ends").expect("the holder");
    assert_eq!(read.as_deref().map(str::trim), Ok("10"));
}
