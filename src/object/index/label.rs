//! The word by which PostgreSQL calls an index expression when it makes up a name.

use sqlparser::ast::{Expr, Value};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

use crate::name::Ident;

/// `lower` for `lower(email)`, `int4` for `(data ->> 'n')::int`; `None` where PostgreSQL has no word for it.
pub(super) fn expression_label(text: &str) -> Option<String> {
    let dialect = PostgreSqlDialect {};
    let mut parser = Parser::new(&dialect)
        .with_recursion_limit(200)
        .try_with_sql(text)
        .ok()?;
    let expr = parser.parse_expr().ok()?;
    label(&expr).map(|(name, _)| name)
}

fn folded(ident: &sqlparser::ast::Ident) -> String {
    match ident.quote_style {
        Some(_) => ident.value.clone(),
        None => Ident::folded(&ident.value).as_str().to_owned(),
    }
}

/// The word and whether it is a strong one, which a cast does not cover up.
fn label(expr: &Expr) -> Option<(String, bool)> {
    let strong = |word: &str| Some((word.to_owned(), true));
    match expr {
        Expr::Identifier(ident) => Some((folded(ident), true)),
        Expr::CompoundIdentifier(parts) => parts.last().map(|ident| (folded(ident), true)),
        Expr::Nested(inner) => label(inner),
        Expr::Collate { expr, .. } => label(expr),
        Expr::Function(function) => {
            let name = function.name.0.last().and_then(|part| part.as_ident()).map(folded)?;
            Some((name, true))
        }
        Expr::Extract { .. } => strong("extract"),
        Expr::Substring { .. } => strong("substring"),
        Expr::Position { .. } => strong("position"),
        Expr::Overlay { .. } => strong("overlay"),
        Expr::Ceil { .. } => strong("ceil"),
        Expr::Floor { .. } => strong("floor"),
        Expr::AtTimeZone { .. } => strong("timezone"),
        Expr::Array(_) => strong("array"),
        Expr::Exists { .. } => strong("exists"),
        Expr::Tuple(_) => Some(("row".to_owned(), false)),
        Expr::Trim { trim_where, .. } => {
            let word = trim_where.as_ref().map(ToString::to_string).unwrap_or_default();
            strong(match word.as_str() {
                "LEADING" => "ltrim",
                "TRAILING" => "rtrim",
                _ => "btrim",
            })
        }
        Expr::Cast { expr, data_type, .. } => match label(expr) {
            Some((name, true)) => Some((name, true)),
            _ => Some((type_label(&data_type.to_string()), false)),
        },
        Expr::TypedString(typed) => Some((type_label(&typed.data_type.to_string()), false)),
        Expr::Case { else_result, .. } => match else_result.as_deref().and_then(label) {
            Some((name, true)) => Some((name, true)),
            _ => Some(("case".to_owned(), false)),
        },
        Expr::Value(value) => match &value.value {
            Value::Boolean(_) => Some(("bool".to_owned(), false)),
            _ => None,
        },
        _ => None,
    }
}

/// The last part of a type's name as the catalog has it.
fn type_label(text: &str) -> String {
    let name = crate::types::TypeName::parse(text);
    match name.name.as_str() {
        "integer" => "int4",
        "smallint" => "int2",
        "bigint" => "int8",
        "boolean" => "bool",
        "real" => "float4",
        "double precision" => "float8",
        "character varying" => "varchar",
        "character" => "bpchar",
        "bit varying" => "varbit",
        "timestamp with time zone" => "timestamptz",
        "timestamp without time zone" => "timestamp",
        "time with time zone" => "timetz",
        "time without time zone" => "time",
        other => other.trim_matches('"'),
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::expression_label;

    #[test]
    fn labels_are_postgresqls() {
        for (text, label) in [
            ("lower(email)", Some("lower")),
            ("((data ->> 'n')::int)", Some("int4")),
            ("a || b", None),
            ("lower(a)::varchar", Some("lower")),
            ("COALESCE(a, b)", Some("coalesce")),
            ("CASE WHEN a THEN b END", Some("case")),
            ("s.Fun(a)", Some("fun")),
            ("(at AT TIME ZONE 'utc')", Some("timezone")),
            ("data -> 'x'", None),
        ] {
            assert_eq!(expression_label(text).as_deref(), label, "{text}");
        }
    }
}
