//! Schema files with small damages: whatever is in them, they are read or refused with a place, what is read can be written
//! and read again as the same, and a plan between the file and its mutant keeps the laws. No server is needed.
//!
//! A file has the same mutants in every run, whatever other files there are. `PGPHASE_SEED=n` makes others, `PGPHASE_MUTANTS=n`
//! more of each; a failure shows the text.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pgphase::expr::{Expr, Query};
use pgphase::files::definitions;
use pgphase::name::QualifiedName;
use pgphase::object::Visitor;
use pgphase::parse::parse_text;
use pgphase::plan::{Plan, PlanError, Wishes, make};
use pgphase::rename::Renamed;
use pgphase::schema::Schema;
use pgphase::unify::{Verdicts, unify};

use crate::scenarios::cases;
use crate::support::pool;
use crate::support::random::{Random, setting};

const MUTANTS: usize = 1;

/// What is put between other words.
const WORDS: &str = "( ) , ; . :: [] = <> 'x' '' \"\" \"Ünïcode ☃\" $$ $a$ -- /* */ 0 1 9223372036854775808 1e400 NULL NOT DEFAULT AS ON \
    PRIMARY KEY UNIQUE CHECK REFERENCES FOREIGN CONSTRAINT INDEX TABLE ONLY COLUMN TYPE USING WITH WITHOUT GENERATED ALWAYS \
    IDENTITY STORED PARTITION OF BY FOR VALUES FROM IN INHERITS LIKE INCLUDING ALL ALTER CREATE DROP ADD SET RENAME TO OWNER \
    COMMENT IS GRANT REVOKE EXECUTE FUNCTION RETURNS LANGUAGE sql BEGIN ATOMIC END RETURN SELECT WHERE COLLATE \"C\" int text \
    numeric(10,2) varchar(3) timestamptz serial public pg_catalog E'\\x' U&'\\0041' B'1' X'F' -- @renamed_from";

/// A text in words, signs and what is between them.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let kind = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' => 0,
        c if c.is_whitespace() => 1,
        _ => 2,
    };
    for c in text.chars() {
        match pieces.last_mut() {
            Some(last) if kind(c) != 2 && last.chars().next().is_some_and(|first| kind(first) == kind(c)) => {
                last.push(c)
            }
            _ => pieces.push(c.to_string()),
        }
    }
    pieces
}

/// The text with one to four damages. `other` is a file to take from.
fn damaged(text: &str, other: &str, random: &mut Random) -> String {
    let words: Vec<&str> = WORDS.split(' ').filter(|word| !word.is_empty()).collect();
    let mut pieces = pieces(text);
    for _ in 0..=random.below(4) {
        if pieces.is_empty() {
            break;
        }
        let at = random.below(pieces.len());
        let elsewhere = random.below(pieces.len());
        match random.below(12) {
            0 | 1 => {
                pieces.remove(at);
            }
            2 => {
                let piece = pieces[at].clone();
                pieces.insert(at, piece);
            }
            3 => pieces.swap(at, elsewhere),
            4 | 5 => pieces[at] = pieces[elsewhere].clone(),
            6 => pieces[at] = (*random.pick(&words).expect("words")).to_owned(),
            7 => pieces.insert(at, format!(" {} ", random.pick(&words).expect("words"))),
            8 => {
                let upto = (at + random.below(12)).min(pieces.len());
                pieces.drain(at..upto);
            }
            9 => {
                let length = random.below(200);
                pieces = pieces.into_iter().take(at.max(length)).collect();
            }
            // A whole statement comes or goes.
            10 => {
                let all = pieces.concat();
                let mut statements: Vec<&str> = all.split_inclusive(";\n").collect();
                let gone = random.below(statements.len());
                statements.remove(gone);
                pieces = self::pieces(&statements.concat());
            }
            _ => {
                let statements: Vec<&str> = other.split_inclusive(";\n").collect();
                let statement = random.pick(&statements).copied().unwrap_or_default();
                pieces.extend(self::pieces(&format!("\n{statement}")));
            }
        }
    }
    pieces.concat()
}

fn plan(live: &Schema, desired: &Schema) -> Result<Plan, PlanError> {
    let renamed = Renamed {
        live: live.clone(),
        operations: Vec::new(),
    };
    let unified = unify(live, desired.clone(), &Verdicts::default());
    make("mutant", live, &renamed, &unified.desired, 15, &Wishes::default())
}

/// A plan, or a reason that is not a mistake of ours.
fn planned(what: &str, live: &Schema, desired: &Schema, problems: &mut Vec<String>) {
    match plan(live, desired) {
        Ok(_) | Err(PlanError::NoCast { .. } | PlanError::ForeignRows { .. } | PlanError::TypeInUse { .. }) => {}
        Err(error) => problems.push(format!("{what}: {error}")),
    }
}

/// What differs once a schema was written and read. Texts under a search path of their own are written under none.
fn read_again(schema: &Schema, from_nothing: Plan, mutant: &str) -> Option<String> {
    if mutant.contains("search_path") || has_path(schema) {
        return None;
    }
    let written: String = definitions(schema, from_nothing)
        .into_iter()
        .map(|definition| definition.sql)
        .collect();
    let again = match parse_text("written.sql", &written) {
        Ok(again) => again.schema,
        Err(error) => return Some(format!("what was written is refused: {error}\n{written}")),
    };
    let wanted = unify(&again, schema.clone(), &Verdicts::default()).desired;
    let changed = again.iter().find(|(id, object)| wanted.get(id) != Some(*object));
    let lost = wanted.iter().find(|(id, _)| !again.contains(id));
    changed
        .or(lost)
        .map(|(id, _)| format!("{id} is written and read as another in:\n{written}"))
}

fn has_path(schema: &Schema) -> bool {
    struct Finder(bool);
    impl Visitor for Finder {
        fn expr(&mut self, _: &str, _: Option<&QualifiedName>, expr: &mut Expr) {
            self.0 |= !expr.path.is_empty();
        }
        fn query(&mut self, _: &str, query: &mut Query) {
            self.0 |= !query.path.is_empty();
        }
    }
    let mut finder = Finder(false);
    schema.iter().for_each(|(_, object)| object.clone().visit(&mut finder));
    finder.0
}

/// Whether the mutant was read; an error where a law is broken.
fn judge(original: &str, mutant: &str) -> Result<bool, String> {
    let Ok(desired) = parse_text("mutant.sql", mutant) else {
        return Ok(false);
    };
    let mut problems = Vec::new();
    match plan(&Schema::new(), &desired.schema) {
        Ok(from_nothing) => problems.extend(read_again(&desired.schema, from_nothing, mutant)),
        Err(error) => problems.push(format!("from nothing: {error}")),
    }
    let before = parse_text("before.sql", original).map_err(|error| error.to_string())?;
    planned("to the mutant", &before.schema, &desired.schema, &mut problems);
    planned("from the mutant", &desired.schema, &before.schema, &mut problems);
    if problems.is_empty() {
        Ok(true)
    } else {
        Err(problems.join("\n"))
    }
}

/// A schema file and its mutant.
struct Damage {
    name: String,
    original: String,
    mutant: String,
}

fn damages() -> Vec<Damage> {
    let first = setting("PGPHASE_SEED", 1);
    let mut found = Vec::new();
    for case in cases().into_iter().filter(|case| pool::wanted(&case.name)) {
        let [before, after] =
            ["before.sql", "after.sql"].map(|file| fs::read_to_string(case.file(file)).unwrap_or_default());
        for (side, original, other) in [("before", &before, &after), ("after", &after, &before)] {
            if original.trim().is_empty() || parse_text("original.sql", original).is_err() {
                continue;
            }
            for number in first..first + setting("PGPHASE_MUTANTS", MUTANTS) {
                let name = format!("{}/{side} {number}", case.name);
                let mut random = Random::of(&name);
                found.push(Damage {
                    mutant: damaged(original, other, &mut random),
                    original: original.clone(),
                    name,
                });
            }
        }
    }
    found
}

#[test]
fn damaged_files_are_read_or_refused() {
    let damages = damages();
    let results = pool::map(&damages, |damage| {
        let judged = catch_unwind(AssertUnwindSafe(|| judge(&damage.original, &damage.mutant)))
            .unwrap_or_else(|_| Err("it panicked".to_owned()));
        judged.map_err(|reason| {
            format!(
                "{}: {reason}\n--- the mutant\n{}\n--- the original\n{}",
                damage.name, damage.mutant, damage.original
            )
        })
    });
    let read = results.iter().filter(|result| matches!(result, Ok(true))).count();
    let failures: Vec<&str> = results
        .iter()
        .filter_map(|result| result.as_ref().err().map(String::as_str))
        .collect();
    eprintln!(
        "mutants: {read} of {} were read, {} break a law",
        damages.len(),
        failures.len()
    );
    assert!(read * 10 > damages.len(), "too few are still schemas");
    assert!(failures.is_empty(), "{}", failures.join("\n\n=====\n"));
}
