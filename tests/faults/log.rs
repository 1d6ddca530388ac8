//! The disk of the server's log fills up: PostgreSQL ends itself (PANIC), and comes back once somebody has made room. Runs that this cuts
//! off go on then.

use std::process::{Command, Stdio};

use super::space::Small;
use super::{Cut, Scene, When};

impl Scene {
    /// Moves the log of the server there.
    fn move_log(&mut self, small: Small) {
        let log = self.cluster.directory().join("data/pg_wal");
        let room = small.room(self);
        self.control("stop", "fast");
        let mut copy = Command::new("cp");
        copy.arg("-a").arg(log.join(".")).arg(&room);
        assert!(copy.status().expect("cp").success());
        std::fs::remove_dir_all(&log).expect("it has been copied");
        std::os::unix::fs::symlink(&room, &log).expect("a link");
        self.control("restart", "fast");
        self.small = Some(small);
    }

    /// Leaves the log no room, goes on writing until the server ends, and makes room again.
    pub(super) fn fill_log(&self) {
        const MOST: u32 = 50;
        let small = self.small.as_ref().expect("a small file system");
        small.leave(0);
        let next = "select pg_logical_emit_message(false, 'tests', ''); select pg_switch_wal()";
        let goes_on = |_: &u32| {
            let mut command = Command::new(self.cluster.program("psql"));
            command.args(["-Xq", "-d", &self.cluster.conninfo("postgres"), "-c", next]);
            let command = command.stdout(Stdio::null()).stderr(Stdio::null());
            command.status().expect("psql").success()
        };
        assert!(
            (0..MOST).take_while(goes_on).count() < MOST as usize,
            "the server does not mind"
        );
        small.make_room();
        self.control("restart", "immediate");
    }
}

#[test]
fn a_server_whose_log_has_no_room_ends_and_the_run_goes_on_behind_that() {
    let mut scene = Scene::new();
    let Some(small) = Small::mount(&scene, 160) else {
        eprintln!("skipped: this account may not mount a file system");
        return;
    };
    scene.move_log(small);
    let cuts = scene.disturb("log", Cut::Log, 7, |turn| match turn % 2 {
        0 => When::Before,
        _ => When::During(3 * turn),
    });
    assert!(cuts > 0, "nothing was cut off");
    assert_eq!((scene.lost("log"), scene.written_twice("log")), (0, 0));
    let panics = std::fs::read_to_string(scene.cluster.directory().join("log")).expect("what the server said");
    assert!(panics.contains("No space left on device"), "{panics}");
}
