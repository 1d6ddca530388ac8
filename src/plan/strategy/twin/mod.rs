//! A column that is renamed or changes its type, through a twin beside it.
//!
//! **The danger.** From the moment of a rename one of the two applications asks for a name that is not there. Most changes of
//! type rewrite the table and its indexes while reads and writes wait.
//!
//! | phase | renamed | other type |
//! |---|---|---|
//! | expand | ADD COLUMN under the new name; trigger that keeps both the same, both ways; indexes CONCURRENTLY | ADD COLUMN under a name of ours; trigger that follows the column |
//! | backfill | copy | copy |
//! | validate | compare; prove that every row is copied; constraints NOT VALID, VALIDATE; not-null proof | the same, and indexes CONCURRENTLY |
//! | contract, with approval | one transaction: drop trigger, function and old column; the twin's indexes and constraints take their names | the same, and the twin takes the column's name |
//!
//! With a cool-down contract has two stages, and can be taken back between them (`cool_down`).
//!
//! Where both change, the twin has the new name and the new type, and values go both ways. Columns of an enumerated type whose labels go
//! or move, and of a domain with another base type, have twins of a type that takes its name in the end (`anew`).
//!
//! Tables that inherit the column take part (`family`): the twin goes down to them by itself, and each gets the trigger, and what
//! it has over the column. On partitioned tables indexes, keys and foreign keys are made in another way (`partitioned`).
//!
//! A column that only gets another name, while something is tied to it that no twin can take over, is renamed itself in the end, and the
//! twin lends it the name until then (`alias`).
//!
//! **Not used** for new tables, where the policy says in place, and where something stands in the way (`obstacle`): then the
//! column is changed in place, with approval. The new application may rely on rows from before once the backfill is done.
//! **If it stops half-way**: every step before contract can be undone; contract is one transaction, or two with a cool-down between them.

use std::collections::{BTreeSet, HashMap};

use crate::diff::Delta;
use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};
use crate::object::column::{Column, ColumnChange};
use crate::object::{Change, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::Recipe;
use crate::plan::locks::stored_as;
use crate::plan::nulls::Nulls;
use crate::plan::strategy::foreign_table;
use crate::plan::strategy::is_volatile;
use crate::plan::strategy::not_null::helper_name;
use crate::plan::strategy::type_change::{Effort, effort_on};
use crate::plan::switch::retired;
use crate::refs::parts_of_column;
use crate::schema::Schema;
use crate::types::TypeName;

mod alias;
mod anew;
mod attributes;
mod contract;
mod convert;
mod cool_down;
mod domain;
mod family;
mod label;
mod obstacle;
mod part;
mod partitioned;
mod prepare;
mod sign;
mod sync;
mod views;

use anew::Anew;
use convert::Way;
pub use convert::{assigns, keeps_values};
pub use family::asks_for_tables;
use label::Labels;
pub use sign::is_sign;

pub(super) use prepare::proof;
pub(super) use sign::counter;
pub(super) use sync::differ;

/// What goes through twins, and what a reader should know about the rest.
#[derive(Default)]
pub struct Twins {
    /// The groups.
    pub groups: Vec<Group>,
    /// One sentence each.
    pub notes: Vec<String>,
    /// Columns that are changed in place, with one sentence each.
    pub in_place: Vec<(ObjectId, String)>,
    /// Types that are not made anew beside the columns that have them, each with why, as the end of a sentence.
    pub hindered: Vec<(ObjectId, String)>,
}

/// Columns that go through twins together, because constraints, indexes or views tie them to each other.
pub struct Group {
    /// Objects whose own deltas and renames the group has taken along.
    pub members: BTreeSet<ObjectId>,
    /// The recipe.
    pub recipe: Recipe,
}

/// A column and its twin.
pub(super) struct Twin<'a> {
    table: QualifiedName,
    /// The tables that inherit the column, of every level; partitions are none of them.
    heirs: Vec<QualifiedName>,
    /// The column's name in the live database.
    before: Ident,
    /// The twin's name while both stand.
    name: Ident,
    /// Its name in the end.
    after: Ident,
    /// The column as it is, under its new name.
    live: &'a Column,
    /// The column as it shall be.
    desired: &'a Column,
    /// The type of the twin while both stand.
    meanwhile: TypeName,
    /// Its type, where that is made anew.
    anew: Option<Anew<'a>>,
    forth: Way,
    /// The way back; set where applications write the twin before the end.
    back: Option<Way>,
    /// The default that the twin has while both stand.
    default: Option<Expr>,
    old_default: OldDefault,
    /// How both columns are asked for nulls.
    nulls: Nulls,
}

/// The default of a column in the live database.
pub(super) enum OldDefault {
    /// There is none.
    None,
    /// Every row of a statement gets the same value.
    Stable(Expr),
    /// Each row gets another one.
    Volatile,
}

impl OldDefault {
    fn stable(&self) -> Option<Expr> {
        match self {
            Self::Stable(default) => Some(default.clone()),
            Self::None | Self::Volatile => None,
        }
    }
}

impl Twin<'_> {
    /// Whether the new application already knows the twin by its name.
    fn both_ways(&self) -> bool {
        self.name == self.after
    }

    fn default(&self) -> Option<Expr> {
        self.default.clone()
    }

    /// The name of the column that is set aside.
    fn retired(&self) -> Ident {
        retired(&self.before)
    }

    /// Whether both columns hold the very same values.
    fn same(&self) -> bool {
        self.forth == Way::Same
    }

    /// Whether every old value is in the twin: `@using` may give another one.
    fn keeps_values(&self) -> bool {
        match &self.anew {
            Some(Anew::Enum(labels)) => !labels.told,
            Some(Anew::Domain(based)) => based.keeps_values(self.live, &self.forth),
            Some(Anew::Composite(attributes)) => !attributes.told && attributes.gone().is_empty(),
            None => {
                let own = convert::forth(&self.before, &self.live.type_name, &self.desired.type_name);
                self.forth == Way::Assign || own.as_ref() == Some(&self.forth)
            }
        }
    }

    /// Its type, where that gets other labels.
    fn labels(&self) -> Option<&Labels<'_>> {
        match &self.anew {
            Some(Anew::Enum(labels)) => Some(labels),
            _ => None,
        }
    }

    /// The tables in which it is a column with a trigger of its own.
    fn tables(&self) -> impl Iterator<Item = &QualifiedName> {
        std::iter::once(&self.table).chain(&self.heirs)
    }

    /// Whether it is a column of this table.
    fn is_of(&self, table: &QualifiedName) -> bool {
        self.tables().any(|own| own == table)
    }

    /// The columns in the end.
    fn after_ids(&self) -> impl Iterator<Item = ObjectId> {
        self.tables()
            .map(|table| ObjectId::part(Kind::Column, table, &self.after))
    }

    /// The column in the live database.
    fn before_id(&self) -> ObjectId {
        ObjectId::part(Kind::Column, &self.table, &self.before)
    }

    /// The twin while both stand.
    fn id(&self) -> ObjectId {
        ObjectId::part(Kind::Column, &self.table, &self.name)
    }

    /// The column in the end.
    fn after_id(&self) -> ObjectId {
        ObjectId::part(Kind::Column, &self.table, &self.after)
    }
}

/// The columns that go through twins. `original` is the live schema under its old names.
pub fn twins(original: &Schema, renames: &[Operation], deltas: &[Delta], context: &Context) -> Twins {
    let mut found = Twins::default();
    let mut twins = candidates(renames, deltas, context, &mut found.notes);
    twins.extend(anew::twins(deltas, context, &mut found));
    let by_id: HashMap<&ObjectId, &Delta> = deltas.iter().map(|delta| (delta.id(), delta)).collect();
    let parts: Vec<BTreeSet<ObjectId>> = twins.iter().map(|twin| part::of(twin, context)).collect();
    let around: Vec<BTreeSet<ObjectId>> = twins.iter().map(|twin| views::over(&[twin], context)).collect();
    for places in tied(&parts, &around, &twins) {
        let group: Vec<&Twin> = places.iter().filter_map(|at| twins.get(*at)).collect();
        let parts: BTreeSet<ObjectId> = places
            .iter()
            .filter_map(|at| parts.get(*at))
            .flatten()
            .cloned()
            .collect();
        let mut views = views::over(&group, context);
        views.extend(anew::carried(&group, context));
        let scene = Scene {
            twins: &group,
            parts: &parts,
            views: &views,
            original,
            deltas: &by_id,
            context,
        };
        let (made, of_cool_down) = match obstacle::first(&scene) {
            Some(_) if alias::fits(&scene) => {
                let parts = alias::parts(&scene);
                let named = Scene { parts: &parts, ..scene };
                let made = Group {
                    members: alias::members(&named),
                    recipe: alias::recipe(&named),
                };
                (made, cool_down::renamed(&named))
            }
            Some(reason) => {
                let types = anew::types(&group).into_iter();
                found
                    .hindered
                    .extend(types.map(|new_type| (new_type.id(), reason.clone())));
                found.in_place.extend(group.iter().map(|twin| {
                    let id = twin.after_id();
                    let note = format!("{id} is changed in place: {reason}.");
                    (id, note)
                }));
                continue;
            }
            None => {
                let made = Group {
                    members: members(&scene),
                    recipe: recipe(&scene),
                };
                (made, cool_down::notes(&scene))
            }
        };
        found.notes.extend(scene.twins.iter().filter(|twin| twin.both_ways()).map(|twin| {
            format!(
                "Rows from before have their value in {} from the end of the backfill on; an application that reads it is deployed then.",
                twin.after_id()
            )
        }));
        found.notes.extend(of_cool_down);
        found.groups.push(made);
    }
    found
}

/// A group with what is around it.
struct Scene<'a> {
    twins: &'a [&'a Twin<'a>],
    /// Ids of the constraints, indexes and statistics over the columns, live and desired.
    parts: &'a BTreeSet<ObjectId>,
    /// Ids of the views that read the columns, of what reads those, and of what comes back over a new type, live and desired.
    views: &'a BTreeSet<ObjectId>,
    original: &'a Schema,
    deltas: &'a HashMap<&'a ObjectId, &'a Delta>,
    context: &'a Context<'a>,
}

impl Scene<'_> {
    /// The tables of the group, each with its twins.
    fn tables(&self) -> Vec<(&QualifiedName, Vec<&Twin<'_>>)> {
        let mut tables: Vec<(&QualifiedName, Vec<&Twin>)> = Vec::new();
        for twin in self.twins {
            match tables.iter_mut().find(|(table, _)| **table == twin.table) {
                Some((_, list)) => list.push(twin),
                None => tables.push((&twin.table, vec![twin])),
            }
        }
        tables
    }
}

fn recipe(scene: &Scene) -> Recipe {
    let mut recipe = prepare::expand(scene);
    recipe.extend(prepare::backfill(scene));
    recipe.extend(prepare::validate(scene));
    let around = views::around(scene);
    match scene.context.wishes.cool_down {
        Some(_) if cool_down::hindrance(scene).is_none() => recipe.extend(cool_down::contract(scene, &around)),
        _ => {
            recipe.extend(partitioned::before(scene));
            recipe.push(contract::switch(scene, &around));
        }
    }
    recipe.extend(around.validate);
    recipe.extend(partitioned::after(scene));
    recipe.extend(domain::refusals_of_null(scene));
    recipe
}

/// The deltas and renames that the group carries out.
fn members(scene: &Scene) -> BTreeSet<ObjectId> {
    let mut members: BTreeSet<ObjectId> = scene.parts.clone();
    members.extend(scene.twins.iter().flat_map(|twin| twin.after_ids()));
    members.extend(anew::types(scene.twins).into_iter().map(Anew::id));
    members.extend(domain::checks(scene));
    members.extend(views::around(scene).taken);
    members.extend(partitioned::members(scene));
    // Comments and privileges of theirs are given anew.
    let satellites = scene
        .deltas
        .keys()
        .filter(|id| id.on.is_some() && members.contains(id.subject()));
    let satellites: Vec<ObjectId> = satellites.map(|id| (*id).clone()).collect();
    members.extend(satellites);
    members
}

/// Renamed columns, and columns whose change of type would rewrite.
fn candidates<'a>(
    renames: &[Operation],
    deltas: &[Delta],
    context: &Context<'a>,
    notes: &mut Vec<String>,
) -> Vec<Twin<'a>> {
    let mut twins = Vec::new();
    for rename in renames {
        if let Operation::Rename { from, to } = rename {
            if from.kind == Kind::Column && from.qualified() == to.qualified() {
                let found = twin(to, from.own_name().clone(), to.own_name().clone(), context);
                notes.extend(found.is_none().then(|| unknown_way(to, true, context)).flatten());
                twins.extend(found);
            }
        }
    }
    for delta in deltas {
        if let Delta::Alter(id, changes) = delta {
            let renamed = renames
                .iter()
                .any(|rename| matches!(rename, Operation::Rename { to, .. } if to == id));
            if id.kind == Kind::Column && !renamed && rewrites(id, changes, context) {
                let own = id.own_name();
                let name = Ident::new(helper_name(own.as_str(), "new"));
                let found = twin(id, own.clone(), name, context);
                notes.extend(found.is_none().then(|| unknown_way(id, false, context)).flatten());
                twins.extend(found);
            }
        }
    }
    twins
}

/// What the files would have to say.
fn unknown_way(id: &ObjectId, renamed: bool, context: &Context) -> Option<String> {
    let also = if renamed {
        ", and `-- @reverse EXPRESSION` that gives the old value back,"
    } else {
        ""
    };
    (!in_place(id, context)).then(|| {
        format!(
            "{id} is changed in place, because not every old value is a new one without being told how; with `-- @using EXPRESSION` right before it{also} it goes through a twin."
        )
    })
}

fn rewrites(id: &ObjectId, changes: &[Change], context: &Context) -> bool {
    let Some(Object::Column(live)) = context.schemas.live.get(id) else {
        return false;
    };
    changes.iter().any(|change| match change {
        Change::Column(ColumnChange::Type {
            type_name, collation, ..
        }) => match effort_on(live, type_name, live.collation == *collation, context) {
            Effort::Rewrite => true,
            Effort::Reindex => family::with_heirs(&id.qualified(), context.schemas.live).any(|table| {
                !parts_of_column(
                    context.schemas.live,
                    &ObjectId::part(Kind::Column, &table, id.own_name()),
                )
                .is_empty()
            }),
            Effort::Catalog => false,
        },
        _ => false,
    })
}

/// By the policy, or because the rows are on a foreign server.
fn in_place(id: &ObjectId, context: &Context) -> bool {
    context.wishes.in_place(id) || foreign_table::concerns(id, context)
}

/// The twin of a column, where values can go the ways they must.
fn twin<'a>(id: &ObjectId, before: Ident, name: Ident, context: &Context<'a>) -> Option<Twin<'a>> {
    let (live, desired) = match (context.schemas.live.get(id), context.schemas.desired.get(id)) {
        (Some(Object::Column(live)), Some(Object::Column(desired))) => (live, desired),
        _ => return None,
    };
    let wishes = context.wishes;
    if in_place(id, context) {
        return None;
    }
    let after = id.own_name().clone();
    let forth = match wishes.using.get(id).filter(|_| live.type_name != desired.type_name) {
        Some(expr) => Way::Expr(expr.clone()),
        None => forth(&before, live, desired, context)?,
    };
    let back = match wishes.reverse.get(id) {
        _ if name != after && wishes.cool_down.is_none() => None,
        Some(expr) if forth != Way::Same => Some(Way::Expr(expr.clone())),
        _ => convert::back(&after, &desired.type_name, &live.type_name),
    };
    if name == after && back.is_none() {
        return None;
    }
    let stable = desired.default.clone().filter(|default| !is_volatile(default, context));
    Some(Twin {
        table: id.qualified(),
        before,
        default: stable.filter(|_| name == after),
        old_default: match live.default.clone() {
            None => OldDefault::None,
            Some(default) if is_volatile(&default, context) => OldDefault::Volatile,
            Some(default) => OldDefault::Stable(default),
        },
        name,
        after,
        nulls: Nulls::of(&[&live.type_name, &desired.type_name], context.schemas.desired),
        heirs: family::heirs(&id.qualified(), context.schemas.live),
        live,
        desired,
        meanwhile: desired.type_name.clone(),
        anew: None,
        forth,
        back,
    })
}

/// The way of every value to the new type; a domain has values of its base.
fn forth(before: &Ident, live: &Column, desired: &Column, context: &Context) -> Option<Way> {
    let way = convert::forth(before, &live.type_name, &desired.type_name);
    way.or_else(|| {
        let stored = stored_as(&live.type_name, context.schemas.live);
        match convert::forth(before, stored, &desired.type_name)? {
            Way::Same => Some(Way::Assign),
            way => Some(way),
        }
    })
}

/// Places of twins that share a part, whose tables need one trigger, or that have a view around them which goes and comes back once,
/// grouped.
fn tied(parts: &[BTreeSet<ObjectId>], around: &[BTreeSet<ObjectId>], twins: &[Twin]) -> Vec<BTreeSet<usize>> {
    let mut groups: Vec<BTreeSet<usize>> = Vec::new();
    for at in 0..twins.len() {
        let anew = |at: usize| twins[at].anew.as_ref().map(Anew::id);
        let touches = |other: usize| {
            twins[at].table == twins[other].table
                || !parts[at].is_disjoint(&parts[other])
                || !around[at].is_disjoint(&around[other])
                || anew(at).is_some() && anew(at) == anew(other)
        };
        let mut joined = BTreeSet::from([at]);
        groups.retain(|group| {
            let tie = group.iter().any(|other| touches(*other));
            if tie {
                joined.extend(group.iter().copied());
            }
            !tie
        });
        groups.push(joined);
    }
    groups.sort();
    groups
}
