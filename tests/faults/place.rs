//! A database of its own on the server that these tests share, with a folder for its files.

use super::beside::scene;
use super::{LIMIT, Scene};
use crate::support::pgphase;
use crate::support::run::{Finished, run};

pub(super) struct Place {
    pub(super) scene: &'static Scene,
    pub(super) database: &'static str,
}

impl Place {
    pub(super) fn new(database: &'static str, statements: &str) -> Self {
        let own = Self {
            scene: scene(),
            database,
        };
        own.scene.ask("postgres", &format!("create database {database}"));
        own.ask(statements);
        std::fs::create_dir(own.scene.folder.path().join(database)).expect("a folder");
        own
    }

    /// Where a file of this database is.
    pub(super) fn path(&self, name: &str) -> String {
        let file = self.scene.folder.path().join(self.database).join(name);
        file.to_str().expect("a path").to_owned()
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("a file");
    }

    pub(super) fn call(&self, words: &[&str]) -> Finished {
        let mut command = pgphase::command();
        command
            .args(words)
            .args(["-d", &self.scene.cluster.conninfo(self.database)]);
        run(&mut command, LIMIT)
    }

    /// Plans what leads to a file, into the folder `plan`.
    pub(super) fn plan(&self, to: &str) -> Finished {
        let (to, plan) = (self.path(to), self.path("plan"));
        self.call(&["plan", "--to", &to, "--out", &plan, "--approve", "all"])
    }

    /// Applies the plan in that folder.
    pub(super) fn apply(&self, phase: &str) -> Finished {
        self.call(&["apply", &self.path("plan"), "--phase", phase, "--yes"])
    }

    pub(super) fn ask(&self, statements: &str) -> String {
        self.scene.ask(self.database, statements)
    }
}
