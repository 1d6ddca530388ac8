//! `GRANT` and `REVOKE`.

use super::targets::targets;
use super::{AclChange, all_privileges};
use crate::name::Ident;
use crate::object::{Kind, ObjectId};
use crate::operation::Operation;
use crate::parse::ParseError;
use crate::parse::context::{Context, role};
use crate::parse::cursor::Cursor;

/// Every privilege there is, `ALL` among them.
const PRIVILEGES: &[&str] = &[
    "all",
    "alter",
    "connect",
    "create",
    "delete",
    "execute",
    "insert",
    "maintain",
    "references",
    "select",
    "set",
    "temp",
    "temporary",
    "trigger",
    "truncate",
    "update",
    "usage",
];

/// A privilege in upper case, with the columns it is limited to.
pub(crate) type Wanted = (String, Vec<Ident>);

/// `GRANT` or `REVOKE`.
pub(crate) fn parse(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    let head = head(cursor)?;
    let Some(targets) = targets(cursor, context)? else {
        cursor.rest();
        return Ok(Vec::new());
    };
    let tail = tail(cursor, &head)?;
    let mut operations = Vec::new();
    for target in &targets {
        for (on, privileges) in by_object(&head.privileges, target) {
            check(cursor, &on, &privileges)?;
            for change in tail.changes(&privileges) {
                let id = ObjectId::satellite(Kind::Acl, &on);
                operations.push(Operation::alter(id, change));
            }
        }
    }
    Ok(operations)
}

/// What comes before `ON`.
pub(crate) struct Head {
    revoke: bool,
    option_only: bool,
    pub(crate) privileges: Vec<Wanted>,
}

/// Reads up to `ON`, which is read too.
pub(crate) fn head(cursor: &mut Cursor<'_>) -> Result<Head, ParseError> {
    let start = cursor.clone();
    let revoke = cursor.expect_any_word(&["grant", "revoke"])? == "revoke";
    let option_only = revoke && cursor.eat_words("grant option for");
    let membership = || {
        start
            .error("membership in roles is not managed")
            .hint("roles belong to the whole server; keep this statement outside the schema files")
    };
    if revoke && cursor.is_any_word(&["admin", "inherit"]) && cursor.is_word_nth(1, "option") {
        return Err(membership());
    }
    let privileges = cursor.comma_separated(|cursor| {
        let place = cursor.clone();
        let name = cursor.any_ident()?.as_str().to_owned();
        if name == "all" {
            cursor.eat_word("privileges");
        }
        if name == "alter" {
            cursor.eat_word("system");
        }
        let columns = if cursor.is_mark("(") {
            cursor.paren_list(Cursor::ident)?
        } else {
            Vec::new()
        };
        Ok((place, name, columns))
    })?;
    if cursor.is_any_word(&["to", "from"]) {
        return Err(membership());
    }
    cursor.expect_word("on")?;
    let mut wanted = Vec::new();
    for (place, name, columns) in privileges {
        if !PRIVILEGES.contains(&name.as_str()) {
            return Err(place.error(format!("{name} is no privilege")));
        }
        wanted.push((name.to_ascii_uppercase(), columns));
    }
    Ok(Head {
        revoke,
        option_only,
        privileges: wanted,
    })
}

/// What comes behind the objects.
pub(crate) struct Tail {
    revoke: bool,
    option_only: bool,
    grantable: bool,
    grantees: Vec<Ident>,
}

/// Reads the grantees and the options behind them.
pub(crate) fn tail(cursor: &mut Cursor<'_>, head: &Head) -> Result<Tail, ParseError> {
    cursor.expect_word(if head.revoke { "from" } else { "to" })?;
    let grantees = cursor.comma_separated(|cursor| {
        // The word GROUP is allowed before a role.
        if cursor.is_word("group") && !cursor.is_word_nth(1, "with") && !matches!(cursor.peek_nth(1), "" | ",") {
            cursor.next();
        }
        if cursor.is_word("public") {
            cursor.next();
            return Ok(Ident::new(""));
        }
        role(cursor)
    })?;
    let grantable = !head.revoke && cursor.eat_words("with grant option");
    if cursor.eat_words("granted by") {
        role(cursor)?;
    }
    if head.revoke {
        cursor.eat_any_word(&["cascade", "restrict"]);
    }
    Ok(Tail {
        revoke: head.revoke,
        option_only: head.option_only,
        grantable,
        grantees,
    })
}

impl Tail {
    /// One change per grantee.
    pub(crate) fn changes(&self, privileges: &[String]) -> Vec<AclChange> {
        self.grantees
            .iter()
            .map(|grantee| {
                let (grantee, privileges) = (grantee.clone(), privileges.to_vec());
                if self.revoke {
                    AclChange::Revoke {
                        grantee,
                        privileges,
                        option_only: self.option_only,
                    }
                } else {
                    AclChange::Grant {
                        grantee,
                        privileges,
                        grantable: self.grantable,
                    }
                }
            })
            .collect()
    }
}

/// The privileges on the object itself, and those on each of its columns.
fn by_object(wanted: &[Wanted], target: &ObjectId) -> Vec<(ObjectId, Vec<String>)> {
    let mut found: Vec<(ObjectId, Vec<String>)> = Vec::new();
    let mut add = |on: ObjectId, privilege: &str| {
        let privilege = privilege.to_owned();
        match found.iter_mut().find(|(known, _)| *known == on) {
            Some((_, privileges)) => privileges.push(privilege),
            None => found.push((on, vec![privilege])),
        }
    };
    for (privilege, columns) in wanted {
        if columns.is_empty() {
            add(target.clone(), privilege);
        }
        for column in columns {
            add(ObjectId::part(Kind::Column, &target.qualified(), column), privilege);
        }
    }
    for (on, privileges) in &mut found {
        *privileges = expanded(on.kind, std::mem::take(privileges));
    }
    found
}

/// Sorted, and `ALL` written out except on tables, where it depends on the version of the server.
pub(crate) fn expanded(kind: Kind, privileges: Vec<String>) -> Vec<String> {
    let versioned = matches!(kind, Kind::Table | Kind::View | Kind::MaterializedView);
    if privileges.iter().any(|privilege| privilege == "ALL") {
        return if versioned {
            vec!["ALL".into()]
        } else {
            all_privileges(kind, 0)
        };
    }
    let mut privileges = privileges;
    privileges.sort();
    privileges.dedup();
    privileges
}

/// Refuses privileges that objects of the kind do not have.
fn check(cursor: &Cursor<'_>, on: &ObjectId, privileges: &[String]) -> Result<(), ParseError> {
    let known = all_privileges(on.kind, u32::MAX);
    match privileges.iter().find(|name| *name != "ALL" && !known.contains(name)) {
        Some(name) => Err(cursor.error(format!("there is no privilege {name} on {on}"))),
        None => Ok(()),
    }
}
