//! Clients that follow recipes: what they are asked, what they ask for, and the books.

use super::pause::Deferred;
use super::{Due, World};
use crate::client::session as client;
use crate::error::KeeperError;
use crate::image::Image;
use crate::recipe::{self, Ask, Effect, Input, RecipeKind, Recipes, Told, What};
use crate::sim::action::Contest;
use crate::sim::books::{Book, Grant, Hold, Outcome, TwoBelievers};
use crate::sim::check::recipes::Hearer;
use crate::sim::timers::Found;
use crate::sim::trace::{EventKind, NoteKind, Trace};
use crate::txn::{Op, Path, Reply, WatchEvent};
use crate::types::{Actor, ClientId, SessionId};
use crate::why::{RecipeWhy, Why};
use std::rc::Rc;

/// The path of the recipe of which this came, if it is something that came of one and is over.
fn outcome_of(why: &RecipeWhy) -> Option<&str> {
    use RecipeWhy::{Added, AllArrived, BarrierGone, Counted, Decided, Picked, Took, Voted};
    if let Added { node } | Took { node } | Picked { node } = why {
        return node.rsplit_once('/').map(|(parent, _)| parent);
    }
    if let BarrierGone { path }
    | AllArrived { path, .. }
    | Counted { path, .. }
    | Voted { path, .. }
    | Decided { path, .. } = why
    {
        return Some(path);
    }
    None
}

/// What a client's application hears in one step. Its recipes hear of it when the step is done: what
/// they ask for comes after what the client has sent by itself.
pub(super) enum Heard {
    Answered(u32, Result<Reply, KeeperError>),
    Watch(WatchEvent),
    State(client::State, SessionId),
}

impl World {
    pub(super) fn follows_recipes(&self, id: ClientId) -> bool {
        self.clients.get(&id).is_some_and(|slot| slot.recipes.is_some())
    }

    pub(super) fn tell_recipes(&mut self, id: ClientId, heard: Vec<Heard>, trace: &mut Trace) {
        for heard in heard {
            match heard {
                Heard::Answered(request, answer) => {
                    self.checker.is_answered(id, request, answer.as_ref().err().copied());
                    let input = Input::Answered { request, answer: &answer };
                    self.step_recipes(id, input, trace);
                }
                Heard::Watch(event) => self.step_recipes(id, Input::Watch(&event), trace),
                Heard::State(state, session) => {
                    self.step_recipes(id, Input::State(state, session), trace);
                }
            }
        }
    }

    /// A client asks something of a recipe.
    pub(super) fn ask_recipe(&mut self, id: ClientId, ask: &Ask, trace: &mut Trace) {
        let mark = self.mark(id);
        let Some(slot) = self.clients.get_mut(&id) else { return };
        if slot.has_vanished || slot.is_paused {
            return;
        }
        let (library, state) = (slot.process.library(), slot.process.state());
        let session = slot.process.session();
        slot.recipes.get_or_insert_with(|| Recipes::new(library, mark, state, session));
        if let Ask::Use(wanted) = ask {
            let kind = wanted.what.kind();
            self.books.entry(wanted.path.clone()).or_insert_with(|| Book::new(kind));
        }
        let number = self.recipes_of(id).map_or(0, Recipes::begun) + 1;
        if let (Ask::Use(wanted), Some(hearer)) = (ask, self.hearer(id, number)) {
            self.checker.use_begins(hearer, wanted);
        }
        self.step_recipes(id, Input::Ask(ask), trace);
    }

    fn recipes_of(&self, id: ClientId) -> Option<&Recipes> {
        self.clients.get(&id).and_then(|slot| slot.recipes.as_ref())
    }

    /// Who is told something, and what it knows.
    fn hearer(&self, client: ClientId, number: u32) -> Option<Hearer> {
        let process = &self.clients.get(&client).filter(|_| self.is_checked)?.process;
        let (session, seen) = (process.session(), process.last_zxid());
        Some(Hearer { client, number, session, seen })
    }

    /// Chance is drawn only for who has not followed any recipe.
    fn mark(&mut self, id: ClientId) -> u32 {
        let is_new = self.clients.get(&id).is_some_and(|slot| slot.recipes.is_none());
        if is_new { self.rng.any() } else { 0 }
    }

    /// Clients that are there, or come to be, ask the same.
    pub(super) fn contend(&mut self, contest: &Contest, trace: &mut Trace) {
        for (n, name) in contest.names().enumerate() {
            let there = self.client_named(&name);
            let is_there = |id: &ClientId| {
                let slot = self.clients.get(id);
                slot.is_some_and(|slot| {
                    let state = slot.process.state();
                    let is_over = matches!(state, client::State::Expired | client::State::Closed);
                    !slot.has_vanished && !is_over
                })
            };
            if there.filter(is_there).is_none() {
                let seed = self.rng.any();
                let mut servers = contest.servers.to_vec();
                let first = n % servers.len().max(1);
                servers.rotate_left(first);
                let library = contest.library;
                let timeout_ms = contest.timeout_ms;
                let process = client::Client::new(library, servers.into(), timeout_ms, false, seed);
                self.add_client(&name, process, trace);
            }
            if let Some(id) = self.client_named(&name) {
                self.ask_recipe(id, &contest.ask, trace);
            }
        }
    }

    /// A watch fired. Returns whether a recipe waited for it.
    pub(super) fn recipe_watch(&mut self, id: ClientId, event: &WatchEvent) -> bool {
        let recipes = self.clients.get(&id).and_then(|slot| slot.recipes.as_ref());
        let paths = recipes.map_or_else(Vec::new, |recipes| recipes.waits_for(event));
        for path in &paths {
            if let Some(book) = self.books.get_mut(path) {
                book.count(|counts| counts.notifications += 1);
            }
        }
        !paths.is_empty()
    }

    pub(super) fn step_recipes(&mut self, id: ClientId, input: Input<'_>, trace: &mut Trace) {
        let Some(recipes) = self.clients.get_mut(&id).and_then(|slot| slot.recipes.as_mut()) else {
            return;
        };
        let mut out = Vec::new();
        recipes.step(input, &mut out);
        for effect in out {
            self.carry_out_recipe(id, effect, trace);
        }
    }

    fn carry_out_recipe(&mut self, id: ClientId, effect: Effect, trace: &mut Trace) {
        let actor = Actor::Client(id);
        match effect {
            Effect::Submit { by, op } => {
                let Some(slot) = self.clients.get_mut(&id) else { return };
                let Some(recipes) = slot.recipes.as_mut() else { return };
                recipes.numbered(by, slot.process.submitted() + 1);
                let path = recipes.path_of(by).cloned();
                let number = slot.process.submitted() + 1;
                if let Some(book) = path.and_then(|path| self.books.get_mut(&path)) {
                    if let (RecipeKind::Queue, Op::Delete { path, .. }) = (book.kind, &op) {
                        self.checker.takes_away(id, number, path);
                    }
                    book.count(|counts| match op.is_write() {
                        true => counts.writes += 1,
                        false => counts.reads += 1,
                    });
                }
                self.step_client(id, client::Input::Submit(op), trace);
            }
            Effect::SetTimer { timer, after_us } => {
                let (now, cause) = (self.now, self.current());
                let Some(slot) = self.clients.get_mut(&id) else { return };
                if let Some(due) = slot.recipe_timers.set(timer, now, after_us, cause) {
                    self.push(due, Due::RecipeTimer(id, timer));
                }
            }
            Effect::CancelTimer(timer) => {
                if let Some(slot) = self.clients.get_mut(&id) {
                    slot.recipe_timers.cancel(timer);
                }
            }
            Effect::Told { of, path, told } => {
                if let Some((number, wanted)) = of
                    && let Some(hearer) = self.hearer(id, number)
                {
                    self.checker.use_hears(hearer, &wanted, &told);
                    if self.recipes_of(id).is_none_or(|recipes| recipes.get(number).is_none()) {
                        self.checker.use_is_over(id, number);
                    }
                }
                if let Some(slot) = self.clients.get_mut(&id) {
                    slot.transcript.told(&path, &told);
                }
                if let (Some(book), Told::Done(answer)) = (self.books.get_mut(&path), &told) {
                    book.answered(id, self.now, answer);
                }
                self.note(actor, NoteKind::Told { path, told }, trace);
            }
            Effect::Believes(number) => self.on_belief(id, number, trace),
            Effect::Released(path, number) => {
                if let Some(hearer) = self.hearer(id, number) {
                    self.checker.use_ends(hearer);
                }
                let recipes = self.clients.get(&id).and_then(|slot| slot.recipes.as_ref());
                let node = recipes.and_then(|recipes| recipes.get(number)?.standing().node);
                if let Some(book) = self.books.get_mut(&path) {
                    book.released();
                    book.granted.retain(|grant| Some(&grant.node) != node.as_ref());
                }
            }
            Effect::WriteResource { path, token, resource } => {
                let Some(book) = self.books.get_mut(&path) else { return };
                let (largest, is_taken) = book.written(token, resource);
                let why = match is_taken {
                    true => RecipeWhy::ResourceWritten { path, token, largest },
                    false => RecipeWhy::ResourceRefused { path, token, largest },
                };
                self.note(actor, NoteKind::Decision(Why::Recipe(why)), trace);
            }
            Effect::Explain(why) => {
                match &why {
                    RecipeWhy::Took { node } => self.check_taken(id, node),
                    RecipeWhy::Voted { path, is_commit } => self.checker.voted(path, *is_commit),
                    _ => {}
                }
                let (now, site) = (self.now, self.voted_as(id, &why));
                if let Some(book) = outcome_of(&why).and_then(|path| self.books.get_mut(path)) {
                    book.came(id, now, why.clone(), site);
                }
                self.note(actor, NoteKind::Decision(Why::Recipe(why)), trace);
            }
        }
    }

    /// As which site a client has voted, if it has.
    fn voted_as(&self, id: ClientId, why: &RecipeWhy) -> Option<Rc<str>> {
        let RecipeWhy::Voted { path, is_commit } = why else { return None };
        let book = self.books.get(path)?;
        let is_known = |site: &Rc<str>| {
            let is_its = |outcome: &&Rc<Outcome>| outcome.client == id;
            let mut known = book.lately.iter().filter(is_its);
            known.any(|outcome| outcome.answer.as_ref() == Some(site))
        };
        let running = self.clients.get(&id)?.recipes.as_ref()?.running();
        let mut sites = running.filter_map(|(_, running)| {
            let What::Vote { site, is_commit: is } = &running.wanted.what else { return None };
            let is_it = running.wanted.path == *path && is == is_commit && !is_known(site);
            is_it.then(|| site.clone())
        });
        sites.next()
    }

    /// A client believes from now on that it holds: does anybody else?
    fn on_belief(&mut self, id: ClientId, number: u32, trace: &mut Trace) {
        let recipes = self.clients.get(&id).and_then(|slot| slot.recipes.as_ref());
        let Some(mine) = recipes.and_then(|recipes| recipes.get(number)).cloned() else { return };
        let path = mine.wanted.path.clone();
        let node = mine.standing().node.unwrap_or_else(|| path.clone());
        let token = mine.token;
        let Some(others) = mine.wanted.what.kind().others() else { return };
        let reads = |what: &What| *what == What::ReadLock;
        let i_read = reads(&mine.wanted.what);
        if let Some(token) = token {
            let session = self.clients.get(&id).map_or(SessionId(0), |s| s.process.session());
            let grant = Grant { node: node.clone(), token, client: id, session, is_read: i_read };
            self.check_grant(&path, grant, others);
        }
        let held_token = mine.token;
        let mut clashes = Vec::new();
        for (other_id, slot) in &self.clients {
            for (other_number, other) in slot.recipes.iter().flat_map(Recipes::running) {
                let is_me = *other_id == id && other_number == number;
                let is_downgrade = *other_id == id && (i_read || reads(&other.wanted.what));
                let both_read = i_read && reads(&other.wanted.what);
                let is_one = other.wanted.what.kind() == mine.wanted.what.kind();
                let is_clash = !is_me && !is_downgrade && !both_read && is_one;
                let is_clash = is_clash && other.wanted.path == path && other.believes();
                if is_clash {
                    let other_node = other.standing().node.unwrap_or_else(|| path.clone());
                    clashes.push((*other_id, slot.process.session(), other_node));
                }
            }
        }
        if clashes.len() <= others as usize {
            clashes.clear();
        }
        self.check_belief(id, &node, &clashes, others);
        let index = self.current();
        let at = self.now;
        let hold = Hold { client: id, number, token: held_token, since: at };
        if let Some(book) = self.books.get_mut(&path) {
            book.tally.grants += 1;
            book.held(hold);
        }
        for (other_id, session, other_node) in clashes {
            let is_expired = !self.checker.is_session_alive(session);
            let Some(book) = self.books.get_mut(&path) else { return };
            book.tally.times_two_believed += 1;
            let (older, newer) = ((other_id, other_node.clone()), (id, node.clone()));
            book.tally.two_believers.get_or_insert(TwoBelievers {
                index,
                at,
                older,
                newer,
                is_expired,
            });
            let why = RecipeWhy::TwoBelieve {
                path: path.clone(),
                older: other_node,
                newer: node.clone(),
                is_expired,
            };
            self.note(Actor::Client(id), NoteKind::Decision(Why::Recipe(why)), trace);
        }
    }

    /// Those whose sessions live, and whose nodes nobody else has deleted, are no more than can hold.
    fn check_belief(
        &mut self,
        id: ClientId,
        node: &Path,
        believers: &[(ClientId, SessionId, Path)],
        others: u32,
    ) {
        let Some(Hearer { session, .. }) = self.hearer(id, 0) else { return };
        if !self.checker.is_session_alive(session) {
            return;
        }
        let is_right = |(_, session, node): &&(ClientId, SessionId, Path)| {
            let checker = &self.checker;
            checker.is_session_alive(*session) && !checker.is_deleted_by_others(node, *session)
        };
        let mut right = believers.iter().filter(is_right);
        if let Some((other, _, other_node)) = right.nth(others as usize) {
            let one = format!("{id} believes from now on that it holds by {node}");
            let other = format!("so does {other} by {other_node}, and its session lives");
            self.checker.recipe_broken(id, one, other);
        }
    }

    /// Nobody is granted what others hold by nodes that are still there; and a line moves in order.
    fn check_grant(&mut self, path: &Path, grant: Grant, others: u32) {
        let Some(Hearer { seen, .. }) = self.hearer(grant.client, 0) else { return };
        let Some(book) = self.books.get_mut(path) else { return };
        let checker = &self.checker;
        book.granted.retain(|old| {
            let stands = checker.stands(&old.node, old.token, seen);
            checker.is_session_alive(old.session) && stands
        });
        if book.granted.contains(&grant) || !checker.is_session_alive(grant.session) {
            return;
        }
        let is_other = |old: &&Grant| {
            let is_downgrade = old.client == grant.client && (old.is_read || grant.is_read);
            let are_readers = old.is_read && grant.is_read;
            !(is_downgrade || are_readers)
        };
        let beside: Vec<&Grant> = book.granted.iter().filter(is_other).collect();
        let one = format!("{} is granted {path} by {}", grant.client, grant.node);
        if let Some(old) = beside.first().filter(|_| others < beside.len() as u32) {
            let other = format!("{} holds it by {}, and its session lives", old.client, old.node);
            self.checker.recipe_broken(grant.client, one, other);
        }
        book.granted.push(grant);
    }

    /// Nothing is taken twice.
    fn check_taken(&mut self, id: ClientId, node: &Path) {
        let book = node.rsplit_once('/').and_then(|(parent, _)| self.books.get_mut(parent));
        let Some(book) = book else { return };
        if book.taken.contains(node) {
            let one = format!("{id} takes {node}");
            self.checker.recipe_broken(id, one, "it was taken before".to_owned());
        }
        book.taken.push(node.clone());
        if let Some(Hearer { session, .. }) = self.hearer(id, 0) {
            self.checker.took(id, session, node);
        }
    }

    /// Whether anything was lost that had gone from a queue, once nothing is under way any more.
    pub fn check_queues(&mut self) {
        for (path, book) in self.books.iter().filter(|(_, book)| book.kind == RecipeKind::Queue) {
            self.checker.check_nothing_lost(path, &book.taken);
        }
    }

    /// The tree of the server that has processed most: what is committed, as far as anybody has it.
    pub fn newest_image(&self) -> Option<&Image> {
        let servers = self.servers.values().filter_map(|slot| slot.process.as_ref());
        let images = servers.map(|server| &server.database().image);
        images.max_by_key(|image| image.zxid)
    }

    /// Whether a use of a recipe has not come as far as it was asked to.
    pub fn is_recipe_pending(&self, id: ClientId, begun: u32, path: &Path) -> bool {
        let recipes = self.clients.get(&id).and_then(|slot| slot.recipes.as_ref());
        recipes.is_some_and(|recipes| recipes.is_pending(begun, path))
    }

    pub(super) fn on_recipe_timer(
        &mut self,
        id: ClientId,
        timer: recipe::Timer,
        trace: &mut Trace,
    ) {
        let now = self.now;
        let Some(slot) = self.clients.get_mut(&id) else { return };
        match slot.recipe_timers.look(timer, now) {
            Found::Fires(cause) if slot.is_paused => {
                // Its own work goes on before it hears of what happened meanwhile.
                let is_work = |deferred: &&Deferred| matches!(deferred, Deferred::Recipe { .. });
                let place = slot.deferred.iter().take_while(is_work).count();
                slot.deferred.insert(place, Deferred::Recipe { cause, timer });
            }
            Found::Fires(cause) => self.fire_recipe_timer(id, cause, timer, trace),
            Found::Moved(due) => {
                self.push(due, Due::RecipeTimer(id, timer));
            }
            Found::Nothing => {}
        }
    }

    pub(super) fn fire_recipe_timer(
        &mut self,
        id: ClientId,
        cause: u32,
        timer: recipe::Timer,
        trace: &mut Trace,
    ) {
        if self.clients.get(&id).is_some_and(|slot| !slot.has_vanished) {
            self.record(cause, EventKind::RecipeTimer(id, timer), trace);
            self.step_recipes(id, Input::Timer(timer), trace);
            self.check_client(id, trace);
        }
    }
}
