//! A column under another name that its twin only lends the name: the way back behind contract.

use std::fs;

use crate::support::database::Database;
use crate::support::dump::{Shown, difference, dump};
use crate::support::pgphase::{self, DIFFERENCE, NOTHING};

/// The exit code of a refusal.
const REFUSED: i32 = 3;

/// A generated column reads the column, so that no twin can take its place; the index has a form over the twin.
fn rooms(column: &str, name: &str) -> String {
    format!(
        "create table rooms (id int primary key, {column}, words int generated always as (length({name})) stored);
         create index rooms_lower on rooms (lower({name}));"
    )
}

struct Journey {
    database: Database,
    folder: tempfile::TempDir,
}

impl Journey {
    /// The plan has run to its end, and the new application has written since.
    fn ended() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = Database::new();
        database
            .sql(&rooms("label text not null", "label"))
            .expect("the schema before");
        database
            .sql("insert into rooms values (1, 'one'), (2, 'two')")
            .expect("the rows before");
        let to = folder.path().join("after.sql");
        fs::write(&to, rooms("\n-- @renamed_from label\ntitle text not null", "title")).expect("the desired file");
        let journey = Self { database, folder };
        let planned = pgphase::plan(&journey.database, &to, &journey.plan());
        assert_eq!(planned.code(), Some(DIFFERENCE), "{}", planned.said());
        journey.apply();
        journey.sql("insert into rooms (id, title) values (3, 'three')");
        journey
    }

    fn plan(&self) -> std::path::PathBuf {
        self.folder.path().join("plan")
    }

    fn sql(&self, text: &str) -> String {
        let said = self
            .database
            .sql(text)
            .unwrap_or_else(|error| panic!("{text}: {error}"));
        said.trim().replace('\n', " ")
    }

    fn apply(&self) {
        for phase in ["expand", "backfill", "validate"] {
            let applied = pgphase::apply(&self.database, &self.plan(), phase);
            assert_eq!(applied.code(), Some(NOTHING), "{phase}: {}", applied.said());
        }
        // The old application has written a moment ago.
        let applied = pgphase::apply_forced(&self.database, &self.plan(), "contract");
        assert_eq!(applied.code(), Some(NOTHING), "{}", applied.said());
        let drift = pgphase::drift(&self.database, &self.folder.path().join("after.sql"));
        assert_eq!(drift.code(), Some(NOTHING), "{}", drift.said());
    }
}

#[test]
fn contract_alone_is_not_taken_back_without_what_backfill_has_copied() {
    let journey = Journey::ended();
    let before = dump(&journey.database, Shown::default()).expect("a dump");
    for phase in ["validate", "backfill"] {
        let back = pgphase::rollback_to(&journey.database, &journey.plan(), phase);
        assert_eq!(back.code(), Some(REFUSED), "--to {phase}: {}", back.said());
        assert!(back.said().contains("go back to expand"), "{}", back.said());
        let after = dump(&journey.database, Shown::default()).expect("a dump");
        assert_eq!(difference(&before, &after), None, "--to {phase}");
    }
}

#[test]
fn back_to_expand_and_forth_again_keeps_every_value() {
    let journey = Journey::ended();
    let back = pgphase::rollback_to(&journey.database, &journey.plan(), "expand");
    assert_eq!(back.code(), Some(NOTHING), "{}", back.said());
    assert_eq!(journey.sql("select label from rooms order by id"), "one two three");
    journey.sql("insert into rooms (id, label) values (4, 'four'); insert into rooms (id, title) values (5, 'five')");
    assert_eq!(
        journey.sql("select title from rooms where id > 3 order by id"),
        "four five"
    );
    journey.apply();
    assert_eq!(
        journey.sql("select title from rooms order by id"),
        "one two three four five"
    );
    assert_eq!(
        journey.sql("select indexrelid::regclass from pg_index where indrelid = 'rooms'::regclass order by indexrelid::regclass::text"),
        "rooms_lower rooms_pkey"
    );
}

#[test]
fn back_to_the_start_loses_nothing() {
    let journey = Journey::ended();
    let back = pgphase::rollback(&journey.database, &journey.plan());
    assert_eq!(back.code(), Some(NOTHING), "{}", back.said());
    let fresh = Database::new();
    fresh
        .sql(&rooms("label text not null", "label"))
        .expect("the schema before");
    let dumps = [&fresh, &journey.database].map(|database| dump(database, Shown::default()).expect("a dump"));
    assert_eq!(difference(&dumps[0], &dumps[1]), None);
    assert_eq!(journey.sql("select label from rooms order by id"), "one two three");
}
