use super::*;
use crate::parse::split::{Piece, split};

fn with<T>(text: &str, work: impl FnOnce(&mut Cursor<'_>) -> T) -> Result<T, ParseError> {
    let pieces = split(&"f.sql".into(), text)?;
    match pieces.first() {
        Some(Piece::Statement(statement)) => Ok(work(&mut Cursor::new(statement)?)),
        _ => Err(ParseError::new("no statement")),
    }
}

#[test]
fn names_are_folded_cut_and_checked() {
    let name = |text: &str| with(text, |c| c.qualified_name().map(|n| n.to_string()));
    assert_eq!(name("Users"), Ok(Ok("users".into())));
    assert_eq!(name("A.\"b\"\"C\""), Ok(Ok("a.\"b\"\"C\"".into())));
    assert_eq!(name("db.s.order"), Ok(Ok("s.\"order\"".into())));
    assert_eq!(name(r#"U&"d!0061ta" UESCAPE '!'"#), Ok(Ok("data".into())));
    assert_eq!(name(&"x".repeat(70)), Ok(Ok("x".repeat(63))));
    let refused = name("\n select").map(|r| r.map_err(|e| e.to_string()));
    assert!(matches!(refused, Ok(Err(text)) if text.starts_with("f.sql:2:2: expected a name, found \"select\"")));
}

#[test]
fn types_end_where_they_end() {
    for (text, rest) in [
        ("double precision", "not"),
        ("timestamp (3) with time zone", "default"),
        ("interval day to second(3)", "not"),
        ("national character varying(10)", "null"),
        ("varchar(3)[][4]", "collate"),
        ("int ARRAY[3]", "x"),
        ("s.\"T\"(1,2)[]", "x"),
        ("a.b%TYPE", ","),
        ("numeric ( 10 , 2 )", "x"),
        ("bit varying (3)", "x"),
        ("time", "with"),
        ("geometry(Point,4326)", "x"),
        ("\"char\"", "x"),
        ("int", "generated"),
    ] {
        let read = with(&format!("{text} {rest}"), |c| {
            c.type_text().map(|t| (t.to_owned(), c.rest().to_owned()))
        });
        assert_eq!(read, Ok(Ok((text.to_owned(), rest.to_owned()))));
    }
    for wrong in ["not null", "'x'", "primary key", "double x"] {
        assert!(
            matches!(with(wrong, |c| c.type_text().map(str::to_owned)), Ok(Err(_))),
            "{wrong}"
        );
    }
}

#[test]
fn expressions_are_cut_as_written() {
    let stop = ["not", "null", "check", "collate", "default"];
    for (text, rest) in [
        ("'x'::text", "NOT NULL"),
        ("NULL", "NOT NULL"),
        ("NULL::text", "CHECK (a)"),
        ("(a + 1) * f(b, c)", ", d"),
        ("case when a is not null then null else 1 end", "not null"),
        ("a IS NOT DISTINCT FROM NULL", "null"),
        ("ARRAY['a', 'b']::text[]", "collate x"),
        ("a.end || t.case", "null"),
        ("now() AT TIME ZONE 'utc' -- why\n", ""),
        ("t.null", "not null"),
    ] {
        let read = with(&format!("{text} {rest}"), |c| {
            c.expr_slice(&stop).map(|t| (t.to_owned(), c.rest().to_owned()))
        });
        let text = text.split(" --").next().unwrap_or("");
        assert_eq!(read, Ok(Ok((text.to_owned(), rest.to_owned()))));
    }
    assert!(matches!(
        with(", a", |c| c.expr_slice(&stop).map(str::to_owned)),
        Ok(Err(_))
    ));
}

#[test]
fn strings_and_numbers() {
    assert_eq!(with("'a' -- c\n 'b' 'c'", |c| c.string()), Ok(Ok("ab".into())));
    assert_eq!(with("$x$ ' $x$", |c| c.string()), Ok(Ok(" ' ".into())));
    assert_eq!(with("U&'!0061' uescape '!'", |c| c.string()), Ok(Ok("a".into())));
    assert_eq!(with("-9223372036854775808", |c| c.integer()), Ok(Ok(i64::MIN)));
    assert!(matches!(with("1.5", |c| c.integer()), Ok(Err(_))));
    assert_eq!(
        with("OPERATOR(s.<@)", |c| c.operator().map(|n| (n.namespace, n.name))),
        Ok(Ok((Some("s".into()), "<@".into())))
    );
}

#[test]
fn groups_must_be_read_whole() {
    assert_eq!(
        with("(a, (b), c) d", |c| c
            .paren_list(|c| {
                c.skip_group();
                Ok(())
            })
            .map(|v| v.len())),
        Ok(Ok(3))
    );
    assert!(matches!(with("(a b)", |c| c.paren_list(Cursor::ident)), Ok(Err(_))));
    assert!(with("a [)", |_| ()).is_err());
    assert!(with(&("(".repeat(300) + &")".repeat(300)), |_| ()).is_err());
}

#[test]
fn comments_stand_before_their_token() {
    let read = with("a (\n b int, -- tail\n -- @renamed_from x\n c int)", |c| {
        c.next();
        c.parenthesised(|c| {
            (0..3).for_each(|_| {
                c.next();
            });
            let comments = c
                .comments_before()
                .iter()
                .map(|c| (c.text.to_owned(), c.own_line))
                .collect::<Vec<_>>();
            c.rest();
            Ok(comments)
        })
    });
    assert_eq!(
        read,
        Ok(Ok(vec![("tail".into(), false), ("@renamed_from x".into(), true)]))
    );
}
