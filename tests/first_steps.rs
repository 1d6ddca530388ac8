//! What somebody meets who writes the first thing that comes to mind.

use crate::support::project::Project;

/// Tables whose keys are integers, numbered by a sequence and by an identity; one refers to both.
const KEYS: &str = "
    CREATE SEQUENCE users_id_seq AS integer;
    CREATE TABLE users (id integer DEFAULT nextval('users_id_seq') PRIMARY KEY, name text);
    ALTER SEQUENCE users_id_seq OWNED BY users.id;
    CREATE TABLE items (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    CREATE TABLE orders (id bigint PRIMARY KEY, user_id integer REFERENCES users, item_id integer REFERENCES items (id));";

#[test]
fn what_stays_an_integer_is_told() {
    let widened = KEYS.replace("(id integer", "(id bigint");
    let project = Project::new("", KEYS, &widened);
    let said = project.says(0, &["plan", "--out", "plan", "--approve", "all"]);
    for told in [
        "sequence public.users_id_seq stays AS integer and ends at 2,147,483,647",
        "column public.orders.user_id references column public.users.id and stays integer",
        "column public.orders.item_id references column public.items.id and stays integer",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    assert!(!said.contains("The identity of"), "{said}");
    project.says(0, &["apply", "plan", "--phase", "all", "--yes"]);
    // It is as told: the sequence ends, and so does the reference; the identity has gone along.
    let sql = |text: &str| project.database.sql(text);
    sql("SELECT setval('users_id_seq', 2147483647); SELECT setval('items_id_seq', 2147483647)")
        .expect("the last integer");
    let ended = sql("INSERT INTO users (name) VALUES ('one more')").expect_err("it ends");
    assert!(ended.to_string().contains("reached maximum value"), "{ended}");
    assert_eq!(
        sql("INSERT INTO items DEFAULT VALUES RETURNING id")
            .expect("a row")
            .lines()
            .next(),
        Some("2147483648")
    );
    let narrow = sql("INSERT INTO orders VALUES (1, NULL, 2147483648)").expect_err("it is too large");
    assert!(narrow.to_string().contains("out of range"), "{narrow}");

    // All of it written, nothing is told, and nothing ends.
    let all = widened
        .replace("AS integer", "AS bigint")
        .replace("_id integer", "_id bigint");
    project.write("schema.sql", &all);
    let said = project.says(0, &["plan", "--out", "rest", "--approve", "all"]);
    assert!(!said.contains("stays"), "{said}");
    project.says(0, &["apply", "rest", "--phase", "all", "--yes"]);
    project.says(0, &["drift", "-q"]);
    sql("INSERT INTO users (name) VALUES ('one more'); INSERT INTO orders VALUES (1, 2147483648, 2147483648)")
        .expect("rows");
}

#[test]
fn an_identity_that_keeps_its_end_is_told() {
    let table =
        |id: &str| format!("CREATE TABLE t (id {id} GENERATED ALWAYS AS IDENTITY (MAXVALUE 2147483647) PRIMARY KEY);");
    let config = "policy: {strategy: in-place}\n";
    let project = Project::new(config, &table("integer"), &table("bigint"));
    let said = project.says(0, &["plan", "--out", "plan", "--approve", "all"]);
    assert!(
        said.contains("The identity of column public.t.id keeps MAXVALUE 2,147,483,647"),
        "{said}"
    );
    project.says(0, &["apply", "plan", "--phase", "all", "--yes"]);
    project.says(0, &["drift", "-q"]);
}

#[test]
fn a_view_that_contract_brings_is_not_promised_before() {
    let table = "CREATE TABLE t (id bigint PRIMARY KEY, a text, b text);";
    let before = format!("{table} CREATE VIEW v AS SELECT id, b FROM t; CREATE VIEW gone AS SELECT a FROM t;");
    let project = Project::new(
        "",
        &before,
        &format!("{table} CREATE VIEW v AS SELECT id, a, b FROM t;"),
    );
    let said = project.says(0, &["plan", "--out", "plan"]);
    assert!(
        said.contains("Only contract brings a part") && said.contains("The columns of public.v change"),
        "{said}"
    );
    assert!(!said.contains("before contract; it needs nothing"), "{said}");
    // Dropping a view is as dangerous for the old application as changing it.
    let id = "breaks-old-application:view public.gone";
    assert!(said.contains(id) && said.contains("Risk: high"), "{said}");
    project.says(3, &["apply", "plan", "--phase", "contract", "--yes"]);

    // A view over a column that changes its type keeps its columns.
    let project = Project::new(
        "",
        "CREATE TABLE t (id bigint PRIMARY KEY, n integer); CREATE VIEW v AS SELECT id, n FROM t;",
        "CREATE TABLE t (id bigint PRIMARY KEY, n bigint); CREATE VIEW v AS SELECT id, n FROM t;",
    );
    let said = project.says(0, &["plan", "--out", "plan", "--approve", "all"]);
    assert!(said.contains("public.v is made anew; its columns stay"), "{said}");
    project.says(0, &["apply", "plan", "--phase", "all", "--yes"]);
    project.says(0, &["drift", "-q"]);
}

#[test]
fn a_failed_check_names_keys_and_nothing_else() {
    let before = "CREATE TABLE users (id bigint PRIMARY KEY);
        CREATE TABLE comments (id bigint PRIMARY KEY, author bigint, body text);";
    let after = before.replace("author bigint", "author bigint REFERENCES users");
    let project = Project::new("", before, &after);
    project
        .database
        .sql("INSERT INTO comments VALUES (77, 999999, 'a secret')")
        .expect("an orphan");
    project.says(0, &["plan", "--out", "plan"]);
    let said = project.says(1, &["apply", "plan", "--phase", "all", "--yes"]);
    assert!(
        said.contains("1 row of public.comments references no row of public.users (23514)"),
        "{said}"
    );
    assert!(said.contains("id = 77, author = 999999"), "{said}");
    assert!(!said.contains("secret"), "{said}");
    // Without a primary key the columns of the constraint are all there is.
    project
        .database
        .sql("ALTER TABLE comments DROP CONSTRAINT comments_pkey; INSERT INTO comments VALUES (78, 999998, 'a secret')")
        .expect("no key");
    project.write(
        "schema.sql",
        &after.replace("TABLE comments (id bigint PRIMARY KEY", "TABLE comments (id bigint"),
    );
    project.says(0, &["plan", "--out", "plan", "--replace", "--approve", "all"]);
    let said = project.says(5, &["apply", "plan", "--phase", "all", "--yes"]);
    assert!(
        said.contains("2 rows of public.comments reference no row of public.users"),
        "{said}"
    );
    assert!(said.contains("author = 999999") && !said.contains("secret"), "{said}");
}
