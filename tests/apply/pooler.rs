//! A real pgbouncer between pgphase and the server.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use pgphase::apply::ApplyError;
use pgphase::plan::{Class, Phase};

use super::folder::{folder, sql};
use super::{apply_at, database, options, target_of};
use crate::support::database::{Database, cluster};

struct Pooler {
    process: Child,
    place: tempfile::TempDir,
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain([PathBuf::from("/usr/sbin")])
        .map(|folder| folder.join("pgbouncer"))
        .find(|file| file.exists())
}

/// Starts a pool on a socket in a folder of its own.
fn pooler(program: &Path, database: &Database, mode: &str) -> Pooler {
    // As root it refuses to run, so it runs as whoever runs the server, in a folder of that user.
    let place = tempfile::Builder::new()
        .prefix("pool")
        .tempdir_in("/tmp")
        .expect("a folder");
    let owner = std::fs::metadata(cluster().directory()).expect("the cluster's folder");
    use std::os::unix::fs::MetadataExt;
    let own = place.path();
    let text = format!(
        "[databases]\n{name} = host={server} user=postgres dbname={name}\n[pgbouncer]\nlisten_addr =\nlisten_port = 6543\n\
         unix_socket_dir = {own}\nauth_type = any\npool_mode = {mode}\ndefault_pool_size = 5\nmin_pool_size = 2\n\
         ignore_startup_parameters = extra_float_digits\n",
        name = database.name(),
        server = cluster().directory().display(),
        own = own.display(),
    );
    let file = own.join("pool.ini");
    std::fs::write(&file, text).expect("its settings");
    std::os::unix::fs::chown(own, Some(owner.uid()), Some(owner.gid())).expect("the folder is given away");
    let mut command = Command::new(program);
    command
        .arg(&file)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .stdin(Stdio::null());
    if std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
        command.uid(owner.uid()).gid(owner.gid());
    }
    let process = command.spawn().expect("pgbouncer starts");
    let pooler = Pooler { process, place };
    let started = Instant::now();
    while !pooler.place.path().join(".s.PGSQL.6543").exists() {
        assert!(started.elapsed() < Duration::from_secs(20), "pgbouncer does not listen");
        std::thread::sleep(Duration::from_millis(50));
    }
    pooler
}

#[test]
fn a_pool_per_transaction_is_refused_and_one_per_session_serves() {
    let Some(program) = program() else {
        eprintln!("skipped: there is no pgbouncer on this machine");
        return;
    };
    let database = database("create table t (a int)");
    let folder = folder(&[sql(
        "expand-1",
        Phase::Expand,
        Class::Instant,
        "alter table public.t add b int",
    )]);
    for (mode, serves) in [("transaction", false), ("statement", false), ("session", true)] {
        let pool = pooler(&program, &database, mode);
        let target = target_of(&format!(
            "host={} port=6543 user=postgres dbname={}",
            pool.place.path().display(),
            database.name()
        ));
        let (result, _) = apply_at(&target, &folder, &options(&[Phase::Expand]));
        if serves {
            assert!(result.is_ok(), "{mode}: {result:?}");
            continue;
        }
        let error = result.expect_err(mode);
        assert!(matches!(error, ApplyError::Unsuitable { .. }), "{mode}: {error:?}");
        assert!(error.to_string().contains("proxy"), "{mode}: {error}");
        let hint = error.hint().unwrap_or_default();
        assert!(hint.contains("session mode"), "{mode}: {hint}");
        // Nothing was changed, and no session keeps the mutex.
        let left = "select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())";
        assert_eq!(database.sql(left).map(|text| text.trim().to_owned()), Ok("0".into()));
    }
}
