//! A second opinion on texts that our grammar does not know: sqlparser's grammar. What neither of them reads is most likely a
//! slip of the pen, which nobody but a server would notice otherwise.

use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

use super::scope::Scope;
use super::{tokens, tree};

/// How deeply a text may nest for sqlparser.
const DEPTH: usize = 200;

/// The longest text that sqlparser is shown, in bytes: long chains of operators are slow there, and deep to take apart.
const LONGEST: usize = 20_000;

/// Whether some grammar reads the text as an expression.
pub fn is_expr(text: &str) -> bool {
    tree(&tokens(text), Scope::default(), |parser| parser.expr()).is_some()
        || elsewhere(text, |parser| {
            parser.parse_expr()?;
            Ok(())
        })
}

/// Whether some grammar reads the text as a query.
pub fn is_query(text: &str) -> bool {
    tree(&tokens(text), Scope::default(), |parser| parser.query()).is_some()
        || elsewhere(text, |parser| {
            parser.parse_query()?;
            Ok(())
        })
}

fn elsewhere(text: &str, read: impl FnOnce(&mut Parser<'_>) -> Result<(), ParserError>) -> bool {
    if text.len() > LONGEST {
        return true;
    }
    let dialect = PostgreSqlDialect {};
    let parser = Parser::new(&dialect).with_recursion_limit(DEPTH).try_with_sql(text);
    let whole = parser.and_then(|mut parser| {
        read(&mut parser)?;
        while parser.consume_token(&Token::SemiColon) {}
        parser.expect_token(&Token::EOF).map(|_| ())
    });
    // A text that nests deeper than the limit is no slip.
    matches!(whole, Ok(()) | Err(ParserError::RecursionLimitExceeded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_texts_that_one_grammar_knows() {
        for text in [
            "a > 0 AND b IS NOT NULL",
            "lower(email) COLLATE \"C\"",
            "'x'::app.mood",
            "((data ->> 'n'))::int",
        ] {
            assert!(is_expr(text), "{text}");
        }
        for text in [
            "a >",
            "a b",
            "(a",
            "''::: NOT",
            "email IS NOT NULL numeric(10,2)",
            "CASE WHEN a THEN 1",
        ] {
            assert!(!is_expr(text), "{text}");
        }
        assert!(is_query("SELECT a FROM t WHERE a > 0;"));
        for text in ["SELECT (a FROM t", "SELECT a FROM t WHERE", "SELEC 1"] {
            assert!(!is_query(text), "{text}");
        }
    }
}
