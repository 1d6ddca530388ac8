//! What is known of casts between built-in types, beside `pg_cast` of the server.

use std::collections::BTreeSet;

use pgphase::plan::casts::{impossible, known_types};
use pgphase::types::TypeName;

use crate::support::database::{Database, server_major};

#[test]
fn the_known_casts_are_those_of_the_server() {
    let names: Vec<&str> = known_types().collect();
    let list: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    let query = format!(
        "with t as (select n, n::regtype::oid as o from unnest(array[{}]::text[]) n)
         select f.n || '>' || t.n from t f, t
         where f.o <> t.o and not exists (select from pg_cast where castsource = f.o and casttarget = t.o)",
        list.join(", ")
    );
    let server: BTreeSet<String> = Database::new()
        .sql(&query)
        .expect("casts")
        .lines()
        .map(str::to_owned)
        .collect();
    let type_of = |name: &str| TypeName::parse(name);
    let said: BTreeSet<String> = names
        .iter()
        .flat_map(|from| names.iter().map(move |to| (*from, *to)))
        .filter(|(from, to)| impossible(&type_of(from), &type_of(to), server_major()))
        .map(|(from, to)| format!("{from}>{to}"))
        .collect();
    let wrongly: Vec<&String> = said.difference(&server).collect();
    assert!(wrongly.is_empty(), "called impossible, and there: {wrongly:?}");
    let missed: Vec<&String> = server.difference(&said).collect();
    assert!(missed.is_empty(), "not called impossible, and not there: {missed:?}");
}
