//! Drift for an issue or a comment.

use super::{DatabaseDrift, DriftReport};

/// How many differences of one database are written out: an issue on GitHub holds 65,536 characters.
const WRITTEN: usize = 50;

/// How much SQL is written out in all, in bytes.
const SQL: usize = 40_000;

/// The report as Markdown.
pub fn markdown(report: &DriftReport) -> String {
    let mut out = format!("<!-- pgphase drift -->\n**{}**\n", escaped(&report.summary));
    if report.databases.len() > 1 {
        out.push_str("\n| database | state | missing | extra | different | ignored |\n|---|---|---|---|---|---|\n");
        for database in &report.databases {
            let state = match (&database.error, database.is_clean()) {
                (Some(_), _) => "not looked at",
                (None, true) => "no drift",
                (None, false) => "**drift**",
            };
            let counts = super::State::ALL.map(|state| {
                let those = database
                    .differences
                    .iter()
                    .filter(|difference| difference.state == state);
                those.count().to_string()
            });
            out.push_str(&format!(
                "| {} | {state} | {} | {} |\n",
                escaped(&database.name),
                counts.join(" | "),
                database.ignored.len()
            ));
        }
    }
    let mut room = SQL;
    for database in &report.databases {
        write(&mut out, database, report.databases.len() > 1, &mut room);
    }
    out
}

fn write(out: &mut String, database: &DatabaseDrift, many: bool, room: &mut usize) {
    let quiet = database.is_clean() && database.ignored.is_empty() && database.expired.is_empty();
    if quiet {
        return;
    }
    if many {
        out.push_str(&format!("\n### {}\n", escaped(&database.name)));
    }
    if let Some(error) = &database.error {
        out.push_str(&format!("\nNot looked at: {}\n", escaped(error)));
    }
    for difference in database.differences.iter().take(WRITTEN) {
        out.push_str(&format!(
            "\n- **{}** {}",
            difference.state.word(),
            escaped(&difference.object)
        ));
        if !difference.with.is_empty() {
            out.push_str(&format!(", with {} in it", difference.with.len()));
        }
        for change in &difference.changes {
            out.push_str(&format!("; {}", escaped(change)));
        }
        out.push('\n');
        let loses = difference
            .loses
            .iter()
            .map(|what| format!(", which loses {}", escaped(what)));
        let change = format!("Change the database{}", loses.collect::<String>());
        for (title, statements) in [
            (change.as_str(), &difference.to_database),
            ("Change the files", &difference.to_files),
        ] {
            let sql = statements.join(";\n");
            if sql.is_empty() || sql.len() > *room {
                continue;
            }
            *room -= sql.len();
            let longest = sql.split(|c| c != '`').map(str::len).max().unwrap_or(0);
            let fence = "`".repeat(longest.max(2) + 1);
            let indented = format!("{sql};").replace('\n', "\n  ");
            out.push_str(&format!(
                "\n  <details><summary>{title}</summary>\n\n  {fence}sql\n  {indented}\n  {fence}\n\n  </details>\n"
            ));
        }
    }
    if let Some(more) = database.differences.len().checked_sub(WRITTEN).filter(|more| *more > 0) {
        out.push_str(&format!("\n- and {more} more\n"));
    }
    for ignored in &database.ignored {
        out.push_str(&format!(
            "\n- ignored until {}: {} {} ({})\n",
            ignored.until,
            ignored.state.word(),
            escaped(&ignored.object),
            escaped(&ignored.reason)
        ));
    }
    for rule in &database.expired {
        out.push_str(&format!(
            "\n- expired on {}: the rule for {} ({}) hides nothing any more\n",
            rule.until,
            escaped(&rule.object),
            escaped(&rule.reason)
        ));
    }
}

/// A text in a line: nothing in it is markup, and nobody is called.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' => out.push_str("&#64;"),
            '\n' | '\r' => out.push(' '),
            '*' | '_' | '[' | ']' | '\\' | '`' | '~' | '|' => {
                out.push('\\');
                out.push(letter);
            }
            letter => out.push(letter),
        }
    }
    out
}
