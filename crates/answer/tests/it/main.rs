//! The grader through its public surface, over the shipped bank and with the real encoder.

mod clarifying;
mod mistakes;
mod questioning;
mod shipped;
mod story;
mod trust;
