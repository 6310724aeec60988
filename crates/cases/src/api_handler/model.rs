//! A right notes API, one request at a time, and the ways in which it can be broken.

use std::collections::{BTreeMap, BTreeSet};

use super::message::{Request, Response};

/// Most bytes of a note.
pub(super) const MAX_NOTE_BYTES: usize = 1_000;

/// Most notes of one owner: few enough that a case of a dozen calls reaches it.
pub(super) const MAX_NOTES: usize = 10;

/// Longest idempotency key in bytes.
pub(super) const MAX_KEY_BYTES: usize = 64;

/// How many ids a list has when the request does not say.
pub(super) const DEFAULT_LIMIT: usize = 20;

/// A bug that real programs have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bug {
    LenientId,
    NoAllow,
    SizeInCharacters,
    ReaderWrites,
    StrangerForbidden,
    HeaderCase,
    WeakIfMatch,
    OneTag,
    SameTextSameVersion,
    MatchBeforeOwner,
    KeyOfAnyone,
    KeyIgnoresBody,
    QuotaBeforeReplay,
    ErrorStored,
    IdReused,
    ListsEverything,
    StaysReader,
}

/// Each bug with its slug and what is broken.
pub(super) const BUGS: [(Bug, &str, &str); 17] = [
    (Bug::LenientId, "lenient-id", "`n01` is taken for `n1`."),
    (
        Bug::NoAllow,
        "no-allow",
        "405 does not say which methods are allowed.",
    ),
    (
        Bug::SizeInCharacters,
        "size-in-characters",
        "The size of a note is counted in characters.",
    ),
    (
        Bug::ReaderWrites,
        "reader-writes",
        "Who may read a note may also change it.",
    ),
    (
        Bug::StrangerForbidden,
        "stranger-forbidden",
        "403 tells a stranger that the note exists.",
    ),
    (
        Bug::HeaderCase,
        "header-case",
        "Request headers are found in one spelling only.",
    ),
    (
        Bug::WeakIfMatch,
        "weak-if-match",
        "A weak tag satisfies If-Match.",
    ),
    (
        Bug::OneTag,
        "one-tag",
        "A list of tags is compared as if it were one.",
    ),
    (
        Bug::SameTextSameVersion,
        "same-version",
        "A PUT of the same text keeps the version.",
    ),
    (
        Bug::MatchBeforeOwner,
        "match-before-owner",
        "If-Match is looked at before who asks.",
    ),
    (
        Bug::KeyOfAnyone,
        "key-of-anyone",
        "Idempotency keys of different users are one.",
    ),
    (
        Bug::KeyIgnoresBody,
        "key-ignores-body",
        "A known key with another body replays the old answer.",
    ),
    (
        Bug::QuotaBeforeReplay,
        "quota-before-replay",
        "A retry is refused once the quota is full.",
    ),
    (
        Bug::ErrorStored,
        "error-stored",
        "An error is stored under the key and comes back for ever.",
    ),
    (
        Bug::IdReused,
        "id-reused",
        "The id of a deleted note is given again.",
    ),
    (
        Bug::ListsEverything,
        "lists-everything",
        "The list holds notes that the user may not read.",
    ),
    (
        Bug::StaysReader,
        "stays-reader",
        "A reader who was removed can still read.",
    ),
];

/// The state of the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Api {
    bug: Option<Bug>,
    /// Number of the last note made.
    last: u64,
    notes: BTreeMap<u64, Note>,
    /// What was made under a user and a key: the body asked for, and the answer.
    made: BTreeMap<(String, String), (String, Response)>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Note {
    owner: String,
    text: String,
    version: u64,
    readers: BTreeSet<String>,
}

/// What a path names.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Resource<'a> {
    Notes,
    Note(u64),
    Reader(u64, &'a str),
}

impl Resource<'_> {
    fn allow(&self) -> &'static str {
        match self {
            Resource::Notes => "GET, POST",
            Resource::Note(_) => "DELETE, GET, PUT",
            Resource::Reader(..) => "DELETE, PUT",
        }
    }
}

impl Api {
    pub(super) fn new(bug: Option<Bug>) -> Self {
        Self {
            bug,
            ..Self::default()
        }
    }

    /// Answers a request.
    pub(super) fn handle(&mut self, request: &Request) -> Response {
        self.answer(request).unwrap_or_else(|refusal| refusal)
    }

    fn answer(&mut self, request: &Request) -> Result<Response, Response> {
        let refuse = |status| Err(Response::of(status));
        if request.user.is_empty() {
            return refuse(401);
        }
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let Some(resource) = self.resource(path) else {
            return refuse(404);
        };
        let method = request.method.as_str();
        if !resource.allow().split(", ").any(|allowed| allowed == method) {
            let refusal = Response::of(405);
            return Err(if self.has(Bug::NoAllow) {
                refusal
            } else {
                refusal.with("Allow", resource.allow())
            });
        }
        let number = match resource {
            Resource::Notes if method == "GET" => return self.list(&request.user, query),
            Resource::Notes => return self.create(request),
            Resource::Note(number) | Resource::Reader(number, _) => number,
        };
        self.authorise(number, request)?;
        match resource {
            Resource::Reader(_, name) => Ok(self.share(number, name, method == "PUT")),
            _ if method == "GET" => Ok(self.read(number, request)),
            _ if method == "PUT" => self.replace(number, request),
            _ => self.delete(number, request),
        }
    }

    fn authorise(&self, number: u64, request: &Request) -> Result<(), Response> {
        let Some(note) = self.notes.get(&number) else {
            return Err(Response::of(404));
        };
        if self.has(Bug::MatchBeforeOwner) && request.method == "PUT" {
            self.precondition(note, request)?;
        }
        if note.owner == request.user {
            return Ok(());
        }
        if !note.readers.contains(&request.user) {
            return Err(Response::of(if self.has(Bug::StrangerForbidden) {
                403
            } else {
                404
            }));
        }
        let may = request.method == "GET" || (self.has(Bug::ReaderWrites) && request.method == "PUT");
        if may { Ok(()) } else { Err(Response::of(403)) }
    }

    fn list(&self, user: &str, query: &str) -> Result<Response, Response> {
        let (limit, after) = page(query).ok_or_else(|| Response::of(400))?;
        let may =
            |note: &Note| self.has(Bug::ListsEverything) || note.owner == user || note.readers.contains(user);
        let ids = self
            .notes
            .iter()
            .filter(|(number, note)| **number > after && may(note))
            .take(limit);
        let body = ids.map(|(number, _)| format!("n{number}\n")).collect();
        Ok(Response {
            body,
            ..Response::of(200)
        }
        .with("Content-Type", TEXT)
        .with("X-Content-Type-Options", "nosniff"))
    }

    fn create(&mut self, request: &Request) -> Result<Response, Response> {
        self.fits(&request.body)?;
        let key = self.header(request, "Idempotency-Key").map(str::to_owned);
        if key
            .as_ref()
            .is_some_and(|key| key.is_empty() || key.len() > MAX_KEY_BYTES)
        {
            return Err(Response::of(400));
        }
        let owned = self
            .notes
            .values()
            .filter(|note| note.owner == request.user)
            .count();
        let full = owned >= MAX_NOTES;
        if full && self.has(Bug::QuotaBeforeReplay) {
            return Err(Response::of(409));
        }
        let user = if self.has(Bug::KeyOfAnyone) {
            String::new()
        } else {
            request.user.clone()
        };
        let key = key.map(|key| (user, key));
        if let Some((body, answer)) = key.as_ref().and_then(|key| self.made.get(key)) {
            let same = *body == request.body || self.has(Bug::KeyIgnoresBody);
            return if same {
                Ok(answer.clone())
            } else {
                Err(Response::of(422))
            };
        }
        if full {
            if let Some(key) = key.filter(|_| self.has(Bug::ErrorStored)) {
                self.made.insert(key, (request.body.clone(), Response::of(409)));
            }
            return Err(Response::of(409));
        }
        self.last = if self.has(Bug::IdReused) {
            self.notes.keys().next_back().map_or(1, |highest| highest + 1)
        } else {
            self.last + 1
        };
        let note = Note {
            owner: request.user.clone(),
            text: request.body.clone(),
            version: 1,
            readers: BTreeSet::new(),
        };
        let answer = Response::of(201)
            .with("ETag", "\"1\"")
            .with("Location", &format!("/notes/n{}", self.last));
        self.notes.insert(self.last, note);
        if let Some(key) = key {
            self.made.insert(key, (request.body.clone(), answer.clone()));
        }
        Ok(answer)
    }

    fn read(&self, number: u64, request: &Request) -> Response {
        let note = &self.notes[&number];
        let tag = note.tag();
        let known = self
            .header(request, "If-None-Match")
            .is_some_and(|tags| self.lists(tags, &tag, true));
        if known {
            return Response::of(304).with("ETag", &tag);
        }
        Response {
            body: note.text.clone(),
            ..Response::of(200)
        }
        .with("ETag", &tag)
        .with("Content-Type", TEXT)
        .with("X-Content-Type-Options", "nosniff")
    }

    fn replace(&mut self, number: u64, request: &Request) -> Result<Response, Response> {
        self.fits(&request.body)?;
        self.precondition(&self.notes[&number], request)?;
        let keep = self.has(Bug::SameTextSameVersion);
        // It was found when the request was authorised.
        let Some(note) = self.notes.get_mut(&number) else {
            return Err(Response::of(404));
        };
        note.version += u64::from(!(keep && note.text == request.body));
        note.text.clone_from(&request.body);
        Ok(Response::of(204).with("ETag", &note.tag()))
    }

    fn delete(&mut self, number: u64, request: &Request) -> Result<Response, Response> {
        if self.header(request, "If-Match").is_some() {
            self.precondition(&self.notes[&number], request)?;
        }
        self.notes.remove(&number);
        Ok(Response::of(204))
    }

    fn share(&mut self, number: u64, name: &str, share: bool) -> Response {
        let stays = self.has(Bug::StaysReader);
        if let Some(note) = self.notes.get_mut(&number) {
            if share {
                note.readers.insert(name.to_owned());
            } else if !stays {
                note.readers.remove(name);
            }
        }
        Response::of(204)
    }

    fn precondition(&self, note: &Note, request: &Request) -> Result<(), Response> {
        match self.header(request, "If-Match") {
            None => Err(Response::of(428)),
            Some(tags) if self.lists(tags, &note.tag(), self.has(Bug::WeakIfMatch)) => Ok(()),
            Some(_) => Err(Response::of(412)),
        }
    }

    fn fits(&self, body: &str) -> Result<(), Response> {
        let size = if self.has(Bug::SizeInCharacters) {
            body.chars().count()
        } else {
            body.len()
        };
        if size > MAX_NOTE_BYTES {
            return Err(Response::of(413));
        }
        if body.is_empty() || body.contains('\0') {
            Err(Response::of(400))
        } else {
            Ok(())
        }
    }

    /// Whether `tags` of a header names the tag. A weak one (`W/`) counts where `weak` is allowed.
    fn lists(&self, tags: &str, tag: &str, weak: bool) -> bool {
        let named = |one: &str| one == tag || (weak && one.strip_prefix("W/") == Some(tag));
        let tags = tags.trim();
        let of_list = if self.has(Bug::OneTag) {
            named(tags)
        } else {
            tags.split(',').any(|one| named(one.trim()))
        };
        tags == "*" || of_list
    }

    fn header<'a>(&self, request: &'a Request, name: &str) -> Option<&'a str> {
        let is = |given: &str| {
            if self.has(Bug::HeaderCase) {
                given == name
            } else {
                given.eq_ignore_ascii_case(name)
            }
        };
        request
            .headers
            .iter()
            .find(|(given, _)| is(given))
            .map(|(_, value)| value.as_str())
    }

    fn resource<'a>(&self, path: &'a str) -> Option<Resource<'a>> {
        let mut parts = path.strip_prefix("/notes")?.split('/');
        if !parts.next()?.is_empty() {
            return None;
        }
        let Some(id) = parts.next() else {
            return Some(Resource::Notes);
        };
        let lenient = |id: &str| id.strip_prefix('n')?.trim().parse::<u64>().ok();
        let number = if self.has(Bug::LenientId) {
            lenient(id)
        } else {
            id_number(id)
        }?;
        match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => Some(Resource::Note(number)),
            (Some("readers"), Some(name), None) if is_name(name) => Some(Resource::Reader(number, name)),
            _ => None,
        }
    }

    fn has(&self, bug: Bug) -> bool {
        self.bug == Some(bug)
    }
}

/// The type of a note.
const TEXT: &str = "text/plain; charset=utf-8";

impl Note {
    fn tag(&self) -> String {
        format!("\"{}\"", self.version)
    }
}

/// The number of an id: `n` and 1 to 15 digits, the first of them no zero.
fn id_number(id: &str) -> Option<u64> {
    let digits = id.strip_prefix('n')?;
    let fits = (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if fits && !digits.starts_with('0') {
        digits.parse().ok()
    } else {
        None
    }
}

fn is_name(name: &str) -> bool {
    let of_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=32).contains(&name.len()) && name.bytes().all(of_name)
}

/// How many ids and after which number, or nothing where the query is not allowed.
fn page(query: &str) -> Option<(usize, u64)> {
    let (mut limit, mut after) = (None, None);
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let twice = match name {
            "limit" => {
                let digits =
                    (1..=3).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit());
                let number = value
                    .parse()
                    .ok()
                    .filter(|number| digits && (1..=100).contains(number))?;
                limit.replace(number).is_some()
            }
            "after" => after.replace(id_number(value)?).is_some(),
            _ => false,
        };
        if twice {
            return None;
        }
    }
    Some((limit.unwrap_or(DEFAULT_LIMIT), after.unwrap_or(0)))
}
