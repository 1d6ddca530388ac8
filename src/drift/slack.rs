//! Drift as a Slack message: blocks as an incoming webhook or `chat.postMessage` takes them.

use serde_json::{Value, json};

use super::{DatabaseDrift, DriftReport};

/// How many objects of one database are named.
const NAMED: usize = 10;

/// What a text in a section holds, in characters.
const SECTION: usize = 3_000;

/// What a header holds, in characters.
const HEADER: usize = 150;

/// How many blocks a message holds.
const BLOCKS: usize = 50;

/// The message.
pub fn slack(report: &DriftReport) -> String {
    let mut blocks = vec![json!({
        "type": "header",
        "text": {"type": "plain_text", "text": cut(&report.summary, HEADER), "emoji": false},
    })];
    let telling = report.databases.iter().filter(|database| !database.is_clean());
    let telling: Vec<&DatabaseDrift> = telling.collect();
    // The header, and a word about what is left out.
    let room = BLOCKS - 2;
    blocks.extend(telling.iter().take(room).map(|database| section(&words(database))));
    if let Some(more) = telling.len().checked_sub(room).filter(|more| *more > 0) {
        blocks.push(section(&format!("and {more} more databases")));
    }
    let message = json!({"text": cut(&escaped(&report.summary), SECTION), "blocks": blocks});
    format!("{message:#}\n")
}

fn section(text: &str) -> Value {
    json!({"type": "section", "text": {"type": "mrkdwn", "text": cut(text, SECTION)}})
}

fn words(database: &DatabaseDrift) -> String {
    let mut lines = vec![format!("*{}*", escaped(&database.name))];
    lines.extend(
        database
            .error
            .iter()
            .map(|error| format!("not looked at: {}", escaped(error))),
    );
    for difference in database.differences.iter().take(NAMED) {
        // Each line keeps its own, so that the cut takes none apart.
        let mut line = cut(
            &format!("\u{2022} {} {}", difference.state.word(), difference.object),
            200,
        );
        if let Some(what) = &difference.loses {
            let loses = format!("; to change the database loses {what}");
            line.push_str(&cut(&loses, 100));
        }
        lines.push(escaped(&line));
    }
    if let Some(more) = database.differences.len().checked_sub(NAMED).filter(|more| *more > 0) {
        lines.push(format!("+{more} more"));
    }
    if !database.expired.is_empty() {
        lines.push(format!("{} expired", rules(database.expired.len())));
    }
    lines.join("\n")
}

fn rules(count: usize) -> String {
    match count {
        1 => "1 ignore rule has".into(),
        count => format!("{count} ignore rules have"),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let head: String = text.chars().take(most - 1).collect();
    format!("{head}\u{2026}")
}

#[cfg(test)]
mod tests {
    use super::super::{Difference, State};
    use super::*;
    use crate::name::Ident;
    use crate::object::{Kind, ObjectId};

    #[test]
    fn what_would_be_lost_is_named() {
        let id = ObjectId::global(Kind::Namespace, &Ident::new("app"));
        let difference = |loses: Option<&str>| Difference {
            object: id.to_string(),
            id: id.clone(),
            state: State::Extra,
            with: vec![],
            changes: vec![],
            text: None,
            to_database: vec![],
            loses: loses.map(str::to_owned),
            to_files: vec![],
        };
        let database = DatabaseDrift {
            differences: vec![difference(None), difference(Some("every row of table app.t"))],
            ..DatabaseDrift::default()
        };
        let said = words(&database);
        assert!(
            said.ends_with("extra namespace app; to change the database loses every row of table app.t"),
            "{said}"
        );
        assert_eq!(said.matches("loses").count(), 1, "{said}");
    }

    #[test]
    fn limits_hold() {
        let databases = (0..80)
            .map(|number| DatabaseDrift {
                name: format!("{number}<&>{}", "x".repeat(4000)),
                error: Some("e".repeat(9000)),
                ..DatabaseDrift::default()
            })
            .collect();
        let message: Value = serde_json::from_str(&slack(&DriftReport::of(databases))).expect("JSON");
        let blocks = message["blocks"].as_array().expect("blocks");
        assert_eq!(blocks.len(), BLOCKS);
        for block in blocks {
            let text = block["text"]["text"].as_str().expect("a text");
            let most = if block["type"] == "header" { HEADER } else { SECTION };
            assert!(text.chars().count() <= most && !text.is_empty());
        }
    }
}
