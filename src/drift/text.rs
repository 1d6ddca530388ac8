//! Drift for a terminal or a mail from cron.

use super::{DatabaseDrift, Difference, DriftReport};

/// The report as text.
pub fn text(report: &DriftReport) -> String {
    let mut out = format!("{}\n", report.summary);
    let many = report.databases.len() > 1;
    for database in &report.databases {
        let told = !database.is_clean() || !database.ignored.is_empty() || !database.expired.is_empty();
        if many {
            out.push_str(&format!("\n{}: {}\n", database.name, state(database)));
        } else if told {
            out.push('\n');
        }
        if let Some(error) = &database.error {
            out.push_str(&format!("    {}\n", error.replace('\n', "\n    ")));
        }
        for difference in &database.differences {
            out.push_str(&lines(difference, &format!("{}: ", difference.state.place())));
            let loses = difference.loses.iter().map(|what| format!(", which loses {what}"));
            let change = format!("to change the database{}:", loses.collect::<String>());
            out.push_str(&statements(&change, &difference.to_database));
            out.push_str(&statements("to change the files:", &difference.to_files));
        }
        for ignored in &database.ignored {
            out.push_str(&format!(
                "ignored until {}: {}: {} ({})\n",
                ignored.until,
                ignored.state.place(),
                ignored.object,
                ignored.reason
            ));
        }
        for rule in &database.expired {
            out.push_str(&format!(
                "expired on {}: the rule for {} ({}) hides nothing any more{}\n",
                rule.until,
                rule.object,
                rule.reason,
                match rule.matches {
                    0 => ", and would hide nothing here".to_owned(),
                    matches => format!("; it would hide {matches} of the above"),
                }
            ));
        }
    }
    out
}

fn state(database: &DatabaseDrift) -> String {
    match (&database.error, database.differences.len()) {
        (Some(_), _) => "could not be looked at".into(),
        (None, 0) => "no drift".into(),
        (None, 1) => "1 object differs".into(),
        (None, more) => format!("{more} objects differ"),
    }
}

fn statements(what: &str, statements: &[String]) -> String {
    if statements.is_empty() {
        return String::new();
    }
    let mut out = format!("    {what}\n");
    for statement in statements {
        let ended = format!("{};", statement.trim().trim_end_matches(';'));
        out.push_str(&format!("        {}\n", ended.replace('\n', "\n        ")));
    }
    out
}

/// A difference and what changes, without statements.
fn lines(difference: &Difference, before: &str) -> String {
    let with = match difference.with.len() {
        0 => String::new(),
        1 => " (and 1 object in it)".into(),
        more => format!(" (and {more} objects in it)"),
    };
    let mut out = format!("{before}{}{with}\n", difference.object);
    for change in &difference.changes {
        out.push_str(&format!("    {}\n", change.replace('\n', "\n    ")));
    }
    for line in difference.text.iter().flat_map(|text| text.lines()) {
        out.push_str(&format!("    {line}\n"));
    }
    out
}

/// The differences as text, one object after the other: what comes on the way from live to desired, and what goes.
pub fn differences(differences: &[Difference]) -> String {
    let way = |difference: &Difference| lines(difference, &format!("{} ", difference.state.way()));
    differences.iter().map(way).collect()
}
