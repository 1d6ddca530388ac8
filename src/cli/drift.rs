//! `drift`: where databases differ from the desired schema.

use std::path::{Path, PathBuf};

use super::compare;
use super::error::{CliError, ErrorKind, code};
use super::plan::desired_source;
use super::scratch::ScratchArgs;
use super::{Config, Global, load, output, patterns, pending};
use crate::conn::Target;
use crate::drift::{DatabaseDrift, Difference, DriftReport, Ignored, markdown, prometheus, slack, text};

/// Arguments of `drift`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Desired schema: a file, a folder, git:REV:path or migrations:PATH [default: schemas of the configuration]
    #[arg(long, value_name = "SOURCE")]
    to: Option<String>,
    /// Look at every database under `databases` in the configuration
    #[arg(long, conflicts_with = "dbname")]
    all: bool,
    #[command(flatten)]
    scratch: ScratchArgs,
    /// Form of the output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write the metrics of `--format prometheus` to this file as well, in one move
    #[arg(long, value_name = "FILE")]
    metrics_file: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  pgphase drift -d \"$DATABASE_URL\" --to schemas/ -q
  pgphase drift --all --format prometheus --metrics-file /var/lib/node_exporter/pgphase.prom
  pgphase drift -d \"$DATABASE_URL\" --to git:main:schemas --format markdown";

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Each object with its changes, and whether it is missing in the database, only there, or differs
    #[default]
    Text,
    /// One document; `pgphase json-schema drift` describes it
    Json,
    /// For an issue or a comment
    Markdown,
    /// A Slack message of blocks
    Slack,
    /// Metrics for the textfile collector of the node exporter
    Prometheus,
}

pub(crate) async fn run(args: &Args, global: &Global) -> Result<u8, CliError> {
    let config = Config::of(global)?;
    let mut found = Vec::new();
    let mut errors = Vec::new();
    if args.all {
        if config.databases.is_empty() {
            return Err(CliError::usage("no databases are named")
                .kind(ErrorKind::Configuration)
                .hint("name them under `databases` in pgphase.yaml, each with its connection string"));
        }
        for (name, database) in &config.databases {
            let own = config.of_database(database);
            let target = database
                .conninfo(name)
                .and_then(|text| global.connection.target_of(&text));
            let looked = match target {
                Ok(target) => look(name, target, args, global, &own).await,
                Err(error) => Err(error),
            };
            found.push(looked.unwrap_or_else(|error| {
                output::fail(&error, Some(name), global.errors);
                let failed = DatabaseDrift {
                    name: name.clone(),
                    error: Some(error.message.clone()),
                    ..DatabaseDrift::default()
                };
                errors.push(error);
                failed
            }));
        }
    } else {
        let target = global.connection.target()?;
        let name = target.dbname.clone();
        match look(&name, target, args, global, &config).await {
            Ok(drift) => found.push(drift),
            Err(error) => {
                let failed = DatabaseDrift {
                    name,
                    error: Some(error.message.clone()),
                    ..DatabaseDrift::default()
                };
                write_metrics(&DriftReport::of(vec![failed]), args.metrics_file.as_deref())?;
                return Err(error);
            }
        }
    }
    let report = DriftReport::of(found);
    write_metrics(&report, args.metrics_file.as_deref())?;
    // What people read is not written when there is nothing to say; programs always get their document.
    let silent = global.quiet && report.is_clean();
    match args.format {
        Format::Text if !silent => output::prose(&text(&report))?,
        Format::Markdown if !silent => output::data(&markdown(&report))?,
        Format::Slack if !silent => output::data(&slack(&report))?,
        Format::Text | Format::Markdown | Format::Slack => {}
        Format::Json => output::data(&report.json())?,
        Format::Prometheus => output::data(&prometheus(&report, now()))?,
    }
    Ok(exit_code(&errors, report.drift))
}

/// An error that trying again does not mend comes first, then drift, then what may pass.
fn exit_code(errors: &[CliError], drift: bool) -> u8 {
    let lasting = errors.iter().find(|error| error.code != code::TEMPORARY);
    match (lasting, drift, errors.is_empty()) {
        (Some(error), _, _) => error.code,
        (None, true, _) => code::DIFFERENCE,
        (None, false, false) => code::TEMPORARY,
        (None, false, true) => code::OK,
    }
}

/// Looks at one database.
async fn look(
    name: &str,
    target: Target,
    args: &Args,
    global: &Global,
    config: &Config,
) -> Result<DatabaseDrift, CliError> {
    let desired = desired_source(args.to.as_deref(), global, config)?;
    let (desired, mut live) = load::both(
        desired,
        load::Source::Live(target),
        global,
        config,
        &args.scratch.scratch,
    )
    .await?;
    patterns::check(config, &[&desired, &live], global.quiet).await?;
    load::talk_notes(&desired, global.quiet);
    let mut notes = desired.notes.clone();
    let unmanaged = load::talk_unmanaged(&live, global.quiet);
    let expected = pending::expect(&mut live, "what they change is no drift").await.notes;
    for note in expected.iter().filter(|_| !global.quiet) {
        output::talk(&format!("note: {note}"));
    }
    notes.extend(expected);
    let compared = compare::compare(live, desired, &args.scratch.scratch, global, config).await?;
    compared.talk_reordered(global);
    compared.talk_left(global);
    notes.extend(compared.all_notes().cloned());
    notes.extend(compared.unknown.notes());
    let all = compared.differences(false);
    let (differences, ignored) = config.drift.sift(all, today());
    let expired = config.drift.expired(&differences, today());
    Ok(DatabaseDrift {
        name: name.to_owned(),
        error: None,
        differences,
        ignored,
        expired,
        unmanaged,
        notes,
    })
}

impl super::config::Drift {
    /// The differences that stay, and those that a rule hides.
    fn sift(&self, all: Vec<Difference>, today: jiff::civil::Date) -> (Vec<Difference>, Vec<Ignored>) {
        let mut stay = Vec::new();
        let mut ignored = Vec::new();
        for difference in all {
            let rule = self
                .ignore
                .iter()
                .find(|rule| rule.holds(today) && rule.fits(&difference.id));
            match rule {
                Some(rule) => ignored.push(Ignored {
                    object: difference.object,
                    state: difference.state,
                    reason: rule.reason.clone(),
                    until: rule.until.to_string(),
                }),
                None => stay.push(difference),
            }
        }
        (stay, ignored)
    }

    fn expired(&self, differences: &[Difference], today: jiff::civil::Date) -> Vec<crate::drift::Expired> {
        let expired = self.ignore.iter().filter(|rule| !rule.holds(today));
        expired
            .map(|rule| crate::drift::Expired {
                object: rule.object.clone(),
                reason: rule.reason.clone(),
                until: rule.until.to_string(),
                matches: differences
                    .iter()
                    .filter(|difference| rule.fits(&difference.id))
                    .count(),
            })
            .collect()
    }
}

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// The day, everywhere the same.
fn today() -> jiff::civil::Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// Writes the metrics beside their place and moves them there: a collector never reads half of them.
fn write_metrics(report: &DriftReport, file: Option<&Path>) -> Result<(), CliError> {
    let Some(file) = file else { return Ok(()) };
    let failed = |error: std::io::Error| CliError::file("write", file, error);
    let mut beside = file.as_os_str().to_owned();
    beside.push(format!(".{}", std::process::id()));
    std::fs::write(&beside, prometheus(report, now())).map_err(failed)?;
    std::fs::rename(&beside, file).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_trying_again_does_not_mend_comes_first() {
        let temporary = || CliError {
            code: code::TEMPORARY,
            ..CliError::new("later")
        };
        assert_eq!(exit_code(&[], false), code::OK);
        assert_eq!(exit_code(&[], true), code::DIFFERENCE);
        assert_eq!(exit_code(&[temporary()], false), code::TEMPORARY);
        assert_eq!(exit_code(&[temporary()], true), code::DIFFERENCE);
        assert_eq!(exit_code(&[temporary(), CliError::new("no")], true), code::ERROR);
    }
}
