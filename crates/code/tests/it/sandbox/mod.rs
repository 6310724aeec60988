//! Programs in the sandbox.

mod honest;
pub(crate) mod life;
pub(crate) mod stage;
