//! Whether a leader is still heard and hears: pings, and a quorum within `syncLimit`.
//!
//! ZooKeeper: the loop of `Leader.lead`, `LearnerHandler.ping`, `SyncLimitCheck`.

use super::{Effect, Gate, Handler, Leader, Stage};
use crate::mistake::Mistake;
use crate::sorted::Set;
use crate::types::{ServerId, Time};
use crate::why::{QuorumCheck, Why, quorum_facts};
use crate::wire::Packet;
use std::rc::Rc;

impl Leader {
    /// Twice a tick: ping everybody; once a tick: see whether a quorum is still there.
    pub(super) fn on_half_tick(&mut self, now: Time, effects: &mut Vec<Effect>) {
        if self.gate != Gate::Serving {
            return;
        }
        effects.push(Effect::HalfTickTimer(self.config.tick_time_ms / 2));
        self.is_half_tick = !self.is_half_tick;
        if self.is_half_tick {
            self.tick += 1;
            let heard = self.heard();
            let is_quorum = self.views.is_quorum(&heard);
            let mistake = Mistake::ObserverInQuorum;
            if !is_quorum
                && self.config.mistakes.has(mistake)
                && self.views.current.majority() <= heard.len()
            {
                effects.push(Effect::Explain(Why::Mistaken { mistake }));
            } else if !is_quorum {
                let facts = quorum_facts(QuorumCheck::Heard, &self.views, &heard);
                effects.extend(facts.map(Effect::Explain));
                effects.push(Effect::Explain(Why::LostQuorum {
                    heard: heard.iter().copied().collect(),
                    needed: self.views.current.majority(),
                    sync_limit: self.config.sync_limit,
                }));
                effects.push(Effect::Abandon);
                return;
            }
        }
        self.ping_all(now, effects);
    }

    /// Itself and every learner within its deadline, synchronized or on the way.
    fn heard(&self) -> Set<ServerId> {
        let in_time = |h: &&Handler| self.tick <= h.ack_deadline_tick && h.stage != Stage::Unknown;
        let learners = self.handlers.values().filter(in_time).map(|handler| handler.sid);
        learners.chain([self.id]).collect()
    }

    fn ping_all(&mut self, now: Time, effects: &mut Vec<Effect>) {
        let limit_us = self.config.sync_limit_ms() * 1000;
        let mut overdue = Vec::new();
        for (&conn, handler) in &self.handlers {
            match handler.unacked_since {
                Some((_, since)) if limit_us < now.since_us(since) => {
                    let silent_ms = now.since_us(since) / 1000;
                    let why = Why::LearnerSilent { learner: handler.sid, silent_ms };
                    effects.push(Effect::Explain(why));
                    overdue.push(conn);
                }
                Some(_) | None if handler.is_forwarding => {
                    let zxid = self.last_proposed;
                    let touched = Rc::new([]);
                    effects.push(Effect::Send { conn, packet: Packet::Ping { zxid, touched } });
                }
                Some(_) | None => {}
            }
        }
        overdue.into_iter().for_each(|conn| self.hang_up(conn, effects));
    }
}
