//! Missed differences: one attribute of one object of a database is changed, and the comparison with the schema from before must
//! tell that object, and nothing else. Where it tells nothing, `pg_dump` must not see a difference either. The changes are found
//! in the catalogs (`mutations/mutations.sql`) and chosen by a fixed seed: a sample from `introspection/everything.sql` by
//! default; `cargo test --test suite -- --ignored mutation --nocapture` takes all kinds of changes of every real schema of the
//! corpus too (`PGPHASE_MUTATIONS` of each kind and schema, `PGPHASE_MUTATED=part` for some of the schemas). `PGPHASE_CORPUS_OUT=file` gets one line per mutation.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use pgphase::conn::{Environment, Params, Session, connect, conninfo, resolve};
use pgphase::diff::{Delta, diff};
use pgphase::introspect::{Scope, introspect};
use pgphase::pair::Pair;
use pgphase::parse::parse_text;
use pgphase::schema::Schema;
use pgphase::settle::unify_with;

use crate::corpus::corpus;
use crate::support::database::{Database, create_role};
use crate::support::dump::{self, Shown};
use crate::support::pool;
use crate::support::random::Random;

const SEED: u64 = 0x5eed;

/// How many mutations the sample has.
const SAMPLE: usize = 60;

/// A database, and the schema that it was built to.
struct Base {
    name: String,
    database: Database,
    desired: Schema,
    /// What the model does not hold, and is named.
    findings: Vec<(char, String)>,
    dump: Vec<String>,
}

#[derive(Clone, Debug)]
struct Mutation {
    base: usize,
    name: String,
    id: String,
    also: String,
    sql: String,
}

#[derive(Debug, PartialEq)]
enum Outcome {
    Told,
    /// PostgreSQL prints the database as before, and nothing is told.
    NoChange,
    /// PostgreSQL did not do it.
    Refused(String),
    Wrong(String),
}

impl Outcome {
    fn word(&self) -> &'static str {
        match self {
            Self::Told => "told",
            Self::NoChange => "no change",
            Self::Refused(_) => "refused",
            Self::Wrong(_) => "wrong",
        }
    }
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("runtime")
        .block_on(future)
}

async fn session(database: &Database) -> Session {
    let given = conninfo::parse(&database.conninfo()).expect("conninfo");
    let target = resolve(&Params::new(), &given, &Environment::default()).expect("target");
    connect(&target).await.expect("connection")
}

/// What differs between a database and the schema: `-` the database lacks it, `+` it has it too much, `~` it differs.
fn told(database: &Database, desired: &Schema) -> Result<Vec<(char, String)>, String> {
    run(async {
        let session = session(database).await;
        let live = introspect(&session.client, &Scope::default())
            .await
            .map_err(|error| error.to_string())?;
        let unified = unify_with(&session.client, &live.schema, desired.clone(), live.server_version())
            .await
            .map_err(|error| error.to_string())?;
        let mut lines: Vec<(char, String)> = diff(Pair::new(&live.schema, &unified.desired))
            .iter()
            .map(|delta| {
                let sign = match delta {
                    Delta::Create(_) => '-',
                    Delta::Drop(_) => '+',
                    Delta::Alter(..) | Delta::Replace(..) => '~',
                };
                (sign, bare(&delta.id().to_string()))
            })
            .collect();
        lines.extend(live.findings.iter().map(|finding| ('!', bare(&finding.to_string()))));
        lines.extend(unified.kept_privileges.iter().map(|kept| ('?', bare(kept))));
        Ok(lines)
    })
}

/// Without the quotes of names, which two printers need not set alike.
fn bare(id: &str) -> String {
    id.replace('"', "")
}

impl Base {
    fn new(name: &str, script: &Path) -> Result<Self, String> {
        let database = Database::from_script(script)?;
        let shown = Shown { privileges: true };
        let text = dump::text(&database, shown)?;
        let desired = parse_text("dump.sql", &text).map_err(|error| error.to_string())?.schema;
        let before: Vec<_> = told(&database, &desired)?
            .into_iter()
            .filter(|(sign, _)| *sign != '?')
            .collect();
        let (findings, before): (Vec<_>, Vec<_>) = before.into_iter().partition(|(sign, _)| *sign == '!');
        if !before.is_empty() {
            return Err(format!("{name} differs from its own dump: {before:?}"));
        }
        Ok(Self {
            name: name.to_owned(),
            findings,
            dump: dump::dump(&database, shown)?,
            database,
            desired,
        })
    }

    /// Every mutation that its catalogs offer, by name.
    fn mutations(&self, base: usize) -> BTreeMap<String, Vec<Mutation>> {
        let query = fs::read_to_string(file("mutations/mutations.sql")).expect("the mutations");
        let query = format!(
            "set search_path = ''; select jsonb_build_array(mutation, id, also, sql) from ({}) mutations where sql is not null order by 1",
            query.trim()
        );
        let rows = self.database.sql(&query).unwrap_or_else(|error| panic!("{error}"));
        let mut found: BTreeMap<String, Vec<Mutation>> = BTreeMap::new();
        for row in rows.lines() {
            let [name, id, also, sql]: [String; 4] = serde_json::from_str(row).expect("four texts");
            let mutation = Mutation {
                base,
                name: name.clone(),
                id: bare(&id),
                also,
                sql,
            };
            found.entry(name).or_default().push(mutation);
        }
        found
    }
}

fn judge(bases: &[Base], mutation: &Mutation) -> Result<Outcome, String> {
    let base = &bases[mutation.base];
    let database = Database::copy_of(&base.database)?;
    if let Err(error) = database.sql(&mutation.sql) {
        return Ok(Outcome::Refused(error));
    }
    let told = told(&database, &base.desired)?;
    let (kept, told): (Vec<_>, Vec<_>) = told.into_iter().partition(|(sign, _)| *sign == '?');
    let (findings, told): (Vec<_>, Vec<_>) = told.into_iter().partition(|(sign, _)| *sign == '!');
    let found = findings.iter().any(|finding| !base.findings.contains(finding));
    let named = told.iter().any(|(_, id)| fits(mutation, id));
    let strange: Vec<String> = told
        .iter()
        .filter(|(sign, id)| !fits(mutation, id) && !belongs(mutation, *sign, id))
        .map(|(sign, id)| format!("{sign} {id}"))
        .collect();
    if !told.is_empty() && named && strange.is_empty() {
        return Ok(Outcome::Told);
    }
    let difference = dump::difference(&base.dump, &dump::dump(&database, Shown { privileges: true })?);
    Ok(match difference {
        None if told.is_empty() => Outcome::NoChange,
        None => Outcome::Wrong(format!("the dump is as before, but told is {told:?}")),
        // Privileges of which the files do not speak stay, and are named.
        // What is not managed is named.
        Some(_) if told.is_empty() && found => Outcome::Told,
        Some(_) if told.is_empty() && !kept.is_empty() && mutation.name.starts_with("grant") => Outcome::Told,
        Some(difference) => Outcome::Wrong(format!("told is {told:?}, but:\n{difference}")),
    })
}

fn fits(mutation: &Mutation, id: &str) -> bool {
    match mutation.also.as_str() {
        "any" => true,
        "prefix" => id.strip_prefix(&mutation.id).is_some_and(|rest| rest.starts_with('(')),
        // Objects of a kind that has no privileges of its own on parts, and the like, are told by the whole name alone.
        _ => id == mutation.id,
    }
}

/// Whether a difference beside the expected one comes with the mutation.
fn belongs(mutation: &Mutation, sign: char, id: &str) -> bool {
    match mutation.also.as_str() {
        // With an index goes what the table says of it, with a table what publications do.
        "gone" => {
            let home = match mutation.id.split(' ').next() {
                Some("index") => "table ",
                Some("table") => "publication ",
                _ => return sign == '-',
            };
            sign == '-' || id.starts_with(home)
        }
        "prefix" => sign == '-',
        // Whatever depended on it is gone, or lost a part.
        "lost" => sign != '+',
        "dependants" => true,
        // Not-null constraints are objects of their own since PostgreSQL 18.
        "notnull" => id.starts_with("constraint "),
        // The sequence of a column has the owner of its table.
        "owned" => id.starts_with("owner on "),
        "table" => id.starts_with("index ") || home(id) == home(&mutation.id) || mutation.id.starts_with("index "),
        // What the parent's column has and a partition's has not makes the partition's a column of its own.
        "one" => is_column(id) && is_column(&mutation.id) && last(id) == last(&mutation.id),
        _ => false,
    }
}

/// The relation or domain that a part, or what is said of it, belongs to.
fn home(id: &str) -> &str {
    let mut rest = id;
    for words in [
        "comment on ",
        "owner on ",
        "privileges on ",
        "domain ",
        "constraint ",
        "policy ",
        "trigger ",
        "column ",
    ] {
        rest = rest.strip_prefix(words).unwrap_or(rest);
    }
    rest.rsplit_once('.').map_or(rest, |(home, _)| home)
}

fn is_column(id: &str) -> bool {
    id.starts_with("column ")
}

fn last(id: &str) -> &str {
    id.rsplit('.').next().unwrap_or(id)
}

/// `each` of every kind of mutation and base, in an order that begins with one of every kind.
fn chosen(bases: &[Base], each: usize) -> Vec<Mutation> {
    let mut random = Random::new(SEED);
    let mut rounds: Vec<Vec<Mutation>> = vec![Vec::new(); each];
    for (at, base) in bases.iter().enumerate() {
        for (name, mut mutations) in base.mutations(at) {
            random.shuffle(&mut mutations);
            if !pool::wanted(&format!("{}/{name}", base.name)) {
                continue;
            }
            for (round, mutation) in mutations.into_iter().take(each).enumerate() {
                rounds[round].push(mutation);
            }
        }
    }
    rounds.iter_mut().for_each(|round| random.shuffle(round));
    rounds.into_iter().flatten().collect()
}

fn judge_all(bases: &[Base], mutations: &[Mutation]) {
    let out =
        std::env::var_os("PGPHASE_CORPUS_OUT").map(|place| Mutex::new(fs::File::create(place).expect("the list")));
    let started = Instant::now();
    let outcomes = pool::map(mutations, |mutation| {
        let outcome = pool::guarded(|| judge(bases, mutation)).unwrap_or_else(Outcome::Wrong);
        if let Some(mut file) = out.as_ref().and_then(|out| out.lock().ok()) {
            let reason = match &outcome {
                Outcome::Wrong(reason) | Outcome::Refused(reason) => reason.replace('\n', " | "),
                _ => String::new(),
            };
            let base = &bases[mutation.base].name;
            let (word, name, id, sql) = (
                outcome.word(),
                &mutation.name,
                &mutation.id,
                mutation.sql.replace('\n', " "),
            );
            writeln!(file, "{word}\t{base}\t{name}\t{id}\t{sql}\t{reason}").expect("a line");
        }
        outcome
    });
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (mutation, outcome) in mutations.iter().zip(&outcomes) {
        let kind = mutation.name.split('.').next().unwrap_or_default();
        for kind in [kind, "~ all"] {
            *counts.entry((kind, outcome.word())).or_default() += 1;
        }
    }
    eprintln!(
        "{} mutations, {:.0} s",
        mutations.len(),
        started.elapsed().as_secs_f64()
    );
    counts
        .iter()
        .for_each(|((kind, word), count)| eprintln!("{kind:<20}{word:<12}{count:>6}"));
    let wrong: Vec<String> = mutations
        .iter()
        .zip(&outcomes)
        .filter_map(|(mutation, outcome)| match outcome {
            Outcome::Wrong(reason) => Some(format!(
                "{} {}: {}\n{}\n{reason}",
                bases[mutation.base].name, mutation.name, mutation.id, mutation.sql
            )),
            _ => None,
        })
        .collect();
    assert!(wrong.is_empty(), "{} are wrong:\n\n{}", wrong.len(), wrong.join("\n\n"));
    assert!(outcomes.contains(&Outcome::Told), "nothing was looked at");
}

fn everything() -> Base {
    create_role("mutant");
    Base::new("everything", &file("introspection/everything.sql")).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_sample_of_mutations_is_told() {
    let bases = [everything()];
    let mut mutations = chosen(&bases, 1);
    mutations.truncate(SAMPLE);
    judge_all(&bases, &mutations);
}

#[test]
#[ignore = "takes minutes: run it with --ignored"]
fn every_kind_of_mutation_is_told() {
    let mut bases = vec![everything()];
    if let Some(corpus) = corpus() {
        let mut folders: Vec<PathBuf> = fs::read_dir(corpus.join("schemas"))
            .expect("the schemas")
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .filter(|folder| folder.join("dump.sql").exists())
            .collect();
        folders.sort();
        for folder in folders {
            let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if std::env::var("PGPHASE_MUTATED").is_ok_and(|part| !name.contains(&part)) {
                continue;
            }
            let made = Base::new(&name, &folder.join("dump.sql"));
            match made.or_else(|_| Base::new(&name, &folder.join("schema.sql"))) {
                Ok(base) => bases.push(base),
                Err(error) => eprintln!("skipped: {name}: {error}"),
            }
        }
    }
    let each = std::env::var("PGPHASE_MUTATIONS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(2);
    judge_all(&bases, &chosen(&bases, each));
}
