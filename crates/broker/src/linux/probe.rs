//! Hostile programs of the self-test. Each is this program again, run inside the sandbox with limits that the
//! test knows; it exits with 0 if it could do no harm, with 1 and a line on what it could do otherwise.

use std::fs;
use std::process::ExitCode;

/// Does the harm of that name, as far as it gets.
pub(super) fn run(name: &str) -> ExitCode {
    let harm = match name {
        "forks" => forks(),
        "memory" => memory(),
        "files" => files(),
        "processes" => processes(),
        "network" => network(),
        "calls" => calls(),
        other => Some(format!("there is no program `{other}`")),
    };
    match harm {
        None => ExitCode::SUCCESS,
        Some(harm) => {
            // The one channel that a program in the sandbox has.
            std::io::Write::write_all(&mut std::io::stderr(), harm.as_bytes()).unwrap_or_default();
            ExitCode::FAILURE
        }
    }
}

/// Children that stay until the test's limit is far behind.
fn forks() -> Option<String> {
    const FAR: usize = 200;
    for count in 0..FAR {
        // SAFETY: the child only sleeps.
        match unsafe { libc::fork() } {
            0 => loop {
                // SAFETY: sleeps.
                unsafe { libc::pause() };
            },
            -1 => return (count == 0).then(|| "no process at all may be started".to_owned()),
            _ => {}
        }
    }
    Some(format!("{FAR} processes were started"))
}

/// Touches far more memory than the test allows; the sandbox kills it, so coming through is the harm.
fn memory() -> Option<String> {
    const FAR: usize = 1 << 30;
    let mut held: Vec<Vec<u8>> = Vec::new();
    for _ in 0..FAR >> 20 {
        let mut part = Vec::new();
        if part.try_reserve_exact(1 << 20).is_err() {
            return None;
        }
        part.resize(1 << 20, 1);
        held.push(part);
    }
    Some(format!(
        "{} bytes of memory were used",
        held.iter().map(Vec::len).sum::<usize>()
    ))
}

/// Looks for what is the host's, and writes where it may not.
fn files() -> Option<String> {
    for secret in [
        "/etc/shadow",
        "/root",
        "/home",
        "/var",
        "/proc/1/environ",
        "/proc/kallsyms",
        "/sys",
    ] {
        if let Ok(found) = fs::metadata(secret)
            && (found.is_file() && fs::read(secret).is_ok() || fs::read_dir(secret).is_ok_and(leaks))
        {
            return Some(format!("`{secret}` can be read"));
        }
    }
    [
        "/canary",
        "/usr/canary",
        "/etc/passwd",
        "/app/canary",
        "/dev/canary",
    ]
    .into_iter()
    .find(|path| {
        fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(path)
            .is_ok()
    })
    .map(|path| format!("`{path}` can be written"))
}

/// Whether a folder shows more than the way to what is bound: a file of its own.
fn leaks(folder: fs::ReadDir) -> bool {
    folder
        .flatten()
        .any(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
}

/// Looks for processes that are not its own.
fn processes() -> Option<String> {
    // SAFETY: takes nothing.
    let (own, parent) = unsafe { (libc::getpid(), libc::getppid()) };
    if parent != 1 {
        return Some("its parent is not the init of its run".to_owned());
    }
    let others = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            entry
                .file_name()
                .to_str()
                .and_then(|name| name.parse::<i32>().ok())
                .filter(|pid| *pid != own)
        });
    if let Some(other) = others.into_iter().next() {
        return Some(format!("the process {other} can be seen"));
    }
    // SAFETY: sends a signal to whatever it may; this process itself is spared by the kernel.
    unsafe { libc::kill(-1, libc::SIGKILL) };
    // SAFETY: asks whether init may be traced.
    let traced = unsafe { libc::ptrace(libc::PTRACE_ATTACH, 1, 0, 0) };
    (traced == 0).then(|| "its parent can be traced".to_owned())
}

/// Opens sockets of families that lead out.
fn network() -> Option<String> {
    let families = [
        ("AF_INET", libc::AF_INET),
        ("AF_INET6", libc::AF_INET6),
        ("AF_NETLINK", libc::AF_NETLINK),
        ("AF_PACKET", libc::AF_PACKET),
        ("AF_VSOCK", libc::AF_VSOCK),
        ("AF_ALG", libc::AF_ALG),
    ];
    let open = families.into_iter().find(|(_, family)| {
        [
            libc::SOCK_STREAM,
            libc::SOCK_DGRAM,
            libc::SOCK_RAW,
            libc::SOCK_SEQPACKET,
        ]
        .into_iter()
        .any(|kind| {
            // SAFETY: takes numbers; the descriptor goes with the process.
            unsafe { libc::socket(*family, kind, 0) >= 0 }
        })
    });
    open.map(|(name, _)| format!("a socket of {name} can be opened"))
}

/// Calls that would change what holds it.
fn calls() -> Option<String> {
    const NEW_USER: libc::c_long = libc::CLONE_NEWUSER as libc::c_long;
    let none: libc::c_long = 0;
    let calls = [
        ("setuid", libc::SYS_setuid, 0),
        ("unshare", libc::SYS_unshare, NEW_USER),
        ("mount", libc::SYS_mount, 0),
        ("keyctl", libc::SYS_keyctl, 0),
        ("bpf", libc::SYS_bpf, 0),
        ("userfaultfd", libc::SYS_userfaultfd, 0),
        ("io_uring", libc::SYS_io_uring_setup, 1),
        ("perf_event_open", libc::SYS_perf_event_open, 0),
    ];
    let done = calls.into_iter().find(|(_, call, first)| {
        // SAFETY: either refused, or harmless to this process, with null for every pointer.
        let result = unsafe { libc::syscall(*call, *first, none, none, none, none) };
        let error = std::io::Error::last_os_error().raw_os_error();
        // An answer other than a refusal means that the call was looked at. In a user namespace there is no
        // root to become, which is told as an argument that is wrong.
        let unknown = *call == libc::SYS_setuid && error == Some(libc::EINVAL);
        result >= 0 || !(unknown || matches!(error, Some(libc::EPERM | libc::ENOSYS | libc::EACCES)))
    });
    done.map(|(name, ..)| format!("`{name}` is not refused"))
}
