//! What a connection takes from the process: variables, home folder and account, gathered once so that the rest is pure.

use std::collections::HashMap;
use std::path::PathBuf;

/// The surroundings that libpq looks at.
#[derive(Clone, Default)]
pub struct Environment {
    /// Environment variables.
    pub vars: HashMap<String, String>,
    /// The user's home folder.
    pub home: Option<PathBuf>,
    /// The name of the operating system account.
    pub account: Option<String>,
}

impl Environment {
    /// The surroundings of this process.
    pub fn of_process() -> Self {
        let vars: HashMap<String, String> = std::env::vars_os()
            .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let account = account();
        let home = vars
            .get("HOME")
            .filter(|home| !home.is_empty())
            .map(PathBuf::from)
            .or_else(|| account.as_ref().and_then(|(_, home)| home.clone()));
        let name = account
            .map(|(name, _)| name)
            .or_else(|| vars.get("USER").cloned())
            .or_else(|| vars.get("LOGNAME").cloned());
        Self {
            vars,
            home,
            account: name,
        }
    }

    /// A variable that is set, also to nothing.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.vars.get(name).map(String::as_str)
    }

    /// A variable that is set to something.
    pub fn non_empty(&self, name: &str) -> Option<&str> {
        self.var(name).filter(|value| !value.is_empty())
    }
}

/// The account this process acts as, by the effective user id as libpq does (`USER` may say something else).
fn account() -> Option<(String, Option<PathBuf>)> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let uid = status
        .lines()
        .find_map(|line| line.strip_prefix("Uid:"))?
        .split_ascii_whitespace()
        .nth(1)?
        .to_owned();
    account_of(&uid)
}

/// The name and the home folder of a user id, from `/etc/passwd`.
pub(super) fn account_of(uid: &str) -> Option<(String, Option<PathBuf>)> {
    let passwd = std::fs::read_to_string("/etc/passwd").ok()?;
    passwd.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        let found = fields.get(2).is_some_and(|field| *field == uid);
        found.then(|| (fields[0].to_owned(), fields.get(5).map(PathBuf::from)))
    })
}
