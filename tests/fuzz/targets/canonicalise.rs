//! The canonical form of any text is its own canonical form, as an expression and as a query.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pgphase::expr::{canonical_expr, canonical_query, column_names, mentions};

fuzz_target!(|text: &str| {
    for form in [canonical_expr, canonical_query] {
        let once = form(text);
        assert_eq!(form(&once), once);
    }
    mentions(text);
    column_names(text);
});
