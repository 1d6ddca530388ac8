//! What PostgreSQL would rewrite or build under a lock: labels, numbers, computed columns, exclusion constraints, partitions.

use super::{App, Case, travel};

const TASKS: App = App {
    insert: "insert into tasks (id, name, state) values ({id}, '{value}', 'open')",
    update: "update tasks set name = '{value}', state = 'done', states = states || 'done'::state where id = {id}",
    upsert: "insert into tasks (id, name) values ({id}, '{value}') on conflict (id) do update set name = excluded.name, state = excluded.state",
    delete: "delete from tasks where id = {id}",
    read: "select name from tasks where id = {id} and state in ('open', 'done')",
    count: "update tasks set tries = tries + 1 where id = 0",
};

#[test]
fn a_label_is_removed_under_traffic() {
    const TABLES: &str = "create table tasks (id bigint primary key, name text not null, tries integer default 0 not null,
             state state default 'open' not null, states state[] default '{open}' not null, constraint state_known check (state <> 'lost'));
         create index tasks_state on tasks (state, id) where state = 'open';
         create table states (state state primary key);";
    travel(&Case {
        before: concat_tables("create type state as enum ('lost', 'open', 'gone', 'done');", TABLES),
        after: concat_tables("create type state as enum ('done', 'open', 'lost');", TABLES),
        seed: "insert into tasks select i, 'seed' || i from generate_series(0, 20000) i; insert into states values ('open'), ('done')",
        old: App {
            read: "select name from tasks where id = {id} and state <> 'gone'",
            ..TASKS
        },
        new: TASKS,
        rows: "select id, name from tasks",
        count: "select tries from tasks where id = 0",
    });
}

#[test]
fn a_domain_gets_another_base_under_traffic() {
    const TABLES: &str = "create table lines (id bigint primary key, name text not null, tries integer default 0 not null, size size default 1 not null,
             constraint size_known check (size <> 7000000));
         create index lines_size on lines (size);
         create table notes (id bigint primary key, line bigint references lines (id) on delete cascade);";
    travel(&Case {
        before: concat_tables("create domain size as integer not null check (value >= 0);", TABLES),
        after: concat_tables("create domain size as bigint not null check (value >= 0);", TABLES),
        seed: LINES_SEED,
        old: LINES,
        // More than an integer holds.
        new: App {
            read: "select name from lines where id = {id} and size < 3000000000::size",
            ..LINES
        },
        rows: "select id, name from lines",
        count: "select tries from lines where id = 0",
    });
}

/// Lives as long as the test.
fn concat_tables(first: &str, tables: &str) -> &'static str {
    Box::leak(format!("{first}\n{tables}").into_boxed_str())
}

/// No statement names what is new.
const LINES: App = App {
    insert: "insert into lines (id, name) values ({id}, '{value}')",
    update: "update lines set name = '{value}', size = size + 1 where id = {id}",
    upsert: "insert into lines (id, name) values ({id}, '{value}') on conflict (id) do update set name = excluded.name",
    delete: "delete from lines where id = {id}",
    read: "select name from lines where id = {id}",
    count: "update lines set tries = tries + 1 where id = 0",
};

const LINES_BEFORE: &str = "create table lines (id bigint primary key, name text not null, tries integer default 0 not null, size integer default 1 not null);
    create table notes (id bigint primary key, line bigint references lines (id) on delete cascade);";
const LINES_SEED: &str = "insert into lines select i, 'seed' || i from generate_series(0, 20000) i; insert into notes select i, i from generate_series(1, 5000) i";

fn lines(after: &'static str, new: App) {
    travel(&Case {
        before: LINES_BEFORE,
        after,
        seed: LINES_SEED,
        old: LINES,
        new,
        rows: "select id, name from lines",
        count: "select tries from lines where id = 0",
    });
}

#[test]
fn an_identity_column_comes_under_traffic() {
    lines(
        "create table lines (id bigint primary key, name text not null, tries integer default 0 not null, size integer default 1 not null,
             number bigint generated always as identity constraint lines_number_key unique);
         create table notes (id bigint primary key, line bigint references lines (id) on delete cascade);",
        App {
            read: "select name from lines where id = {id} and (number is null or number > 0)",
            ..LINES
        },
    );
}

#[test]
fn a_computed_column_comes_under_traffic() {
    lines(
        "create table lines (id bigint primary key, name text not null, tries integer default 0 not null, size integer default 1 not null,
             area integer generated always as (size * size) stored);
         create index lines_area on lines (area);
         create table notes (id bigint primary key, line bigint references lines (id) on delete cascade);",
        App {
            read: "select name from lines where id = {id} and area = size * size",
            ..LINES
        },
    );
}

const BOOKINGS: App = App {
    insert: "insert into bookings (id, name, during) values ({id}, '{value}', int8range({id}, {id} + 1))",
    update: "update bookings set name = '{value}' where id = {id}",
    upsert: "insert into bookings (id, name, during) values ({id}, '{value}', int8range({id}, {id} + 1)) on conflict (id) do update set name = excluded.name",
    delete: "delete from bookings where id = {id}",
    read: "select name from bookings where id = {id}",
    count: "update bookings set tries = tries + 1 where id = 0",
};

#[test]
fn an_exclusion_constraint_comes_under_traffic() {
    travel(&Case {
        before: "create table bookings (id bigint primary key, name text not null, tries integer default 0 not null, during int8range not null)",
        after: "create table bookings (id bigint primary key, name text not null, tries integer default 0 not null, during int8range not null,
                    constraint bookings_free exclude using gist (during with &&));",
        seed: "insert into bookings select i, 'seed' || i, 0, int8range(i, i + 1) from generate_series(0, 20000) i",
        old: BOOKINGS,
        new: BOOKINGS,
        rows: "select id, name from bookings",
        count: "select tries from bookings where id = 0",
    });
}

#[test]
fn partitions_become_others_under_traffic() {
    const TABLE: &str = "create table lines (id bigint primary key, name text not null, tries integer default 0 not null, size integer default 1 not null)";
    let with = |parts: &str| -> &'static str { concat_tables(TABLE, parts) };
    let before = with(
        "partition by range (id); create table lines_1 partition of lines for values from (0) to (10000);
        create table lines_2 partition of lines for values from (10000) to (10000000);",
    );
    let others = with(
        "partition by hash (id); create table lines_a partition of lines for values with (modulus 2, remainder 0);
        create table lines_b partition of lines for values with (modulus 2, remainder 1);",
    );
    let old = App {
        count: "update lines_1 set tries = tries + 1 where id = 0",
        ..LINES
    };
    for after in [others, with(";")] {
        travel(&Case {
            before,
            after,
            seed: "insert into lines select i, 'seed' || i from generate_series(0, 20000) i",
            old,
            new: LINES,
            rows: "select id, name from lines",
            count: "select tries from lines where id = 0",
        });
    }
}
