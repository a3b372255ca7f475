//! Makes views of recipes.

use crate::image::Image;
use crate::lab::view::{MemberView, RecipeNodeView, RecipeView, WrittenView};
use crate::recipe::{Phase, RecipeKind, Recipes, number, priority, standing_of};
use crate::sim::books::{Book, Hold};
use crate::sim::world::World;
use crate::sorted::Map;
use crate::tree::path;
use crate::txn::{Owner, Path};
use crate::types::{ClientId, SessionId};
use std::rc::Rc;

/// How much of a znode's data is shown, in characters.
const DATA_SHOWN: usize = 48;
/// Where those stand that want a lease of a semaphore.
const GATE: &str = "locks";

/// Every path on which a recipe is or was followed.
pub fn recipes(world: &World) -> Vec<RecipeView> {
    if world.books.is_empty() {
        return Vec::new();
    }
    let sessions: Map<SessionId, ClientId> =
        world.clients.iter().map(|(id, slot)| (slot.process.session(), *id)).collect();
    let image = world.newest_image();
    world.books.iter().map(|(path, book)| of_path(world, path, book, image, &sessions)).collect()
}

/// The view of one path, if a recipe is or was followed there.
pub fn recipe(world: &World, path: &str) -> Option<RecipeView> {
    recipes(world).into_iter().find(|view| &*view.path == path)
}

fn of_path(
    world: &World,
    path: &Path,
    book: &Book,
    image: Option<&Image>,
    sessions: &Map<SessionId, ClientId>,
) -> RecipeView {
    let mut members = members(world, path, book);
    let (mut nodes, places) = image.map_or_else(Default::default, |image| {
        let mut nodes = nodes(book, path, image, sessions);
        let mut places: Map<Path, usize> = Map::new();
        for (place, node) in nodes.iter().enumerate() {
            places.insert(node.path.clone(), place);
        }
        wait_at_gate(book, path, image, sessions, &mut nodes, &mut places);
        (nodes, places)
    });
    // Clients that have not heard of their nodes yet.
    let mut unheard: Map<ClientId, usize> = Map::new();
    for (number, member) in members.iter_mut().enumerate() {
        if member.node.is_none() && member.watches.is_empty() {
            unheard.insert(member.client, number);
        }
        let own = member.node.as_ref().and_then(|node| places.get(node));
        if let Some(node) = own.and_then(|place| nodes.get_mut(*place)) {
            node.member.get_or_insert(number);
        }
        member.watched =
            member.watches.iter().filter_map(|path| places.get(path)).copied().collect();
        for place in &member.watched {
            nodes[*place].watched_by.push(member.client);
        }
    }
    for node in nodes.iter_mut().filter(|node| node.member.is_none()) {
        node.member = node.client.and_then(|client| unheard.remove(&client));
    }
    let holding = nodes.iter().filter(|node| node.is_holding);
    let mut holders: Vec<ClientId> = holding.filter_map(|node| node.client).collect();
    holders.dedup();
    let believers = members.iter().filter(|member| member.phase == Phase::Holds);
    let mut believers: Vec<ClientId> = believers.map(|member| member.client).collect();
    believers.dedup();
    let mut waiting: Vec<(usize, ClientId)> = members
        .iter()
        .filter(|member| matches!(member.phase, Phase::Begins | Phase::Waits))
        .map(|member| {
            let place = member.node.as_ref().and_then(|node| places.get(node));
            (place.copied().unwrap_or(usize::MAX), member.client)
        })
        .collect();
    waiting.sort();
    RecipeView {
        path: path.clone(),
        kind: book.kind,
        holders,
        believers,
        waiters: waiting.into_iter().map(|(_, client)| client).collect(),
        nodes,
        members,
        itself: image.and_then(|image| image.node(path)).map(|node| WrittenView {
            text: beginning(node.data.as_deref().unwrap_or_default()),
            version: node.version,
            next: node.cversion,
        }),
        tally: book.tally.clone(),
        lately: book.lately.clone(),
    }
}

fn members(world: &World, path: &Path, book: &Book) -> Vec<MemberView> {
    let mut members = Vec::new();
    for (id, slot) in &world.clients {
        let running = slot.recipes.iter().flat_map(Recipes::running);
        for (number, running) in running {
            let Some(standing) = running.standing_at(path) else { continue };
            let is_its = |hold: &&Hold| (hold.client, hold.number) == (*id, number);
            let hold = book.holds.iter().find(is_its);
            let has_it = matches!(running.phase, Phase::Holds | Phase::Doubts);
            members.push(MemberView {
                client: *id,
                number,
                wanted: running.wanted.clone(),
                phase: running.phase,
                count: running.count,
                token: running.token,
                since: hold.filter(|_| has_it).map(|hold| hold.since),
                node: standing.node,
                watches: standing.watches,
                watched: Vec::new(),
                seen: running.seen().cloned(),
            });
        }
    }
    members
}

/// The children of the path that the recipe made, in the order of their numbers.
fn nodes(
    book: &Book,
    parent: &Path,
    image: &Image,
    sessions: &Map<SessionId, ClientId>,
) -> Vec<RecipeNodeView> {
    let parent = match book.kind.place() {
        Some(place) => Path::from(path::join(parent, place)),
        None => parent.clone(),
    };
    let Some(node) = image.node(&parent) else { return Vec::new() };
    let mut names: Vec<(Option<u64>, &str)> =
        node.children.iter().map(|name| (number(name), &**name)).collect();
    match book.kind {
        RecipeKind::Queue => names.sort_by_key(|(number, name)| (priority(name), *number, *name)),
        RecipeKind::Lock
        | RecipeKind::HerdLock
        | RecipeKind::ReadWriteLock
        | RecipeKind::Semaphore(_)
        | RecipeKind::Election
        | RecipeKind::Barrier
        | RecipeKind::DoubleBarrier(_)
        | RecipeKind::Gather(_)
        | RecipeKind::Group
        | RecipeKind::Config
        | RecipeKind::Naming
        | RecipeKind::Counter
        | RecipeKind::TwoPhaseCommit => {
            names.sort_by_key(|(number, name)| (standing_of(name).0, *number, *name));
        }
    }
    let holding = book.kind.holding(&names.iter().map(|(_, name)| *name).collect::<Vec<_>>());
    let view = |(place, (number, name)): (usize, &(Option<u64>, &str))| {
        let path: Path = path::join(&parent, name).into();
        node_view(path, *number, place < holding, image, sessions)
    };
    names.iter().enumerate().map(view).collect()
}

fn node_view(
    path: Path,
    number: Option<u64>,
    is_holding: bool,
    image: &Image,
    sessions: &Map<SessionId, ClientId>,
) -> RecipeNodeView {
    let node = image.node(&path);
    let session = node.map_or(SessionId(0), |node| match node.owner {
        Owner::Session(session) => session,
        Owner::None | Owner::Container | Owner::Ttl(_) => SessionId(0),
    });
    RecipeNodeView {
        number,
        session,
        client: sessions.get(&session).copied(),
        data: beginning(node.and_then(|node| node.data.as_deref()).unwrap_or_default()),
        member: None,
        is_holding,
        watched_by: Vec::new(),
        path,
    }
}

/// Those that wait at the gate of a semaphore come behind the leases. Who has passed it has a lease,
/// and stands there with both nodes.
fn wait_at_gate(
    book: &Book,
    parent: &Path,
    image: &Image,
    sessions: &Map<SessionId, ClientId>,
    nodes: &mut Vec<RecipeNodeView>,
    places: &mut Map<Path, usize>,
) {
    if book.kind.place().is_none() {
        return;
    }
    let gate: Path = path::join(parent, GATE).into();
    let Some(node) = image.node(&gate) else { return };
    let mut names: Vec<(Option<u64>, &str)> =
        node.children.iter().map(|name| (number(name), &**name)).collect();
    names.sort_unstable();
    let leases = nodes.len();
    for (number, name) in names {
        let path: Path = path::join(&gate, name).into();
        let view = node_view(path.clone(), number, false, image, sessions);
        let lease = nodes[..leases].iter().position(|lease| lease.session == view.session);
        places.insert(path, lease.unwrap_or(nodes.len()));
        if lease.is_none() {
            nodes.push(view);
        }
    }
}

/// The beginning of a znode's data, as text.
fn beginning(data: &[u8]) -> Rc<str> {
    // A character has four bytes at most.
    let text = String::from_utf8_lossy(&data[..data.len().min(4 * DATA_SHOWN)]);
    match text.char_indices().nth(DATA_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}
