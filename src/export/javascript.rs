//! Knex, TypeORM and node-pg-migrate.

use super::quote::{comments, javascript};
use super::version::{Numbering, versions};
use super::{Down, ExportError, File, Request, Segment, Unit, name};

const KNEX_RUN: &str = "\
// raw() would take question marks for parameters: the connection of the migration takes SQL as it is.
async function run(knex, statements) {
  const connection = await knex.client.acquireConnection();
  try {
    for (const sql of statements) await connection.query(sql);
  } finally {
    await knex.client.releaseConnection(connection);
  }
}
";

const TYPEORM_LEAVE: &str = "    // `migration:revert` opens a transaction all the same: it ends here, and another one begins behind the statement.
    const inside = queryRunner.isTransactionActive;
    if (inside) await queryRunner.commitTransaction();
";
const TYPEORM_ENTER: &str = "    if (inside) await queryRunner.startTransaction();
";

/// Files are named as those that are there.
fn extension(request: &Request<'_>) -> &'static str {
    let has = |end: &str| request.existing.iter().any(|file| file.path.ends_with(end));
    if has(".cjs") && !has(".js") { "cjs" } else { "js" }
}

/// Statements as entries of a list.
fn list(unit: &Unit, own_transaction: bool, indent: &str) -> String {
    unit.entries(own_transaction)
        .iter()
        .map(|statement| format!("{indent}{},\n", javascript(statement)))
        .collect()
}

fn fails(segment: &Segment) -> String {
    format!("throw new Error({});", javascript(&segment.one_way()))
}

pub(super) fn knex(request: &Request<'_>) -> Result<Vec<File>, ExportError> {
    let versions = versions(Numbering::Asked, request, request.segments.len())?;
    let file = |(segment, version): (&Segment, String)| {
        let lone = !segment.is_transactional();
        let mut text = comments("//", "", &segment.header());
        text.push_str(&format!("\n{KNEX_RUN}"));
        text.push_str(&format!(
            "\nexports.up = (knex) =>\n  run(knex, [\n{}  ]);\n",
            list(&segment.up, lone, "    ")
        ));
        text.push_str(&match &segment.down {
            Down::Sql(unit) => format!(
                "\nexports.down = (knex) =>\n  run(knex, [\n{}  ]);\n",
                list(unit, lone, "    ")
            ),
            Down::Nothing => "\n// There is nothing to undo.\nexports.down = async () => {};\n".into(),
            Down::Impossible(_) => format!("\nexports.down = async () => {{\n  {}\n}};\n", fails(segment)),
        });
        if lone {
            text.push_str("\nexports.config = { transaction: false };\n");
        }
        let name = name::migration(&request.name, segment);
        File::new(format!("{version}_{name}.{}", extension(request)), text)
    };
    Ok(request.segments.iter().zip(versions).map(file).collect())
}

pub(super) fn typeorm(request: &Request<'_>) -> Result<Vec<File>, ExportError> {
    let versions = versions(Numbering::Millis, request, request.segments.len())?;
    let file = |(segment, version): (&Segment, String)| {
        let lone = !segment.is_transactional();
        let class = name::class(&name::migration(&request.name, segment));
        let send = |unit: &Unit| {
            format!(
                "    for (const sql of [\n{}    ]) {{\n      await queryRunner.query(sql);\n    }}\n",
                list(unit, lone, "      ")
            )
        };
        let (argument, down) = match &segment.down {
            Down::Sql(unit) if !unit.transaction => {
                ("queryRunner", format!("{TYPEORM_LEAVE}{}{TYPEORM_ENTER}", send(unit)))
            }
            Down::Sql(unit) => ("queryRunner", send(unit)),
            Down::Nothing => ("_queryRunner", "    // There is nothing to undo.\n".into()),
            Down::Impossible(_) => ("_queryRunner", format!("    {}\n", fails(segment))),
        };
        let mode = if lone { "  transaction = false;\n" } else { "" };
        let text = format!(
            "{}import {{ MigrationInterface, QueryRunner }} from \"typeorm\";\n\n\
             export class {class}{version} implements MigrationInterface {{\n  name = \"{class}{version}\";\n{mode}\n  \
             public async up(queryRunner: QueryRunner): Promise<void> {{\n{}  }}\n\n  \
             public async down({argument}: QueryRunner): Promise<void> {{\n{down}  }}\n}}\n",
            comments("//", "", &segment.header()),
            send(&segment.up),
        );
        File::new(format!("{version}-{class}.ts"), text)
    };
    Ok(request.segments.iter().zip(versions).map(file).collect())
}

pub(super) fn node_pg_migrate(request: &Request<'_>) -> Result<Vec<File>, ExportError> {
    let versions = versions(Numbering::Millis, request, request.segments.len())?;
    let file = |(segment, version): (&Segment, String)| {
        let mut text = comments("//", "", &segment.header());
        text.push_str(&format!("\nexports.up = (pgm) => {{\n{}}};\n", pgm(&segment.up)));
        text.push_str(&match &segment.down {
            Down::Sql(unit) => format!("\nexports.down = (pgm) => {{\n{}}};\n", pgm(unit)),
            Down::Nothing => "\n// There is nothing to undo.\nexports.down = () => {};\n".into(),
            // `false` is how node-pg-migrate is told that there is no way back.
            Down::Impossible(_) => {
                format!("\n{}exports.down = false;\n", comments("//", "", &[segment.one_way()]))
            }
        });
        let name = name::migration(&request.name, segment);
        File::new(format!("{version}_{name}.{}", extension(request)), text)
    };
    Ok(request.segments.iter().zip(versions).map(file).collect())
}

/// By default all pending migrations run in one transaction.
fn pgm(unit: &Unit) -> String {
    let mut text = String::new();
    if unit.transaction {
        text.push_str("  // Ends the transaction of the migrations before, so that their locks are not held on.\n");
        text.push_str("  pgm.sql(\"COMMIT\");\n  pgm.sql(\"BEGIN\");\n");
    } else {
        text.push_str("  pgm.noTransaction();\n");
    }
    for statement in unit.sequence() {
        text.push_str(&format!("  pgm.sql({});\n", javascript(&statement)));
    }
    text
}
