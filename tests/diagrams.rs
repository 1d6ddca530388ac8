//! The changed tables as diagrams, for Mermaid and Graphviz.

use std::fs;

use crate::review::{assert_closed, done, hostile, large};

/// The lines of a Mermaid diagram of tables, as its grammar has them: `erDiagram`, entities with their attributes, relations.
fn assert_is_er_diagram(text: &str) {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.chars().all(|c| c.is_ascii_alphanumeric() || "_-()[]".contains(c))
    };
    let is_text = |text: &str| {
        let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        inner.is_some_and(|inner| !inner.is_empty() && !inner.contains(['"', '%', '\\', '\n', '<', '>']))
    };
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("erDiagram"));
    let (mut entities, mut inside) = (Vec::new(), false);
    for line in lines {
        let plain = line.trim();
        if inside && plain == "}" {
            inside = false;
        } else if inside {
            let mut words = plain.splitn(3, ' ');
            let (kind, name) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            assert!(is_word(kind) && is_word(name), "{line}");
            let rest = words.next().unwrap_or_default();
            let (keys, remark) = rest
                .split_once('"')
                .map_or((rest, None), |(keys, _)| (keys.trim_end(), Some(&rest[keys.len()..])));
            assert!(
                keys.is_empty() || keys.split(", ").all(|key| ["PK", "FK"].contains(&key)),
                "{line}"
            );
            assert!(remark.is_none_or(is_text), "{line}");
        } else if let Some((name, rest)) = plain.split_once('[') {
            let title = rest.strip_suffix("] {");
            assert!(is_word(name) && title.is_some_and(is_text), "{line}");
            entities.push(name.to_owned());
            inside = true;
        } else {
            let words: Vec<&str> = plain.splitn(5, ' ').collect();
            assert!(words.len() == 5 && words[3] == ":" && is_text(words[4]), "{line}");
            assert!(["}o--||", "}o..||"].contains(&words[1]), "{line}");
            for end in [words[0], words[2]] {
                assert!(entities.iter().any(|name| name == end), "{line}: no entity {end}");
            }
        }
    }
    assert!(!inside, "an entity has no end");
}

#[test]
fn the_tables_are_drawn_before_and_after() {
    let folder = tempfile::tempdir().expect("a folder");
    let before = "CREATE TABLE a (id int PRIMARY KEY, old text, kept varchar(10));
                  CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);
                  CREATE TABLE c (id int PRIMARY KEY); CREATE TABLE gone (id int, a_id int CONSTRAINT left_a REFERENCES a);";
    let after = "CREATE TABLE a (id int PRIMARY KEY, kept varchar(20) NOT NULL, new uuid);
                 CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);
                 CREATE TABLE c (id int PRIMARY KEY); CREATE TABLE d (b_id int CONSTRAINT to_b REFERENCES b);";
    fs::write(folder.path().join("before.sql"), before).expect("before");
    fs::write(folder.path().join("after.sql"), after).expect("after");
    let args = ["plan", "--from", "before.sql", "--to", "after.sql", "--format"];
    let draw = |format: &str| done(folder.path(), &[&args[..], &[format]].concat());
    let mermaid = draw("tables-mermaid");
    assert_is_er_diagram(&mermaid);
    for part in [
        "[\"public.a (changed)\"]",
        "[\"public.b\"]",
        "[\"public.d (added)\"]",
        "[\"public.gone (removed)\"]",
        "integer id PK\n",
        "text old \"removed\"",
        "character_varying(20) kept \"not null#59; was character varying(10)\"",
        "uuid new \"added\"",
        "integer b_id FK \"added\"",
        "}o--|| t4 : \"to_b (added)\"",
        "}o..|| t1 : \"left_a (removed)\"",
    ] {
        assert!(mermaid.contains(part), "{part} is not in:\n{mermaid}");
    }
    // What does not change and is not referenced is not there.
    assert!(!mermaid.contains("public.c"), "{mermaid}");
    let review = draw("markdown");
    assert!(review.contains(&format!("```mermaid\n{mermaid}```")), "{review}");
    assert_closed(&review, "the review with tables");
    let dot = draw("tables-dot");
    for part in [
        "<b>public.a (changed)</b>",
        "kept character varying(20) not null (was character varying(10))",
        "t2 -> t4 [label=\"to_b (added)\"]",
        "[label=\"left_a (removed)\", style=dashed]",
    ] {
        assert!(dot.contains(part), "{part} is not in:\n{dot}");
    }
    // Markup in names, and more tables and columns than a picture holds.
    hostile(folder.path());
    assert_is_er_diagram(&draw("tables-mermaid"));
    assert!(!draw("tables-dot").contains("<script"), "markup");
    large(folder.path(), 400);
    let mermaid = draw("tables-mermaid");
    assert_is_er_diagram(&mermaid);
    assert_eq!(mermaid.matches("] {").count(), 40);
    assert!(mermaid.len() < 50_000, "{} bytes", mermaid.len());
    // Many changes in each of many tables.
    let wide = |extra: &str| -> String {
        let columns: String = (0..80)
            .map(|n| format!(", a_rather_long_name_of_a_column_{n} numeric(10,2)"))
            .collect();
        let columns = if extra.is_empty() { "" } else { &columns };
        (0..30)
            .map(|n| format!("CREATE TABLE wide{n} (id int PRIMARY KEY{columns});\n"))
            .collect()
    };
    fs::write(folder.path().join("before.sql"), wide("")).expect("before");
    fs::write(folder.path().join("after.sql"), wide("more")).expect("after");
    let mermaid = draw("tables-mermaid");
    assert_is_er_diagram(&mermaid);
    assert!((20_000..50_000).contains(&mermaid.len()), "{} bytes", mermaid.len());
    assert!(mermaid.contains("and more \"21 columns\""), "{mermaid}");
    let review = draw("markdown");
    assert!(
        review.contains("are not drawn") || review.contains("Left out, so that this fits"),
        "{review}"
    );
    let columns: String = (0..100).map(|n| format!(", c{n} text")).collect();
    fs::write(
        folder.path().join("before.sql"),
        format!("CREATE TABLE t (id int PRIMARY KEY{columns});"),
    )
    .expect("before");
    fs::write(
        folder.path().join("after.sql"),
        format!("CREATE TABLE t (id int PRIMARY KEY{columns}, d int);"),
    )
    .expect("after");
    let mermaid = draw("tables-mermaid");
    assert_is_er_diagram(&mermaid);
    assert!(mermaid.contains("and more \"100 columns that stay\""), "{mermaid}");
}
