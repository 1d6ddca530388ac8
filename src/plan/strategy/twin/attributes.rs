//! Columns of a composite type whose attributes get another type or order.
//!
//! PostgreSQL adds attributes at the end and drops them, and does nothing else to a type that columns have (PostgreSQL documentation, ALTER
//! TYPE). A second type stands beside the first one, each column has a twin of it, and in the moment of the switch the second type takes
//! the name. Every attribute goes over by itself; one that comes has no value.

use crate::expr::Expr;
use crate::name::Ident;
use crate::object::column::Column;
use crate::object::composite_type::{Attribute, CompositeType};
use crate::object::{Definition, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::Phase;
use crate::plan::context::Context;
use crate::plan::draft::Draft;
use crate::plan::held::by_way_of_another;
use crate::plan::strategy::satellites;
use crate::plan::strategy::type_change::{Effort, effort};
use crate::schema::Schema;
use crate::sql::list;

use super::anew::{self, Anew};
use super::convert::{self, Way};
use super::{Scene, Twin};

/// A composite type that is made anew.
#[derive(Clone, Copy)]
pub(super) struct Attributes<'a> {
    pub(super) live: &'a CompositeType,
    pub(super) desired: &'a CompositeType,
    /// Whether `@using` says what a value becomes.
    pub(super) told: bool,
}

impl Attributes<'_> {
    /// The attributes that go, with their values.
    pub(super) fn gone(&self) -> Vec<&Ident> {
        let stays = |one: &&Attribute| self.desired.attributes.iter().any(|other| other.name == one.name);
        let gone = self.live.attributes.iter().filter(|one| !stays(one));
        gone.map(|attribute| &attribute.name).collect()
    }

    /// The value of the new form in every row, or which attribute has none, as the end of a sentence.
    fn value(&self, column: &Ident, schema: &Schema) -> Result<String, String> {
        let values = self.desired.attributes.iter();
        let values: Vec<String> = values
            .map(|attribute| self.of(attribute, column, schema))
            .collect::<Result<_, String>>()?;
        Ok(format!("ROW({})", list(values)))
    }

    fn of(&self, attribute: &Attribute, column: &Ident, schema: &Schema) -> Result<String, String> {
        let Attribute {
            name, type_name: to, ..
        } = attribute;
        let Some(before) = self.live.attributes.iter().find(|one| one.name == *name) else {
            let domain = ObjectId::named(Kind::Domain, &to.qualified());
            return match schema.contains(&domain) {
                true => Err(format!(
                    "attribute {name} comes with {domain}, which may refuse that it has no value"
                )),
                false => Ok("NULL".into()),
            };
        };
        let (from, value) = (&before.type_name, format!("({column}).{name}"));
        if from == to {
            return Ok(value);
        }
        if convert::assigns(from, to) || effort(from, to, true) != Effort::Rewrite {
            return Ok(format!("{value}::{to}"));
        }
        Err(format!(
            "not every {from} of attribute {name} is a {to} without being told how (`-- @using EXPRESSION` right before the column says it)"
        ))
    }
}

/// The twin of a column, or why it has none, as the end of a sentence.
pub(super) fn twin<'a>(
    (live, desired): (&'a CompositeType, &'a CompositeType),
    columns: (&'a Column, &'a Column),
    context: &Context<'a>,
) -> Result<Twin<'a>, String> {
    let (before, _) = columns;
    if before.type_name.array {
        return Err(format!("{} is an array of it", before.id()));
    }
    let using = context.wishes.using.get(&before.id());
    let attributes = Attributes {
        live,
        desired,
        told: using.is_some(),
    };
    let new_type = Anew::Composite(attributes);
    let helper = anew::meanwhile(&new_type, &before.type_name);
    let (row, path) = match using {
        Some(told) => (told.text.clone(), told.path.clone()),
        None => (
            attributes.value(&before.name, context.schemas.desired)?,
            Default::default(),
        ),
    };
    // A row of nulls is not the same as none.
    let value = format!(
        "CASE WHEN {} IS NOT DISTINCT FROM NULL THEN NULL ELSE ({row})::{helper} END",
        before.name
    );
    let forth = Way::Expr(Expr::under(value, &path));
    Ok(anew::twin(new_type, forth, columns, context))
}

/// What else than columns is made of the type.
pub(super) fn obstacle(scene: &Scene) -> Option<String> {
    let live = scene.context.schemas.live;
    for new_type in anew::types(scene.twins) {
        let Anew::Composite(attributes) = new_type else {
            continue;
        };
        let id = new_type.id();
        let users = || scene.context.live_users.get(&id).into_iter().flatten();
        let is_made_of_it = |user: &&ObjectId| match live.get(user) {
            Some(Object::CompositeType(_) | Object::Domain(_) | Object::RangeType(_)) => true,
            Some(Object::Table(table)) => table.of_type.as_ref() == Some(&id.qualified()),
            _ => false,
        };
        if let Some(user) = users().find(is_made_of_it) {
            return Some(format!("{user} is made of it"));
        }
        if let Some(column) = by_way_of_another(&id.qualified(), live) {
            return Some(format!("{column} has values of it inside of others"));
        }
        let original = scene.original.get(&id);
        if !matches!(original, Some(Object::CompositeType(before)) if before == attributes.live) {
            return Some("its attributes are themselves renamed".into());
        }
    }
    None
}

/// The second type.
pub(super) fn made(attributes: &Attributes, new_type: &Anew) -> Draft {
    let helper = CompositeType {
        name: new_type.helper(),
        ..attributes.desired.clone()
    };
    Draft::instant(Phase::Expand, vec![Operation::create(helper)]).because(
        "Attributes of a type that columns have keep their types and their order: this one takes the name in the end.",
    )
}

/// What is said of the attributes.
pub(super) fn completed(attributes: &Attributes, context: &Context) -> Vec<Operation> {
    let name = &attributes.desired.name;
    let ids = attributes.desired.attributes.iter();
    ids.flat_map(|attribute| satellites(&ObjectId::part(Kind::Column, name, &attribute.name), context))
        .collect()
}
