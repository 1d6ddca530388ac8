//! Expressions that count as equal mean the same: random conditions and slips of them, and random spellings of one condition. Where
//! the plan between two of them is empty, the server evaluates both over rows with every kind of edge.
//!
//! `PGPHASE_SEED=n` makes others, `PGPHASE_CONDITIONS=n` more.

use std::fmt::Write as _;

use pgphase::diff::diff;
use pgphase::pair::Pair;
use pgphase::parse::parse_text;
use pgphase::unify::{Verdicts, unify};

use crate::support::database::Database;
use crate::support::pool;
use crate::support::random::{Random, setting};

const CONDITIONS: usize = 1500;

const COLUMNS: &str = "a integer, b bigint, n numeric(10, 2), x double precision, t text, v varchar(20), c char(5), d date, \
    ts timestamptz, f boolean, j jsonb, arr integer[]";

/// Rows with nulls, zeros, blanks, trailing spaces, letters of both cases, and the edges of comparisons.
const ROWS: &str = "
    CREATE TABLE sample AS SELECT a::integer, b::bigint, n::numeric(10, 2), x::double precision, t::text, v::varchar(20), c::char(5),
        d::date, ts::timestamptz, f::boolean, j::jsonb, arr::integer[]
    FROM (VALUES (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
        (0, 0, 0, 0, '', '', '', '2026-01-01', '2026-01-01 00:00Z', false, '{}', '{}'),
        (1, 2, 1.5, 0.5, 'a', 'A', 'a', '2026-01-02', '2026-01-01 12:00Z', true, '{\"k\": 1}', '{1}'),
        (2, 1, -1.25, -0.5, 'A', 'a ', 'a b', '2025-12-31', '2025-12-31 23:59:59Z', true, '{\"k\": \"1\"}', '{1,2,NULL}'),
        (5, 5, 5, 5, 'ab', 'ab', 'ab', '2000-02-29', '2000-01-01 00:00Z', false, '[1]', '{5}'),
        (-3, 10, 99.99, 1e10, 'a%b', 'a_b', 'x', '1999-12-31', 'infinity', NULL, 'null', '{NULL}'),
        (10, -7, 0.01, 'NaN', ' a', 'b', ' ', 'infinity', '2026-06-15 08:00Z', true, '{\"k\": null}', '{3,3}')
    ) AS s (a, b, n, x, t, v, c, d, ts, f, j, arr);
    CREATE FUNCTION value_of(condition text) RETURNS text LANGUAGE plpgsql AS $$
    DECLARE found text;
    BEGIN
        EXECUTE format('SELECT string_agg(coalesce((%s)::text, ''null''), '','' ORDER BY s.a, s.b) FROM sample s', condition) INTO found;
        RETURN found;
    EXCEPTION WHEN others THEN RETURN 'error ' || SQLSTATE;
    END $$;";

/// A condition as words; `spell` chooses among spellings that mean the same.
struct Writer<'a> {
    choose: &'a mut Random,
    spell: &'a mut Random,
    words: Vec<String>,
}

impl Writer<'_> {
    fn put(&mut self, text: &str) {
        self.words.extend(text.split_whitespace().map(str::to_owned));
    }

    fn one(&mut self, of: &[&str]) -> String {
        (*self.choose.pick(of).expect("choices")).to_owned()
    }

    fn spelled(&mut self, of: &[&str]) {
        let text = (*self.spell.pick(of).expect("spellings")).to_owned();
        self.put(&text);
    }

    /// Parentheses that change nothing.
    fn within(&mut self, write: impl FnOnce(&mut Self)) {
        let count = self.spell.below(5).saturating_sub(2);
        (0..count).for_each(|_| self.put("("));
        write(self);
        (0..count).for_each(|_| self.put(")"));
    }

    fn condition(&mut self, depth: usize) {
        if depth > 0 && self.choose.below(3) > 0 {
            match self.choose.below(4) {
                0 => {
                    self.put("NOT (");
                    self.condition(depth - 1);
                    self.put(")");
                }
                which => {
                    let word = if which == 1 { "OR" } else { "AND" };
                    self.put("(");
                    self.condition(depth - 1);
                    self.put(")");
                    self.put(word);
                    self.put("(");
                    self.condition(depth - 1);
                    self.put(")");
                }
            }
            return;
        }
        self.within(Self::simple);
    }

    fn simple(&mut self) {
        match self.choose.below(12) {
            0..=2 => {
                self.number();
                let operator = self.one(&["=", "<>", "<", "<=", ">", ">="]);
                match operator.as_str() {
                    "<>" => self.spelled(&["<>", "!="]),
                    other => self.put(other),
                }
                self.number();
            }
            3 | 4 => {
                self.text();
                let operator = self.one(&["=", "<>", "<", "LIKE", "NOT LIKE", "ILIKE", "~"]);
                self.put(&operator);
                self.literal();
            }
            5 => {
                self.number();
                let not = self.one(&["", "NOT"]);
                self.put(&not);
                self.put("IN (");
                let list = self.one(&["1", "1 , 2", "0 , 5 , 10"]);
                self.put(&list);
                self.put(")");
            }
            6 => {
                let column = self.one(&["t", "v", "c"]);
                self.put(&column);
                let literals = self.one(&["'a'", "'a' , 'ab'", "'a' , 'A' , ''"]);
                let spelling = self.spell.below(3);
                match spelling {
                    0 => self.put(&format!("IN ( {literals} )")),
                    1 if column != "c" => self.put(&format!("= ANY ( ARRAY [ {literals} ] )")),
                    _ => self.put(&format!("IN ( {literals} )")),
                }
            }
            7 => {
                self.number();
                self.put("BETWEEN");
                let (low, high) = (self.one(&["0", "1", "- 3"]), self.one(&["2", "5", "100"]));
                self.put(&format!("{low} AND {high}"));
            }
            8 => {
                self.text();
                let test = self.one(&[
                    "IS NULL",
                    "IS NOT NULL",
                    "IS DISTINCT FROM 'a'",
                    "IS NOT DISTINCT FROM ''",
                ]);
                self.put(&test);
            }
            9 => {
                let test = self.one(&["f", "f IS TRUE", "f IS NOT FALSE", "f IS UNKNOWN", "NOT f", "f = true"]);
                self.put(&test);
            }
            10 => {
                let test = self.one(&[
                    "d >= '2026-01-01'",
                    "d < '2026-01-01' :: date",
                    "ts > '2026-01-01 00:00:00+00'",
                    "d + 1 > '2026-01-01'",
                    "extract ( year FROM d ) = 2026",
                    "date_trunc ( 'day' , ts ) = ts",
                ]);
                self.put(&test);
            }
            _ => {
                let test = self.one(&[
                    "j ? 'k'",
                    "j ->> 'k' = '1'",
                    "( j -> 'k' ) IS NOT NULL",
                    "1 = ANY ( arr )",
                    "arr && ARRAY [ 1 , 5 ]",
                    "cardinality ( arr ) > 1",
                    "arr [ 1 ] = 1",
                    "CASE WHEN a > 0 THEN f ELSE b > 1 END",
                    "coalesce ( f , a = 1 )",
                ]);
                self.put(&test);
            }
        }
    }

    fn number(&mut self) {
        match self.choose.below(8) {
            0 | 1 => self.within(|writer| writer.put("a")),
            2 => self.spelled(&["b", "\"b\"", "B"]),
            3 => {
                let column = self.one(&["n", "x"]);
                self.put(&column);
            }
            4 => {
                let literal = self.one(&["0", "1", "5", "1.5", "-1"]);
                self.put(&literal);
            }
            5 => {
                let sum = self.one(&[
                    "a + b",
                    "a - b",
                    "a - b - 1",
                    "a * 2 + b",
                    "- a",
                    "a % 2",
                    "b / 2",
                    "( a + b ) * 2",
                    "a - ( b - 1 )",
                ]);
                self.put(&sum);
            }
            6 => {
                let call = self.one(&[
                    "length ( t )",
                    "abs ( a )",
                    "coalesce ( a , 0 )",
                    "greatest ( a , 1 )",
                    "char_length ( v )",
                ]);
                self.put(&call);
            }
            _ => {
                let to = self.one(&["int", "bigint", "numeric", "text"]);
                let column = self.one(&["a", "b", "n"]);
                let to = if to == "text" { "smallint".to_owned() } else { to };
                let cast = [format!("{column} :: {to}"), format!("CAST ( {column} AS {to} )")];
                let cast = cast[self.spell.below(2)].clone();
                self.put(&cast);
            }
        }
    }

    fn text(&mut self) {
        match self.choose.below(6) {
            0 => self.put("t"),
            1 => self.within(|writer| writer.put("v")),
            2 => self.put("c"),
            3 => self.spelled(&["lower ( t )", "LOWER ( t )", "lower ( ( t ) )"]),
            4 => {
                let call = self.one(&[
                    "upper ( v )",
                    "t || v",
                    "v || 'a'",
                    "trim ( BOTH FROM t )",
                    "substring ( t FROM 1 FOR 1 )",
                    "left ( v , 1 )",
                ]);
                self.put(&call);
            }
            _ => self.spelled(&["v :: text", "CAST ( v AS text )", "( v ) :: text"]),
        }
    }

    fn literal(&mut self) {
        let literal = self.one(&["'a'", "'A'", "''", "'a%'", "'a_b'", "'ab'", "' a'", "'a '"]);
        let quoted = if self.spell.below(4) == 0 {
            format!("{literal} :: text")
        } else {
            literal
        };
        self.words
            .extend(quoted.split(" :: ").enumerate().flat_map(|(at, part)| {
                let sign = (at > 0).then(|| "::".to_owned());
                sign.into_iter().chain([part.to_owned()])
            }));
    }
}

/// A condition in two spellings.
fn spellings(number: usize, seed: usize) -> [Vec<String>; 2] {
    [0, 1].map(|spelling| {
        let mut choose = Random::of(&format!("condition {seed} {number}"));
        let mut spell = Random::of(&format!("spelling {seed} {number} {spelling}"));
        let mut writer = Writer {
            choose: &mut choose,
            spell: &mut spell,
            words: vec![],
        };
        writer.condition(2);
        writer.words
    })
}

/// What one slip may put in the place of a word.
const WORDS: &[&str] = &[
    "a",
    "b",
    "n",
    "x",
    "t",
    "v",
    "c",
    "d",
    "f",
    "0",
    "1",
    "2",
    "5",
    "'a'",
    "'A'",
    "'a '",
    "''",
    "=",
    "<>",
    "<",
    "<=",
    ">",
    ">=",
    "+",
    "-",
    "*",
    "/",
    "%",
    "||",
    "AND",
    "OR",
    "NOT",
    "(",
    ")",
    "IS",
    "NULL",
    "TRUE",
    "::",
    "text",
    "int",
    "bigint",
    "varchar",
    "char",
    "char(1)",
    "varchar(1)",
    "numeric",
    "date",
    "LIKE",
    "ILIKE",
    "IN",
    "ANY",
    "ALL",
    "lower",
    "upper",
    "~",
    "~~",
    "!~~",
    "DISTINCT",
    "FROM",
    "1.0",
    "1e0",
];

const TYPES: &[&str] = &[
    "text",
    "varchar",
    "varchar(20)",
    "varchar(1)",
    "char",
    "char(5)",
    "bpchar",
    "int",
    "bigint",
    "smallint",
    "numeric",
    "numeric(10,2)",
    "real",
    "float8",
    "date",
    "timestamptz",
    "timestamp",
    "boolean",
    "jsonb",
    "int[]",
    "name",
    "\"char\"",
];

fn slip(words: &[String], random: &mut Random) -> Vec<String> {
    let mut words = words.to_vec();
    for _ in 0..=random.below(2) {
        let (at, other) = (random.below(words.len()), random.below(words.len()));
        match random.below(8) {
            0 => {
                words.remove(at);
            }
            // Most of what the server prints differently is a cast.
            5 | 6 => {
                let to = (*random.pick(TYPES).expect("types")).to_owned();
                words.splice(at + 1..at + 1, ["::".to_owned(), to]);
            }
            7 => {
                words.insert(at, "(".to_owned());
                words.insert((other + 1).max(at + 2).min(words.len()), ")".to_owned());
            }
            1 => words.swap(at, other),
            2 => words.insert(at, (*random.pick(WORDS).expect("words")).to_owned()),
            _ => words[at] = (*random.pick(WORDS).expect("words")).to_owned(),
        }
        if words.is_empty() {
            break;
        }
    }
    words
}

/// Whether the plan between tables with these checks is empty; nothing where one of them cannot be read.
fn counts_as_equal(one: &str, other: &str) -> Option<bool> {
    let schema = |condition: &str| {
        let text = format!("CREATE TABLE s ({COLUMNS}, CONSTRAINT k CHECK ({condition}));");
        parse_text("s.sql", &text).ok().map(|desired| desired.schema)
    };
    let live = schema(one)?;
    let unified = unify(&live, schema(other)?, &Verdicts::default());
    Some(diff(Pair::new(&live, &unified.desired)).is_empty())
}

#[test]
fn what_counts_as_equal_means_the_same() {
    let seed = setting("PGPHASE_SEED", 1);
    let numbers: Vec<usize> = (0..setting("PGPHASE_CONDITIONS", CONDITIONS)).collect();
    let pairs: Vec<(bool, String, String)> = pool::map(&numbers, |number| {
        let [one, other] = spellings(*number, seed);
        let mut random = Random::of(&format!("slip {seed} {number}"));
        let mut pairs = vec![(true, one.join(" "), other.join(" "))];
        pairs.extend((0..4).map(|_| (false, one.join(" "), slip(&one, &mut random).join(" "))));
        pairs
    })
    .into_iter()
    .flatten()
    .filter(|(_, one, other)| one != other)
    .collect();
    let equal = pool::map(&pairs, |(_, one, other)| counts_as_equal(one, other));
    let claimed: Vec<&(bool, String, String)> = pairs
        .iter()
        .zip(&equal)
        .filter(|(_, equal)| **equal == Some(true))
        .map(|(pair, _)| pair)
        .collect();

    let database = Database::new();
    database.sql(ROWS).expect("the rows");
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let mut query = String::from("SELECT one, other, value_of(one), value_of(other) FROM (VALUES ");
    for (at, (_, one, other)) in claimed.iter().enumerate() {
        let comma = if at > 0 { ", " } else { "" };
        let _ = write!(query, "{comma}({}, {})", quoted(one), quoted(other));
    }
    // Where the server cannot even read one of them there is no meaning to compare.
    query.push_str(
        ") AS pair (one, other) WHERE value_of(one) IS DISTINCT FROM value_of(other)
            AND NOT 'error 42883' IN (value_of(one), value_of(other))",
    );
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), query).expect("the query is written");
    let different = database.script(file.path()).expect("the server answers");

    let spelled = pairs.iter().filter(|(spelled, ..)| *spelled).count();
    let known = claimed.iter().filter(|(spelled, ..)| *spelled).count();
    eprintln!(
        "conditions: of {spelled} pairs of spellings {known} count as equal, of {} slips {}",
        pairs.len() - spelled,
        claimed.len() - known
    );
    assert!(known * 10 > spelled * 8, "too few spellings are recognised");
    assert!(
        different.trim().is_empty(),
        "these count as equal and are not:\n{different}"
    );
}
