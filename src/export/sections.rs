//! Runners with both directions in one file of SQL: dbmate and goose. A line of SQL that looks like one of their marks would cut
//! a statement in two.

use super::version::{Numbering, versions};
use super::{Down, ExportError, File, Request, Segment, Unit, name};

pub(super) fn dbmate(request: &Request<'_>) -> Result<Vec<File>, ExportError> {
    let versions = versions(Numbering::Asked, request, request.segments.len())?;
    let mut files = Vec::new();
    for (segment, version) in request.segments.iter().zip(versions) {
        let is_mark = |line: &str| {
            let rest = line.trim_start().strip_prefix("--").map(str::trim_start);
            rest.is_some_and(|rest| rest.starts_with("migrate:"))
        };
        refuse_marks(request, segment, is_mark)?;
        let option = |transaction| if transaction { "" } else { " transaction:false" };
        let text = format!(
            "-- migrate:up{}\n{}{}\n-- migrate:down{}\n{}{}",
            option(segment.up.transaction),
            segment.sql_header(false),
            segment.up.text(false),
            option(segment.down_in_transaction()),
            alone(segment),
            segment.down_text(false),
        );
        files.push(File::new(
            format!("{version}_{}.sql", name::migration(&request.name, segment)),
            text,
        ));
    }
    Ok(files)
}

pub(super) fn goose(request: &Request<'_>) -> Result<Vec<File>, ExportError> {
    let versions = versions(Numbering::Number(1, 5), request, request.segments.len())?;
    let mut files = Vec::new();
    for (segment, version) in request.segments.iter().zip(versions) {
        // Goose reads line by line, and looks for its word in every comment line.
        let is_mark = |line: &str| line.trim_start().starts_with("--") && line.contains("+goose");
        refuse_carriage_returns(request, segment)?;
        refuse_marks(request, segment, is_mark)?;
        let lone = !segment.is_transactional();
        let mut text = String::new();
        if lone {
            text.push_str("-- +goose NO TRANSACTION\n");
        }
        text.push_str(&segment.sql_header(false).replace("+goose", "+ goose"));
        text.push_str(&format!("-- +goose Up\n{}", goose_unit(&segment.up, lone)));
        text.push_str(&format!("\n-- +goose Down\n{}", alone(segment)));
        text.push_str(&match &segment.down {
            Down::Sql(unit) => goose_unit(unit, lone),
            Down::Nothing => segment.down_text(false),
            Down::Impossible(_) => goose_statement(&segment.failing()),
        });
        files.push(File::new(
            format!("{version}_{}.sql", name::migration(&request.name, segment)),
            text,
        ));
    }
    Ok(files)
}

/// Outside a transaction goose may take another connection for each statement, so that what belongs together goes as one
/// query.
fn goose_unit(unit: &Unit, lone: bool) -> String {
    if lone && unit.transaction {
        return format!("-- +goose StatementBegin\n{}-- +goose StatementEnd\n", unit.text(true));
    }
    unit.query()
        .iter()
        .map(|statement| goose_statement(statement))
        .collect()
}

fn goose_statement(statement: &str) -> String {
    if statement.contains([';', '\n']) || statement.contains("--") {
        format!("-- +goose StatementBegin\n{statement}\n;\n-- +goose StatementEnd\n")
    } else {
        format!("{statement};\n")
    }
}

fn alone(segment: &Segment) -> String {
    match &segment.down {
        Down::Sql(unit) => unit.alone().iter().map(|line| format!("-- {line}\n")).collect(),
        _ => String::new(),
    }
}

/// The SQL of both directions.
fn statements(segment: &Segment) -> impl Iterator<Item = &String> {
    let down = match &segment.down {
        Down::Sql(unit) => unit.statements.as_slice(),
        _ => &[],
    };
    segment.up.statements.iter().chain(down)
}

/// Refuses SQL whose line ends would be lost where a runner reads line by line.
pub(super) fn refuse_carriage_returns(request: &Request<'_>, segment: &Segment) -> Result<(), ExportError> {
    if statements(segment).any(|statement| statement.contains('\r')) {
        let why = "its SQL has carriage returns, and this runner would leave them out";
        return Err(ExportError::cannot(request, segment, why));
    }
    Ok(())
}

/// Refuses SQL with a line that the runner would take for a mark of its own.
pub(super) fn refuse_marks(
    request: &Request<'_>,
    segment: &Segment,
    is_mark: impl Fn(&str) -> bool,
) -> Result<(), ExportError> {
    match statements(segment)
        .flat_map(|statement| statement.lines())
        .find(|line| is_mark(line))
    {
        None => Ok(()),
        Some(line) => {
            let why = format!(
                "it would take the line `{}` of the SQL for a mark of its own",
                line.trim()
            );
            Err(ExportError::cannot(request, segment, &why))
        }
    }
}
