//! Processes, threads, memory and time.

use std::time::Duration;

use code::sandbox::{Exit, Limits, Stop};

use super::{Row, all, short, small, waiting};
use crate::sandbox::stage::{Ran, Wish};

/// A run that was stopped for one of these.
fn stopped(ran: &Ran, reasons: &[Stop]) -> bool {
    ran.outcome.stop.is_some_and(|stop| reasons.contains(&stop))
}

fn ended(ran: &Ran, exit: Exit) -> bool {
    ran.outcome.stop.is_none() && ran.outcome.exit == exit
}

fn few(ran: &Ran) -> bool {
    // The program itself and what the limit of 32 leaves it.
    ran.out
        .trim()
        .parse::<u32>()
        .is_ok_and(|made| (1..=33).contains(&made))
}

/// Four spinners on a twentieth of a core.
fn slow() -> Wish<'static> {
    let limits = Limits {
        cpu: Duration::from_millis(100),
        cores: 0.05,
        ..small()
    };
    Wish {
        limits,
        ..Wish::default()
    }
}

const fn row(
    number: &'static str,
    words: &'static [&'static str],
    wish: fn() -> Wish<'static>,
    held: fn(&Ran) -> bool,
) -> Row {
    Row {
        number,
        words,
        wish,
        held,
    }
}

pub(super) const ROWS: &[Row] = &[
    row("1", &["processes", "bomb"], short, |ran| {
        stopped(ran, &[Stop::Cpu, Stop::Wall, Stop::Memory])
    }),
    row("1", &["processes", "children"], short, few),
    row("2", &["processes", "threads"], short, few),
    row("3", &["processes", "chain"], short, |ran| {
        ended(ran, Exit::Code(0)) && ran.elapsed < Duration::from_secs(5)
    }),
    row("4", &["processes", "touch"], short, |ran| {
        stopped(ran, &[Stop::Memory])
    }),
    row("5", &["processes", "family"], short, |ran| {
        stopped(ran, &[Stop::Memory])
    }),
    row("6", &["processes", "reserve"], short, |ran| {
        ended(ran, Exit::Code(0))
    }),
    row("19", &["processes", "others"], short, |ran| {
        ended(ran, Exit::Code(0)) && ran.out.is_empty()
    }),
    row("23", &["processes", "kill-all"], short, |ran| {
        ended(ran, Exit::Code(0))
    }),
    row("23", &["processes", "stop"], waiting, |ran| {
        stopped(ran, &[Stop::Wall])
    }),
    row("23", &["processes", "stop-group"], waiting, |ran| {
        stopped(ran, &[Stop::Wall])
    }),
    row("24", &["processes", "stubborn"], short, |ran| {
        stopped(ran, &[Stop::Cpu])
    }),
    row("25", &["honest", "abort"], short, |ran| {
        ended(ran, Exit::Signal(6))
    }),
    row("25", &["honest", "signal", "15"], short, |ran| {
        ended(ran, Exit::Signal(15))
    }),
    row("25", &["honest", "signal", "9"], short, |ran| {
        ended(ran, Exit::Signal(9))
    }),
    row("25", &["honest", "segv"], short, |ran| {
        ended(ran, Exit::Signal(11))
    }),
    row("25", &["processes", "divide"], short, |ran| {
        ended(ran, Exit::Signal(8))
    }),
    row("40, 42", &["processes", "daemon"], short, |ran| {
        ended(ran, Exit::Code(0)) && ran.elapsed < Duration::from_secs(4)
    }),
    row("41", &["processes", "zombies"], short, |ran| {
        ended(ran, Exit::Code(0))
    }),
    row("43", &["processes", "sleep"], waiting, |ran| {
        stopped(ran, &[Stop::Wall])
    }),
    row(
        "44",
        &["processes", "read"],
        || Wish {
            open: true,
            ..waiting()
        },
        |ran| stopped(ran, &[Stop::Wall]),
    ),
    row("44", &["processes", "read"], short, |ran| {
        ended(ran, Exit::Code(3))
    }),
    row("45", &["processes", "unflushed"], waiting, |ran| {
        stopped(ran, &[Stop::Wall]) && ran.out.is_empty()
    }),
    row("46", &["processes", "closed-spin"], short, |ran| {
        stopped(ran, &[Stop::Cpu])
    }),
    row("47", &["processes", "clock"], short, |ran| {
        stopped(ran, &[Stop::Cpu])
    }),
    row("31", &["processes", "user"], short, |ran| ran.out == "0 0\n"),
    row("39", &["processes", "session"], short, |ran| {
        ended(ran, Exit::Code(0))
    }),
    row("49", &["processes", "environment"], short, |ran| {
        ran.out == "PATH=/usr/bin:/bin\n"
    }),
    row("56", &["processes", "exec"], short, |ran| {
        ended(ran, Exit::Code(3))
    }),
    row("59", &["processes", "spinners"], short, |ran| {
        stopped(ran, &[Stop::Cpu]) && ran.outcome.cpu >= small().cpu && ran.outcome.cpu < small().cpu * 2
    }),
    row("59", &["processes", "spinners"], slow, |ran| {
        stopped(ran, &[Stop::Cpu]) && ran.outcome.wall > Duration::from_millis(1500)
    }),
    row("73", &["processes", "deep"], short, |ran| {
        ended(ran, Exit::Signal(11)) || stopped(ran, &[Stop::Memory])
    }),
    row("74", &["processes", "xcpu"], short, |ran| {
        stopped(ran, &[Stop::Cpu])
    }),
    row("75", &["processes", "core"], short, |ran| {
        ended(ran, Exit::Signal(6))
    }),
    row("77, 78", &["processes", "scheduling"], short, |ran| {
        ran.out == "-1 -1 -1\n"
    }),
];

#[test]
fn processes_are_held() {
    all(ROWS);
}
