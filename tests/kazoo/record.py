#!/usr/bin/env python3
"""Records what kazoo's recipes ask of a real ensemble: python3 record.py HOST:PORT,… DIRECTORY

One file for each recipe. A line is `client operation path … -> answer`, or `client event …`; a
section is what came of one call. Clients of one section run at the same time, so its lines stand by
client, each client's in the order in which they were asked. Names that kazoo draws by chance stand as
`client.what`, with the number of a sequential node after `#`.
"""
import logging, re, sys, threading, time
from kazoo.client import KazooClient
from kazoo.protocol import serialization as asked
from kazoo.protocol.states import EventType

logging.disable(logging.CRITICAL)
SETTLED = 0.6  # seconds without a request after which a call has led to all it leads to
EVENTS = {EventType.CREATED: "NodeCreated", EventType.DELETED: "NodeDeleted",
          EventType.CHANGED: "NodeDataChanged", EventType.CHILD: "NodeChildrenChanged"}


class Recording:
    def __init__(self, hosts):
        self.hosts, self.clients, self.lines, self.text = hosts, {}, [], []
        self.last, self.threads, self.names = time.time(), [], {}

    def client(self, name):
        if name not in self.clients:
            client = KazooClient(hosts=self.hosts, timeout=10)
            client.start()
            call = client._call

            def recorded(request, answer):
                line = [name, request, None]
                self.lines.append(line)
                self.last = time.time()
                watcher = getattr(request, "watcher", None)
                if watcher:
                    def heard(event):
                        self.lines.append([name, event, None])
                        self.last = time.time()
                        watcher(event)
                    request = request._replace(watcher=heard)

                def answered(result):
                    line[2] = result
                    self.last = time.time()
                answer.rawlink(answered)
                return call(request, answer)

            client._call = recorded
            self.clients[name] = client
        return self.clients[name]

    def called(self, client, what):
        """Names that this client's recipe has drawn: the text, and what stands for it."""
        for text, name in what.items():
            self.names[text] = f"{client}.{name}"

    def phase(self, title, *calls):
        """Calls at once, each in a thread, and waits until nothing follows any more."""
        self.lines = []
        self.last = time.time()
        for call in calls:
            thread = threading.Thread(target=self.quietly, args=(call,), daemon=True)
            thread.start()
            self.threads.append(thread)
        while time.time() - self.last < SETTLED:
            time.sleep(0.05)
        self.text.append(f"# {title}")
        for name in sorted({line[0] for line in self.lines}):
            self.text += [self.written(line) for line in self.lines if line[0] == name]

    @staticmethod
    def quietly(call):
        try:
            call()
        except Exception as error:  # a cancelled lock raises
            if type(error).__name__ != "CancelledError":
                raise

    def name(self, text):
        for drawn, name in self.names.items():
            text = text.replace(drawn, name)
        return re.sub(r"(\.[a-z]+)(\d{10})", lambda m: f"{m[1]}#{int(m[2])}", text)

    def written(self, line):
        name, what, answer = line
        if answer is None:
            return f"{name} event {EVENTS[what.type]} {self.name(what.path)}"
        watch = " watch" if getattr(what, "watcher", None) else ""
        path = self.name(what.path)
        head = {asked.Exists: "exists", asked.GetData: "getData", asked.GetChildren: "getChildren",
                asked.GetChildren2: "getChildren", asked.Create: "create", asked.Create2: "create",
                asked.Delete: "delete", asked.SetData: "setData", asked.Sync: "sync"}[type(what)]
        if head == "create":
            mode = ["PERSISTENT", "EPHEMERAL", "PERSISTENT_SEQUENTIAL", "EPHEMERAL_SEQUENTIAL"][what.flags]
            head_line = f"{name} create {path} {mode}"
        elif head == "setData":
            head_line = f"{name} setData {path} {what.data.decode()!r} {what.version}"
        else:
            head_line = f"{name} {head} {path}{watch}"
        return f"{head_line} -> {self.answer(head, answer)}"

    def answer(self, head, answer):
        if answer.exception is not None:
            return type(answer.exception).__name__.removesuffix("Error").upper()
        value = answer.value
        if head == "exists":
            return "none" if value is None else "there"
        if head == "getChildren":
            names = value[0] if isinstance(value, tuple) else value
            names = [self.name("/" + child)[1:] for child in names]
            number = lambda child: int((re.findall(r"#(\d+)$", child) or [-1])[0])
            return "[" + ", ".join(sorted(names, key=lambda child: (number(child), child))) + "]"
        if head == "getData":
            data = value[0].decode() if isinstance(value, tuple) else value.decode()
            return repr(data)
        if head == "create":
            return self.name(value[0] if isinstance(value, tuple) else value)
        return "ok"

    def close(self, path):
        for client in self.clients.values():
            client.stop()
            client.close()
        client = KazooClient(hosts=self.hosts, timeout=10)
        client.start()
        for child in ("/r", "/r-__lock__"):
            client.delete(child, recursive=True)
        client.stop()
        client.close()
        with open(path, "w") as file:
            file.write("\n".join(self.text) + "\n")


def lock(r):
    locks = {n: r.client(n).Lock("/r", "") for n in ("c1", "c2", "c3", "c4")}
    for n, one in locks.items():
        r.called(n, {one.prefix: "lock"})
    for n in ("c1", "c2", "c3", "c4"):
        r.phase(f"{n} acquires", locks[n].acquire)
    r.phase("c2 gives up", locks["c2"].cancel)
    for n in ("c1", "c3", "c4"):
        r.phase(f"{n} releases", locks[n].release)


def read_write_lock(r):
    kinds = {"c1": "ReadLock", "c2": "ReadLock", "c3": "WriteLock", "c4": "ReadLock", "c5": "WriteLock"}
    locks = {n: getattr(r.client(n), kind)("/r", "") for n, kind in kinds.items()}
    for n, one in locks.items():
        r.called(n, {one.prefix: "read" if kinds[n] == "ReadLock" else "write"})
    for n in kinds:
        r.phase(f"{n} acquires", locks[n].acquire)
    for n in ("c1", "c2", "c3", "c4", "c5"):
        r.phase(f"{n} releases", locks[n].release)


def semaphore(r):
    ones = {n: r.client(n).Semaphore("/r", "", max_leases=2) for n in ("c1", "c2", "c3", "c4")}
    drawn = {}
    for n, one in ones.items():
        r.called(n, {one.create_path.removeprefix("/r/"): "lease"})
        make = r.client(n).Lock

        def made(path, data, n=n, make=make):
            gate = make(path, data)
            r.called(n, {gate.prefix: "lock"})
            return gate
        r.client(n).Lock = made
    for n in ones:
        r.phase(f"{n} acquires", ones[n].acquire)
    for n in ("c1", "c2", "c3", "c4"):
        r.phase(f"{n} releases", ones[n].release)


def barrier(r):
    ones = {n: r.client(n).Barrier("/r") for n in ("c1", "c2", "c3")}
    r.phase("c1 sets it", ones["c1"].create)
    r.phase("c2 waits", ones["c2"].wait)
    r.phase("c3 waits", ones["c3"].wait)
    r.phase("c1 lifts it", ones["c1"].remove)
    r.phase("c3 waits", ones["c3"].wait)


def double_barrier(r):
    ones = {n: r.client(n).DoubleBarrier("/r", 3, "") for n in ("c1", "c2", "c3")}
    for n, one in ones.items():
        # They leave in the order of their names: c1 is the lowest, c3 the highest.
        one.node_name = f"{n}.p"
        one.create_path = f"/r/{n}.p"
    for n in ones:
        r.phase(f"{n} enters", ones[n].enter)
    for n in ("c2", "c1", "c3"):
        r.phase(f"{n} leaves", ones[n].leave)


def queue(r):
    ones = {n: r.client(n).Queue("/r") for n in ("c1", "c2", "c3")}
    r.called("c1", {"entry-100-": "entry"})
    r.phase("c1 puts a", lambda: ones["c1"].put(b"a"))
    r.phase("c1 puts b", lambda: ones["c1"].put(b"b"))
    r.phase("c2 takes", ones["c2"].get)
    r.phase("c3 takes", ones["c3"].get)


def priority_queue(r):
    ones = {n: r.client(n).Queue("/r") for n in ("c1", "c2")}
    r.called("c1", {"entry-050-": "late", "entry-010-": "early"})
    r.phase("c1 puts late", lambda: ones["c1"].put(b"late", priority=50))
    r.phase("c1 puts early", lambda: ones["c1"].put(b"early", priority=10))
    r.phase("c2 takes", ones["c2"].get)
    r.phase("c2 takes again", r.client("c2").Queue("/r").get)


def election(r):
    ends = {n: threading.Event() for n in ("c1", "c2", "c3")}
    ones = {n: r.client(n).Election("/r", "") for n in ends}
    for n, one in ones.items():
        r.called(n, {one.lock.prefix: "lock"})
    for n in ones:
        r.phase(f"{n} stands for election", lambda n=n: ones[n].run(ends[n].wait))
    for n in ends:
        r.phase(f"{n} leads no more", ends[n].set)


def counter(r):
    ones = {n: r.client(n).Counter("/r") for n in ("c1", "c2")}
    r.phase("c1 counts by 2", lambda: ones["c1"] + 2)
    r.phase("c2 counts by -1", lambda: ones["c2"] - 1)


RECIPES = [lock, read_write_lock, semaphore, barrier, double_barrier, queue, priority_queue, election, counter]

if __name__ == "__main__":
    hosts, directory = sys.argv[1:]
    for recipe in RECIPES:
        recording = Recording(hosts)
        recipe(recording)
        recording.close(f"{directory}/{recipe.__name__.replace('_', '-')}.txt")
