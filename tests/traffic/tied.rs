//! Columns, tables and keys that something else is tied to: views over several tables, policies, triggers, functions, publications,
//! generated columns, exclusion constraints, replica identities, keys of partitions.

use super::{App, Case, travel};
use crate::support::database::server_major;

const ROOMS: App = App {
    insert: "insert into rooms (id, label) values ({id}, '{value}')",
    update: "update rooms set label = '{value}' where id = {id}",
    upsert: "insert into rooms (id, label) values ({id}, '{value}') on conflict (id) do update set label = excluded.label",
    delete: "delete from rooms where id = {id}",
    read: "select label from rooms where id = {id} and size = length(label)",
    count: "update rooms set visits = visits + 1 where id = 0",
};

/// A column of one name or the other, with everything that PostgreSQL takes along with a rename.
macro_rules! rooms {
    ($column:literal, $name:literal) => {
        concat!(
            "create table rooms (id bigint primary key, ", $column, " text not null, visits integer default 0 not null,
                 size integer generated always as (length(", $name, ")) stored,
                 constraint rooms_once unique (", $name, ") deferrable initially deferred,
                 constraint rooms_apart exclude using hash (", $name, " with =));
             create index rooms_lower on rooms (lower(", $name, "));
             create table visits (room bigint, seen bigint);
             alter table visits enable row level security;
             create policy visits_known on visits using (exists (select from rooms r where r.id = room and r.", $name, " <> ''));
             create function rooms_seen() returns trigger language plpgsql as $$ begin insert into visits values (new.id, 1); return null; end $$;
             create trigger rooms_seen after update on rooms for each row when (old.", $name, " is distinct from new.", $name, ") execute function rooms_seen();"
        )
    };
}

#[test]
fn a_column_that_much_is_tied_to_is_renamed_under_traffic() {
    travel(&Case {
        before: rooms!("label", "label"),
        after: rooms!("\n-- @renamed_from label\ntitle", "title"),
        seed: "insert into rooms select i, 'seed' || i from generate_series(0, 10000) i",
        old: ROOMS,
        new: App {
            insert: "insert into rooms (id, title) values ({id}, '{value}')",
            update: "update rooms set title = '{value}' where id = {id}",
            upsert: "insert into rooms (id, title) values ({id}, '{value}') on conflict (id) do update set title = excluded.title",
            read: "select title from rooms where id = {id} and size = length(title)",
            ..ROOMS
        },
        rows: "select id, title from rooms",
        count: "select visits from rooms where id = 0",
    });
}

/// A generated column and an exclusion constraint over columns that get other types.
macro_rules! slots {
    ($name:literal, $number:literal) => {
        concat!(
            "create table slots (id integer primary key, name ",
            $name,
            " not null, number ",
            $number,
            " default 1 not null, tries integer default 0 not null,
                 size bigint generated always as (length(name) * number) stored,
                 constraint slots_apart exclude using hash (id with =));"
        )
    };
}

const SLOTS: App = App {
    insert: "insert into slots (id, name) values ({id}, '{value}')",
    update: "update slots set name = '{value}', number = number + 1 where id = {id}",
    upsert: "insert into slots (id, name) values ({id}, '{value}') on conflict (id) do update set name = excluded.name",
    delete: "delete from slots where id = {id}",
    read: "select name from slots where id = {id} and size = length(name) * number",
    count: "update slots set tries = tries + 1 where id = 0",
};

#[test]
#[ignore = "like the other tables that go through a shadow: run it with --ignored"]
fn types_under_a_generated_column_change_under_traffic() {
    travel(&Case {
        before: slots!("varchar(20)", "integer"),
        after: slots!("text", "bigint"),
        seed: "insert into slots select i, 'seed' || i from generate_series(0, 10000) i",
        old: SLOTS,
        new: SLOTS,
        rows: "select id, name from slots",
        count: "select tries from slots where id = 0",
    });
}

/// Two tables under one view, and an index that subscribers know the rows by.
macro_rules! stock {
    ($type:literal) => {
        concat!(
            "create table goods (id ",
            $type,
            " not null, name text, tries integer default 0 not null);
             create unique index goods_id on goods (id);
             alter table goods replica identity using index goods_id;
             create table stock (good ",
            $type,
            " primary key, pieces integer default 1 not null);
             create view shelf as select g.id, g.name, s.pieces from goods g left join stock s on s.good = g.id;
             create publication goods_out for table goods;
             create function is_small(integer) returns boolean language sql immutable as 'select $1 >= 0';"
        )
    };
}

const STOCK: App = App {
    insert: "insert into goods (id, name) values ({id}, '{value}'); insert into stock (good) values ({id}) on conflict do nothing",
    update: "update goods set name = '{value}' where id = {id}; update stock set pieces = pieces + 1 where good = {id}",
    upsert: "insert into goods (id, name) values ({id}, '{value}') on conflict (id) do update set name = excluded.name",
    delete: "delete from goods where id = {id}",
    read: "select name from shelf where id = {id}",
    count: "update goods set tries = tries + 1 where id = 0",
};

#[test]
#[ignore = "like the other columns that change their type: run it with --ignored"]
fn two_tables_under_one_view_change_under_traffic() {
    travel(&Case {
        before: stock!("integer"),
        after: stock!("bigint"),
        seed: "insert into goods select i, 'seed' || i from generate_series(0, 20000) i; insert into stock select i from generate_series(0, 20000) i",
        // From contract on the view gives numbers that this function does not take.
        old: App {
            read: "select name from shelf where id = {id} and is_small(id)",
            ..STOCK
        },
        new: STOCK,
        rows: "select id, name from goods",
        count: "select tries from goods where id = 0",
    });
}

/// A column that a policy of another table, a trigger, a function with a body of SQL and a publication name.
macro_rules! bills {
    ($type:literal) => {
        concat!(
            "create table bills (id bigint primary key, name text, tries ", $type, " default 0 not null);
             create table parts (bill bigint, name text);
             alter table parts enable row level security;
             create policy parts_seen on parts using (exists (select from bills b where b.id = bill and b.tries >= 0));
             create function bills_tried() returns trigger language plpgsql as $$ begin insert into parts values (new.id, 'tried'); return null; end $$;
             create trigger bills_tried after update of tries on bills for each row when (new.tries % 10 = 0) execute function bills_tried();
             create function tries_of(bill bigint) returns numeric language sql stable begin atomic select b.tries::numeric from bills b where b.id = bill; end;
             create publication bills_out for table bills (id, tries);
             create function is_small(integer) returns boolean language sql immutable as 'select $1 >= 0';"
        )
    };
}

const BILLS: App = App {
    insert: "insert into bills (id, name) values ({id}, '{value}')",
    update: "update bills set name = '{value}', tries = tries + 1 where id = {id}",
    upsert: "insert into bills (id, name) values ({id}, '{value}') on conflict (id) do update set name = excluded.name",
    delete: "delete from bills where id = {id}",
    read: "select name from bills where id = {id} and tries_of(id) >= 0",
    count: "update bills set tries = tries + 1 where id = 0",
};

#[test]
#[ignore = "like the other columns that change their type: run it with --ignored"]
fn a_type_that_is_named_elsewhere_changes_under_traffic() {
    if server_major() < 15 {
        return; // Publications name no columns there.
    }
    travel(&Case {
        before: bills!("integer"),
        after: bills!("bigint"),
        seed: "insert into bills select i, 'seed' || i from generate_series(0, 20000) i",
        // From contract on the column has numbers that this function does not take.
        old: App {
            read: "select name from bills where id = {id} and is_small(tries)",
            ..BILLS
        },
        new: BILLS,
        rows: "select id, name from bills",
        count: "select tries from bills where id = 0",
    });
}

const DAYS: App = App {
    insert: "insert into days (id, day, name) values ({id}, {id} % 2, '{value}')",
    update: "update days set name = '{value}' where id = {id}",
    upsert: "insert into days (id, day, name) values ({id}, {id} % 2, '{value}') on conflict (day, id) do update set name = excluded.name",
    delete: "delete from days where id = {id}",
    read: "select name from days where id = {id}",
    count: "update days set tries = tries + 1 where id = 0",
};

/// A partition's own key goes, or the index of the parent that it serves.
#[test]
#[ignore = "like the other keys that change: run it with --ignored"]
fn keys_and_indexes_of_partitions_part_under_traffic() {
    const TABLES: &str = "create table days (id bigint not null, day integer not null, name text, tries integer default 0 not null) partition by list (day);
        create table days_0 partition of days for values in (0);
        create table days_1 partition of days for values in (1);";
    let with = |rest: &str| -> &'static str { Box::leak(format!("{TABLES}\n{rest}").into_boxed_str()) };
    let key = "alter table days_0 add constraint days_0_key unique (id, day);";
    let other = "create unique index days_other on days (day, id);";
    let index = "create unique index days_idx on days (id, day);";
    for after in [with(&format!("{other} {index}")), with(&format!("{key} {other}"))] {
        travel(&Case {
            before: with(&format!("{key} {other} {index}")),
            after,
            seed: "insert into days select i, i % 2, 'seed' || i from generate_series(0, 20000) i",
            old: DAYS,
            new: DAYS,
            rows: "select id, name from days",
            count: "select tries from days where id = 0",
        });
    }
}
