//! From the schema of one scenario to that of another: much comes, much goes, and tables of the same name have little in common.
//! The plan must arrive, or be refused for a reason. The same pairs in every run, but for those that a new scenario moves into;
//! `PGPHASE_SEED=n` begins with others, `PGPHASE_CROSSINGS=n` walks more.

use crate::scenarios::{Case, cases};
use crate::support::database::{Database, server_major};
use crate::support::dump::Shown;
use crate::support::journey::{Route, Verdict};
use crate::support::pool;
use crate::support::random::{Random, setting};

const CROSSINGS: usize = 12;

fn walk(from: &Case, to: &Case, back: bool) -> Result<Verdict, String> {
    let live = Database::from_script(&from.build("after"))?;
    let wanted = Database::from_script(&to.build("before"))?;
    let plans = tempfile::tempdir().map_err(|error| error.to_string())?;
    Ok(Route {
        live: &live,
        wanted: &wanted,
        to: &to.file("before.sql"),
        out: &plans.path().join("plan"),
        shown: Shown { privileges: false },
        keep_rows: false,
        cool_down: false,
        by_phase: false,
        back,
    }
    .walk())
}

fn cross(from: &Case, to: &Case) -> Result<(), String> {
    from.prepare();
    to.prepare();
    let verdict = match walk(from, to, true)? {
        // The plan has said which step cannot be undone.
        Verdict::Failed(reason) if reason.contains("there is no way back") => walk(from, to, false)?,
        verdict => verdict,
    };
    match verdict {
        Verdict::Converged => Ok(()),
        // The program says what the user may do.
        Verdict::Refused(reason) if reason.contains("PostgreSQL has no cast") => Ok(()),
        other => Err(format!("{}: {}", other.word(), other.reason())),
    }
}

/// The lowest is chosen, so that a new scenario takes few places.
fn rank(seed: usize, side: &str, case: &Case) -> usize {
    Random::of(&format!("{seed} {side} {}", case.name)).below(1 << 30)
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
            let from = cases.iter().min_by_key(|case| rank(seed, "from", case))?;
            // What cannot be reached from its own other side need not be reached from elsewhere.
            let to = cases
                .iter()
                .filter(|case| case.has_reverse())
                .min_by_key(|case| rank(seed, "to", case))?;
            Some((from, to))
        })
        .collect();
    let results = pool::map(&pairs, |(from, to)| {
        pool::guarded(|| cross(from, to)).map_err(|reason| format!("{} -> {}: {reason}", from.name, to.name))
    });
    let failures: Vec<String> = results.into_iter().filter_map(Result::err).collect();
    eprintln!("crossings: {} of {} arrive", pairs.len() - failures.len(), pairs.len());
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
