# Mistake: a method that holds the lock calls another one that takes it. A plain lock waits for itself, for ever.
import re
import threading
from dataclasses import dataclass, field

MAX_NOTE_BYTES = 1000
MAX_NOTES = 10
MAX_KEY_BYTES = 64
TEXT = {"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff"}

# `[0-9]` and `fullmatch`: `\d` takes digits of all scripts, and `$` a newline at the end.
NOTE = re.compile(r"/notes/n([1-9][0-9]{0,14})")
READER = re.compile(r"/notes/n([1-9][0-9]{0,14})/readers/([a-z0-9-]{1,32})")
ID = re.compile(r"n([1-9][0-9]{0,14})")
LIMIT = re.compile(r"[0-9]{1,3}")


@dataclass
class Request:
    method: str
    path: str
    user: str
    headers: dict[str, str]
    body: str


@dataclass
class Response:
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


@dataclass
class Note:
    owner: str
    text: str
    version: int = 1
    readers: set[str] = field(default_factory=set)

    @property
    def tag(self):
        return f'"{self.version}"'


class Refused(Exception):
    def __init__(self, status, **headers):
        self.response = Response(status, headers)


class NotesApi:
    def __init__(self):
        self.lock = threading.Lock()
        self.last = 0
        self.notes: dict[int, Note] = {}
        # (user, key) -> (body, response)
        self.created = {}

    def handle(self, request: Request) -> Response:
        try:
            return self.answer(request)
        except Refused as refused:
            return refused.response

    def answer(self, request):
        if not request.user:
            raise Refused(401)
        path, _, query = request.path.partition("?")
        if path == "/notes":
            action = self.action(request, GET=self.list, POST=self.create)
            return action(request, query)
        if match := NOTE.fullmatch(path):
            action = self.action(request, DELETE=self.delete, GET=self.read, PUT=self.replace)
        elif match := READER.fullmatch(path):
            action = self.action(request, DELETE=self.unshare, PUT=self.share)
        else:
            raise Refused(404)
        number, *name = match.groups()
        note = self.visible(int(number), request)
        return action(int(number), note, *name) if name else action(int(number), note, request)

    def action(self, request, **actions):
        if request.method not in actions:
            raise Refused(405, Allow=", ".join(actions))
        return actions[request.method]

    def visible(self, number, request):
        note = self.notes.get(number)
        if note is None or (request.user != note.owner and request.user not in note.readers):
            raise Refused(404)
        if request.user != note.owner and request.method != "GET":
            raise Refused(403)
        return note

    def list(self, request, query):
        limit, after = parse_page(query)
        numbers = [
            number
            for number, note in self.notes.items()
            if number > after and (note.owner == request.user or request.user in note.readers)
        ]
        # Numbers only grow, so the dict is in their order.
        return Response(200, dict(TEXT), "".join(f"n{number}\n" for number in numbers[:limit]))

    def owned(self, user):
        with self.lock:
            return sum(note.owner == user for note in self.notes.values())

    def create(self, request, query):
        with self.lock:
            return self.create_locked(request)

    def create_locked(self, request):
        check_text(request.body)
        key = header(request, "idempotency-key")
        if key is not None and not 1 <= len(key.encode()) <= MAX_KEY_BYTES:
            raise Refused(400)
        # A retry comes before the quota: it wants no place.
        if key is not None and (known := self.created.get((request.user, key))):
            body, response = known
            if body != request.body:
                raise Refused(422)
            return response
        if self.owned(request.user) >= MAX_NOTES:
            raise Refused(409)
        self.last += 1
        note = self.notes[self.last] = Note(request.user, request.body)
        response = Response(201, {"Location": f"/notes/n{self.last}", "ETag": note.tag})
        if key is not None:
            self.created[request.user, key] = (request.body, response)
        return response

    def read(self, number, note, request):
        if names(header(request, "if-none-match"), note.tag, weak=True):
            return Response(304, {"ETag": note.tag})
        return Response(200, {"ETag": note.tag, **TEXT}, note.text)

    def replace(self, number, note, request):
        check_text(request.body)
        tags = header(request, "if-match")
        if tags is None:
            raise Refused(428)
        if not names(tags, note.tag, weak=False):
            raise Refused(412)
        note.text = request.body
        note.version += 1
        return Response(204, {"ETag": note.tag})

    def delete(self, number, note, request):
        tags = header(request, "if-match")
        if tags is not None and not names(tags, note.tag, weak=False):
            raise Refused(412)
        del self.notes[number]
        return Response(204)

    def share(self, number, note, name):
        note.readers.add(name)
        return Response(204)

    def unshare(self, number, note, name):
        note.readers.discard(name)
        return Response(204)


def header(request, name):
    return next((value for given, value in request.headers.items() if given.lower() == name), None)


def names(tags, tag, weak):
    if tags is None:
        return False
    listed = [one.strip() for one in tags.split(",")]
    return listed == ["*"] or tag in listed or (weak and f"W/{tag}" in listed)


def check_text(text):
    if len(text.encode()) > MAX_NOTE_BYTES:
        raise Refused(413)
    if not text or "\0" in text:
        raise Refused(400)


def parse_page(query):
    given = {}
    for parameter in query.split("&"):
        name, _, value = parameter.partition("=")
        if name in ("limit", "after"):
            if name in given:
                raise Refused(400)
            given[name] = value
    limit, after = 20, 0
    if "limit" in given:
        if not LIMIT.fullmatch(given["limit"]) or not 1 <= int(given["limit"]) <= 100:
            raise Refused(400)
        limit = int(given["limit"])
    if "after" in given:
        match = ID.fullmatch(given["after"])
        if not match:
            raise Refused(400)
        after = int(match[1])
    return limit, after
