//! A server that knows GSSAPI, beside psql without a ticket: both come in where another way is open to them, and nowhere else.

use super::tls::Scene;
use super::{LIMIT, psql_major};
use crate::support::pgphase;
use crate::support::run::run;

const RULES: &str = "local all all trust\nhostgssenc all certain all trust\nhostnogssenc all clear all trust\nhost all secret all scram-sha-256\n\
                     host all anyhow all gss\n";

#[test]
fn without_a_ticket_it_goes_on_where_psql_does() {
    let scene = Scene::new();
    scene.give("pg_hba.conf", RULES);
    if scene
        .ask("select count(*) from pg_hba_file_rules where error is not null")
        .trim()
        != "0"
    {
        eprintln!("skipped: this server was built without GSSAPI");
        return;
    }
    scene.reload();
    let secret = "user=secret password='open sesame'";
    let mut calls = vec![
        ("user=clear".to_owned(), "clear"),
        ("user=clear gssencmode=disable".to_owned(), "clear"),
        ("user=clear gssencmode=prefer krbsrvname=other".to_owned(), "clear"),
        ("user=clear gssencmode=require".to_owned(), "refused"),
        (format!("{secret} gsslib=gssapi"), "clear"),
        (format!("{secret} gssencmode=require"), "refused"),
        ("user=certain".to_owned(), "refused"),
        ("user=anyhow password=p".to_owned(), "refused"),
    ];
    // Before 16, libpq does not know the word.
    if psql_major() >= 16 {
        calls.extend([
            ("user=clear require_auth=gss".to_owned(), "refused"),
            ("user=clear require_auth=gss,none".to_owned(), "clear"),
            (format!("{secret} require_auth=!gss gssdelegation=1"), "clear"),
            ("user=anyhow require_auth=gss".to_owned(), "refused"),
            ("user=anyhow require_auth=!gss".to_owned(), "refused"),
        ]);
    }
    let calls = calls.iter();
    let different: Vec<String> = calls
        .filter_map(|(words, expected)| {
            scene.compare(
                "tickets",
                &format!("host=localhost sslmode=disable {words}"),
                Some(expected),
            )
        })
        .collect();
    assert!(different.is_empty(), "{}", different.join("\n"));

    let ticket = format!(
        "host=127.0.0.1 port={} user=anyhow password=p dbname=postgres",
        scene.port
    );
    for (more, told) in [
        ("", "the server asks for GSSAPI or SSPI, which is not spoken here"),
        (
            " require_auth=scram-sha-256",
            "does not allow it: the server asked for GSSAPI",
        ),
    ] {
        let refused = run(
            pgphase::command().args(["inspect", "-d", &format!("{ticket}{more}")]),
            LIMIT,
        );
        assert_eq!(refused.code(), Some(1), "{}", refused.said());
        assert!(refused.said().contains(told), "{}", refused.said());
    }
}
