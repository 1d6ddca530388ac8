//! Columns, constraints and indexes that come and go without a twin.

use super::{App, Case, naive, travel};

const BEFORE: &str = "create table accounts (id bigint primary key, name text, visits bigint default 0 not null)";
const SEED: &str = "insert into accounts (id, name) select i, 'seed' || i from generate_series(0, 20000) i";
const ROWS: &str = "select id, name from accounts";
const COUNT: &str = "select visits from accounts where id = 0";

const ACCOUNTS: App = App {
    insert: "insert into accounts (id, name) values ({id}, '{value}')",
    update: "update accounts set name = '{value}' where id = {id}",
    upsert: "insert into accounts (id, name) values ({id}, '{value}') on conflict (id) do update set name = excluded.name",
    delete: "delete from accounts where id = {id}",
    read: "select name from accounts where id = {id}",
    count: "update accounts set visits = visits + 1 where id = 0",
};

#[test]
fn a_column_with_a_volatile_default_comes_under_traffic() {
    travel(&Case {
        before: BEFORE,
        after: "create table accounts (id bigint primary key, name text, visits bigint default 0 not null, token uuid default gen_random_uuid() not null);",
        seed: SEED,
        old: ACCOUNTS,
        new: App {
            insert: "insert into accounts (id, name, token) values ({id}, '{value}', gen_random_uuid())",
            update: "update accounts set name = '{value}', token = gen_random_uuid() where id = {id}",
            read: "select name from accounts where id = {id} and token is not null",
            ..ACCOUNTS
        },
        rows: "select id, name from accounts where token is not null",
        count: COUNT,
    });
}

/// The contrast: the plain statement writes every row anew, and everybody waits as long as that takes.
#[test]
fn the_plain_column_with_a_volatile_default_stops_everybody() {
    let (reports, took) = naive(
        BEFORE,
        "insert into accounts (id, name) select i, 'seed' || i from generate_series(0, 200000) i",
        ACCOUNTS,
        "alter table accounts add column token uuid default gen_random_uuid() not null",
    );
    for report in reports {
        assert!(report.errors.is_empty(), "{:#?}", report.errors);
        assert!(
            report.longest > took / 2,
            "the longest {:?} of {took:?}",
            report.longest
        );
    }
}

#[test]
fn nulls_are_refused_under_traffic() {
    travel(&Case {
        before: BEFORE,
        after: "create table accounts (id bigint primary key, name text not null constraint not_empty check (name <> ''), visits bigint default 0 not null);",
        seed: SEED,
        old: ACCOUNTS,
        new: ACCOUNTS,
        rows: ROWS,
        count: COUNT,
    });
}

#[test]
fn a_unique_constraint_comes_under_traffic() {
    travel(&Case {
        before: BEFORE,
        after: "create table accounts (id bigint primary key, name text constraint accounts_name_key unique, visits bigint default 0 not null);",
        seed: SEED,
        old: ACCOUNTS,
        new: ACCOUNTS,
        rows: ROWS,
        count: COUNT,
    });
}

#[test]
fn a_foreign_key_comes_under_traffic() {
    travel(&Case {
        before: "create table places (id bigint primary key, name text);
                 create table letters (id bigint primary key, place_id bigint, body text, visits bigint default 0 not null)",
        after: "create table places (id bigint primary key, name text);
                create table letters (id bigint primary key, place_id bigint constraint letters_place_fk references places (id) on delete cascade, body text, visits bigint default 0 not null);",
        seed: "insert into places select i, 'place' || i from generate_series(0, 2000) i; insert into letters (id, place_id, body) select i, i % 2000, 'x' from generate_series(0, 20000) i",
        old: LETTERS,
        new: LETTERS,
        rows: "select id, body from letters",
        count: "select visits from letters where id = 0",
    });
}

const LETTERS: App = App {
    insert: "insert into places (id) values ({id}); insert into letters (id, place_id, body) values ({id}, {id}, '{value}')",
    update: "update letters set body = '{value}', place_id = 1 where id = {id}",
    upsert: "insert into letters (id, place_id, body) values ({id}, 1, '{value}') on conflict (id) do update set body = excluded.body, place_id = 2",
    delete: "delete from letters where id = {id}",
    read: "select body from letters where id = {id}",
    count: "update letters set visits = visits + 1 where id = 0",
};

#[test]
fn a_column_goes_under_traffic() {
    travel(&Case {
        before: "create table accounts (id bigint primary key, name text, visits bigint default 0 not null, fax text not null)",
        after: "create table accounts (id bigint primary key, name text, visits bigint default 0 not null);",
        seed: "insert into accounts (id, name, fax) select i, 'seed' || i, '' from generate_series(0, 20000) i",
        old: App {
            insert: "insert into accounts (id, name, fax) values ({id}, '{value}', 'f')",
            upsert: "insert into accounts (id, name, fax) values ({id}, '{value}', 'f') on conflict (id) do update set name = excluded.name, fax = 'g'",
            ..ACCOUNTS
        },
        new: ACCOUNTS,
        rows: ROWS,
        count: COUNT,
    });
}

#[test]
fn an_index_is_redefined_under_traffic() {
    travel(&Case {
        before: "create table accounts (id bigint primary key, name text, visits bigint default 0 not null); create index accounts_name_idx on accounts (name)",
        after: "create table accounts (id bigint primary key, name text, visits bigint default 0 not null); create index accounts_name_idx on accounts (lower(name), id);",
        seed: SEED,
        old: ACCOUNTS,
        new: App {
            read: "select name from accounts where id = {id} and lower(name) = name",
            ..ACCOUNTS
        },
        rows: ROWS,
        count: COUNT,
    });
}

#[test]
fn keys_get_other_names_under_traffic() {
    travel(&Case {
        before: "create table accounts (id bigint, name text, visits bigint default 0 not null, constraint accounts_id primary key (id), constraint accounts_once unique (id, name))",
        after: "create table accounts (id bigint, name text, visits bigint default 0 not null,
                -- @renamed_from accounts_id
                constraint accounts_pkey primary key (id),
                -- @renamed_from accounts_once
                constraint accounts_named unique (id, name));",
        seed: SEED,
        old: ACCOUNTS,
        new: ACCOUNTS,
        rows: ROWS,
        count: COUNT,
    });
}

#[test]
fn a_primary_key_is_replaced_under_traffic() {
    travel(&Case {
        before: "create table accounts (id bigint not null, code bigint generated by default as identity, name text, visits bigint default 0 not null, constraint accounts_pkey primary key (code)); create unique index accounts_id_idx on accounts (id)",
        after: "create table accounts (id bigint not null, code bigint generated by default as identity, name text, visits bigint default 0 not null, constraint accounts_pkey primary key (id)); create unique index accounts_id_idx on accounts (id);",
        seed: SEED,
        old: ACCOUNTS,
        // The key from before refuses that until it goes.
        new: App {
            insert: "insert into accounts (id, code, name) values ({id}, 1, '{value}')",
            ..ACCOUNTS
        },
        rows: ROWS,
        count: COUNT,
    });
}
