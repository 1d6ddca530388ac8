//! What a run sends to a collector of traces: a real one is not needed to see which spans come, and under which trace.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use crate::support::database::Database;
use crate::support::pgphase;
use crate::support::run::{Finished, run};

const LIMIT: Duration = Duration::from_secs(120);

/// A plan of two steps, the second of which fails where `broken`, applied with this collector named.
fn apply(database: &Database, broken: bool, collector: &str) -> Finished {
    let folder = tempfile::tempdir().expect("a folder");
    let after = folder.path().join("after.sql");
    std::fs::write(&after, "create table t (a int not null); create table u (b int);").expect("a file");
    let plan = folder.path().join("plan");
    assert_eq!(pgphase::plan(database, &after, &plan).code(), Some(pgphase::DIFFERENCE));
    if broken {
        database.sql("insert into t values (null)").expect("statements");
    }
    let mut command = pgphase::command();
    command.arg("apply").arg(&plan);
    command.args(["-d", &database.conninfo(), "--phase", "all", "--yes"]);
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", collector);
    command.env("TRACEPARENT", "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01");
    run(&mut command, LIMIT)
}

/// A collector that takes one request, and what was in it.
fn collected(work: impl FnOnce(&str) + Send) -> (String, Vec<u8>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let place = format!("http://{}", listener.local_addr().expect("its address"));
    std::thread::scope(|scope| {
        let server = scope.spawn(move || {
            let (mut stream, _) = listener.accept().expect("a client");
            let mut bytes = Vec::new();
            let head = loop {
                let mut byte = [0];
                stream.read_exact(&mut byte).expect("a head");
                bytes.push(byte[0]);
                if bytes.ends_with(b"\r\n\r\n") {
                    break String::from_utf8(std::mem::take(&mut bytes)).expect("text");
                }
            };
            let length = head
                .to_lowercase()
                .lines()
                .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            let mut body = vec![0; length.expect("a length")];
            stream.read_exact(&mut body).expect("a body");
            stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                .expect("an answer");
            (head, body)
        });
        work(&place);
        server.join().expect("a request")
    })
}

fn holds(body: &[u8], wanted: &[u8]) -> bool {
    body.windows(wanted.len()).any(|window| window == wanted)
}

#[test]
fn every_step_is_a_span_of_the_trace_that_the_pipeline_named() {
    let database = Database::new();
    database.sql("create table t (a int)").expect("statements");
    let (head, body) = collected(|place| {
        let finished = apply(&database, false, place);
        assert_eq!(finished.code(), Some(0), "{}", finished.said());
    });
    assert!(head.starts_with("POST /v1/traces"), "{head}");
    let trace = [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef].repeat(2);
    assert!(holds(&body, &trace), "another trace");
    for wanted in [
        "apply plan",
        "step expand-1",
        "step validate-1",
        "pgphase.phase",
        database.name(),
        "service.name",
        "pgphase",
    ] {
        assert!(holds(&body, wanted.as_bytes()), "no {wanted}");
    }
}

#[test]
fn what_went_wrong_is_in_the_trace() {
    let database = Database::new();
    database.sql("create table t (a int)").expect("statements");
    let (_, body) = collected(|place| {
        let finished = apply(&database, true, place);
        assert_ne!(finished.code(), Some(0), "{}", finished.said());
    });
    assert!(
        holds(&body, b"hold a null"),
        "no reason in {}",
        String::from_utf8_lossy(&body)
    );
}

#[test]
fn a_collector_that_is_gone_stops_nothing() {
    let database = Database::new();
    database.sql("create table t (a int)").expect("statements");
    let finished = apply(&database, false, "http://127.0.0.1:9");
    assert_eq!(finished.code(), Some(0), "{}", finished.said());
}
