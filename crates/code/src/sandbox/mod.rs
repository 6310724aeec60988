//! The sandbox: programs run by the broker, seen from the judge.
