//! The judge from the outside: programs in, scorecards out.

mod fixture;
mod grading;
mod protocol;
