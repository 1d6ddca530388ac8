//! What the tests share: the server, databases, the program under test, dumps, and the walk through a whole migration.

pub(crate) mod console;
pub(crate) mod database;
pub(crate) mod dump;
pub(crate) mod journey;
pub(crate) mod pgphase;
pub(crate) mod pool;
pub(crate) mod project;
pub(crate) mod random;
pub(crate) mod rows;
pub(crate) mod run;
pub(crate) mod tally;
pub(crate) mod words;
