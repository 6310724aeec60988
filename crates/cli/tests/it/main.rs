//! The binary as a user runs it: exit code, standard output, standard error.

mod commands;
mod durability;
mod papers;
mod plan;
mod reading;
mod regrade;
mod spar;
mod speech;
