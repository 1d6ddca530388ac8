//! Texts in which a slip of the pen is likely: no grammar reads them. A server would say so; told here, nobody has to ask one.

use crate::expr::{Expr, Query, is_expr, is_query};
use crate::name::QualifiedName;
use crate::object::{Kind, Visitor};

use super::context::Notice;
use super::fold::Desired;

/// How much of a text is shown, in characters.
const SHOWN: usize = 60;

/// A notice for each object with such a text.
pub(super) fn notices(desired: &Desired) -> Vec<Notice> {
    let mut found = Vec::new();
    for (id, object) in desired.schema.iter() {
        let Some(place) = desired.places.get(id) else {
            continue;
        };
        let mut finder = Finder {
            // Bodies of routines and actions of rules are statements of many kinds.
            queries: matches!(id.kind, Kind::View | Kind::MaterializedView),
            found: None,
        };
        object.clone().visit(&mut finder);
        if let Some(text) = finder.found {
            found.push(Notice {
                place: place.clone(),
                message: format!(
                    "{id}: {text} is not understood; it is compared word by word, and a server may refuse it"
                ),
                unmanaged: false,
            });
        }
    }
    found
}

struct Finder {
    /// Whether queries are looked at.
    queries: bool,
    /// The first text that nobody reads.
    found: Option<String>,
}

impl Finder {
    fn see(&mut self, text: &str, is_read: fn(&str) -> bool) {
        if self.found.is_none() && !is_read(text) {
            let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let shown: String = line.chars().take(SHOWN).collect();
            let more = if shown.len() < line.len() { " .." } else { "" };
            self.found = Some(format!("`{shown}{more}`"));
        }
    }
}

impl Visitor for Finder {
    fn expr(&mut self, _slot: &str, _relation: Option<&QualifiedName>, expr: &mut Expr) {
        self.see(&expr.text, is_expr);
    }

    fn query(&mut self, _slot: &str, query: &mut Query) {
        if self.queries {
            self.see(&query.text, is_query);
        }
    }
}
