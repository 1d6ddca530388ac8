//! `CREATE DOMAIN` and `ALTER DOMAIN`.

use super::{Domain, DomainChange, DomainConstraint, DomainConstraintChange};
use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};
use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::parse::ParseError;
use crate::parse::common::{alter as common_alter, cascade, forgiving};
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::names::NameChooser;
use crate::parse::target::{Class, named};

/// Words that end a default.
const CLAUSES: &[&str] = &["constraint", "not", "null", "check", "collate", "default"];

/// `CREATE DOMAIN`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("create domain")?;
    let name = cursor.qualified_routine()?;
    let name = context.new_name(cursor, name)?;
    cursor.eat_word("as");
    let mut domain = Domain {
        name: name.clone(),
        base: context.read_type(cursor)?,
        collation: None,
        default: None,
        not_null: false,
    };
    // A domain over a domain starts with the default of that one.
    if let (Some(namespace), false) = (&domain.base.namespace, domain.base.array) {
        let base = ObjectId::named(
            Kind::Domain,
            &QualifiedName::new(namespace.clone(), domain.base.name.clone()),
        );
        if let Some(Object::Domain(base)) = context.schema.get(&base) {
            domain.default = base.default.clone();
        }
    }
    let mut checks: Vec<(Option<Ident>, Expr)> = Vec::new();
    while !cursor.at_end() {
        let own = if cursor.eat_word("constraint") {
            Some(cursor.ident()?)
        } else {
            None
        };
        if cursor.eat_words("not null") {
            domain.not_null = true;
        } else if cursor.eat_word("null") {
            domain.not_null = false;
        } else if cursor.is_word("check") {
            checks.push((own, check(cursor, context)?));
        } else if cursor.eat_word("default") {
            domain.default = default(cursor, context)?;
        } else if cursor.eat_word("collate") {
            domain.collation = Some(context.name_of(Kind::Collation, cursor.qualified_routine()?));
        } else {
            return Err(cursor.expected("CONSTRAINT, NOT NULL, CHECK, DEFAULT or COLLATE"));
        }
    }
    let mut chooser = NameChooser::new(context.taken);
    for (own, _) in &checks {
        if let Some(own) = own {
            chooser.reserve(name.namespace.as_ref(), own, false);
        }
    }
    let mut operations = vec![Operation::create(domain)];
    for (own, check) in checks {
        let own = own.unwrap_or_else(|| default_name(&mut chooser, &name));
        operations.push(Operation::create(DomainConstraint {
            domain: name.clone(),
            name: own,
            check,
            not_valid: false,
        }));
    }
    Ok(operations)
}

/// `DOMAIN_check`, `DOMAIN_check1` and so on.
fn default_name(chooser: &mut NameChooser<'_>, domain: &QualifiedName) -> Ident {
    chooser.constraint(domain.namespace.as_ref(), domain.name.as_str(), "", "check")
}

/// A check, which nothing but the parentheses delimits.
fn check(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Expr, ParseError> {
    cursor.expect_word("check")?;
    let text = cursor.paren_text()?;
    if text.is_empty() {
        return Err(cursor.error("the condition is empty"));
    }
    cursor.eat_words("no inherit");
    Ok(context.expr(text))
}

/// A default; `NULL` is none.
fn default(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Option<Expr>, ParseError> {
    let text = cursor.expr_slice(CLAUSES)?;
    Ok((!text.eq_ignore_ascii_case("null")).then(|| context.expr(text)))
}

/// `ALTER DOMAIN`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter domain")?;
    let if_exists = cursor.eat_words("if exists");
    let id = forgiving(named(cursor, context, Class::Kind(Kind::Domain)), if_exists)?;
    if let Some(operations) = common_alter(cursor, context, &id)? {
        return Ok(operations);
    }
    let domain = id.qualified();
    let part = |name: &Ident| ObjectId::part(Kind::DomainConstraint, &domain, name);
    let change = |change| Ok(vec![Operation::alter(id.clone(), change)]);
    if cursor.eat_words("set default") {
        let default = default(cursor, context)?;
        return change(DomainChange::Default(default));
    }
    for (words, wanted) in [
        ("drop default", DomainChange::Default(None)),
        ("set not null", DomainChange::NotNull(true)),
        ("drop not null", DomainChange::NotNull(false)),
    ] {
        if cursor.eat_words(words) {
            return change(wanted);
        }
    }
    if cursor.eat_words("rename constraint") {
        let from = part(&cursor.ident()?);
        cursor.expect_word("to")?;
        let to = from.with_own_name(&cursor.ident()?);
        return Ok(vec![Operation::Rename { from, to }]);
    }
    if cursor.eat_words("validate constraint") {
        let name = cursor.ident()?;
        return Ok(vec![Operation::alter(part(&name), DomainConstraintChange::Validate)]);
    }
    if cursor.eat_words("drop constraint") {
        let if_exists = cursor.eat_words("if exists");
        let name = cursor.ident()?;
        return Ok(vec![Operation::Drop {
            id: part(&name),
            if_exists,
            cascade: cascade(cursor),
            concurrently: false,
            only: false,
        }]);
    }
    cursor.expect_word("add")?;
    let own = if cursor.eat_word("constraint") {
        Some(cursor.ident()?)
    } else {
        None
    };
    if cursor.eat_words("not null") {
        return change(DomainChange::NotNull(true));
    }
    let check = check(cursor, context)?;
    let not_valid = cursor.eat_words("not valid");
    let name = own.unwrap_or_else(|| default_name(&mut NameChooser::new(context.taken), &domain));
    Ok(vec![Operation::create(DomainConstraint {
        domain,
        name,
        check,
        not_valid,
    })])
}
