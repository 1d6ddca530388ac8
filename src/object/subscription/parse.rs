//! `CREATE SUBSCRIPTION` and `ALTER SUBSCRIPTION`.

use std::collections::BTreeSet;

use super::{Subscription, SubscriptionChange, SubscriptionOptions};
use crate::name::Ident;
use crate::object::{Kind, Object};
use crate::operation::Operation;
use crate::parse::ParseError;
use crate::parse::common::alter as common_alter;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::options::{parameters, truth, value};
use crate::parse::target::{Class, named};

/// `CREATE SUBSCRIPTION`.
pub(crate) fn create(cursor: &mut Cursor<'_>, _context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("create subscription")?;
    let name = cursor.any_ident()?;
    cursor.expect_word("connection")?;
    let connection = cursor.string()?;
    cursor.expect_word("publication")?;
    let mut subscription = Subscription {
        name,
        connection,
        hidden: false,
        publications: publications(cursor)?,
        enabled: None,
        slot: None,
        options: SubscriptionOptions::default(),
    };
    if cursor.eat_word("with") {
        parameters(cursor, |cursor, key| match key {
            "enabled" => {
                subscription.enabled = Some(truth(cursor)?);
                Ok(())
            }
            "slot_name" => {
                subscription.slot = Some(slot(cursor)?);
                Ok(())
            }
            "connect" | "create_slot" if truth(cursor)? => Err(never(cursor, key)),
            // What is copied at first is decided when somebody refreshes the publications.
            "connect" | "create_slot" => Ok(()),
            "copy_data" => truth(cursor).map(|_| ()),
            _ => option(&mut subscription.options, cursor, key),
        })?;
    }
    if subscription.enabled == Some(true) && subscription.slot.is_none() {
        // PostgreSQL names the slot after the subscription, and one without a slot cannot run.
        subscription.slot = Some(subscription.name.as_str().to_owned());
    }
    Ok(vec![Operation::create(subscription)])
}

fn never(cursor: &Cursor<'_>, key: &str) -> ParseError {
    cursor
        .error(format!(
            "{key} = true would let the server connect to the publisher while a plan runs"
        ))
        .hint("leave it out: the subscription is made without connecting; make its slot on the publisher and enable it")
}

fn option(options: &mut SubscriptionOptions, cursor: &mut Cursor<'_>, key: &str) -> Result<(), ParseError> {
    if options.read(cursor, key)? {
        Ok(())
    } else {
        Err(cursor.error(format!("a subscription has no option {key}")))
    }
}

/// The name of a slot; empty for `NONE`, which PostgreSQL takes for none as a string too.
fn slot(cursor: &mut Cursor<'_>) -> Result<String, ParseError> {
    let name = value(cursor)?;
    Ok(if name == "none" { String::new() } else { name })
}

fn publications(cursor: &mut Cursor<'_>) -> Result<BTreeSet<Ident>, ParseError> {
    Ok(cursor.comma_separated(Cursor::any_ident)?.into_iter().collect())
}

/// `ALTER SUBSCRIPTION`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    let start = cursor.place();
    cursor.expect_words("alter subscription")?;
    let id = named(cursor, context, Class::Kind(Kind::Subscription))?;
    if let Some(operations) = common_alter(cursor, context, &id)? {
        return Ok(operations);
    }
    let Some(Object::Subscription(now)) = context.schema.get(&id) else {
        return Ok(Vec::new());
    };
    let mut changes = Vec::new();
    match cursor.expect_any_word(&[
        "connection",
        "set",
        "add",
        "drop",
        "refresh",
        "enable",
        "disable",
        "skip",
    ])? {
        "connection" => changes.push(SubscriptionChange::Connection(cursor.string()?)),
        "enable" => {
            if now.slot.is_none() {
                changes.push(SubscriptionChange::Slot(now.name.as_str().to_owned()));
            }
            changes.push(SubscriptionChange::Enabled(true));
        }
        "disable" => changes.push(SubscriptionChange::Enabled(false)),
        "set" if cursor.is_mark("(") => {
            let mut options = now.options.clone();
            parameters(cursor, |cursor, key| match key {
                "slot_name" => {
                    changes.push(SubscriptionChange::Slot(slot(cursor)?));
                    Ok(())
                }
                _ => option(&mut options, cursor, key),
            })?;
            if options != now.options {
                changes.push(SubscriptionChange::Options(options));
            }
        }
        word @ ("refresh" | "skip") => {
            context.note(
                start,
                format!(
                    "ALTER SUBSCRIPTION {} {} is not run: it is no definition",
                    now.name,
                    word.to_ascii_uppercase()
                ),
            );
            cursor.rest();
        }
        word => {
            cursor.expect_word("publication")?;
            let given = publications(cursor)?;
            if cursor.eat_word("with") {
                // Whether the tables are read anew is not kept.
                parameters(cursor, |cursor, _| truth(cursor).map(|_| ()))?;
            }
            let mut all = now.publications.clone();
            match word {
                "add" => all.extend(given),
                "drop" => all.retain(|name| !given.contains(name)),
                _ => all = given,
            }
            changes.push(SubscriptionChange::Publications(all));
        }
    }
    Ok(changes
        .into_iter()
        .map(|change| Operation::alter(id.clone(), change))
        .collect())
}
