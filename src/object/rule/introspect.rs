//! Rewrite rules out of the catalog: condition and actions are cut out of the statement that the server prints.

use serde::Deserialize;

use super::{Rule, RuleEvent};
use crate::expr::token::lex;
use crate::expr::{Expr, Query};
use crate::introspect::cut::{split, without_parentheses};
use crate::introspect::cycle::readable;
use crate::introspect::source::{Found, Source, misread};
use crate::name::{Ident, QualifiedName};
use crate::object::Object;
use crate::object::trigger::Enabled;

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "rules",
    found: Found::Where("'pg_rewrite'::regclass = any (d.parts)"),
    sql: include_str!("introspect.sql"),
    read,
};

#[derive(Deserialize)]
struct Row {
    table: QualifiedName,
    name: Ident,
    event: RuleEvent,
    instead: bool,
    definition: String,
    enabled: Enabled,
}

fn read(row: &str) -> Result<Object, serde_json::Error> {
    let row: Row = serde_json::from_str(row)?;
    let (condition, actions) = cut(&row.definition).ok_or_else(|| misread("a rule without DO"))?;
    Ok(Rule {
        table: row.table,
        name: row.name,
        event: row.event,
        instead: row.instead,
        condition: condition.map(Expr::new),
        actions: actions.into_iter().map(|action| Query::new(readable(action))).collect(),
        enabled: row.enabled,
    }
    .into())
}

/// The condition and the actions of `CREATE RULE ... AS ON ... TO ... [WHERE condition] DO [INSTEAD] actions;`.
pub(crate) fn cut(definition: &str) -> Option<(Option<&str>, Vec<&str>)> {
    let tokens = lex(definition);
    let mut depth = 0usize;
    let (mut condition_from, mut condition, mut actions_from) = (None, None, None);
    for (at, token) in tokens.iter().enumerate() {
        if token.is_mark("(") {
            depth += 1;
        } else if token.is_mark(")") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && token.is_word("where") && condition_from.is_none() {
            condition_from = Some(token.range.end);
        } else if depth == 0 && token.is_word("do") {
            condition = condition_from.map(|from| definition[from..token.range.start].trim());
            let instead = tokens.get(at + 1).filter(|next| next.is_word("instead"));
            actions_from = Some(instead.unwrap_or(token).range.end);
            break;
        }
    }
    let actions = definition[actions_from?..].trim();
    let actions = without_parentheses(actions.strip_suffix(';').unwrap_or(actions).trim());
    let mut list = split(actions, ";");
    list.retain(|action| !action.eq_ignore_ascii_case("nothing"));
    Some((condition.map(without_parentheses), list))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_and_actions() {
        let nothing = "CREATE RULE r AS\n    ON DELETE TO public.t\n   WHERE (old.id = 3) DO INSTEAD NOTHING;";
        assert_eq!(cut(nothing), Some((Some("old.id = 3"), vec![])));
        let one = "CREATE RULE r AS\n    ON INSERT TO public.v DO INSTEAD  INSERT INTO public.t (a)\n  VALUES (';');";
        assert_eq!(cut(one), Some((None, vec!["INSERT INTO public.t (a)\n  VALUES (';')"])));
        let two = "CREATE RULE \"do\" AS\n    ON UPDATE TO public.v DO ( UPDATE t SET a = 1;\n DELETE FROM t\n  WHERE (a = ')');\n);";
        assert_eq!(
            cut(two),
            Some((None, vec!["UPDATE t SET a = 1", "DELETE FROM t\n  WHERE (a = ')')"]))
        );
        assert_eq!(cut("CREATE RULE"), None);
    }
}
