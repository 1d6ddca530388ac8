//! An existing column shall refuse nulls.
//!
//! **The danger.** A bare SET NOT NULL scans the table under ACCESS EXCLUSIVE.
//!
//! | phase | step | lock |
//! |---|---|---|
//! | backfill | with `@backfill`: a value where there is none | rows, in batches |
//! | validate | count rows with a null | none that blocks |
//! | validate | ADD CHECK (c IS NOT NULL) NOT VALID | ACCESS EXCLUSIVE, instant |
//! | validate | VALIDATE CONSTRAINT | SHARE UPDATE EXCLUSIVE, scans |
//! | validate | SET NOT NULL, proved by the check | ACCESS EXCLUSIVE, instant |
//! | validate | DROP CONSTRAINT, apart: in the same ALTER TABLE the proof would not count | ACCESS EXCLUSIVE, instant |
//!
//! **Not needed** when a valid check of the table proves it already.
//! **If it stops half-way**: the check stays and the next run goes on from it.

use crate::expr::{Expr, SearchPath};
use sha2::{Digest, Sha256};

use crate::name::{Ident, QualifiedName};
use crate::object::column::ColumnChange;
use crate::object::constraint::{Constraint, ConstraintChange, ConstraintRule};
use crate::object::{Kind, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::nulls::Nulls;
use crate::plan::{Class, Phase};

/// The recipe for one column of an existing table.
pub fn recipe(table: &QualifiedName, column: &Ident, context: &Context) -> Recipe {
    let id = ObjectId::part(Kind::Column, table, column);
    let set = Operation::alter(id.clone(), ColumnChange::NotNull(true));
    if proof(table, column, context).is_some() {
        let proved = Draft {
            proves_not_null: vec![id.clone()],
            ..Draft::instant(Phase::Validate, vec![set])
        };
        return vec![proved.because("A valid check proves it, so nothing is scanned.")];
    }
    prove(table, column, nulls(table, column, context))
}

/// How a column of the desired schema is asked for nulls.
pub fn nulls(table: &QualifiedName, column: &Ident, context: &Context) -> Nulls {
    let column = context.desired_column(table, column);
    let type_name = column.map(|column| &column.type_name);
    Nulls::of(type_name.as_slice(), context.schemas.desired)
}

/// The proof and SET NOT NULL, whatever else says so.
pub fn prove(table: &QualifiedName, column: &Ident, nulls: Nulls) -> Recipe {
    let id = ObjectId::part(Kind::Column, table, column);
    let set = Operation::alter(id.clone(), ColumnChange::NotNull(true));
    let proved = Draft {
        proves_not_null: vec![id],
        ..Draft::instant(Phase::Validate, vec![set])
    };
    let asked = data_check(
        table,
        format!("hold a null in {column}"),
        format!("SELECT * FROM {table} WHERE {}", nulls.none(&column.to_string())),
    );
    let Proof { made, dropped } = proof_of(table, column, nulls, Phase::Validate);
    let proved = proved.because("The valid check proves it, so nothing is scanned.");
    [asked].into_iter().chain(made).chain([proved, dropped]).collect()
}

/// A check that proves a column not null.
pub struct Proof {
    /// How it is made: for new rows, then for all.
    pub made: [Draft; 2],
    /// How it goes when it has served.
    pub dropped: Draft,
}

/// The check that proves a column not null.
pub fn proof_of(table: &QualifiedName, column: &Ident, nulls: Nulls, phase: Phase) -> Proof {
    let name = Ident::new(proof_name(column));
    let rule = ConstraintRule::Check {
        expr: Expr::new(nulls.some(&column.to_string())),
        no_inherit: false,
    };
    let check = Constraint {
        not_valid: true,
        ..Constraint::new(table, &name, rule)
    };
    let check_id = ObjectId::part(Kind::Constraint, table, &name);
    let made = [
        Draft::instant(phase, vec![Operation::create(check)])
            .because("New rows are checked from here on; the table is not read."),
        Draft::new(
            phase,
            Class::Long,
            vec![Operation::alter(check_id.clone(), ConstraintChange::Validate)],
        )
        .because("Reads and writes go on while existing rows are checked."),
    ];
    let dropped = Draft::instant(phase, vec![Operation::drop(check_id)])
        .because("Only apart from SET NOT NULL: in one statement the proof would not count.");
    Proof { made, dropped }
}

/// Gives a column a value where it has none, in batches. A row whose value would be null stays as it is.
pub fn fill(table: &QualifiedName, column: &Ident, value: &Expr, nulls: Nulls) -> Draft {
    let condition = Expr {
        text: format!(
            "{} AND {}",
            nulls.none(&column.to_string()),
            nulls.some(&format!("({})", value.text))
        ),
        ..value.clone()
    };
    Draft::new(
        Phase::Backfill,
        Class::Backfill,
        vec![Operation::Backfill {
            table: table.clone(),
            set: vec![(column.clone(), value.clone())],
            condition,
        }],
    )
    .because("Rows without a value get that of @backfill, in batches.")
}

/// A query that must find no row.
pub fn data_check(table: &QualifiedName, problem: String, query: String) -> Draft {
    let check = Operation::Check {
        table: table.clone(),
        problem,
        query: Expr::under(query, &SearchPath::default()),
        shown: vec![],
    };
    Draft::new(Phase::Validate, Class::Check, vec![check]).because("Asked before any lock is taken.")
}

/// A check whose message names these columns of an offending row as well.
pub(super) fn showing(mut draft: Draft, columns: &[Ident]) -> Draft {
    for operation in &mut draft.operations {
        if let Operation::Check { shown, .. } = operation {
            shown.extend_from_slice(columns);
        }
    }
    draft
}

fn proof(table: &QualifiedName, column: &Ident, context: &Context) -> Option<Ident> {
    let wanted = Expr::new(nulls(table, column, context).some(&column.to_string()));
    context
        .schemas
        .live
        .constraints(table)
        .find_map(|constraint| match &constraint.rule {
            ConstraintRule::Check { expr, .. }
                if !constraint.not_valid && !constraint.not_enforced && *expr == wanted =>
            {
                Some(constraint.name.clone())
            }
            _ => None,
        })
}

/// A name of ours for the check that proves a column not null.
pub fn proof_name(column: &Ident) -> String {
    helper_name(column.as_str(), "not_null")
}

/// A name of ours for a helper object: `pgphase_NAME_SUFFIX`. Where that is longer than 63 bytes the name is cut, and a part
/// of its hash keeps names apart that begin alike.
pub fn helper_name(name: &str, suffix: &str) -> String {
    let room = crate::name::MAX_IDENT_BYTES - "pgphase__".len() - suffix.len();
    if name.len() <= room {
        return format!("pgphase_{name}_{suffix}");
    }
    let hash: String = Sha256::digest(name)
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let mut end = room - hash.len() - 1;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("pgphase_{}_{hash}_{suffix}", &name[..end])
}

#[cfg(test)]
mod tests {
    use super::helper_name;

    #[test]
    fn names_fit_and_stay_apart() {
        assert_eq!(helper_name("email", "new"), "pgphase_email_new");
        let (one, other) = (format!("{}a", "ä".repeat(40)), format!("{}b", "ä".repeat(40)));
        assert!(helper_name(&one, "sync").len() <= 63);
        assert_ne!(helper_name(&one, "sync"), helper_name(&other, "sync"));
    }
}
