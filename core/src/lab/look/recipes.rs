//! Makes views of recipes.

use crate::image::Image;
use crate::lab::view::{MemberView, RecipeNodeView, RecipeView};
use crate::lab::zkcli::recipes;
use crate::recipe::{Ask, Phase, Recipes, number, standing_of};
use crate::sim::books::{Book, Hold};
use crate::sim::world::World;
use crate::sorted::Map;
use crate::tree::path;
use crate::txn::{Owner, Path};
use crate::types::{ClientId, SessionId};

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
    let nodes = image.map_or_else(Vec::new, |image| nodes(book, path, image, sessions, &members));
    for member in &mut members {
        let owner = |watched: &Path| nodes.iter().find(|node| node.path == *watched)?.client;
        member.waits_for = member.watches.iter().filter_map(owner).collect();
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
            let is_its = |node: &RecipeNodeView| Some(&node.path) == member.node.as_ref();
            (nodes.iter().position(is_its).unwrap_or(usize::MAX), member.client)
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
        total: book.total,
        since_release: book.since_release,
        last_release: book.last_release,
        releases: book.releases,
        grants: book.grants,
        two_believers: book.two_believers.clone(),
        times_two_believed: book.times_two_believed,
        guarded: book.guarded.clone(),
    }
}

fn members(world: &World, path: &Path, book: &Book) -> Vec<MemberView> {
    let mut members = Vec::new();
    for (id, slot) in &world.clients {
        let running = slot.recipes.iter().flat_map(Recipes::running);
        for (number, running) in running.filter(|(_, r)| r.wanted.path == *path) {
            let standing = running.standing();
            let is_its = |hold: &&Hold| (hold.client, hold.number) == (*id, number);
            let hold = book.holds.iter().find(is_its);
            let has_it = matches!(running.phase, Phase::Holds | Phase::Doubts);
            members.push(MemberView {
                client: *id,
                number,
                asked: recipes::write(&Ask::Use(running.wanted.clone())).into(),
                phase: running.phase,
                count: running.count,
                token: running.token,
                since: hold.filter(|_| has_it).map(|hold| hold.since),
                node: standing.node,
                watches: standing.watches,
                waits_for: Vec::new(),
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
    members: &[MemberView],
) -> Vec<RecipeNodeView> {
    let parent = match book.kind.place() {
        Some(place) => Path::from(path::join(parent, place)),
        None => parent.clone(),
    };
    let Some(node) = image.node(&parent) else { return Vec::new() };
    let mut names: Vec<(Option<u64>, &str)> =
        node.children.iter().map(|name| (number(name), &**name)).collect();
    names.sort_by_key(|(number, name)| (standing_of(name).0, *number, *name));
    let holding = book.kind.holding(&names.iter().map(|(_, name)| *name).collect::<Vec<_>>());
    let view = |(place, (number, name)): (usize, &(Option<u64>, &str))| {
        let path: Path = path::join(&parent, name).into();
        let session = image.node(&path).map_or(SessionId(0), |node| match node.owner {
            Owner::Session(session) => session,
            Owner::None | Owner::Container | Owner::Ttl(_) => SessionId(0),
        });
        let watchers = members.iter().filter(|member| member.watches.contains(&path));
        RecipeNodeView {
            number: *number,
            session,
            client: sessions.get(&session).copied(),
            is_holding: place < holding,
            watched_by: watchers.map(|member| member.client).collect(),
            path,
        }
    };
    names.iter().enumerate().map(view).collect()
}
