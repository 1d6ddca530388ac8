//! What the client demands of the server before it says who it is: `require_auth` and `requirepeer`. The server asks for a password
//! in clear, and writes down whether it got one.

use std::io::{Read, Write};
use std::net::TcpListener;

use super::{Call, LIMIT, Scene, psql_major};
use crate::support::pgphase;
use crate::support::run::run;

/// The server's answer to who is there, or nothing where it is not asked at all.
const ASKED: &str = "no password";
const TOLD: &str = "password p";

fn me() -> String {
    let said = run(std::process::Command::new("id").arg("-un"), LIMIT);
    said.stdout.trim().to_owned()
}

#[test]
fn a_server_that_asks_in_another_way_learns_nothing() {
    let scene = Scene::new();
    for (methods, last) in [
        ("password", TOLD),
        ("scram-sha-256,password", TOLD),
        ("!md5,!scram-sha-256", TOLD),
        ("scram-sha-256", ASKED),
        ("md5,none", ASKED),
        ("none", ASKED),
        ("!password", ASKED),
        ("!password,!none", ASKED),
        // Refused before anything is sent.
        ("md5,", ""),
        ("!md5,password", ""),
        ("md5,md5", ""),
        ("nonsense", ""),
        ("Password", ""),
    ] {
        for host in ["127.0.0.1", "{folder}"] {
            let conninfo =
                format!("host={host} port={{1}} user=u dbname=d password=p sslmode=disable require_auth='{methods}'");
            let call = Call {
                conninfo: Some(&conninfo),
                ..Call::default()
            };
            let (libpq, own) = scene.both(&call);
            // Before 16, libpq does not know the word.
            if psql_major() >= 16 {
                assert_eq!(libpq, own, "{conninfo}");
            }
            match last {
                "" => assert!(own.is_empty(), "{conninfo}: {own:?}"),
                last => assert!(own.len() == 1 && own[0].ends_with(last), "{conninfo}: {own:?}"),
            }
        }
        // Asked for TLS, the server goes on in clear, and is no more trusted there.
        let conninfo = format!("host=127.0.0.1 port={{1}} user=u dbname=d password=p require_auth='{methods}'");
        let (_, own) = scene.both(&Call {
            conninfo: Some(&conninfo),
            ..Call::default()
        });
        assert_eq!(
            own.iter().any(|line| line.ends_with(TOLD)),
            last == TOLD,
            "{conninfo}: {own:?}"
        );
    }
}

#[test]
fn who_runs_the_server_behind_a_socket_is_as_in_libpq() {
    let scene = Scene::new();
    let me = me();
    let socket = "host={folder} port={1} user=u dbname=d password=p";
    for (words, came) in [
        (format!("{socket} requirepeer={me}"), true),
        (format!("{socket} requirepeer={me}x"), false),
        (format!("{socket} requirepeer=''"), true),
        (
            format!("host=127.0.0.1 port={{1}} user=u dbname=d password=p requirepeer={me}x"),
            true,
        ),
        (
            format!("host={{folder}},127.0.0.1 port={{1}} user=u dbname=d password=p requirepeer={me}x"),
            false,
        ),
    ] {
        let call = Call {
            conninfo: Some(&words),
            ..Call::default()
        };
        let (libpq, own) = scene.both(&call);
        let told = |lines: &[String]| lines.iter().any(|line| line.ends_with(TOLD));
        assert_eq!((told(&libpq), told(&own)), (came, came), "{words}: {libpq:?} {own:?}");
    }
}

/// One that asks for a ticket (GSSAPI, SSPI), or for a mechanism that is not SCRAM.
#[test]
fn a_server_that_asks_for_what_is_not_spoken_is_told_with_a_way_out() {
    let questions: [(&[u8], &str); 3] = [
        (&[b'R', 0, 0, 0, 8, 0, 0, 0, 7], "asks for GSSAPI or SSPI"),
        (&[b'R', 0, 0, 0, 8, 0, 0, 0, 9], "asks for GSSAPI or SSPI"),
        (b"R\0\0\0\x15\0\0\0\x0aOAUTHBEARER\0\0", "asks for OAuth"),
    ];
    for (question, told) in questions {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a client");
            let mut start = [0; 1000];
            let read = stream.read(&mut start).expect("the start");
            stream.write_all(question).expect("it listens");
            // Until it hangs up.
            while stream.read(&mut start).is_ok_and(|read| read > 0) {}
            read
        });
        let conninfo = format!("host=127.0.0.1 port={port} user=u dbname=d password=p sslmode=disable");
        let refused = run(pgphase::command().args(["inspect", "-d", &conninfo]), LIMIT);
        assert!(server.join().expect("it ends") > 8);
        assert_eq!(refused.code(), Some(1), "{}", refused.said());
        for part in [told, "pg_hba.conf"] {
            assert!(refused.said().contains(part), "{}", refused.said());
        }
    }
}
