//! What sequences count over a plan and its way back.

use std::fs;

use crate::support::database::Database;
use crate::support::pgphase::{self, DIFFERENCE, NOTHING};

/// A sequence whose direction changes begins anew, and the way back goes on where it stood: no number comes twice.
#[test]
fn the_way_back_of_another_direction_goes_on_counting() {
    let database = Database::new();
    database
        .sql(
            "create sequence tickets; create sequence rest increment by -1;
             create table guest (id bigint generated always as identity, name text);
             select nextval('tickets') from generate_series(1, 7);
             insert into guest (name) values ('a'), ('b'), ('c')",
        )
        .expect("the schema before");
    let folder = tempfile::tempdir().expect("a folder");
    let (to, plan) = (folder.path().join("after.sql"), folder.path().join("plan"));
    let after = "create sequence tickets increment by -1; create sequence rest;
         create table guest (id bigint generated always as identity (increment by -1), name text);";
    fs::write(&to, after).expect("the desired file");
    let planned = pgphase::plan(&database, &to, &plan);
    assert_eq!(planned.code(), Some(DIFFERENCE), "{}", planned.said());
    let next = "insert into guest (name) values ('x');
         select nextval('tickets') || ' ' || nextval('rest') || ' ' || (select id from guest order by ctid desc limit 1)";
    let counts = |expected: &str| {
        let counted = database.sql(next);
        assert_eq!(counted.as_deref().map(str::trim), Ok(expected));
    };
    let expanded = pgphase::apply(&database, &plan, "expand");
    assert_eq!(expanded.code(), Some(NOTHING), "{}", expanded.said());
    counts("-1 1 -1");
    let back = pgphase::rollback(&database, &plan);
    assert_eq!(back.code(), Some(NOTHING), "{}", back.said());
    counts("8 -1 4");
    for phase in ["expand", "contract"] {
        let applied = pgphase::apply(&database, &plan, phase);
        assert_eq!(applied.code(), Some(NOTHING), "{}", applied.said());
    }
    let left = database.sql("select relname from pg_class where relname like 'pgphase%'");
    assert_eq!(left.as_deref().map(str::trim), Ok(""));
}

/// A sequence that stands behind the end of its new range is found before anything changes, whether it is one of its own or that of an
/// identity column; when it has room, the phase goes on.
#[test]
fn a_sequence_behind_its_new_end_is_found_before_it_is_touched() {
    let database = Database::new();
    database
        .sql(
            "create sequence up; create sequence down increment by -1;
             create table guest (id bigint generated always as identity, name text);
             select setval('up', 5000), setval('down', -5000), setval('guest_id_seq', 5000)",
        )
        .expect("the schema before");
    let folder = tempfile::tempdir().expect("a folder");
    let (to, plan) = (folder.path().join("after.sql"), folder.path().join("plan"));
    let after = "create sequence up maxvalue 1000; create sequence down increment by -1 minvalue -1000;
         create table guest (id bigint generated always as identity (maxvalue 1000), name text);";
    fs::write(&to, after).expect("the desired file");
    let planned = pgphase::plan(&database, &to, &plan);
    assert_eq!(planned.code(), Some(DIFFERENCE), "{}", planned.said());
    let ends = "select string_agg(max_value || ' ' || min_value, ', ' order by sequencename) from pg_sequences
         where sequencename in ('up', 'down', 'guest_id_seq')";
    let before = database.sql(ends).expect("the ranges");
    for (name, has, room) in [("down", -5000, -5), ("up", 5000, 5), ("guest_id_seq", 5000, 5)] {
        let refused = pgphase::apply(&database, &plan, "expand");
        assert_ne!(refused.code(), Some(NOTHING), "{}", refused.said());
        let told = format!("1 row of public.{name} stands behind the end of the new range");
        assert!(refused.said().contains(&told), "{}", refused.said());
        assert!(
            refused.said().contains(&format!("last_value = {has}")),
            "{}",
            refused.said()
        );
        database.sql(&format!("select setval('{name}', {room})")).expect("room");
    }
    let applied = pgphase::apply(&database, &plan, "expand");
    assert_eq!(applied.code(), Some(NOTHING), "{}", applied.said());
    assert_ne!(database.sql(ends).as_ref(), Ok(&before));
}
