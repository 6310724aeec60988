//! The grader through its public surface, over the shipped bank and with the real encoder.

mod mistakes;
mod clarifying;
mod questioning;
mod shipped;
mod trust;
