//! Sqitch: deploy and revert scripts, run by psql, and the lines of `sqitch.plan`.

use super::version::{Numbering, iso, versions};
use super::{Down, ExportError, File, Request, Segment, Unit, name};
use crate::render::script;

const PLAN: &str = "sqitch.plan";

pub(super) fn export(request: &Request<'_>) -> Result<Vec<File>, ExportError> {
    let before = request.existing.iter().find(|file| file.path == PLAN);
    let mut plan = before.map_or_else(
        || format!("%syntax-version=1.0.0\n%project={}\n\n", name::slug(&request.name)),
        |file| file.text.trim_end().to_owned() + "\n",
    );
    let last = plan.lines().rev().find_map(last_change);
    // Changes are ordered by the file; their times only have to be there.
    let times = Request {
        existing: &[],
        version_from: request
            .version_from
            .clone()
            .or_else(|| last.as_ref().map(|(time, _)| time.clone())),
        ..request.clone()
    };
    let times = versions(Numbering::Stamp, &times, request.segments.len())?;
    let planner = request
        .author
        .clone()
        .or_else(|| last.map(|(_, planner)| planner))
        .unwrap_or_else(|| "pgphase <pgphase@localhost>".into());
    let planner = if planner.contains('<') {
        planner
    } else {
        format!("{planner} <{planner}>")
    };
    let mut files = Vec::new();
    for (segment, time) in request.segments.iter().zip(times) {
        let name = name::migration(&request.name, segment);
        let known = plan
            .lines()
            .any(|line| line.split_whitespace().next() == Some(name.as_str()));
        if !known {
            let note = super::segment::one_line(&segment.title).replace('\\', "\\\\");
            plan.push_str(&format!("{name} {} {planner} # {note}\n", iso(&time)));
        }
        let (deploy, revert) = (deploy(segment), revert(segment));
        files.push(File::new(format!("deploy/{name}.sql"), deploy));
        files.push(File::new(format!("revert/{name}.sql"), revert));
    }
    files.push(File {
        extends: before.is_some(),
        ..File::new(PLAN.into(), plan)
    });
    Ok(files)
}

fn header(segment: &Segment) -> String {
    segment.header().iter().map(|line| format!("-- {line}\n")).collect()
}

fn deploy(segment: &Segment) -> String {
    format!("{}{}", header(segment), unit(&segment.up))
}

fn revert(segment: &Segment) -> String {
    let text = match &segment.down {
        Down::Sql(way) => unit(way),
        _ => segment.down_text(true),
    };
    format!("{}{text}", header(segment))
}

/// psql runs every statement alone, so that settings may stand before one that is outside a transaction.
fn unit(unit: &Unit) -> String {
    let text = script::statements(&unit.sequence_of_own_session());
    if unit.transaction {
        format!("BEGIN;\n{text}COMMIT;\n")
    } else {
        text
    }
}

/// Time and planner of a line of the plan.
fn last_change(line: &str) -> Option<(String, String)> {
    if line.starts_with(['%', '#', '@']) {
        return None;
    }
    let words: Vec<&str> = line.split(" # ").next()?.split_whitespace().collect();
    let at = words
        .iter()
        .position(|word| word.len() == 20 && word.ends_with('Z') && word.contains('T'))?;
    let digits: String = words.get(at)?.chars().filter(char::is_ascii_digit).collect();
    Some((digits, words.get(at + 1..)?.join(" ")))
}
