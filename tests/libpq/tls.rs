//! TLS beside libpq: every `sslmode` with certificates that fit and that do not, client certificates, channel binding.
//! The server's log tells who came in, and whether encrypted.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use pgphase::cluster::{Cluster, find_binaries};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, IsCa, Issuer, KeyIdMethod, KeyPair,
    RevokedCertParams, SerialNumber,
};

use super::{LIMIT, clean, psql_major};
use crate::support::run::run;

/// Those who come with a certificate, with a password, only in clear, and however they like.
const RULES: &str = "local all all trust\nhostssl all certain all cert\nhostssl all secret all scram-sha-256\n\
                     hostnossl all clear all trust\nhost all anyhow all trust\n";

struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        Self {
            pem: params.self_signed(&key).expect("a certificate").pem(),
            issuer: Issuer::new(params, key),
        }
    }

    /// A certificate and its key.
    fn sign(&self, common_name: &str, names: &[&str], until: i32) -> [String; 2] {
        self.sign_for(KeyPair::generate().expect("a key"), common_name, names, until)
    }

    fn sign_for(&self, key: KeyPair, common_name: &str, names: &[&str], until: i32) -> [String; 2] {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("names");
        params.distinguished_name.push(DnType::CommonName, common_name);
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(until, 1, 1);
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        [certificate.pem(), key.serialize_pem()]
    }
}

pub(super) struct Scene {
    cluster: Cluster,
    folder: tempfile::TempDir,
    pub(super) port: u16,
    trusted: Authority,
}

impl Scene {
    pub(super) fn new() -> Self {
        let port = {
            let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
            listener.local_addr().expect("its address").port()
        };
        let settings = [
            "listen_addresses=127.0.0.1".to_owned(),
            format!("port={port}"),
            "log_connections=on".to_owned(),
            "password_encryption=scram-sha-256".to_owned(),
        ];
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        let scene = Self {
            cluster: Cluster::start_with(&find_binaries().expect("a server"), &settings).expect("it starts"),
            folder: tempfile::tempdir().expect("a folder"),
            port,
            trusted: Authority::new("trusted"),
        };
        scene.ask("create role certain login superuser");
        scene.ask("create role secret login superuser password 'open sesame'");
        scene.ask("create role clear login superuser");
        scene.ask("create role anyhow login superuser");
        scene.give("pg_hba.conf", RULES);
        scene.give("ca.pem", &scene.trusted.pem);
        scene.serve(&scene.trusted.sign("server", &["localhost"], 2100));
        scene.ask("alter system set ssl_ca_file = 'ca.pem'");
        scene.ask("alter system set ssl_cert_file = 'server.pem'");
        scene.ask("alter system set ssl_key_file = 'server.key'");
        scene.ask("alter system set ssl = on");
        scene.reload();
        scene.write("trusted.pem", &scene.trusted.pem);
        scene.write("other.pem", &Authority::new("other").pem);
        scene
    }

    pub(super) fn ask(&self, statement: &str) -> String {
        let mut psql = clean(&self.cluster.program("psql"));
        let folder = self.cluster.directory().display().to_string();
        psql.args(["-X", "-At", "-U", "postgres", "-d", "postgres", "-h", &folder]);
        let finished = run(psql.args(["-p", &self.port.to_string(), "-c", statement]), LIMIT);
        assert!(finished.status.success(), "{statement}: {}", finished.said());
        finished.stdout
    }

    /// A file among the server's own.
    pub(super) fn give(&self, name: &str, text: &str) {
        let data = self.cluster.directory().join("data");
        let owner = fs::metadata(&data).expect("the server's folder");
        let file = data.join(name);
        fs::write(&file, text).expect("a file");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("its mode");
        chown(&file, Some(owner.uid()), Some(owner.gid())).expect("it is the server's");
    }

    /// The certificate that the server shows from now on.
    fn serve(&self, [certificate, key]: &[String; 2]) {
        self.give("server.pem", certificate);
        self.give("server.key", key);
    }

    /// Sessions that begin afterwards find the new settings.
    pub(super) fn reload(&self) {
        let loaded = self.ask("select pg_conf_load_time()");
        self.ask("select pg_reload_conf()");
        while self.ask("select pg_conf_load_time()") == loaded {}
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let file = self.folder.path().join(name);
        fs::write(&file, text).expect("a file");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("its mode");
        file
    }

    fn log(&self) -> Vec<String> {
        let log = fs::read_to_string(self.cluster.directory().join("log")).expect("the server's log");
        let came = log.lines().filter(|line| line.contains("connection authorized"));
        came.map(str::to_owned).collect()
    }

    /// How psql and pgphase came in: `clear`, `TLS` or not at all.
    fn both(&self, conninfo: &str) -> [&'static str; 2] {
        let conninfo = format!("{conninfo} hostaddr=127.0.0.1 port={} dbname=postgres", self.port)
            .replace("{folder}", &self.folder.path().display().to_string());
        let mut psql = clean(&self.cluster.program("psql"));
        psql.args(["-X", "-c", "select 1"]);
        let mut own = clean(Path::new(env!("CARGO_BIN_EXE_pgphase")));
        own.arg("inspect");
        [psql, own].map(|mut command| {
            let before = self.log().len();
            command.args(["-w", "-d", &conninfo]).current_dir(self.folder.path());
            let finished = run(command.env("HOME", self.folder.path()), LIMIT);
            assert!(!finished.said().contains("panicked"), "{conninfo}: {}", finished.said());
            let lines = self.log().split_off(before);
            // The server lets some in that go again by themselves: they wanted more than it gave.
            match lines.first() {
                _ if !finished.status.success() => "refused",
                None => panic!("{conninfo}: the log has no line of it"),
                Some(_) if lines.iter().all(|line| line.contains("SSL enabled")) => "TLS",
                Some(_) => "clear",
            }
        })
    }

    pub(super) fn compare(&self, what: &str, conninfo: &str, expected: Option<&str>) -> Option<String> {
        let [libpq, own] = self.both(conninfo);
        let surprising = expected.is_some_and(|expected| expected != libpq);
        (libpq != own || surprising)
            .then(|| format!("{what}: {conninfo}: libpq {libpq}, pgphase {own}, expected {expected:?}"))
    }
}

#[test]
fn a_revoked_certificate_is_refused_where_libpq_refuses_it() {
    let scene = Scene::new();
    let serial = SerialNumber::from(77u64);
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).expect("names");
    params.serial_number = Some(serial.clone());
    let key = KeyPair::generate().expect("a key");
    let certificate = params.signed_by(&key, &scene.trusted.issuer).expect("a certificate");
    scene.serve(&[certificate.pem(), key.serialize_pem()]);
    scene.reload();
    let list = |serial: Option<&SerialNumber>, until| {
        let revoked = serial.map(|serial| RevokedCertParams {
            serial_number: serial.clone(),
            revocation_time: rcgen::date_time_ymd(2021, 1, 1),
            reason_code: None,
            invalidity_date: None,
        });
        let list = CertificateRevocationListParams {
            this_update: rcgen::date_time_ymd(2021, 1, 1),
            next_update: rcgen::date_time_ymd(until, 1, 1),
            crl_number: SerialNumber::from(1u64),
            issuing_distribution_point: None,
            revoked_certs: revoked.into_iter().collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        list.signed_by(&scene.trusted.issuer)
            .and_then(|list| list.pem())
            .expect("a list")
    };
    scene.write("revoked.crl", &list(Some(&serial), 2100));
    scene.write("empty.crl", &list(None, 2100));
    scene.write("stale.crl", &list(None, 2022));
    let trusted = "host=localhost user=anyhow sslrootcert={folder}/trusted.pem";
    let mut different = Vec::new();
    for (rest, expected) in [
        ("sslmode=verify-full sslcrl={folder}/revoked.crl", "refused"),
        ("sslmode=verify-ca sslcrl={folder}/revoked.crl", "refused"),
        ("sslmode=require sslcrl={folder}/revoked.crl", "refused"),
        ("sslmode=verify-full sslcrl={folder}/empty.crl", "TLS"),
        ("sslmode=verify-full sslcrl={folder}/stale.crl", "refused"),
        ("sslmode=disable sslcrl={folder}/revoked.crl", "clear"),
    ] {
        different.extend(scene.compare("", &format!("{trusted} {rest}"), Some(expected)));
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
    if psql_major() >= 15 {
        fs::create_dir(scene.folder.path().join(".postgresql")).expect("a folder");
        scene.write(".postgresql/root.crl", &list(Some(&serial), 2100));
        let different = scene.compare(
            "in the home folder",
            &format!("{trusted} sslmode=verify-full"),
            Some("refused"),
        );
        assert_eq!(different, None);
    }
}

const MODES: &[&str] = &["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

#[test]
fn every_mode_takes_the_certificates_that_libpq_takes() {
    let addresses = psql_major() >= 15;
    let scene = Scene::new();
    let stranger = Authority::new("stranger");
    let certificates = [
        ("fits", scene.trusted.sign("server", &["localhost", "127.0.0.1"], 2100)),
        ("other name", scene.trusted.sign("server", &["elsewhere.example"], 2100)),
        ("star", scene.trusted.sign("server", &["*.example.test"], 2100)),
        (
            "expired",
            scene.trusted.sign("server", &["localhost", "127.0.0.1"], 2021),
        ),
        (
            "other authority",
            stranger.sign("server", &["localhost", "127.0.0.1"], 2100),
        ),
    ];
    let mut different = Vec::new();
    for (what, certificate) in &certificates {
        scene.serve(certificate);
        scene.reload();
        for mode in MODES {
            let hosts: &[&str] = if *what == "star" {
                &["a.example.test", "a.b.example.test"]
            } else if mode.starts_with("verify") {
                // Before 15, libpq does not look for addresses among a certificate's names.
                &["localhost", "127.0.0.1"][..if addresses { 2 } else { 1 }]
            } else {
                &["localhost"]
            };
            for host in hosts {
                for root in ["trusted.pem", "other.pem", "none.pem"] {
                    let conninfo = format!("host={host} user=anyhow sslmode={mode} sslrootcert={{folder}}/{root}");
                    let fits = root == "trusted.pem" && !["expired", "other authority"].contains(what);
                    if *mode == "prefer" && root != "none.pem" && !fits {
                        // libpq turns to a connection in clear; this one stays encrypted.
                        assert_eq!(scene.both(&conninfo), ["clear", "TLS"], "{what}: {conninfo}");
                    } else {
                        different.extend(scene.compare(what, &conninfo, None));
                    }
                }
            }
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn who_comes_in_and_how_is_as_with_libpq() {
    let scene = Scene::new();
    let [certificate, key] = scene.trusted.sign("certain", &[], 2100);
    scene.write("certain.pem", &certificate);
    scene.write("certain.key", &key);
    let open = scene.write("open.key", &key);
    fs::set_permissions(open, fs::Permissions::from_mode(0o644)).expect("its mode");
    let [certificate, key] = Authority::new("stranger").sign("certain", &[], 2100);
    scene.write("strange.pem", &certificate);
    scene.write("strange.key", &key);
    let own = "sslcert={folder}/certain.pem sslkey={folder}/certain.key";
    let cases = [
        // Who must come in clear is not led in by a mode that insists on TLS, and the other way round.
        ("user=clear sslmode=disable", "clear"),
        ("user=clear sslmode=allow", "clear"),
        ("user=clear sslmode=prefer", "clear"),
        ("user=clear sslmode=require", "refused"),
        ("user=secret password='open sesame' sslmode=disable", "refused"),
        ("user=secret password='open sesame' sslmode=allow", "TLS"),
        ("user=secret password='open sesame' sslmode=prefer", "TLS"),
        ("user=secret password=wrong sslmode=prefer", "refused"),
        ("user=secret sslmode=prefer", "refused"),
        (
            "user=secret password='open sesame' sslmode=require channel_binding=require",
            "TLS",
        ),
        (
            "user=secret password='open sesame' sslmode=require channel_binding=disable",
            "TLS",
        ),
        ("user=anyhow sslmode=require channel_binding=require", "refused"),
        ("user=anyhow sslmode=disable channel_binding=prefer", "clear"),
        (&format!("user=certain sslmode=require {own}"), "TLS"),
        (&format!("user=certain sslmode=prefer {own}"), "TLS"),
        (&format!("user=certain sslmode=allow {own}"), "TLS"),
        (
            &format!("user=certain sslmode=verify-full sslrootcert={{folder}}/trusted.pem {own}"),
            "TLS",
        ),
        ("user=certain sslmode=require", "refused"),
        (
            "user=certain sslmode=require sslcert={folder}/certain.pem sslkey={folder}/open.key",
            "refused",
        ),
        (
            "user=certain sslmode=require sslcert={folder}/certain.pem sslkey={folder}/none.key",
            "refused",
        ),
        (
            "user=certain sslmode=require sslcert={folder}/none.pem sslkey={folder}/certain.key",
            "refused",
        ),
        (
            "user=certain sslmode=require sslcert={folder}/strange.pem sslkey={folder}/strange.key",
            "refused",
        ),
        (
            "user=certain sslmode=require sslcert={folder}/certain.pem sslkey={folder}/strange.key",
            "refused",
        ),
        (&format!("user=anyhow sslmode=require {own}"), "TLS"),
        ("user=anyhow sslmode=require ssl_min_protocol_version=TLSv1.3", "TLS"),
        ("user=anyhow sslmode=require ssl_max_protocol_version=TLSv1.2", "TLS"),
        (
            "user=anyhow sslmode=require ssl_min_protocol_version=TLSv1.3 ssl_max_protocol_version=TLSv1.2",
            "refused",
        ),
        ("user=anyhow sslmode=require sslsni=0", "TLS"),
    ];
    let mut different: Vec<String> = cases
        .iter()
        .filter_map(|(conninfo, expected)| scene.compare("", &format!("host=localhost {conninfo}"), Some(expected)))
        .collect();
    assert!(different.is_empty(), "{}", different.join("\n"));
    if psql_major() < 15 {
        eprintln!("skipped: before 15, libpq does not look for the home folder in HOME");
        return;
    }
    // Files in ~/.postgresql are taken without being named.
    fs::create_dir(scene.folder.path().join(".postgresql")).expect("a folder");
    for (from, to) in [
        ("certain.pem", "postgresql.crt"),
        ("certain.key", "postgresql.key"),
        ("other.pem", "root.crt"),
    ] {
        let to = scene.folder.path().join(".postgresql").join(to);
        fs::copy(scene.folder.path().join(from), to).expect("a copy");
    }
    for (conninfo, expected) in [
        ("user=certain sslmode=require", "refused"),
        (
            "user=certain sslmode=verify-full sslrootcert={folder}/trusted.pem",
            "TLS",
        ),
        ("user=anyhow sslmode=disable", "clear"),
    ] {
        different.extend(scene.compare(
            "in the home folder",
            &format!("host=localhost {conninfo}"),
            Some(expected),
        ));
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// One key in three forms as openssl writes them, of which the last one is not read here.
#[test]
fn a_key_with_a_passphrase_is_opened_as_with_libpq() {
    let scene = Scene::new();
    let key = KeyPair::from_pem(include_str!("keys/plain.pem")).expect("a key");
    let [certificate, plain] = scene.trusted.sign_for(key, "certain", &[], 2100);
    scene.write("certain.pem", &certificate);
    scene.write("plain.key", &plain);
    scene.write("pbkdf2.key", include_str!("keys/pbkdf2.pem"));
    scene.write("scrypt.key", include_str!("keys/scrypt.pem"));
    scene.write("old.key", include_str!("keys/old.pem"));
    let conninfo = |key: &str, rest: &str| {
        format!(
            "host=localhost user=certain sslmode=require sslcert={{folder}}/certain.pem sslkey={{folder}}/{key}.key {rest}"
        )
    };
    let mut different = Vec::new();
    for (key, rest, expected) in [
        ("plain", "", "TLS"),
        ("plain", "sslpassword=needless", "TLS"),
        ("pbkdf2", "sslpassword='open sesame'", "TLS"),
        ("pbkdf2", "sslpassword=wrong", "refused"),
        ("pbkdf2", "sslpassword=''", "refused"),
        ("pbkdf2", "", "refused"),
        ("scrypt", "sslpassword='open sesame'", "TLS"),
        ("scrypt", "sslpassword=wrong", "refused"),
        ("old", "sslpassword=wrong", "refused"),
    ] {
        different.extend(scene.compare(key, &conninfo(key, rest), Some(expected)));
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
    let old = conninfo("old", "sslpassword='open sesame'");
    assert_eq!(scene.both(&old), ["TLS", "refused"], "{old}");
}

/// Before 16, libpq does not know the word; what is expected is what later ones do.
#[test]
fn the_server_asks_in_the_way_that_is_demanded_or_not_at_all() {
    let scene = Scene::new();
    let secret = "user=secret password='open sesame' sslmode=require";
    let [certificate, key] = scene.trusted.sign("certain", &[], 2100);
    scene.write("certain.pem", &certificate);
    scene.write("certain.key", &key);
    let certain = "user=certain sslmode=require sslcert={folder}/certain.pem sslkey={folder}/certain.key";
    for (conninfo, expected) in [
        (format!("{secret} require_auth=scram-sha-256"), "TLS"),
        (
            format!("{secret} require_auth=scram-sha-256 channel_binding=require"),
            "TLS",
        ),
        (format!("{secret} require_auth=md5,scram-sha-256"), "TLS"),
        (format!("{secret} require_auth=!none"), "TLS"),
        (format!("{secret} require_auth=password,md5"), "refused"),
        (format!("{secret} require_auth=!scram-sha-256"), "refused"),
        (format!("{secret} require_auth=none"), "refused"),
        (
            "user=secret password='open sesame' sslmode=prefer require_auth=scram-sha-256".into(),
            "TLS",
        ),
        (
            "user=secret password='open sesame' sslmode=allow require_auth=scram-sha-256".into(),
            "TLS",
        ),
        (
            "user=secret password='open sesame' sslmode=prefer require_auth=md5".into(),
            "refused",
        ),
        ("user=anyhow sslmode=disable require_auth=none".into(), "clear"),
        (
            "user=anyhow sslmode=disable require_auth=scram-sha-256".into(),
            "refused",
        ),
        ("user=anyhow sslmode=prefer require_auth=none".into(), "TLS"),
        ("user=anyhow sslmode=prefer require_auth=!none".into(), "refused"),
        ("user=clear sslmode=prefer require_auth=none".into(), "clear"),
        (format!("{certain} require_auth=none"), "TLS"),
        (format!("{certain} require_auth=scram-sha-256"), "refused"),
    ] {
        let [libpq, own] = scene.both(&format!("host=localhost {conninfo}"));
        assert_eq!(own, expected, "{conninfo}");
        assert!(
            psql_major() < 16 || libpq == own,
            "{conninfo}: libpq {libpq}, pgphase {own}"
        );
    }
}
