//! What the election and its connections ask for: `FastLeaderElection`, `QuorumCnxManager`.

use crate::fle::{self, cnx};
use crate::server::peer::set_timer;
use crate::server::{Effect, Moment, Role, Server, Timer};
use crate::types::{Port, ServerId};
use crate::wire::Notification;

impl Server {
    pub(crate) fn election_step(
        &mut self,
        input: fle::Input,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        let mut effects = Vec::new();
        self.election.step(input, &mut effects);
        for effect in effects {
            match effect {
                fle::Effect::Broadcast(notification) => {
                    let mut others = self.views.voters();
                    others.remove(&self.id);
                    for to in others {
                        self.notify(to, notification.clone(), moment, out);
                    }
                }
                fle::Effect::Send { to, notification } => {
                    self.notify(to, notification, moment, out)
                }
                fle::Effect::ConnectAll => {
                    let mut effects = Vec::new();
                    let mut fresh = || moment.fresh_conn();
                    self.connections.connect_all(&mut fresh, &mut effects);
                    self.carry_out_cnx(effects, moment, out);
                }
                fle::Effect::WaitForNotification(after_ms) => {
                    out.push(Effect::CancelTimer(Timer::Finalize));
                    set_timer(Timer::Silence, after_ms, out);
                }
                fle::Effect::WaitForBetter(after_ms) => {
                    out.push(Effect::CancelTimer(Timer::Silence));
                    set_timer(Timer::Finalize, after_ms, out);
                }
                fle::Effect::StopWaiting => {
                    out.push(Effect::CancelTimer(Timer::Silence));
                    out.push(Effect::CancelTimer(Timer::Finalize));
                }
                fle::Effect::Elected { vote, state } => self.on_elected(vote, state, moment, out),
                fle::Effect::Explain(why) => out.push(Effect::Explain(why)),
            }
        }
    }

    fn notify(
        &mut self,
        to: ServerId,
        notification: Notification,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        let mut effects = Vec::new();
        let mut fresh = || moment.fresh_conn();
        self.connections.send(to, notification, &mut fresh, &mut effects);
        self.carry_out_cnx(effects, moment, out);
    }

    pub(crate) fn carry_out_cnx(
        &mut self,
        effects: Vec<cnx::Effect>,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        for effect in effects {
            match effect {
                cnx::Effect::Dial { conn, to } => {
                    out.push(Effect::Dial { conn, to, port: Port::Election });
                }
                cnx::Effect::Send { conn, message } => out.push(Effect::Send { conn, message }),
                cnx::Effect::Close(conn) => out.push(Effect::Close(conn)),
                cnx::Effect::Deliver { from, notification } => {
                    // While it leaves a role nobody reads; the sender will ask again.
                    let is_leaving = matches!(self.role, Role::Leaving);
                    if !is_leaving && !self.learn_config(from, &notification, moment, out) {
                        let input = fle::Input::Notification { from, notification };
                        self.election_step(input, moment, out);
                    }
                }
                cnx::Effect::Explain(why) => out.push(Effect::Explain(why)),
            }
        }
    }
}
