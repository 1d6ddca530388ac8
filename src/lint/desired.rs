//! Reads desired files, and shows the objects that they make to the rules.

use std::collections::{HashMap, HashSet};

use super::finding::{self, Finding, span, span_of};
use super::site::{ObjectSite, object_findings};
use super::suppress::without_suppressed;
use super::{Options, Report};
use crate::object::{Kind, ObjectId};
use crate::parse::split::{Piece, Statement, split};
use crate::parse::{Desired, ParseError, SourceText};

/// Lints desired files, whose objects have all been read.
pub fn lint_desired(desired: &Desired, files: &[SourceText], options: &Options) -> Result<Report, ParseError> {
    let mut report = Report {
        files: files.to_vec(),
        ..Report::default()
    };
    let mut by_file: HashMap<&str, Vec<Finding>> = HashMap::new();
    let mut statements: HashMap<(&str, usize, usize), (&SourceText, Statement<'_>)> = HashMap::new();
    let mut ranges: HashMap<&str, Vec<(usize, usize)>> = HashMap::new();
    for file in files
        .iter()
        .filter(|file| file.name.ends_with(".sql") || !file.name.contains(".y"))
    {
        for piece in split(&file.name, &file.text)? {
            let Piece::Statement(statement) = piece else { continue };
            let range = (statement.start, statement.start + statement.text.len());
            ranges.entry(&file.name).or_default().push(range);
            statements.insert(
                (&file.name, statement.place.line, statement.place.column),
                (file, statement),
            );
        }
    }
    let assumed = HashSet::new();
    for (id, object) in desired.schema.iter() {
        let Some(place) = place_of(desired, id) else { continue };
        let site = ObjectSite {
            schema: &desired.schema,
            id,
            object,
            assumed: &assumed,
        };
        let statement = statements.get(&(&*place.file, place.line, place.column));
        for (rule, level, told) in object_findings(&site, options) {
            let (span, text) = match statement {
                Some((file, statement)) => (span_of(&file.text, statement, told.at.as_ref()), statement.text),
                None => {
                    let Some(file) = files.iter().find(|file| file.name == place.file) else {
                        continue;
                    };
                    let start: usize = file.text.split_inclusive('\n').take(place.line - 1).map(str::len).sum();
                    let line = file
                        .text
                        .get(start..)
                        .and_then(|rest| rest.lines().next())
                        .unwrap_or_default();
                    let indent = line.len() - line.trim_start().len();
                    (span(&file.text, &file.name, start + indent, line.trim().len()), line)
                }
            };
            let file = files.iter().find(|file| file.name == place.file);
            let Some(file) = file else { continue };
            by_file
                .entry(&file.name)
                .or_default()
                .push(Finding::of(rule, level, told, span, text));
        }
    }
    for file in files {
        let found = by_file.remove(&*file.name).unwrap_or_default();
        let statements = ranges.remove(&*file.name).unwrap_or_default();
        let (left, ignored) = without_suppressed(found, file, &statements, options)?;
        report.findings.extend(left);
        report.ignored += ignored;
    }
    finding::finish(&mut report.findings);
    Ok(report)
}

/// Where an object, or what it is a part of, is defined.
fn place_of<'a>(desired: &'a Desired, id: &ObjectId) -> Option<&'a crate::parse::Place> {
    desired
        .places
        .get(id)
        .or_else(|| desired.places.get(&ObjectId::named(Kind::Table, &id.qualified())))
}
