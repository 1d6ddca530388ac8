//! Columns that move to another table: what each statement of each application does to the other table, what open transactions and
//! writers of the same row meet, and what is refused.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::shadow::Session;
use crate::support::database::Database;
use crate::support::pgphase::{self, DIFFERENCE, NOTHING};

const BEFORE: &str =
    "create table users (id bigint primary key, name text, bio text, visits integer default 0 not null);";

const AFTER: &str = "create table users (id bigint primary key, name text);
    create table profiles (
        user_id bigint primary key references users (id) on delete cascade on update cascade,
        -- @moved_from users.bio via user_id = users.id
        bio text,
        -- @moved_from users.visits via user_id = users.id
        visits integer default 0,
        avatar text default 'none'
    );";

const SEED: &str = "insert into users values (1, 'Ada', 'counts', 5), (2, 'Grace', null, 0), (3, 'Edsger', null, 2)";

/// Rows of which the two tables hold different values.
const DIFFERENT: &str = "select count(*) from users u left join profiles p on p.user_id = u.id
    where (u.bio, u.visits) is distinct from (p.bio, coalesce(p.visits, case when p.user_id is null then 0 end))";

struct Moving {
    database: Database,
    _folder: tempfile::TempDir,
    out: PathBuf,
}

impl Moving {
    /// A database in which expand has run.
    fn expanded(after: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (to, out) = (folder.path().join("after.sql"), folder.path().join("plan"));
        fs::write(&to, after).expect("the desired file");
        let database = Database::new();
        database.sql(BEFORE).expect("the schema before");
        database.sql(SEED).expect("the rows before");
        let planned = pgphase::plan(&database, &to, &out);
        assert_eq!(planned.code(), Some(DIFFERENCE), "{}", planned.said());
        let moving = Self {
            database,
            _folder: folder,
            out,
        };
        moving.apply("expand");
        moving
    }

    fn apply(&self, phase: &str) {
        let applied = pgphase::apply_forced(&self.database, &self.out, phase);
        assert_eq!(applied.code(), Some(NOTHING), "apply {phase}: {}", applied.said());
    }

    fn sql(&self, statements: &str) -> String {
        let answer = self.database.sql(statements).expect(statements);
        answer.trim().to_owned()
    }

    fn agree(&self, after: &str) {
        assert_eq!(self.sql(DIFFERENT), "0", "after {after}");
    }
}

#[test]
fn every_write_of_either_application_reaches_the_other_one() {
    let moving = Moving::expanded(AFTER);
    moving.apply("backfill");
    moving.agree("backfill");
    let profile = "select p.bio, p.visits, p.avatar from profiles p where user_id = ";
    let user = "select bio, visits from users where id = ";
    for (statement, asked, answer) in [
        // The old application.
        (
            "update users set bio = 'new', visits = visits + 1 where id = 1",
            format!("{profile} 1"),
            "new|6|none",
        ),
        (
            "update profiles set avatar = 'own' where user_id = 1; update users set bio = null, visits = 0 where id = 1",
            format!("{profile} 1"),
            "|0|own",
        ),
        (
            "insert into users values (10, 'a', 'b', 1)",
            format!("{profile} 10"),
            "b|1|none",
        ),
        (
            "insert into users (id, name) values (11, 'a')",
            format!("{profile} 11"),
            "",
        ),
        (
            "insert into users values (10, 'a', 'c', 7) on conflict (id) do update set bio = excluded.bio",
            format!("{profile} 10"),
            "c|1|none",
        ),
        (
            "update users set bio = 'first' where id = 11",
            format!("{profile} 11"),
            "first|0|none",
        ),
        (
            "update users set id = 12 where id = 11",
            format!("{profile} 12"),
            "first|0|none",
        ),
        ("update users set name = 'other'", format!("{profile} 2"), ""),
        (
            "delete from users where id = 12",
            "select count(*) from profiles where user_id = 12".into(),
            "0",
        ),
        // The new one.
        (
            "update profiles set bio = 'theirs', visits = visits + 1 where user_id = 10",
            format!("{user} 10"),
            "theirs|2",
        ),
        (
            "insert into profiles (user_id, bio) values (2, 'late')",
            format!("{user} 2"),
            "late|0",
        ),
        (
            "insert into profiles (user_id, bio, visits) values (2, null, 8) on conflict (user_id) do update set bio = excluded.bio, visits = excluded.visits",
            format!("{user} 2"),
            "|8",
        ),
        (
            "update profiles set visits = null where user_id = 2",
            format!("{user} 2"),
            "|",
        ),
        ("delete from profiles where user_id = 10", format!("{user} 10"), "|0"),
        (
            "delete from profiles where user_id = 10",
            "select count(*) from profiles where user_id = 10".into(),
            "0",
        ),
        (
            "update profiles set user_id = 10 where user_id = 3; select",
            format!("{user} 10"),
            "|2",
        ),
        ("select", format!("{user} 3"), "|0"),
        (
            "with gone as (delete from profiles where user_id = 10 returning *) insert into profiles select 3, bio, visits from gone",
            format!("{user} 3"),
            "|2",
        ),
        (
            "delete from users where id = 3",
            "select count(*) from profiles where user_id = 3".into(),
            "0",
        ),
        (
            "truncate profiles",
            "select count(*) from users where bio is not null or visits <> 0".into(),
            "0",
        ),
        (
            "update users set bio = 'again' where id = 1; truncate users",
            "select count(*) from profiles".into(),
            "0",
        ),
    ] {
        moving.sql(statement);
        moving.agree(statement);
        assert_eq!(moving.sql(&asked), answer, "after {statement}");
    }
    let orphan = moving
        .database
        .sql("insert into profiles (user_id, bio) values (99, 'nobody')");
    assert!(orphan.expect_err("no such user").contains("profiles_user_id_fkey"));
    moving.apply("validate");
    moving.apply("contract");
}

/// Before the backfill the new application does not find what is there, and does not take it away either.
#[test]
fn a_row_that_comes_before_its_copy_keeps_what_it_does_not_say() {
    let moving = Moving::expanded(AFTER);
    moving.sql("insert into profiles (user_id, visits) values (1, 9)");
    assert_eq!(moving.sql("select bio, visits from users where id = 1"), "counts|9");
    assert_eq!(
        moving.sql("select bio, visits from profiles where user_id = 1"),
        "counts|9"
    );
    moving.apply("backfill");
    moving.apply("validate");
    moving.agree("backfill");
    assert_eq!(moving.sql("select count(*) from profiles"), "2");
}

/// Rows never come under the keys of others: where keys shift in one statement, it fails and changes nothing.
#[test]
fn keys_that_take_each_others_place_are_refused() {
    let moving = Moving::expanded(AFTER);
    moving.apply("backfill");
    moving.sql("delete from users where id = 2; insert into users values (0, 'Zoe', 'zero', 0); update profiles set avatar = 'own'");
    let shift = "update users set id = id - 1 where id <= 1";
    let told = moving
        .database
        .sql(shift)
        .expect_err("0 becomes -1 after 1 becomes 0, or before");
    assert!(told.contains("unique") || told.contains("each other's place"), "{told}");
    moving.agree("a shift that is refused");
    moving.sql("update users set id = 20 where id = 1");
    assert_eq!(
        moving.sql("select bio, avatar from profiles where user_id = 20"),
        "counts|own"
    );
    moving.agree("a key that changes");
}

/// Roles that may write one table only.
#[test]
fn each_application_needs_rights_on_its_own_table_only() {
    let moving = Moving::expanded(AFTER);
    moving.apply("backfill");
    let role = |name: &str| format!("{name}_{}", std::process::id());
    let (old, new) = (role("moved_old"), role("moved_new"));
    moving.sql(&format!(
        "create role {old}; create role {new}; grant select, insert, update, delete on users to {old}; grant select, insert, update, delete on profiles to {new};"
    ));
    let tried = [
        (&old, "update users set bio = 'old' where id = 1"),
        (&new, "update profiles set bio = 'new' where user_id = 1"),
    ]
    .map(|(role, statement)| moving.database.sql(&format!("set role {role}; {statement}")));
    let agree = moving.sql(DIFFERENT);
    moving.sql(&format!("drop owned by {old}, {new}; drop role {old}, {new}"));
    assert!(tried.iter().all(Result::is_ok), "{tried:?}");
    assert_eq!(agree, "0");
}

/// A snapshot that does not see the copy must not pass it by.
#[test]
fn what_an_old_snapshot_writes_does_not_leave_its_copy_behind() {
    let moving = Moving::expanded(AFTER);
    let session = Session::open(&moving.database);
    session
        .run("begin isolation level repeatable read; select from users")
        .expect("an open transaction");
    moving.apply("backfill");
    for statement in [
        "delete from users where id = 1",
        "update users set bio = 'new' where id = 1",
        "update users set bio = null, visits = 0 where id = 1",
        "update users set id = 70 where id = 1",
        "truncate users",
    ] {
        session.run("savepoint s").expect("a savepoint");
        let refused = session.run(statement).expect_err("its copy is not seen");
        let code = refused.code().map(|code| code.code().to_owned());
        assert_eq!(code.as_deref(), Some("40001"), "{statement}: {refused}");
        session.run("rollback to s").expect("back");
    }
    session.run("rollback").expect("it ends");
    for statement in [
        "update users set bio = null, visits = 0 where id = 1",
        "update users set bio = 'x' where id = 2",
        "delete from profiles where user_id = 2",
        "update profiles set bio = 'y' where user_id = 1",
        "delete from users where id = 1",
    ] {
        session
            .run(&format!("begin isolation level repeatable read; {statement}; commit"))
            .expect(statement);
        moving.agree(statement);
    }
    // A row that somebody else has deleted meanwhile is still seen beside the new one.
    session
        .run("begin isolation level repeatable read; select from users")
        .expect("a snapshot");
    moving.sql("delete from users where id = 3");
    let refused = session
        .run("insert into users values (3, 'Edsger', 'anew')")
        .expect_err("two rows are seen");
    assert_eq!(refused.code().map(|code| code.code()), Some("40001"), "{refused}");
    session.run("rollback").expect("it ends");
    moving.apply("validate");
}

/// Without a foreign key the row of the new table may come first; who makes the other one at the same moment waits and takes its values.
#[test]
fn rows_that_come_at_the_same_moment_meet() {
    let moving = Moving::expanded(&AFTER.replace("references users (id) on delete cascade on update cascade", ""));
    moving.apply("backfill");
    let session = Session::open(&moving.database);
    session
        .run("begin; insert into profiles (user_id, bio) values (77, 'first')")
        .expect("a row");
    let committed = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(500));
        session.run("commit")
    });
    moving.sql("insert into users (id, name) values (77, 'second')");
    committed.join().expect("it ends").expect("it commits");
    assert_eq!(moving.sql("select bio from users where id = 77"), "first");
    moving.agree("both");
    moving.apply("validate");
    moving.apply("contract");
}

/// Before its copy a row may be emptied by one application while the other one makes a row for it.
#[test]
fn a_value_that_is_taken_away_does_not_come_back() {
    let moving = Moving::expanded(AFTER);
    let session = Session::open(&moving.database);
    session
        .run("begin; update users set bio = null, visits = 0 where id = 1")
        .expect("an open transaction");
    let committed = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(500));
        session.run("commit")
    });
    moving.sql("insert into profiles (user_id, avatar) values (1, 'own')");
    let committed = committed.join().expect("it ends");
    assert!(committed.is_ok(), "{committed:?}");
    moving.apply("backfill");
    moving.agree("both");
    assert_eq!(moving.sql("select bio from profiles where user_id = 1"), "");
    moving.apply("validate");
}

/// Both write the same columns of the same rows as fast as they can: nothing is lost or diverges, and who is refused may try again.
#[test]
fn writers_of_the_same_row_lose_nothing() {
    let moving = Moving::expanded(AFTER);
    moving.sql("insert into users select n, 'x', 'y', 1 from generate_series(100, 2000) n");
    let end = Instant::now() + Duration::from_secs(8);
    let writers = ["update users set visits = visits + 1 where id = 1", "update profiles set visits = visits + 1 where user_id = 1"]
        .into_iter()
        .cycle()
        .take(4)
        .map(|statement| {
            let session = Session::open(&moving.database);
            std::thread::spawn(move || {
                let mut counted = 0u64;
                while Instant::now() < end {
                    // Its copy may not be there yet.
                    let checked = format!("{statement} and exists (select from profiles where user_id = 1)");
                    match session.run(&format!("do $$ declare n int; begin {checked}; get diagnostics n = row_count; if n = 0 then raise 'none' using errcode = 'P0002'; end if; end $$")) {
                        Ok(()) => counted += 1,
                        Err(error) => {
                            let code = error.code().map(|code| code.code().to_owned()).unwrap_or_default();
                            assert!(["40P01", "40001", "P0002"].contains(&code.as_str()), "{error:?}");
                        }
                    }
                }
                counted
            })
        })
        .collect::<Vec<_>>();
    moving.apply("backfill");
    let counted: u64 = writers.into_iter().map(|writer| writer.join().expect("it ends")).sum();
    moving.agree("four writers");
    assert!(counted > 3, "only {counted} writes");
    assert_eq!(
        moving.sql("select visits from users where id = 1"),
        (5 + counted).to_string()
    );
    moving.apply("validate");
    moving.apply("contract");
}

/// The way back after both have written leaves everything in the old table.
#[test]
fn the_way_back_loses_nothing() {
    let moving = Moving::expanded(AFTER);
    moving.apply("backfill");
    moving.sql("update profiles set bio = 'by the new one' where user_id = 1; insert into profiles (user_id, bio) values (2, 'too')");
    moving.apply("validate");
    let back = pgphase::rollback(&moving.database, &moving.out);
    assert_eq!(back.code(), Some(NOTHING), "{}", back.said());
    assert_eq!(
        moving.sql("select string_agg(concat_ws('/', id, bio, visits), ' ' order by id) from users"),
        "1/by the new one/5 2/too/0 3/2"
    );
    assert_eq!(
        moving.sql(
            "select count(*) from pg_class where relname ~ 'pgphase|profiles' and relnamespace = 'public'::regnamespace"
        ),
        "0"
    );
}

/// Contract waits while the old application still writes.
#[test]
fn writes_of_the_old_application_hold_contract_up() {
    let moving = Moving::expanded(AFTER);
    moving.apply("backfill");
    moving.apply("validate");
    moving.sql("update profiles set bio = 'new one' where user_id = 1");
    let sign =
        "select coalesce(pg_sequence_last_value(oid::regclass), 0) from pg_class where relname ~ '^pgphase_.*_old$'";
    assert_eq!(moving.sql(sign), "0", "the new application is none of the old one");
    moving.sql("update users set bio = 'old one' where id = 1");
    let held = pgphase::apply(&moving.database, &moving.out, "contract");
    assert!(held.said().contains("column public.users.bio"), "{}", held.said());
    assert!(
        held.said().contains("somebody wrote under an old name"),
        "{}",
        held.said()
    );
}

fn said(folder: &Path, before: &str, after: &str) -> String {
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).expect("a file");
        path
    };
    let mut command = pgphase::command();
    command.args(["plan", "--server-version", "15"]);
    command
        .arg("--from")
        .arg(file("before.sql", before))
        .arg("--to")
        .arg(file("after.sql", after));
    crate::support::run::run(&mut command, Duration::from_secs(60)).said()
}

#[test]
fn what_cannot_be_moved_is_told_with_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let hint = "-- @moved_from users.bio via user_id = users.id\n bio";
    let keyed = "create table users (id bigint primary key); create table profiles (user_id bigint primary key";
    for (before, after, told) in [
        (
            "create table users (id bigint primary key, bio text)",
            format!(
                "create table users (id bigint primary key, bio text); create table profiles (user_id bigint primary key,\n {hint} text)"
            ),
            "the files still define column public.users.bio",
        ),
        (
            "create table users (id bigint primary key)",
            format!("{keyed},\n {hint} text)"),
            "the database has neither",
        ),
        (
            "create table users (id bigint primary key, bio text)",
            format!("{keyed},\n {hint} varchar(9))"),
            "its type is text there and character varying(9) here",
        ),
        (
            "create table users (id bigint primary key, bio text)",
            format!("{keyed},\n {hint} text not null)"),
            "it refuses nulls",
        ),
        (
            "create table users (id bigint primary key, bio text)",
            format!("{keyed},\n {hint} text default 'a')"),
            "it has another default",
        ),
        (
            "create table users (id bigint primary key, bio text default current_user)",
            format!("{keyed},\n {hint} text default current_user)"),
            "is no constant",
        ),
        (
            "create table users (id bigint primary key, bio text)",
            format!(
                "create table users (id bigint primary key); create table profiles (user_id bigint not null,\n {hint} text)"
            ),
            "no primary key or unique constraint of public.profiles",
        ),
        (
            "create table users (id bigint not null, bio text)",
            format!(
                "create table users (id bigint not null); create table profiles (user_id bigint primary key,\n {hint} text)"
            ),
            "no primary key or unique constraint of public.users",
        ),
        (
            "create table users (id integer primary key, bio text)",
            format!(
                "create table users (id integer primary key); create table profiles (user_id bigint primary key,\n {hint} text)"
            ),
            "public.profiles.user_id is bigint and public.users.id is integer",
        ),
        (
            "create table users (id bigint primary key, bio text)",
            format!("{keyed},\n {hint} text, more text not null)"),
            "column public.profiles.more refuses nulls",
        ),
        (
            "create table users (id bigint primary key, bio text)",
            format!("{keyed},\n {hint} text unique)"),
            "may refuse a row",
        ),
        (
            "create table users (id bigint primary key, bio text)",
            format!("{keyed},\n {hint} text check (bio <> ''))"),
            "may refuse a row",
        ),
        (
            "create table users (id bigint primary key, bio text)",
            format!("{keyed},\n {hint} text) partition by hash (user_id)"),
            "is partitioned",
        ),
        (
            "create table users (id bigint primary key, bio text)",
            format!("{keyed},\n {hint} text, per integer generated always as (100 / length(bio)) stored)"),
            "column public.profiles.per may refuse a row",
        ),
        (
            "create table users (id bigint primary key, bio text); create function f() returns trigger language plpgsql as 'begin return new; end';
             create trigger touch before update on users for each row execute function f()",
            format!(
                "{keyed},\n {hint} text); create function f() returns trigger language plpgsql as 'begin return new; end';
                 create trigger touch before update on users for each row execute function f()"
            ),
            "trigger public.users.touch would run for what the other application writes",
        ),
        (
            "create table users (id bigint primary key, bio text); create function f(text) returns text immutable language sql as 'select $1'",
            format!(
                "{keyed},\n {hint} text); create function f(text) returns text immutable language sql as 'select $1';
                 create index said on profiles (f(bio))"
            ),
            "function public.f(text) would run for what the other application writes",
        ),
        (
            "create table users (id bigint primary key, bio text)",
            format!("create table profiles (user_id bigint primary key,\n {hint} text)"),
            "its table goes",
        ),
        (
            "create table users (id bigint primary key, bio text, pic text)",
            format!(
                "{keyed}, other bigint unique,\n {hint} text,\n -- @moved_from users.pic via other = users.id\n pic text)"
            ),
            "comes from another table, or via other columns",
        ),
        (
            "create table users (id bigint primary key, bio text)",
            format!("{keyed},\n -- @moved_from users.bio\n bio text)"),
            "cannot be read",
        ),
    ] {
        let said = said(folder.path(), before, &after);
        assert!(said.contains(told), "{after}: {said}");
        assert!(said.contains("after.sql:") && said.contains("hint"), "{after}: {said}");
    }
    let yaml = "tables:\n  users:\n    columns: [{name: id, type: bigint}]\n    primary_key: [id]\n  profiles:\n    columns:\n      - {name: user_id, type: bigint}\n      - {name: bio, type: text, moved_from: users.bio via user_id = users.id}\n    primary_key: [user_id]\n";
    fs::write(folder.path().join("after.yaml"), yaml).expect("a file");
    fs::write(
        folder.path().join("before.sql"),
        "create table users (id bigint primary key, bio text)",
    )
    .expect("a file");
    let mut command = pgphase::command();
    command
        .args(["plan", "--server-version", "15", "--from"])
        .arg(folder.path().join("before.sql"));
    let planned = crate::support::run::run(
        command.arg("--to").arg(folder.path().join("after.yaml")),
        Duration::from_secs(60),
    );
    assert!(
        planned
            .said()
            .contains("copy the rows of public.users to public.profiles"),
        "{}",
        planned.said()
    );
}
