//! A throw-away PostgreSQL cluster on this machine: made in seconds, reachable through a socket in a private directory
//! only, gone when it is dropped or when this process dies.
//!
//! The server runs under a small shell that waits for the end of a pipe whose other end this process holds. The end comes
//! when the [`Cluster`] is dropped and also when the process is killed, so no server and no directory is left behind.

use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use thiserror::Error;

/// Stops the server when standard input ends. `$0` is the program, `$1` the directory, the rest goes to the server.
const KEEPER: &str = r#"server=$0; dir=$1; shift
trap '' HUP INT TERM
"$server" -D "$dir/data" -k "$dir" "$@" </dev/null >"$dir/log" 2>&1 &
pid=$!
cat >/dev/null
kill -QUIT $pid 2>/dev/null
wait $pid
rm -rf "$dir"
"#;

/// Durability is not wanted: the cluster never outlives its process.
const SETTINGS: &[&str] = &[
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_wal_size=2GB",
    "max_locks_per_transaction=256",
    "timezone=UTC",
    "log_timezone=UTC",
    "lc_messages=C",
];

const START_TIMEOUT: Duration = Duration::from_secs(60);
const SOCKET_PATH_LIMIT: usize = 100;

/// How many directories that are in the way are passed over.
const MOST_DIRECTORIES: u32 = 10_000;

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// Why no cluster could be started.
#[derive(Debug, Error)]
pub enum ClusterError {
    /// No server programs on this machine.
    #[error(
        "no PostgreSQL server programs found; install them (Debian: `apt-get install postgresql`) \
         or set PGPHASE_PG_BIN to the directory that has `initdb` and `postgres`"
    )]
    NoBinaries,
    /// `PGPHASE_PG_BIN` names a directory without the programs.
    #[error("PGPHASE_PG_BIN is {0}, which has no `initdb` and `postgres`; point it at PostgreSQL's bin directory")]
    BadDirectory(PathBuf),
    /// PostgreSQL does not run as root and no other user is there.
    #[error("PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it as")]
    NoUser,
    /// `initdb` failed.
    #[error("initdb failed: {0}")]
    Init(String),
    /// The server ended, or never became ready.
    #[error("the throw-away server did not start: {0}")]
    Start(String),
    /// A file or a process could not be handled.
    #[error("cannot make a throw-away cluster in {at}: {error}")]
    Io {
        /// The directory of the cluster.
        at: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

/// A running throw-away cluster. Dropping it stops the server and removes its files.
#[derive(Debug)]
pub struct Cluster {
    bin: PathBuf,
    directory: PathBuf,
    keeper: Child,
}

impl Cluster {
    /// Starts a cluster with the server programs that [`find_binaries`] finds.
    pub fn start() -> Result<Self, ClusterError> {
        Self::start_with(&find_binaries()?, &[])
    }

    /// Starts a cluster with the programs in `bin` and further server settings, each as `name=value`.
    pub fn start_with(bin: &Path, settings: &[&str]) -> Result<Self, ClusterError> {
        let (directory, user) = private_directory()?;
        match launch(bin, &directory, user, settings) {
            Ok(cluster) => Ok(cluster),
            Err(error) => {
                // The first error is the one to show; a directory that stays in the temporary folder does no harm.
                let _ = fs::remove_dir_all(&directory);
                Err(error)
            }
        }
    }

    /// Starts a streaming standby of it, with its own settings on top.
    pub fn start_standby(&self, settings: &[&str]) -> Result<Self, ClusterError> {
        let (directory, user) = private_directory()?;
        let failed = |error| ClusterError::Io {
            at: directory.clone(),
            error,
        };
        let output = command(&self.program("pg_basebackup"), &directory, user)
            .args(["--write-recovery-conf", "--checkpoint=fast", "--no-sync", "-D"])
            .arg(directory.join("data"))
            .args(["-d", &self.conninfo("postgres")])
            .stdin(Stdio::null())
            .output()
            .map_err(failed)?;
        if !output.status.success() {
            let _ = fs::remove_dir_all(&directory);
            return Err(ClusterError::Init(last_line(&String::from_utf8_lossy(&output.stderr))));
        }
        serve(&self.bin, &directory, user, settings)
    }

    /// The connection string of one of its databases, for the superuser `postgres`.
    pub fn conninfo(&self, database: &str) -> String {
        let quoted = database.replace('\\', "\\\\").replace('\'', "\\'");
        format!("host={} user=postgres dbname='{quoted}'", self.directory.display())
    }

    /// The directory that holds the socket.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The program of that name: the server's own, or the machine's where the server came without it.
    pub fn program(&self, name: &str) -> PathBuf {
        let own = self.bin.join(name);
        if own.exists() { own } else { PathBuf::from(name) }
    }

    fn wait_until_ready(&mut self) -> Result<(), ClusterError> {
        let started = Instant::now();
        let status = self.directory.join("data/postmaster.pid");
        // The last line of this file is how the server tells its own tools that it accepts connections.
        while !fs::read_to_string(&status)
            .is_ok_and(|text| text.lines().nth(7).is_some_and(|line| line.trim() == "ready"))
        {
            let log = || fs::read_to_string(self.directory.join("log")).unwrap_or_default();
            let failed = log().lines().any(|line| line.contains("FATAL:"));
            if failed || started.elapsed() > START_TIMEOUT {
                return Err(ClusterError::Start(last_line(&log())));
            }
            sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // Nothing is left to do about a keeper that cannot be waited for.
        let _ = self.keeper.wait();
        // The user of the server cannot remove its emptied directory from a parent that is not its own to write to.
        let _ = fs::remove_dir(&self.directory);
    }
}

/// The directory of the server programs: `PGPHASE_PG_BIN`, the search path, Debian's place, then the cache of installed
/// packages; the newest version where there are several.
pub fn find_binaries() -> Result<PathBuf, ClusterError> {
    if let Some(chosen) = std::env::var_os("PGPHASE_PG_BIN").filter(|value| !value.is_empty()) {
        let chosen = PathBuf::from(chosen);
        return real_directory(&chosen).ok_or(ClusterError::BadDirectory(chosen));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(versions_in(Path::new("/usr/lib/postgresql")))
        .chain(cache_directories().iter().flat_map(|cache| versions_in(cache)))
        .find_map(|directory| real_directory(&directory))
        .ok_or(ClusterError::NoBinaries)
}

/// Where the programs of that directory really are: a search path often holds links to a part of them.
fn real_directory(directory: &Path) -> Option<PathBuf> {
    let server = directory.join("postgres").canonicalize().ok()?;
    let real = server.parent()?.to_path_buf();
    real.join("initdb").exists().then_some(real)
}

fn versions_in(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else {
        return Vec::new();
    };
    let mut versions: Vec<(u32, PathBuf)> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort();
    versions.into_iter().rev().map(|(_, path)| path).collect()
}

fn cache_directories() -> Vec<PathBuf> {
    let of_user = std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache/pgphase/pg"));
    std::env::var_os("PGPHASE_PG_CACHE")
        .map(PathBuf::from)
        .into_iter()
        .chain(of_user)
        .chain([PathBuf::from("/var/cache/pgphase/pg")])
        .collect()
}

/// A user and a group to run as.
type Account = (u32, u32);

/// A new directory. One of its name may be left from a killed process whose number has come round again.
fn new_directory() -> Result<PathBuf, ClusterError> {
    loop {
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let name = format!("pgphase-{}-{number}", std::process::id());
        let mut at = std::env::temp_dir().join(&name);
        if at.as_os_str().len() > SOCKET_PATH_LIMIT {
            at = Path::new("/tmp").join(&name);
        }
        match fs::DirBuilder::new().mode(0o700).create(&at) {
            Ok(()) => return Ok(at),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < MOST_DIRECTORIES => {}
            Err(error) => return Err(ClusterError::Io { at, error }),
        }
    }
}

/// A new directory that only its owner enters. As root it is given to the user that the server is to run as.
fn private_directory() -> Result<(PathBuf, Option<Account>), ClusterError> {
    let directory = new_directory()?;
    let failed = |error| ClusterError::Io {
        at: directory.clone(),
        error,
    };
    if fs::metadata(&directory).map_err(failed)?.uid() != 0 {
        return Ok((directory, None));
    }
    let account = unprivileged_account().ok_or(ClusterError::NoUser)?;
    chown(&directory, Some(account.0), Some(account.1)).map_err(failed)?;
    Ok((directory, Some(account)))
}

fn unprivileged_account() -> Option<Account> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    ["postgres", "nobody"].iter().find_map(|wanted| {
        let mut fields = users
            .lines()
            .map(|line| line.split(':'))
            .find(|fields| fields.clone().next() == Some(wanted))?
            .skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    })
}

fn launch(bin: &Path, directory: &Path, account: Option<Account>, settings: &[&str]) -> Result<Cluster, ClusterError> {
    let failed = |error| ClusterError::Io {
        at: directory.to_path_buf(),
        error,
    };
    let output = command(&bin.join("initdb"), directory, account)
        .args([
            "--no-sync",
            "-A",
            "trust",
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--locale=C",
            "-D",
        ])
        .arg(directory.join("data"))
        .stdin(Stdio::null())
        .output()
        .map_err(failed)?;
    if !output.status.success() {
        return Err(ClusterError::Init(last_line(&String::from_utf8_lossy(&output.stderr))));
    }
    serve(bin, directory, account, settings)
}

/// Starts the server on a data folder that is there.
fn serve(bin: &Path, directory: &Path, account: Option<Account>, settings: &[&str]) -> Result<Cluster, ClusterError> {
    let failed = |error| ClusterError::Io {
        at: directory.to_path_buf(),
        error,
    };
    let mut keeper = command(Path::new("/bin/sh"), directory, account);
    keeper.arg("-c").arg(KEEPER).arg(bin.join("postgres")).arg(directory);
    for setting in SETTINGS.iter().chain(settings) {
        keeper.args(["-c", setting]);
    }
    // A group of its own: an interrupt from the terminal must reach this process first, not the server.
    let keeper = keeper
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)?;
    let mut cluster = Cluster {
        bin: bin.to_path_buf(),
        directory: directory.to_path_buf(),
        keeper,
    };
    cluster.wait_until_ready()?;
    Ok(cluster)
}

fn command(program: &Path, directory: &Path, account: Option<Account>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(directory);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PG") {
            command.env_remove(name);
        }
    }
    if let Some((user, group)) = account {
        command.uid(user).gid(group);
    }
    command
}

fn last_line(text: &str) -> String {
    text.lines()
        .rev()
        .find(|line| !line.trim().is_empty())
        .unwrap_or("it said nothing")
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_answers_and_leaves_nothing() {
        let cluster = Cluster::start().expect("a cluster");
        let directory = cluster.directory().to_path_buf();
        let output = Command::new(cluster.program("psql"))
            .args(["-XAtc", "select 40 + 2", &cluster.conninfo("postgres")])
            .output()
            .expect("psql runs");
        assert_eq!(
            String::from_utf8_lossy(&output.stdout).trim(),
            "42",
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        drop(cluster);
        assert!(!directory.exists());
    }

    #[test]
    fn a_directory_in_the_way_is_passed_over() {
        // Other tests take numbers meanwhile, so that some of the next are left to this one.
        let next = COUNTER.load(Ordering::Relaxed);
        let in_the_way: Vec<PathBuf> = (next..next + 20)
            .map(|number| std::env::temp_dir().join(format!("pgphase-{}-{number}", std::process::id())))
            .filter(|at| fs::create_dir(at).is_ok())
            .collect();
        let made = new_directory().expect("a directory");
        let was_there = in_the_way.contains(&made);
        for at in in_the_way.iter().chain([&made]) {
            let _ = fs::remove_dir(at);
        }
        assert!(!in_the_way.is_empty() && !was_there);
    }

    #[test]
    fn a_wrong_setting_is_an_error_with_its_reason() {
        let bin = find_binaries().expect("server programs");
        let error = Cluster::start_with(&bin, &["no_such_setting=1"]).expect_err("refused");
        assert!(error.to_string().contains("no_such_setting"), "{error}");
    }
}
