//! Which containers and TTL znodes have had their time.
//!
//! ZooKeeper: `ContainerManager`, which looks every `znode.container.checkIntervalMs` on the
//! leader, and injects a deleteContainer request for each candidate. The leader's
//! [`super::prep`] checks again: a child may have come in between. Nested empty containers go one
//! level per look.
//!
//! **Simplified.** ZooKeeper keeps sets of containers and of TTL znodes; here all znodes are
//! looked at. The limit of `maxPerMinute` is the caller's.

use crate::image::{DataNode, Image};
use crate::txn::{Owner, Path};
use crate::types::Time;

/// The znodes to remove, in the order of their paths.
///
/// A container that never had a child goes after `max_never_used_interval_ms`; 0 is never.
pub fn candidates(image: &Image, now: Time, max_never_used_interval_ms: u64) -> Vec<Path> {
    let is_due = |node: &DataNode| {
        let elapsed_ms = now.ms().saturating_sub(node.mtime.ms());
        match node.owner {
            Owner::None | Owner::Session(_) => false,
            Owner::Container if 0 < node.cversion => true,
            Owner::Container => {
                max_never_used_interval_ms != 0 && max_never_used_interval_ms < elapsed_ms
            }
            Owner::Ttl(ttl_ms) => ttl_ms < elapsed_ms,
        }
    };
    let due = image.nodes.iter().filter(|(_, node)| node.children.is_empty() && is_due(node));
    due.map(|(path, _)| path.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::txn::{CreateMode, Op};

    fn rig() -> Rig {
        let mut rig = Rig::new();
        rig.settings.are_extended_types_enabled = true;
        rig
    }

    fn due(rig: &Rig, after_ms: u64, max_never_used_interval_ms: u64) -> Vec<String> {
        let now = Time::from_ms(rig.zxid.0 + after_ms);
        let paths = candidates(&rig.image, now, max_never_used_interval_ms);
        paths.iter().map(|path| path.to_string()).collect()
    }

    #[test]
    fn a_container_goes_after_its_last_child() {
        let mut rig = rig();
        rig.run(create_as("/c", CreateMode::Container)).unwrap();
        rig.run(create_as("/c/c", CreateMode::Container)).unwrap();
        rig.run(create("/c/c/x")).unwrap();
        assert!(due(&rig, 0, 0).is_empty());
        rig.run(delete("/c/c/x", -1)).unwrap();
        assert_eq!(due(&rig, 0, 0), ["/c/c"], "one level at a time");
        rig.run(Op::DeleteContainer { path: "/c/c".into() }).unwrap();
        assert_eq!(due(&rig, 0, 0), ["/c"]);
    }

    #[test]
    fn an_unused_container_goes_late_or_never() {
        let mut rig = rig();
        rig.run(create_as("/c", CreateMode::Container)).unwrap();
        assert!(due(&rig, 1_000_000, 0).is_empty());
        assert!(due(&rig, 300, 300).is_empty());
        assert_eq!(due(&rig, 301, 300), ["/c"]);
    }

    #[test]
    fn a_time_to_live_begins_with_each_write() {
        let mut rig = rig();
        rig.run(create_as("/t", CreateMode::PersistentWithTtl)).unwrap();
        assert!(due(&rig, 1000, 1).is_empty());
        assert_eq!(due(&rig, 1001, 1), ["/t"], "it needs no child first");
        rig.zxid = crate::types::Zxid(900);
        rig.run(set_data("/t", "fresh", -1)).unwrap();
        assert!(due(&rig, 1000, 1).is_empty());
        rig.run(create("/t/child")).unwrap();
        assert!(due(&rig, 9999, 1).is_empty(), "children keep it");
        rig.run(delete("/t/child", -1)).unwrap();
        assert_eq!(due(&rig, 999, 1), ["/t"], "and refresh nothing");
    }

    #[test]
    fn others_stay() {
        let mut rig = rig();
        rig.run(create("/p")).unwrap();
        rig.run(create_as("/e", CreateMode::Ephemeral)).unwrap();
        assert!(due(&rig, 1_000_000, 1).is_empty());
    }
}
