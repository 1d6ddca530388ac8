//! Gives constraints without a name the one PostgreSQL would give them.

use std::collections::BTreeSet;

use super::parse::Draft;
use super::{Constraint, ConstraintRule};
use crate::name::{Ident, QualifiedName};
use crate::object::index::parse::key_label;
use crate::parse::lex::{Lexeme, lex};
use crate::parse::names::{NameChooser, columns_part, index_columns};
use crate::parse::unescape::unescape;

/// Names the constraints of one statement. PostgreSQL names checks first, then the primary key, then the other constraints
/// with an index, then foreign keys; the order of the result is the order of the drafts.
pub(crate) fn finish_all(
    drafts: Vec<Draft>,
    table: &QualifiedName,
    columns: &BTreeSet<Ident>,
    chooser: &mut NameChooser<'_>,
) -> Vec<Constraint> {
    let namespace = table.namespace.as_ref();
    for draft in &drafts {
        if let Some(name) = &draft.name {
            let indexed = rank(&draft.rule) == 1 || rank(&draft.rule) == 2;
            chooser.reserve(namespace, name, false);
            if indexed {
                chooser.reserve(namespace, name, true);
            }
        }
    }
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    order.sort_by_key(|at| drafts.get(*at).map(|draft| rank(&draft.rule)));
    let mut names: Vec<Option<Ident>> = drafts.iter().map(|draft| draft.name.clone()).collect();
    for at in order {
        if let (Some(slot @ None), Some(draft)) = (names.get_mut(at), drafts.get(at)) {
            *slot = Some(default_name(&draft.rule, table, columns, chooser));
        }
    }
    let named = drafts.into_iter().zip(names);
    named
        .filter_map(|(draft, name)| name.map(|name| draft.finish(table, name)))
        .collect()
}

fn rank(rule: &ConstraintRule) -> u8 {
    match rule {
        ConstraintRule::Check { .. } | ConstraintRule::NotNull { .. } => 0,
        ConstraintRule::PrimaryKey(_) => 1,
        ConstraintRule::Unique(_) | ConstraintRule::Exclude(_) => 2,
        ConstraintRule::ForeignKey(_) => 3,
    }
}

fn default_name(
    rule: &ConstraintRule,
    table: &QualifiedName,
    columns: &BTreeSet<Ident>,
    chooser: &mut NameChooser<'_>,
) -> Ident {
    let namespace = table.namespace.as_ref();
    let own = table.name.as_str();
    let part = |names: &[Ident], include: &[Ident]| {
        let labels = index_columns(names.iter().chain(include).map(|name| name.as_str().to_owned()));
        columns_part(labels.iter().map(String::as_str))
    };
    match rule {
        ConstraintRule::PrimaryKey(_) => chooser.key(namespace, own, "", "pkey"),
        ConstraintRule::Unique(key) => chooser.key(namespace, own, &part(&key.columns, &key.include), "key"),
        ConstraintRule::Exclude(exclusion) => {
            let keys = exclusion.elements.iter().map(|element| key_label(&element.key));
            let labels = index_columns(keys.chain(exclusion.include.iter().map(|name| name.as_str().to_owned())));
            chooser.key(namespace, own, &columns_part(labels.iter().map(String::as_str)), "excl")
        }
        ConstraintRule::ForeignKey(key) => chooser.constraint(
            namespace,
            own,
            &columns_part(key.columns.iter().map(Ident::as_str)),
            "fkey",
        ),
        ConstraintRule::Check { expr, .. } => {
            let used = columns_used(&expr.text, table, columns);
            let column = if used.len() == 1 {
                used.first().map(Ident::as_str)
            } else {
                None
            };
            chooser.constraint(namespace, own, column.unwrap_or(""), "check")
        }
        ConstraintRule::NotNull { column, .. } => chooser.constraint(namespace, own, column.as_str(), "not_null"),
    }
}

/// The columns of a table that an expression uses, by its words: no calls, no types behind `::`, no names of others.
fn columns_used(text: &str, table: &QualifiedName, columns: &BTreeSet<Ident>) -> BTreeSet<Ident> {
    let (mut at, mut words) = (0, Vec::new());
    while at < text.len() {
        let Ok((lexeme, end)) = lex(text, at) else { break };
        if !matches!(lexeme, Lexeme::Space | Lexeme::Comment) {
            words.push((lexeme, text.get(at..end).unwrap_or("")));
        }
        at = end;
    }
    let text_at = |n: usize| words.get(n).map_or("", |(_, text)| *text);
    let mut used = BTreeSet::new();
    for (n, (lexeme, word)) in words.iter().enumerate() {
        let name = match lexeme {
            Lexeme::Word if !crate::keywords::refused_as_name(word) => Ident::folded(word),
            Lexeme::QuotedName => Ident::new(unescape(*lexeme, word).unwrap_or_default()),
            _ => continue,
        };
        let before = if n == 0 { "" } else { text_at(n - 1) };
        let qualified = before == "." && n >= 2 && !text_at(n - 2).eq_ignore_ascii_case(table.name.as_str());
        let field = text_at(n + 1).eq_ignore_ascii_case("from") && before == "(";
        if before != "::" && text_at(n + 1) != "(" && !qualified && !field && columns.contains(&name) {
            used.insert(name);
        }
    }
    used
}
