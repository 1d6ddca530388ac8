//! The rules, one entry each, in families.

mod application;
mod blocking;
mod data;
mod indexes;
mod keys;
mod locks;
mod preferences;
mod reading;
mod transactions;

pub(super) const FAMILIES: &[&[super::Rule]] = &[
    blocking::RULES,
    transactions::RULES,
    locks::RULES,
    data::RULES,
    application::RULES,
    indexes::RULES,
    keys::RULES,
    preferences::RULES,
    reading::RULES,
];
