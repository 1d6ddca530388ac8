//! Domains that get another base type: what PostgreSQL prints over their values names the old one.
//!
//! `total < 10` over a domain of integers is printed as `(total)::integer < 10`. Over a domain of bigints those words would refuse
//! values, so the words of the files stay.

use std::collections::BTreeSet;

use crate::expr::Expr;
use crate::object::{Kind, Object, ObjectId};
use crate::refs::References;
use crate::schema::Schema;

/// What is about values of such domains, and the casts that would stay behind.
#[derive(Default)]
pub(super) struct Based {
    concerned: BTreeSet<ObjectId>,
    casts: BTreeSet<String>,
}

impl Based {
    pub(super) fn of(live: &Schema, desired: &Schema) -> Self {
        let mut based = Self::default();
        for (id, object) in live.of_kind(Kind::Domain) {
            if let (Object::Domain(before), Some(Object::Domain(after))) = (object, desired.get(id))
                && before.base != after.base
            {
                based.concerned.insert(id.clone());
                based.casts.insert(format!("::{}", before.base.without_modifiers()));
            }
        }
        if based.concerned.is_empty() {
            return based;
        }
        let references = References::new(live);
        let mut known = 0;
        while known < based.concerned.len() {
            known = based.concerned.len();
            let users = live
                .iter()
                .filter(|(_, object)| !references.of(object).is_disjoint(&based.concerned));
            let mut found: BTreeSet<ObjectId> = users.map(|(id, _)| id.clone()).collect();
            // Whoever reads the table may read the column.
            let columns = found.iter().filter(|id| id.kind == Kind::Column);
            let tables: Vec<ObjectId> = columns
                .map(|id| ObjectId::named(Kind::Table, &id.qualified()))
                .collect();
            found.extend(tables);
            based.concerned.extend(found);
        }
        based
    }

    /// Whether the text that an object has would keep an old base type.
    pub(super) fn stays_behind(&self, id: &ObjectId, live: &Expr) -> bool {
        self.concerned.contains(id) && self.casts.iter().any(|cast| live.text.contains(cast.as_str()))
    }
}
