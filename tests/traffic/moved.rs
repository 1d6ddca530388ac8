//! Columns that move to another table.

use super::{App, Case, travel};

const OLD: App = App {
    insert: "insert into users (id, name, bio, visits) values ({id}, 'user', '{value}', 3)",
    update: "update users set bio = '{value}', name = 'u' where id = {id}",
    upsert: "insert into users (id, name, bio) values ({id}, 'user', '{value}') on conflict (id) do update set bio = excluded.bio, visits = users.visits + 1",
    delete: "delete from users where id = {id}",
    read: "select bio from users where id = {id}",
    count: "update users set tries = tries + 1 where id = 0",
};

const NEW: App = App {
    insert: "insert into users (id, name) values ({id}, 'user'); insert into profiles (user_id, bio) values ({id}, '{value}')",
    update: "update profiles set bio = '{value}', visits = visits + 1 where user_id = {id}",
    upsert: "insert into users (id, name) values ({id}, 'user') on conflict (id) do nothing;
             insert into profiles (user_id, bio) values ({id}, '{value}') on conflict (user_id) do update set bio = excluded.bio",
    delete: "delete from users where id = {id}",
    read: "select bio from profiles where user_id = {id}",
    count: "update users set tries = tries + 1 where id = 0",
};

const BEFORE: &str = "create table users (id bigint primary key, name text not null, bio text, visits integer default 0 not null, tries integer default 0 not null)";

const SEED: &str =
    "insert into users select i, 'seed' || i, nullif('bio' || i, 'bio0'), i % 3 from generate_series(0, 20000) i";

#[test]
fn columns_move_to_a_new_table_under_traffic() {
    travel(&Case {
        before: BEFORE,
        after: "create table users (id bigint primary key, name text not null, tries integer default 0 not null);
                create table profiles (
                    user_id bigint primary key references users (id) on delete cascade,
                    -- @moved_from users.bio via user_id = users.id
                    bio text,
                    -- @moved_from users.visits via user_id = users.id
                    visits integer default 0 not null,
                    avatar text
                );",
        seed: SEED,
        old: OLD,
        new: NEW,
        rows: "select user_id, bio from profiles",
        count: "select tries from users where id = 0",
    });
}

/// The new application takes both rows out by itself, and nothing in the database binds them.
#[test]
fn columns_move_to_a_table_of_its_own_under_traffic() {
    travel(&Case {
        before: BEFORE,
        after: "create table users (id bigint primary key, name text not null, visits integer default 0 not null, tries integer default 0 not null);
                create table profiles (
                    id uuid default gen_random_uuid() primary key,
                    user_id bigint unique,
                    -- @moved_from users.bio via user_id = users.id
                    bio text
                );",
        seed: SEED,
        old: OLD,
        new: App {
            update: "update profiles set bio = '{value}' where user_id = {id}",
            delete: "delete from profiles where user_id = {id}; delete from users where id = {id}",
            ..NEW
        },
        rows: "select user_id, bio from profiles",
        count: "select tries from users where id = 0",
    });
}
