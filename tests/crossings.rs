//! From the schema of one scenario to that of another: much comes, much goes, and tables of the same name have little in common.
//! The plan must arrive, or be refused for a reason. The same pairs in every run; `PGPHASE_SEED=n` begins with others,
//! `PGPHASE_CROSSINGS=n` walks more.

use crate::scenarios::{Case, cases};
use crate::support::database::{Database, server_major};
use crate::support::dump::Shown;
use crate::support::journey::{Route, Verdict};
use crate::support::pool;
use crate::support::random::{Random, setting};

const CROSSINGS: usize = 12;

fn cross(from: &Case, to: &Case) -> Result<(), String> {
    from.prepare();
    to.prepare();
    let live = Database::from_script(&from.build("after"))?;
    let wanted = Database::from_script(&to.build("before"))?;
    let plans = tempfile::tempdir().map_err(|error| error.to_string())?;
    let verdict = Route {
        live: &live,
        wanted: &wanted,
        to: &to.file("before.sql"),
        out: &plans.path().join("plan"),
        shown: Shown { privileges: false },
        keep_rows: false,
        by_phase: false,
        back: true,
    }
    .walk();
    match verdict {
        Verdict::Converged => Ok(()),
        // The program says what the user may do.
        Verdict::Refused(reason) if reason.contains("PostgreSQL has no cast") => Ok(()),
        other => Err(format!("{}: {}", other.word(), other.reason())),
    }
}

#[test]
fn any_scenario_leads_to_any_other() {
    let cases: Vec<Case> = cases()
        .into_iter()
        .filter(|case| case.runs_on(server_major()))
        .collect();
    let first = setting("PGPHASE_SEED", 1);
    let pairs: Vec<(&Case, &Case)> = (first..first + setting("PGPHASE_CROSSINGS", CROSSINGS))
        .filter_map(|seed| {
            let mut random = Random::new(u64::try_from(seed).ok()?);
            Some((random.pick(&cases)?, random.pick(&cases)?))
        })
        .collect();
    let results = pool::map(&pairs, |(from, to)| {
        pool::guarded(|| cross(from, to)).map_err(|reason| format!("{} -> {}: {reason}", from.name, to.name))
    });
    let failures: Vec<String> = results.into_iter().filter_map(Result::err).collect();
    eprintln!("crossings: {} of {} arrive", pairs.len() - failures.len(), pairs.len());
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
