//! Looking on while steps run, from inside their transactions: how `verify` measures what a step does.

use std::convert::Infallible;
use std::future::ready;
use std::pin::Pin;

use tokio_postgres::Client;

use crate::plan::Step;

/// What somebody who looks on does at one moment.
pub type Look<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Somebody who looks on. Nothing he does may change what the step does.
pub trait Watch {
    /// Whether anybody looks. Steps that only read then get a transaction to look into.
    fn looks(&self) -> bool;

    /// The transaction of a step, or of one of its batches, has begun on the worker.
    fn begun<'a>(&'a self, step: &'a Step, worker: &'a Client) -> Look<'a>;

    /// Everything of it has run, and it has not been committed.
    fn before_commit<'a>(&'a self, step: &'a Step, worker: &'a Client) -> Look<'a>;

    /// A step outside a transaction block is about to run these statements.
    fn before_alone<'a>(&'a self, step: &'a Step, statements: &'a str) -> Look<'a>;

    /// Such a step runs in the process `worker`. This never ends by itself; it is dropped when the step has ended.
    fn alongside<'a>(&'a self, step: &'a Step, worker: i32) -> Pin<Box<dyn Future<Output = Infallible> + 'a>>;

    /// Such a step has ended.
    fn after_alone<'a>(&'a self, step: &'a Step) -> Look<'a>;
}

/// Nobody looks on.
#[derive(Debug, Clone, Copy)]
pub struct Nobody;

impl Watch for Nobody {
    fn looks(&self) -> bool {
        false
    }

    fn begun<'a>(&'a self, _: &'a Step, _: &'a Client) -> Look<'a> {
        Box::pin(ready(()))
    }

    fn before_commit<'a>(&'a self, _: &'a Step, _: &'a Client) -> Look<'a> {
        Box::pin(ready(()))
    }

    fn before_alone<'a>(&'a self, _: &'a Step, _: &'a str) -> Look<'a> {
        Box::pin(ready(()))
    }

    fn alongside<'a>(&'a self, _: &'a Step, _: i32) -> Pin<Box<dyn Future<Output = Infallible> + 'a>> {
        Box::pin(std::future::pending())
    }

    fn after_alone<'a>(&'a self, _: &'a Step) -> Look<'a> {
        Box::pin(ready(()))
    }
}
