//! Manual pages: one for every command, with its options; read by `man` where that is there.

use std::fs;
use std::process::Command;
use std::time::Duration;

use crate::support::pgphase;
use crate::support::run::run;

const LIMIT: Duration = Duration::from_secs(30);

#[test]
fn every_command_has_a_page() {
    let place = tempfile::tempdir().expect("a folder");
    let out = place.path().join("man1");
    let finished = run(pgphase::command().args(["man", "--out"]).arg(&out), LIMIT);
    assert_eq!(finished.code(), Some(0), "{}", finished.said());
    let help = run(pgphase::command().arg("--help"), LIMIT).stdout;
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| {
            line.strip_prefix("  ")?
                .split(" ")
                .next()
                .filter(|word| !word.is_empty())
        })
        .collect();
    assert!(commands.len() > 15, "{commands:?}");
    for command in commands {
        let path = out.join(format!("pgphase-{command}.1"));
        let page = fs::read_to_string(&path).expect(command);
        assert!(page.contains(".TH") && page.contains("\\-\\-config"), "{page}");
        if Command::new("man").arg("--version").output().is_ok() {
            let read = run(Command::new("man").args(["--warnings", "-l"]).arg(&path), LIMIT);
            assert!(read.stderr.is_empty(), "{}", read.stderr);
        }
    }
    let whole = run(pgphase::command().arg("man"), LIMIT);
    assert!(whole.stdout.contains("pgphase\\-export(1)"), "{}", whole.stdout);
}
