//! A server begins to serve: `ZooKeeperServer.startup`.

use crate::server::peer::set_timer;
use crate::server::{Effect, Moment, Role, Server, Timer};
use crate::session::{SessionTracker, first_session_id};
use crate::types::{Time, Zxid};
use crate::why::Why;

impl Server {
    /// `startZkServer` of a leader.
    pub(crate) fn activate(&mut self, epoch: u32, moment: &mut Moment<'_>, out: &mut Vec<Effect>) {
        let zxid = Zxid::new(epoch, 0);
        self.db.image.zxid = zxid;
        self.last_zxid = Zxid::new(epoch, self.config.initial_counter);
        self.election.update_epoch(epoch);
        let sessions = self.db.image.sessions.clone();
        self.tracker = SessionTracker::new(moment.now, self.config.tick_time_ms, sessions.iter());
        if !sessions.is_empty() {
            out.push(Effect::Explain(Why::SessionsInherited { count: sessions.len() }));
        }
        self.start_serving(moment.now, out);
        self.arm_expiry(moment.now, out);
        set_timer(Timer::Containers, self.config.container_check_interval_ms, out);
    }

    pub(crate) fn start_serving(&mut self, now: Time, out: &mut Vec<Effect>) {
        self.is_serving = true;
        if matches!(self.role, Role::Learning(_)) {
            // A learner has none, but for a mistake.
            let tick_ms = self.config.tick_time_ms;
            self.tracker = SessionTracker::new(now, tick_ms, std::iter::empty());
        }
        self.reset_locals(now);
        self.next_session = first_session_id(self.id, now);
        out.push(Effect::Applied(self.db.last_processed()));
    }
}
