//! The filter of system calls: a list of what is denied.
//!
//! A list of what is allowed would have to follow every runtime of every language; what is denied here is what
//! has no use in a program that answers calls, and what others have broken out by. Calls newer than the list
//! do not exist for a program.
//!
//! The program is a tree of comparisons, since the kernel evaluates a new filter once for each call that it
//! knows: a chain would make that the dearest part of starting a program.

use libc::{BPF_ABS, BPF_ALU, BPF_AND, BPF_JEQ, BPF_JGE, BPF_JMP, BPF_K, BPF_LD, BPF_RET, BPF_W};

#[cfg(target_arch = "x86_64")]
const ARCHITECTURE: u32 = 0xC000_003E;
#[cfg(target_arch = "aarch64")]
const ARCHITECTURE: u32 = 0xC000_00B7;

/// The newest call of kernel 6.18 by number (`file_setattr`).
const NEWEST: u32 = 469;

/// Offsets into `struct seccomp_data`.
const NUMBER: u32 = 0;
const ARCH: u32 = 4;
/// The low half of an argument.
const fn argument(at: u32) -> u32 {
    16 + 8 * at
}

/// What happens to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Allow,
    Fail(i32),
    /// Allowed if the argument, masked, is among the values.
    Only {
        argument: u32,
        mask: u32,
        values: &'static [u32],
    },
    /// Fails if the argument is among the values.
    Never {
        argument: u32,
        mask: u32,
        values: &'static [u32],
    },
}

const DENIED: Fate = Fate::Fail(libc::EPERM);
const ABSENT: Fate = Fate::Fail(libc::ENOSYS);

/// Flags of `clone` that make namespaces.
const NAMESPACES: u32 = (libc::CLONE_NEWNS
    | libc::CLONE_NEWCGROUP
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUSER
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNET) as u32;

/// The denied calls by what they would do. Those that a target lacks are in [`only_here`].
fn listed() -> Vec<(libc::c_long, Fate)> {
    let mut list: Vec<(libc::c_long, Fate)> = DENIED_CALLS.iter().map(|call| (*call, DENIED)).collect();
    // Numbers that are the same on every architecture: listmount and statmount, open_tree_attr.
    list.extend([457, 458, 467].map(|call| (call, DENIED)));
    // Threads must fall back to `clone`, whose flags a filter can see.
    list.push((libc::SYS_clone3, ABSENT));
    list.push((
        libc::SYS_clone,
        Fate::Only {
            argument: 0,
            mask: NAMESPACES,
            values: &[0],
        },
    ));
    // No network, and nothing that goes around network namespaces (AF_VSOCK, AF_ALG).
    list.push((
        libc::SYS_socket,
        Fate::Only {
            argument: 0,
            mask: u32::MAX,
            values: &[libc::AF_UNIX as u32],
        },
    ));
    list.push((
        libc::SYS_personality,
        Fate::Only {
            argument: 0,
            mask: u32::MAX,
            values: &[0, u32::MAX],
        },
    ));
    // Leases stop others from opening; notes on folders raise signals without bound.
    let leases = &[libc::F_SETLEASE as u32, libc::F_NOTIFY as u32];
    list.push((
        libc::SYS_fcntl,
        Fate::Never {
            argument: 1,
            mask: u32::MAX,
            values: leases,
        },
    ));
    // Typing into the terminal of whoever started us; consoles.
    let terminals = &[0x5412, 0x541C, 0x5423];
    list.push((
        libc::SYS_ioctl,
        Fate::Never {
            argument: 1,
            mask: u32::MAX,
            values: terminals,
        },
    ));
    // Instances are counted for each user, whom several may share.
    list.push((libc::SYS_inotify_init1, Fate::Fail(libc::EMFILE)));
    list.extend(only_here());
    list.sort_by_key(|(call, _)| *call);
    list
}

const DENIED_CALLS: [libc::c_long; 72] = [
    // other processes
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_process_mrelease,
    libc::SYS_pidfd_getfd,
    libc::SYS_kcmp,
    // mounts and namespaces
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_open_tree,
    libc::SYS_move_mount,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_mount_setattr,
    libc::SYS_unshare,
    libc::SYS_setns,
    // parts of the kernel with a history
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_io_setup,
    libc::SYS_io_submit,
    libc::SYS_fanotify_init,
    libc::SYS_fanotify_mark,
    libc::SYS_lookup_dcookie,
    libc::SYS_nfsservctl,
    libc::SYS_vhangup,
    // the machine
    libc::SYS_kexec_load,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_acct,
    libc::SYS_quotactl,
    libc::SYS_quotactl_fd,
    libc::SYS_syslog,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    // files by handle
    libc::SYS_open_by_handle_at,
    libc::SYS_name_to_handle_at,
    // what outlives its process: System V IPC and message queues
    libc::SYS_shmget,
    libc::SYS_shmat,
    libc::SYS_shmctl,
    libc::SYS_shmdt,
    libc::SYS_semget,
    libc::SYS_semop,
    libc::SYS_semtimedop,
    libc::SYS_semctl,
    libc::SYS_msgget,
    libc::SYS_msgsnd,
    libc::SYS_msgrcv,
    libc::SYS_msgctl,
    libc::SYS_mq_open,
    libc::SYS_mq_unlink,
    libc::SYS_mq_timedsend,
    libc::SYS_mq_timedreceive,
    libc::SYS_mq_notify,
    libc::SYS_mq_getsetattr,
    // moving pages of others
    libc::SYS_move_pages,
];

#[cfg(target_arch = "x86_64")]
fn only_here() -> Vec<(libc::c_long, Fate)> {
    let denied = [
        libc::SYS_kexec_file_load,
        libc::SYS_iopl,
        libc::SYS_ioperm,
        libc::SYS_modify_ldt,
        libc::SYS_uselib,
        libc::SYS__sysctl,
    ];
    let mut list: Vec<_> = denied.into_iter().map(|call| (call, DENIED)).collect();
    list.push((libc::SYS_inotify_init, Fate::Fail(libc::EMFILE)));
    list
}

#[cfg(not(target_arch = "x86_64"))]
fn only_here() -> Vec<(libc::c_long, Fate)> {
    Vec::new()
}

/// A filter that the kernel takes.
///
/// # Panics
/// The list has outgrown the jumps of the kernel's language, which a test would have shown.
pub(super) fn build() -> Vec<libc::sock_filter> {
    let listed = listed();
    // Runs of numbers with one fate each: the first number of each.
    let mut runs: Vec<(u32, Fate)> = vec![(0, Fate::Allow)];
    for (call, fate) in listed {
        let call = u32::try_from(call).expect("numbers of calls are small");
        if runs.last().is_some_and(|(first, _)| *first == call) {
            runs.pop();
        }
        if runs.last().is_none_or(|(_, last)| *last != fate) {
            runs.push((call, fate));
        }
        runs.push((call + 1, Fate::Allow));
    }
    runs.push((NEWEST + 1, ABSENT));
    let mut code = vec![
        load(ARCH),
        jump(BPF_JEQ, ARCHITECTURE, 1, 0),
        finish(libc::SECCOMP_RET_KILL_PROCESS),
        load(NUMBER),
    ];
    code.extend(tree(&runs));
    code
}

/// The code that finds the run of the loaded number and decides.
fn tree(runs: &[(u32, Fate)]) -> Vec<libc::sock_filter> {
    if let [(_, fate)] = runs {
        return decide(*fate);
    }
    let (low, high) = runs.split_at(runs.len() / 2);
    let (left, right) = (tree(low), tree(high));
    let mut code = Vec::with_capacity(left.len() + right.len() + 2);
    match u8::try_from(left.len()) {
        Ok(over) => code.push(jump(BPF_JGE, high[0].0, over, 0)),
        // Jumps on a condition reach 255; one without reaches anywhere.
        Err(_) => {
            code.push(jump(BPF_JGE, high[0].0, 0, 1));
            code.push(statement(
                BPF_JMP,
                u32::try_from(left.len()).expect("a filter is short"),
            ));
        }
    }
    code.extend(left);
    code.extend(right);
    code
}

fn decide(fate: Fate) -> Vec<libc::sock_filter> {
    let fail = |errno: i32| finish(libc::SECCOMP_RET_ERRNO | errno.unsigned_abs());
    match fate {
        Fate::Allow => vec![finish(libc::SECCOMP_RET_ALLOW)],
        Fate::Fail(errno) => vec![fail(errno)],
        Fate::Only {
            argument: at,
            mask,
            values,
        }
        | Fate::Never {
            argument: at,
            mask,
            values,
        } => {
            let allow = finish(libc::SECCOMP_RET_ALLOW);
            let only = matches!(fate, Fate::Only { .. });
            let denied = if at == 0 && values == [libc::AF_UNIX as u32] {
                libc::EAFNOSUPPORT
            } else {
                libc::EPERM
            };
            let (matched, other) = if only {
                (allow, fail(denied))
            } else {
                (fail(denied), allow)
            };
            let mut code = vec![load(argument(at)), statement(BPF_ALU | BPF_AND, mask)];
            for (index, value) in values.iter().enumerate() {
                let over = u8::try_from(values.len() - index).expect("lists of values are short");
                code.push(jump(BPF_JEQ, *value, over, 0));
            }
            code.extend([other, matched]);
            code
        }
    }
}

fn load(offset: u32) -> libc::sock_filter {
    statement(BPF_LD | BPF_W | BPF_ABS, offset)
}

fn finish(fate: u32) -> libc::sock_filter {
    statement(BPF_RET, fate)
}

fn statement(code: u32, k: u32) -> libc::sock_filter {
    libc::sock_filter {
        code: (code | BPF_K) as u16,
        jt: 0,
        jf: 0,
        k,
    }
}

fn jump(kind: u32, k: u32, jt: u8, jf: u8) -> libc::sock_filter {
    libc::sock_filter {
        code: (BPF_JMP | kind | BPF_K) as u16,
        jt,
        jf,
        k,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the filter says of a call, as the kernel would evaluate it.
    fn verdict(call: libc::c_long, arguments: [u32; 2]) -> u32 {
        let (code, mut at, mut loaded) = (build(), 0, 0);
        loop {
            let step = code[at];
            at += 1;
            match u32::from(step.code) {
                code if code == BPF_LD | BPF_W | BPF_ABS => {
                    loaded = match step.k {
                        ARCH => ARCHITECTURE,
                        NUMBER => call as u32,
                        offset => arguments[usize::try_from((offset - 16) / 8).unwrap()],
                    };
                }
                code if code == BPF_ALU | BPF_AND => loaded &= step.k,
                code if code == BPF_JMP | BPF_JEQ => {
                    at += usize::from(if loaded == step.k { step.jt } else { step.jf })
                }
                code if code == BPF_JMP | BPF_JGE => {
                    at += usize::from(if loaded >= step.k { step.jt } else { step.jf })
                }
                BPF_JMP => at += usize::try_from(step.k).unwrap(),
                BPF_RET => return step.k,
                other => panic!("unknown instruction {other}"),
            }
        }
    }

    #[test]
    fn denies_what_is_listed_and_nothing_else() {
        let fail = |errno: i32| libc::SECCOMP_RET_ERRNO | errno.unsigned_abs();
        for call in DENIED_CALLS {
            assert_eq!(verdict(call, [0, 0]), fail(libc::EPERM), "call {call}");
        }
        let listed: Vec<_> = listed().into_iter().map(|(call, _)| call).collect();
        for call in (0..=i64::from(NEWEST)).filter(|call| !listed.contains(call)) {
            assert_eq!(verdict(call, [0, 0]), libc::SECCOMP_RET_ALLOW, "call {call}");
        }
        assert_eq!(verdict(i64::from(NEWEST) + 1, [0, 0]), fail(libc::ENOSYS));
        assert_eq!(
            verdict(0x4000_0000, [0, 0]),
            fail(libc::ENOSYS),
            "the other calling convention"
        );
    }

    #[test]
    fn looks_at_arguments() {
        let fail = |errno: i32| libc::SECCOMP_RET_ERRNO | errno.unsigned_abs();
        assert_eq!(
            verdict(libc::SYS_socket, [libc::AF_UNIX as u32, 0]),
            libc::SECCOMP_RET_ALLOW
        );
        for family in [
            libc::AF_INET,
            libc::AF_INET6,
            libc::AF_NETLINK,
            libc::AF_PACKET,
            libc::AF_VSOCK,
            libc::AF_ALG,
        ] {
            assert_eq!(
                verdict(libc::SYS_socket, [family as u32, 0]),
                fail(libc::EAFNOSUPPORT)
            );
        }
        assert_eq!(
            verdict(libc::SYS_clone, [libc::SIGCHLD as u32, 0]),
            libc::SECCOMP_RET_ALLOW
        );
        assert_eq!(
            verdict(libc::SYS_clone, [libc::CLONE_NEWUSER as u32, 0]),
            fail(libc::EPERM)
        );
        assert_eq!(
            verdict(libc::SYS_fcntl, [0, libc::F_SETLEASE as u32]),
            fail(libc::EPERM)
        );
        assert_eq!(
            verdict(libc::SYS_fcntl, [0, libc::F_SETFD as u32]),
            libc::SECCOMP_RET_ALLOW
        );
        assert_eq!(verdict(libc::SYS_ioctl, [0, 0x5412]), fail(libc::EPERM));
        assert_eq!(verdict(libc::SYS_personality, [0, 0]), libc::SECCOMP_RET_ALLOW);
        assert_eq!(verdict(libc::SYS_personality, [8, 0]), fail(libc::EPERM));
    }
}
