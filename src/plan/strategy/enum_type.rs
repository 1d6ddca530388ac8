//! Enumerated types.
//!
//! **The danger.** A new label cannot be used in the transaction that adds it. A label cannot be removed or moved: the type is
//! made anew and every column that uses it goes over, mostly through twins (see `twin`).
//!
//! | the change | expand | contract |
//! |---|---|---|
//! | new labels | ADD VALUE, each alone | |
//! | labels removed or reordered, where no twin can be used | | with approval, one transaction: drop checks, indexes, views and routines that use it, rename the type, create it anew, change every column through text, drop the old one, make the others anew |
//!
//! **If it stops half-way**: ADD VALUE is there or not; the replacement is one transaction.

use std::collections::BTreeSet;

use crate::diff::Delta;
use crate::expr::{Expr, may_have_label};
use crate::name::{Ident, QualifiedName};
use crate::object::column::ColumnChange;
use crate::object::{Change, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::not_null::helper_name;
use crate::plan::strategy::{operations, rebuild, satellites};
use crate::plan::{Class, HazardKind, Phase};

/// Labels are added one by one.
pub fn alter(id: &ObjectId, changes: &[Change]) -> Recipe {
    changes
        .iter()
        .map(|change| {
            Draft::instant(Phase::Expand, operations(id, std::slice::from_ref(change)))
                .because("Alone, because a new label cannot be used in the transaction that adds it.")
        })
        .collect()
}

/// The type is made anew and every column that uses it goes over through text.
pub fn replace(id: &ObjectId, why: &str, context: &Context) -> Recipe {
    let Some(desired) = context.schemas.desired.get(id) else {
        return Recipe::new();
    };
    // What goes for good has a step of its own before this one.
    let users = context.live_users.get(id).into_iter().flatten();
    let (users, others): (Vec<&ObjectId>, Vec<&ObjectId>) = users
        .filter(|user| context.schemas.desired.contains(user))
        .partition(|user| user.kind == Kind::Column && !is_generated(user, context));
    if users.is_empty() {
        return rebuild::alone(id, why, context);
    }
    let mut members = readers(&users, others, context);
    members.retain(|member| {
        member != id
            && !users.contains(&member)
            && context.schemas.desired.contains(member)
            && (member.kind != Kind::Column || is_generated(member, context))
            && (matches!(member.kind, Kind::Function | Kind::Procedure | Kind::View)
                || context.wishes.tied.contains(member)
                || context.schemas.live.get(member) == context.schemas.desired.get(member))
    });
    let around = rebuild::around(members, context);
    let old = QualifiedName {
        namespace: id.namespace.clone(),
        name: Ident::new(helper_name(id.name.as_str(), "old")),
    };
    let old_id = ObjectId::named(id.kind, &old);
    let mut all = around.down;
    all.push(Operation::Rename {
        from: id.clone(),
        to: old_id.clone(),
    });
    all.push(Operation::create(desired.clone()));
    all.extend(satellites(id, context));
    let mut draft = Draft::new(Phase::Contract, Class::Blocking, Vec::new());
    for user in users {
        let (Some(Object::Column(live)), Some(Object::Column(column))) =
            (context.schemas.live.get(user), context.schemas.desired.get(user))
        else {
            continue;
        };
        let stays = live.type_name == column.type_name;
        // One that gets a type over this one does so after it.
        if !stays && column.type_name.qualified() != id.qualified() {
            continue;
        }
        if live.default.is_some() {
            all.push(Operation::alter(user.clone(), ColumnChange::Default(None)));
        }
        let text = if live.type_name.array { "text[]" } else { "text" };
        let using = Expr::new(format!("{}::{text}::{}", column.name, live.type_name));
        all.push(Operation::alter(
            user.clone(),
            ColumnChange::Type {
                type_name: live.type_name.clone(),
                collation: None,
                using: Some(using),
            },
        ));
        if stays && column.default.is_some() {
            all.push(Operation::alter(
                user.clone(),
                ColumnChange::Default(column.default.clone()),
            ));
        }
        draft = draft.hazard(
            HazardKind::Rewrite,
            &ObjectId::named(Kind::Table, &column.table),
            format!(
                "{} is rewritten while reads and writes wait; a row that holds a removed label stops it.",
                column.table
            ),
        );
    }
    all.push(Operation::drop(old_id));
    all.extend(around.up);
    draft.operations = all;
    draft.hazards.extend(around.hazards);
    let mut recipe = vec![draft.because(format!("A label cannot be removed or moved: {why}."))];
    recipe.extend(around.validate);
    recipe
}

/// Views that say a label that comes with the new type: they get their new form together with it, as each would wait for the other.
pub fn views_along(delta: &Delta, context: &Context) -> BTreeSet<ObjectId> {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let Delta::Replace(id, _) = delta else {
        return BTreeSet::new();
    };
    let (Some(Object::EnumType(before)), Some(Object::EnumType(after))) = (live.get(id), desired.get(id)) else {
        return BTreeSet::new();
    };
    let new: Vec<&String> = after
        .labels
        .iter()
        .filter(|label| !before.labels.contains(label))
        .collect();
    let says_new = |id: &ObjectId| match desired.get(id) {
        Some(Object::View(view)) => {
            let query = &view.query;
            new.iter()
                .any(|label| may_have_label(&query.text, &query.path, &after.name, label))
        }
        _ => false,
    };
    let users = context.live_users.get(id).into_iter().flatten();
    let (columns, others): (Vec<&ObjectId>, Vec<&ObjectId>) =
        users.partition(|user| user.kind == Kind::Column && !is_generated(user, context));
    let mut along = readers(&columns, others, context);
    along.retain(says_new);
    along
}

/// What is about the old type (checks, indexes, routines and the like), and the views that keep a column from changing its type.
fn readers(users: &[&ObjectId], others: Vec<&ObjectId>, context: &Context) -> BTreeSet<ObjectId> {
    let mut members: BTreeSet<ObjectId> = BTreeSet::new();
    let blockers = users.iter().flat_map(|user| rebuild::column_users(user, context));
    for member in others.into_iter().cloned().chain(blockers) {
        members.extend(rebuild::dependents(&member, context));
        members.insert(member);
    }
    members
}

fn is_generated(id: &ObjectId, context: &Context) -> bool {
    context
        .live_column(&id.qualified(), id.own_name())
        .is_some_and(|column| column.generated.is_some())
}
