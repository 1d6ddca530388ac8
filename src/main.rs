//! The `pgphase` command.
fn main() {}
