//! The test suite: one binary, real PostgreSQL on one throw-away cluster, a fresh database per case.

mod apply;
mod corpus;
mod crossings;
mod drift;
mod evolution;
mod export;
mod faults;
mod files;
mod input;
mod introspection;
mod lint;
mod locks;
mod man;
mod mutants;
mod mutations;
mod pasted;
mod review;
mod scenarios;
mod schemas;
mod settle;
mod sources;
mod support;
mod tidy;
mod traffic;
mod twins;
mod verify;
