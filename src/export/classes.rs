//! Rails and Laravel.

use super::quote::{comments, php, ruby};
use super::version::{Numbering, laravel as stamped, versions};
use super::{Down, ExportError, File, Request, Segment, Unit, name};

/// What needs a transaction in a migration that has none is sent as one query.
fn queries(unit: &Unit, lone: bool) -> Vec<String> {
    if lone && unit.transaction {
        vec![unit.text(true)]
    } else {
        unit.sequence()
    }
}

pub(super) fn rails(request: &Request<'_>) -> Result<Vec<File>, ExportError> {
    let versions = versions(Numbering::Asked, request, request.segments.len())?;
    let file = |(segment, version): (&Segment, String)| {
        let lone = !segment.is_transactional();
        let name = name::migration(&request.name, segment);
        let send = |unit: &Unit| -> String {
            queries(unit, lone)
                .iter()
                .map(|sql| {
                    let (word, lines) = ruby(sql);
                    format!("    execute({word})\n{lines}")
                })
                .collect()
        };
        let down = match &segment.down {
            Down::Sql(unit) => send(unit),
            Down::Nothing => "    # There is nothing to undo.\n".into(),
            Down::Impossible(_) => {
                let (word, lines) = ruby(&segment.one_way());
                format!("    raise ActiveRecord::IrreversibleMigration, {word}\n{lines}")
            }
        };
        let mode = if lone { "  disable_ddl_transaction!\n\n" } else { "" };
        let text = format!(
            "{}class {} < ActiveRecord::Migration[{}]\n{mode}  def up\n{}  end\n\n  def down\n{down}  end\nend\n",
            comments("#", "", &segment.header()),
            name::class(&name),
            rails_version(request),
            send(&segment.up),
        );
        File::new(format!("{version}_{name}.rb"), text)
    };
    Ok(request.segments.iter().zip(versions).map(file).collect())
}

/// The version of the newest migration that is there; without one, the oldest that every maintained Rails still reads.
fn rails_version(request: &Request<'_>) -> String {
    let newest = request
        .others()
        .filter(|file| file.path.ends_with(".rb"))
        .max_by(|a, b| a.path.cmp(&b.path));
    let version = newest
        .and_then(|file| file.text.split_once("ActiveRecord::Migration["))
        .and_then(|(_, rest)| rest.split_once(']'))
        .map(|(version, _)| version.trim())
        .filter(|version| {
            version
                .split('.')
                .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
        });
    version.unwrap_or("6.1").to_owned()
}

pub(super) fn laravel(request: &Request<'_>) -> Result<Vec<File>, ExportError> {
    let versions = versions(Numbering::Stamp, request, request.segments.len())?;
    let file = |(segment, version): (&Segment, String)| {
        let lone = !segment.is_transactional();
        let send = |unit: &Unit| -> String {
            queries(unit, lone)
                .iter()
                .map(|sql| {
                    format!(
                        "        DB::connection($this->getConnection())->unprepared({});\n",
                        php(sql)
                    )
                })
                .collect()
        };
        let down = match &segment.down {
            Down::Sql(unit) => send(unit),
            Down::Nothing => "        // There is nothing to undo.\n".into(),
            Down::Impossible(_) => format!("        throw new RuntimeException({});\n", php(&segment.one_way())),
        };
        let mode = if lone {
            "    public $withinTransaction = false;\n\n"
        } else {
            ""
        };
        let text = format!(
            "<?php\n\n{}use Illuminate\\Database\\Migrations\\Migration;\nuse Illuminate\\Support\\Facades\\DB;\n\n\
             return new class extends Migration\n{{\n{mode}    public function up(): void\n    {{\n{}    }}\n\n    \
             public function down(): void\n    {{\n{down}    }}\n}};\n",
            comments("//", "", &segment.header()),
            send(&segment.up),
        );
        File::new(
            format!("{}_{}.php", stamped(&version), name::migration(&request.name, segment)),
            text,
        )
    };
    Ok(request.segments.iter().zip(versions).map(file).collect())
}
