//! Types that the files name and nobody has: told when the plan is made, at their place, and nothing that is right is refused.

use crate::support::project::Project;

/// A type of each kind that is there without the files defining it as a type, and types of the files.
const RIGHT: &str = "
    CREATE TYPE mood AS ENUM ('a');
    CREATE TYPE span AS RANGE (subtype = float8);
    CREATE TABLE other (id int PRIMARY KEY, m mood);
    CREATE TABLE t (
        id int PRIMARY KEY, m mood, row other, rows other[], s span, ss span_multirange, code citext, codes citext[],
        c pg_catalog.int4, r pg_class, i information_schema.sql_identifier, d double precision, ch \"char\",
        n national character varying(3), iv interval day to second, x mine.kept DEFAULT '(1)'::mine.kept, q pg_lsn
    );
    CREATE FUNCTION f(a t.id%TYPE, OUT b t) LANGUAGE sql AS 'SELECT NULL::t';
    CREATE VIEW v AS SELECT 'a'::mood AS m, 1::double precision AS d, id::information_schema.cardinal_number FROM t;";

const BEFORE: &str = "
    CREATE EXTENSION citext;
    CREATE SCHEMA mine;
    CREATE TYPE mine.kept AS (a int);";

const CONFIG: &str = "ignore: ['mine.*', 'extension citext', 'namespace mine']\n";

#[test]
fn what_is_right_is_planned_and_applied() {
    let project = Project::new(CONFIG, BEFORE, RIGHT);
    let said = project.says(0, &["plan", "--out", "plan"]);
    assert!(!said.contains("names type"), "{said}");
    project.says(0, &["apply", "plan", "--phase", "all", "--yes"]);
}

#[test]
fn slips_are_refused_with_their_places() {
    let slips = "CREATE TYPE mood AS ENUM ('a');\nCREATE TABLE t (\n    id int PRIMARY KEY,\n    -- integr\n    mood integr,\n    m moood[],\n    \
                 d int DEFAULT '1'::intt\n);\nCREATE FUNCTION f(a text, b nosuch) RETURNS int LANGUAGE sql AS 'SELECT 1';\n";
    let project = Project::new("", "", slips);
    let said = project.says(1, &["plan", "--out", "plan"]);
    for told in [
        "error: column public.t.mood names type integr, and neither the files nor the database have such a type",
        "at: schema.sql:5:10 hint: did you mean integer?",
        "schema.sql:7:24: column public.t.d names type intt",
        "schema.sql:6:7: column public.t.m names type moood, and neither the files nor the database have such a type (did you mean mood?)",
        "schema.sql:9:29: function public.f(text, nosuch) names type nosuch",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    assert!(!project.here().join("plan").exists());
    // The server says the same of each.
    let fault = project
        .database
        .sql("CREATE TABLE t (m moood[])")
        .expect_err("no such type");
    assert!(fault.to_string().contains("does not exist"), "{fault}");
    // What is compared and not made is compared all the same.
    let said = project.says(2, &["drift", "--format", "json"]);
    assert!(said.contains("names type nosuch"), "{said}");
}

#[test]
fn a_type_that_the_plan_would_drop_is_no_type_of_a_column() {
    let before = "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (id int PRIMARY KEY, m mood);";
    let project = Project::new("", before, "CREATE TABLE t (id int PRIMARY KEY, m mood);");
    let said = project.says(1, &["plan"]);
    assert!(
        said.contains(
            "column public.t.m names type public.mood, which the files do not define, so that the plan would drop it"
        ),
        "{said}"
    );
}

#[test]
fn an_extension_whose_type_a_column_has_does_not_go() {
    let table = "CREATE TABLE t (id int PRIMARY KEY, code citext, codes citext[]);";
    let project = Project::new("", &format!("CREATE EXTENSION citext; {table}"), table);
    let said = project.says(1, &["plan"]);
    assert!(
        said.contains(
            "names type citext of extension citext, which the files do not have, so that the plan would drop it"
        ),
        "{said}"
    );
    assert!(said.contains("add CREATE EXTENSION citext to the files"), "{said}");
}

#[test]
fn an_extension_that_something_uses_does_not_go() {
    let extension = "CREATE EXTENSION pg_trgm;";
    let users = [
        ("CREATE INDEX i ON t USING gin (a gin_trgm_ops);", "index public.i"),
        (
            "ALTER TABLE t ADD CONSTRAINT c CHECK (similarity(a, 'x') < 0.5);",
            "constraint public.t.c",
        ),
        ("ALTER TABLE t ALTER b SET DEFAULT show_limit();", "column public.t.b"),
        (
            "CREATE VIEW v AS SELECT similarity(a, 'x') AS near FROM t;",
            "view public.v",
        ),
    ];
    for (user, named) in users {
        let files = format!("CREATE TABLE t (a text, b real);\n{user}");
        let project = Project::new("", &format!("{extension}\n{files}"), &files);
        let said = project.says(1, &["plan", "--out", "plan"]);
        let told = format!("{named} uses what extension pg_trgm brought, which the files do not have");
        assert!(said.contains(&told), "{said}");
        assert!(said.contains("add CREATE EXTENSION pg_trgm to the files"), "{said}");
        assert!(!project.here().join("plan").exists());
        project.write("schema.sql", &format!("{extension}\n{files}"));
        project.says(0, &["plan", "--out", "plan"]);
    }
    // What goes with it keeps it from nothing.
    let project = Project::new(
        "",
        &format!("{extension}\nCREATE TABLE t (a text);\n{}", users[0].0),
        "CREATE TABLE t (a text);",
    );
    project.says(0, &["plan", "--out", "plan", "--approve", "all"]);
    project.says(0, &["apply", "plan", "--phase", "all", "--yes"]);
}

#[test]
fn an_extension_that_cannot_move_stays() {
    let there = |name: &str| format!("CREATE SCHEMA e;\nCREATE EXTENSION {name} SCHEMA public;");
    let elsewhere = |name: &str| format!("CREATE SCHEMA e;\nCREATE EXTENSION {name} SCHEMA e;");
    let project = Project::new("", &there("xml2"), &elsewhere("xml2"));
    let said = project.says(1, &["plan", "--out", "plan"]);
    assert!(said.contains("extension xml2 cannot get another namespace"), "{said}");
    let project = Project::new("", &there("pg_trgm"), &elsewhere("pg_trgm"));
    project.says(0, &["plan", "--out", "plan"]);
    project.says(0, &["apply", "plan", "--phase", "all", "--yes"]);
}

#[test]
fn the_storage_that_the_type_of_an_extension_has_is_no_difference() {
    let table = "CREATE EXTENSION citext; CREATE TABLE t (id int PRIMARY KEY, code citext);";
    let said = |storage: &str| format!("{table} ALTER TABLE t ALTER code SET STORAGE {storage};");
    let same = Project::new("", table, &said("EXTENDED"));
    assert!(same.says(0, &["plan"]).contains("Nothing to do"));
    let other = Project::new("", &said("MAIN"), &said("EXTENDED"));
    assert!(other.says(0, &["plan"]).contains("column public.t.code"));
}

#[test]
fn between_files_and_with_extensions_that_come_slips_are_notes() {
    let project = Project::new("", "", "");
    project.write("empty.sql", "");
    let planned = |text: &str| {
        project.write("new.sql", text);
        project.says_alone(0, &["plan", "--from", "empty.sql", "--to", "new.sql"])
    };
    let said = planned("CREATE TABLE t (id intger PRIMARY KEY, c citext);");
    assert!(
        said.contains("new.sql:1:20: column public.t.id names type intger, which is neither in the files nor one of PostgreSQL's own. Did you mean integer?"),
        "{said}"
    );
    assert!(said.contains("type citext"), "{said}");
    // The extension brings the one, and hardly the other.
    let text = "CREATE EXTENSION citext; CREATE TABLE t (id intger PRIMARY KEY, c citext);";
    let said = planned(text);
    assert!(said.contains("type intger") && !said.contains("type citext"), "{said}");
    project.write("schema.sql", text);
    let said = project.says(0, &["plan"]);
    assert!(said.contains("type intger") && !said.contains("type citext"), "{said}");
}
