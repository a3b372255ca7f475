//! Makes views of trees and of the watches on them.

use crate::image::DataNode;
use crate::lab::view::{WatchView, ZnodeView};
use crate::sim::world::World;
use crate::sorted::LargeMap;
use crate::txn::Path;
use crate::types::ServerId;
use std::rc::Rc;

/// The tree as a server has it: shared with it, nothing is copied. Empty if it is down.
pub fn tree(world: &World, id: ServerId) -> Rc<LargeMap<Path, Rc<DataNode>>> {
    world.server(id).map(|server| server.database().image.nodes.clone()).unwrap_or_default()
}

/// The znodes as a server has them, in the order of their paths.
pub fn znodes(world: &World, id: ServerId) -> Vec<ZnodeView> {
    tree(world, id)
        .iter()
        .map(|(path, node)| ZnodeView {
            path: path.clone(),
            data: node.data.as_ref().map(|data| String::from_utf8_lossy(data).into()),
            stat: node.stat(),
            owner: node.owner,
        })
        .collect()
}

/// The watches that a server keeps, in the order of their paths.
pub fn watches(world: &World, id: ServerId) -> Vec<WatchView> {
    let Some(server) = world.server(id) else { return Vec::new() };
    let mut watches = Vec::new();
    for path in server.watches().paths() {
        for (conn, kind) in server.watches().on_path(path) {
            let session = server.session_of(conn);
            let mut clients = world.clients.iter();
            let client = clients.find(|(_, slot)| Some(slot.process.session()) == session);
            watches.push(WatchView {
                path: path.clone(),
                client: client.map(|(id, _)| *id),
                session: session.unwrap_or_default(),
                kind,
            });
        }
    }
    watches
}
