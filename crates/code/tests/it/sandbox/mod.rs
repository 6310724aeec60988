//! Programs in the sandbox.

mod honest;
mod life;
pub(crate) mod stage;
