//! Each measure is good for something: with it left out, a program gets through that is held with it.
//!
//! The programs are bounded, so that they hurt nobody where nothing holds them.

use std::time::Duration;

use code::sandbox::{ALL_CONTROLS, Backend, Control, Exit, Limits, Sandbox, Stop, TakeOut};

use super::{Row, attempt, rows, short, small};
use crate::sandbox::stage::{Wish, hostile, start, without};

/// What turns red when a measure is left out.
enum Red {
    /// A row of the catalogue, by its words.
    Known(&'static [&'static str]),
    /// One that is made for it.
    Made(Row),
    /// An artifact that must not be taken.
    Artifact,
}

fn red(control: Control) -> Red {
    match control {
        Control::Seccomp => Red::Known(&["kernel", "parts"]),
        Control::Landlock => Red::Known(&["files", "write", "/proc/self/oom_score_adj"]),
        Control::Processes => Red::Known(&["processes", "children"]),
        Control::Memory => Red::Known(&["processes", "touch"]),
        Control::Cpu => Red::Made(Row {
            number: "47",
            words: &["processes", "clock"],
            // Long enough to use the CPU time on a busy machine, and the end of it where nothing counts that.
            wish: || Wish {
                limits: Limits {
                    cpu: Duration::from_millis(50),
                    wall: Duration::from_secs(2),
                    ..small()
                },
                ..short()
            },
            held: |ran| ran.outcome.stop == Some(Stop::Cpu),
        }),
        Control::Wall => Red::Made(Row {
            number: "43",
            words: &["honest", "sleep", "2"],
            wish: || Wish {
                limits: Limits {
                    wall: Duration::from_millis(300),
                    ..small()
                },
                ..short()
            },
            held: |ran| ran.outcome.stop == Some(Stop::Wall),
        }),
        Control::Cores => Red::Made(Row {
            number: "59",
            words: &["processes", "spinners"],
            wish: || Wish {
                limits: Limits {
                    cpu: Duration::from_millis(100),
                    cores: 0.02,
                    ..small()
                },
                ..short()
            },
            held: |ran| ran.outcome.wall > Duration::from_secs(3),
        }),
        Control::Network => Red::Made(Row {
            number: "26",
            words: &["kernel", "space"],
            wish: short,
            held: |ran| ran.out.starts_with("net:[") && ran.out.trim() != host_network(),
        }),
        Control::User => Red::Known(&["processes", "user"]),
        Control::ProcessSpace => Red::Known(&["processes", "others"]),
        Control::Proc => Red::Known(&["files", "read", "/proc/kallsyms"]),
        Control::ReadOnly => Red::Known(&["kernel", "privileges"]),
        Control::Root => Red::Known(&["files", "read", "/var/lib/dpkg/status"]),
        // A little, which no bound on memory would notice; what comes after every row does.
        Control::Fresh => Red::Made(Row {
            number: "50",
            words: &["honest", "write", "/w/note", "for the next"],
            wish: short,
            held: |ran| ran.outcome.exit == Exit::Code(0),
        }),
        Control::Disk => Red::Known(&["files", "fill", "/tmp"]),
        Control::FileSize => Red::Known(&["files", "sparse"]),
        Control::OpenFiles => Red::Known(&["files", "open"]),
        Control::Descriptors => Red::Known(&["files", "descriptors"]),
        Control::Session => Red::Known(&["processes", "session"]),
        Control::Sweep => Red::Known(&["processes", "daemon"]),
        Control::TakeOut => Red::Artifact,
    }
}

fn host_network() -> String {
    let space = std::fs::read_link("/proc/self/ns/net").expect("a namespace");
    space.to_string_lossy().into_owned()
}

/// Whether the program that the control is for is held.
fn held(sandbox: &Sandbox, red: &Red) -> Result<(), String> {
    match red {
        Red::Known(words) => {
            let rows = rows();
            let row = rows
                .iter()
                .find(|row| row.words == *words)
                .expect("the catalogue has the row");
            attempt(sandbox, row)
        }
        Red::Made(row) => attempt(sandbox, row),
        Red::Artifact => {
            let folder = tempfile::tempdir().expect("a folder");
            let take = [TakeOut {
                from: "link".to_owned(),
                to: folder.path().join("link"),
                max_bytes: 4096,
            }];
            let mut slot = sandbox.lease().map_err(|error| error.to_string())?;
            let ran = hostile(
                &mut slot,
                &["files", "artifacts"],
                &Wish {
                    take: &take,
                    ..short()
                },
            );
            assert_eq!(ran.outcome.exit, Exit::Code(0));
            if ran.outcome.taken[0].is_err() {
                Ok(())
            } else {
                Err("a link was followed".to_owned())
            }
        }
    }
}

#[test]
fn no_measure_is_idle() {
    let whole = start(1);
    for control in ALL_CONTROLS {
        // An ordinary user has no groups to leave out, and no users to give to slots.
        let never = matches!(control, Control::Cores | Control::User);
        if never && whole.backend() == Backend::Degraded {
            continue;
        }
        let red = red(control);
        if let Err(why) = held(&whole, &red) {
            panic!("{control:?}: not held even with every measure: {why}");
        }
        let sandbox = without(control);
        assert!(
            held(&sandbox, &red).is_err(),
            "{control:?} can be left out and nothing is seen"
        );
    }
}
