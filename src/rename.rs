//! Renames: declared ones are carried out on the live schema before anything is compared; look-alikes are suggested, never
//! guessed.

use std::collections::{BTreeSet, HashMap};

use crate::diff::Delta;
use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::enum_type::{EnumChange, EnumType};
use crate::object::range_type::RangeChange;
use crate::object::sequence::Sequence;
use crate::object::{Definition, Kind, Object, ObjectId, Visitor};
use crate::operation::{Operation, named_not_null, not_null_name, unnamed_not_null};
use crate::pair::Pair;
use crate::schema::{Schema, parents};
use crate::types::TypeName;

/// The live schema with declared renames carried out.
#[derive(Clone, Debug)]
pub struct Renamed {
    /// The live schema under its new names.
    pub live: Schema,
    /// The renames that are still to do, in order.
    pub operations: Vec<Operation>,
}

/// A declared rename that cannot be right.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRename {
    /// Neither the old nor the new name is in the database.
    #[error("{to} is declared as renamed from {from}, but the database has neither")]
    Neither {
        /// The old name.
        from: ObjectId,
        /// The new name.
        to: ObjectId,
    },
    /// What is in a namespace does not follow its rename here.
    #[error(
        "{to} is declared as renamed from {from}, and namespaces are not renamed: move its objects one by one, or rename it by hand and drop the hint"
    )]
    Namespace {
        /// The old name.
        from: ObjectId,
        /// The new name.
        to: ObjectId,
    },
    /// PostgreSQL has no statement that renames it.
    #[error("{to} is declared as renamed from {from}, and PostgreSQL renames no {}", to.kind)]
    Fixed {
        /// The old name.
        from: ObjectId,
        /// The new name.
        to: ObjectId,
    },
    /// The database has both, and the files only the new name: the rename would leave nothing to rename to, and the old object
    /// would go with what it holds.
    #[error(
        "{to} is declared as renamed from {from}, but the database has both: nothing can be renamed, and {from} would be dropped"
    )]
    Both {
        /// The old name.
        from: ObjectId,
        /// The new name.
        to: ObjectId,
    },
    /// Declared renames lead around in a circle, as where two names are swapped.
    #[error(
        "{to} is declared as renamed from {from}, and by way of other renames {from} from {to}: names are not swapped"
    )]
    Circle {
        /// The old name.
        from: ObjectId,
        /// The new name.
        to: ObjectId,
    },
    /// The old name is still defined in the files.
    #[error("{to} is declared as renamed from {from}, but the files still define {from}")]
    StillDefined {
        /// The old name.
        from: ObjectId,
        /// The new name.
        to: ObjectId,
    },
}

impl BadRename {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Both { .. } => {
                "keep both in the files, or drop or rename one of them by a plan of its own first; remove the annotation @renamed_from where it is no rename"
            }
            Self::Circle { .. } => {
                "rename one of them to a third name by a plan of its own, and from there in the next; remove the annotations @renamed_from where it is done"
            }
            _ => "correct or remove the annotation @renamed_from",
        }
    }
}

/// Carries out declared renames: pairs of a desired object and its old name (`old`, or `namespace.old`). A rename whose new
/// name is live already is done and does nothing, if the old one is gone or defined anew.
pub fn carry_out(live: &Schema, desired: &Schema, declared: &[(ObjectId, String)]) -> Result<Renamed, BadRename> {
    let mut renamed = Renamed {
        live: live.clone(),
        operations: Vec::new(),
    };
    let mut declared: Vec<&(ObjectId, String)> = declared.iter().collect();
    // Relations before their parts, so that a column is looked for under the new name of its table.
    declared.sort_by_key(|(id, _)| id.part.is_some());
    for (to, old) in &declared {
        let from = before(to, old);
        if leads_back(to, &from, &declared) {
            return Err(BadRename::Circle { from, to: to.clone() });
        }
        if let (Kind::EnumType, Some(label)) = (to.kind, &to.part) {
            rename_label(&mut renamed, desired, to, old, label.as_str())?;
            continue;
        }
        if renamed.live.contains(to) {
            match renamed.live.contains(&from) && !desired.contains(&from) {
                true => return Err(BadRename::Both { from, to: to.clone() }),
                false => continue,
            }
        }
        if !renamed.live.contains(&from) && unnamed_not_null(&renamed.live, &from).is_none() {
            let new_table = to.part.is_some() && renamed.live.relation(&to.qualified()).is_none();
            if new_table || live.is_empty() {
                continue;
            }
            return Err(BadRename::Neither { from, to: to.clone() });
        }
        if desired.contains(&from) {
            return Err(BadRename::StillDefined { from, to: to.clone() });
        }
        if to.kind == Kind::Namespace {
            return Err(BadRename::Namespace { from, to: to.clone() });
        }
        if is_fixed(to.kind) {
            return Err(BadRename::Fixed { from, to: to.clone() });
        }
        let operation = Operation::Rename { from, to: to.clone() };
        // It cannot fail: the old name is there, and the new one is not.
        if operation.apply(&mut renamed.live).is_ok() {
            renamed.operations.push(operation);
        }
    }
    rename_multiranges(&mut renamed, desired);
    Ok(renamed)
}

/// What is said to have been there before a rename.
fn before(to: &ObjectId, old: &str) -> ObjectId {
    match (to.kind, &to.part) {
        (Kind::EnumType, Some(_)) => EnumType::label_id(&to.qualified(), &old_label(old)),
        _ => old_id(to, old),
    }
}

/// Whether other declared renames lead from the old name to the new one.
fn leads_back(to: &ObjectId, from: &ObjectId, declared: &[&(ObjectId, String)]) -> bool {
    let mut reached = from.clone();
    for _ in declared {
        match declared.iter().find(|(id, _)| *id == reached) {
            Some((id, old)) => reached = before(id, old),
            None => return false,
        }
        if reached == *to {
            return true;
        }
    }
    false
}

/// Gives the multirange types of range types the names that are wanted. It needs no hint: the range type says whose they are.
fn rename_multiranges(renamed: &mut Renamed, desired: &Schema) {
    let wanted = |id: &ObjectId, object: &Object| match (object, desired.get(id)) {
        (Object::RangeType(have), Some(Object::RangeType(want))) => {
            let (from, to) = (have.multirange_name(), want.multirange_name());
            (from != to).then(|| Operation::alter(id.clone(), RangeChange::Multirange { from, to }))
        }
        _ => None,
    };
    let ranges = renamed.live.of_kind(Kind::RangeType);
    let operations: Vec<Operation> = ranges.filter_map(|(id, object)| wanted(id, object)).collect();
    for operation in operations {
        // It cannot fail: the type has just been seen.
        if operation.apply(&mut renamed.live).is_ok() {
            renamed.operations.push(operation);
        }
    }
}

/// Whether PostgreSQL has no statement that renames objects of a kind (PostgreSQL documentation, the ALTER statement of each).
fn is_fixed(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::AccessMethod | Kind::Cast | Kind::Extension | Kind::Operator | Kind::Transform | Kind::UserMapping
    )
}

/// Constraints, indexes and owned sequences that are there under another name and otherwise the same, as pairs of the desired object
/// and its old name. Most have the names that PostgreSQL chooses, and follow their table or column. Nothing is guessed by it: whichever
/// of two equal objects it was, the end is the same, and a rename builds nothing and lets a sequence go on.
pub fn following(schemas: Pair<&Schema>) -> Vec<(ObjectId, String)> {
    let Pair { live, desired } = schemas;
    let mut found = Vec::new();
    let (old_sequences, new_sequences) = (owned_sequences(live), owned_sequences(desired));
    for (id, _) in desired.of_kind(Kind::Table).filter(|(id, _)| live.contains(id)) {
        let gone: Vec<(&ObjectId, Object)> = nameless(live, id, &old_sequences, desired);
        let new: Vec<(&ObjectId, Object)> = nameless(desired, id, &new_sequences, live);
        for (to, object) in &new {
            let alike = |list: &[(&ObjectId, Object)]| list.iter().filter(|(_, other)| other == object).count();
            let from = gone.iter().find(|(_, other)| other == object);
            if let Some((from, _)) = from.filter(|_| alike(&gone) == 1 && alike(&new) == 1) {
                found.push(((*to).clone(), quoted(from)));
            }
        }
        found.extend(not_nulls(schemas, &id.qualified()));
    }
    found
}

fn quoted(from: &ObjectId) -> String {
    format!("\"{}\"", from.own_name().as_str().replace('"', "\"\""))
}

/// The not-null constraints of a table that have a name of their own on one side, and the one that PostgreSQL gives on the other.
fn not_nulls(schemas: Pair<&Schema>, table: &QualifiedName) -> Vec<(ObjectId, String)> {
    let named = |schema: &Schema, column: &ObjectId| match named_not_null(schema, column).as_slice() {
        [id] => match schema.get(id) {
            Some(Object::Constraint(constraint)) if !constraint.not_valid && !is_without_heirs(constraint) => {
                Some(id.clone())
            }
            _ => None,
        },
        _ => None,
    };
    let columns = schemas.desired.columns(table).map(Definition::id);
    let pairs = columns.filter_map(|column| {
        let unnamed = ObjectId::part(Kind::Constraint, table, &not_null_name(table, column.own_name()));
        let is_unnamed = |schema: &Schema| unnamed_not_null(schema, &unnamed).is_some();
        match (named(schemas.live, &column), named(schemas.desired, &column)) {
            (Some(from), None) if is_unnamed(schemas.desired) => Some((unnamed, quoted(&from))),
            (None, Some(to)) if is_unnamed(schemas.live) => Some((to, quoted(&unnamed))),
            _ => None,
        }
    });
    pairs.collect()
}

fn is_without_heirs(constraint: &Constraint) -> bool {
    matches!(constraint.rule, ConstraintRule::NotNull { no_inherit: true, .. })
}

/// The sequences by the table whose column owns them.
fn owned_sequences(schema: &Schema) -> HashMap<&QualifiedName, Vec<(&ObjectId, &Object)>> {
    let mut owned: HashMap<&QualifiedName, Vec<(&ObjectId, &Object)>> = HashMap::new();
    for (id, object) in schema.of_kind(Kind::Sequence) {
        if let Object::Sequence(Sequence {
            owned_by: Some(owner), ..
        }) = object
        {
            owned.entry(&owner.table).or_default().push((id, object));
        }
    }
    owned
}

/// Whether the check of a table goes down to heirs, or comes from a parent: PostgreSQL renames them together.
fn is_shared(schema: &Schema, check: &Constraint) -> bool {
    let has = |table: &QualifiedName| schema.constraints(table).any(|other| other.name == check.name);
    matches!(check.rule, ConstraintRule::Check { .. })
        && (schema.heirs(&check.table).any(|heir| has(&heir.name))
            || schema.table(&check.table).is_some_and(|table| parents(table).any(has)))
}

/// The constraints, indexes and sequences of a table that the other schema has not, without their names and with texts in one form.
fn nameless<'a>(
    schema: &'a Schema,
    table: &ObjectId,
    sequences: &HashMap<&QualifiedName, Vec<(&'a ObjectId, &'a Object)>>,
    other: &Schema,
) -> Vec<(&'a ObjectId, Object)> {
    let owned = sequences.get(&table.qualified()).into_iter().flatten().copied();
    let parts = schema
        .children(table)
        .filter_map(|id| schema.get(id).map(|object| (id, object)));
    parts
        .chain(owned)
        // A dot in the name would be read as one between namespace and name.
        .filter(|(id, _)| !other.contains(id) && !id.own_name().as_str().contains('.'))
        .filter_map(|(id, object)| {
            let mut object = object.clone();
            match &mut object {
                Object::Index(index) if index.attached_to.is_none() => index.name = table.qualified(),
                Object::Constraint(constraint)
                    if constraint.attached_to.is_none() && !is_shared(schema, constraint) =>
                {
                    constraint.name = table.own_name().clone();
                }
                Object::Sequence(sequence) => sequence.name = table.qualified(),
                _ => return None,
            }
            object.visit(&mut OneForm);
            Some((id, object))
        })
        .collect()
}

struct OneForm;

impl Visitor for OneForm {
    fn expr(&mut self, _: &str, _: Option<&QualifiedName>, expr: &mut Expr) {
        *expr = Expr::new(expr.canonical().to_string());
    }
}

/// A label as it is written in an annotation: as a name, or as a string.
fn old_label(old: &str) -> String {
    let old = old.trim();
    let quoted = |mark: char| {
        let inner = old.strip_prefix(mark)?.strip_suffix(mark)?;
        Some(inner.replace(&format!("{mark}{mark}"), &mark.to_string()))
    };
    quoted('\'').or_else(|| quoted('"')).unwrap_or_else(|| old.to_owned())
}

/// Carries out the rename of a label of an enumerated type.
fn rename_label(
    renamed: &mut Renamed,
    desired: &Schema,
    to: &ObjectId,
    old: &str,
    label: &str,
) -> Result<(), BadRename> {
    let old = old_label(old);
    let id = ObjectId::named(Kind::EnumType, &to.qualified());
    let from = EnumType::label_id(&to.qualified(), &old);
    let has = |schema: &Schema, label: &str| matches!(schema.get(&id), Some(Object::EnumType(found)) if found.labels.iter().any(|known| known == label));
    if has(&renamed.live, label) && has(&renamed.live, &old) && !has(desired, &old) {
        return Err(BadRename::Both { from, to: to.clone() });
    }
    if has(&renamed.live, label) || !renamed.live.contains(&id) {
        return Ok(());
    }
    if !has(&renamed.live, &old) {
        return Err(BadRename::Neither { from, to: to.clone() });
    }
    if has(desired, &old) {
        return Err(BadRename::StillDefined { from, to: to.clone() });
    }
    let operation = Operation::alter(
        id,
        EnumChange::RenameLabel {
            from: old,
            to: label.to_owned(),
        },
    );
    // It cannot fail: the type and its label have just been seen.
    if operation.apply(&mut renamed.live).is_ok() {
        renamed.operations.push(operation);
    }
    Ok(())
}

fn old_id(to: &ObjectId, old: &str) -> ObjectId {
    let name = |text: &str| match text.trim().strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(quoted) => Ident::new(quoted.replace("\"\"", "\"")),
        None => Ident::folded(text.trim()),
    };
    match old
        .rsplit_once('.')
        .filter(|_| to.part.is_none() && to.namespace.is_some())
    {
        Some((namespace, own)) => ObjectId {
            namespace: Some(name(namespace)),
            ..to.with_own_name(&name(own))
        },
        None => to.with_own_name(&name(old)),
    }
}

/// Drops and creates that look like renames: one sentence each, with the annotation that would declare it.
pub fn suggestions(deltas: &[Delta], schemas: Pair<&Schema>) -> Vec<String> {
    let mut found = Vec::new();
    let drops: Vec<&ObjectId> = deltas
        .iter()
        .filter_map(|delta| match delta {
            Delta::Drop(id) => Some(id),
            _ => None,
        })
        .collect();
    if drops.is_empty() {
        return found;
    }
    for create in deltas.iter().filter_map(|delta| match delta {
        Delta::Create(id) if matches!(id.kind, Kind::Table | Kind::Column | Kind::Index | Kind::EnumType) => Some(id),
        _ => None,
    }) {
        let alike: Vec<&ObjectId> = drops
            .iter()
            .copied()
            .filter(|id| id.kind == create.kind && looks_alike(id, create, schemas))
            .collect();
        if let [gone] = alike.as_slice() {
            found.push(format!(
                "{gone} goes and {create} comes, and they look alike; if it is a rename, write `-- @renamed_from {}` right before the new definition.",
                gone.own_name()
            ));
        }
    }
    found
}

fn looks_alike(gone: &ObjectId, new: &ObjectId, schemas: Pair<&Schema>) -> bool {
    match (schemas.live.get(gone), schemas.desired.get(new)) {
        (Some(Object::Column(live)), Some(Object::Column(desired))) => {
            live.table == desired.table && live.type_name == desired.type_name
        }
        (Some(Object::Table(live)), Some(Object::Table(desired))) => {
            let shape = |schema: &Schema, name| -> BTreeSet<(Ident, TypeName)> {
                schema
                    .columns(name)
                    .map(|column| (column.name.clone(), column.type_name.clone()))
                    .collect()
            };
            let shape_of_live = shape(schemas.live, &live.name);
            !shape_of_live.is_empty() && shape_of_live == shape(schemas.desired, &desired.name)
        }
        (Some(Object::Index(live)), Some(Object::Index(desired))) => {
            live.table == desired.table
                && live.keys == desired.keys
                && live.unique == desired.unique
                && live.predicate == desired.predicate
        }
        (Some(Object::EnumType(live)), Some(Object::EnumType(desired))) => live.labels == desired.labels,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moods(labels: &[&str]) -> Schema {
        let mut schema = Schema::new();
        schema.put(EnumType {
            name: QualifiedName::new("public", "mood"),
            labels: labels.iter().map(|label| (*label).to_owned()).collect(),
        });
        schema
    }

    fn declared(old: &str, new: &str) -> [(ObjectId, String); 1] {
        let id = EnumType::label_id(&QualifiedName::new("public", "mood"), new);
        [(id, old.to_owned())]
    }

    #[test]
    fn labels_are_renamed_once() -> Result<(), BadRename> {
        let desired = moods(&["sad", "it's fine"]);
        for old in ["ok", "'ok'", "\"ok\""] {
            let renamed = carry_out(&moods(&["sad", "ok"]), &desired, &declared(old, "it's fine"))?;
            assert_eq!(renamed.operations.len(), 1);
            assert_eq!(renamed.live, desired);
        }
        let done = carry_out(&desired, &desired, &declared("ok", "it's fine"))?;
        assert!(done.operations.is_empty() && done.live == desired);
        assert!(
            carry_out(&Schema::new(), &desired, &declared("ok", "it's fine"))?
                .operations
                .is_empty()
        );
        Ok(())
    }

    #[test]
    fn a_label_that_is_not_there_or_stays_is_no_former_one() {
        let live = moods(&["sad", "ok"]);
        let of = |old: &str, desired: &[&str]| carry_out(&live, &moods(desired), &declared(old, "fine")).err();
        assert!(matches!(of("happy", &["sad", "fine"]), Some(BadRename::Neither { .. })));
        assert!(matches!(
            of("ok", &["sad", "ok", "fine"]),
            Some(BadRename::StillDefined { .. })
        ));
    }

    fn table(columns: &[&str]) -> Schema {
        let columns: Vec<String> = columns.iter().map(|name| format!("{name} text")).collect();
        let text = format!("CREATE TABLE public.t ({});", columns.join(", "));
        crate::parse::parse_text("t.sql", &text).expect("a schema").schema
    }

    fn column(name: &str) -> ObjectId {
        ObjectId::part(Kind::Column, &QualifiedName::new("public", "t"), &Ident::new(name))
    }

    #[test]
    fn a_rename_onto_what_is_there_drops_nothing_silently() {
        let hint = [(column("new"), "old".to_owned())];
        let of = |live: &[&str], desired: &[&str]| carry_out(&table(live), &table(desired), &hint);
        assert!(matches!(of(&["old", "new"], &["new"]), Err(BadRename::Both { .. })));
        for (live, desired) in [(&["new"][..], &["new"][..]), (&["old", "new"], &["old", "new"])] {
            assert!(of(live, desired).is_ok_and(|renamed| renamed.operations.is_empty()));
        }
        let both = carry_out(&moods(&["ok", "fine"]), &moods(&["fine"]), &declared("ok", "fine"));
        assert!(matches!(both, Err(BadRename::Both { .. })));
    }

    #[test]
    fn names_are_not_swapped() {
        let hint = |to: &str, from: &str| (column(to), from.to_owned());
        let three = ["a", "b", "c"];
        for hints in [
            vec![hint("a", "b"), hint("b", "a")],
            vec![hint("a", "b"), hint("b", "c"), hint("c", "a")],
        ] {
            let done = carry_out(&table(&three), &table(&three), &hints);
            assert!(matches!(done, Err(BadRename::Circle { .. })));
        }
        let chain = carry_out(
            &table(&["a", "b"]),
            &table(&["b", "c"]),
            &[hint("c", "b"), hint("b", "a")],
        );
        assert!(matches!(chain, Err(BadRename::StillDefined { .. })));
    }
}
