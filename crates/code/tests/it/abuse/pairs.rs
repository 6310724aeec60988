//! Two programs at once, in two slots: they must not find each other.

use std::io::{BufRead, BufReader};

use code::sandbox::{Exit, Run};

use super::short;
use crate::sandbox::stage::{LIMITS, hostile, programs, run, start};

#[test]
fn slots_do_not_hear_each_other() {
    // Rows 29 and 30: without a common name there is nobody to hand a descriptor to.
    let sandbox = start(2);
    let (mut one, mut other) = (sandbox.lease().unwrap(), sandbox.lease().unwrap());
    let argv = ["/app/kernel".to_owned(), "listen".to_owned()];
    let listening = Run {
        argv: &argv,
        env: &[],
        app: Some(programs()),
        files: &[],
        keep: false,
        take: &[],
        limits: LIMITS,
    };
    let process = one.spawn(&listening).unwrap();
    let mut line = String::new();
    BufReader::new(&process.stdout).read_line(&mut line).unwrap();
    assert_eq!(line, "listening\n");
    let ran = hostile(&mut other, &["kernel", "connect"], &short());
    assert_eq!(
        (ran.outcome.exit, ran.out.as_str()),
        (Exit::Code(0), "ECONNREFUSED\n")
    );
    process.kill();
    process.wait().unwrap();
}

#[test]
fn namespaces_are_the_slots_own() {
    let sandbox = start(2);
    let mut seen = Vec::new();
    let mut slots = [sandbox.lease().unwrap(), sandbox.lease().unwrap()];
    for kind in ["net", "ipc", "uts"] {
        let path = format!("/proc/self/ns/{kind}");
        seen.push(std::fs::read_link(&path).unwrap().to_string_lossy().into_owned());
        for slot in &mut slots {
            seen.push(
                run(slot, &["/usr/bin/readlink", &path], &short())
                    .out
                    .trim()
                    .to_owned(),
            );
        }
    }
    assert!(seen.iter().all(|space| space.contains('[')), "{seen:?}");
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(
        seen.len(),
        count,
        "each of the host and of two slots is another: {seen:?}"
    );
}
