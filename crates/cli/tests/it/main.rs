//! The binary as a user runs it: exit code, standard output, standard error.

mod coach;
mod commands;
mod durability;
mod loops;
mod papers;
mod plan;
mod programs;
mod reading;
mod regrade;
mod review;
mod sets;
mod spar;
mod speech;
