// Mistake: a RefCell in a type that several threads call. The compiler refuses it.
use std::collections::{BTreeMap, HashMap, HashSet};
use std::cell::RefCell;

const MAX_NOTE_BYTES: usize = 1000;
const MAX_NOTES: usize = 10;
const MAX_KEY_BYTES: usize = 64;

#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub user: String,
    pub headers: HashMap<String, String>,
    pub body: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    pub status: i64,
    pub headers: HashMap<String, String>,
    pub body: String,
}

struct Note {
    owner: String,
    text: String,
    version: u64,
    readers: HashSet<String>,
}

#[derive(Default)]
struct State {
    notes: BTreeMap<u64, Note>,
    last: u64,
    /// By user and key: the body and the answer.
    created: HashMap<(String, String), (String, Response)>,
}

pub struct NotesApi {
    state: RefCell<State>,
}

impl NotesApi {
    pub fn new() -> Self {
        Self { state: RefCell::default() }
    }

    pub fn handle(&self, request: Request) -> Response {
        self.state.borrow_mut().answer(&request).unwrap_or_else(|refused| refused)
    }
}

/// An answer, or the one that refuses the request.
type Answer = Result<Response, Response>;

enum Resource<'a> {
    Notes,
    Note(u64),
    Reader(u64, &'a str),
}

impl State {
    fn answer(&mut self, request: &Request) -> Answer {
        if request.user.is_empty() {
            return Err(status(401));
        }
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let resource = resource(path).ok_or_else(|| status(404))?;
        let methods: &[&str] = match resource {
            Resource::Notes => &["GET", "POST"],
            Resource::Note(_) => &["DELETE", "GET", "PUT"],
            Resource::Reader(..) => &["DELETE", "PUT"],
        };
        let method = request.method.as_str();
        if !methods.contains(&method) {
            return Err(with(405, &[("Allow", &methods.join(", "))], ""));
        }
        match (resource, method) {
            (Resource::Notes, "GET") => self.list(&request.user, query),
            (Resource::Notes, _) => self.create(request),
            (Resource::Reader(number, name), _) => {
                let readers = &mut self.visible(number, request)?.readers;
                if method == "PUT" {
                    readers.insert(name.to_owned());
                } else {
                    readers.remove(name);
                }
                Ok(status(204))
            }
            (Resource::Note(number), "GET") => Ok(read(self.visible(number, request)?, request)),
            (Resource::Note(number), "PUT") => replace(self.visible(number, request)?, request),
            (Resource::Note(number), _) => {
                let note = self.visible(number, request)?;
                if header(request, "If-Match").is_some_and(|tags| !names(tags, &note.tag(), false)) {
                    return Err(status(412));
                }
                self.notes.remove(&number);
                Ok(status(204))
            }
        }
    }

    /// The note, or what hides or refuses it.
    fn visible(&mut self, number: u64, request: &Request) -> Result<&mut Note, Response> {
        let readable = |note: &&mut Note| note.readable(&request.user);
        let note = self.notes.get_mut(&number).filter(readable).ok_or_else(|| status(404))?;
        if note.owner != request.user && request.method != "GET" {
            return Err(status(403));
        }
        Ok(note)
    }

    fn list(&self, user: &str, query: &str) -> Answer {
        let (limit, after) = page(query).ok_or_else(|| status(400))?;
        let readable = self.notes.range(after + 1..).filter(|(_, note)| note.readable(user));
        let body: String = readable.take(limit).map(|(number, _)| format!("n{number}\n")).collect();
        Ok(text(&[], &body))
    }

    fn create(&mut self, request: &Request) -> Answer {
        check_text(&request.body)?;
        let key = header(request, "Idempotency-Key");
        if key.is_some_and(|key| key.is_empty() || key.len() > MAX_KEY_BYTES) {
            return Err(status(400));
        }
        let key = key.map(|key| (request.user.clone(), key.to_owned()));
        // A retry comes before the quota: it wants no place.
        if let Some((body, response)) = key.as_ref().and_then(|key| self.created.get(key)) {
            return if *body == request.body { Ok(response.clone()) } else { Err(status(422)) };
        }
        if self.notes.values().filter(|note| note.owner == request.user).count() >= MAX_NOTES {
            return Err(status(409));
        }
        self.last += 1;
        let note = Note {
            owner: request.user.clone(),
            text: request.body.clone(),
            version: 1,
            readers: HashSet::new(),
        };
        let location = format!("/notes/n{}", self.last);
        let response = with(201, &[("Location", &location), ("ETag", &note.tag())], "");
        self.notes.insert(self.last, note);
        if let Some(key) = key {
            self.created.insert(key, (request.body.clone(), response.clone()));
        }
        Ok(response)
    }
}

impl Note {
    fn tag(&self) -> String {
        format!("\"{}\"", self.version)
    }

    fn readable(&self, user: &str) -> bool {
        self.owner == user || self.readers.contains(user)
    }
}

fn read(note: &Note, request: &Request) -> Response {
    let tag = note.tag();
    if header(request, "If-None-Match").is_some_and(|tags| names(tags, &tag, true)) {
        return with(304, &[("ETag", &tag)], "");
    }
    text(&[("ETag", &tag)], &note.text)
}

fn replace(note: &mut Note, request: &Request) -> Answer {
    check_text(&request.body)?;
    let tags = header(request, "If-Match").ok_or_else(|| status(428))?;
    if !names(tags, &note.tag(), false) {
        return Err(status(412));
    }
    note.text.clone_from(&request.body);
    note.version += 1;
    Ok(with(204, &[("ETag", &note.tag())], ""))
}

fn status(code: i64) -> Response {
    with(code, &[], "")
}

fn text(headers: &[(&str, &str)], body: &str) -> Response {
    let mut response = with(200, headers, body);
    let fixed = [("Content-Type", "text/plain; charset=utf-8"), ("X-Content-Type-Options", "nosniff")];
    response.headers.extend(fixed.map(|(name, value)| (name.to_owned(), value.to_owned())));
    response
}

fn with(status: i64, headers: &[(&str, &str)], body: &str) -> Response {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Response { status, headers: headers.iter().map(owned).collect(), body: body.to_owned() }
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let found = request.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}

fn names(tags: &str, tag: &str, weak: bool) -> bool {
    let named = |one: &str| one == tag || (weak && one.strip_prefix("W/") == Some(tag));
    tags.trim() == "*" || tags.split(',').any(|one| named(one.trim()))
}

fn check_text(text: &str) -> Result<(), Response> {
    if text.len() > MAX_NOTE_BYTES {
        return Err(status(413));
    }
    if text.is_empty() || text.contains('\0') { Err(status(400)) } else { Ok(()) }
}

fn resource(path: &str) -> Option<Resource<'_>> {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["", "notes"] => Some(Resource::Notes),
        ["", "notes", id] => Some(Resource::Note(parse_id(id)?)),
        ["", "notes", id, "readers", name] => {
            let of_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            let fits = (1..=32).contains(&name.len()) && name.bytes().all(of_name);
            if fits { Some(Resource::Reader(parse_id(id)?, name)) } else { None }
        }
        _ => None,
    }
}

/// The number of an id. `parse` alone would take `+1` and `01`.
fn parse_id(id: &str) -> Option<u64> {
    let digits = id.strip_prefix('n')?;
    let fits = digits.len() <= 15 && !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
    if fits { digits.parse().ok() } else { None }
}

/// How many ids, and behind which number.
fn page(query: &str) -> Option<(usize, u64)> {
    let (mut limit, mut after) = (None, None);
    for parameter in query.split('&') {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let twice = match name {
            "limit" => {
                let digits = value.len() <= 3 && value.bytes().all(|b| b.is_ascii_digit());
                let number = value.parse().ok().filter(|n| digits && (1..=100).contains(n))?;
                limit.replace(number).is_some()
            }
            "after" => after.replace(parse_id(value)?).is_some(),
            _ => false,
        };
        if twice {
            return None;
        }
    }
    Some((limit.unwrap_or(20), after.unwrap_or(0)))
}
