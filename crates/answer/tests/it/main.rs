//! The grader through its public surface, over the shipped bank and with the real encoder.

mod questioning;
mod shipped;
mod story;
mod trust;
