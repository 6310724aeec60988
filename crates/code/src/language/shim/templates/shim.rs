//! Written by Spar from the item's signature: makes calls on the type of main.rs, with what all shims share.
#![allow(warnings)]

#[path = "main.rs"]
mod solution;
// `crate::` in main.rs means main.rs.
use solution::*;

mod spar_shim {
    use std::collections::HashMap;
    use std::sync::Arc;

    use spar_runtime::{Decode, Done, Encode, Json, counted, decoded, not_made, timed};

    use super::solution;

@GENERATED@
}

fn main() {
    spar_shim::start()
}
