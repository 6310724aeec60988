//! Written by Spar from the item's signature: reads calls as lines of JSON and makes them on the type of main.rs.
//! The program's own standard input and output are set aside, so that `println!` is a log.
#![allow(warnings)]

#[path = "main.rs"]
mod solution;
// `crate::` in main.rs means main.rs.
use solution::*;

mod spar {
    use std::any::Any;
    use std::collections::{BTreeMap, HashMap};
    use std::fs::File;
    use std::io::{BufRead, BufReader, Write};
    use std::os::fd::FromRawFd;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::{Arc, Barrier, Mutex, mpsc};

    use super::solution;

    pub const BIG: i64 = 1 << 53; // beyond this, whole numbers travel as text
    const MAX_TRACES: u32 = 8; // more of them would fill the log
    const MAX_ERROR: usize = 2000;
    const MAX_DEPTH: u32 = 100;

    unsafe extern "C" {
        fn dup(fd: i32) -> i32;
        fn dup2(from: i32, to: i32) -> i32;
        fn fcntl(fd: i32, command: i32, value: i32) -> i32;
        fn clock_gettime(clock: i32, time: *mut [i64; 2]) -> i32;
    }

@CODEC@
    pub trait Decode: Sized {
        fn decode(json: &Json) -> Result<Self, String>;
    }

    fn unlike<T>(json: &Json, what: &str) -> Result<T, String> {
        Err(format!("{json:?} is no {what}"))
    }

    impl Decode for i64 {
        fn decode(json: &Json) -> Result<Self, String> {
            match json {
                Json::Int(value) => Ok(*value),
                Json::Str(text) => text.parse().or_else(|_| unlike(json, "int")),
                _ => unlike(json, "int"),
            }
        }
    }

    impl Decode for f64 {
        fn decode(json: &Json) -> Result<Self, String> {
            match json {
                Json::Int(value) => Ok(*value as f64),
                Json::Float(value) => Ok(*value),
                _ => unlike(json, "float"),
            }
        }
    }

    impl Decode for bool {
        fn decode(json: &Json) -> Result<Self, String> {
            if let Json::Bool(value) = json { Ok(*value) } else { unlike(json, "bool") }
        }
    }

    impl Decode for String {
        fn decode(json: &Json) -> Result<Self, String> {
            if let Json::Str(value) = json { Ok(value.clone()) } else { unlike(json, "str") }
        }
    }

    impl<T: Decode> Decode for Option<T> {
        fn decode(json: &Json) -> Result<Self, String> {
            if *json == Json::Null { Ok(None) } else { T::decode(json).map(Some) }
        }
    }

    impl<T: Decode> Decode for Vec<T> {
        fn decode(json: &Json) -> Result<Self, String> {
            let Json::List(values) = json else { return unlike(json, "list") };
            values.iter().map(T::decode).collect()
        }
    }

    impl<T: Decode> Decode for HashMap<String, T> {
        fn decode(json: &Json) -> Result<Self, String> {
            let Json::Map(pairs) = json else { return unlike(json, "map") };
            pairs.iter().map(|(key, value)| Ok((key.clone(), T::decode(value)?))).collect()
        }
    }

    pub trait Encode {
        fn encode(&self, out: &mut String) -> Result<(), String>;
    }

    impl Encode for () {
        fn encode(&self, out: &mut String) -> Result<(), String> {
            out.push_str("null");
            Ok(())
        }
    }

    impl Encode for bool {
        fn encode(&self, out: &mut String) -> Result<(), String> {
            out.push_str(if *self { "true" } else { "false" });
            Ok(())
        }
    }

    impl Encode for i64 {
        fn encode(&self, out: &mut String) -> Result<(), String> {
            let small = (1 - BIG..BIG).contains(self);
            out.push_str(&if small { self.to_string() } else { format!("\"{self}\"") });
            Ok(())
        }
    }

    impl Encode for f64 {
        fn encode(&self, out: &mut String) -> Result<(), String> {
            if !self.is_finite() {
                return Err(format!("{self} cannot be an answer"));
            }
            out.push_str(&format!("{self:?}"));
            Ok(())
        }
    }

    impl Encode for str {
        fn encode(&self, out: &mut String) -> Result<(), String> {
            out.push('"');
            for c in self.chars() {
                match c {
                    '"' => out.push_str("\\\""),
                    '\\' => out.push_str("\\\\"),
                    '\0'..='\u{1f}' => out.push_str(&format!("\\u{:04x}", c as u32)),
                    _ => out.push(c),
                }
            }
            out.push('"');
            Ok(())
        }
    }

    impl Encode for String {
        fn encode(&self, out: &mut String) -> Result<(), String> {
            self.as_str().encode(out)
        }
    }

    impl<T: Encode + ?Sized> Encode for &T {
        fn encode(&self, out: &mut String) -> Result<(), String> {
            (*self).encode(out)
        }
    }

    impl<T: Encode> Encode for Option<T> {
        fn encode(&self, out: &mut String) -> Result<(), String> {
            match self {
                Some(value) => value.encode(out),
                None => ().encode(out),
            }
        }
    }

    impl<T: Encode> Encode for Vec<T> {
        fn encode(&self, out: &mut String) -> Result<(), String> {
            out.push('[');
            for (i, value) in self.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                value.encode(out)?;
            }
            out.push(']');
            Ok(())
        }
    }

    pub fn encode_pairs<'a, T: Encode + ?Sized + 'a>(
        pairs: impl Iterator<Item = (&'a str, &'a T)>,
        out: &mut String,
    ) -> Result<(), String> {
        out.push('{');
        for (i, (key, value)) in pairs.enumerate() {
            if i > 0 {
                out.push(',');
            }
            key.encode(out)?;
            out.push(':');
            value.encode(out)?;
        }
        out.push('}');
        Ok(())
    }

    impl<T: Encode> Encode for HashMap<String, T> {
        fn encode(&self, out: &mut String) -> Result<(), String> {
            encode_pairs(self.iter().map(|(key, value)| (key.as_str(), value)), out)
        }
    }

    impl<T: Encode> Encode for BTreeMap<String, T> {
        fn encode(&self, out: &mut String) -> Result<(), String> {
            encode_pairs(self.iter().map(|(key, value)| (key.as_str(), value)), out)
        }
    }

    /// What a call came to, with the system's monotonic clock before and after, in nanoseconds.
    pub struct Done {
        reply: Result<String, String>,
        began: i64,
        ended: i64,
    }

    impl Done {
        fn body(&self) -> String {
            let mut body = String::new();
            match &self.reply {
                Ok(json) => body = format!("\"ok\":{json}"),
                Err(text) => {
                    body.push_str("\"err\":");
                    let short: String = text.chars().take(MAX_ERROR).collect();
                    let _ = short.encode(&mut body);
                }
            }
            body
        }
    }

    fn now() -> i64 {
        const MONOTONIC: i32 = 1;
        let mut time = [0_i64; 2];
        unsafe { clock_gettime(MONOTONIC, &mut time) };
        time[0] * 1_000_000_000 + time[1]
    }

    fn panicked(reason: Box<dyn Any + Send>) -> String {
        match reason.downcast::<String>() {
            Ok(text) => *text,
            Err(reason) => reason.downcast_ref::<&str>().map_or("panic".to_owned(), |text| text.to_string()),
        }
    }

    /// Makes a call; a panic is its error.
    fn timed<R>(call: impl FnOnce() -> R, encode: impl FnOnce(R, &mut String) -> Result<(), String>) -> Done {
        let began = now();
        let result = catch_unwind(AssertUnwindSafe(call));
        let ended = now();
        let reply = result.map_err(panicked).and_then(|value| {
            let mut out = String::new();
            encode(value, &mut out).map(|()| out)
        });
        Done { reply, began, ended }
    }

    fn decoded<T: Decode>(args: &[Json], i: usize) -> Result<T, String> {
        T::decode(args.get(i).unwrap_or(&Json::Null))
    }

    fn counted(op: &str, args: &[Json], want: usize) -> Result<(), String> {
        let differ = args.len() != want;
        if differ { Err(format!("{op} takes {want} arguments, not {}", args.len())) } else { Ok(()) }
    }

@GENERATED@
    struct Out(Mutex<File>);

    impl Out {
        fn send(&self, id: &str, body: &str) {
            let line = format!("{{\"id\":{id},{body}}}\n");
            if self.0.lock().unwrap_or_else(|held| held.into_inner()).write_all(line.as_bytes()).is_err() {
                std::process::exit(1);
            }
        }
    }

    struct Line {
        id: String,
        op: String,
        args: Vec<Json>,
        client: Option<i64>,
    }

    fn line(bytes: &[u8]) -> Option<Line> {
        let json = read(std::str::from_utf8(bytes).ok()?)?;
        let (Json::Int(id), Json::Str(op), Json::List(args)) = (json.get("id"), json.get("op"), json.get("args")) else {
            return None;
        };
        let client = if let Json::Int(client) = json.get("c") { Some(*client) } else { None };
        Some(Line { id: id.to_string(), op: op.clone(), args: args.clone(), client })
    }

    fn not_made() -> Done {
        Done { reply: Err("the class was not made".to_owned()), began: 0, ended: 0 }
    }

    fn failed(text: String) -> Done {
        Done { reply: Err(text), began: 0, ended: 0 }
    }

@PLAIN_OR_CONCURRENT@
    fn quiet_after_some_panics() {
        static TRACES: AtomicU32 = AtomicU32::new(0);
        let tell = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if TRACES.fetch_add(1, Ordering::Relaxed) < MAX_TRACES {
                tell(info);
            }
        }));
    }

    pub fn start() {
        const CLOSE_ON_EXEC: [i32; 2] = [2, 1]; // F_SETFD, FD_CLOEXEC
        quiet_after_some_panics();
        let (input, answers) = unsafe { (dup(0), dup(1)) };
        unsafe {
            for fd in [input, answers] {
                fcntl(fd, CLOSE_ON_EXEC[0], CLOSE_ON_EXEC[1]);
            }
            dup2(2, 1);
        }
        if let Ok(null) = File::open("/dev/null") {
            unsafe { dup2(std::os::fd::AsRawFd::as_raw_fd(&null), 0) };
        }
        let out = Arc::new(Out(Mutex::new(unsafe { File::from_raw_fd(answers) })));
        serve(BufReader::with_capacity(1 << 16, unsafe { File::from_raw_fd(input) }), &out);
        std::process::exit(0);
    }
}

fn main() {
    spar::start();
}
