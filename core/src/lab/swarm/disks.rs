//! Moves about disks: they get slow, fail and fill up, at any time and at the delicate ones. Files are
//! not damaged: that may lose what was acknowledged, and then nothing can be promised.

use super::Swarm;
use super::moves::Sight;
use crate::sim::action::Action;
use crate::sim::fault::{DiskAction, DiskFault};
use crate::types::ServerId;
use std::rc::Rc;

impl Swarm {
    pub(super) fn disk_fault(&mut self, servers: Rc<[ServerId]>) -> Action {
        let fault = match self.rng.below(6) {
            0 | 1 => DiskFault::Slow { factor: 1, added_us: self.rng.below(800_000).into() },
            2 => DiskFault::Failing,
            3 => DiskFault::Full,
            _ => DiskFault::Mended,
        };
        Action::Disk(DiskAction { servers, fault })
    }

    pub(super) fn set_disks(&mut self, ids: &[ServerId], fault: DiskFault) {
        self.act(Action::Disk(DiskAction { servers: ids.into(), fault }));
    }

    fn broken_disk(&mut self) -> DiskFault {
        if self.rng.below(2) == 0 { DiskFault::Failing } else { DiskFault::Full }
    }

    /// Disks get in the way of what is being written.
    pub(super) fn trouble_disks(&mut self) {
        let ids = self.shuffled();
        let fault = self.broken_disk();
        match self.rng.below(5) {
            // The leader cannot write what it proposes.
            0 => {
                let leader = self.leader_or_any();
                self.set_disks(&[leader], fault);
                self.burst(5);
            }
            // All are slow, and die with much that is not on disk.
            1 => {
                for id in ids.clone() {
                    let added_us = self.rng.below(500_000).into();
                    self.set_disks(&[id], DiskFault::Slow { factor: 1, added_us });
                }
                self.burst(5);
                self.watch_for_anything();
                let some = 1 + self.rng.below(ids.len() as u32) as usize;
                self.kill(&ids[..some]);
            }
            // A learner cannot keep the history that it is sent.
            2 => {
                let late = ids[0];
                self.kill(&[late]);
                self.burst(8);
                self.start(&[late]);
                if self.watch_for(Sight::Synchronizing).is_some() {
                    self.short();
                }
                self.set_disks(&[late], fault);
                self.burst(2);
            }
            // A quorum cannot write.
            3 => {
                let some = ids.len() / 2 + 1;
                self.set_disks(&ids[..some], fault);
                self.burst(4);
            }
            // One is slow, and the leader dies.
            _ => {
                let added_us = 50_000 + u64::from(self.rng.below(1_000_000));
                self.set_disks(&ids[..1], DiskFault::Slow { factor: 1, added_us });
                self.burst(4);
                let leader = self.leader_or_any();
                self.kill(&[leader]);
            }
        }
        if self.rng.below(2) == 0 {
            self.long();
        } else {
            self.short();
        }
        if self.rng.below(3) != 0 {
            self.set_disks(&self.all.clone(), DiskFault::Mended);
            self.act(Action::Start(self.all.clone()));
        }
    }
}
