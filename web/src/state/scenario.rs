//! The scenario of the next fresh start, as it is edited; and who joins and leaves the one that
//! runs.

use super::console::connect;
use super::{Chores, State};
use crate::ui_action::scenario::ScenarioAction;
use std::collections::BTreeMap;
use std::rc::Rc;
use zklab_core::config::{Config, Role};
use zklab_core::lab::scenario::ServerLine;
use zklab_core::lab::script;
use zklab_core::lab::view::{ClientState, ClientView};
use zklab_core::lab::{Lab, Scenario};
use zklab_core::mistake::Mistakes;
use zklab_core::sim::action::Action;
use zklab_core::sim::fault::{DiskAction, DiskFault, LONGEST_ADDED_US};
use zklab_core::sim::link::{LONGEST_LATENCY_US, Latency, NetworkAction, Way};
use zklab_core::types::{ServerId, Time};

/// The most servers that the stage has room for.
pub const MOST_SERVERS: usize = 9;

/// A server of the draft. Texts are as typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ServerDraft {
    /// Its role.
    pub role: Role,
    /// Its group, or nothing.
    pub group: Rc<str>,
    /// Its weight, or nothing.
    pub weight: Rc<str>,
    /// Whether it is no member at first.
    pub joins: bool,
}

/// A scenario as it is edited: some of it may not be possible. Texts are as typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    /// `s1`, `s2`, ….
    pub servers: Vec<ServerDraft>,
    /// The seed.
    pub seed: Rc<str>,
    /// Keys of zoo.cfg that are set.
    pub config: BTreeMap<String, Rc<str>>,
    /// How long a packet takes between servers, in milliseconds; empty for as ever.
    pub latency_ms: Rc<str>,
    /// How much longer each write takes, in milliseconds; empty for none.
    pub disk_ms: Rc<str>,
    /// What the protocol does wrong on purpose: kept, not edited here.
    mistakes: Mistakes,
}

fn number<T: std::str::FromStr>(text: &str) -> Result<Option<T>, ()> {
    let text = text.trim();
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| ()) }
}

/// Milliseconds, perhaps with a fraction, as microseconds from 1 to `most`.
fn microseconds(text: &str, most: u64) -> Result<Option<u64>, ()> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    if whole.is_empty() && fraction.is_empty() {
        return Ok(None);
    }
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(fraction) || 3 < fraction.len() || 9 < whole.len() {
        return Err(());
    }
    let us = format!("{whole}{fraction:0<3}").parse::<u64>().map_err(|_| ())?;
    if (1..=most).contains(&us) { Ok(Some(us)) } else { Err(()) }
}

impl Draft {
    /// A scenario, to be edited.
    pub fn of(scenario: &Scenario) -> Draft {
        let line_of = |id: u8| scenario.servers.iter().find(|line| line.id == id);
        let counted = u16::from(scenario.participants) + u16::from(scenario.observers);
        let largest = scenario.servers.iter().map(|line| u16::from(line.id)).max().unwrap_or(0);
        let text = |number: Option<String>| Rc::from(number.unwrap_or_default());
        let servers = (1..=counted.max(largest)).filter_map(|id| {
            let id = u8::try_from(id).ok()?;
            let natural =
                if id <= scenario.participants { Role::Participant } else { Role::Observer };
            Some(match line_of(id) {
                None => ServerDraft {
                    role: natural,
                    group: text(None),
                    weight: text(None),
                    joins: false,
                },
                Some(line) => ServerDraft {
                    role: line.role,
                    group: text(line.group.map(|group| group.to_string())),
                    weight: text(line.weight.map(|weight| weight.to_string())),
                    joins: line.joins,
                },
            })
        });
        Draft {
            servers: servers.collect(),
            seed: scenario.seed.to_string().into(),
            config: scenario.config.iter().map(|(k, v)| (k.clone(), v.as_str().into())).collect(),
            latency_ms: "".into(),
            disk_ms: "".into(),
            mistakes: scenario.mistakes,
        }
    }

    /// What is wrong with a key's value, in `config`'s own words.
    pub fn error_of_key(&self, key: &str) -> Option<String> {
        let value = self.config.get(key).filter(|value| !value.trim().is_empty())?;
        Config::default().set(key, value.trim()).err().map(|error| error.to_string())
    }

    /// Whether the seed cannot be.
    pub fn is_seed_wrong(&self) -> bool {
        !matches!(number::<u64>(&self.seed), Ok(Some(_)))
    }

    /// Whether the latency cannot be.
    pub fn is_latency_wrong(&self) -> bool {
        microseconds(&self.latency_ms, u64::from(LONGEST_LATENCY_US)).is_err()
    }

    /// Whether the disk's delay cannot be.
    pub fn is_disk_wrong(&self) -> bool {
        microseconds(&self.disk_ms, LONGEST_ADDED_US).is_err()
    }

    /// The scenario; `Err` with what is wrong as a whole, empty if a field says it already.
    pub fn scenario(&self) -> Result<Scenario, String> {
        let is_wrong = self.is_seed_wrong() || self.is_latency_wrong() || self.is_disk_wrong();
        if is_wrong || self.config.keys().any(|key| self.error_of_key(key).is_some()) {
            return Err(String::new());
        }
        let of_role = |role| self.servers.iter().filter(|server| server.role == role).count() as u8;
        let (participants, observers) = (of_role(Role::Participant), of_role(Role::Observer));
        let mut servers = Vec::new();
        for (id, server) in (1..).zip(&self.servers) {
            let natural = if id <= participants { Role::Participant } else { Role::Observer };
            let wrong = |what: &str| Err(format!("s{id}: {what}"));
            let Ok(group) = number(&server.group) else { return wrong("group") };
            let Ok(weight) = number(&server.weight) else { return wrong("weight") };
            let is_plain = group.is_none() && weight.is_none() && !server.joins;
            if !is_plain || server.role != natural {
                let (role, joins) = (server.role, server.joins);
                servers.push(ServerLine { id, role, group, weight, joins });
            }
        }
        let set = self.config.iter().filter(|(_, value)| !value.trim().is_empty());
        let scenario = Scenario {
            participants,
            observers,
            seed: number(&self.seed).ok().flatten().unwrap_or(1),
            config: set.map(|(key, value)| (key.clone(), value.trim().to_owned())).collect(),
            mistakes: self.mistakes,
            servers,
        };
        scenario.world().map_err(|error| error.to_string())?;
        Ok(scenario)
    }

    /// What is done before the servers start: latencies and disks belong to no file of theirs.
    fn preparations(&self, ids: &[ServerId]) -> Vec<Action> {
        let mut actions = Vec::new();
        let latency = microseconds(&self.latency_ms, u64::from(LONGEST_LATENCY_US));
        if let Ok(Some(us)) = latency {
            let latency = Some(Latency::Fixed { us: us as u32 });
            let action = NetworkAction::Latency(Way::BETWEEN_SERVERS, latency);
            actions.push(Action::Network(action));
        }
        if let Ok(Some(added_us)) = microseconds(&self.disk_ms, LONGEST_ADDED_US) {
            let fault = DiskFault::Slow { factor: 1, added_us };
            actions.push(Action::Disk(DiskAction { servers: ids.into(), fault }));
        }
        actions
    }

    /// The scenario in its language, if it can be.
    pub fn text(&self) -> Option<String> {
        let scenario = self.scenario().ok()?;
        let ids = scenario.server_ids();
        let actions = self.preparations(&ids).into_iter().chain([Action::Start(ids.into())]);
        let actions: Vec<(Time, Action)> = actions.map(|action| (Time::ZERO, action)).collect();
        Some(script::format(&script::of_run(&scenario, &actions, &[])))
    }

    /// A lab that begins with it: all servers start, and the console's client connects.
    pub fn lab(&self) -> Result<Lab, String> {
        let mut lab = Lab::new(&self.scenario()?).map_err(|error| error.to_string())?;
        let view = lab.view();
        let ids: Rc<[ServerId]> = view.servers.iter().map(|server| server.id).collect();
        let actions = self.preparations(&ids).into_iter();
        for action in actions.chain([Action::Start(ids), connect(&view)]) {
            lab.act(action).map_err(|error| error.to_string())?;
        }
        Ok(lab)
    }
}

impl State {
    pub(super) fn on_scenario(&mut self, action: ScenarioAction) -> Chores {
        let plain = |role| ServerDraft { role, group: "".into(), weight: "".into(), joins: false };
        let draft = Rc::make_mut(&mut self.draft);
        let mut of = |id: u8, change: &dyn Fn(&mut ServerDraft)| {
            if let Some(server) = draft.servers.get_mut(usize::from(id).wrapping_sub(1)) {
                change(server);
            }
        };
        match action {
            ScenarioAction::Role(id, role) => of(id, &|server| server.role = role),
            ScenarioAction::Group(id, text) => of(id, &|server| server.group = text.clone()),
            ScenarioAction::Weight(id, text) => of(id, &|server| server.weight = text.clone()),
            ScenarioAction::Joins(id) => of(id, &|server| server.joins = !server.joins),
            ScenarioAction::Add(role) => {
                if draft.servers.len() < MOST_SERVERS {
                    draft.servers.push(plain(role));
                }
            }
            ScenarioAction::RemoveLast => {
                if 1 < draft.servers.len() {
                    draft.servers.pop();
                }
            }
            ScenarioAction::Seed(text) => draft.seed = text,
            ScenarioAction::Latency(text) => draft.latency_ms = text,
            ScenarioAction::Disk(text) => draft.disk_ms = text,
            ScenarioAction::Set(key, value) if value.is_empty() => {
                draft.config.remove(key);
            }
            ScenarioAction::Set(key, value) => {
                draft.config.insert(key.to_owned(), value);
            }
            ScenarioAction::Revert => *draft = Draft::of(self.lab.scenario()),
            ScenarioAction::Start => {
                return match draft.lab() {
                    Ok(lab) => {
                        // Latencies and disks are no part of a scenario: they stay as typed.
                        let draft = self.draft.clone();
                        let chores = self.begin(lab);
                        self.draft = draft;
                        chores
                    }
                    Err(_) => Chores::NONE,
                };
            }
            ScenarioAction::Join(role) => return self.join(role),
            ScenarioAction::Leave(id) => {
                return self.ask(&format!("reconfig -remove {}", id.0));
            }
        }
        Chores::NONE
    }

    /// Whether the ensemble that runs can be reconfigured.
    pub fn can_reconfig(&self) -> bool {
        self.lab.world().config.is_reconfig_enabled
    }

    /// Whether permissions are ignored in the ensemble that runs.
    pub fn skips_acl(&self) -> bool {
        self.lab.world().config.skip_acl
    }

    /// A command of the first client that lives, as if it were typed.
    fn ask(&mut self, line: &str) -> Chores {
        let lives = |client: &&Rc<ClientView>| {
            matches!(client.state, ClientState::Connected | ClientState::ConnectedReadOnly)
        };
        let client = self.moment.view.clients.iter().find(lives).map(|client| client.id);
        client.map_or(Chores::NONE, |client| self.command(client, line))
    }

    /// A new machine with the next number: it starts, and the console's client asks the leader to
    /// add it. What ZooKeeper answers stands in the console.
    fn join(&mut self, role: Role) -> Chores {
        let world = self.lab.world();
        let largest = world.servers.keys().next_back().map_or(0, |id| id.0);
        let id = ServerId(largest.saturating_add(1));
        let config = world.joiner_config(id, role);
        let Some(member) = config.members.get(&id).map(|member| member.text()) else {
            return Chores::NONE;
        };
        let lines = config.text();
        let lines: Vec<&str> = lines.lines().filter(|line| !line.starts_with("version=")).collect();
        let added = Action::AddServer { server: id, members: lines.join(",").into() };
        self.act(added);
        if !self.lab.world().has_server(id) {
            return Chores::NONE;
        }
        self.act(Action::Start(Rc::new([id])));
        self.ask(&format!("reconfig -add server.{}={member}", id.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_of_a_scenario_is_that_scenario() {
        let config = vec![("tickTime".to_owned(), "500".to_owned())];
        let line =
            ServerLine { id: 2, role: Role::Observer, group: None, weight: None, joins: false };
        let plain =
            Scenario { participants: 3, observers: 2, seed: 7, config, ..Scenario::default() };
        assert_eq!(Draft::of(&plain).scenario().as_ref(), Ok(&plain));
        let mixed = Scenario { participants: 3, observers: 0, servers: vec![line], ..plain };
        let again = Draft::of(&mixed).scenario().expect("it can be");
        assert_eq!(again.server_ids(), mixed.server_ids());
        assert_eq!(Draft::of(&again).servers, Draft::of(&mixed).servers);
    }

    #[test]
    fn what_cannot_be_is_said_at_its_field() {
        let mut draft = Draft::of(&Scenario::default());
        draft.config.insert("tickTime".to_owned(), "soon".into());
        assert!(draft.error_of_key("tickTime").is_some_and(|error| error.contains("soon")));
        assert_eq!(draft.scenario(), Err(String::new()));
        draft.config.clear();
        draft.seed = "x".into();
        assert!(draft.is_seed_wrong());
        draft.seed = "2".into();
        draft.servers.iter_mut().for_each(|server| server.role = Role::Observer);
        assert_eq!(draft.scenario(), Err("an ensemble needs a participant".to_owned()));
    }

    #[test]
    fn milliseconds_may_have_a_fraction() {
        assert_eq!(microseconds("1.5", 10_000), Ok(Some(1500)));
        assert_eq!(microseconds("", 10_000), Ok(None));
        assert_eq!(microseconds("11", 10_000), Err(()));
        assert_eq!(microseconds("0", 10_000), Err(()));
        assert_eq!(microseconds("-1", 10_000), Err(()));
    }
}
