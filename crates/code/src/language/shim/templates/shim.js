// Written by Spar from the item's signature: reads calls as lines of JSON and makes them on the class of main.js.
// The program is started with its own standard input as descriptor 4 and its output as 3, and with descriptor 1
// on standard error: so `console.log` is a log.
import { isUtf8 } from "node:buffer";
import { writeSync } from "node:fs";
import { Socket } from "node:net";
import { hrtime } from "node:process";

const SPEC = @SPEC@;
const MAX_TRACES = 8; // more of them would fill the log
const MAX_ERROR = 2000;
const now = () => Number(hrtime.bigint());
const parse = JSON.parse;
const quote = JSON.stringify;
const exit = process.exit.bind(process);

function text(value) {
  if (!value.isWellFormed()) throw new TypeError("a text of the answer has half a surrogate pair");
  return quote(value);
}

function number(value) {
  if (!Number.isFinite(value)) throw new TypeError(`${value} cannot be an answer`);
  return Object.is(value, -0) ? "-0.0" : String(value);
}

function list(values, encode) {
  return `[${Array.from(values, (value) => encode(value)).join()}]`;
}

function pairs(entries, encode) {
  const encoded = [];
  for (const [key, value] of entries) {
    if (typeof key !== "string") throw new TypeError(`a map of the answer has the key ${String(key)}, which is no text`);
    encoded.push(`${text(key)}:${encode(value)}`);
  }
  return `{${encoded.join()}}`;
}

function plain(value) {
  if (value === null || value === undefined) return "null";
  switch (typeof value) {
    case "boolean":
      return value ? "true" : "false";
    case "number":
      return number(value);
    case "bigint":
      return String(value);
    case "string":
      return text(value);
    case "object":
      if (Array.isArray(value)) return list(value, plain);
      if (value instanceof Map) return pairs(value, plain);
      if (value instanceof Set || value instanceof Promise) break;
      return pairs(Object.entries(value), plain);
  }
  const name = typeof value === "object" ? value.constructor.name : typeof value;
  throw new TypeError(`a ${name} cannot be an answer`);
}

function whole(value) {
  if (typeof value === "number" && Number.isInteger(value)) value = BigInt(value);
  if (typeof value !== "bigint") return plain(value);
  const small = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
  return small ? String(value) : `"${value}"`;
}

function encoder(kind) {
  if (kind === "nothing") return () => "null";
  if (kind === "int") return (value) => (Number.isSafeInteger(value) ? String(value + 0) : whole(value));
  if (typeof kind === "string") return plain;
  const [shape, of] = kind;
  if (shape === "record") return (value) => encodeRecord(of, value);
  const inner = encoder(of);
  if (shape === "optional") return (value) => (value === null || value === undefined ? "null" : inner(value));
  if (shape === "list") return (value) => (Array.isArray(value) ? list(value, inner) : plain(value));
  return (value) => {
    if (value === null || typeof value !== "object" || Array.isArray(value)) return plain(value);
    return pairs(value instanceof Map ? value : Object.entries(value), inner);
  };
}

function encodeRecord(name, value) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return plain(value);
  return `{${fields.get(name).map((f) => `${quote(f.json)}:${f.encode(value[f.own])}`).join()}}`;
}

function decoder(kind) {
  if (kind === "int") return (value) => (typeof value === "string" ? BigInt(value) : value);
  if (typeof kind === "string") return (value) => value;
  const [shape, of] = kind;
  if (shape === "record") {
    return (value) => Object.fromEntries(fields.get(of).map((f) => [f.own, f.decode(value[f.json] ?? null)]));
  }
  const inner = decoder(of);
  if (shape === "optional") return (value) => (value === null ? null : inner(value));
  if (shape === "list") return (value) => value.map((one) => inner(one));
  return (value) => Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inner(one)]));
}

const fields = new Map();
for (const [name, of] of SPEC.records) {
  fields.set(name, of.map(([json, own, kind]) => ({ json, own, encode: encoder(kind), decode: decoder(kind) })));
}
const init = SPEC.init.map(decoder);
const ops = new Map();
for (const [op, method, params, returns] of SPEC.ops) {
  ops.set(op, { method, params: params.map(decoder), encode: encoder(returns) });
}

let Candidate;
let made;
let traces = 0;

function send(line) {
  let rest = Buffer.from(`${line}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(3, rest));
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

function errorText(error) {
  traces += 1;
  let said;
  try {
    if (traces <= MAX_TRACES) console.error(error);
    said = String(error instanceof Error ? error.message || error.name : error);
  } catch {
    said = "an error without a text";
  }
  return quote(said.slice(0, MAX_ERROR).toWellFormed());
}

function decodeAll(op, decoders, args) {
  if (args.length !== decoders.length) {
    throw new TypeError(`${op} takes ${decoders.length} arguments, not ${args.length}`);
  }
  return args.map((arg, i) => decoders[i](arg));
}

function prepare({ op, args }) {
  if (op === "init") {
    const values = decodeAll(op, init, args);
    return { encode: () => "null", call: () => void (made = new Candidate(...values)) };
  }
  const known = ops.get(op);
  if (!known) throw new Error(`there is no operation \`${op}\``);
  if (!made) throw new Error("the class was not made");
  const method = made[known.method];
  if (typeof method !== "function") throw new TypeError(`${SPEC.class} has no method \`${known.method}\``);
  const values = decodeAll(op, known.params, args);
  return { encode: known.encode, call: () => method.apply(made, values) };
}

function reply(encode, value) {
  try {
    return `"ok":${encode(value)}`;
  } catch (error) {
    return `"err":${errorText(error)}`;
  }
}

// Answers a call; gives a promise where the method is one, so that the next call of its client waits.
function answer(line) {
  let value;
  let encode;
  try {
    const prepared = prepare(line);
    encode = prepared.encode;
    value = prepared.call();
  } catch (error) {
    return send(`{"id":${line.id},"err":${errorText(error)}}`);
  }
  if (value === null || typeof value !== "object" || typeof value.then !== "function") {
    return send(`{"id":${line.id},${reply(encode, value)}}`);
  }
  return Promise.resolve(value).then(
    (settled) => send(`{"id":${line.id},${reply(encode, settled)}}`),
    (error) => send(`{"id":${line.id},"err":${errorText(error)}}`),
  );
}

async function runScript(calls, start) {
  const replies = [];
  await start;
  for (const { encode, call } of calls) {
    const began = now();
    let outcome;
    try {
      const value = await call();
      const ended = now();
      outcome = [() => reply(encode, value), began, ended];
    } catch (error) {
      outcome = [() => `"err":${errorText(error)}`, began, now()];
    }
    replies.push(outcome);
  }
  return replies;
}

async function par(line) {
  let scripts;
  try {
    scripts = line.args.map((script) => script.map(prepare));
  } catch (error) {
    return send(`{"id":${line.id},"err":${errorText(error)}}`);
  }
  const start = Promise.resolve();
  const done = await Promise.all(scripts.map((script) => runScript(script, start)));
  const told = list(done, (replies) => list(replies, ([body, began, ended]) => `[{${body()}},${began},${ended}]`));
  send(`{"id":${line.id},"ok":${told}}`);
}

function parsed(bytes) {
  if (!isUtf8(bytes)) return undefined;
  try {
    const line = parse(bytes.toString());
    if (Number.isSafeInteger(line.id) && typeof line.op === "string" && Array.isArray(line.args)) return line;
  } catch {
    // no call
  }
  return undefined;
}

// Calls of one client, made one after another.
const clients = new Map();

function handle(bytes) {
  const line = parsed(bytes);
  const client = (SPEC.concurrent && line?.c) ?? null;
  let queue = clients.get(client);
  if (!queue) clients.set(client, (queue = { busy: false, lines: [] }));
  queue.lines.push(line);
  if (!queue.busy) drain(queue);
}

function drain(queue) {
  while (queue.lines.length > 0) {
    const line = queue.lines.shift();
    let pending;
    if (!line) pending = send('{"id":null,"err":"bad line"}');
    else pending = line.op === "@par" ? par(line) : answer(line);
    if (pending) {
      queue.busy = true;
      pending.then(() => {
        queue.busy = false;
        drain(queue);
      });
      return;
    }
  }
  leaveWhenDone();
}

let ended = false;

function leaveWhenDone() {
  if (ended && [...clients.values()].every((queue) => !queue.busy && queue.lines.length === 0)) exit(0);
}

const loaded = await import("./main.js");
Candidate = loaded[SPEC.class] ?? loaded.default?.[SPEC.class] ?? loaded.default;
if (typeof Candidate !== "function") {
  Candidate = function Missing() {
    throw new TypeError(`main exports no class \`${SPEC.class}\`: write \`export class ${SPEC.class}\``);
  };
}

let cut = [];
const input = new Socket({ fd: 4, readable: true, writable: false });
input.on("data", (chunk) => {
  let from = 0;
  for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
    cut.push(chunk.subarray(from, at));
    handle(cut.length === 1 ? cut[0] : Buffer.concat(cut));
    cut = [];
    from = at + 1;
  }
  if (from < chunk.length) cut.push(chunk.subarray(from));
});
input.on("end", () => {
  ended = true;
  leaveWhenDone();
});
