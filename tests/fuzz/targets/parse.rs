//! Any text is read as a schema or refused, and what is read can be planned from nothing or is refused; never a panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pgphase::parse::parse_text;
use pgphase::plan::{Wishes, make};
use pgphase::rename::Renamed;
use pgphase::schema::Schema;

fuzz_target!(|text: &str| {
    if let Ok(desired) = parse_text("fuzz.sql", text) {
        let nothing = Renamed {
            live: Schema::new(),
            operations: Vec::new(),
        };
        let _ = make("fuzz", &nothing.live, &nothing, &desired.schema, 15, &Wishes::default());
    }
});
