//! The changed tables and those that they reference, before and after in one picture, for Mermaid and Graphviz.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use super::entities::{Column, Entity};
use super::graph::{dot_text, mermaid_text, short};
use super::html::escape;
use super::{Mark, Report, count};

/// How many tables a picture shows: more are not readable.
const TABLES_SHOWN: usize = 40;

/// How long a diagram may be, in bytes. GitHub draws no Mermaid of more than 50,000 characters.
const MERMAID_LIMIT: usize = 48_000;

/// Of a table with more columns only those are shown that change or are part of a key.
const COLUMNS_SHOWN: usize = 15;

/// How many columns of a table are shown at most.
const COLUMNS_LIMIT: usize = 60;

/// How much of a name or type fits a box.
const WORD: usize = 48;

/// The tables as a Mermaid entity-relationship diagram.
pub fn tables_mermaid(report: &Report) -> String {
    bounded_mermaid(report).0
}

/// The diagram, and how many of the tables it leaves out.
pub(super) fn bounded_mermaid(report: &Report) -> (String, usize) {
    let mut shown = TABLES_SHOWN.min(report.tables.len());
    loop {
        let mut out = String::from("erDiagram\n");
        // Writing to a String cannot fail.
        let _ = write_mermaid(&mut out, &Picture::of(report, shown));
        if out.len() <= MERMAID_LIMIT || shown == 0 {
            return (out, report.tables.len() - shown);
        }
        shown -= 1;
    }
}

/// The tables as a Graphviz graph.
pub fn tables_dot(report: &Report) -> String {
    let mut out = String::new();
    let _ = write_dot(&mut out, &report.name, &Picture::of(report, TABLES_SHOWN));
    out
}

/// What is drawn: changed tables first, each under a short name of its own.
struct Picture<'a> {
    tables: Vec<&'a Entity>,
    names: HashMap<&'a str, String>,
}

impl<'a> Picture<'a> {
    fn of(report: &'a Report, most: usize) -> Self {
        let (changed, same): (Vec<&Entity>, Vec<&Entity>) =
            report.tables.iter().partition(|table| table.mark != Mark::Same);
        let tables: Vec<&Entity> = changed.into_iter().chain(same).take(most).collect();
        let names = tables.iter().enumerate();
        let names = names.map(|(at, table)| (table.name.as_str(), format!("t{}", at + 1)));
        Self {
            names: names.collect(),
            tables,
        }
    }

    fn name(&self, table: &str) -> Option<&str> {
        self.names.get(table).map(String::as_str)
    }
}

/// A column as it is drawn.
struct Row<'a> {
    column: &'a Column,
    kind: &'a str,
    primary: bool,
    foreign: bool,
    not_null: bool,
    /// What changes: `added`, `removed`, `was text`.
    change: Option<String>,
}

/// The columns of a table that are shown, and a word about those that are not.
fn rows(table: &Entity) -> (Vec<Row<'_>>, Option<String>) {
    let foreign: HashSet<&str> = table
        .keys
        .iter()
        .flat_map(|key| key.columns.iter().map(String::as_str))
        .collect();
    let all: Vec<Row<'_>> = table.columns.iter().map(|column| row(column, &foreign)).collect();
    let total = all.len();
    let few = total <= COLUMNS_SHOWN && table.mark != Mark::Same;
    let mut rows: Vec<Row<'_>> = all
        .into_iter()
        .filter(|row| few || row.change.is_some() || row.primary || row.foreign)
        .collect();
    let what = if rows.len() > COLUMNS_LIMIT { "" } else { " that stay" };
    rows.truncate(COLUMNS_LIMIT);
    let hidden = Some(total - rows.len()).filter(|hidden| *hidden > 0);
    (rows, hidden.map(|hidden| format!("{}{what}", count(hidden, "column"))))
}

fn row<'a>(column: &'a Column, foreign: &HashSet<&str>) -> Row<'a> {
    let words = column.after.as_ref().or(column.before.as_ref());
    let words = words.map(String::as_str).unwrap_or_default();
    let primary = words.strip_suffix(" primary key");
    let not_null = words.strip_suffix(" not null");
    let change = match column.mark {
        Mark::Same => None,
        Mark::Added => Some("added".to_owned()),
        Mark::Removed => Some("removed".to_owned()),
        Mark::Changed => Some(format!("was {}", column.before.as_deref().unwrap_or_default())),
    };
    Row {
        column,
        kind: primary.or(not_null).unwrap_or(words),
        primary: primary.is_some(),
        not_null: not_null.is_some(),
        foreign: foreign.contains(column.name.as_str()),
        change,
    }
}

fn write_mermaid(out: &mut String, picture: &Picture<'_>) -> std::fmt::Result {
    for table in &picture.tables {
        let Some(name) = picture.name(&table.name) else {
            continue;
        };
        writeln!(out, "  {name}[\"{}\"] {{", quoted(&titled(table)))?;
        let (rows, hidden) = rows(table);
        for row in &rows {
            let keys: Vec<&str> = [(row.primary, "PK"), (row.foreign, "FK")]
                .into_iter()
                .filter_map(|(holds, word)| holds.then_some(word))
                .collect();
            let (kind, column) = (word(row.kind), word(&row.column.name));
            let mut remarks: Vec<String> = Vec::new();
            if row.not_null {
                remarks.push("not null".into());
            }
            remarks.extend(row.change.clone());
            // What a word of Mermaid cannot say is said in the remark.
            if column != row.column.name {
                remarks.push(format!("column {}", row.column.name));
            }
            let remark = match remarks.join("; ") {
                remark if remark.is_empty() => remark,
                remark => format!(" \"{}\"", quoted(&short(&remark, WORD))),
            };
            let keys = if keys.is_empty() {
                String::new()
            } else {
                format!(" {}", keys.join(", "))
            };
            writeln!(out, "    {kind} {column}{keys}{remark}")?;
        }
        if let Some(hidden) = hidden {
            writeln!(out, "    and more \"{hidden}\"")?;
        }
        writeln!(out, "  }}")?;
    }
    for (from, to, key) in keys(picture) {
        let line = if key.mark == Mark::Removed { ".." } else { "--" };
        writeln!(out, "  {from} }}o{line}|| {to} : \"{}\"", quoted(&labelled(key)))?;
    }
    Ok(())
}

/// The foreign keys between tables that are shown.
fn keys<'a>(picture: &'a Picture<'a>) -> impl Iterator<Item = (&'a str, &'a str, &'a super::Key)> {
    picture.tables.iter().flat_map(move |table| {
        let from = picture.name(&table.name);
        table
            .keys
            .iter()
            .filter_map(move |key| Some((from?, picture.name(&key.references)?, key)))
    })
}

fn titled(table: &Entity) -> String {
    marked(&table.name, table.mark)
}

fn labelled(key: &super::Key) -> String {
    marked(&key.name, key.mark)
}

fn marked(name: &str, mark: Mark) -> String {
    let name = short(name, WORD);
    match mark {
        Mark::Same => name,
        mark => format!("{name} ({})", mark.word()),
    }
}

/// A word as the columns of Mermaid take it: it begins with a letter, and of other signs holds `_`, `-`, `(`, `)`, `[` and `]`.
fn word(text: &str) -> String {
    let keep = |c: char| c.is_ascii_alphanumeric() || "_-()[]".contains(c);
    let mut out: String = short(text, WORD)
        .chars()
        .map(|c| if keep(c) { c } else { '_' })
        .collect();
    if !out.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        out.insert(0, '_');
    }
    out
}

/// A text between double quotes.
fn quoted(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    mermaid_text(&text).replace('%', "#37;")
}

fn write_dot(out: &mut String, name: &str, picture: &Picture<'_>) -> std::fmt::Result {
    writeln!(
        out,
        "digraph {} {{\n  rankdir=LR;\n  node [shape=plain, fontname=\"sans-serif\"];",
        dot_text(name)
    )?;
    for table in &picture.tables {
        let Some(name) = picture.name(&table.name) else {
            continue;
        };
        let (rows, hidden) = rows(table);
        write!(
            out,
            "  {name} [label=<<table border=\"0\" cellborder=\"1\" cellspacing=\"0\" cellpadding=\"4\">\
             <tr><td bgcolor=\"#e8e8e8\"><b>{}</b></td></tr>",
            cell(&titled(table))
        )?;
        for row in &rows {
            let color = match row.column.mark {
                Mark::Same => "#333333",
                Mark::Added => "#1e7e34",
                Mark::Removed => "#c0392b",
                Mark::Changed => "#9a6700",
            };
            let mut text = format!("{} {}", short(&row.column.name, WORD), short(row.kind, WORD));
            for (holds, word) in [(row.not_null, " not null"), (row.primary, " PK"), (row.foreign, " FK")] {
                text.push_str(if holds { word } else { "" });
            }
            if let Some(change) = &row.change {
                text.push_str(&format!(" ({})", short(change, WORD)));
            }
            write!(
                out,
                "<tr><td align=\"left\"><font color=\"{color}\">{}</font></td></tr>",
                cell(&text)
            )?;
        }
        if let Some(hidden) = hidden {
            write!(out, "<tr><td align=\"left\">and {hidden}</td></tr>")?;
        }
        writeln!(out, "</table>>];")?;
    }
    for (from, to, key) in keys(picture) {
        let style = if key.mark == Mark::Removed {
            ", style=dashed"
        } else {
            ""
        };
        writeln!(out, "  {from} -> {to} [label={}{style}];", dot_text(&labelled(key)))?;
    }
    writeln!(out, "}}")
}

/// A text in a cell of Graphviz. An empty one would be an error there.
fn cell(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    escape(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_hold_what_mermaid_reads() {
        assert_eq!(word("character varying(100)"), "character_varying(100)");
        assert_eq!(word("numeric(10,2)[]"), "numeric(10_2)[]");
        assert_eq!(word("1st name"), "_1st_name");
        assert_eq!(word(""), "_");
    }
}
