//! A project in a folder, with a database.

use std::fs;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;

use crate::support::database::Database;
use crate::support::pgphase;
use crate::support::run::{Finished, run};

/// A project in a folder of its own, and its database.
pub struct Project {
    folder: TempDir,
    pub database: Database,
}

impl Project {
    /// `config` may say `DATABASE` where the connection string of the database is meant.
    pub fn new(config: &str, before: &str, after: &str) -> Self {
        let database = Database::new();
        database.sql(before).expect("the database is made");
        let project = Self {
            folder: TempDir::new().expect("a folder"),
            database,
        };
        let config = config.replace("DATABASE", &format!("\"{}\"", project.database.conninfo()));
        project.write("pgphase.yaml", &format!("schemas: schema.sql\n{config}"));
        project.write("schema.sql", after);
        project
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).expect("a file");
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).expect("a file")
    }

    pub fn here(&self) -> &Path {
        self.folder.path()
    }

    pub fn run(&self, words: &[&str]) -> Finished {
        run(
            pgphase::command().current_dir(self.here()).args(words),
            Duration::from_secs(120),
        )
    }

    /// What a command says to the database of the project.
    #[track_caller]
    pub fn says(&self, code: i32, words: &[&str]) -> String {
        let database = self.database.conninfo();
        self.says_alone(code, &[words, &["-d", &database]].concat())
    }

    /// What a command says that is told no database.
    #[track_caller]
    pub fn says_alone(&self, code: i32, words: &[&str]) -> String {
        let finished = self.run(words);
        assert_eq!(finished.code(), Some(code), "{words:?}: {}", finished.said());
        // Lines end where the terminal does.
        finished.said().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether an id is among the approvals in a plan folder.
    pub fn is_approved(&self, folder: &str, id: &str) -> bool {
        let yaml = self.read(&format!("{folder}/plan.yaml"));
        let list = yaml.split("\napprovals:").nth(1).expect("approvals");
        let end = list.find("\nsettings:").expect("settings");
        list[..end].contains(id)
    }
}
