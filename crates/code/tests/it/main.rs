//! The judge and its sandbox, through their public surfaces.

#[cfg(target_os = "linux")]
mod sandbox;
