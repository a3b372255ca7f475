//! What a client knows of the watches that it left: `ZKWatchManager`.

use super::session::{Client, Effect};
use crate::error::KeeperError;
use crate::sorted::Set;
use crate::txn::{Op, Path, Reply, WatchEvent, WatchKind, WatcherType};

impl Client {
    /// A watch was left.
    pub(super) fn remember_watch(&mut self, op: &Op, result: &Result<Reply, KeeperError>) {
        let left = match op {
            Op::GetData { path, watch: true } if result.is_ok() => (path, WatchKind::Data),
            Op::GetChildren { path, watch: true } if result.is_ok() => (path, WatchKind::Child),
            Op::Exists { path, watch: true } if result.is_ok() => (path, WatchKind::Data),
            Op::Exists { path, watch: true } if *result == Err(KeeperError::NoNode) => {
                (path, WatchKind::Exist)
            }
            Op::AddWatch { path, is_recursive: false } => (path, WatchKind::Persistent),
            Op::AddWatch { path, is_recursive: true } => (path, WatchKind::PersistentRecursive),
            _ => return,
        };
        self.watches.insert((left.0.clone(), left.1));
    }

    /// Returns whether it was waited for as data and as children.
    pub(super) fn forget_fired(&mut self, event: &WatchEvent) -> bool {
        use crate::txn::EventType as E;
        let kinds: &[WatchKind] = match event.event {
            E::NodeCreated => &[WatchKind::Exist, WatchKind::Data],
            E::NodeDataChanged => &[WatchKind::Data, WatchKind::Exist],
            E::NodeDeleted => &[WatchKind::Data, WatchKind::Exist, WatchKind::Child],
            E::NodeChildrenChanged => &[WatchKind::Child],
            E::DataWatchRemoved | E::ChildWatchRemoved | E::PersistentWatchRemoved => &[],
        };
        let mut forget = |kind| self.watches.remove(&(event.path.clone(), kind));
        let fired: Vec<WatchKind> = kinds.iter().copied().filter(|kind| forget(*kind)).collect();
        fired.contains(&WatchKind::Child) && 1 < fired.len()
    }

    /// The client itself makes events of watches that were removed: `WatchDeregistration`.
    pub(super) fn forget_removed(&mut self, path: &Path, kind: WatcherType, out: &mut Vec<Effect>) {
        use crate::txn::EventType as E;
        let mut removed = Set::new();
        self.watches.retain(|(on, watch)| {
            let (event, of) = match watch {
                WatchKind::Child => (E::ChildWatchRemoved, WatcherType::Children),
                WatchKind::Data | WatchKind::Exist => (E::DataWatchRemoved, WatcherType::Data),
                WatchKind::Persistent => (E::PersistentWatchRemoved, WatcherType::Persistent),
                WatchKind::PersistentRecursive => {
                    (E::PersistentWatchRemoved, WatcherType::PersistentRecursive)
                }
            };
            let is_removed = on == path && (kind == WatcherType::Any || kind == of);
            if is_removed {
                removed.insert(event);
            }
            !is_removed
        });
        let events = removed.into_iter().map(|event| WatchEvent { event, path: path.clone() });
        out.extend(events.map(Effect::Watch));
    }
}
