//! Which of several servers is taken, beside libpq: a primary, its standby, and a primary that does not write by default.

use pgphase::cluster::Cluster;
use pgphase::conn::{self, Environment, Params};

use super::{LIMIT, clean};
use crate::support::run::run;

/// What a session says of the server that it is on.
const WHERE: &str = "select pg_is_in_recovery()::text || ' ' || current_setting('default_transaction_read_only')";

fn of_psql(cluster: &Cluster, conninfo: &str) -> Option<String> {
    let mut psql = clean(&cluster.program("psql"));
    let finished = run(psql.args(["-X", "-At", "-w", "-d", conninfo, "-c", WHERE]), LIMIT);
    finished.status.success().then(|| finished.stdout.trim().to_owned())
}

fn of_pgphase(conninfo: &str) -> Option<String> {
    let given = conn::conninfo::parse(conninfo).expect("a connection string");
    let target = conn::resolve(&Params::new(), &given, &Environment::default()).expect("a target");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let session = conn::connect(&target).await.ok()?;
        let row = session.client.query_one(WHERE, &[]).await.expect("an answer");
        Some(row.get(0))
    })
}

#[test]
fn the_wanted_kind_of_server_is_found_as_with_libpq() {
    let primary = Cluster::start().expect("a primary");
    let standby = primary.start_standby(&[]).expect("its standby");
    let quiet = Cluster::start_with(
        &pgphase::cluster::find_binaries().expect("a server"),
        &["default_transaction_read_only=on"],
    );
    let quiet = quiet.expect("a server that does not write by default");
    let folder = |cluster: &Cluster| cluster.directory().display().to_string();
    let [p, s, q, n] = [
        folder(&primary),
        folder(&standby),
        folder(&quiet),
        "/nonexistent".to_owned(),
    ];
    let mut different = Vec::new();
    for hosts in [
        [&p, &s],
        [&s, &p],
        [&q, &p],
        [&p, &q],
        [&q, &s],
        [&n, &s],
        [&s, &n],
        [&n, &q],
    ] {
        for attrs in ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"] {
            let conninfo = format!(
                "host={},{} user=postgres dbname=postgres target_session_attrs={attrs}",
                hosts[0], hosts[1]
            );
            let (libpq, own) = (of_psql(&primary, &conninfo), of_pgphase(&conninfo));
            if libpq != own {
                different.push(format!("{conninfo}: libpq {libpq:?}, pgphase {own:?}"));
            }
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}
