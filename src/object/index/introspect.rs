//! Indexes out of the catalog.

use serde::Deserialize;

use super::{Index, IndexKey, KeyExpr};
use crate::expr::token::lex;
use crate::introspect::cut::{behind, split, without_parentheses};
use crate::introspect::source::{Found, Source};
use crate::object::Object;

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "indexes",
    found: Found::Always,
    sql: include_str!("introspect.sql"),
    read,
};

fn read(row: &str) -> Result<Object, serde_json::Error> {
    let mut index: Index = serde_json::from_str(row)?;
    tidy_expressions(index.keys.iter_mut(), row)?;
    Ok(index.into())
}

/// Takes the parentheses off the expressions among index keys, and the collations that an expression has by itself: for those
/// the catalog cannot tell a given collation from the expression's own, only the definition in the row does.
pub(crate) fn tidy_expressions<'k>(
    keys: impl Iterator<Item = &'k mut IndexKey>,
    row: &str,
) -> Result<(), serde_json::Error> {
    #[derive(Deserialize)]
    struct Row {
        definition: Option<String>,
    }
    let Some(definition) = serde_json::from_str::<Row>(row)?.definition else {
        return Ok(());
    };
    let list = behind(&definition, "using").map_or("", |(list, _)| list);
    let parts = split(list, ",");
    for (at, key) in keys.enumerate() {
        if let KeyExpr::Expr(expr) = &mut key.key {
            let collated = parts
                .get(at)
                .and_then(|part| part.strip_prefix(expr.text.as_str()))
                .is_some_and(|rest| lex(rest).first().is_some_and(|token| token.is_word("collate")));
            if !collated {
                key.collation = None;
            }
            expr.text = without_parentheses(&expr.text).to_owned();
        }
    }
    Ok(())
}
