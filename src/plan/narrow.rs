//! What stays narrower than an integer column that widens, and would end its numbers early.

use crate::diff::Delta;
use crate::object::column::ColumnChange;
use crate::object::constraint::ConstraintRule;
use crate::object::sequence::bounds;
use crate::object::{Change, Kind, Object, ObjectId};
use crate::pair::Pair;
use crate::schema::Schema;
use crate::types::TypeName;

/// Whether both are integer types, and the first holds fewer numbers than the second.
pub fn is_narrower(one: &TypeName, other: &TypeName) -> bool {
    let whole = |name: &TypeName| {
        let integer = matches!(name.name.as_str(), "smallint" | "integer" | "bigint");
        integer && name.is_builtin() && !name.array
    };
    whole(one) && whole(other) && bounds(one).1 < bounds(other).1
}

/// A number with commas between thousands: `2,147,483,647`.
pub fn in_thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::from(if number < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Sequences and referencing columns that stay behind while a column widens, one sentence each.
pub fn notes(deltas: &[Delta], schemas: Pair<&Schema>) -> Vec<String> {
    let mut notes = Vec::new();
    for delta in deltas {
        let Delta::Alter(id, changes) = delta else { continue };
        let widened = changes.iter().any(|change| {
            let Change::Column(ColumnChange::Type { type_name, .. }) = change else {
                return false;
            };
            matches!(schemas.live.get(id), Some(Object::Column(live)) if is_narrower(&live.type_name, type_name))
        });
        if widened {
            notes.extend(numbers(id, schemas));
            notes.extend(references(id, schemas.desired));
        }
    }
    notes
}

/// The sequences that give the column its numbers and end before it does.
fn numbers(id: &ObjectId, schemas: Pair<&Schema>) -> Vec<String> {
    let (Some(Object::Column(live)), Some(Object::Column(column))) = (schemas.live.get(id), schemas.desired.get(id))
    else {
        return Vec::new();
    };
    let of_old = bounds(&live.type_name).1;
    let mut notes = Vec::new();
    if let Some(identity) = column
        .identity
        .as_ref()
        .filter(|identity| identity.options.max == of_old)
    {
        notes.push(format!(
            "The identity of {id} keeps MAXVALUE {}, where {} ended: leave it out to count as far as {}.",
            in_thousands(identity.options.max),
            live.type_name,
            column.type_name
        ));
    }
    for (_, object) in schemas.desired.of_kind(Kind::Sequence) {
        let Object::Sequence(sequence) = object else { continue };
        let owned = sequence
            .owned_by
            .as_ref()
            .is_some_and(|owner| owner.table == column.table && owner.column == column.name);
        if owned && sequence.options.increment > 0 && sequence.options.max <= of_old {
            let stays = if is_narrower(&sequence.data_type, &column.type_name) {
                format!("stays AS {} and ends", sequence.data_type)
            } else {
                "ends".to_owned()
            };
            notes.push(format!(
                "sequence {} {stays} at {}, though {id} becomes {}: write it AS {} without a MAXVALUE as well.",
                sequence.name,
                in_thousands(sequence.options.max),
                column.type_name,
                column.type_name
            ));
        }
    }
    notes
}

/// The columns of foreign keys to the column that take fewer numbers.
fn references(id: &ObjectId, desired: &Schema) -> Vec<String> {
    let Some(Object::Column(column)) = desired.get(id) else {
        return Vec::new();
    };
    let mut notes = Vec::new();
    for (_, object) in desired.of_kind(Kind::Constraint) {
        let Object::Constraint(constraint) = object else {
            continue;
        };
        let ConstraintRule::ForeignKey(key) = &constraint.rule else {
            continue;
        };
        // A key that names no columns means the primary key.
        let primary = desired.primary_key(&key.references).and_then(|primary| primary.key());
        let theirs = match primary {
            Some(primary) if key.referenced_columns.is_empty() => &primary.columns,
            _ => &key.referenced_columns,
        };
        for (mine, _) in key.columns.iter().zip(theirs).filter(|(_, theirs)| {
            key.references == column.table && **theirs == column.name && constraint.attached_to.is_none()
        }) {
            let columns = desired.all_columns(&constraint.table);
            let referencing = columns.into_iter().find(|column| column.name == *mine);
            let narrow = referencing.filter(|own| is_narrower(&own.type_name, &column.type_name));
            if let Some(own) = narrow {
                let note = format!(
                    "column {}.{mine} references {id} and stays {}: it takes no number above {} ({} out of range).",
                    constraint.table,
                    own.type_name,
                    in_thousands(bounds(&own.type_name).1),
                    own.type_name
                );
                if !notes.contains(&note) {
                    notes.push(note);
                }
            }
        }
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::in_thousands;

    #[test]
    fn commas_stand_between_thousands() {
        for (number, text) in [
            (7, "7"),
            (-999, "-999"),
            (32_767, "32,767"),
            (2_147_483_647, "2,147,483,647"),
        ] {
            assert_eq!(in_thousands(number), text);
        }
    }
}
