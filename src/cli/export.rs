//! `export`: a plan as migrations of an existing runner.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::apply::{Phases, phases};
use super::error::{CliError, ErrorKind, code};
use super::{Config, Global, output, permit};
use crate::apply::refuse_unapproved;
use crate::export::{Export, ExportError, File, Request, Runner, Segment, export, segments};
use crate::plan::file::PlanFolder;

/// What a runner's folder may hold that says something about order.
const ENDS: &[&str] = &[
    "sql", "py", "js", "cjs", "mjs", "ts", "rb", "php", "json", "toml", "plan",
];

/// Arguments of `export`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Plan folder
    folder: PathBuf,
    /// The runner
    #[arg(long, value_enum)]
    runner: Runner,
    /// Folder of the runner's migrations; for sqitch the one with sqitch.plan
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Phase to write: expand, backfill, validate, contract, or all
    #[arg(long, value_parser = phases, default_value = "all")]
    phase: Phases,
    /// Version of the first migration, a number or YYYYMMDDHHMMSS [default: the one after the highest in the folder]
    #[arg(long, value_name = "VERSION")]
    version_from: Option<String>,
    /// Migration that they follow, for alembic and django [default: the only head in the folder]
    #[arg(long, value_name = "NAME")]
    after: Option<String>,
    /// App label, for django [default: the folder that holds `migrations`]
    #[arg(long, value_name = "LABEL")]
    app: Option<String>,
    /// Author, for liquibase and sqitch [default: the last one in sqitch.plan, or pgphase]
    #[arg(long, value_name = "NAME <MAIL>")]
    author: Option<String>,
    /// What the migrations are named after [default: the plan]
    #[arg(long)]
    name: Option<String>,
    /// Write ways back that do not bring deleted data back; without, they fail
    #[arg(long)]
    down_with_loss: bool,
    /// Write over files that are there
    #[arg(long)]
    force: bool,
}

const EXAMPLES: &str = "\
Examples:
  pgphase export plans/token --runner dbmate --out db/migrations --version-from 20261121120000
  pgphase export plans/token --runner django --out shop/migrations --phase expand";

pub(crate) fn run(args: &Args, global: &Global) -> Result<u8, CliError> {
    let config = Config::of(global)?;
    let mut folder = PlanFolder::read(&config.plan_folder(&args.folder))?;
    permit::permit(&config.policy, &mut folder, &args.phase.0)?;
    refuse_unapproved(&folder, &args.phase.0).map_err(|error| {
        CliError::from(error).hint(
            "read what they say; then put their ids under `approvals` in plan.yaml, or plan again with --approve ID",
        )
    })?;
    let segments = segments(&folder, &args.phase.0, args.down_with_loss).map_err(|error| {
        CliError::new(format!("the SQL of the plan cannot be read: {error}")).kind(ErrorKind::PlanFolder)
    })?;
    if segments.is_empty() {
        output::talk("nothing to export: the plan has no steps in this phase");
        return Ok(code::OK);
    }
    let existing = existing(&args.out)?;
    let request = Request {
        runner: args.runner,
        segments: &segments,
        existing: &existing,
        name: args.name.clone().unwrap_or_else(|| folder.plan.name.clone()),
        version_from: args.version_from.clone(),
        after: args.after.clone(),
        app: args.app.clone().or_else(|| app_of(&args.out)),
        author: args.author.clone(),
    };
    let again = |(segment, file): (&Segment, &File), hint: &str| {
        Err(
            CliError::new(format!("step {} of this plan is exported already", segment.step))
                .at(args.out.join(&file.path).as_path())
                .hint(hint),
        )
    };
    if let (false, Some(found)) = (args.force, request.exported_before().next()) {
        return again(found, "remove the files, or write them again with --force");
    }
    let export = export(&request)?;
    let stays = |(_, file): &(&Segment, &File)| !export.files.iter().any(|new| new.path == file.path);
    if let Some(found) = request.exported_before().find(stays) {
        return again(
            found,
            "it would be there twice: remove the file, or give the --version-from that it was written with",
        );
    }
    write(&export, &args.out, args.force)?;
    let mut text = String::new();
    for file in &export.files {
        text.push_str(&format!("{}\n", args.out.join(&file.path).display()));
    }
    output::data(&text)?;
    if !global.quiet {
        export
            .notices
            .iter()
            .for_each(|notice| output::talk(&format!("note: {notice}")));
    }
    Ok(code::OK)
}

/// The files of the folder, as far as they are text.
fn existing(out: &Path) -> Result<Vec<File>, CliError> {
    let mut files = Vec::new();
    if !out.exists() {
        return Ok(files);
    }
    for entry in WalkDir::new(out).max_depth(2).sort_by_file_name() {
        let entry = entry.map_err(|error| CliError::file("read", out, error))?;
        let path = entry.path();
        let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
        if !entry.file_type().is_file() || !ENDS.contains(&end) {
            continue;
        }
        let parts = path.strip_prefix(out).unwrap_or(path).components();
        let relative: Vec<String> = parts
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .collect();
        let bytes = fs::read(path).map_err(|error| CliError::file("read", path, error))?;
        files.push(File {
            path: relative.join("/"),
            text: String::from_utf8_lossy(&bytes).into_owned(),
            extends: false,
        });
    }
    Ok(files)
}

/// `shop/migrations` belongs to `shop`.
fn app_of(out: &Path) -> Option<String> {
    let out = fs::canonicalize(out).unwrap_or_else(|_| out.to_owned());
    let name = out.file_name()?.to_str()?;
    let parent = out.parent()?.file_name()?.to_str()?;
    (name == "migrations").then(|| parent.to_owned())
}

/// Either every file is written or, where one is there already, none.
fn write(export: &Export, out: &Path, force: bool) -> Result<(), CliError> {
    for file in export.files.iter().filter(|file| !file.extends) {
        let path = out.join(&file.path);
        if !force && path.exists() {
            return Err(CliError::is_there(path.as_path())
                .hint("give another --version-from or --name, or write over it with --force"));
        }
    }
    for file in &export.files {
        let path = out.join(&file.path);
        let failed = |error: std::io::Error| CliError::file("write", &path, error);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        fs::write(&path, &file.text).map_err(failed)?;
    }
    Ok(())
}

impl From<ExportError> for CliError {
    fn from(error: ExportError) -> Self {
        Self {
            hint: error.hint,
            ..if error.usage {
                Self::usage(error.message)
            } else {
                Self::new(error.message)
            }
        }
    }
}
