//! `CREATE POLICY` and `ALTER POLICY`.

use super::{Policy, PolicyChange, PolicyCommand};
use crate::name::Ident;
use crate::object::Kind;
use crate::operation::Operation;
use crate::parse::ParseError;
use crate::parse::common::{alter as common_alter, forgiving};
use crate::parse::context::{Context, role};
use crate::parse::cursor::Cursor;
use crate::parse::target::{Class, named};

/// `CREATE POLICY`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("create policy")?;
    let name = cursor.any_ident()?;
    cursor.expect_word("on")?;
    let table = context.relation_name(cursor.qualified_name()?);
    let mut policy = Policy {
        table,
        name,
        restrictive: false,
        command: PolicyCommand::All,
        roles: Vec::new(),
        using: None,
        check: None,
    };
    if cursor.eat_word("as") {
        policy.restrictive = cursor.expect_any_word(&["permissive", "restrictive"])? == "restrictive";
    }
    if cursor.eat_word("for") {
        policy.command = match cursor.expect_any_word(&["all", "select", "insert", "update", "delete"])? {
            "select" => PolicyCommand::Select,
            "insert" => PolicyCommand::Insert,
            "update" => PolicyCommand::Update,
            "delete" => PolicyCommand::Delete,
            _ => PolicyCommand::All,
        };
    }
    if cursor.eat_word("to") {
        policy.roles = roles(cursor)?;
    }
    if cursor.eat_word("using") {
        policy.using = Some(context.expr(cursor.paren_text()?));
    }
    if cursor.eat_words("with check") {
        policy.check = Some(context.expr(cursor.paren_text()?));
    }
    Ok(vec![Operation::create(policy)])
}

/// Roles, sorted; none when `PUBLIC` is among them.
fn roles(cursor: &mut Cursor<'_>) -> Result<Vec<Ident>, ParseError> {
    let mut public = false;
    let mut roles = cursor.comma_separated(|cursor| {
        public |= cursor.is_word("public");
        role(cursor)
    })?;
    if public {
        return Ok(Vec::new());
    }
    roles.sort();
    roles.dedup();
    Ok(roles)
}

/// `ALTER POLICY`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter policy")?;
    let if_exists = cursor.eat_words("if exists");
    let id = forgiving(named(cursor, context, Class::Kind(Kind::Policy)), if_exists)?;
    if let Some(operations) = common_alter(cursor, context, &id)? {
        return Ok(operations);
    }
    let mut changes = Vec::new();
    if cursor.eat_word("to") {
        changes.push(PolicyChange::Roles(roles(cursor)?));
    }
    if cursor.eat_word("using") {
        changes.push(PolicyChange::Using(context.expr(cursor.paren_text()?)));
    }
    if cursor.eat_words("with check") {
        changes.push(PolicyChange::Check(context.expr(cursor.paren_text()?)));
    }
    Ok(changes
        .into_iter()
        .map(|change| Operation::alter(id.clone(), change))
        .collect())
}
