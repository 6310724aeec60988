//! What all shims of Rust share, compiled once for each compiler: reading and writing JSON, and serving calls.
//! The program's own standard input and output are set aside, so that `println!` is a log.

mod json;

use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::fd::FromRawFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier, Mutex, mpsc};

use json::read;
pub use json::Json;

pub const BIG: i64 = 1 << 53; // beyond this, whole numbers travel as text
const MAX_TRACES: u32 = 8; // more of them would fill the log
const MAX_ERROR: usize = 2000;

unsafe extern "C" {
    fn dup(fd: i32) -> i32;
    fn dup2(from: i32, to: i32) -> i32;
    fn fcntl(fd: i32, command: i32, value: i32) -> i32;
    fn clock_gettime(clock: i32, time: *mut [i64; 2]) -> i32;
}

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
pub fn timed<R>(call: impl FnOnce() -> R, encode: impl FnOnce(R, &mut String) -> Result<(), String>) -> Done {
    let began = now();
    let result = catch_unwind(AssertUnwindSafe(call));
    let ended = now();
    let reply = result.map_err(panicked).and_then(|value| {
        let mut out = String::new();
        encode(value, &mut out).map(|()| out)
    });
    Done { reply, began, ended }
}

pub fn decoded<T: Decode>(args: &[Json], i: usize) -> Result<T, String> {
    T::decode(args.get(i).unwrap_or(&Json::Null))
}

pub fn counted(op: &str, args: &[Json], want: usize) -> Result<(), String> {
    let differ = args.len() != want;
    if differ { Err(format!("{op} takes {want} arguments, not {}", args.len())) } else { Ok(()) }
}

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

pub fn not_made() -> Done {
    Done { reply: Err("the class was not made".to_owned()), began: 0, ended: 0 }
}

pub fn failed(text: String) -> Done {
    Done { reply: Err(text), began: 0, ended: 0 }
}

/// What makes a call: the operation and its arguments.
pub type Call<'a> = dyn Fn(&str, &[Json]) -> Result<Done, String> + Send + Sync + 'a;

fn parsed<'a>(input: &'a mut Input, text: &'a mut Vec<u8>) -> Option<Option<Line>> {
    text.clear();
    let whole = matches!(input.read_until(b'\n', text), Ok(1..)) && text.pop() == Some(b'\n');
    whole.then(|| line(text))
}

/// Serves a class that one thread calls.
pub fn plain(call: &mut dyn FnMut(&str, &[Json]) -> Result<Done, String>) -> ! {
    let (mut input, out) = start();
    let mut text = Vec::new();
    while let Some(line) = parsed(&mut input, &mut text) {
        match line {
            None => out.send("null", "\"err\":\"bad line\""),
            Some(line) => out.send(&line.id, &call(&line.op, &line.args).unwrap_or_else(failed).body()),
        }
    }
    std::process::exit(0)
}

/// Runs scripts on a thread each, let go at one moment.
fn par(call: &Call<'_>, args: &[Json]) -> Result<String, String> {
    let mut scripts = Vec::new();
    for script in args {
        let Json::List(calls) = script else { return unlike(script, "script") };
        let mut known = Vec::new();
        for one in calls {
            let (Json::Str(op), Json::List(args)) = (one.get("op"), one.get("args")) else {
                return unlike(one, "call");
            };
            known.push((op, args));
        }
        scripts.push(known);
    }
    let barrier = Barrier::new(scripts.len());
    let run = |script: &[(&String, &Vec<Json>)]| -> Vec<Done> {
        barrier.wait();
        script.iter().map(|(op, args)| call(op, args).unwrap_or_else(failed)).collect()
    };
    let done: Vec<Vec<Done>> = std::thread::scope(|scope| {
        let threads: Vec<_> = scripts.iter().map(|script| scope.spawn(|| run(script))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or_default()).collect()
    });
    let told = |done: &Done| format!("[{{{}}},{},{}]", done.body(), done.began, done.ended);
    let lists: Vec<String> = done
        .iter()
        .map(|replies| format!("[{}]", replies.iter().map(told).collect::<Vec<_>>().join(",")))
        .collect();
    Ok(format!("[{}]", lists.join(",")))
}

fn answer(object: &Option<Arc<Call<'static>>>, line: &Line, out: &Out) {
    let done = match (object, line.op.as_str()) {
        (None, _) => not_made(),
        (Some(call), "@par") => Done { reply: par(&**call, &line.args), began: 0, ended: 0 },
        (Some(call), op) => call(op, &line.args).unwrap_or_else(failed),
    };
    out.send(&line.id, &done.body());
}

/// A queue of calls and the thread that makes them.
struct Client {
    calls: mpsc::Sender<(Option<Arc<Call<'static>>>, Line)>,
    thread: std::thread::JoinHandle<()>,
}

impl Client {
    fn start(out: &Arc<Out>) -> Self {
        let (calls, waiting) = mpsc::channel::<(Option<Arc<Call<'static>>>, Line)>();
        let out = Arc::clone(out);
        let work = move || waiting.iter().for_each(|(object, line)| answer(&object, &line, &out));
        Self { calls, thread: std::thread::spawn(work) }
    }
}

/// Serves a class that many threads call. `make` gives what calls the object it made.
pub fn concurrent(make: &dyn Fn(&[Json]) -> Result<(Done, Option<Arc<Call<'static>>>), String>) -> ! {
    let (mut input, out) = start();
    let mut object: Option<Arc<Call<'static>>> = None;
    let mut clients: BTreeMap<i64, Client> = BTreeMap::new();
    let mut text = Vec::new();
    while let Some(line) = parsed(&mut input, &mut text) {
        match line {
            None => out.send("null", "\"err\":\"bad line\""),
            Some(line) if line.op == "init" => {
                let (done, made) = make(&line.args).unwrap_or_else(|text| (failed(text), None));
                object = made;
                out.send(&line.id, &done.body());
            }
            Some(line) => match line.client {
                Some(client) if line.op != "@par" => {
                    let client = clients.entry(client).or_insert_with(|| Client::start(&out));
                    let _ = client.calls.send((object.clone(), line));
                }
                _ => answer(&object, &line, &out),
            },
        }
    }
    for (_, client) in clients {
        drop(client.calls);
        let _ = client.thread.join();
    }
    std::process::exit(0)
}

fn quiet_after_some_panics() {
    static TRACES: AtomicU32 = AtomicU32::new(0);
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if TRACES.fetch_add(1, Ordering::Relaxed) < MAX_TRACES {
            tell(info);
        }
    }));
}

type Input = BufReader<File>;

fn start() -> (Input, Arc<Out>) {
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
    (BufReader::with_capacity(1 << 16, unsafe { File::from_raw_fd(input) }), out)
}
