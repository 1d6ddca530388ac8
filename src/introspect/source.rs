//! One catalog query and how its rows are read.

use serde::de::{DeserializeOwned, Error as _};

use crate::object::Object;

/// When a kind of object can be there.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Found {
    /// In every database.
    Always,
    /// Where this is true; it may speak of what [`super::present`] has looked at. What a server makes for itself has object
    /// identifiers below 16384 (PostgreSQL documentation, System Catalog Initial Data, OID Assignment).
    Where(&'static str),
}

/// A catalog query of one kind of object; each row is one object as JSON.
pub(crate) struct Source {
    /// What it lists, for messages: `tables`.
    pub(crate) what: &'static str,
    /// When there can be any.
    pub(crate) found: Found,
    /// The query, which runs in psql as it stands.
    pub(crate) sql: &'static str,
    /// Reads one row.
    pub(crate) read: fn(&str) -> Result<Object, serde_json::Error>,
}

/// Reads a row that is the object as it stands.
pub(crate) fn plain<T: DeserializeOwned + Into<Object>>(row: &str) -> Result<Object, serde_json::Error> {
    serde_json::from_str::<T>(row).map(Into::into)
}

/// A row that cannot be understood.
pub(crate) fn misread(reason: &str) -> serde_json::Error {
    serde_json::Error::custom(reason)
}

/// The sources of all kinds, in the order of a schema.
pub(crate) fn all() -> Vec<&'static Source> {
    use crate::object as o;
    vec![
        &o::namespace::introspect::SOURCE,
        &o::extension::introspect::SOURCE,
        &o::language::introspect::SOURCE,
        &o::access_method::introspect::SOURCE,
        &o::collation::introspect::SOURCE,
        &o::foreign_data_wrapper::introspect::SOURCE,
        &o::server::introspect::SOURCE,
        &o::user_mapping::introspect::SOURCE,
        &o::enum_type::introspect::SOURCE,
        &o::composite_type::introspect::SOURCE,
        &o::range_type::introspect::SOURCE,
        &o::domain::introspect::SOURCE,
        &o::domain::introspect::CONSTRAINTS,
        &o::sequence::introspect::SOURCE,
        &o::table::introspect::SOURCE,
        &o::column::introspect::SOURCE,
        &o::constraint::introspect::SOURCE,
        &o::index::introspect::SOURCE,
        &o::view::introspect::SOURCE,
        &o::materialized_view::introspect::SOURCE,
        &o::routine::introspect::SOURCE,
        &o::aggregate::introspect::SOURCE,
        &o::conversion::introspect::SOURCE,
        &o::operator::introspect::SOURCE,
        &o::operator_family::introspect::SOURCE,
        &o::operator_class::introspect::SOURCE,
        &o::cast::introspect::SOURCE,
        &o::transform::introspect::SOURCE,
        &o::text_search_parser::introspect::SOURCE,
        &o::text_search_template::introspect::SOURCE,
        &o::text_search_dictionary::introspect::SOURCE,
        &o::text_search_configuration::introspect::SOURCE,
        &o::trigger::introspect::SOURCE,
        &o::rule::introspect::SOURCE,
        &o::policy::introspect::SOURCE,
        &o::event_trigger::introspect::SOURCE,
        &o::publication::introspect::SOURCE,
        &o::subscription::introspect::SOURCE,
        &o::statistics::introspect::SOURCE,
        &o::comment::introspect::SOURCE,
        &o::security_label::introspect::SOURCE,
        &o::owner::introspect::SOURCE,
        &o::grant::introspect::SOURCE,
        &o::default_privileges::introspect::SOURCE,
    ]
}
