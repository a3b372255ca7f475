//! Where everything of a moment is on the stage: worked out once, used by all that is drawn.

use crate::components::geometry::{Layout, Point};
use std::rc::Rc;
use zklab_core::lab::view::{ClientState, ClientView, View};
use zklab_core::types::{Actor, ClientId, ServerId};

/// With more clients than this their boxes are small.
const CROWD: usize = 6;
/// With more servers than this too, whatever the number of clients.
const MANY_SERVERS: usize = 5;

/// A client and its place: no more than what is drawn, so that what has not changed is not drawn anew.
#[derive(Clone, PartialEq, Debug)]
pub struct Placed {
    /// Who.
    pub id: ClientId,
    /// Its name.
    pub name: Rc<str>,
    /// How it stands.
    pub state: ClientState,
    /// Its server, or the one it tries.
    pub server: Option<ServerId>,
    /// Where its middle is. Of those that are not drawn: where the last of their server is.
    pub at: Point,
    /// Whether there is room to draw it.
    pub is_drawn: bool,
}

/// Where everything is.
pub struct Scene {
    /// The ring.
    pub layout: Rc<Layout>,
    /// The clients that are there, in order of id.
    pub clients: Rc<[Placed]>,
    /// Where clients are not drawn for lack of room, and how many.
    pub more: Rc<[(Point, usize)]>,
}

/// Whether clients have small boxes.
pub fn is_crowded(view: &View) -> bool {
    let clients = view.clients.iter().filter(|client| is_there(client)).count();
    CROWD < clients || (MANY_SERVERS < view.servers.len() && 2 < clients)
}

fn is_there(client: &ClientView) -> bool {
    !matches!(client.state, ClientState::Vanished | ClientState::Closed)
}

impl Scene {
    /// Of this moment.
    pub fn new(layout: Rc<Layout>, view: &View) -> Scene {
        let mut at_server: Vec<(Option<ServerId>, usize)> = Vec::new();
        let mut clients = Vec::new();
        let mut more: Vec<(Option<ServerId>, Point, usize)> = Vec::new();
        for client in view.clients.iter().filter(|client| is_there(client)) {
            let found = at_server.iter().position(|(server, _)| *server == client.server);
            let place = found.unwrap_or(at_server.len());
            if found.is_none() {
                at_server.push((client.server, 0));
            }
            let nth = at_server[place].1;
            at_server[place].1 += 1;
            let most = layout.most_clients(client.server);
            let at = layout.client(client.server, nth.min(most));
            let is_drawn = nth < most;
            if !is_drawn {
                match more.iter_mut().find(|(server, ..)| *server == client.server) {
                    Some((.., count)) => *count += 1,
                    None => more.push((client.server, at, 1)),
                }
            }
            let (id, name, state, server) =
                (client.id, client.name.clone(), client.state, client.server);
            clients.push(Placed { id, name, state, server, at, is_drawn });
        }
        let more = more.into_iter().map(|(_, at, count)| (at, count)).collect();
        Scene { layout, clients: clients.into(), more }
    }

    /// Where somebody is.
    pub fn point_of(&self, actor: Actor) -> Option<Point> {
        match actor {
            Actor::Server(id) => self.layout.server(id),
            Actor::Client(id) => {
                let found = self.clients.binary_search_by_key(&id, |placed| placed.id);
                found.ok().map(|place| self.clients[place].at)
            }
        }
    }
}
