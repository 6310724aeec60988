// Mistake: saves the note, which takes a while, between looking for the key and storing it. A retry that comes in
// the meantime finds nothing and makes a second note.
const MAX_NOTE_BYTES = 1000;
const MAX_NOTES = 10;
const MAX_KEY_BYTES = 64;
const TEXT = { "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff" };

const NOTE = /^\/notes\/n([1-9][0-9]{0,14})$/;
const READER = /^\/notes\/n([1-9][0-9]{0,14})\/readers\/([a-z0-9-]{1,32})$/;
const ID = /^n([1-9][0-9]{0,14})$/;
const LIMIT = /^[0-9]{1,3}$/;

/** An answer that is not the one hoped for. */
class Refused extends Error {
  constructor(status, headers = {}) {
    super(`refused with ${status}`);
    this.response = response(status, headers);
  }
}

export class NotesApi {
  last = 0;
  /** Number -> { owner, text, version, readers }. Numbers only grow, so the map is in their order. */
  notes = new Map();
  /** User -> key -> { body, answer }. Maps and not objects: `constructor` is a name like any other. */
  created = new Map();

  async handle(request) {
    try {
      return await this.answer(request);
    } catch (error) {
      if (error instanceof Refused) return error.response;
      throw error;
    }
  }

  answer(request) {
    if (request.user === "") throw new Refused(401);
    const mark = request.path.indexOf("?");
    const path = mark === -1 ? request.path : request.path.slice(0, mark);
    const query = mark === -1 ? "" : request.path.slice(mark + 1);
    if (path === "/notes") {
      allow(request, "GET", "POST");
      return request.method === "GET" ? this.list(request, query) : this.create(request);
    }
    const reader = READER.exec(path);
    if (reader !== null) {
      allow(request, "DELETE", "PUT");
      return this.share(this.visible(Number(reader[1]), request), reader[2], request.method === "PUT");
    }
    const match = NOTE.exec(path);
    if (match === null) throw new Refused(404);
    allow(request, "DELETE", "GET", "PUT");
    const number = Number(match[1]);
    const note = this.visible(number, request);
    if (request.method === "GET") return this.read(note, request);
    if (request.method === "PUT") return this.replace(note, request);
    return this.delete(number, note, request);
  }

  visible(number, request) {
    const note = this.notes.get(number);
    if (note === undefined || !mayRead(note, request.user)) throw new Refused(404);
    if (note.owner !== request.user && request.method !== "GET") throw new Refused(403);
    return note;
  }

  list(request, query) {
    const { limit, after } = parsePage(query);
    let body = "";
    let left = limit;
    for (const [number, note] of this.notes) {
      if (left === 0) break;
      if (number > after && mayRead(note, request.user)) {
        body += `n${number}\n`;
        left -= 1;
      }
    }
    return response(200, { ...TEXT }, body);
  }

  async create(request) {
    checkText(request.body);
    const key = header(request, "idempotency-key");
    if (key !== undefined && (key === "" || Buffer.byteLength(key) > MAX_KEY_BYTES)) throw new Refused(400);
    // A retry comes before the quota: it wants no place.
    const known = key === undefined ? undefined : this.created.get(request.user)?.get(key);
    if (known !== undefined) {
      if (known.body !== request.body) throw new Refused(422);
      return known.answer;
    }
    let owned = 0;
    for (const note of this.notes.values()) if (note.owner === request.user) owned += 1;
    if (owned >= MAX_NOTES) throw new Refused(409);
    await save(request);
    this.last += 1;
    const note = { owner: request.user, text: request.body, version: 1, readers: new Set() };
    this.notes.set(this.last, note);
    const answer = response(201, { Location: `/notes/n${this.last}`, ETag: tagOf(note) });
    if (key !== undefined) {
      if (!this.created.has(request.user)) this.created.set(request.user, new Map());
      this.created.get(request.user).set(key, { body: request.body, answer });
    }
    return answer;
  }

  read(note, request) {
    const tag = tagOf(note);
    const tags = header(request, "if-none-match");
    if (tags !== undefined && names(tags, tag, true)) return response(304, { ETag: tag });
    return response(200, { ETag: tag, ...TEXT }, note.text);
  }

  replace(note, request) {
    checkText(request.body);
    const tags = header(request, "if-match");
    if (tags === undefined) throw new Refused(428);
    if (!names(tags, tagOf(note), false)) throw new Refused(412);
    note.text = request.body;
    note.version += 1;
    return response(204, { ETag: tagOf(note) });
  }

  delete(number, note, request) {
    const tags = header(request, "if-match");
    if (tags !== undefined && !names(tags, tagOf(note), false)) throw new Refused(412);
    this.notes.delete(number);
    return response(204);
  }

  share(note, name, share) {
    if (share) note.readers.add(name);
    else note.readers.delete(name);
    return response(204);
  }
}

/** Stands for a database. */
function save() {
  return new Promise((resolve) => setImmediate(resolve));
}

function response(status, headers = {}, body = "") {
  return { status, headers, body };
}

function allow(request, ...methods) {
  if (!methods.includes(request.method)) throw new Refused(405, { Allow: methods.join(", ") });
}

function mayRead(note, user) {
  return note.owner === user || note.readers.has(user);
}

function tagOf(note) {
  return `"${note.version}"`;
}

function header(request, name) {
  return Object.entries(request.headers).find(([given]) => given.toLowerCase() === name)?.[1];
}

function names(tags, tag, weak) {
  if (tags.trim() === "*") return true;
  const listed = tags.split(",").map((one) => one.trim());
  return listed.includes(tag) || (weak && listed.includes(`W/${tag}`));
}

function checkText(text) {
  if (Buffer.byteLength(text) > MAX_NOTE_BYTES) throw new Refused(413);
  if (text === "" || text.includes("\0")) throw new Refused(400);
}

function parsePage(query) {
  let limit;
  let after;
  for (const parameter of query.split("&")) {
    const mark = parameter.indexOf("=");
    const name = mark === -1 ? parameter : parameter.slice(0, mark);
    const value = mark === -1 ? "" : parameter.slice(mark + 1);
    if (name === "limit") {
      if (limit !== undefined || !LIMIT.test(value)) throw new Refused(400);
      limit = Number(value);
      if (limit < 1 || limit > 100) throw new Refused(400);
    } else if (name === "after") {
      const match = ID.exec(value);
      if (after !== undefined || match === null) throw new Refused(400);
      after = Number(match[1]);
    }
  }
  return { limit: limit ?? 20, after: after ?? 0 };
}
