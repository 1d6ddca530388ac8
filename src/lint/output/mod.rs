//! Forms in which findings are printed.

mod github;
mod gitlab;
mod junit;
mod sarif;
mod text;

use serde::Serialize;

use super::{Finding, Level, Report};

pub use github::github;
pub use gitlab::gitlab;
pub use junit::junit;
pub use sarif::sarif;
pub use text::text;

/// What the JSON form says.
#[derive(Serialize)]
pub struct Document<'a> {
    /// The findings, by file and line.
    pub findings: &'a [Finding],
    /// How many there are.
    pub counts: Counts,
    /// The files read.
    pub files: Vec<&'a str>,
}

/// How many findings there are.
#[derive(Serialize)]
pub struct Counts {
    /// Of level error.
    pub error: usize,
    /// Of level warning.
    pub warning: usize,
    /// Of level info.
    pub info: usize,
    /// Kept quiet by comments.
    pub ignored: usize,
}

impl<'a> From<&'a Report> for Document<'a> {
    fn from(report: &'a Report) -> Self {
        Self {
            findings: &report.findings,
            counts: Counts {
                error: report.count(Level::Error),
                warning: report.count(Level::Warning),
                info: report.count(Level::Info),
                ignored: report.ignored,
            },
            files: report.files.iter().map(|file| &*file.name).collect(),
        }
    }
}

/// One line about all of it.
pub fn summary(report: &Report) -> String {
    let files = match report.files.len() {
        1 => "1 file".to_owned(),
        count => format!("{count} files"),
    };
    let counts = [Level::Error, Level::Warning, Level::Info].map(|level| (report.count(level), level.to_string()));
    let told: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, level)| match (count, level.as_str()) {
            (1, _) | (_, "info") => format!("{count} {level}"),
            _ => format!("{count} {level}s"),
        })
        .collect();
    let found = if told.is_empty() {
        "nothing found".into()
    } else {
        told.join(", ")
    };
    match report.ignored {
        0 => format!("{found} in {files}"),
        ignored => format!("{found} in {files}; {ignored} ignored by comments"),
    }
}

/// A path as a relative reference for documents that other programs read: forward slashes, no `./` in front.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    path.trim_start_matches("./").to_owned()
}
