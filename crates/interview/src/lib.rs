//! The mock loop: stages against a clock, the interviewer, what went wrong and when, the hiring scorecard. Pure.
