//! Strategies: one file turns one kind of delta into a recipe. Each file says the danger, the recipe, when it is not
//! needed, and what is left when it stops half-way.

use crate::diff::Delta;
use crate::name::{Ident, QualifiedName};
use crate::object::constraint::ConstraintRule;
use crate::object::index::{Index, IndexKey, KeyExpr};
use crate::object::sequence::{ColumnRef, Sequence, SequenceChange};
use crate::object::{Change, Definition, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::Phase;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::refs::{may_read, opens_rows};

mod access;
mod add_column;
mod alter_column;
mod attached;
mod below;
mod body;
mod collation;
mod composite_type;
mod constraint;
mod detach;
mod domain;
mod drop_object;
mod enum_type;
mod foreign_key;
mod foreign_table;
mod held_key;
mod index;
mod moved;
mod new_table;
mod not_null;
mod numbering;
mod own_not_null;
mod rebuild;
mod rename;
mod shadow;
mod subscription;
mod table;
mod twin;
mod type_change;

pub use add_column::{is_volatile, is_volatile_in};
pub use body::follow as bodies_follow;
pub use constraint::swapped_key;
pub use enum_type::views_along;
pub use foreign_table::concerns as concerns_foreign_table;
pub use held_key::held_keys;
pub use moved::{BadMove, after_moves, moves};
pub use new_table::{making_room, partitions_first, takes as taken_with_table};
pub use not_null::{helper_name, proof_name};
pub use numbering::comes_with_column;
pub use own_not_null::in_the_way as not_null_in_the_way;
pub use rebuild::{is_tied, rebuilds};
pub use rename::{recipe as rename_recipe, take_along};
pub use shadow::shadows;
pub use table::is_kept_when_detached;
pub use twin::asks_for_tables;
pub use twin::is_sign;
pub use twin::twins;
pub use type_change::{Effort, effort as type_effort, effort_on as type_effort_on, is_forgotten};

/// The recipe for one delta. Deltas that another strategy has taken along (parts of new tables, members of a rebuild) do not
/// come here.
pub fn recipe(delta: &Delta, context: &Context) -> Recipe {
    if let Some(recipe) = foreign_table::recipe(delta, context) {
        return recipe;
    }
    match delta {
        Delta::Create(id) => match context.schemas.desired.get(id) {
            Some(object) => create(object, context),
            None => Recipe::new(),
        },
        Delta::Alter(id, changes) => alter(id, changes, context),
        Delta::Replace(id, why) => replace(id, why, context),
        Delta::Drop(id) => drop_object::recipe(id, context),
    }
}

fn create(object: &Object, context: &Context) -> Recipe {
    match object {
        Object::Table(table) => new_table::recipe(table, context),
        Object::Column(column) => add_column::recipe(column, context),
        Object::Constraint(constraint) => constraint::add(constraint, context),
        Object::DomainConstraint(constraint) => domain::add_constraint(constraint, context),
        Object::Index(index) => index::create(index, context),
        Object::Policy(policy) => access::create_policy(policy, context),
        Object::Acl(_) | Object::DefaultPrivileges(_) => access::create_grants(object, context),
        Object::Sequence(sequence) => new_sequence(sequence, context),
        Object::Subscription(new) => subscription::create(new, context),
        Object::SecurityLabel(_) => vec![label(Draft::instant(
            Phase::Expand,
            vec![Operation::put(object.clone())],
        ))],
        _ => vec![Draft::instant(Phase::Expand, with_satellites(object, context))],
    }
}

fn alter(id: &ObjectId, changes: &[Change], context: &Context) -> Recipe {
    match id.kind {
        Kind::Table => table::alter(id, changes, context),
        Kind::Column => alter_column::recipe(id, changes, context),
        Kind::Constraint => constraint::alter(id, changes, context),
        Kind::DomainConstraint | Kind::Domain => domain::alter(id, changes, context),
        Kind::Index => index::alter(id, changes, context),
        Kind::EnumType => enum_type::alter(id, changes),
        Kind::Sequence => alter_sequence(id, changes, context),
        Kind::Policy => access::alter_policy(id, changes, context),
        Kind::Acl | Kind::DefaultPrivileges => access::alter_grants(id, changes, context),
        Kind::Owner => access::change_owner(id, changes, context),
        Kind::Subscription => subscription::alter(id, changes, context),
        Kind::SecurityLabel => vec![label(Draft::instant(Phase::Expand, operations(id, changes)))],
        Kind::CompositeType => composite_type::alter(id, changes, context),
        Kind::Extension => vec![
            Draft::instant(Phase::Expand, operations(id, changes))
                .because("An extension update runs its own script; read its release notes."),
        ],
        _ => vec![Draft::instant(Phase::Expand, operations(id, changes))],
    }
}

fn replace(id: &ObjectId, why: &str, context: &Context) -> Recipe {
    match id.kind {
        Kind::Constraint => constraint::replace(id, why, context),
        Kind::DomainConstraint => domain::replace_constraint(id, why, context),
        Kind::Index => index::replace(id, why, context),
        Kind::Policy => access::replace_policy(id, why, context),
        Kind::Column => alter_column::replace(id, why, context),
        Kind::EnumType => enum_type::replace(id, why, context),
        Kind::Collation => collation::replace(id, why, context),
        // Everything else is dropped and made anew together with what depends on it.
        _ => rebuild::alone(id, why, context),
    }
}

/// One operation per change.
pub fn operations(id: &ObjectId, changes: &[Change]) -> Vec<Operation> {
    changes
        .iter()
        .map(|change| Operation::Alter {
            id: id.clone(),
            change: change.clone(),
        })
        .collect()
}

/// CREATE of a desired object, together with its comment, owner and privileges.
pub fn with_satellites(object: &Object, context: &Context) -> Vec<Operation> {
    let id = object.id();
    let mut operations = vec![Operation::create(object.clone())];
    operations.extend(satellites(&id, context));
    operations
}

fn label(draft: Draft) -> Draft {
    draft.because("The server takes it only while it has the label's provider loaded (shared_preload_libraries).")
}

/// The desired comment, security labels, owner and privileges of an object.
pub fn satellites(id: &ObjectId, context: &Context) -> Vec<Operation> {
    let labels = context
        .schemas
        .desired
        .children(id)
        .filter(|child| child.kind == Kind::SecurityLabel && child.on.as_deref() == Some(id))
        .filter_map(|child| context.schemas.desired.get(child));
    [Kind::Owner, Kind::Acl, Kind::Comment]
        .into_iter()
        .filter_map(|kind| context.schemas.desired.get(&ObjectId::satellite(kind, id)))
        .chain(labels)
        .map(|object| Operation::put(object.clone()))
        .collect()
}

/// Live objects that keep a reshaped column's type from being changed; none for other objects.
pub fn type_change_blockers(id: &ObjectId, context: &Context) -> Vec<ObjectId> {
    if id.kind == Kind::Column {
        let mut blockers = rebuild::column_users(id, context);
        blockers.extend(row_openers(id, context));
        blockers.extend(outgoing_foreign_keys(id, context));
        blockers
    } else {
        Vec::new()
    }
}

/// Live views that take a column out of whole rows of its table, which other views give.
fn row_openers(column: &ObjectId, context: &Context) -> Vec<ObjectId> {
    let table = ObjectId::named(Kind::Table, &column.qualified());
    let above = rebuild::dependents(&table, context).into_iter();
    let opens = |view: &ObjectId| {
        let texts = context
            .schemas
            .live
            .get(view)
            .map(Object::binding_texts)
            .unwrap_or_default();
        texts
            .iter()
            .any(|text| opens_rows(text) && may_read(text, column.own_name()))
    };
    above
        .filter(|id| matches!(id.kind, Kind::View | Kind::MaterializedView) && opens(id))
        .collect()
}

/// Foreign keys over a column that do not stay as they are: PostgreSQL would make them anew over the new type.
fn outgoing_foreign_keys(column: &ObjectId, context: &Context) -> Vec<ObjectId> {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let users = context.live_users.get(column).into_iter().flatten();
    users
        .filter(|user| match live.get(user) {
            Some(Object::Constraint(constraint)) => matches!(constraint.rule, ConstraintRule::ForeignKey(_)),
            _ => false,
        })
        .filter(|user| live.get(user) != desired.get(user))
        .cloned()
        .collect()
}

/// Indexes over a column that go, or read it in another way afterwards: PostgreSQL would make them anew over the new type, which their
/// operator classes or texts may not take.
pub fn outgoing_indexes(column: &ObjectId, context: &Context) -> Vec<ObjectId> {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let reads = |index: &Index| {
        let over = |key: &&IndexKey| match &key.key {
            KeyExpr::Column(name) => name == column.own_name(),
            KeyExpr::Expr(_) => true,
        };
        let keys = index.keys.iter().filter(over).cloned().collect::<Vec<_>>();
        (index.method.clone(), keys, index.predicate.clone())
    };
    let goes = |user: &&ObjectId| match (live.get(user), desired.get(user)) {
        (Some(Object::Index(index)), Some(Object::Index(other))) => reads(index) != reads(other),
        (Some(Object::Index(_)), _) => true,
        _ => false,
    };
    let users = context.live_users.get(column).into_iter().flatten();
    users.filter(goes).cloned().collect()
}

/// A new sequence is made before the column that owns it; a new column takes it over in its own step.
fn new_sequence(sequence: &Sequence, context: &Context) -> Recipe {
    let bare = Object::from(Sequence {
        owned_by: None,
        ..sequence.clone()
    });
    let mut recipe = vec![Draft::instant(Phase::Expand, with_satellites(&bare, context))];
    if let Some(owner) = &sequence.owned_by {
        // A column that only comes from a parent has no step at the child.
        let is_own = context.schemas.desired.column(&owner.table, &owner.column).is_some();
        if !is_own || !context.is_new_column(&owner.table, &owner.column) {
            recipe.push(Draft::instant(Phase::Expand, vec![take_over(sequence)]));
        }
    }
    recipe
}

/// A sequence is let go before its owner is dropped, because it would be dropped with it.
fn alter_sequence(id: &ObjectId, changes: &[Change], context: &Context) -> Recipe {
    let live = match context.schemas.live.get(id) {
        Some(Object::Sequence(sequence)) => Some(sequence),
        _ => None,
    };
    let options = changes.iter().find_map(|change| match change {
        Change::Sequence(SequenceChange::Type(_, options) | SequenceChange::Options(options)) => Some(options),
        _ => None,
    });
    let mut recipe = match live.zip(options) {
        Some((live, options)) => numbering::altered(id, live, options, operations(id, changes)),
        None => vec![Draft::instant(Phase::Expand, operations(id, changes))],
    };
    let owner = live.and_then(|sequence| sequence.owned_by.as_ref());
    let moves = changes
        .iter()
        .any(|change| matches!(change, Change::Sequence(SequenceChange::OwnedBy(Some(_)))));
    let owner_goes = owner.is_some_and(|owner| context.desired_column(&owner.table, &owner.column).is_none());
    if moves && owner_goes {
        let let_go = Operation::alter(id.clone(), SequenceChange::OwnedBy(None));
        recipe.insert(
            0,
            Draft::instant(Phase::Expand, vec![let_go]).because("Otherwise it would be dropped with its owner."),
        );
    }
    recipe
}

/// `OWNED BY` of the new sequences that belong to a new column.
pub fn taken_over(table: &QualifiedName, column: &Ident, context: &Context) -> Vec<Operation> {
    let owner = ColumnRef {
        table: table.clone(),
        column: column.clone(),
    };
    context
        .owned_sequences(&owner)
        .into_iter()
        .filter(|s| !context.schemas.live.contains(&s.id()))
        .map(take_over)
        .collect()
}

fn take_over(sequence: &Sequence) -> Operation {
    Operation::alter(sequence.id(), SequenceChange::OwnedBy(sequence.owned_by.clone()))
}
