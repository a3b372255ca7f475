//! A server on the stage: its colour is the epoch, its shape the role, beside it what it says.

use crate::components::geometry::{BELOW, Layout, Point, RADIUS, Side, tenths};
use crate::components::timers::timers;
use crate::components::ui::{Ui, epoch_class};
use crate::i18n::Strings;
use crate::ui_action::Selection;
use yew::{Html, classes, html};
use zklab_core::lab::view::{ServerView, View};
use zklab_core::types::{Phase, ServerState, Time, Vote};

/// How a server is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Drawing {
    /// Where it is.
    pub at: Point,
    /// Where its words stand.
    pub words: Side,
    /// How many lines have room below it.
    pub lines_below: usize,
    /// Now.
    pub now: Time,
    /// Voters in a quorum.
    pub needed: usize,
    /// Whether its details are shown.
    pub is_selected: bool,
    /// Whether a lesson is about it.
    pub is_lit: bool,
    /// Whether it was encircled.
    pub is_encircled: bool,
    /// Whether Tab leads to it.
    pub is_stop: bool,
    /// Whether pings are drawn.
    pub shows_pings: bool,
}

/// The value of `data-state`.
pub fn state_word(is_up: bool, state: ServerState) -> &'static str {
    if !is_up {
        return "down";
    }
    match state {
        ServerState::Looking => "looking",
        ServerState::Leading => "leading",
        ServerState::Following => "following",
        ServerState::Observing => "observing",
    }
}

/// A server.
pub fn server_node(ui: &Ui, server: &ServerView, drawing: Drawing) -> Html {
    let word = state_word(server.is_up, server.state);
    let mut lines = lines(server, drawing.needed, ui.t());
    let label = format!("{}: {}", server.id, lines.join(", "));
    if drawing.words == Side::Below {
        lines = short_lines(server, ui.t());
        lines.truncate(drawing.lines_below);
    }
    let class = classes!(
        "server",
        format!("server--{word}"),
        epoch_class(server.current_epoch),
        server.is_serving.then_some("server--serving"),
        server.is_paused.then_some("server--paused"),
        drawing.is_selected.then_some("server--selected"),
        drawing.is_lit.then_some("server--lit"),
        drawing.is_encircled.then_some("server--encircled"),
    );
    html! {
        <g key={server.id.0} class="server__place" data-of={Selection::Server(server.id).key()} transform={drawing.at.translate()}>
            <g {class} tabindex={if drawing.is_stop { "0" } else { "-1" }} role="button"
                aria-pressed={drawing.is_selected.to_string()} aria-haspopup="menu"
                aria-label={label} data-focus={Selection::Server(server.id).key()}
                data-server={server.id.0.to_string()} data-state={word}
                data-paused={server.is_paused.to_string()}
                data-zxid={server.last_processed.to_string()}
                data-epoch={server.current_epoch.to_string()}>
                <circle class="server__focus" r={tenths(RADIUS + 15.0)} />
                if server.is_up && !server.is_paused {
                    { timers(ui, server, drawing.now, drawing.shows_pings) }
                }
                if drawing.is_lit { <circle class="lit" r={tenths(RADIUS + 14.0)} /> }
                { shape(server) }
            </g>
            { words(drawing.words, &lines) }
        </g>
    }
}

fn shape(server: &ServerView) -> Html {
    let body = if server.is_observer {
        html! { <rect class="server__body" x="-29" y="-29" width="58" height="58" rx="14" /> }
    } else {
        html! { <circle class="server__body" r={tenths(RADIUS)} /> }
    };
    let (mark, name_y) = mark(server);
    html! {
        <>
            { body }
            { mark }
            <text class="server__name" y={name_y}>{ server.id.to_string() }</text>
        </>
    }
}

/// What stands above the name, and where the name then is.
fn mark(server: &ServerView) -> (Html, &'static str) {
    if !server.is_up {
        let cross = html! { <path class="server__mark" d="M-8 -17L8 -1M8 -17L-8 -1" /> };
        return (cross, "20");
    }
    if server.is_paused {
        let bars = html! { <path class="server__mark" d="M-5 -17V-3M5 -17V-3" /> };
        return (bars, "19");
    }
    match server.state {
        ServerState::Leading => {
            let crown = "M-14 0L-16 -15L-7.500 -9L0 -19L7.500 -9L16 -15L14 0Z";
            let crown =
                html! { <path class="server__crown" d={crown} transform="translate(0 1)" /> };
            (crown, "19")
        }
        ServerState::Looking => {
            (html! { <text class="server__question" y="1">{ "?" }</text> }, "19")
        }
        ServerState::Following | ServerState::Observing => (html! {}, "5"),
    }
}

/// What is written beside a server: at most three short lines.
fn lines(server: &ServerView, needed: usize, t: &Strings) -> Vec<String> {
    if !server.is_up {
        return vec![t.down.to_owned(), format!("{} {}", t.on_disk, server.last_durable)];
    }
    let role = if server.is_paused {
        format!("{} · {}", t.paused, (t.role)(server.state, server.leader))
    } else {
        (t.role)(server.state, server.leader)
    };
    if server.state == ServerState::Looking {
        return looking_lines(server, needed, role, t);
    }
    match server.phase {
        Phase::Election | Phase::Discovery | Phase::Synchronization => {
            vec![role, (t.phase)(server.phase).to_owned(), server.last_processed.to_string()]
        }
        Phase::Broadcast => vec![role, server.last_processed.to_string()],
    }
}

/// What is written below a server: two lines of at most so wide as `geometry` reckons with.
fn short_lines(server: &ServerView, t: &Strings) -> Vec<String> {
    if !server.is_up {
        return vec![t.down.to_owned(), server.last_durable.to_string()];
    }
    let role = match server.state {
        _ if server.is_paused => t.paused.to_owned(),
        ServerState::Observing => (t.role_word)(server.state).to_owned(),
        ServerState::Looking | ServerState::Leading | ServerState::Following => {
            (t.role)(server.state, server.leader)
        }
    };
    let second = match server.phase {
        _ if server.state == ServerState::Looking && server.vote == Vote::NOBODY => {
            t.votes_for_nobody.to_owned()
        }
        _ if server.state == ServerState::Looking => (t.votes_for)(server.vote.leader),
        Phase::Election | Phase::Discovery | Phase::Synchronization => {
            (t.phase)(server.phase).to_owned()
        }
        Phase::Broadcast => server.last_processed.to_string(),
    };
    vec![role, second]
}

fn looking_lines(server: &ServerView, needed: usize, role: String, t: &Strings) -> Vec<String> {
    if server.vote == Vote::NOBODY {
        return vec![role, t.votes_for_nobody.to_owned()];
    }
    let others = server.votes.iter().filter(|(id, vote)| *id != server.id && *vote == server.vote);
    let vote = format!("{} · {}", (t.votes_for)(server.vote.leader), server.vote.zxid);
    vec![role, vote, (t.round_and_votes)(server.round, others.count() + 1, needed)]
}

/// Who votes for whom: a mark at the candidate for each that looks for a leader.
pub fn vote_marks(layout: &Layout, view: &View) -> Html {
    let is_voting = |server: &&std::rc::Rc<ServerView>| {
        server.is_up && server.state == ServerState::Looking && server.vote != Vote::NOBODY
    };
    let candidates = layout.ids().iter().flat_map(|candidate| {
        let voters: Vec<_> = view
            .servers
            .iter()
            .filter(is_voting)
            .filter(|server| server.vote.leader == *candidate)
            .collect();
        let count = voters.len();
        let marks = voters.into_iter().enumerate().filter_map(move |(nth, voter)| {
            let at = layout.beside(*candidate, RADIUS + 28.0, nth, count)?;
            Some(html! {
                <g key={voter.id.0} class="vote" transform={at.translate()}
                    data-vote={format!("{} {candidate}", voter.id)}>
                    <circle r="9" /><text y="3.6">{ voter.id.0 }</text>
                </g>
            })
        });
        marks.collect::<Vec<_>>()
    });
    html! { <g aria-hidden="true">{ for candidates }</g> }
}

fn words(side: Side, lines: &[String]) -> Html {
    let (class, x, first_y) = match side {
        Side::Right => ("words--right", RADIUS + 19.0, -3.0),
        Side::Left => ("words--left", -RADIUS - 19.0, -3.0),
        Side::Below => ("words--below", 0.0, BELOW.0),
    };
    let step = if side == Side::Below { BELOW.1 } else { 18.0 };
    let draw = lines.iter().enumerate().map(|(nth, line)| {
        let y = first_y + step * nth as f64;
        let class = if nth == 0 { "words__first" } else { "words__more" };
        html! { <text {class} x={tenths(x)} y={tenths(y)}>{ line.clone() }</text> }
    });
    html! { <g class={classes!("words", class)} aria-hidden="true">{ for draw }</g> }
}
