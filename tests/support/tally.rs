//! Many journeys and how they ended, counted by group. None may be silently wrong.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::sync::Mutex;

use super::journey::Verdict;
use super::pool;

/// Walks every case, prints the counts by group and the reasons, and fails when a case ends wrong. `name` gives the group and
/// the whole name of a case. `PGPHASE_CORPUS_OUT=file` gets one line per case.
pub(crate) fn judge<T: Sync>(
    cases: &[T],
    name: impl Fn(&T) -> (String, String) + Sync,
    walk: impl Fn(&T) -> Result<Verdict, String> + Sync,
) -> Vec<Verdict> {
    let out = std::env::var_os("PGPHASE_CORPUS_OUT")
        .map(|place| Mutex::new(fs::File::create(place).expect("the list of cases")));
    let verdicts = pool::map(cases, |case| {
        let verdict = pool::guarded(|| walk(case)).unwrap_or_else(Verdict::Crashed);
        if let Some(mut file) = out.as_ref().and_then(|out| out.lock().ok()) {
            let reason = verdict.reason().replace('\n', " | ");
            writeln!(file, "{}\t{}\t{reason}", name(case).1, verdict.word()).expect("a line for the case");
        }
        verdict
    });
    let groups: Vec<String> = cases.iter().map(|case| name(case).0).collect();
    eprintln!("{}", table(&groups, &verdicts));
    let silent: Vec<String> = cases
        .iter()
        .zip(&verdicts)
        .filter(|(_, verdict)| matches!(verdict, Verdict::Wrong(_) | Verdict::Crashed(_)))
        .map(|(case, verdict)| format!("{}: {} {}", name(case).1, verdict.word(), verdict.reason()))
        .collect();
    assert!(
        silent.is_empty(),
        "{} pairs end wrong:\n\n{}\n",
        silent.len(),
        silent.join("\n\n")
    );
    verdicts
}

fn table(groups: &[String], verdicts: &[Verdict]) -> String {
    let words = ["converged", "refused", "failed", "wrong", "crashed"];
    let mut counts: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for (group, verdict) in groups.iter().zip(verdicts) {
        for group in [group.as_str(), "~ all"] {
            *counts.entry(group).or_default().entry(verdict.word()).or_default() += 1;
        }
    }
    let mut text = format!("{:<18}{:>7}", "group", "pairs");
    words.iter().for_each(|word| _ = write!(text, "{word:>11}"));
    text.push_str("    share\n");
    for (group, row) in &counts {
        let total: usize = row.values().sum();
        _ = write!(text, "{group:<18}{total:>7}");
        words
            .iter()
            .for_each(|word| _ = write!(text, "{:>11}", row.get(word).copied().unwrap_or(0)));
        let converged = row.get("converged").copied().unwrap_or(0);
        _ = writeln!(
            text,
            "{:>8.1}%",
            100.0 * f64::from(u32::try_from(converged).unwrap_or(0)) / f64::from(u32::try_from(total).unwrap_or(1))
        );
    }
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for verdict in verdicts.iter().filter(|verdict| **verdict != Verdict::Converged) {
        *reasons
            .entry(format!("{}: {}", verdict.word(), reason_group(verdict.reason())))
            .or_default() += 1;
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    reasons
        .iter()
        .for_each(|(reason, count)| _ = writeln!(text, "{count:>5}  {reason}"));
    text
}

/// The first line, without the names and numbers that are different in each case.
fn reason_group(reason: &str) -> String {
    let line = reason
        .lines()
        .find(|line| line.contains("rror"))
        .or_else(|| reason.lines().next())
        .unwrap_or_default();
    let mut group = String::new();
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '"' | '`' => {
                quoted = !quoted;
                group.push(letter);
            }
            _ if quoted => {}
            digit if digit.is_ascii_digit() => {
                if !group.ends_with('#') {
                    group.push('#');
                }
            }
            other => group.push(other),
        }
    }
    group.chars().take(150).collect()
}
