//! The judge and its sandbox, through their public surfaces.

#[cfg(target_os = "linux")]
mod abuse;
#[cfg(target_os = "linux")]
mod compiling;
#[cfg(target_os = "linux")]
mod fixture;
#[cfg(target_os = "linux")]
mod grading;
#[cfg(target_os = "linux")]
mod protocol;
#[cfg(target_os = "linux")]
mod sandbox;
#[cfg(target_os = "linux")]
mod shims;
#[cfg(target_os = "linux")]
mod workshop;
