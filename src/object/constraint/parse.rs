//! Table and column constraints as statements write them.

use std::collections::BTreeMap;

use super::{
    Constraint, ConstraintRule, Exclusion, ExclusionElement, ForeignKey, KeyRule, PartNames, ReferentialAction,
};
use crate::name::{Ident, QualifiedName};
use crate::object::index::parse::{key, nulls_not_distinct};
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::error::ParseError;
use crate::parse::options::options;

/// A constraint whose name may still have to be chosen.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) name: Option<Ident>,
    pub(crate) rule: ConstraintRule,
    pub(crate) deferrable: bool,
    pub(crate) initially_deferred: bool,
    pub(crate) not_valid: bool,
    pub(crate) not_enforced: bool,
    /// The existing index that a primary key or unique constraint is made of.
    pub(crate) use_index: Option<Ident>,
}

impl Draft {
    /// A constraint with nothing said about it but the rule.
    pub(crate) fn new(name: Option<Ident>, rule: ConstraintRule) -> Self {
        Draft {
            name,
            rule,
            deferrable: false,
            initially_deferred: false,
            not_valid: false,
            not_enforced: false,
            use_index: None,
        }
    }

    /// The constraint under its final name.
    pub(crate) fn finish(self, table: &QualifiedName, name: Ident) -> Constraint {
        Constraint {
            table: table.clone(),
            name,
            rule: self.rule,
            deferrable: self.deferrable,
            initially_deferred: self.initially_deferred,
            not_valid: self.not_valid,
            not_enforced: self.not_enforced,
            attached_to: None,
            missing: Vec::new(),
            parts: PartNames::default(),
        }
    }

    /// Reads `DEFERRABLE`, `NOT VALID`, `NO INHERIT` and so on.
    pub(crate) fn read_attributes(&mut self, cursor: &mut Cursor<'_>) -> Result<(), ParseError> {
        loop {
            if cursor.eat_words("not deferrable") {
                self.deferrable = false;
            } else if cursor.eat_word("deferrable") {
                self.deferrable = true;
            } else if cursor.eat_words("initially deferred") {
                (self.deferrable, self.initially_deferred) = (true, true);
            } else if cursor.eat_words("initially immediate") {
                self.initially_deferred = false;
            } else if cursor.eat_words("not valid") {
                self.not_valid = true;
            } else if cursor.eat_words("not enforced") {
                self.not_enforced = true;
            } else if cursor.eat_word("enforced") {
                self.not_enforced = false;
            } else if cursor.are_words("no inherit") {
                match &mut self.rule {
                    ConstraintRule::Check { no_inherit, .. } | ConstraintRule::NotNull { no_inherit, .. } => {
                        *no_inherit = true;
                    }
                    _ => return Err(cursor.error("only CHECK and NOT NULL can be NO INHERIT")),
                }
                cursor.eat_words("no inherit");
            } else {
                return Ok(());
            }
        }
    }
}

/// Whether a table constraint comes next rather than a column.
pub(crate) fn comes_next(cursor: &Cursor<'_>) -> bool {
    cursor.is_any_word(&["constraint", "check", "unique", "exclude"])
        && (!cursor.is_word("exclude") || is_exclusion(cursor))
        || cursor.are_words("primary key")
        || cursor.are_words("foreign key")
        || cursor.are_words("not null")
}

/// EXCLUDE is a word that may also name a column.
fn is_exclusion(cursor: &Cursor<'_>) -> bool {
    cursor.is_word_nth(1, "using") || cursor.peek_nth(1) == "("
}

/// `[CONSTRAINT name] CHECK ..` and so on, with attributes.
pub(crate) fn read_table_constraint(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Draft, ParseError> {
    let name = if cursor.eat_word("constraint") {
        Some(cursor.ident()?)
    } else {
        None
    };
    let mut use_index = None;
    let rule = if cursor.eat_word("check") {
        ConstraintRule::Check {
            expr: context.expr(cursor.paren_expr()?),
            no_inherit: false,
        }
    } else if cursor.eat_word("unique") {
        if cursor.eat_words("using index") {
            use_index = Some(cursor.ident()?);
            ConstraintRule::Unique(empty_key())
        } else {
            ConstraintRule::Unique(read_key(cursor)?)
        }
    } else if cursor.eat_words("primary key") {
        if cursor.eat_words("using index") {
            use_index = Some(cursor.ident()?);
            ConstraintRule::PrimaryKey(empty_key())
        } else {
            ConstraintRule::PrimaryKey(read_key(cursor)?)
        }
    } else if cursor.eat_words("foreign key") {
        let (columns, period) = read_period_columns(cursor)?;
        ConstraintRule::ForeignKey(ForeignKey {
            period,
            ..read_references(cursor, context, columns)?
        })
    } else if cursor.eat_word("exclude") {
        ConstraintRule::Exclude(read_exclusion(cursor, context)?)
    } else if cursor.eat_words("not null") {
        ConstraintRule::NotNull {
            column: cursor.ident()?,
            no_inherit: false,
        }
    } else {
        return Err(cursor.expected("a constraint"));
    };
    let mut draft = Draft {
        use_index,
        ..Draft::new(name, rule)
    };
    draft.read_attributes(cursor)?;
    Ok(draft)
}

/// A constraint behind a column's type, without its attributes; `None` when none comes next.
pub(crate) fn read_column_constraint(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
    column: &Ident,
    name: Option<Ident>,
) -> Result<Option<Draft>, ParseError> {
    let rule = if cursor.eat_word("check") {
        ConstraintRule::Check {
            expr: context.expr(cursor.paren_expr()?),
            no_inherit: false,
        }
    } else if cursor.eat_word("unique") {
        let nulls_not_distinct = nulls_not_distinct(cursor)?;
        let key = KeyRule {
            nulls_not_distinct,
            columns: vec![column.clone()],
            ..empty_key()
        };
        ConstraintRule::Unique(read_key_tail(cursor, key)?)
    } else if cursor.eat_words("primary key") {
        ConstraintRule::PrimaryKey(read_key_tail(
            cursor,
            KeyRule {
                columns: vec![column.clone()],
                ..empty_key()
            },
        )?)
    } else if cursor.is_word("references") {
        ConstraintRule::ForeignKey(read_references(cursor, context, vec![column.clone()])?)
    } else {
        return Ok(None);
    };
    Ok(Some(Draft::new(name, rule)))
}

fn empty_key() -> KeyRule {
    KeyRule {
        columns: Vec::new(),
        include: Vec::new(),
        nulls_not_distinct: false,
        without_overlaps: false,
        options: BTreeMap::new(),
        tablespace: None,
    }
}

fn read_key(cursor: &mut Cursor<'_>) -> Result<KeyRule, ParseError> {
    let mut key = empty_key();
    key.nulls_not_distinct = nulls_not_distinct(cursor)?;
    (key.columns, key.without_overlaps) = cursor.parenthesised(|cursor| {
        let columns = cursor.comma_separated(Cursor::ident)?;
        Ok((columns, cursor.eat_words("without overlaps")))
    })?;
    read_key_tail(cursor, key)
}

fn read_key_tail(cursor: &mut Cursor<'_>, mut key: KeyRule) -> Result<KeyRule, ParseError> {
    if cursor.eat_word("include") {
        key.include = cursor.paren_list(Cursor::ident)?;
    }
    (key.options, key.tablespace) = read_index_storage(cursor)?;
    Ok(key)
}

/// `WITH (..)` and `USING INDEX TABLESPACE ..`.
fn read_index_storage(cursor: &mut Cursor<'_>) -> Result<(BTreeMap<String, String>, Option<Ident>), ParseError> {
    let options = if cursor.eat_word("with") {
        options(cursor)?
    } else {
        BTreeMap::new()
    };
    let tablespace = if cursor.eat_words("using index tablespace") {
        Some(cursor.any_ident()?)
    } else {
        None
    };
    Ok((options, tablespace))
}

/// `(a, PERIOD b)`.
fn read_period_columns(cursor: &mut Cursor<'_>) -> Result<(Vec<Ident>, bool), ParseError> {
    let mut period = false;
    let columns = cursor.paren_list(|cursor| {
        if cursor.is_word("period") && !matches!(cursor.peek_nth(1), "" | ",") {
            cursor.next();
            period = true;
        }
        cursor.ident()
    })?;
    Ok((columns, period))
}

/// `REFERENCES table (..) ..`.
fn read_references(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
    columns: Vec<Ident>,
) -> Result<ForeignKey, ParseError> {
    cursor.expect_word("references")?;
    let references = context.relation_name(cursor.qualified_name()?);
    let (referenced_columns, period) = if cursor.is_mark("(") {
        read_period_columns(cursor)?
    } else {
        (Vec::new(), false)
    };
    let mut key = ForeignKey {
        columns,
        references,
        referenced_columns,
        match_full: false,
        on_update: ReferentialAction::NoAction,
        on_delete: ReferentialAction::NoAction,
        on_delete_columns: Vec::new(),
        period,
    };
    loop {
        if cursor.eat_word("match") {
            match cursor.expect_any_word(&["full", "simple", "partial"])? {
                "full" => key.match_full = true,
                "partial" => return Err(cursor.error("PostgreSQL has no MATCH PARTIAL")),
                _ => {}
            }
        } else if cursor.eat_words("on update") {
            key.on_update = read_action(cursor)?;
        } else if cursor.eat_words("on delete") {
            key.on_delete = read_action(cursor)?;
            let sets = matches!(
                key.on_delete,
                ReferentialAction::SetNull | ReferentialAction::SetDefault
            );
            if sets && cursor.is_mark("(") {
                key.on_delete_columns = cursor.paren_list(Cursor::ident)?;
            }
        } else {
            return Ok(key);
        }
    }
}

fn read_action(cursor: &mut Cursor<'_>) -> Result<ReferentialAction, ParseError> {
    for (words, action) in [
        ("no action", ReferentialAction::NoAction),
        ("restrict", ReferentialAction::Restrict),
        ("cascade", ReferentialAction::Cascade),
        ("set null", ReferentialAction::SetNull),
        ("set default", ReferentialAction::SetDefault),
    ] {
        if cursor.eat_words(words) {
            return Ok(action);
        }
    }
    Err(cursor.expected("NO ACTION, RESTRICT, CASCADE, SET NULL or SET DEFAULT"))
}

fn read_exclusion(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Exclusion, ParseError> {
    let method = if cursor.eat_word("using") {
        cursor.any_ident()?
    } else {
        Ident::new("btree")
    };
    let elements = cursor.paren_list(|cursor| {
        let key = key(cursor, context)?;
        cursor.expect_word("with")?;
        let operator = cursor.operator()?;
        let namespace = operator
            .namespace
            .filter(|namespace| namespace.as_str() != "pg_catalog");
        let operator = match namespace {
            Some(namespace) => format!("OPERATOR({namespace}.{})", operator.name.as_str()),
            None => operator.name.as_str().to_owned(),
        };
        Ok(ExclusionElement { key, operator })
    })?;
    let include = if cursor.eat_word("include") {
        cursor.paren_list(Cursor::ident)?
    } else {
        Vec::new()
    };
    let (options, tablespace) = read_index_storage(cursor)?;
    let predicate = if cursor.eat_word("where") {
        Some(context.expr(cursor.paren_expr()?))
    } else {
        None
    };
    Ok(Exclusion {
        method,
        elements,
        include,
        predicate,
        options,
        tablespace,
    })
}
