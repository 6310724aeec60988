//! Shims: what stands between the judge's lines and the class that the candidate writes.
//!
//! A shim is generated from the [`Signature`] for each language and runs in the candidate's process, in a file of
//! its own beside the candidate's, which stays as submitted. It reads calls as lines of JSON and answers each with
//! one line:
//!
//! - `{"id":7,"op":"init","args":[..]}` makes the class, the data folder first where the signature is durable;
//! - `{"id":8,"op":"put","args":[..]}` calls a method; with `"c":2` on the thread (in JavaScript the queue) of that
//!   client, where the signature is concurrent;
//! - `{"id":9,"op":"@par","args":[[{"op":..,"args":[..]},..],..]}` runs each list on a thread of its own, all let
//!   go at once (JavaScript: as asynchronous tasks); answered with a list for each thread of
//!   `[reply, began_ns, ended_ns]`, stamped by the system's monotonic clock;
//! - answers are `{"id":7,"ok":value}` or `{"id":7,"err":"text"}` when the class raised an error or its value is
//!   none of JSON's; a line that is no call gets `{"id":null,"err":"bad line"}`; the end of the input ends the
//!   program with code 0.
//!
//! Whole numbers beyond 2^53 are texts where the type is `int`. A record is told by its declared fields, whatever
//! else the candidate keeps in it, and what a method without a result gives back is `null`.

mod go;
mod rust;
mod spec;
mod spelling;
mod starter;

use domain::{Language, Signature};

pub(super) use rust::RUNTIME as RUST_RUNTIME;
pub use starter::starter;

/// What the generated files are called. A shim says them in its first lines, and compilers in their messages.
pub const FILES: [&str; 4] = ["shim.py", "shim.mjs", "shim.go", "shim.rs"];

/// The shim's files: name and text.
pub fn generate(language: Language, signature: &Signature) -> Vec<(String, String)> {
    let [python, javascript, go, rust] = FILES;
    let (name, text) = match language {
        Language::Python => {
            let spec = spec::json(signature, spelling::python);
            (
                python,
                include_str!("templates/shim.py").replace("@SPEC@", &spec.to_string()),
            )
        }
        Language::Javascript | Language::Typescript => {
            let spec = spec::json(signature, spelling::camel);
            (
                javascript,
                include_str!("templates/shim.js").replace("@SPEC@", &spec.to_string()),
            )
        }
        Language::Go => (go, go::shim(signature)),
        Language::Rust => (rust, rust::shim(signature)),
    };
    vec![(name.to_owned(), text)]
}
