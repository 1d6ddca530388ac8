//! Columns of an enumerated type whose labels go or move.
//!
//! PostgreSQL neither removes nor moves a label. A second type stands beside the first one, each column has a twin of it, and in the
//! moment of the switch the second type takes the name. A row with a label that goes has no value in the twin: the check before the switch
//! asks for none to be left, unless `@using` says what becomes of it. What the old application writes is refused only when that is proved.

use crate::expr::{Expr, may_have_label};
use crate::object::Definition;
use crate::object::column::{Column, ColumnChange};
use crate::object::enum_type::EnumType;
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::Recipe;
use crate::plan::strategy::not_null::data_check;
use crate::sql::{list, literal};
use crate::types::TypeName;

use super::Twin;
use super::anew::{self, Anew};
use super::convert::Way;

/// An enumerated type that is made anew, and what a twin has of it.
#[derive(Clone)]
pub(super) struct Labels<'a> {
    pub(super) live: &'a EnumType,
    pub(super) desired: &'a EnumType,
    /// The value whose label is taken over: the column, or what `@using` says.
    pub(super) source: String,
    /// Whether `@using` says it.
    pub(super) told: bool,
}

impl Labels<'_> {
    fn removed(&self) -> Vec<&String> {
        let stays = |label: &&String| !self.desired.labels.contains(*label);
        self.live.labels.iter().filter(stays).collect()
    }

    /// Whether a value of the source has a label that the new type does not know; what `@using` says may be any text.
    fn unknown(&self, array: bool) -> Option<String> {
        if self.told && !array {
            let labels = list(self.desired.labels.iter().map(|label| literal(label)));
            return Some(format!("({})::text NOT IN ({labels})", self.source));
        }
        let removed = self.removed();
        let names = list(removed.iter().map(|label| literal(label)));
        (!removed.is_empty()).then(|| match array {
            true => format!("({})::text[] OPERATOR(pg_catalog.&&) ARRAY[{names}]", self.source),
            false => format!("({})::text IN ({names})", self.source),
        })
    }

    fn value(&self, to: &TypeName) -> String {
        let text = if to.array { "text[]" } else { "text" };
        let value = format!("({})::{text}::{to}", self.source);
        match self.unknown(to.array) {
            Some(unknown) => format!("CASE WHEN {unknown} THEN NULL ELSE {value} END"),
            None => value,
        }
    }
}

/// The twin of a column, with what it takes over of each label.
pub(super) fn twin<'a>(
    (live, desired): (&'a EnumType, &'a EnumType),
    columns: (&'a Column, &'a Column),
    context: &Context<'a>,
) -> Twin<'a> {
    let (before, _) = columns;
    let using = context.wishes.using.get(&before.id());
    let labels = Labels {
        live,
        desired,
        told: using.is_some(),
        source: using.map_or_else(|| before.name.to_string(), |expr| format!("({})", expr.text)),
    };
    let path = using.map(|expr| expr.path.clone()).unwrap_or_default();
    let meanwhile = anew::meanwhile(&Anew::Enum(labels.clone()), &before.type_name);
    let forth = Way::Expr(Expr::under(labels.value(&meanwhile), &path));
    anew::twin(Anew::Enum(labels), forth, columns, context)
}

/// Another default comes at once: the old one may have a label that rows shall no longer have.
pub(super) fn default_of_both(twin: &Twin) -> Option<Operation> {
    let default = twin.desired.default.clone().filter(|_| twin.labels().is_some())?;
    let differs = twin.live.default.as_ref() != Some(&default);
    differs.then(|| Operation::alter(twin.before_id(), ColumnChange::Default(Some(default))))
}

/// Whether the new default has a label that the type does not know yet.
pub(super) fn default_ahead(twin: &Twin) -> bool {
    let (Some(labels), Some(default)) = (twin.labels(), &twin.desired.default) else {
        return false;
    };
    let name = labels.desired.name.clone();
    let mut new = labels
        .desired
        .labels
        .iter()
        .filter(|label| !labels.live.labels.contains(label));
    new.any(|label| may_have_label(&default.text, &default.path, &name, label))
}

/// No row has a label that goes.
pub(super) fn unknown(twin: &Twin) -> Recipe {
    let Some(labels) = twin.labels() else {
        return Recipe::new();
    };
    let unknown = labels.unknown(twin.meanwhile.array);
    unknown
        .map(|unknown| {
            data_check(
                &twin.table,
                format!("hold a label in {} that the type no longer has", twin.after),
                format!("SELECT * FROM {} WHERE {unknown}", twin.table),
            )
        })
        .into_iter()
        .collect()
}
