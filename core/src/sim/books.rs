//! What is known about a recipe's path from outside: counts, and the resource that it guards.

use crate::recipe::{RecipeKind, Resource};
use crate::txn::Path;
use crate::types::{ClientId, SessionId, Time, Zxid};
use crate::why::RecipeWhy;
use std::rc::Rc;

/// How many outcomes are remembered of one path.
const MOST_LATELY: usize = 64;

/// What a recipe cost.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Counts {
    /// Watch events that came to clients that waited.
    pub notifications: u64,
    /// Reading requests sent.
    pub reads: u64,
    /// Writing requests sent.
    pub writes: u64,
}

/// The moment at which two clients first believed the same.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct TwoBelievers {
    /// The event.
    pub index: u32,
    /// When.
    pub at: Time,
    /// Who has held longer, and its node.
    pub older: (ClientId, Path),
    /// Who holds from then on, and its node.
    pub newer: (ClientId, Path),
    /// Whether the older one's session was over by then.
    pub is_expired: bool,
}

/// A resource outside ZooKeeper that a lock guards.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Guarded {
    /// What it does with tokens.
    pub resource: Resource,
    /// The largest token it has seen.
    pub largest: Zxid,
    /// Writes it took.
    pub taken: u64,
    /// Of these, how many came after one with a larger token: damage.
    pub stale: u64,
    /// Writes it refused.
    pub refused: u64,
}

/// Something that came of a recipe: taken from a queue, counted, picked, passed, voted, decided.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Outcome {
    /// For whom.
    pub client: ClientId,
    /// When.
    pub at: Time,
    /// What.
    pub why: RecipeWhy,
    /// What its application was told of it; of a vote, for which site.
    pub answer: Option<Rc<str>>,
}

/// The figures of one path.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Tally {
    /// In all.
    pub total: Counts,
    /// Since something held was last given back.
    pub since_release: Counts,
    /// From the last release but one to the last.
    pub last_release: Counts,
    /// How often something was given back.
    pub releases: u64,
    /// How often it was granted.
    pub grants: u64,
    /// The first time that two clients believed to hold what only one can.
    pub two_believers: Option<TwoBelievers>,
    /// How often that came to be so.
    pub times_two_believed: u64,
    /// The resource, if one is written to.
    pub guarded: Option<Guarded>,
}

/// The books of one path.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Book {
    /// Which recipe.
    pub kind: RecipeKind,
    /// The figures.
    pub tally: Tally,
    /// What came of it lately, oldest first.
    pub lately: Vec<Rc<Outcome>>,
    /// What was granted and not given back, for the checker: node, czxid, session, whether to read.
    pub granted: Vec<Grant>,
    /// Who has held since when, or did until not long ago.
    pub holds: Vec<Hold>,
    /// What was taken from a queue.
    pub taken: Vec<Path>,
}

/// A use of a recipe that came to hold.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Hold {
    /// Whose.
    pub client: ClientId,
    /// Which of its uses.
    pub number: u32,
    /// With which token.
    pub token: Option<Zxid>,
    /// Since when.
    pub since: Time,
}

/// Something granted.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Grant {
    /// By which node.
    pub node: Path,
    /// That node's czxid.
    pub token: Zxid,
    /// To whom.
    pub client: ClientId,
    /// In which session.
    pub session: SessionId,
    /// Whether only to read.
    pub is_read: bool,
}

impl Book {
    /// Nothing has happened yet.
    pub fn new(kind: RecipeKind) -> Book {
        Book {
            kind,
            tally: Tally::default(),
            lately: Vec::new(),
            granted: Vec::new(),
            holds: Vec::new(),
            taken: Vec::new(),
        }
    }

    /// Counts in both columns.
    pub fn count(&mut self, add: impl Fn(&mut Counts)) {
        add(&mut self.tally.total);
        add(&mut self.tally.since_release);
    }

    /// Something came of it.
    pub fn came(&mut self, client: ClientId, at: Time, why: RecipeWhy, site: Option<Rc<str>>) {
        if self.lately.len() == MOST_LATELY {
            self.lately.remove(0);
        }
        self.lately.push(Rc::new(Outcome { client, at, why, answer: site }));
    }

    /// A client's application is told what came of it just now.
    pub fn answered(&mut self, client: ClientId, at: Time, answer: &Rc<str>) {
        let last = self.lately.iter_mut().rfind(|outcome| outcome.client == client);
        if let Some(last) = last.filter(|last| last.at == at && last.answer.is_none()) {
            Rc::make_mut(last).answer = Some(answer.clone());
        }
    }

    /// A use holds; one that has only doubted it goes on holding.
    pub fn held(&mut self, hold: Hold) {
        let is_its = |old: &Hold| (old.client, old.number) == (hold.client, hold.number);
        if !self.holds.iter().any(|old| is_its(old) && old.token == hold.token) {
            self.holds.retain(|old| !is_its(old));
            self.holds.push(hold);
        }
    }

    /// Something is given back.
    pub fn released(&mut self) {
        let tally = &mut self.tally;
        tally.releases += 1;
        tally.last_release = std::mem::take(&mut tally.since_release);
    }

    /// A write reaches the resource. Returns the largest token before it, and whether it was taken.
    pub fn written(&mut self, token: Zxid, resource: Resource) -> (Zxid, bool) {
        let guarded = self.tally.guarded.get_or_insert(Guarded {
            resource,
            largest: Zxid::ZERO,
            taken: 0,
            stale: 0,
            refused: 0,
        });
        let largest = guarded.largest;
        let is_stale = token < largest;
        let is_taken = !is_stale || resource == Resource::Open;
        guarded.resource = resource;
        guarded.largest = largest.max(token);
        guarded.taken += u64::from(is_taken);
        guarded.stale += u64::from(is_taken && is_stale);
        guarded.refused += u64::from(!is_taken);
        (largest, is_taken)
    }
}
