//! The disk fills up under a run: a database stands on a small file system of its own, of which something else takes what is free.
//! Once there is room, the next run ends as one that nobody disturbed.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::PathBuf;
use std::process::Command;

use super::beside::{ok, scene};
use super::{LIMIT, Scene};
use crate::support::run::run;

const DATABASE: &str = "small";

/// By how much the room grows from try to try.
const MORE: u64 = 160 << 10;

/// A small file system in memory.
pub(super) struct Small {
    folder: PathBuf,
}

impl Small {
    /// None where this account may not mount one.
    pub(super) fn mount(scene: &Scene, megabytes: u32) -> Option<Self> {
        let folder = scene.cluster.directory().join("small");
        fs::create_dir(&folder).expect("a folder");
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o"])
            .arg(format!("size={megabytes}m,mode=755"))
            .arg("pgphase_tests")
            .arg(&folder);
        if !mount.output().is_ok_and(|done| done.status.success()) {
            return None;
        }
        Some(Self { folder })
    }

    /// A folder there that belongs to the server.
    pub(super) fn room(&self, scene: &Scene) -> PathBuf {
        let room = self.folder.join("room");
        fs::create_dir(&room).expect("a folder");
        let owner = fs::metadata(scene.cluster.directory().join("data")).expect("the server's folder");
        chown(&room, Some(owner.uid()), Some(owner.gid())).expect("it is the server's");
        room
    }

    fn free(&self) -> u64 {
        let said = run(
            Command::new("df").args(["-B1", "--output=avail"]).arg(&self.folder),
            LIMIT,
        );
        let number = said.stdout.lines().last().map(str::trim).unwrap_or_default();
        number.parse().expect("a number of bytes")
    }

    /// Takes everything but so many bytes.
    pub(super) fn leave(&self, bytes: u64) {
        self.make_room();
        let take = self.free().saturating_sub(bytes).to_string();
        let ballast = self.folder.join("ballast");
        let done = run(Command::new("fallocate").args(["-l", &take]).arg(ballast), LIMIT);
        assert!(done.status.success(), "{}", done.said());
    }

    pub(super) fn make_room(&self) {
        // It is not there the first time.
        let _ = fs::remove_file(self.folder.join("ballast"));
    }
}

impl Drop for Small {
    /// The server still has files open there, and goes on until the last test of its process.
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.folder).output();
    }
}

/// Each phase with more and more room, until there is enough: wherever the disk fills up, nothing is lost, nothing is done twice, and
/// what a build left is taken away.
#[test]
fn wherever_the_disk_fills_up_the_run_goes_on_once_there_is_room() {
    let scene = scene();
    let Some(small) = Small::mount(scene, 96) else {
        eprintln!("skipped: this account may not mount a file system");
        return;
    };
    let space = small.room(scene);
    let create = format!("create tablespace small location '{}'", space.display());
    scene.ask("postgres", &create);
    scene.ask(
        "postgres",
        &format!("create database {DATABASE} template base tablespace small"),
    );
    let mut failed = BTreeSet::new();
    for phase in ["expand", "backfill", "validate", "contract"] {
        let mut room = 0;
        loop {
            small.leave(room);
            let applied = scene.apply(DATABASE, phase);
            if applied.code() == Some(0) {
                break;
            }
            let said = applied.said();
            let told = match applied.code() {
                // No new session, as that writes a file too.
                Some(75) => said.contains("the server's disk is full"),
                // Before anything has run it is an error, from then on the end of a part of the way.
                Some(code) if code == 5 || (code == 1 && phase == "expand") => {
                    said.contains("No space left on device (53100)") && said.contains("make room, then run this again")
                }
                _ => false,
            };
            assert!(told, "{phase}, {room}: {:?} {said}", applied.code());
            let at = said.split("step ").nth(1).and_then(|rest| rest.split(' ').next());
            failed.insert(at.unwrap_or("between the steps").to_owned());
            room += MORE;
            assert!(room < 64 << 20, "{phase}: never enough: {said}");
        }
    }
    small.make_room();
    ok(&scene.apply(DATABASE, "all"));
    for phase in ["expand", "backfill", "validate"] {
        assert!(failed.iter().any(|step| step.starts_with(phase)), "{phase}: {failed:?}");
    }
    scene.compare(DATABASE);
    assert_eq!((scene.lost(DATABASE), scene.written_twice(DATABASE)), (0, 0));
    scene.ask("postgres", &format!("drop database {DATABASE}"));
    scene.ask("postgres", "drop tablespace small");
}
