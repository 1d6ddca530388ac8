//! Plans as migrations of existing runners: the form of the files for each of them, texts that mean something in their languages,
//! refusals, and what is there already. The runners themselves are run by `tests/peers/runners.py`, which
//! `cargo test --test suite -- --ignored export_real --nocapture` starts.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use ::pgphase::export::{Down, Request, Runner, Segment, Unit, export};
use ::pgphase::plan::Phase;
use clap::ValueEnum;
use tempfile::TempDir;

use crate::support::pgphase;
use crate::support::run::{Finished, run};

const LIMIT: Duration = Duration::from_secs(60);
const FIRST: &str = "20261121120000";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A plan between two schema files.
fn plan(place: &Path, from: &str, to: &str, more: &[&str]) -> PathBuf {
    let out = place.join("token");
    let finished = run(
        pgphase::command()
            .args(["plan", "-q", "--server-version", "15", "--from"])
            .arg(root().join(from))
            .arg("--to")
            .arg(root().join(to))
            .arg("--out")
            .arg(&out)
            .args(more),
        LIMIT,
    );
    assert_eq!(finished.code(), Some(0), "{}", finished.said());
    out
}

/// The identity of a plan.
fn plan_id(plan: &Path) -> String {
    let yaml = fs::read_to_string(plan.join("plan.yaml")).expect("the plan");
    let id = yaml.lines().find_map(|line| line.strip_prefix("id: "));
    id.expect("an id").trim_matches('\'').to_owned()
}

fn hostile(place: &Path) -> PathBuf {
    plan(
        place,
        "tests/export/before.sql",
        "tests/export/after.sql",
        &["--approve", "all"],
    )
}

fn plain(place: &Path) -> PathBuf {
    plan(
        place,
        "tests/export/before.sql",
        "tests/export/plain.sql",
        &["--approve", "all"],
    )
}

fn shop(place: &Path) -> PathBuf {
    plan(
        place,
        "examples/shop/before.sql",
        "schemas/shop.sql",
        &["--approve", "all"],
    )
}

fn exported(plan: &Path, runner: &str, out: &Path, more: &[&str]) -> Finished {
    run(
        pgphase::command()
            .arg("export")
            .arg(plan)
            .args(["--runner", runner, "--out"])
            .arg(out)
            .args(more),
        LIMIT,
    )
}

fn ok(finished: &Finished) {
    assert_eq!(finished.code(), Some(0), "{}", finished.said());
}

/// The error code, and words of the message.
fn fails(finished: &Finished, code: i32, words: &[&str]) {
    assert_eq!(finished.code(), Some(code), "{}", finished.said());
    for word in words {
        assert!(finished.stderr.contains(word), "no `{word}` in {}", finished.said());
    }
}

/// Every file below a folder.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder_now) = open.pop() {
        for entry in fs::read_dir(&folder_now).into_iter().flatten().filter_map(Result::ok) {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below").display().to_string();
                found.insert(name, fs::read_to_string(&path).expect("text"));
            }
        }
    }
    found
}

/// The migrations of a runner for a plan.
fn written(plan: &Path, runner: &str, more: &[&str]) -> BTreeMap<String, String> {
    let place = TempDir::new().expect("a folder");
    let out = place.path().join("shop/migrations");
    ok(&exported(
        plan,
        runner,
        &out,
        &[&["--version-from", FIRST], more].concat(),
    ));
    files(&out)
}

fn all(files: &BTreeMap<String, String>) -> String {
    files.values().cloned().collect::<Vec<_>>().join("\n")
}

#[test]
fn dbmate_is_as_agreed() {
    let place = TempDir::new().expect("a folder");
    let plan = shop(place.path());
    let files = written(&plan, "dbmate", &["--phase", "expand"]);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "20261121120000_token_expand_1_add_column_customers_token.sql",
            "20261121120001_token_expand_2_add_column_products_in_stock.sql",
            "20261121120002_token_expand_3_create_index_orders_open_idx_concurrently.sql",
            "20261121120003_token_expand_4_comment_on_table_customers.sql",
            "20261121120004_token_expand_5_add_value_packed_to_enum_order_state.sql",
            "20261121120005_token_expand_6_change_type_of_column_customers_name_to_character_varying_200.sql",
        ]
    );
    let id = plan_id(&plan);
    let lone = "-- This runs outside a transaction block, so the file holds one statement and no settings.\n\
                -- Its connection must have no lock_timeout and no statement_timeout, where the role or the database sets one:\n\
                -- options='-c lock_timeout=0 -c statement_timeout=0 -c search_path=public'\n";
    assert_eq!(
        files[names[2]],
        format!(
            "-- migrate:up transaction:false\n\
             -- pgphase plan token ({id}), phase expand, step expand-3: create index public.orders_open_idx concurrently\n\
             -- why: Reads and writes go on while it is built.\n\
             -- locks: SHARE UPDATE EXCLUSIVE on public.orders (reads and writes go on)\n\
             -- duration: grows with the table: reads all of public.orders, builds an index on public.orders\n\
             {lone}\
             CREATE INDEX CONCURRENTLY orders_open_idx ON public.orders USING btree (customer_id, placed_at DESC) WHERE state <> 'sent';\n\
             \n-- migrate:down transaction:false\n\
             {lone}\
             DROP INDEX CONCURRENTLY IF EXISTS public.orders_open_idx;\n"
        )
    );
    assert_eq!(
        files[names[3]],
        format!(
            "-- migrate:up\n\
             -- pgphase plan token ({id}), phase expand, step expand-4: comment on table public.customers\n\
             -- locks: SHARE UPDATE EXCLUSIVE on public.customers (reads and writes go on)\n\
             -- duration: short, whatever the size of the tables\n\
             {before}COMMENT ON TABLE public.customers IS 'who buys';\n{after}\
             \n-- migrate:down\n\
             {before}COMMENT ON TABLE public.customers IS NULL;\n{after}",
            before = "SET LOCAL lock_timeout = '2s';\n\
                      SET LOCAL statement_timeout = 0;\n\
                      SET LOCAL idle_in_transaction_session_timeout = '60s';\n\
                      SET LOCAL check_function_bodies = off;\n\
                      SET LOCAL row_security = off;\n\
                      SELECT pg_catalog.set_config('pgphase.search_path', pg_catalog.current_setting('search_path'), true);\n\
                      SET LOCAL search_path = '';\n",
            after = "SELECT pg_catalog.set_config('search_path', pg_catalog.current_setting('pgphase.search_path'), true);\n",
        )
    );
}

/// Runner, what a file outside a transaction has, and what one inside never has.
const MARKS: &[(&str, &str)] = &[
    ("alembic", "    with op.get_context().autocommit_block():\n        run("),
    ("dbmate", "-- migrate:up transaction:false\n"),
    ("django", "    atomic = False\n"),
    ("goose", "-- +goose NO TRANSACTION\n"),
    ("knex", "exports.config = { transaction: false };\n"),
    ("laravel", "    public $withinTransaction = false;\n"),
    ("liquibase", " runInTransaction:false "),
    ("node-pg-migrate", "pgm.noTransaction();\n"),
    ("rails", "  disable_ddl_transaction!\n"),
    ("sqlx", "-- no-transaction\n"),
    ("typeorm", "  transaction = false;\n"),
];

#[test]
fn every_runner_gets_its_marks() {
    let place = TempDir::new().expect("a folder");
    let plan = hostile(place.path());
    for (runner, mark) in MARKS {
        let files = written(&plan, runner, &[]);
        for (name, text) in files.iter().filter(|(name, _)| name.as_str() != "__init__.py") {
            for part in text.split("--changeset").skip(usize::from(*runner == "liquibase")) {
                let lone = part.contains("CONCURRENTLY") || part.contains("UPDATE ONLY");
                assert_eq!(part.contains(mark), lone, "{runner} {name}: {part}");
            }
        }
    }
    for (name, text) in written(&plan, "sqlx", &[]) {
        assert_eq!(
            text.contains("-- no-transaction"),
            text.starts_with("-- no-transaction\n"),
            "{name}"
        );
    }
    let flyway = written(&plan, "flyway", &[]);
    for (name, text) in flyway.iter().filter(|(name, _)| name.ends_with(".sql")) {
        let conf = flyway.get(&format!("{name}.conf")).map_or("", String::as_str);
        assert_eq!(
            conf.contains("executeInTransaction=false"),
            text.contains("CONCURRENTLY") || text.contains("UPDATE ONLY"),
            "{name}"
        );
        assert_eq!(
            conf.contains("placeholderReplacement=false"),
            text.contains("${"),
            "{name}"
        );
    }
    let diesel = written(&plan, "diesel", &[]);
    for (name, text) in diesel.iter().filter(|(name, _)| name.ends_with("up.sql")) {
        let lone = text.contains("CONCURRENTLY") || text.contains("UPDATE ONLY");
        assert_eq!(
            diesel.contains_key(&name.replace("up.sql", "metadata.toml")),
            lone,
            "{name}"
        );
    }
    for runner in ["golang-migrate", "prisma", "sqitch"] {
        for (name, text) in written(&plan, runner, &[]) {
            let lone = text.contains("CONCURRENTLY") || text.contains("UPDATE ONLY");
            let opens = text.contains("\nBEGIN;\n");
            let runs = name.ends_with(".sql") && !text.contains("There is nothing to undo");
            assert_eq!(opens, runs && !lone, "{runner} {name}: {text}");
        }
    }
}

/// Runners that send a file, or a part of it, as one query: such a part must be one statement.
#[test]
fn a_lone_statement_is_alone() {
    let place = TempDir::new().expect("a folder");
    let plan = hostile(place.path());
    for runner in ["dbmate", "diesel", "flyway", "golang-migrate", "prisma", "sqlx"] {
        for (name, text) in written(&plan, runner, &[]) {
            for part in text
                .split("-- migrate:down")
                .filter(|part| part.contains("CONCURRENTLY"))
            {
                let statements: Vec<&str> = part
                    .lines()
                    .filter(|line| !line.starts_with("--") && !line.is_empty() && *line != " transaction:false")
                    .collect();
                assert_eq!(statements.len(), 1, "{runner} {name}: {part}");
            }
        }
    }
}

#[test]
fn texts_survive_in_every_language() {
    let place = TempDir::new().expect("a folder");
    let plan = hostile(place.path());
    let comment = r#"COMMENT ON TABLE public.customers IS E'who buys: ${x} `y` """ '''' \\ %d :z ? #{w} <?php ?> {{t}} EOS SQL -- @a'"#;
    let body = "-- A comment in a body; and a semicolon; \"quotes\" 'too' `and` ${these} #{those}.\nDECLARE\n";
    for runner in Runner::value_variants().iter().map(ToString::to_string) {
        let runner = runner.as_str();
        if ["drizzle", "refinery"].contains(&runner) {
            continue;
        }
        let text = all(&written(&plan, runner, &[]));
        let read = match runner {
            "alembic" | "django" => text.replace("\\\"", "\"").replace("\\\\", "\\"),
            "knex" | "typeorm" | "node-pg-migrate" => {
                text.replace("\\`", "`").replace("\\${", "${").replace("\\\\", "\\")
            }
            "liquibase" => text.replace("${pgphase.dollar}{", "${").replace("--rollback ", ""),
            _ => text,
        };
        assert!(read.contains(comment), "{runner}: {read}");
        assert!(read.contains(body), "{runner}: {read}");
    }
    let rails = all(&written(&plan, "rails", &[]));
    assert!(
        rails.contains("execute(<<'SQL_1')\n") && rails.contains("\nSQL_1\n"),
        "{rails}"
    );
    let knex = all(&written(&plan, "knex", &[]));
    assert!(!knex.contains("raw(`"), "{knex}");
    let liquibase = all(&written(&plan, "liquibase", &[]));
    assert!(
        liquibase.contains("extra ?? 'a' OR NOT extra @?? '$.b ? (@ > 1)'"),
        "{liquibase}"
    );
}

#[test]
fn runners_without_a_way_out_of_transactions_are_refused() {
    let place = TempDir::new().expect("a folder");
    let (lone, shared) = (hostile(&place.path().join("a")), plain(&place.path().join("b")));
    for runner in ["drizzle", "refinery"] {
        let out = place.path().join(runner);
        let refused = exported(&lone, runner, &out, &["--version-from", FIRST]);
        fails(
            &refused,
            1,
            &[
                "cannot run step expand-",
                "concurrently",
                "pgphase apply PLAN --phase expand",
            ],
        );
        assert!(!out.exists());
        ok(&exported(&shared, runner, &out, &["--version-from", FIRST]));
        let files = files(&out);
        assert!(files.values().any(|text| text.contains("ADD COLUMN vip")), "{files:?}");
    }
}

#[test]
fn what_cannot_be_understood_is_a_usage_error() {
    let place = TempDir::new().expect("a folder");
    let plan = hostile(place.path());
    let out = place.path().join("out");
    fails(&exported(&plan, "flywy", &out, &[]), 64, &["'flyway'"]);
    fails(&exported(&plan, "dbmate", &out, &[]), 64, &["--version-from"]);
    fails(
        &exported(&plan, "rails", &out, &["--version-from", "x"]),
        64,
        &["it must be a number"],
    );
    fails(
        &exported(&plan, "laravel", &out, &["--version-from", "17"]),
        64,
        &["YYYYMMDDHHMMSS"],
    );
    fails(&exported(&plan, "django", &out, &[]), 64, &["--app LABEL"]);
    fails(
        &exported(&plan, "dbmate", &out, &["--phase", "all-of-it"]),
        64,
        &["no phase"],
    );
    fs::create_dir(&out).expect("a folder");
    for name in ["a", "b"] {
        fs::write(
            out.join(format!("{name}.py")),
            format!("revision: str = '{name}'\ndown_revision = None\n"),
        )
        .expect("a file");
    }
    fails(
        &exported(&plan, "alembic", &out, &[]),
        64,
        &["several heads: a, b", "--after"],
    );
    ok(&exported(&plan, "alembic", &out, &["--after", "b"]));
    assert!(all(&files(&out)).contains("down_revision = \"b\"\n"));
}

#[test]
fn hazards_must_be_approved() {
    let place = TempDir::new().expect("a folder");
    let plan = plan(place.path(), "examples/shop/before.sql", "schemas/shop.sql", &[]);
    let out = place.path().join("out");
    let refused = exported(&plan, "flyway", &out, &[]);
    fails(&refused, 3, &["data-loss:column public.customers.fax", "approvals"]);
    assert!(!out.exists());
    ok(&exported(&plan, "flyway", &out, &["--phase", "expand"]));
}

#[test]
fn nothing_is_written_over() {
    let place = TempDir::new().expect("a folder");
    let plan = hostile(place.path());
    let out = place.path().join("out");
    ok(&exported(&plan, "goose", &out, &[]));
    let first = files(&out);
    assert_eq!(first.keys().next().map(|name| &name[..6]), Some("00001_"));
    fails(
        &exported(&plan, "goose", &out, &[]),
        1,
        &["is exported already", "00001_token_expand_1"],
    );
    ok(&exported(&plan, "goose", &out, &["--force"]));
    assert_eq!(files(&out), first);
    let again = exported(&plan, "goose", &out, &["--force", "--version-from", "00100"]);
    fails(&again, 1, &["it would be there twice", "00001_token_expand_1"]);
    let other = TempDir::new().expect("a folder");
    let name = first.keys().next().expect("a file");
    fs::write(other.path().join(name), "-- of somebody else\n").expect("a file");
    let refused = exported(&plan, "goose", other.path(), &["--version-from", "00001"]);
    fails(&refused, 1, &["is there already", name]);
    assert_eq!(files(other.path()).len(), 1);
    // Without being told, it goes on behind what is there.
    ok(&exported(&plan, "goose", other.path(), &[]));
    assert!(
        files(other.path())
            .keys()
            .any(|name| name.starts_with("00002_token_expand_1"))
    );
}

#[test]
fn phases_follow_each_other() {
    let place = TempDir::new().expect("a folder");
    let plan = hostile(place.path());
    for (runner, first) in [
        ("goose", "00001"),
        ("alembic", "1"),
        ("django", "0001"),
        ("flyway", "1"),
    ] {
        let out = place.path().join(runner).join("migrations");
        for phase in ["expand", "backfill", "validate", "contract"] {
            let version: &[&str] = if phase == "expand" {
                &["--version-from", first]
            } else {
                &[]
            };
            ok(&exported(&plan, runner, &out, &[version, &["--phase", phase]].concat()));
        }
        let whole = {
            let whole = place.path().join("whole").join(runner).join("migrations");
            ok(&exported(
                &plan,
                runner,
                &whole,
                &["--version-from", first, "--app", runner],
            ));
            files(&whole)
        };
        assert_eq!(files(&out), whole, "{runner}");
    }
}

#[test]
fn chains_go_on_where_they_end() {
    let place = TempDir::new().expect("a folder");
    let plan = plain(place.path());
    let folder = |name: &str| place.path().join(name);
    fs::create_dir_all(folder("shop/migrations")).expect("a folder");
    fs::write(
        folder("shop/migrations/0007_last.py"),
        "dependencies = [('shop', '0006_x')]\n",
    )
    .expect("a file");
    fs::write(folder("shop/migrations/0006_x.py"), "dependencies = []\n").expect("a file");
    ok(&exported(&plan, "django", &folder("shop/migrations"), &[]));
    let text = all(&files(&folder("shop/migrations")));
    assert!(text.contains("dependencies = [(\"shop\", \"0007_last\")]\n"), "{text}");
    assert!(text.contains("dependencies = [(\"shop\", \"0008_token_"), "{text}");

    fs::create_dir_all(folder("sqitch")).expect("a folder");
    let before = "%syntax-version=1.0.0\n%project=shop\n\nfirst 2026-01-01T10:00:00Z Ann Other <ann@example.org> # one\n@v1 2026-01-02T10:00:00Z Bob <b@example.org> # t\n";
    fs::write(folder("sqitch/sqitch.plan"), before).expect("a file");
    ok(&exported(&plan, "sqitch", &folder("sqitch"), &[]));
    let text = fs::read_to_string(folder("sqitch/sqitch.plan")).expect("the plan");
    assert!(text.starts_with(before), "{text}");
    assert!(text.contains("Z Ann Other <ann@example.org> # "), "{text}");
    assert!(
        text.lines().filter(|line| line.starts_with("token_")).count() >= 4,
        "{text}"
    );

    fs::create_dir_all(folder("drizzle/meta")).expect("a folder");
    let journal = r#"{"version":"7","dialect":"postgresql","entries":[{"idx":0,"version":"7","when":1700000000000,"tag":"0000_a","breakpoints":true}]}"#;
    fs::write(folder("drizzle/meta/_journal.json"), journal).expect("a file");
    fs::write(folder("drizzle/0000_a.sql"), "SELECT 1;\n").expect("a file");
    ok(&exported(&plan, "drizzle", &folder("drizzle"), &[]));
    let text = fs::read_to_string(folder("drizzle/meta/_journal.json")).expect("the journal");
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(value["entries"][0]["tag"], "0000_a");
    assert_eq!(value["entries"][1]["idx"], 1);
    assert_eq!(value["entries"][1]["when"], 1_700_000_000_001_i64);
    let tag = value["entries"][1]["tag"].as_str().expect("a tag").to_owned();
    assert!(folder("drizzle").join(format!("{tag}.sql")).exists(), "{tag}");
}

/// Runner and what its file does where there is no way back.
const ONE_WAY: &[(&str, &str)] = &[
    (
        "alembic",
        "raise NotImplementedError(\"step contract-2 cannot be undone: it deleted every value",
    ),
    ("dbmate", "RAISE EXCEPTION"),
    ("diesel", "RAISE EXCEPTION"),
    ("django", "            # step contract-2 cannot be undone"),
    ("flyway", "RAISE EXCEPTION"),
    ("golang-migrate", "RAISE EXCEPTION"),
    ("goose", "RAISE EXCEPTION"),
    ("knex", "throw new Error("),
    ("laravel", "throw new RuntimeException("),
    ("liquibase", "-- step contract-2 cannot be undone"),
    ("node-pg-migrate", "exports.down = false;"),
    ("rails", "raise ActiveRecord::IrreversibleMigration"),
    ("sqitch", "RAISE EXCEPTION"),
    ("sqlx", "RAISE EXCEPTION"),
    ("typeorm", "throw new Error("),
];

#[test]
fn a_step_without_a_way_back_says_so() {
    let place = TempDir::new().expect("a folder");
    let plan = shop(place.path());
    for (runner, mark) in ONE_WAY {
        let text = all(&written(&plan, runner, &["--phase", "contract"]));
        assert!(text.contains(mark), "{runner}: {text}");
        assert!(text.contains("look first: nothing holds this up"), "{runner}: {text}");
        assert!(!text.contains("ADD COLUMN fax"), "{runner}: {text}");
        let lossy = all(&written(&plan, runner, &["--phase", "contract", "--down-with-loss"]));
        assert!(
            lossy.contains("ADD COLUMN fax text") && !lossy.contains(mark),
            "{runner}: {lossy}"
        );
    }
}

fn unit(transaction: bool, statement: &str) -> Unit {
    Unit {
        transaction,
        statements: vec![statement.to_owned()],
        lock_timeout: "'2s'".into(),
        search_path: None,
        settings: vec![],
    }
}

fn segment(up: &str, down: Unit) -> Segment {
    Segment {
        plan: "p".into(),
        plan_id: "1".into(),
        phase: Phase::Contract,
        step: "contract-1".into(),
        title: "a step".into(),
        remarks: vec![],
        up: unit(true, up),
        down: Down::Sql(down),
        holds: None,
        grows: false,
    }
}

fn made(runner: Runner, segment: &Segment) -> Result<String, String> {
    let request = Request {
        runner,
        segments: std::slice::from_ref(segment),
        existing: &[],
        name: "p".into(),
        version_from: Some(FIRST.into()),
        after: None,
        app: Some("shop".into()),
        author: None,
    };
    let export = export(&request).map_err(|error| error.message)?;
    Ok(export.files.into_iter().map(|file| file.text).collect())
}

/// Where one setting counts for both directions, the one that needs a transaction brings its own.
#[test]
fn a_direction_keeps_its_transaction() {
    let segment = segment(
        "ALTER TABLE t DROP a",
        unit(false, "CREATE INDEX CONCURRENTLY i ON t (b)"),
    );
    for runner in [
        Runner::Diesel,
        Runner::Django,
        Runner::Goose,
        Runner::Knex,
        Runner::Laravel,
        Runner::Liquibase,
        Runner::Rails,
        Runner::TypeOrm,
    ] {
        let text = made(runner, &segment).expect("files");
        let own = "BEGIN;\nSET LOCAL lock_timeout = '2s';\nALTER TABLE t DROP a;\nCOMMIT;\n";
        assert!(text.contains(own), "{runner}: {text}");
    }
}

#[test]
fn lines_that_are_marks_of_a_runner_are_refused() {
    for (runner, line) in [
        (Runner::Dbmate, "-- migrate:down"),
        (Runner::Goose, "  --  +goose StatementEnd"),
        (Runner::Goose, "a\r"),
        (Runner::Liquibase, "--changeset a:b"),
        (Runner::Liquibase, "-- comment: swallowed"),
        (Runner::Drizzle, "--> statement-breakpoint"),
    ] {
        let segment = segment(&format!("DO $$\n{line}\n$$"), unit(true, "SELECT 2"));
        let error = made(runner, &segment).expect_err(line);
        assert!(error.contains("cannot run step contract-1"), "{error}");
    }
}

#[test]
#[ignore = "installs the runners and takes minutes: run it with --ignored"]
fn export_real() {
    let mut command = Command::new("python3");
    command
        .arg(root().join("tests/peers/runners.py"))
        .arg(env!("CARGO_BIN_EXE_pgphase"));
    let finished = run(&mut command, Duration::from_secs(3600));
    eprintln!("{}", finished.said());
    assert_eq!(finished.code(), Some(0));
}
