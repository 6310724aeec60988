//! The self-test: hostile programs, run before anybody else's.

use std::io::Read as _;
use std::time::Duration;

use super::{Config, Error, Exit, Limits, Run, Sandbox, Stop};

/// Below what the programs try, above what they need to begin.
const LIMITS: Limits = Limits {
    cpu: Duration::from_secs(10),
    wall: Duration::from_secs(30),
    memory: 64 << 20,
    processes: 32,
    file: 1 << 20,
    disk: 4 << 20,
    inodes: 64,
    cores: 1.0,
};

/// Runs each program and sees that it did no harm.
pub(super) fn run(sandbox: &Sandbox, config: &Config) -> Result<(), Error> {
    let program = config
        .program
        .canonicalize()
        .map_err(|source| Error::Io("find its own program", source))?;
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    for probe in broker::PROBES {
        let argv = [
            format!("/app/{name}"),
            broker::ARGUMENT.to_owned(),
            "probe".to_owned(),
            probe.to_owned(),
        ];
        let mut slot = sandbox.lease()?;
        let mut process = slot.spawn(&Run {
            argv: &argv,
            env: &[],
            app: program.parent(),
            files: &[],
            keep: false,
            take: &[],
            limits: LIMITS,
        })?;
        let outcome = loop {
            if let Some(outcome) = process.wait_for(Duration::from_secs(60))? {
                break outcome;
            }
        };
        // Running out of memory is what is wanted of that one; each other comes to its end.
        let held = match outcome.stop {
            None => outcome.exit == Exit::Code(0),
            Some(stop) => probe == "memory" && stop == Stop::Memory,
        };
        if !held {
            let mut said = String::new();
            // Bounded by the pipe, whose writers are all dead.
            (&mut process.stderr)
                .take(4096)
                .read_to_string(&mut said)
                .unwrap_or_default();
            let why = if said.is_empty() {
                format!("it ended with {:?}, {:?}", outcome.exit, outcome.stop)
            } else {
                said
            };
            return Err(Error::NotContained { program: probe, why });
        }
    }
    Ok(())
}
