//! A table that becomes partitioned.

use super::{App, Case, travel};

/// The tables of a key that others reference, in one piece or in parts.
macro_rules! jobs {
    ($partition_by:literal, $parts:literal) => {
        concat!(
            "create table jobs (id bigint primary key, name text not null, tries integer default 0 not null)", $partition_by, ";",
            $parts,
            "create index jobs_name on jobs (name);
             create function jobs_touched() returns trigger language plpgsql as $$ begin update jobs set tries = tries + 1 where id = new.id and new.name like '%7'; return null; end $$;
             create trigger after_insert after insert on jobs for each row execute function jobs_touched();
             create table notes (id bigint primary key references jobs (id) on delete cascade, body text);"
        )
    };
}

/// A trigger of the table writes the row again, and foreign keys of another table refer to it.
const JOBS: App = App {
    insert: "with job as (insert into jobs (id, name) values ({id}, '{value}') returning id) insert into notes select id, 'n' from job",
    update: "update jobs set name = '{value}' where id = {id}",
    upsert: "insert into jobs (id, name) values ({id}, '{value}') on conflict (id) do update set name = excluded.name",
    delete: "delete from jobs where id = {id}",
    read: "select name from jobs where id = {id}",
    count: "update jobs set tries = tries + 1 where id = 0",
};

#[test]
fn a_table_becomes_partitioned_under_traffic() {
    travel(&Case {
        before: jobs!("", ""),
        after: jobs!(
            " partition by hash (id)",
            "create table jobs_0 partition of jobs for values with (modulus 2, remainder 0);
             create table jobs_1 partition of jobs for values with (modulus 2, remainder 1);"
        ),
        seed: "insert into jobs select i, 'seed' || i from generate_series(0, 20000) i; insert into notes select i, 'x' from generate_series(1, 20000) i",
        old: JOBS,
        new: JOBS,
        rows: "select id, name from jobs",
        count: "select tries from jobs where id = 0",
    });
}
