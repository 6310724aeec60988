# Written by Spar from the item's signature: reads calls as lines of JSON and makes them on the class of main.py.
# The program's own standard input and output are set aside, so that `print` is a log and `input()` finds nothing.
import json
import math
import os
import queue
import sys
import threading
import time

SPEC = json.loads(r'''@SPEC@''')
BIG = 1 << 53  # beyond this, whole numbers travel as text
MAX_TRACES = 8  # more of them would fill the log
MAX_ERROR = 2000
MAX_INTERRUPTIONS = 40  # for each thread of a script, of some 0.1 ms each


def plain(value):
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("%r cannot be an answer" % value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return pairs(value, plain)
    raise TypeError("a %s cannot be an answer" % type(value).__name__)


def pairs(value, encode):
    for key in value:
        if not isinstance(key, str):
            raise TypeError("a map of an answer has the key %.100r, which is no text" % (key,))
    return {k: encode(v) for k, v in value.items()}


def encoder(kind):
    if kind == "nothing":
        return lambda value: None
    if kind == "int":
        return lambda v: str(v) if type(v) is int and not -BIG < v < BIG else plain(v)
    if isinstance(kind, str):
        return plain
    inner = None if kind[0] == "record" else encoder(kind[1])
    if kind[0] == "optional":
        return lambda v: None if v is None else inner(v)
    if kind[0] == "list":
        return lambda v: [inner(i) for i in v] if isinstance(v, (list, tuple)) else plain(v)
    if kind[0] == "map":
        return lambda v: pairs(v, inner) if isinstance(v, dict) else plain(v)
    return lambda v: encode_record(kind[1], v)


def encode_record(name, value):
    fields = FIELDS[name]
    if isinstance(value, dict):
        return {json_name: encode(value.get(own)) for json_name, own, encode, _ in fields}
    if all(hasattr(value, own) for _, own, _, _ in fields):
        return {json_name: encode(getattr(value, own)) for json_name, own, encode, _ in fields}
    return plain(value)


def decoder(kind):
    if kind == "int":
        return int
    if kind == "float":
        return float
    if isinstance(kind, str):
        return lambda v: v
    inner = None if kind[0] == "record" else decoder(kind[1])
    if kind[0] == "optional":
        return lambda v: None if v is None else inner(v)
    if kind[0] == "list":
        return lambda v: [inner(i) for i in v]
    if kind[0] == "map":
        return lambda v: {k: inner(i) for k, i in v.items()}
    return lambda v: decode_record(kind[1], v)


def decode_record(name, value):
    return getattr(candidate, name)(*[decode(value.get(json_name)) for json_name, _, _, decode in FIELDS[name]])


FIELDS = {}
for record_name, record_fields in SPEC["records"]:
    FIELDS[record_name] = [
        (json_name, own, encoder(kind), decoder(kind)) for json_name, own, kind in record_fields
    ]
INIT = [decoder(kind) for kind in SPEC["init"]]
OPS = {
    op: (method, [decoder(kind) for kind in params], encoder(returns))
    for op, method, params, returns in SPEC["ops"]
}

lines = os.fdopen(os.dup(0), "rb", 1 << 16)
answers = os.dup(1)
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
os.dup2(2, 1)
sys.stdout.reconfigure(line_buffering=True)
writing = threading.Lock()
traces = [0]


def send(answer):
    rest = json.dumps(answer, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n"
    with writing:
        while rest:
            rest = rest[os.write(answers, rest):]


def error_text(error):
    traces[0] += 1
    if traces[0] <= MAX_TRACES:
        import traceback

        trace = error.__traceback__
        while trace and trace.tb_frame.f_code.co_filename == __file__:
            trace = trace.tb_next  # the candidate's part is what helps
        traceback.print_exception(type(error), error, trace)
    try:
        text = str(error) or type(error).__name__
    except Exception:
        text = type(error).__name__
    return text[:MAX_ERROR].encode("utf-8", "replace").decode()


def decode_all(op, decoders, args):
    if len(args) != len(decoders):
        raise TypeError("%s takes %d arguments, not %d" % (op, len(decoders), len(args)))
    return [decode(arg) for decode, arg in zip(decoders, args)]


def prepare(op, args):
    if op == "init":
        return make, decode_all(op, INIT, args), lambda value: None
    if op not in OPS:
        raise ValueError("there is no operation `%s`" % op)
    if made[0] is None:
        raise ValueError("the class was not made")
    name, decoders, encode = OPS[op]
    method = getattr(made[0], name, None)
    if method is None:
        raise AttributeError("%s has no method `%s`" % (SPEC["class"], name))
    return method, decode_all(op, decoders, args), encode


def make(*args):
    made[0] = getattr(candidate, SPEC["class"])(*args)


def timed(method, args):
    began = time.monotonic_ns()
    try:
        value, error = method(*args), None
    except Exception as raised:
        value, error = None, raised
    return value, error, began, time.monotonic_ns()


def reply(encode, value, error):
    if error is None:
        try:
            encoded = encode(value)
            json.dumps(encoded, ensure_ascii=False, allow_nan=False).encode()
            return {"ok": encoded}
        except Exception as raised:
            error = raised
    return {"err": error_text(error)}


def call(line):
    try:
        method, args, encode = prepare(line["op"], line["args"])
    except Exception as error:
        return send({"id": line["id"], "err": error_text(error)})
    value, error, _, _ = timed(method, args)
    answer = {"id": line["id"]}
    try:
        if error is not None:
            raise error
        answer["ok"] = encode(value)
        send(answer)
    except OSError as raised:
        if raised is not error:
            raise
        send({"id": line["id"], "err": error_text(raised)})
    except Exception as raised:
        send({"id": line["id"], "err": error_text(raised)})


def interrupter(seed):
    """A trace function that now and then lets other threads go on between two steps of the candidate's code: what
    the language permits at any time, and a short test would otherwise hardly ever see. Where it does so follows
    from the seed."""
    state = [seed * 7919 + 1, MAX_INTERRUPTIONS]

    def step(frame, event, _):
        if event == "opcode":
            state[0] = state[0] * 1103515245 + 12345 & 0x7FFFFFFF
            if state[0] >> 16 & 15 == 0 and state[1] > 0:
                state[1] -= 1
                time.sleep(1e-6)
        return step if state[1] > 0 else None

    def begin(frame, event, _):
        if frame.f_code.co_filename != candidate.__file__ or state[1] == 0:
            return None
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        return step

    return begin


def par(line):
    try:
        scripts = [[prepare(c["op"], c["args"]) for c in script] for script in line["args"]]
    except Exception as error:
        return send({"id": line["id"], "err": error_text(error)})
    done = [[] for _ in scripts]
    barrier = threading.Barrier(len(scripts)) if scripts else None

    def run(me, script, results):
        barrier.wait()
        # Alone, a script has nobody to be interrupted by: it is a batch of calls whose time is measured.
        if len(scripts) > 1:
            sys.settrace(interrupter(me))
        for method, args, encode in script:
            results.append((encode, timed(method, args)))
        sys.settrace(None)

    threads = [threading.Thread(target=guarded, args=(run, i, s, done[i])) for i, s in enumerate(scripts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answer = [[[reply(e, v, x), began, ended] for e, (v, x, began, ended) in r] for r in done]
    send({"id": line["id"], "ok": answer})


def guarded(function, *args):
    """Ends the process when a thread ends by anything but an ordinary exception, as the main thread would."""
    try:
        function(*args)
    except SystemExit as leave:
        leave_now(leave.code)
    except BaseException as error:
        error_text(error)
        leave_now(1)


def leave_now(code):
    if code is not None and not isinstance(code, int):
        print(code, file=sys.stderr)
        code = 1
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except Exception:
        pass
    os._exit((code or 0) & 255)


def work(calls):
    for line in iter(calls.get, None):
        call(line)


def parsed(text):
    try:
        line = json.loads(text)
        if isinstance(line["id"], int) and isinstance(line["op"], str) and isinstance(line["args"], list):
            return line
    except Exception:
        pass
    return None


def main():
    clients = {}
    for text in lines:
        line = parsed(text)
        if line is None:
            send({"id": None, "err": "bad line"})
        elif line["op"] == "@par":
            par(line)
        elif SPEC["concurrent"] and line.get("c") is not None:
            if line["c"] not in clients:
                calls = queue.SimpleQueue()
                thread = threading.Thread(target=guarded, args=(work, calls), daemon=True)
                thread.start()
                clients[line["c"]] = (thread, calls)
            clients[line["c"]][1].put(line)
        else:
            call(line)
    for thread, calls in clients.values():
        calls.put(None)
    for thread, _ in clients.values():
        thread.join()


made = [None]
candidate = type(sys)("main")
candidate.__file__ = os.path.join(os.path.dirname(os.path.abspath(__file__)), "main.py")


def load():
    with open(candidate.__file__, "rb") as file:
        source = file.read()
    sys.modules["main"] = candidate
    exec(compile(source, candidate.__file__, "exec", dont_inherit=True), candidate.__dict__)
    if SPEC["concurrent"]:
        sys.setswitchinterval(1e-5)  # races show in a short test as they would in a long one


def everything():
    load()
    main()
    leave_now(0)


guarded(everything)
