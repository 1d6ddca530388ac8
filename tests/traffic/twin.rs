//! Columns that go through a twin.

use super::{App, Case, naive, there_and_back, travel};

const ACCOUNTS: Case = Case {
        before: "create table accounts (id bigint primary key, name text not null constraint accounts_name_key unique, score integer default 0 not null);
                 create index accounts_score on accounts (score)",
        after: "create table accounts (
                    id bigint primary key,
                    -- @renamed_from name
                    full_name text not null constraint accounts_name_key unique,
                    -- @renamed_from score
                    points integer default 0 not null
                );
                create index accounts_score on accounts (points);",
        seed: "insert into accounts select i, 'seed' || i, i from generate_series(1, 20000) i; insert into accounts values (0, 'shared', 0)",
        old: App {
            insert: "insert into accounts (id, name) values ({id}, '{value}')",
            update: "update accounts set name = '{value}' where id = {id}",
            upsert: "insert into accounts (id, name) values ({id}, '{value}') on conflict (id) do update set name = excluded.name, score = accounts.score + 1",
            delete: "delete from accounts where id = {id}",
            read: "select name from accounts where id = {id}",
            count: "update accounts set score = score + 1 where id = 0",
        },
        new: App {
            insert: "insert into accounts (id, full_name, points) values ({id}, '{value}', 7) on conflict (full_name) do nothing",
            update: "update accounts set full_name = '{value}', points = 0 where id = {id}",
            upsert: "insert into accounts (id, full_name) values ({id}, '{value}') on conflict (id) do update set full_name = excluded.full_name, points = accounts.points + 1",
            delete: "delete from accounts where id = {id}",
            read: "select full_name from accounts where id = {id}",
            // Rows from before have no value under the new name until they are copied.
            count: "update accounts set points = points + 1 where id = 0 and points is not null",
        },
        rows: "select id, full_name from accounts",
        count: "select points from accounts where id = 0",
};

#[test]
fn a_column_is_renamed_under_traffic() {
    travel(&ACCOUNTS);
}

#[test]
fn a_rename_is_taken_back_under_traffic() {
    there_and_back(&ACCOUNTS, "select id, name from accounts");
}

/// Rows are in the parent and in the table that inherits from it, and are worked on through both.
#[test]
fn inherited_columns_change_under_traffic() {
    let old = App {
        insert: "insert into members (id, name) values ({id}, '{value}')",
        update: "update accounts set name = '{value}' where id = {id}",
        upsert: "insert into members (id, name) values ({id}, '{value}') on conflict (id) do update set name = excluded.name, score = members.score + 1",
        delete: "delete from accounts where id = {id}",
        read: "select name from accounts where id = {id}",
        count: "update accounts set score = score + 1 where id = 0",
    };
    travel(&Case {
        before: "create table accounts (id integer primary key, name text default 'none', score integer default 0 not null);
                 create table members (level integer default 1 not null, primary key (id)) inherits (accounts); create index members_name on members (name);
                 create index accounts_score on accounts (score);
                 create table letters (member integer references members (id))",
        after: "create table accounts (
                    id bigint primary key,
                    -- @renamed_from name
                    full_name text default 'none',
                    score bigint default 0 not null
                );
                create table members (level integer default 1 not null, primary key (id)) inherits (accounts); create index members_name on members (full_name);
                create index accounts_score on accounts (score);
                create table letters (member bigint references members (id));",
        seed: "insert into accounts select i, 'seed' || i, i from generate_series(1, 10000) i; insert into accounts values (0, 'shared', 0);
               insert into members select i, 'seed' || i, i from generate_series(10001, 20000) i; insert into letters select i from generate_series(10001, 20000) i",
        old,
        new: App {
            insert: "insert into members (id, full_name) values ({id}, '{value}')",
            update: "update accounts set full_name = '{value}' where id = {id}",
            upsert: "insert into members (id, full_name) values ({id}, '{value}') on conflict (id) do update set full_name = excluded.full_name, score = members.score + 1",
            read: "select full_name from accounts where id = {id}",
            ..old
        },
        rows: "select id, full_name from accounts",
        count: "select score from accounts where id = 0",
    });
}

/// Both applications know the column by one name; the type is another one from contract on.
const READINGS: App = App {
    insert: "insert into readings (id, code) values ({id}, '{value}')",
    update: "update readings set code = '{value}', amount = amount * 1.5 where id = {id}",
    upsert: "insert into readings (id, code) values ({id}, '{value}') on conflict (id) do update set code = excluded.code",
    delete: "delete from readings where id = {id}",
    read: "select rtrim(code) from readings where id = {id}",
    count: "update readings set amount = amount + 1 where id = 0",
};

#[test]
fn a_type_changes_under_traffic() {
    travel(&Case {
        before: "create table readings (id bigint primary key, code char(12) not null, amount numeric(12,2) default 2 not null check (amount >= 0));
                 create index readings_code on readings (code)",
        after: "create table readings (id bigint primary key, code text not null, amount numeric(16,4) default 2 not null check (amount >= 0));
                create index readings_code on readings (code);",
        seed: "insert into readings select i, 'seed' || i, i from generate_series(1, 20000) i; insert into readings values (0, 'shared', 0)",
        old: READINGS,
        new: READINGS,
        rows: "select id, code from readings",
        count: "select trunc(amount) from readings where id = 0",
    });
}

/// The tables of a key that others reference, of one type or the other.
macro_rules! people {
    ($type:literal) => {
        concat!(
            "create sequence people_id_seq as ", $type, ";
             create table people (id ", $type, " default nextval('people_id_seq'::regclass) not null, name text, boss ", $type, ", visits bigint default 0 not null);
             alter sequence people_id_seq owned by people.id;
             alter table people add constraint people_pkey primary key (id);
             alter table people add constraint people_boss_fkey foreign key (boss) references people (id) on delete set null;
             create table letters (writer ", $type, " not null references people (id) on delete cascade, place ", $type, " not null, body text, primary key (writer, place));"
        )
    };
}

const PEOPLE: App = App {
    insert: "with p as (insert into people (id, name, boss) values ({id}, '{value}', 0) returning id) select from p; insert into letters (writer, place, body) values ({id}, 1, 'hello')",
    update: "update people set name = '{value}', boss = {id} where id = {id}",
    upsert: "insert into people (id, name) values ({id}, '{value}') on conflict (id) do update set name = excluded.name",
    delete: "delete from people where id = {id}",
    read: "select p.name from people p left join letters l on l.writer = p.id where p.id = {id}",
    count: "update people set visits = visits + 1 where id = 0",
};

const BIG_PEOPLE: Case = Case {
    before: people!("integer"),
    after: people!("bigint"),
    seed: "insert into people select i, 'seed' || i, nullif(i % 100, 0) from generate_series(0, 20000) i; insert into letters select i, 1, 'x' from generate_series(1, 20000) i",
    old: PEOPLE,
    new: PEOPLE,
    rows: "select id, name from people",
    count: "select visits from people where id = 0",
};

#[test]
fn a_referenced_key_becomes_bigint_under_traffic() {
    travel(&BIG_PEOPLE);
}

#[test]
fn a_bigint_key_is_taken_back_under_traffic() {
    there_and_back(&BIG_PEOPLE, "select id, name from people");
}

/// The contrast: with the plain statement the old application fails at once.
#[test]
fn the_plain_rename_breaks_the_old_application() {
    let app = App {
        insert: "insert into accounts (id, name) values ({id}, '{value}')",
        update: "update accounts set name = '{value}' where id = {id}",
        upsert: "insert into accounts (id, name) values ({id}, '{value}') on conflict (id) do update set name = excluded.name",
        delete: "delete from accounts where id = {id}",
        read: "select name from accounts where id = {id}",
        count: "update accounts set score = score + 1 where id = 0",
    };
    let (reports, _) = naive(
        "create table accounts (id bigint primary key, name text not null, score integer default 0 not null)",
        "insert into accounts values (0, 'shared', 0)",
        app,
        "alter table accounts rename column name to full_name",
    );
    for report in reports {
        assert!(!report.errors.is_empty(), "no statement failed");
        assert!(
            report.errors.iter().all(|error| error.contains("does not exist")),
            "{:#?}",
            report.errors
        );
    }
}
