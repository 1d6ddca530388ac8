//! Connections beside those of libpq: psql and pgphase are given the same words, variables and files, and a server that
//! writes everything down is asked what each of them did.

mod attrs;
mod demands;
mod tickets;
mod tls;
mod wire;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use wire::Wire;

use crate::support::database::cluster;
use crate::support::pgphase;
use crate::support::random::{Random, setting};
use crate::support::run::run;

const LIMIT: Duration = Duration::from_secs(60);

/// The same call of both programs.
#[derive(Debug, Default, Clone)]
struct Call<'a> {
    /// What follows `-d`.
    conninfo: Option<&'a str>,
    flags: &'a [&'a str],
    vars: &'a [(&'a str, &'a str)],
}

struct Scene {
    wire: Wire,
    folder: tempfile::TempDir,
    closed: u16,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("home")).expect("a folder");
        Self {
            wire: Wire::new(folder.path()),
            folder,
            closed: Wire::closed_port(),
        }
    }

    /// Ports and folders of this run, for `{1}`, `{2}`, `{closed}` and `{folder}`.
    fn filled(&self, text: &str) -> String {
        text.replace("{1}", &self.wire.ports[0].to_string())
            .replace("{2}", &self.wire.ports[1].to_string())
            .replace("{closed}", &self.closed.to_string())
            .replace("{folder}", &self.folder.path().display().to_string())
    }

    fn write(&self, path: &str, text: &str, mode: u32) {
        let path = self.folder.path().join(path);
        fs::write(&path, self.filled(text)).expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("its mode");
    }

    fn remove(&self, path: &str) {
        fs::remove_file(self.folder.path().join(path)).expect("the file was there");
    }

    /// What the server saw of psql and of pgphase.
    fn both(&self, call: &Call) -> (Vec<String>, Vec<String>) {
        let mut psql = clean(&cluster().program("psql"));
        psql.args(["-X", "-c", "select 1"]);
        let mut own = clean(Path::new(env!("CARGO_BIN_EXE_pgphase")));
        own.arg("inspect");
        let seen = [psql, own].map(|mut command| {
            command.arg("-w").current_dir(self.folder.path());
            command.env("HOME", self.folder.path().join("home"));
            command.args(call.flags.iter().map(|flag| self.filled(flag)));
            command.args(
                call.conninfo
                    .iter()
                    .flat_map(|text| ["-d".to_owned(), self.filled(text)]),
            );
            command.envs(call.vars.iter().map(|(name, value)| (name, self.filled(value))));
            let finished = run(&mut command, LIMIT);
            assert!(
                !finished.timed_out && !finished.status.success(),
                "{call:?}: {}",
                finished.said()
            );
            assert!(!finished.said().contains("panicked"), "{call:?}: {}", finished.said());
            self.wire.take()
        });
        let [libpq, own] = seen;
        (libpq, own)
    }

    fn compare(&self, call: &Call) -> Option<String> {
        let (libpq, own) = self.both(call);
        (libpq != own).then(|| format!("{call:?}\n  libpq:   {libpq:?}\n  pgphase: {own:?}"))
    }
}

/// A program without the settings of whoever runs the tests.
fn clean(program: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in pgphase::command().get_envs().filter(|(_, value)| value.is_none()) {
        command.env_remove(name);
    }
    command
}

const CONNINFO: &[&str] = &[
    "host=127.0.0.1 port={1} user=u dbname=d password=p",
    "  host = 127.0.0.1   port={1}  user = 'two words' dbname='it\\'s' password='back\\\\slash'  ",
    "host=127.0.0.1 port={1} user=a\\ b dbname=c\\'d password=p",
    "host=127.0.0.1 port={1} user= dbname=",
    "host=127.0.0.1 port={1} user=u",
    "host=127.0.0.1 port={1} user=u port={2}",
    "host=127.0.0.1,127.0.0.1 port={closed},{2} user=u dbname=d password=p",
    "host=127.0.0.1,127.0.0.1 port={1},{2} user=u dbname=d password=p",
    "host=nowhere.invalid,127.0.0.1 port={1} user=u dbname=d",
    "host=db.example hostaddr=127.0.0.1 port={1} user=u dbname=d",
    "hostaddr=127.0.0.1 port={2} user=u dbname=d",
    "hostaddr=127.0.0.1,127.0.0.1 port={closed},{2} user=u dbname=d",
    "host=a.invalid,b.invalid hostaddr=127.0.0.1,127.0.0.1 port={closed},{1} user=u dbname=d",
    "host={folder} port={1} user=u dbname=d password=p",
    "host={folder},127.0.0.1 port={2},{1} user=u dbname=d",
    "host=127.0.0.1 port={1} user=u dbname=d options='-c search_path=a,b -c x.y=\\\\ z'",
    "host=127.0.0.1 port={1} user=u dbname=d application_name='an app'",
    "host=127.0.0.1 port={1} user=u dbname=d application_name=naïve",
    "host=127.0.0.1 port={1} user=u dbname=d connect_timeout=5 keepalives=1 keepalives_idle=10 tcp_user_timeout=1000",
    "host=127.0.0.1 port={1} user=u dbname=d connect_timeout=-1",
    "host=127.0.0.1 port={1} user=u dbname=d connect_timeout=' 5 '",
    "host=127.0.0.1 port=' {1} ' user=u dbname=d",
    "host=127.0.0.1 port={1} user=u dbname=d sslmode=disable",
    "host=127.0.0.1 port={1} user=u dbname=d sslmode=allow",
    "host=127.0.0.1 port={1} user=u dbname=d sslmode=prefer",
    "host=127.0.0.1 port={1} user=u dbname=d sslmode=require",
    "host=127.0.0.1,127.0.0.1 port={1},{2} user=u dbname=d sslmode=require",
    "host=127.0.0.1 port={1} user=u dbname=d password=p channel_binding=require",
    "host=127.0.0.1 port={1} user=u dbname=d password=p channel_binding=disable",
    "host=127.0.0.1 port={1} user=u dbname=d gssencmode=disable krbsrvname=other gsslib=gssapi",
    "host=127.0.0.1 port={1} user=u dbname=d gssencmode=prefer sslmode=require",
    "host=127.0.0.1 port={1} user=u dbname=d ssl_min_protocol_version=tlsv1.2 ssl_max_protocol_version=",
    "host=127.0.0.1 port={1} user=u dbname=d keepalives=0 sslsni=",
    "postgresql://u:p@127.0.0.1:{1}/d",
    "postgres://u:p%40%3A%2F@127.0.0.1:{1}/d%20e?application_name=a%26b",
    "postgresql://u@127.0.0.1:{closed},127.0.0.1:{2}/d",
    "postgresql://127.0.0.1:{1}",
    "postgresql://127.0.0.1:{1}/",
    "postgresql://:p@127.0.0.1:{1}/d?user=u",
    "postgresql://u@/d?host=127.0.0.1&port={1}",
    "postgresql:///d?host={folder}&port={1}&user=u",
    "postgresql://127.0.0.1:{1}/d?user=u&password=a%3Db",
    "postgresql://u@127.0.0.1:{1}/d?ssl=true",
    "postgresql://u@127.0.0.1:{1}/d?sslmode=disable&options=-c%20a.b%3Dc",
    "postgresql://u@127.0.0.1:{1}/d?dbname=other&user=w",
    "postgresql://u@[127.0.0.1]:{1}/d",
    "postgresql://u@127.0.0.1:{1}/d/e",
    "postgresql://u@%31%32%37.0.0.1:{1}/d",
    "postgresql://u:@127.0.0.1:{1}/d",
    "postgresql://u+v@127.0.0.1:{1}/d+e",
    // Refused before anything is sent.
    "host=127.0.0.1 port={1} user=u dbname=d nonsense=1",
    "host=127.0.0.1 port={1} user=u dbname='d",
    "host=127.0.0.1 port={1} user",
    "host=127.0.0.1 port={1} =u",
    "host=127.0.0.1 port=x",
    "host=127.0.0.1 port={1}x",
    "host=127.0.0.1 port=0",
    "host=127.0.0.1 port=70000",
    "host=127.0.0.1 port={1},{2}",
    "host=127.0.0.1,127.0.0.1 hostaddr=127.0.0.1 port={1}",
    "host=127.0.0.1 port={1} sslmode=maybe",
    "host=127.0.0.1 port={1} target_session_attrs=any-thing",
    "host=127.0.0.1 port={1} channel_binding=perhaps",
    "host=127.0.0.1 port={1} gssencmode=perhaps",
    "host=127.0.0.1 port={1} user=u dbname=d gssencmode=",
    "host=127.0.0.1 port={1} user=u dbname=d gssencmode=Prefer",
    "host=127.0.0.1 port={1} user=u dbname=d sslmode=",
    "host=127.0.0.1 port={1} user=u dbname=d sslmode=Disable",
    "host=127.0.0.1 port={1} user=u dbname=d channel_binding=",
    "host=127.0.0.1 port={1} user=u dbname=d target_session_attrs=",
    "host=127.0.0.1 port={1} user=u dbname=d keepalives=",
    "host=127.0.0.1 port={1} user=u dbname=d keepalives=x",
    "hostaddr=nowhere port={1}",
    "postgresql://u@127.0.0.1:{1}/d?x",
    "postgresql://u@127.0.0.1:{1}/d?x=1",
    "postgresql://u@127.0.0.1:{1}/%zz",
    "postgresql://u@127.0.0.1:{1}/d%00",
    "postgresql://u@127.0.0.1:{1}x/d",
    "postgresql://u@[127.0.0.1:{1}/d",
    "postgresql://u@[]:{1}/d",
    "postgresql://u@127.0.0.1:{1}/d?user=a=b",
    "postgresql://u@127.0.0.1:{1}/d?=b",
];

/// What is not as with psql, and why.
const OTHERWISE: &[(&str, &[&str], &str)] = &[
    (
        "user=u dbname=d port={2}",
        &["-h", "127.0.0.1", "-p", "{1}", "-U", "f"],
        "flags go before the string, which may come from the configuration",
    ),
    (
        "postgresql://w@127.0.0.1:{2}/d",
        &["-p", "{1}", "-U", "u"],
        "flags go before the URL, which may come from the configuration",
    ),
    (
        "host=127.0.0.1 port={1} user=u dbname=d fallback_application_name=fall",
        &[],
        "psql puts its own name there",
    ),
    (
        "host=127.0.0.1 port={1} user=u dbname=d sslmode=verify-full sslrootcert=/nonexistent",
        &[],
        "refused before the server is asked",
    ),
    (
        "host=127.0.0.1 port={1} user=u dbname=d gssencmode=require",
        &[],
        "refused before the server is asked",
    ),
    (
        "host=127.0.0.1 port={1} connect_timeout=soon",
        &[],
        "refused before the server is asked",
    ),
    (
        "port={1} user=u dbname=d",
        &[],
        "without a socket in a usual folder, localhost is tried",
    ),
];

#[test]
fn what_is_otherwise_is_known() {
    let scene = Scene::new();
    for (conninfo, flags, reason) in OTHERWISE {
        let (libpq, own) = scene.both(&Call {
            conninfo: Some(conninfo),
            flags,
            vars: &[],
        });
        // Since 17, libpq asks no server either where it has no ticket.
        let as_here = psql_major() >= 17 && conninfo.contains("gssencmode=require");
        assert_eq!(
            libpq == own,
            as_here,
            "{conninfo} {flags:?}: {reason}; libpq: {libpq:?}"
        );
        assert!(!reason.starts_with("refused") || own.is_empty(), "{conninfo}: {own:?}");
    }
}

#[test]
fn connection_strings_mean_what_they_mean_to_libpq() {
    let scene = Scene::new();
    let different: Vec<String> = CONNINFO
        .iter()
        .filter_map(|conninfo| {
            scene.compare(&Call {
                conninfo: Some(conninfo),
                ..Call::default()
            })
        })
        .collect();
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn flags_variables_and_files_go_before_each_other_as_in_libpq() {
    if psql_major() < 15 {
        eprintln!("skipped: before 15, libpq does not look for the home folder in HOME");
        return;
    }
    let scene = Scene::new();
    let services = "# services\n[one]\nhost=127.0.0.1\nport={1}\nuser=su\ndbname=sd\nport={2}\n\n[two]\nhost = 127.0.0.1\nport={2}\n\
                    password=from service\n[three]\nhost=127.0.0.1\n  port={2}  \npassword=  from = service \n[bad]\nnonsense=1\n[nested]\nservice=one\n";
    let passwords = "# passwords\n127.0.0.1:{1}:d:u:by address\ndb.example:*:*:*:by name\nlocalhost:*:*:*:by localhost\n{folder}:*:*:*:by folder\n\
                     *:{2}:*:a\\:b\\\\c:with\\:colon\n*:*:*:*:for\\\\all:with:more\n";
    scene.write("home/.pg_service.conf", services, 0o600);
    scene.write("other_services", &services.replace("su", "other"), 0o600);
    scene.write(
        "pg_service.conf",
        "[system]\nhost=127.0.0.1\nport={1}\nuser=system\n",
        0o644,
    );
    scene.write("home/.pgpass", passwords, 0o600);
    scene.write("open_pgpass", passwords, 0o644);
    scene.write("group_pgpass", passwords, 0o640);
    const HERE: (&str, &str) = ("PGHOST", "127.0.0.1");
    const PORT: (&str, &str) = ("PGPORT", "{1}");
    let with = |conninfo, flags, vars| Call { conninfo, flags, vars };
    let calls = [
        with(None, &[], &[HERE, PORT]),
        with(
            None,
            &[],
            &[HERE, PORT, ("PGUSER", "e"), ("PGDATABASE", "ed"), ("PGPASSWORD", "ep")],
        ),
        with(None, &[], &[HERE, PORT, ("PGUSER", ""), ("PGDATABASE", "")]),
        with(None, &[], &[HERE, PORT, ("PGDATABASE", "host=elsewhere")]),
        with(
            None,
            &[],
            &[HERE, PORT, ("PGAPPNAME", "from env"), ("PGOPTIONS", "-c a.b=c")],
        ),
        with(None, &[], &[("PGHOSTADDR", "127.0.0.1"), PORT]),
        with(None, &[], &[HERE, PORT, ("PGSSLMODE", "disable")]),
        with(None, &[], &[HERE, PORT, ("PGSSLMODE", "require")]),
        with(None, &[], &[HERE, PORT, ("PGSSLMODE", "nonsense")]),
        with(None, &[], &[HERE, PORT, ("PGSSLMODE", "")]),
        with(
            None,
            &[],
            &[HERE, PORT, ("PGAPPNAME", ""), ("PGOPTIONS", ""), ("PGPASSWORD", "")],
        ),
        with(None, &[], &[HERE, ("PGPORT", "nonsense")]),
        with(
            None,
            &[],
            &[HERE, PORT, ("PGCONNECT_TIMEOUT", "3"), ("PGTARGETSESSIONATTRS", "any")],
        ),
        with(Some("user=u dbname=d"), &[], &[HERE, PORT, ("PGUSER", "e")]),
        with(
            None,
            &["-h", "127.0.0.1", "-p", "{1}", "-U", "u"],
            &[("PGDATABASE", "d")],
        ),
        with(Some("d"), &["-h", "127.0.0.1", "-p", "{1}", "-U", "u"], &[]),
        with(Some("d"), &["-h", "127.0.0.1", "-p", "{2}", "-U", "a:b\\c"], &[]),
        with(
            Some("d"),
            &["-h", "127.0.0.1,127.0.0.1", "-p", "{closed},{1}", "-U", "u"],
            &[],
        ),
        with(Some("d"), &["-h", "{folder}", "-p", "{1}", "-U", "u"], &[]),
        with(
            Some("host=db.example hostaddr=127.0.0.1 port={1} user=u dbname=d"),
            &[],
            &[],
        ),
        with(
            Some("host=127.0.0.1,db.example hostaddr=127.0.0.1,127.0.0.1 port={closed},{1} user=u dbname=d"),
            &[],
            &[],
        ),
        with(Some("host=localhost port={1} user=u dbname=d"), &[], &[]),
        with(
            Some("host=127.0.0.1 port={1} user=u dbname=d passfile={folder}/open_pgpass"),
            &[],
            &[],
        ),
        with(
            Some("host=127.0.0.1 port={1} user=u dbname=d passfile={folder}/group_pgpass"),
            &[],
            &[],
        ),
        with(
            Some("host=127.0.0.1 port={1} user=u dbname=d passfile={folder}/none"),
            &[],
            &[],
        ),
        with(
            Some("host=127.0.0.1 port={1} user=u dbname=d"),
            &[],
            &[("PGPASSFILE", "{folder}/none")],
        ),
        with(
            Some("host=127.0.0.1 port={1} user=u dbname=d passfile={folder}/home/.pgpass"),
            &[],
            &[("PGPASSFILE", "none")],
        ),
        with(
            Some("host=127.0.0.1 port={1} user=u dbname=d password="),
            &[],
            &[("PGPASSWORD", "ep")],
        ),
        with(Some("service=one"), &[], &[]),
        with(
            Some("service=one user=u"),
            &["-p", "{2}"],
            &[("PGUSER", "e"), ("PGDATABASE", "ed")],
        ),
        with(Some("postgresql://u@/d?service=one"), &[], &[]),
        with(Some("postgresql:///?service=two"), &[], &[("PGPASSWORD", "ep")]),
        with(Some("postgresql:///?service=three"), &[], &[("PGPASSWORD", "ep")]),
        with(None, &[], &[("PGSERVICE", "two"), ("PGUSER", "e")]),
        with(
            None,
            &[],
            &[("PGSERVICE", "one"), ("PGSERVICEFILE", "{folder}/other_services")],
        ),
        with(Some("service=two"), &[], &[("PGSERVICE", "one")]),
        with(Some("service=none"), &[], &[]),
        with(Some("service=bad"), &[], &[HERE, PORT]),
        with(Some("service=nested"), &[], &[HERE, PORT]),
        with(Some("service=one"), &[], &[("PGSERVICEFILE", "{folder}/none")]),
        with(Some("service=system"), &[], &[("PGSYSCONFDIR", "{folder}")]),
        with(Some("service=one"), &[], &[("PGSYSCONFDIR", "{folder}")]),
    ];
    let mut different: Vec<String> = calls.iter().filter_map(|call| scene.compare(call)).collect();
    scene.remove("home/.pgpass");
    different.extend(scene.compare(&with(Some("host=127.0.0.1 port={1} user=u dbname=d"), &[], &[])));
    assert!(different.is_empty(), "{}", different.join("\n"));
}

fn psql_major() -> u32 {
    static MAJOR: OnceLock<u32> = OnceLock::new();
    *MAJOR.get_or_init(|| {
        let version = run(clean(&cluster().program("psql")).arg("--version"), LIMIT).stdout;
        let mut numbers = version
            .split(|c: char| !c.is_ascii_digit())
            .filter(|part| !part.is_empty());
        numbers
            .next()
            .and_then(|number| number.parse().ok())
            .expect("a version")
    })
}

/// Characters with a meaning in one form or the other.
const LETTERS: &[&str] = &[
    "a", "Z", "0", " ", "'", "\\", "=", "%", "/", ":", "@", "?", "&", "#", "é", "\t", "+", ",", "[", "\"",
];

fn word(random: &mut Random) -> String {
    (0..random.below(5))
        .map(|_| LETTERS[random.below(LETTERS.len())])
        .collect()
}

fn quoted(text: &str, random: &mut Random) -> String {
    match random.below(4) {
        // As it comes, which is often wrong.
        0 => text.to_owned(),
        1 => text.replace('\\', "\\\\").replace('\'', "\\'").replace(' ', "\\ "),
        _ => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
    }
}

fn escaped(text: &str, random: &mut Random) -> String {
    if random.below(4) == 0 {
        // What a space means in a URL has changed with libpq 18, and is taken from there.
        return text.replace(' ', if psql_major() < 18 { "" } else { " " });
    }
    text.bytes().fold(String::new(), |out, byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out + &char::from(byte).to_string(),
        _ => format!("{out}%{byte:02x}"),
    })
}

#[test]
fn words_thrown_together_mean_the_same() {
    let scene = Scene::new();
    let mut random = Random::new(5);
    let mut different = Vec::new();
    let mut connected = 0;
    for _ in 0..setting("PGPHASE_WORDS", 150) {
        let [user, dbname, password, app] = std::array::from_fn(|_| word(&mut random));
        let conninfo = if random.below(2) == 0 {
            let [user, dbname, password, app] = [user, dbname, password, app].map(|text| quoted(&text, &mut random));
            format!("host=127.0.0.1 port={{1}} user={user} dbname={dbname} password={password} application_name={app}")
        } else {
            let [user, dbname, password, app] = [user, dbname, password, app].map(|text| escaped(&text, &mut random));
            format!("postgresql://{user}:{password}@127.0.0.1:{{1}}/{dbname}?application_name={app}")
        };
        let call = Call {
            conninfo: Some(&conninfo),
            ..Call::default()
        };
        let (libpq, own) = scene.both(&call);
        connected += usize::from(!libpq.is_empty());
        if libpq != own {
            different.push(format!("{call:?}\n  libpq:   {libpq:?}\n  pgphase: {own:?}"));
        }
    }
    assert!(connected > 50, "only {connected} came as far as the server");
    assert!(different.is_empty(), "{}", different.join("\n"));
}
