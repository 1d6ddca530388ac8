//! Drizzle: numbered files and their journal. All pending migrations run in one transaction, so that only what may share one is
//! written.

use serde_json::{Map, Value, json};

use super::version::{Numbering, millis, versions};
use super::{ExportError, File, Request, Segment, name};
use crate::render::script;

const JOURNAL: &str = "meta/_journal.json";
const BREAK: &str = "--> statement-breakpoint";

pub(super) fn export(request: &Request<'_>) -> Result<Vec<File>, ExportError> {
    refuse_shared_locks(request)?;
    let before = request.existing.iter().find(|file| file.path == JOURNAL);
    let mut journal: Map<String, Value> = match before {
        None => json_map(json!({ "version": "7", "dialect": "postgresql", "entries": [] })),
        Some(file) => serde_json::from_str(&file.text)
            .map_err(|error| ExportError::new(format!("{JOURNAL} cannot be read: {error}")))?,
    };
    let entries = journal.entry("entries").or_insert_with(|| json!([]));
    let Some(entries) = entries.as_array_mut() else {
        return Err(ExportError::new(format!("{JOURNAL} has no list of entries")));
    };
    // The journal counts in milliseconds, and Drizzle runs what is later than the last one that has run.
    let last = entries.iter().filter_map(|entry| entry["when"].as_i64()).max();
    let when = match (request.version_from.as_deref(), last) {
        (Some(version), _) => millis(version).or_else(|| version.parse().ok()),
        (None, Some(last)) => Some(last + 1),
        (None, None) => None,
    };
    let Some(when) = when else {
        return Err(ExportError::usage(
            "drizzle keeps a time for each migration, and the journal has none to count on from",
        )
        .hint("give the first one: --version-from \"$(date -u +%Y%m%d%H%M%S)\""));
    };
    let numbered = Request {
        version_from: None,
        ..request.clone()
    };
    let numbers = versions(Numbering::Number(0, 4), &numbered, request.segments.len())?;
    let mut files = Vec::new();
    for (segment, (number, when)) in request.segments.iter().zip(numbers.into_iter().zip(when..)) {
        super::sections::refuse_marks(request, segment, |line| line.contains(BREAK))?;
        let tag = format!("{number}_{}", name::migration(&request.name, segment));
        let statements: Vec<String> = segment
            .up
            .sequence()
            .iter()
            .map(|one| script::statements(&[one]).trim_end().to_owned())
            .collect();
        let separator = format!("{BREAK}\n");
        let text = format!("{}{}\n", segment.sql_header(false), statements.join(&separator));
        let known = entries.iter().any(|entry| entry["tag"] == tag.as_str());
        if !known {
            let index: u64 = number.parse().unwrap_or_default();
            entries.push(json!({ "idx": index, "version": "7", "when": when, "tag": tag, "breakpoints": true }));
        }
        files.push(File::new(format!("{tag}.sql"), text));
    }
    let text = serde_json::to_string_pretty(&journal).map_err(|error| ExportError::new(error.to_string()))?;
    files.push(File {
        extends: before.is_some(),
        ..File::new(JOURNAL.into(), text + "\n")
    });
    Ok(files)
}

fn json_map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// Nothing that reads or builds a whole table may follow a lock that writes wait for.
fn refuse_shared_locks(request: &Request<'_>) -> Result<(), ExportError> {
    let mut holder: Option<&Segment> = None;
    for segment in request.segments {
        if !segment.up.transaction {
            let why = "drizzle runs all pending migrations in one transaction";
            return Err(ExportError::cannot(request, segment, why));
        }
        if let (true, Some(before)) = (segment.grows, holder) {
            let why = format!(
                "drizzle runs all pending migrations in one transaction, and step {} would hold {} for as long as this one takes",
                before.step,
                before.holds.as_deref().unwrap_or("a table"),
            );
            return Err(ExportError::cannot(request, segment, &why));
        }
        if segment.holds.is_some() {
            holder = holder.or(Some(segment));
        }
    }
    Ok(())
}
