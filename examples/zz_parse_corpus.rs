//! Scratch.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]
fn main() {
    let (mut ok, mut bad) = (0, 0);
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path).unwrap();
        let t = std::time::Instant::now();
        match pgphase::parse::parse_text(&path, &text) {
            Ok(d) => {
                ok += 1;
                if std::env::var("V").is_ok() {
                    println!("ok {path} {} objects {:?}", d.schema.len(), t.elapsed());
                    for n in d.notices {
                        println!("   {}: {}", n.place, n.message);
                    }
                }
            }
            Err(e) => {
                bad += 1;
                println!("{e}");
            }
        }
    }
    println!("ok {ok} bad {bad}");
}
