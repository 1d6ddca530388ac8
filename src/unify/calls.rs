//! Texts whose calls will mean another function than they do now, so that a server with the live functions cannot be asked.

use std::collections::HashSet;

use crate::expr::{Expr, mentions};
use crate::name::Ident;
use crate::object::{Comparison, Kind, Object};
use crate::schema::Schema;

/// Functions that go or are made anew while no other of their name stays, and the views over them.
pub(super) struct Calls {
    functions: HashSet<Ident>,
    views: HashSet<Ident>,
}

impl Calls {
    pub(super) fn of(live: &Schema, desired: &Schema) -> Self {
        let (mut goes, mut stays) = (HashSet::new(), HashSet::new());
        for (id, object) in live.iter() {
            if !matches!(id.kind, Kind::Function | Kind::Aggregate) {
                continue;
            }
            let is_kept = desired
                .get(id)
                .is_some_and(|desired| !matches!(object.compare(desired), Comparison::Replaced(_)));
            let names = if is_kept { &mut stays } else { &mut goes };
            names.insert(id.name.clone());
        }
        let mut calls = Self {
            functions: goes.difference(&stays).cloned().collect(),
            views: HashSet::new(),
        };
        // A view over such a view may stand anywhere.
        while !calls.functions.is_empty() {
            let found: Vec<Ident> = desired
                .iter()
                .filter(|(id, _)| !calls.views.contains(&id.name))
                .filter_map(|(id, object)| {
                    let query = match object {
                        Object::View(view) => &view.query,
                        Object::MaterializedView(view) => &view.query,
                        _ => return None,
                    };
                    calls.change_text(&query.text).then(|| id.name.clone())
                })
                .collect();
            if found.is_empty() {
                break;
            }
            calls.views.extend(found);
        }
        calls
    }

    /// Whether the text calls such a function, or reads a view that does.
    pub(super) fn change(&self, text: &Expr) -> bool {
        self.change_text(&text.text)
    }

    fn change_text(&self, text: &str) -> bool {
        if self.functions.is_empty() {
            return false;
        }
        let mentions = mentions(text);
        mentions
            .functions
            .iter()
            .any(|name| self.functions.contains(&name.name))
            || mentions
                .relations
                .iter()
                .any(|name| self.functions.contains(&name.name) || self.views.contains(&name.name))
    }
}
