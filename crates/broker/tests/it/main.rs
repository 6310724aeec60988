//! The broker as a process of its own. What it holds is tested through `code`, which speaks to it.

use std::process::{Command, Stdio};

#[test]
fn ends_when_its_socket_is_no_socket() {
    let status = Command::new(env!("CARGO_BIN_EXE_broker"))
        .arg(broker::ARGUMENT)
        .stdin(Stdio::null())
        .status()
        .expect("the broker starts");
    assert!(!status.success(), "without a server there is nothing to serve");
}

#[test]
fn a_probe_that_is_not_held_says_what_it_could_do() {
    let output = Command::new(env!("CARGO_BIN_EXE_broker"))
        .args([broker::ARGUMENT, "probe", "network"])
        .output()
        .expect("the broker starts");
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("a socket of AF_INET can be opened"));
}
