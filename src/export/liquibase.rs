//! Liquibase: a formatted SQL changelog per phase, a changeset per step.

use super::sections::{refuse_carriage_returns, refuse_marks};
use super::segment::one_line;
use super::{Down, ExportError, File, Request, Segment, name};
use crate::parse::lex::{Lexeme, lex};
use crate::plan::Phase;
use crate::render::script;

/// What Liquibase looks for behind `--` in every line.
const MARKS: &[&str] = &[
    "changeset",
    "rollback",
    "precondition",
    "comment",
    "ignore",
    "liquibase",
    "property",
    "validchecksum",
    "labels",
    "context",
];

const DOLLAR: &str = "--property name:pgphase.dollar value:$\n";

pub(super) fn export(request: &Request<'_>) -> Result<Vec<File>, ExportError> {
    let author: String = request
        .author
        .as_deref()
        .unwrap_or("pgphase")
        .chars()
        .map(|letter| {
            if letter.is_alphanumeric() || "-_.@".contains(letter) {
                letter
            } else {
                '_'
            }
        })
        .collect();
    let plan = name::slug(&request.name);
    let mut files = Vec::new();
    for phase in Phase::ALL {
        let mut text = String::new();
        for segment in request.segments.iter().filter(|segment| segment.phase == phase) {
            refuse_carriage_returns(request, segment)?;
            refuse_marks(request, segment, is_mark)?;
            text.push_str(&changeset(segment, &author, &plan));
        }
        if !text.is_empty() {
            files.push(File::new(
                format!("{plan}-{}-{phase}.sql", phase.number()),
                format!(
                    "--liquibase formatted sql\n{}{text}",
                    if text.contains("${") { DOLLAR } else { "" }
                ),
            ));
        }
    }
    Ok(files)
}

fn is_mark(line: &str) -> bool {
    let rest = line
        .trim_start()
        .strip_prefix("--")
        .map(|rest| rest.trim_start().to_ascii_lowercase());
    let block = line
        .trim_start()
        .strip_prefix("/*")
        .map(|rest| rest.trim_start().to_ascii_lowercase());
    rest.or(block)
        .is_some_and(|rest| MARKS.iter().any(|mark| rest.starts_with(mark)))
}

fn changeset(segment: &Segment, author: &str, plan: &str) -> String {
    let own = !segment.is_transactional();
    let mode = if own { " runInTransaction:false" } else { "" };
    let mut text = format!(
        "\n--changeset {author}:{plan}-{}{mode} splitStatements:false rollbackSplitStatements:false stripComments:false\n",
        segment.step
    );
    text.push_str(&format!("--comment: {}\n", one_line(&segment.title)));
    text.push_str(&segment.sql_header(false));
    text.push_str(&kept(&for_jdbc(&segment.up.text(own))));
    let back = match &segment.down {
        Down::Sql(unit) if own && unit.transaction => unit.text(true),
        Down::Sql(unit) => script::statements(&unit.query()),
        Down::Nothing => "SELECT 1;\n".into(),
        // Without a rollback Liquibase refuses the way back by itself.
        Down::Impossible(_) => {
            text.push_str(&format!("-- {}\n", segment.one_way()));
            return text;
        }
    };
    for line in kept(&for_jdbc(&back)).lines() {
        text.push_str(&format!("--rollback {line}\n"));
    }
    text
}

/// `${name}` would be replaced by a parameter of the changelog or a variable of the environment. There is no escape for it in
/// formatted SQL, so that the dollar sign is a parameter itself.
fn kept(text: &str) -> String {
    text.replace("${", "${pgphase.dollar}{")
}

/// JDBC takes question marks for parameters, except in strings and comments; two of them stand for one.
fn for_jdbc(sql: &str) -> String {
    let mut text = String::new();
    let mut at = 0;
    while at < sql.len() {
        // What does not end has been refused when the plan was read.
        let (lexeme, end) = lex(sql, at).unwrap_or((Lexeme::Other, sql.len()));
        let token = sql.get(at..end).unwrap_or_default();
        match lexeme {
            Lexeme::Operator | Lexeme::Other | Lexeme::Mark => text.push_str(&token.replace('?', "??")),
            _ => text.push_str(token),
        }
        at = end.max(at + 1);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::for_jdbc;

    #[test]
    fn operators_survive_jdbc() {
        assert_eq!(
            for_jdbc("a ? 'b?' @? $$?$$ -- ?\n ?| \"?\""),
            "a ?? 'b?' @?? $$?$$ -- ?\n ??| \"?\""
        );
    }
}
