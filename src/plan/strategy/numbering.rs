//! Columns whose numbers come from a sequence from now on, or from another one.
//!
//! **The danger.** A new sequence starts at 1: the next insert gets a number that a row has already, and fails. Between DROP IDENTITY
//! and SET DEFAULT an insert gets no number at all.
//!
//! | the change | phase | step, in one transaction |
//! |---|---|---|
//! | serial to identity | contract | DROP DEFAULT, rename the sequence, ADD GENERATED, let the identity go on where the sequence stands, DROP SEQUENCE |
//! | identity to serial | contract | a sequence that goes on where the identity stands, DROP IDENTITY, SET DEFAULT |
//! | a column gets an identity | validate | ADD GENERATED, let it start after the largest value |
//! | a new identity column, see `add_column` | validate | DROP DEFAULT, ADD GENERATED, let it go on where the sequence of ours stands, DROP SEQUENCE |
//! | a range that ends earlier | expand | ask where the sequence stands; ALTER |
//! | a range without a number of the old one | expand | a sequence that keeps the number that the old one stood at, for the way back; ALTER |
//! | | contract | DROP SEQUENCE of that |
//! | a column gets a new sequence as its default | expand | SET DEFAULT, let the sequence start after the largest value |
//!
//! Where the type changes as well, the handover is part of the switch to the twin, or of the transaction that changes the type.
//!
//! **If it stops half-way**: each is one transaction.

use std::collections::BTreeMap;

use crate::expr::{Expr, SearchPath};
use crate::name::{Ident, QualifiedName};
use crate::object::column::{Column, ColumnChange, Identity};
use crate::object::grant::{Acl, Grants};
use crate::object::owner::Owner;
use crate::object::sequence::render::restart;
use crate::object::sequence::{Sequence, SequenceChange, SequenceOptions};
use crate::object::{Definition, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::locks::leads_index;
use crate::plan::strategy::not_null::helper_name;
use crate::plan::strategy::satellites;
use crate::plan::{Class, HazardKind, Phase};
use crate::sql::literal;
use crate::types::TypeName;

/// What lets numbers go on where they are while a column gets its numbers from another sequence.
pub struct Handover {
    /// Before the old default or identity goes.
    pub before: Vec<Operation>,
    /// After it has gone.
    pub after: Vec<Operation>,
}

/// The handover of a serial column that becomes an identity column, or of an identity column that becomes a serial one.
pub fn handover(id: &ObjectId, context: &Context) -> Option<Handover> {
    let desired = context.desired_column(&id.qualified(), id.own_name())?;
    let serial = replaced_serial(id, context);
    match (&desired.identity, &desired.default) {
        (Some(identity), _) if !serial.is_empty() => Some(to_identity(id, &serial, identity, context)),
        (None, Some(default)) => Some(to_serial(id, counter_of_identity(id, context)?, default, context)),
        _ => None,
    }
}

/// The sequence of the identity may get the name of the old one, and is the only one of the column.
fn to_identity(id: &ObjectId, serial: &[ObjectId], identity: &Identity, context: &Context) -> Handover {
    let mut before = Vec::new();
    let kept: Vec<ObjectId> = serial.iter().map(|old| old.with_own_name(&set_aside(old))).collect();
    for (from, to) in serial.iter().zip(&kept) {
        before.push(Operation::alter(from.clone(), SequenceChange::OwnedBy(None)));
        before.push(Operation::Rename {
            from: from.clone(),
            to: to.clone(),
        });
    }
    let mut after = vec![Operation::alter(
        id.clone(),
        ColumnChange::Identity {
            from: None,
            to: Some(identity.clone()),
        },
    )];
    after.extend(kept.first().map(|from| Operation::Count {
        from: from.clone(),
        to: id.clone(),
    }));
    after.extend(kept.into_iter().map(Operation::drop));
    // Its own sequence belongs to the owner of the table, and may be spoken of like any other.
    let sequence = ObjectId::named(Kind::Sequence, &identity.sequence_of(id));
    let spoken = satellites(&sequence, context).into_iter();
    after.extend(spoken.filter(|spoken| spoken.subject().is_some_and(|id| id.kind != Kind::Owner)));
    Handover { before, after }
}

/// Asks whether the sequence of a column stands within the range of the identity that goes on from there.
pub fn room(id: &ObjectId, context: &Context) -> Option<Draft> {
    let desired = context.desired_column(&id.qualified(), id.own_name())?;
    let serial = replaced_serial(id, context);
    match context.schemas.live.get(serial.first()?) {
        Some(Object::Sequence(live)) => behind(live, &desired.identity.as_ref()?.options),
        _ => None,
    }
}

/// The handover of a column that keeps its type, in one transaction.
pub fn recipe(id: &ObjectId, handover: Handover, context: &Context) -> Draft {
    let mut operations = Vec::new();
    let live = context.live_column(&id.qualified(), id.own_name());
    let identity = live.and_then(|column| column.identity.clone());
    if identity.is_none() {
        operations.push(Operation::alter(id.clone(), ColumnChange::Default(None)));
    }
    operations.extend(in_place(id, handover, context));
    let mut draft = Draft::instant(Phase::Contract, operations)
        .because("In one transaction, so that numbers are given at every moment and go on where they are.");
    if identity.is_none() {
        draft.needs_not_null.push(id.clone());
    }
    draft
}

/// The handover over a column that stays; its old default is gone already.
pub fn in_place(id: &ObjectId, handover: Handover, context: &Context) -> Vec<Operation> {
    let live = context.live_column(&id.qualified(), id.own_name());
    let mut operations = handover.before;
    if let Some(identity) = live.and_then(|column| column.identity.clone()) {
        operations.push(Operation::alter(
            id.clone(),
            ColumnChange::Identity {
                from: Some(identity),
                to: None,
            },
        ));
    }
    operations.extend(handover.after);
    operations
}

/// A sequence that keeps the number of an identity column while the column, or its table, goes.
fn counter(column: &ObjectId) -> Sequence {
    let table = column.qualified();
    let name = helper_name(&format!("{}_{}", table.name, column.own_name().as_str()), "count");
    let data_type = TypeName::builtin("bigint");
    Sequence {
        name: QualifiedName {
            namespace: table.namespace,
            name: Ident::new(name),
        },
        options: SequenceOptions {
            min: i64::MIN,
            ..SequenceOptions::defaults(&data_type, 1)
        },
        data_type,
        unlogged: false,
        owned_by: None,
    }
}

/// How a new identity column of an existing table gets its numbers, so that nothing is rewritten.
pub struct Begun {
    /// The sequence that numbers rows meanwhile.
    pub counter: Vec<Operation>,
    /// The default that asks it.
    pub default: Expr,
    /// The step that ends it: the identity goes on where the sequence stands.
    pub settled: Draft,
}

/// None for columns that are no identity, and where PostgreSQL adds one only together with the column: an identity does not
/// reach the heirs of a table, nor its partitions before PostgreSQL 17.
pub fn begin(column: &Column, context: &Context) -> Option<Begun> {
    let identity = column.identity.as_ref()?;
    let id = ObjectId::part(Kind::Column, &column.table, &column.name);
    let desired = context.schemas.desired;
    let table = desired.table(&column.table)?;
    let inherits = !table.inherits.is_empty()
        || table.partition_of.is_some()
        || desired.heirs(&table.name).any(|heir| heir.partition_of.is_none());
    let partitioned = table.partition_by.is_some() && context.server_version < 17;
    if inherits || partitioned || context.wishes.in_place(&id) || context.wishes.backfill.contains_key(&id) {
        return None;
    }
    let counter = Sequence {
        options: identity.options.clone(),
        data_type: column.type_name.clone(),
        ..counter(&id)
    };
    let on = counter.id();
    // An identity asks nobody for a right on its sequence.
    let privileges = BTreeMap::from([("USAGE".to_string(), false)]);
    let everybody = Acl::of(on.clone(), Grants::from([(Ident::new(""), privileges)]));
    let default = Expr::new(format!("nextval({}::regclass)", literal(&counter.name.to_string())));
    let operations = vec![
        Operation::alter(id.clone(), ColumnChange::Default(None)),
        Operation::alter(
            id.clone(),
            ColumnChange::Identity {
                from: None,
                to: Some(identity.clone()),
            },
        ),
        Operation::Count {
            from: on.clone(),
            to: id.clone(),
        },
        Operation::drop(on),
    ];
    let mut settled = Draft::instant(Phase::Validate, operations)
        .because("In one transaction, so that numbers are given at every moment and go on where they are.");
    settled.needs_not_null.push(id);
    Some(Begun {
        counter: vec![Operation::create(counter), Operation::put(everybody)],
        default,
        settled,
    })
}

/// The number of an identity column is kept for another one.
pub fn kept(column: &ObjectId, context: &Context) -> Vec<Operation> {
    let counter = counter(column);
    let count = Operation::Count {
        from: column.clone(),
        to: counter.id(),
    };
    let granted = privileges(column, context).map(|acl| Operation::drop(acl.id()));
    [Operation::create(counter), count].into_iter().chain(granted).collect()
}

/// The privileges on the sequence of an identity column, which go with it, where they stay as they are.
fn privileges<'a>(column: &ObjectId, context: &Context<'a>) -> Option<&'a Object> {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let identity = live.column(&column.qualified(), column.own_name())?.identity.as_ref()?;
    let sequence = identity.sequence_of(column);
    let id = ObjectId::satellite(Kind::Acl, &ObjectId::named(Kind::Sequence, &sequence));
    desired.get(&id).filter(|acl| live.get(&id) == Some(*acl))
}

/// Another column becomes an identity column, and takes up the number that was kept for it.
pub fn taken_up(of: &ObjectId, column: &ObjectId, identity: &Identity, context: &Context) -> Vec<Operation> {
    let counter = counter(of).id();
    let change = ColumnChange::Identity {
        from: None,
        to: Some(identity.clone()),
    };
    let count = Operation::Count {
        from: counter.clone(),
        to: column.clone(),
    };
    let granted = privileges(column, context).map(|acl| Operation::put(acl.clone()));
    [
        Operation::alter(column.clone(), change),
        count,
        Operation::drop(counter),
    ]
    .into_iter()
    .chain(granted)
    .collect()
}

/// The new sequence, owned by the column, that an identity column has as its default from now on.
fn counter_of_identity<'a>(id: &ObjectId, context: &Context<'a>) -> Option<&'a Sequence> {
    let (live, desired) = (
        context.live_column(&id.qualified(), id.own_name())?,
        context.desired_column(&id.qualified(), id.own_name())?,
    );
    (live.identity.is_some() && desired.identity.is_none() && desired.default.is_some()).then_some(())?;
    context
        .schemas
        .desired
        .of_kind(Kind::Sequence)
        .find_map(|(sequence, object)| match object {
            Object::Sequence(new) if is_owned(new, id) && !context.schemas.live.contains(sequence) => Some(new),
            _ => None,
        })
}

/// Whether a new sequence comes with the change of the identity column that owns it.
pub fn comes_with_column(sequence: &Sequence, context: &Context) -> bool {
    let owner = sequence.owned_by.as_ref();
    owner.is_some_and(|owner| {
        let id = ObjectId::part(Kind::Column, &owner.table, &owner.column);
        context.schemas.live.contains(&id)
            && counter_of_identity(&id, context).is_some_and(|new| new.name == sequence.name)
    })
}

fn is_owned(sequence: &Sequence, column: &ObjectId) -> bool {
    let owner = sequence.owned_by.as_ref();
    owner.is_some_and(|owner| owner.table == column.qualified() && owner.column == *column.own_name())
}

/// The new sequence goes on where the identity stands, whose own sequence may have the name.
fn to_serial(id: &ObjectId, sequence: &Sequence, default: &Expr, context: &Context) -> Handover {
    let desired = ObjectId::named(Kind::Sequence, &sequence.name);
    let first = desired.with_own_name(&set_aside(&desired));
    let mut before = vec![Operation::create(Sequence {
        name: first.qualified(),
        owned_by: None,
        ..sequence.clone()
    })];
    // A column owns only sequences that belong to the role of its table, whoever runs this.
    let owner = ObjectId::satellite(Kind::Owner, &desired);
    let table = ObjectId::satellite(Kind::Owner, &ObjectId::named(Kind::Table, &id.qualified()));
    let said = context.schemas.desired.get(&owner);
    let role = match said.or_else(|| context.schemas.live.get(&table)) {
        Some(Object::Owner(owner)) => Some(owner.role.clone()),
        _ => None,
    };
    before.extend(role.clone().map(|role| {
        Operation::put(Owner {
            on: first.clone(),
            role,
        })
    }));
    before.push(Operation::Count {
        from: id.clone(),
        to: first.clone(),
    });
    let mut after = vec![
        Operation::Rename {
            from: first,
            to: desired.clone(),
        },
        Operation::alter(desired.clone(), SequenceChange::OwnedBy(sequence.owned_by.clone())),
        Operation::alter(id.clone(), ColumnChange::Default(Some(default.clone()))),
    ];
    after.extend(satellites(&desired, context));
    if role.is_some() && said.is_none() {
        // The files say nothing about it.
        after.push(Operation::drop(owner));
    }
    Handover { before, after }
}

/// A name for a sequence while another has or gets its own.
fn set_aside(sequence: &ObjectId) -> Ident {
    Ident::new(helper_name(sequence.own_name().as_str(), "count"))
}

/// Lets a new sequence start after the values of a column that gets it as its default.
pub fn starts(id: &ObjectId, context: &Context) -> Option<Operation> {
    let column = context.live_column(&id.qualified(), id.own_name())?;
    let numbers = ["smallint", "integer", "bigint"].contains(&column.type_name.to_string().as_str());
    let new = |id: &ObjectId| match context.schemas.desired.get(id) {
        Some(Object::Sequence(sequence)) if !context.schemas.live.contains(id) => Some(sequence),
        _ => None,
    };
    let used = context.references.desired.of(context.schemas.desired.get(id)?);
    let sequence = used.iter().find_map(new)?;
    let of = ObjectId::named(Kind::Sequence, &sequence.name);
    numbers.then(|| after_values(&of, id, &sequence.options))
}

/// Lets a sequence, or the identity of a column, start after the values of the column.
pub fn after_values(sequence: &ObjectId, column: &ObjectId, options: &SequenceOptions) -> Operation {
    Operation::StartAfter {
        sequence: sequence.clone(),
        column: column.clone(),
        descending: options.increment < 0,
    }
}

/// A change of a sequence, or of that of an identity column; `live` is the sequence as it is. Where it begins anew, because no number of
/// the old range is in the new one, another one keeps the number that it stood at until contract: the way back goes on from there.
pub fn altered(id: &ObjectId, live: &Sequence, desired: &SequenceOptions, changes: Vec<Operation>) -> Recipe {
    if restart(&live.options, desired).is_none() {
        let mut recipe: Recipe = behind(live, desired).into_iter().collect();
        recipe.push(Draft::instant(Phase::Expand, changes));
        return recipe;
    }
    let keeper = Sequence {
        name: QualifiedName {
            name: set_aside(&live.id()),
            ..live.name.clone()
        },
        owned_by: None,
        ..live.clone()
    };
    let kept = keeper.id();
    let count = Operation::Count {
        from: id.clone(),
        to: kept.clone(),
    };
    let mut operations = vec![Operation::create(keeper), count];
    operations.extend(changes);
    vec![
        Draft::instant(Phase::Expand, operations)
            .because("It begins anew; the way back goes on where it stood, so that no number comes twice."),
        Draft::instant(Phase::Contract, vec![Operation::drop(kept)]),
    ]
}

/// Asks whether the sequence stands behind the end of its new range, where that comes earlier: PostgreSQL refuses the range then, and
/// only the database knows.
fn behind(live: &Sequence, desired: &SequenceOptions) -> Option<Draft> {
    let name = &live.name;
    let (comes_earlier, end, stands) = if desired.increment < 0 {
        (desired.min > live.options.min, desired.min, "<")
    } else {
        (desired.max < live.options.max, desired.max, ">")
    };
    let check = Operation::Check {
        table: name.clone(),
        problem: format!(
            "stand behind the end of the new range, {end}: let the sequence begin anew (RESTART), or leave it more room"
        ),
        query: Expr::under(
            format!("SELECT last_value FROM {name} WHERE last_value {stands} {end}"),
            &SearchPath::default(),
        ),
        shown: vec![Ident::from("last_value")],
    };
    let draft = Draft::new(Phase::Expand, Class::Check, vec![check]);
    comes_earlier.then(|| draft.because("PostgreSQL refuses the new range otherwise; asked before any lock is taken."))
}

/// The same for the identity of a column.
pub fn identity_altered(
    id: &ObjectId,
    from: &Identity,
    to: &Identity,
    changes: Vec<Operation>,
    context: &Context,
) -> Recipe {
    let data_type = context.live_column(&id.qualified(), id.own_name());
    let live = Sequence {
        name: from.sequence_of(id),
        data_type: data_type.map_or_else(|| TypeName::builtin("bigint"), |column| column.type_name.clone()),
        options: from.options.clone(),
        unlogged: false,
        owned_by: None,
    };
    altered(id, &live, &to.options, changes)
}

/// A step that looks for the largest value of a column, under the lock that its other operations take.
pub fn first_numbers(id: &ObjectId, operations: Vec<Operation>, phase: Phase, context: &Context) -> Draft {
    let table = id.qualified();
    if leads_index(&table, id.own_name(), context.schemas.live) {
        return Draft::instant(phase, operations);
    }
    Draft::new(phase, Class::Blocking, operations).hazard(
        HazardKind::BlockingScan,
        &ObjectId::named(Kind::Table, &table),
        format!(
            "Reads and writes of {table} wait while the largest {} is looked for, as no index leads to it.",
            id.own_name()
        ),
    )
}

/// The sequences of a serial column that becomes an identity column; they make room for the identity's own.
pub fn replaced_serial(id: &ObjectId, context: &Context) -> Vec<ObjectId> {
    let has_identity = |column: Option<&Column>| column.map(|column| column.identity.is_some());
    let (table, name) = (id.qualified(), id.own_name());
    let becomes_identity = has_identity(context.live_column(&table, name)) == Some(false)
        && has_identity(context.desired_column(&table, name)) == Some(true);
    if !becomes_identity {
        return Vec::new();
    }
    let owned = |sequence: &ObjectId| match context.schemas.live.get(sequence) {
        Some(Object::Sequence(owned)) => is_owned(owned, id) && !context.schemas.desired.contains(sequence),
        _ => false,
    };
    context.live_owned_sequences(&table).into_iter().filter(owned).collect()
}
