//! Alembic and Django.

use sha2::{Digest, Sha256};

use super::quote::{comments, python};
use super::version::{Numbering, versions};
use super::{Down, ExportError, File, Request, Unit, name};

const ALEMBIC_RUN: &str = r#"def run(sql):
    """Sends SQL as it is: neither colons nor per cent signs mean parameters."""
    if op.get_context().as_sql:
        op.get_context().impl.static_output(sql + ";\n")
    else:
        op.get_bind().exec_driver_sql(sql, execution_options={"no_parameters": True})
"#;

pub(super) fn alembic(request: &Request<'_>) -> Result<Vec<File>, ExportError> {
    let mut after = match &request.after {
        Some(after) => Some(after.clone()),
        None => alembic_head(request)?,
    };
    let mut files = Vec::new();
    for segment in request.segments {
        let hash = Sha256::digest(format!("{} {}", segment.plan_id, segment.step));
        let revision: String = hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let down_revision = after.as_deref().map_or_else(|| "None".to_owned(), python);
        let header = comments("#", "", &segment.header());
        let down = match &segment.down {
            Down::Sql(unit) => alembic_unit(unit),
            Down::Nothing => "    # There is nothing to undo.\n    pass\n".into(),
            Down::Impossible(_) => format!("    raise NotImplementedError({})\n", python(&segment.one_way())),
        };
        let text = format!(
            "{header}from alembic import op\n\nrevision = {}\ndown_revision = {down_revision}\nbranch_labels = None\ndepends_on = None\n\n\n\
             {ALEMBIC_RUN}\n\ndef upgrade():\n{}\n\ndef downgrade():\n{down}",
            python(&revision),
            alembic_unit(&segment.up),
        );
        files.push(File::new(
            format!("{revision}_{}.py", name::migration(&request.name, segment)),
            text,
        ));
        after = Some(revision);
    }
    Ok(files)
}

/// By default Alembic runs all pending migrations in one transaction. A block of autocommit ends it.
fn alembic_unit(unit: &Unit) -> String {
    let run = |indent: &str| -> String {
        unit.sequence()
            .iter()
            .map(|statement| format!("{indent}run({})\n", python(statement)))
            .collect()
    };
    let block = "    with op.get_context().autocommit_block():\n";
    if unit.transaction {
        let why = "    # Ends the transaction of the migrations before, so that their locks are not held on.\n";
        format!("{why}{block}        pass\n{}", run("    "))
    } else {
        format!("{block}{}", run("        "))
    }
}

/// The revision that no other one follows.
fn alembic_head(request: &Request<'_>) -> Result<Option<String>, ExportError> {
    let mut revisions = Vec::new();
    let mut followed = Vec::new();
    for file in request.others().filter(|file| file.path.ends_with(".py")) {
        for line in file.text.lines() {
            let name = line.split([':', '=', ' ']).next().unwrap_or_default();
            let value = line.split_once('=').map(|(_, value)| value).unwrap_or_default();
            match name {
                "revision" => revisions.extend(strings(value)),
                "down_revision" => followed.extend(strings(value)),
                _ => {}
            }
        }
    }
    revisions.retain(|revision| !followed.contains(revision));
    one_of(revisions, "revision")
}

fn one_of(mut heads: Vec<String>, what: &str) -> Result<Option<String>, ExportError> {
    heads.sort();
    match heads.as_slice() {
        [] => Ok(None),
        [head] => Ok(Some(head.clone())),
        _ => Err(
            ExportError::usage(format!("the folder has several heads: {}", heads.join(", ")))
                .hint(format!("say which {what} the migrations follow: --after NAME")),
        ),
    }
}

/// The quoted words of a line.
fn strings(text: &str) -> Vec<String> {
    let quote = |letter| matches!(letter, '"' | '\'');
    text.split(quote).skip(1).step_by(2).map(str::to_owned).collect()
}

pub(super) fn django(request: &Request<'_>) -> Result<Vec<File>, ExportError> {
    let Some(app) = &request.app else {
        return Err(ExportError::usage("which Django app do the migrations belong to?")
            .hint("--app LABEL, or write into a folder APP/migrations"));
    };
    let mut after = match &request.after {
        Some(after) => Some(after.clone()),
        None => django_leaf(request)?,
    };
    let mut files = Vec::new();
    if !request.existing.iter().any(|file| file.path == "__init__.py") {
        files.push(File::new("__init__.py".into(), String::new()));
    }
    let versions = versions(Numbering::Number(1, 4), request, request.segments.len())?;
    for (segment, version) in request.segments.iter().zip(versions) {
        let name = format!("{version}_{}", name::migration(&request.name, segment));
        let lone = !segment.is_transactional();
        let dependencies = match &after {
            Some(after) => format!("[({}, {})]", python(app), python(after)),
            None => "[]".into(),
        };
        let mut text = comments("#", "", &segment.header());
        text.push_str("from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n");
        if lone {
            text.push_str("    atomic = False\n");
        }
        text.push_str(&format!("    dependencies = {dependencies}\n"));
        text.push_str("    operations = [\n        migrations.RunSQL(\n            [\n");
        text.push_str(&django_list(&segment.up, lone));
        text.push_str("            ],\n");
        match &segment.down {
            Down::Sql(unit) => {
                text.push_str(&format!(
                    "            reverse_sql=[\n{}            ],\n",
                    django_list(unit, lone)
                ));
            }
            Down::Nothing => text.push_str("            reverse_sql=migrations.RunSQL.noop,\n"),
            // Without reverse_sql Django refuses the way back by itself.
            Down::Impossible(_) => text.push_str(&comments("#", "            ", &[segment.one_way()])),
        }
        text.push_str("        ),\n    ]\n");
        files.push(File::new(format!("{name}.py"), text));
        after = Some(name);
    }
    Ok(files)
}

/// Every entry is sent by itself.
fn django_list(unit: &Unit, lone: bool) -> String {
    unit.entries(lone)
        .iter()
        .map(|statement| format!("                {},\n", python(statement)))
        .collect()
}

/// The migration that no other one depends on.
fn django_leaf(request: &Request<'_>) -> Result<Option<String>, ExportError> {
    let files: Vec<(&str, &str)> = request
        .others()
        .filter_map(|file| {
            let stem = file.path.strip_suffix(".py")?;
            (stem != "__init__" && !stem.contains('/')).then_some((stem, file.text.as_str()))
        })
        .collect();
    let named = |name: &str| ['"', '\''].map(|quote| format!("{quote}{name}{quote}"));
    let leaves = files
        .iter()
        .filter(|(stem, _)| {
            let names = named(stem);
            !files
                .iter()
                .any(|(other, text)| other != stem && names.iter().any(|name| text.contains(name)))
        })
        .map(|(stem, _)| (*stem).to_owned())
        .collect();
    one_of(leaves, "migration")
}
