"""Another way: routes in a table, a note is the list of its versions, and a queue hands requests to one thread."""
import queue
import threading
from dataclasses import dataclass

ROUTES = {
    ("notes",): {"GET": "index", "POST": "add"},
    ("notes", "id"): {"DELETE": "remove", "GET": "show", "PUT": "change"},
    ("notes", "id", "readers", "name"): {"DELETE": "lock_out", "PUT": "let_in"},
}
LOWER = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
DIGITS = frozenset("0123456789")


@dataclass
class Request:
    method: str
    path: str
    user: str
    headers: dict
    body: str


@dataclass
class Response:
    status: int
    headers: dict
    body: str


class NotesApi:
    def __init__(self):
        self.inbox = queue.Queue()
        self.owners, self.versions, self.readers = {}, {}, {}
        self.replies = {}
        self.count = 0
        threading.Thread(target=self.work, daemon=True).start()

    def handle(self, request):
        reply = queue.SimpleQueue()
        self.inbox.put((request, reply))
        return reply.get()

    def work(self):
        while True:
            request, reply = self.inbox.get()
            status, headers, body = self.dispatch(request)
            reply.put(Response(status, headers, body))

    def dispatch(self, request):
        if request.user == "":
            return 401, {}, ""
        path, _, query = request.path.partition("?")
        found = self.route(path)
        if found is None:
            return 404, {}, ""
        methods, number, name = found
        if request.method not in methods:
            return 405, {"Allow": ",".join(methods)}, ""
        headers = {given.lower(): value for given, value in request.headers.items()}
        act = getattr(self, methods[request.method])
        if number is None:
            return act(request, headers, query)
        if request.user != self.owners.get(number):
            if request.user not in self.readers.get(number, ()):
                return 404, {}, ""
            if request.method != "GET":
                return 403, {}, ""
        return act(number, name, request, headers)

    def route(self, path):
        parts = path.split("/")
        if parts[0] != "":
            return None
        for pattern, methods in ROUTES.items():
            if len(parts) - 1 != len(pattern):
                continue
            number = name = None
            for wanted, part in zip(pattern, parts[1:]):
                if wanted == "id":
                    number = id_number(part)
                    if number is None:
                        return None
                elif wanted == "name":
                    if not 1 <= len(part) <= 32 or not LOWER.issuperset(part):
                        return None
                    name = part
                elif wanted != part:
                    return None
            return methods, number, name
        return None

    def index(self, request, headers, query):
        page = {"limit": None, "after": None}
        for pair in query.split("&"):
            name, _, value = pair.partition("=")
            if name not in page:
                continue
            if page[name] is not None:
                return 400, {}, ""
            page[name] = value
        limit, after = 20, 0
        if page["limit"] is not None:
            text = page["limit"]
            if not 1 <= len(text) <= 3 or not DIGITS.issuperset(text) or not 1 <= int(text) <= 100:
                return 400, {}, ""
            limit = int(text)
        if page["after"] is not None:
            after = id_number(page["after"])
            if after is None:
                return 400, {}, ""
        mine = [n for n, owner in self.owners.items() if owner == request.user]
        mine += [n for n, readers in self.readers.items() if request.user in readers and n not in mine]
        wanted = [n for n in sorted(mine) if n > after][:limit]
        return 200, text_headers(), "".join("n%d\n" % n for n in wanted)

    def add(self, request, headers, query):
        problem = text_problem(request.body)
        key = headers.get("idempotency-key")
        if problem is None and key is not None and not 0 < len(key.encode()) <= 64:
            problem = 400
        if problem is not None:
            return problem, {}, ""
        stored = self.replies.get(request.user, {}).get(key) if key is not None else None
        if stored is not None:
            return stored[1] if stored[0] == request.body else (422, {}, "")
        if list(self.owners.values()).count(request.user) == 10:
            return 409, {}, ""
        self.count += 1
        self.owners[self.count] = request.user
        self.versions[self.count] = [request.body]
        self.readers[self.count] = set()
        reply = 201, {"location": "/notes/n%d" % self.count, "etag": '"1"'}, ""
        if key is not None:
            self.replies.setdefault(request.user, {})[key] = request.body, reply
        return reply

    def show(self, number, name, request, headers):
        tag = self.tag(number)
        if matches(headers.get("if-none-match"), [tag, "W/" + tag]):
            return 304, {"etag": tag}, ""
        return 200, {"etag": tag, **text_headers()}, self.versions[number][-1]

    def change(self, number, name, request, headers):
        problem = text_problem(request.body)
        if problem is None and "if-match" not in headers:
            problem = 428
        elif problem is None and not matches(headers["if-match"], [self.tag(number)]):
            problem = 412
        if problem is not None:
            return problem, {}, ""
        self.versions[number].append(request.body)
        return 204, {"etag": self.tag(number)}, ""

    def remove(self, number, name, request, headers):
        if "if-match" in headers and not matches(headers["if-match"], [self.tag(number)]):
            return 412, {}, ""
        for table in (self.owners, self.versions, self.readers):
            del table[number]
        return 204, {}, ""

    def let_in(self, number, name, request, headers):
        self.readers[number] |= {name}
        return 204, {}, ""

    def lock_out(self, number, name, request, headers):
        self.readers[number] -= {name}
        return 204, {}, ""

    def tag(self, number):
        return '"%d"' % len(self.versions[number])


def id_number(text):
    digits = text[1:]
    if text[:1] != "n" or not 1 <= len(digits) <= 15 or digits[0] == "0" or not DIGITS.issuperset(digits):
        return None
    return int(digits)


def text_problem(text):
    if len(text.encode()) > 1000:
        return 413
    return 400 if text == "" or "\0" in text else None


def text_headers():
    return {"content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff"}


def matches(tags, wanted):
    if tags is None:
        return False
    given = [tag.strip() for tag in tags.split(",")]
    return given == ["*"] or any(tag in wanted for tag in given)
