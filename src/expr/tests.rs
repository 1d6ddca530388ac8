//! Pairs of spellings that are the same, and pairs that are not.

use super::*;
use crate::name::Ident;

fn path(names: &[&str]) -> SearchPath {
    SearchPath::new(names.iter().map(Ident::new))
}

#[test]
fn same_expressions() {
    for (written, printed) in [
        ("a>0", "(a > 0)"),
        ("A > 0 AND b<1 and (C = 2)", "((a > 0) AND (b < 1) AND (c = 2))"),
        ("\"a\" != md5('x')", "(a <> md5('x'::text))"),
        ("'x'", "'x'::character varying"),
        ("cast(a as int4)", "(a)::integer"),
        ("a::varchar(3)", "(a)::character varying(3)"),
        ("date '2020-01-01'", "'2020-01-01'::date"),
        ("timestamp with time zone '2020-01-01'", "'2020-01-01'::timestamptz"),
        ("md5(s) in ('a','b')", "(md5(s) = ANY (ARRAY['a'::text, 'b'::text]))"),
        ("(j ->> 'k') IN ('a')", "((j ->> 'k'::text) = 'a'::text)"),
        ("s not in (1,2)", "(s <> ALL (ARRAY[1, 2]))"),
        ("x in (select 1)", "(x = any (SELECT 1))"),
        ("x not in (select y from t)", "(NOT (x IN ( SELECT y FROM t)))"),
        ("a between 1 and 2 and b", "((a >= 1) AND (a <= 2) AND b)"),
        ("a not between 1 and 2", "((a < 1) OR (a > 2))"),
        ("a like 'x%'", "(a ~~ 'x%'::text)"),
        (
            "a not ilike 'x%' escape '#'",
            "(a !~~* like_escape('x%'::text, '#'::text))",
        ),
        ("a similar to 'x'", "(a ~ similar_to_escape('x'::text))"),
        ("a is not distinct from b", "(NOT (a IS DISTINCT FROM b))"),
        ("a isnull or b notnull", "((a IS NULL) OR (b IS NOT NULL))"),
        ("extract(year from d)", "EXTRACT(year FROM d)"),
        ("extract('YEAR' from d)", "pg_catalog.extract('year', d)"),
        ("substring(a from 1 for 2)", "\"substring\"(a, 1, 2)"),
        ("substring(a for 2)", "SUBSTRING(a FROM 1 FOR 2)"),
        ("trim(a)", "TRIM(BOTH FROM a)"),
        ("trim(leading 'x' from a)", "ltrim(a, 'x'::text)"),
        ("position('a' in b)", "POSITION(('a'::text) IN (b))"),
        ("overlay(a placing b from 1 for 2)", "OVERLAY(a PLACING b FROM 1 FOR 2)"),
        ("now() at time zone 'utc'", "(now() AT TIME ZONE 'utc'::text)"),
        ("now() at time zone 'utc'", "timezone('utc'::text, now())"),
        ("(a, b) overlaps (c, d)", "\"overlaps\"(a, b, c, d)"),
        ("a is nfkc normalized", "is_normalized(a, 'NFKC'::text)"),
        ("a is not normalized", "NOT is_normalized(a)"),
        ("collation for (a)", "pg_collation_for(a)"),
        ("E'a\\'b'", "'a''b'"),
        ("$$it's$$", "'it''s'::text"),
        ("U&'d\\0061t'", "'dat'"),
        ("pg_catalog.now()", "now()"),
        ("a operator(pg_catalog.=) b", "(a = b)"),
        ("case when a then 1 else null end", "CASE WHEN a THEN 1 END"),
        (
            "case when a then 'x' end",
            "CASE WHEN a THEN 'x'::text ELSE NULL::text END",
        ),
        ("nextval('s')", "nextval('s'::regclass)"),
        ("nextval('public.s')", "nextval('\"public\".\"s\"'::regclass)"),
        ("true", "'t'::boolean"),
        ("FALSE", "'no'::bool"),
        ("0::bigint", "'0'::bigint"),
        ("(0)::bigint", "'0'::int8"),
        ("-1", "'-1'::integer"),
        ("0.5", "'0.5'::numeric"),
        (".5", "0.5"),
        ("interval '1 day'", "'1 days'::interval"),
        ("'1 hour'::interval", "'01:00:00'::interval"),
        ("'1 week 2 days'::interval", "'9 days'::interval"),
        ("array['a','b']::text[]", "ARRAY['a'::text, 'b'::text]"),
        ("array['a']::text[]", "(ARRAY['a'::character varying])::text[]"),
        ("'{}'::text[]", "ARRAY[]::text[]"),
        ("(a, b) = (1, 2)", "(ROW(a, b) = ROW(1, 2))"),
        ("count(*) filter (where a)", "count(*) FILTER (WHERE (a))"),
        ("f(a, variadic b)", "f(a, VARIADIC b)"),
        ("f(x := 1)", "f(x => 1)"),
        ("a::text collate \"C\"", "((a)::text COLLATE \"C\")"),
        ("not a = b", "(NOT (a = b))"),
        ("a || b || c", "((a || b) || c)"),
        ("-a * b + c", "(((- a) * b) + c)"),
        (
            "a -> 'b' ->> 'c' = 'd'",
            "(((a -> 'b'::text) ->> 'c'::text) = 'd'::text)",
        ),
        ("a[1] + (b).c", "((a)[1] + (b).c)"),
        ("B'101'", "'101'::\"bit\""),
        (
            "sum(a) over (partition by b order by c)",
            "sum(a) OVER (PARTITION BY b ORDER BY c ASC NULLS LAST)",
        ),
        (
            "exists (select 1 from t where t.x = y)",
            "(EXISTS ( SELECT 1 FROM t WHERE (t.x = y)))",
        ),
        ("/* c */ a -- b", "a"),
        ("current_date", "CURRENT_DATE"),
        ("(current_setting('a'))::int", "(current_setting('a'::text))::integer"),
    ] {
        assert_eq!(
            canonical_expr(written),
            canonical_expr(printed),
            "{written} and {printed}"
        );
    }
}

#[test]
fn different_expressions() {
    for (one, other) in [
        ("a", "b"),
        ("a + b * c", "(a + b) * c"),
        ("not (a and b)", "not a and b"),
        ("now()", "CURRENT_TIMESTAMP"),
        ("'a'::varchar(3)", "'a'"),
        ("\"A\"", "a"),
        ("'a'", "\"a\""),
        ("nextval('s'::text)", "nextval('s'::regclass)"),
        ("('2020-01-01'::text)::date", "'2020-01-01'::date"),
        ("a::text", "a"),
        ("(a)::text = 'x'", "a = 'x'"),
        // Beside character(n) or citext an untyped string is not text.
        ("a = 'x '", "a = 'x '::text"),
        ("a = 'x '::varchar", "a = 'x '::text"),
        ("a in ('x ', 'y')", "a in ('x '::text, 'y')"),
        ("a::char(3) < 'x '", "a::char(3) < 'x '::text"),
        ("x = any (y)", "x = all (y)"),
        ("x = any (array[[1,2],[3,4]])", "x in (1, 2)"),
        ("1::numeric", "1"),
        ("'a' || 'b'", "'a|| ''b'"),
        ("case when a then 1 else null::numeric end", "case when a then 1 end"),
        ("a and b or c", "a and (b or c)"),
        ("'1 mon'::interval", "'30 days'::interval"),
        ("f(distinct a)", "f(a)"),
        ("date_part('year', d)", "extract(year from d)"),
        ("user", "\"user\""),
        ("a is null", "a is not null"),
        ("char 'ab'", "\"char\" 'ab'"),
        ("x::bit", "x::\"bit\""),
    ] {
        assert_ne!(canonical_expr(one), canonical_expr(other), "{one} and {other}");
    }
}

#[test]
fn search_paths() {
    let public = path(&["public"]);
    for (written, printed) in [
        ("f(a)", "public.f(a)"),
        ("'a'::mood", "'a'::public.mood"),
        ("'{a}'::mood[]", "'{a}'::public.mood[]"),
        ("lower(a)::text", "(lower(a))::text"),
        ("nextval('s')", "nextval('public.s'::regclass)"),
        ("exists (select 1 from t)", "(EXISTS ( SELECT 1 FROM public.t))"),
        (
            "exists (with t as (select 1) select * from t)",
            "EXISTS (WITH t AS (SELECT 1) SELECT * FROM t)",
        ),
    ] {
        assert_eq!(
            *canonical_expr_in(written, &public),
            *canonical_expr(printed),
            "{written}"
        );
    }
    assert_ne!(
        *canonical_expr_in("f(a)", &path(&["a", "b"])),
        *canonical_expr("a.f(a)")
    );
    assert_ne!(
        canonical_expr_in("xmlparse(document x())", &path(&["a"])),
        canonical_expr_in("xmlparse(document x())", &path(&["b"]))
    );
    assert_eq!(Expr::under("f(a)", &public), Expr::new("public.f(a)"));
    assert_ne!(Expr::under("f(a)", &public), Expr::new("f(a)"));
}

#[test]
fn known_columns() {
    let types = [
        ("v", "character varying(30)"),
        ("m", "public.mood"),
        ("n", "numeric(10,2)"),
        ("r", "real"),
        ("b", "bigint"),
    ];
    let types: Vec<(Ident, TypeName)> = types
        .iter()
        .map(|(name, to)| (Ident::new(name), TypeName::parse(to)))
        .collect();
    let columns = Columns::new(types.iter().map(|(name, to)| (name, to)));
    let scope = Scope {
        path: None,
        columns: Some(&columns),
    };
    for (written, printed, same) in [
        (
            "v in ('a','b')",
            "((v)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
            true,
        ),
        ("v <> ''", "((v)::text <> ''::text)", true),
        ("m = 'x'", "(m = 'x'::public.mood)", true),
        ("m = 'x'", "(m = 'x'::public.other)", false),
        ("n > 0", "(n > (0)::numeric)", true),
        (
            "n between 0 and 1",
            "((n >= (0)::numeric) AND (n <= (1)::numeric))",
            true,
        ),
        ("r = 0.1", "r = '0.1'::real", false),
        ("b = 1", "b = 1::bigint", true),
        ("b = 1.5", "b = 1.5::bigint", false),
        ("m::text = 'x'", "m = 'x'", false),
        ("lower(v)", "lower((v)::text)", true),
        ("public.lower(v)", "public.lower((v)::text)", false),
        ("trim(v) = ''", "(TRIM(BOTH FROM v) = ''::text)", true),
        (
            "exists (select from t where v = 'x')",
            "exists (select from t where (v)::text = 'x')",
            false,
        ),
    ] {
        assert_eq!(
            expr_form(written, scope) == expr_form(printed, scope),
            same,
            "{written} and {printed}"
        );
    }
    for (one, other, to) in [
        ("'{}'", "'{}'::jsonb", "jsonb"),
        ("'x'", "'x'::character varying", "character varying(20)"),
        ("'x'", "'x'::public.mood", "public.mood"),
        ("0", "'0'::bigint", "bigint"),
        ("'0'", "0", "numeric"),
        ("'{}'", "ARRAY[]::text[]", "text[]"),
    ] {
        let to = TypeName::parse(to);
        assert_eq!(
            value_form(one, &to, Scope::default()),
            value_form(other, &to, Scope::default()),
            "{one} and {other}"
        );
    }
}

#[test]
fn same_queries() {
    for (written, printed) in [
        ("select a, t.b as c from t;", " SELECT a,\n    t.b AS c\n   FROM t"),
        (
            "select x.a from app.t as x inner join app.u on x.a = u.a",
            "SELECT x.a AS a FROM (app.t x JOIN app.u ON ((x.a = u.a)))",
        ),
        (
            "select * from t left outer join u using (a) order by 1 asc",
            "SELECT * FROM (t LEFT JOIN u USING (a)) ORDER BY 1",
        ),
        ("(select 1) union all select 2", "SELECT 1 UNION ALL SELECT 2"),
        (
            "select 1 union select 2 intersect select 3",
            "SELECT 1 UNION (SELECT 2 INTERSECT SELECT 3)",
        ),
        (
            "select 1 union select 2 union select 3",
            "(SELECT 1 UNION SELECT 2) UNION SELECT 3",
        ),
        ("select a from t fetch first 5 rows only", "SELECT a FROM t LIMIT 5"),
        (
            "with x as (select 1 as a) select x.a from x",
            "WITH x AS ( SELECT 1 AS a ) SELECT x.a FROM x",
        ),
        (
            "select count(*) from t group by a",
            "SELECT count(*) AS count FROM t GROUP BY a",
        ),
        ("select * from f(1) as g(a, b)", "SELECT * FROM LATERAL f(1) g(a, b)"),
        (
            "select 1 from a, (b join c on true)",
            "SELECT 1 FROM a, (b JOIN c ON (true))",
        ),
        ("select (select 1)::int", "SELECT ((SELECT 1))::integer"),
        ("table t", "SELECT * FROM t"),
        (
            "select * from (values (1,'a'), (2,'b')) v(x,y)",
            "SELECT * FROM ( VALUES (1,'a'::text), (2,'b'::text)) v(x, y)",
        ),
        (
            "select a, b from t group by rollup(a, b)",
            "SELECT a, b FROM t GROUP BY ROLLUP(a, b)",
        ),
        (
            "select sum(a) over w from t window w as (order by b)",
            "SELECT sum(a) OVER w AS sum FROM t WINDOW w AS (ORDER BY b)",
        ),
    ] {
        assert_eq!(canonical_query(written), canonical_query(printed), "{written}");
        let tree = canonical_query(written);
        assert!(
            !tree.contains(" AS \"t\" ;") && !tree.contains("INNER"),
            "not read as a tree: {tree}"
        );
    }
    for (one, other) in [
        ("select 1 union all select 2", "select 1 union select 2"),
        ("select a from t order by a", "select a from t order by a desc"),
        (
            "(select 1 union select 2) except select 3",
            "select 1 union (select 2 except select 3)",
        ),
        ("select a from t", "select a as b from t"),
        ("(select 1 limit 1) union select 2", "select 1 union select 2 limit 1"),
    ] {
        assert_ne!(canonical_query(one), canonical_query(other), "{one}");
    }
}

#[test]
fn hostile_texts_end() {
    let deep = |open: &str, close: &str, n: usize| format!("{}1{}", open.repeat(n), close.repeat(n));
    for text in [
        deep("(", ")", 100_000),
        deep("f(", ")", 100_000),
        deep("(select ", ")", 50_000),
        deep("case when a then ", " end", 50_000),
        deep("array[", "]", 50_000),
        deep("(select * from (", "))", 50_000),
        deep("not ", "", 100_000),
        deep("- ", "", 100_000),
        "a || ".repeat(50_000) + "a",
        "a between 1 and ".repeat(5_000) + "2",
        "a::int".to_string() + &"::int".repeat(50_000),
        "a and ".repeat(100_000) + "a",
        "select 1 union ".repeat(20_000) + "select 2",
        "((((a between 1 and 2) between 1 and 2) between 1 and 2) between 1 and 2)".into(),
        "'open".into(),
        "/* open".into(),
        "\"".into(),
        "U&'\\zz'".into(),
        "$a$ x".into(),
    ] {
        let once = canonical_expr(&text);
        assert_eq!(canonical_expr(&once), once);
        canonical_query(&text);
    }
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    /// Pieces that make texts which are nearly SQL.
    fn pieces() -> impl Strategy<Value = String> {
        let words = "a \"B\" 1 'x' E'\\n' ( ) [ ] , . :: + - || = <> < not and or is null in between like case when then else end cast as text \
            int timestamp with time zone select from where group by order union all join on left f( count(*) array any interval '1_day' at \
            collate exists over partition distinct extract year substring for trim values limit ; $1 $$q$$ -- /* */ numeric(1,2) row"
            .split_whitespace()
            .map(|word| word.replace('_', " "))
            .collect::<Vec<_>>();
        proptest::collection::vec(proptest::sample::select(words), 0..25).prop_map(|words| words.join(" "))
    }

    #[test]
    fn an_open_escape_string_stays_one() {
        let once = canonical_expr("e'\\'Σ");
        assert_eq!(canonical_expr(&once), once);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn canonical_forms_are_stable(text in pieces()) {
            let once = canonical_expr(&text);
            prop_assert_eq!(canonical_expr(&once), once.clone());
            let once = canonical_query(&text);
            prop_assert_eq!(canonical_query(&once), once.clone());
        }

        #[test]
        fn any_text_is_taken(text in "\\PC{0,60}") {
            let once = canonical_expr(&text);
            prop_assert_eq!(canonical_expr(&once), once.clone());
            mentions(&text);
            rename_column(&text, &Ident::new("a"), &Ident::new("b"));
            rename_relation(&text, &crate::name::QualifiedName::bare("a"), &crate::name::QualifiedName::bare("b"), true);
        }
    }
}
