//! Runners whose migrations are files of SQL, sent as they are: Flyway, golang-migrate, sqlx, Diesel, refinery, Prisma.

use super::version::{Numbering, versions};
use super::{ExportError, File, Request, Runner, Segment, name};

pub(super) fn export(request: &Request<'_>) -> Result<Vec<File>, ExportError> {
    let numbering = match request.runner {
        Runner::Flyway | Runner::Refinery => Numbering::Number(1, 1),
        Runner::GolangMigrate => Numbering::Number(1, 6),
        Runner::Sqlx => Numbering::Number(1, 4),
        Runner::Prisma => Numbering::Stamp,
        _ => Numbering::Asked,
    };
    let versions = versions(numbering, request, request.segments.len())?;
    let mut files = Vec::new();
    for (segment, version) in request.segments.iter().zip(versions) {
        let name = name::migration(&request.name, segment);
        let up = format!("{}{}", segment.sql_header(false), segment.up.text(false));
        let down = format!("{}{}", segment.sql_header(true), segment.down_text(false));
        match request.runner {
            Runner::Flyway => flyway(segment, &version, &name, [up, down], &mut files),
            Runner::GolangMigrate => {
                let up = format!("{}{}", segment.sql_header(false), segment.up.text(true));
                let down = format!("{}{}", segment.sql_header(true), segment.down_text(true));
                files.push(File::new(format!("{version}_{name}.up.sql"), up));
                files.push(File::new(format!("{version}_{name}.down.sql"), down));
            }
            Runner::Sqlx => {
                // The mark must be the first bytes of the file.
                let mark = |transaction| if transaction { "" } else { "-- no-transaction\n" };
                let up = format!("{}{up}", mark(segment.up.transaction));
                let down = format!("{}{down}", mark(segment.down_in_transaction()));
                files.push(File::new(format!("{version}_{name}.up.sql"), up));
                files.push(File::new(format!("{version}_{name}.down.sql"), down));
            }
            Runner::Diesel => diesel(segment, &version, &name, &mut files),
            Runner::Refinery => {
                if !segment.up.transaction {
                    let why = "refinery runs every migration in a transaction";
                    return Err(ExportError::cannot(request, segment, why));
                }
                files.push(File::new(format!("V{version}__{name}.sql"), up));
            }
            _ => {
                let up = format!("{}{}", segment.sql_header(false), segment.up.text(true));
                files.push(File::new(format!("{version}_{name}/migration.sql"), up));
            }
        }
    }
    if request.runner == Runner::Prisma && !request.existing.iter().any(|file| file.path == "migration_lock.toml") {
        files.push(File::new(
            "migration_lock.toml".into(),
            "provider = \"postgresql\"\n".into(),
        ));
    }
    Ok(files)
}

/// What stands beside a file tells Flyway how to run it. `${` in SQL is no placeholder.
fn flyway(segment: &Segment, version: &str, name: &str, texts: [String; 2], files: &mut Vec<File>) {
    let transactions = [segment.up.transaction, segment.down_in_transaction()];
    for ((letter, text), transaction) in ["V", "U"].into_iter().zip(texts).zip(transactions) {
        let mut settings = String::new();
        if !transaction {
            settings.push_str("executeInTransaction=false\n");
        }
        if text.contains("${") {
            settings.push_str("placeholderReplacement=false\n");
        }
        let path = format!("{letter}{version}__{name}.sql");
        if !settings.is_empty() {
            files.push(File::new(format!("{path}.conf"), settings));
        }
        files.push(File::new(path, text));
    }
}

/// One setting counts for both directions, so that the one which needs a transaction brings it along.
fn diesel(segment: &Segment, version: &str, name: &str, files: &mut Vec<File>) {
    let own = !segment.is_transactional();
    let up = format!("{}{}", segment.sql_header(false), segment.up.text(own));
    let down = format!("{}{}", segment.sql_header(true), segment.down_text(own));
    files.push(File::new(format!("{version}_{name}/up.sql"), up));
    files.push(File::new(format!("{version}_{name}/down.sql"), down));
    if own {
        files.push(File::new(
            format!("{version}_{name}/metadata.toml"),
            "run_in_transaction = false\n".into(),
        ));
    }
}
