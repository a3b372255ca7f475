//! The ensemble over lines of JSON: the drive protocol.
//!
//! One request a line, one answer a line. The same lines drive a real ZooKeeper, so the two can be
//! compared answer by answer. Time is virtual and passes only while a request waits for something.
//!
//! Clients have the habits of Python's kazoo, which the comparison is recorded with.

mod answers;
mod fields;

use crate::client::session::{Library, State};
use crate::config::{Config, ConfigError};
use crate::error::KeeperError;
use crate::lab::scenario::{Scenario, ScenarioError};
use crate::mistake::Mistakes;
use crate::sim::action::Action;
use crate::sim::trace::{NO_CAUSE, NoteKind, Trace};
use crate::sim::world::World;
use crate::tree::path;
use crate::txn::{Op, Reply};
use crate::types::{Actor, ClientId, Phase, ServerId, ServerState, Zxid};
use crate::why::{SyncKind, SyncRule, Why};
use answers::{object, reply_fields};
use fields::Fields;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

/// A request is given up after that much virtual time without an answer.
const PATIENCE_MS: u64 = 600_000;

/// After a kill the others hear of it before anything is awaited: as long as the recorder of the
/// comparison lets a dead server's kernel say its last words.
const LAST_WORDS_MS: u64 = 200;

/// What a client's library takes to hand an answer to its caller. Meanwhile a commit that the answer
/// followed from has come to the other servers, too: in the recorded experiments it always has.
const HANDING_OVER_MS: u64 = 3;

/// Settings that differ from ZooKeeper's defaults: those of the recorded experiments.
const SETTINGS: [(&str, &str); 8] = [
    ("tickTime", "500"),
    ("initLimit", "10"),
    ("syncLimit", "5"),
    ("znode.container.checkIntervalMs", "1000"),
    ("extendedTypesEnabled", "true"),
    ("reconfigEnabled", "true"),
    ("standaloneEnabled", "false"),
    ("DigestAuthenticationProvider.superDigest", "super:xQJmxLMiHGwaqBvst5y6rkB6HQs="),
];

/// Why a line was not obeyed: the error's name, and what is wrong where.
struct Refusal {
    error: String,
    detail: Option<String>,
}

impl Refusal {
    fn bad(detail: impl Into<String>) -> Refusal {
        Refusal { error: "BADREQUEST".to_owned(), detail: Some(detail.into()) }
    }

    fn named(error: &str) -> Refusal {
        Refusal { error: error.to_owned(), detail: None }
    }
}

type Answer = Result<Map<String, Value>, Refusal>;

/// A client as the protocol knows it.
struct Handle {
    id: ClientId,
    /// Watch and session events since they were last asked for.
    events: VecDeque<Value>,
    state: State,
}

/// An ensemble that obeys lines of JSON.
#[derive(Default)]
pub struct Drive {
    run: Option<Run>,
}

struct Run {
    world: World,
    trace: Trace,
    clients: BTreeMap<String, Handle>,
    /// Notes of the trace that have been handed out to clients.
    notes_read: usize,
    completed: BTreeMap<(ClientId, u32), Result<Reply, KeeperError>>,
    /// A server was killed and nothing has been awaited since.
    has_killed: bool,
}

impl Drive {
    /// Obeys a line. `None` for comments and blank lines, which are not answered.
    pub fn obey(&mut self, line: &str) -> Option<String> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return None;
        }
        let answer = match serde_json::from_str::<Value>(line) {
            Ok(Value::Object(request)) => self.answer(&Fields(request)),
            Ok(_) => Err(Refusal::bad("expected a JSON object")),
            Err(error) => Err(Refusal::bad(format!("not JSON: {error}"))),
        };
        let mut fields = Map::new();
        match answer {
            Ok(more) => {
                fields.insert("ok".to_owned(), json!(true));
                fields.extend(more);
            }
            Err(refusal) => {
                fields.insert("ok".to_owned(), json!(false));
                fields.insert("error".to_owned(), json!(refusal.error));
                fields.extend(refusal.detail.map(|detail| ("detail".to_owned(), json!(detail))));
            }
        }
        Some(Value::Object(fields).to_string())
    }

    fn answer(&mut self, request: &Fields) -> Answer {
        let what = request.text("do")?;
        if what == "ensemble" {
            return self.ensemble(request);
        }
        let Some(run) = &mut self.run else {
            return Err(Refusal::bad(format!("{what}: there is no ensemble yet")));
        };
        match what {
            "start" => run.act_on(request, Action::Start),
            "kill" => {
                let answer = run.act_on(request, Action::Kill)?;
                run.has_killed = true;
                Ok(answer)
            }
            "pause" => run.act_on(request, Action::Pause),
            "resume" => run.act_on(request, Action::Resume),
            "partition" => run.partition(request),
            "heal" => {
                run.act(Action::Heal);
                Ok(Map::new())
            }
            "run" => {
                run.run_ms(request.milliseconds("ms", None)?);
                Ok(Map::new())
            }
            "await" => run.wait(request),
            "connect" => run.connect(request),
            "zk" => run.zk(request),
            "send" => run.send(request),
            "vanish" => run.vanish(request),
            "events" => run.events(request),
            "state" => Ok(run.state()),
            "syncs" => Ok(run.syncs()),
            "tree" => run.tree(request),
            "trace" => run.trace_since(request),
            "violations" => Ok(run.violations()),
            "hash" => Ok(object(json!({ "hash": format!("{:016x}", run.trace.hash()) }))),
            other => Err(Refusal::bad(format!("do: unknown request {other:?}"))),
        }
    }

    fn ensemble(&mut self, request: &Fields) -> Answer {
        let count = |name, default| {
            let number = request.number(name, Some(default))?;
            u8::try_from(number).map_err(|_| Refusal::bad(format!("{name}: at most 99")))
        };
        let mut scenario = Scenario {
            participants: count("participants", 3)?,
            observers: count("observers", 0)?,
            servers: Vec::new(),
            seed: request.number("seed", Some(1))?,
            config: SETTINGS.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec(),
            mistakes: Mistakes::NONE,
        };
        let mut without_effect = Vec::new();
        match request.0.get("config") {
            None | Some(Value::Null) => {}
            Some(Value::Object(settings)) => {
                for (key, value) in settings {
                    let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    match Config::default().set(key, &value) {
                        Ok(()) => scenario.config.push((key.clone(), value)),
                        // ZooKeeper itself passes over what it does not know.
                        Err(
                            ConfigError::UnknownKey { key, .. } | ConfigError::NoEffect { key },
                        ) => without_effect.push(key),
                        Err(error @ ConfigError::BadValue { .. }) => {
                            return Err(Refusal::bad(format!("config: {error}")));
                        }
                    }
                }
            }
            Some(_) => return Err(Refusal::bad("config: expected an object")),
        }
        let world =
            scenario.world().map_err(|error: ScenarioError| Refusal::bad(error.to_string()))?;
        self.run = Some(Run {
            world,
            trace: Trace::default(),
            clients: BTreeMap::new(),
            notes_read: 0,
            completed: BTreeMap::new(),
            has_killed: false,
        });
        if without_effect.is_empty() {
            return Ok(Map::new());
        }
        Ok(object(json!({ "withoutEffect": without_effect })))
    }
}

impl Run {
    fn act(&mut self, action: Action) {
        self.world.act(&action, &mut self.trace);
        self.read_notes();
    }

    fn servers(&self, name: &str, value: Option<&Value>) -> Result<Rc<[ServerId]>, Refusal> {
        let wrong = || Refusal::bad(format!("{name}: expected a list of server numbers"));
        let list = value.and_then(Value::as_array).ok_or_else(wrong)?;
        list.iter()
            .map(|id| {
                let id = id.as_u64().and_then(|id| u8::try_from(id).ok()).ok_or_else(wrong)?;
                if self.world.has_server(ServerId(id)) {
                    Ok(ServerId(id))
                } else {
                    Err(Refusal::bad(format!("{name}: there is no server {id}")))
                }
            })
            .collect()
    }

    fn act_on(&mut self, request: &Fields, action: fn(Rc<[ServerId]>) -> Action) -> Answer {
        let servers = self.servers("servers", request.0.get("servers"))?;
        self.act(action(servers));
        Ok(Map::new())
    }

    fn partition(&mut self, request: &Fields) -> Answer {
        let wrong = || Refusal::bad("groups: expected a list of lists of server numbers");
        let groups = request.0.get("groups").and_then(Value::as_array).ok_or_else(wrong)?;
        let groups: Result<Rc<[_]>, Refusal> =
            groups.iter().map(|group| self.servers("groups", Some(group))).collect();
        let groups = groups?;
        let mut all: Vec<ServerId> =
            groups.iter().flat_map(|group| group.iter().copied()).collect();
        all.sort_unstable();
        if let Some(twice) = all.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Refusal::bad(format!("groups: server {} is in two groups", twice[0].0)));
        }
        self.act(Action::Partition(groups));
        Ok(Map::new())
    }

    fn run_ms(&mut self, ms: u64) {
        let end = self.world.now.plus_ms(ms);
        self.world.run_until(end, &mut self.trace);
        self.read_notes();
    }

    /// Lets time pass until `is_done`, at most `ms`. Returns whether it is done.
    fn run_while(&mut self, ms: u64, is_done: impl Fn(&Run) -> bool) -> bool {
        let end = self.world.now.plus_ms(ms);
        while !is_done(self) {
            if !self.world.step(end, &mut self.trace) {
                self.world.now = end;
                return is_done(self);
            }
            self.read_notes();
        }
        true
    }

    /// Hands new notes of the trace out to the clients they are about.
    fn read_notes(&mut self) {
        let fresh: Vec<_> = self.trace.notes.iter_from(self.notes_read).collect();
        self.notes_read += fresh.len();
        for note in fresh {
            let Actor::Client(id) = note.actor else { continue };
            match note.what {
                NoteKind::Completed { number, result, .. } => {
                    self.completed.insert((id, number), result);
                }
                NoteKind::Watch(event) => {
                    self.tell(id, json!({ "type": event.event.name(), "path": &*event.path }))
                }
                NoteKind::ClientState(state) => self.on_client_state(id, state),
                NoteKind::Decision(_)
                | NoteKind::StateChanged { .. }
                | NoteKind::Exited
                | NoteKind::Violated(_)
                | NoteKind::Told { .. } => {}
            }
        }
    }

    fn tell(&mut self, id: ClientId, event: Value) {
        if let Some(handle) = self.clients.values_mut().find(|handle| handle.id == id) {
            handle.events.push_back(event);
        }
    }

    fn on_client_state(&mut self, id: ClientId, state: State) {
        let Some(handle) = self.clients.values_mut().find(|handle| handle.id == id) else { return };
        let before = std::mem::replace(&mut handle.state, state);
        let name = match state {
            State::Connecting if before.is_connected() => "SUSPENDED",
            State::Connecting => return,
            State::Connected | State::ConnectedReadOnly => "CONNECTED",
            State::Expired | State::Closed => "LOST",
        };
        handle.events.push_back(json!({ "session": name }));
    }

    fn wait(&mut self, request: &Fields) -> Answer {
        let ms = request.milliseconds("ms", Some(30_000))?;
        let what = request.text("what")?.to_owned();
        let servers = match request.0.get("servers") {
            None => Rc::from([]),
            some => self.servers("servers", some)?,
        };
        let is_serving =
            |run: &Run, id: &ServerId| run.world.server(*id).is_some_and(|s| s.accepts_clients());
        let is_looking = |run: &Run, id: &ServerId| {
            run.world.server(*id).is_some_and(|server| server.state() == ServerState::Looking)
        };
        let is_leading = |run: &Run, id: &ServerId| {
            run.world.server(*id).is_some_and(|server| {
                server.state() == ServerState::Leading && server.phase() == Phase::Broadcast
            })
        };
        // While nothing is awaited that can be, no time passes.
        let is_known = matches!(what.as_str(), "serving" | "looking" | "leader");
        if is_known && std::mem::take(&mut self.has_killed) {
            self.run_ms(LAST_WORDS_MS.min(ms));
        }
        let is_done = match what.as_str() {
            "serving" => self.run_while(ms, |run| servers.iter().all(|id| is_serving(run, id))),
            "looking" => self.run_while(ms, |run| servers.iter().all(|id| is_looking(run, id))),
            "leader" => self.run_while(ms, |run| {
                run.world.servers.keys().filter(|id| is_leading(run, id)).count() == 1
            }),
            other => return Err(Refusal::bad(format!("what: cannot wait for {other:?}"))),
        };
        if is_done { Ok(Map::new()) } else { Err(Refusal::named("TIMEOUT")) }
    }

    fn connect(&mut self, request: &Fields) -> Answer {
        let name = request.text("client")?.to_owned();
        let servers = self.servers("servers", request.0.get("servers"))?;
        if servers.is_empty() {
            return Err(Refusal::bad("servers: a client must know a server"));
        }
        let timeout = request.number("timeout", Some(4000))?;
        let timeout_ms = u32::try_from(timeout).map_err(|_| Refusal::bad("timeout: too large"))?;
        let wait_ms = request.milliseconds("waitMs", Some(10_000))?;
        let can_be_read_only = request.flag("readOnly")?;
        self.open(&name, servers, timeout_ms, wait_ms, can_be_read_only)?;
        let timeout_ms =
            self.handle(&name).map(|id| self.world.clients[&id].process.timeout_ms())?;
        Ok(object(json!({ "sessionTimeout": timeout_ms })))
    }

    fn open(
        &mut self,
        name: &str,
        servers: Rc<[ServerId]>,
        timeout_ms: u32,
        wait_ms: u64,
        can_be_read_only: bool,
    ) -> Result<(), Refusal> {
        let name: Rc<str> = name.into();
        let library = Library::Kazoo;
        let connect =
            Action::Connect { name: name.clone(), servers, timeout_ms, can_be_read_only, library };
        self.act(connect);
        let Some(id) = self.world.client_named(&name) else {
            return Err(Refusal::bad("client: it did not come to be"));
        };
        let handle = Handle { id, events: VecDeque::new(), state: State::Connecting };
        self.clients.insert((*name).to_owned(), handle);
        let is_connected = |run: &Run| run.world.clients[&id].process.state().is_connected();
        if !self.run_while(wait_ms, is_connected) {
            self.act(Action::Vanish(id));
            self.clients.remove(&*name);
            // What kazoo, and so the recorded comparison, calls it.
            return Err(Refusal::named("KazooTimeoutError"));
        }
        if let Some(handle) = self.clients.get_mut(&*name) {
            handle.events.clear();
        }
        Ok(())
    }

    fn handle(&self, name: &str) -> Result<ClientId, Refusal> {
        let handle = self.clients.get(name);
        handle.map(|h| h.id).ok_or_else(|| Refusal::bad(format!("client: there is no {name:?}")))
    }

    fn ask(&mut self, id: ClientId, op: Op) -> Result<Reply, KeeperError> {
        let number = self.world.clients[&id].process.submitted() + 1;
        self.act(Action::Submit { client: id, op, line: None });
        let key = (id, number);
        self.run_while(PATIENCE_MS, |run| run.completed.contains_key(&key));
        self.completed.remove(&key).unwrap_or(Err(KeeperError::OperationTimeout))
    }

    fn zk(&mut self, request: &Fields) -> Answer {
        let name = request.text("client")?.to_owned();
        let id = self.handle(&name)?;
        let op = request.op()?;
        let is_close = op == Op::CloseSession;
        let is_exists = matches!(op, Op::Exists { .. });
        let result = self.ask(id, op);
        self.run_ms(HANDING_OVER_MS);
        if is_close {
            self.clients.remove(&name);
        }
        match result {
            Ok(reply) => Ok(reply_fields(&reply)),
            // That a znode is absent is what exists was asked.
            Err(KeeperError::NoNode) if is_exists => Ok(object(json!({ "stat": null }))),
            Err(error) => Err(Refusal::named(error.name())),
        }
    }

    fn send(&mut self, request: &Fields) -> Answer {
        let id = self.handle(request.text("client")?)?;
        let op = request.op()?;
        self.act(Action::Submit { client: id, op, line: None });
        Ok(Map::new())
    }

    fn vanish(&mut self, request: &Fields) -> Answer {
        let name = request.text("client")?.to_owned();
        let id = self.handle(&name)?;
        self.act(Action::Vanish(id));
        self.clients.remove(&name);
        Ok(Map::new())
    }

    fn events(&mut self, request: &Fields) -> Answer {
        let name = request.text("client")?.to_owned();
        self.handle(&name)?;
        self.run_ms(request.milliseconds("settleMs", Some(300))?);
        let events: Vec<Value> = match self.clients.get_mut(&name) {
            Some(handle) => handle.events.drain(..).collect(),
            None => Vec::new(),
        };
        Ok(object(json!({ "events": events })))
    }

    fn state(&self) -> Map<String, Value> {
        let servers: Vec<Value> = self.world.servers.keys().map(|id| self.server(*id)).collect();
        object(json!({ "servers": servers }))
    }

    fn server(&self, id: ServerId) -> Value {
        let disk = self.world.servers[&id].disk();
        let mut fields = object(json!({
            "id": id.0,
            "acceptedEpoch": disk.accepted_epoch.unwrap_or_default(),
            "currentEpoch": disk.current_epoch.unwrap_or_default(),
        }));
        let Some(server) = self.world.server(id) else {
            fields.insert("state".to_owned(), json!("DOWN"));
            return Value::Object(fields);
        };
        let state = match (server.phase(), server.has_changed_state()) {
            // ZooKeeper logs a change of state, and so names the first one differently.
            (Phase::Election, false) => server.state().name().to_owned(),
            (Phase::Election, true) => server.state().name().to_lowercase(),
            (phase, _) => format!("{} - {}", server.state().name().to_lowercase(), phase.name()),
        };
        let answers = server.accepts_clients() || server.is_read_only();
        let zxid = answers.then(|| server.database().last_processed().to_string());
        let mode = answers.then(|| match server.state() {
            // The first word of `srvr`'s "read-only".
            ServerState::Looking => "read",
            ServerState::Leading => "leader",
            ServerState::Observing => "observer",
            ServerState::Following => "follower",
        });
        fields.extend(object(json!({ "state": state, "zxid": zxid, "mode": mode })));
        Value::Object(fields)
    }

    fn syncs(&self) -> Map<String, Value> {
        let mut syncs = Vec::new();
        for note in self.trace.notes.iter() {
            let NoteKind::Decision(Why::Synchronizing {
                learner,
                peer,
                min,
                max,
                last_processed,
                rule,
                kind,
                zxid,
                ..
            }) = &note.what
            else {
                continue;
            };
            let Actor::Server(leader) = note.actor else { continue };
            // ZooKeeper has announced a DIFF when it finds the gap and sends a snapshot instead:
            // "Sending DIFF" is what its log says, and so what is recorded.
            let (kind, zxid) = match rule {
                SyncRule::GapInDiskLog if *max == Zxid::ZERO => (&SyncKind::Diff, last_processed),
                SyncRule::GapInDiskLog => (&SyncKind::Diff, max),
                SyncRule::SameZxid
                | SyncRule::AheadOfCommittedLog
                | SyncRule::InCommittedLog
                | SyncRule::DivergedInCommittedLog
                | SyncRule::InDiskLog
                | SyncRule::DivergedInDiskLog
                | SyncRule::TooOld
                | SyncRule::DiskLogTooLarge
                | SyncRule::DivergedAcrossEpochs
                | SyncRule::NewEpochBeyondLog
                | SyncRule::NotCompared
                | SyncRule::DivergenceOverlooked => (kind, zxid),
            };
            syncs.push(json!({
                "learner": learner.0, "leader": leader.0,
                "max": max.to_string(), "min": min.to_string(),
                "lastProcessed": last_processed.to_string(), "peer": peer.to_string(),
                "decision": kind.name(), "zxid": zxid.to_string(),
            }));
        }
        object(json!({ "syncs": syncs }))
    }

    /// Reads every znode through a session on that server, as any client would.
    fn tree(&mut self, request: &Fields) -> Answer {
        const READER: &str = "\u{1}tree";
        let server = request.number("server", None)?;
        let servers = self.servers("server", Some(&json!([server])))?;
        self.open(READER, servers, 4000, 10_000, false)?;
        let id = self.handle(READER)?;
        let mut tree = Map::new();
        let mut todo: Vec<Rc<str>> = vec!["/".into()];
        while let Some(path) = todo.pop() {
            let data = self.ask(id, Op::GetData { path: path.clone(), watch: false });
            let entry = match data {
                Ok(reply) => reply_fields(&reply),
                Err(error) => object(json!({ "error": error.name() })),
            };
            tree.insert(path.to_string(), Value::Object(entry));
            let children = self.ask(id, Op::GetChildren { path: path.clone(), watch: false });
            if let Ok(Reply::Children { children, .. }) = children {
                todo.extend(children.iter().rev().map(|name| Rc::from(path::join(&path, name))));
            }
        }
        // A session that ends by itself here is no loss.
        let _ = self.ask(id, Op::CloseSession);
        self.clients.remove(READER);
        tree.retain(|path, _| !path.starts_with("/zookeeper/config"));
        Ok(object(json!({ "tree": tree })))
    }

    fn trace_since(&self, request: &Fields) -> Answer {
        let since = u32::try_from(request.number("since", Some(0))?)
            .map_err(|_| Refusal::bad("since: too large"))?;
        let mut notes = self.trace.notes_from(since).peekable();
        let mut events = Vec::new();
        for (offset, event) in self.trace.events.iter_from(since as usize).enumerate() {
            let index = since + offset as u32;
            let mut lines = Vec::new();
            while let Some(note) = notes.next_if(|note| note.event == index) {
                lines.push(note.to_string());
            }
            let cause = (event.cause != NO_CAUSE).then_some(event.cause);
            let actor = event.kind.actor().map(|actor| actor.to_string());
            events.push(json!({
                "index": index, "at": event.at.to_string(), "actor": actor, "cause": cause,
                "event": event.to_string(), "notes": lines,
            }));
        }
        Ok(object(json!({ "events": events })))
    }

    fn violations(&self) -> Map<String, Value> {
        let violations: Vec<Value> = self
            .world
            .checker
            .violations()
            .map(|violation| {
                let servers: Vec<u8> = violation.servers.iter().map(|id| id.0).collect();
                let client = violation.client.map(|id| id.0);
                json!({
                    "invariant": format!("{:?}", violation.invariant),
                    "index": violation.index, "at": violation.at.to_string(),
                    "servers": servers, "client": client,
                    "one": &*violation.one, "other": &*violation.other,
                })
            })
            .collect();
        object(json!({ "violations": violations }))
    }
}
