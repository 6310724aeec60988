//! Bytes in, bytes out.

use std::time::Duration;

use cases::Transcript;

use super::{Broken, Ended, Fault, Life, Setup, TURN, flooded, waited_for};
use crate::sandbox::{Slot, Stop};

/// Runs a program on an input. It has ended when its main process has: what it leaves behind is killed with it
/// and holds nothing up.
pub(super) fn run(slot: &mut Slot<'_>, setup: &Setup<'_>, input: &[u8]) -> Result<Ended, Broken> {
    let mut life = Life::start(slot, setup, false)?;
    life.pipes.send(input);
    life.pipes.finish();
    let fault = listen(&mut life)?;
    let (outcome, mut pipes, waited) = life.end(fault.is_some())?;
    Ok(Ended {
        transcript: Transcript::Stdio {
            output: std::mem::take(&mut pipes.output),
        },
        exit: (fault.is_none() && outcome.stop.is_none()).then_some(outcome.exit),
        stop: outcome.stop.filter(|stop| *stop != Stop::Killed),
        fault,
        cpu: outcome.cpu,
        waited: waited_for(&outcome, waited),
        memory_peak: outcome.memory_peak,
        lives: 1,
        log: pipes.log,
        starved: false,
    })
}

/// Writes and reads until the program ends or must be ended.
fn listen(life: &mut Life<'_>) -> Result<Option<Fault>, Broken> {
    loop {
        let ended = life.pipes.has_ended();
        let moved = !ended && life.pipes.turn(TURN)?;
        if let Some(fault) = flooded(&life.pipes) {
            return Ok(Some(fault));
        }
        if moved {
            life.moved();
            continue;
        }
        let patience = if ended { TURN } else { Duration::ZERO };
        if life.has_ended(patience)? {
            return Ok(None);
        }
        if life.is_idle()? {
            return Ok(Some(Fault::Idle));
        }
    }
}
