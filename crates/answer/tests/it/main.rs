//! The grader through its public surface, over the shipped bank and with the real encoder.

mod coach;
mod questioning;
mod shipped;
mod trust;
