//! What one server has on its disk and in its mind: the inspector's panel of the chosen server.

use crate::components::disk_section::disk_section;
use crate::components::server_row::server_buttons;
use crate::components::term::{ask, named, terms_of};
use crate::components::ui::{Ui, changed_mark, epoch_class};
use yew::{Html, classes, html};
use zklab_core::lab::view::{LogEntryView, ServerView, SnapshotView};
use zklab_core::sim::world::Down;
use zklab_core::types::ServerState;

/// The panel of the chosen server, if one is chosen.
/// `before` is what it was before the last step, if that is known.
pub fn server_panel(ui: &Ui, server: Option<&ServerView>, before: Option<&ServerView>) -> Html {
    let content = match server {
        Some(server) => server_detail(ui, server, before),
        None => html! { <p class="panel__empty">{ ui.t().choose_server }</p> },
    };
    html! {
        <section id="server" class="panel panel--server" role="tabpanel" tabindex="-1"
            aria-label={ui.t().server}>{ content }</section>
    }
}

fn server_detail(ui: &Ui, server: &ServerView, before: Option<&ServerView>) -> Html {
    let t = ui.t();
    let role = match server.is_up {
        true => (t.role)(server.state, server.leader),
        false => t.down.to_owned(),
    };
    let is_looking = server.is_up && server.state == ServerState::Looking;
    html! {
        <div class="detail" data-detail={server.id.0.to_string()}>
            <div class="detail__head">
                <h2 class={classes!("detail__name", epoch_class(server.current_epoch))}>
                    { format!("{} · {role}", server.id) }
                </h2>
                { server_buttons(ui, server.id, server.is_up, server.is_paused) }
            </div>
            { for why_down(ui, server) }
            { marked_facts(ui, rows(ui, server), before.map(|before| rows(ui, before))) }
            <h3>{ ask(ui, "txn-log", t.txn_log) }</h3>
            <div class="log">
                if server.log.is_empty() { <span class="dim">{ t.log_empty }</span> }
                { for log(ui, server, before) }
            </div>
            if !server.log.is_empty() { { log_legend(ui, server) } }
            { for is_looking.then(|| votes(ui, server)) }
            { for (!server.pipeline.is_empty()).then(|| pipeline(ui, server)) }
            { disk_section(ui, server) }
        </div>
    }
}

/// What there is to know of a server in one value each.
fn rows(ui: &Ui, server: &ServerView) -> [(&'static str, String); 6] {
    let t = ui.t();
    let committed = server.committed_log.map_or_else(
        || "–".to_owned(),
        |(first, last, count)| format!("{first} … {last} ({count})"),
    );
    [
        ("acceptedEpoch", server.accepted_epoch.to_string()),
        ("currentEpoch", server.current_epoch.to_string()),
        (t.last_logged, server.last_logged.to_string()),
        (t.last_durable, server.last_durable.to_string()),
        (t.connections, server.connections.to_string()),
        ("committedLog", committed),
    ]
}

type Rows = [(&'static str, String); 6];

/// Names and values, with a mark at those that the last step changed.
fn marked_facts(ui: &Ui, rows: Rows, before: Option<Rows>) -> Html {
    let rows = rows.into_iter().enumerate().map(|(nth, (name, value))| {
        let is_changed = before.as_ref().is_some_and(|before| before[nth].1 != value);
        html! {
            <div data-fact={name}>
                <dt>{ named(ui, name) }</dt>
                <dd>if is_changed { { changed_mark(ui) }{ " " } }{ value }</dd>
            </div>
        }
    });
    html! { <dl class="facts">{ for rows }</dl> }
}

/// The end of the log, oldest first, with a mark where a snapshot was taken.
fn log(ui: &Ui, server: &ServerView, before: Option<&ServerView>) -> Vec<Html> {
    let mut snapshots = server.disk.snapshots.iter().peekable();
    let mut drawn = Vec::new();
    for entry in &server.log {
        while let Some(snapshot) = snapshots.next_if(|snapshot| snapshot.zxid < entry.zxid) {
            drawn.push(snapshot_mark(ui, snapshot));
        }
        let is_new = before.is_some_and(|before| !before.log.contains(entry));
        drawn.push(log_entry(ui, entry, is_new));
    }
    drawn.extend(snapshots.map(|snapshot| snapshot_mark(ui, snapshot)));
    drawn
}

fn snapshot_mark(ui: &Ui, snapshot: &SnapshotView) -> Html {
    let said = format!("{} · {}", ui.t().on_znodes.log_marks[3], snapshot.name);
    html! {
        <span class="entry entry--snapshot" data-snapshot="" title={said.clone()} role="img" aria-label={said}>
            { "▣" }
        </span>
    }
}

/// What the shapes of the log mean.
fn log_legend(ui: &Ui, server: &ServerView) -> Html {
    const CLASSES: [&str; 3] = ["entry--applied", "entry--durable", "entry--volatile"];
    let words = ui.t().on_znodes.log_marks;
    let epoch = epoch_class(server.current_epoch);
    let marks = CLASSES.into_iter().zip(words).map(|(class, word)| {
        html! { <span><span class={classes!("entry", class, epoch)}></span>{ word }</span> }
    });
    html! { <p class="log__legend">{ for marks }<span>{ "▣ " }{ words[3] }</span></p> }
}

/// Why a server ended by itself.
fn why_down(ui: &Ui, server: &ServerView) -> Option<Html> {
    let why = match server.down.as_ref()? {
        Down::Exited(Some(why)) => why,
        Down::NotStarted | Down::Killed | Down::Exited(None) => return None,
    };
    let t = ui.t();
    let said = (t.why)(&server.id.to_string(), why).text(t);
    Some(html! { <p class="detail__down" data-down={server.id.0.to_string()}>{ said }</p> })
}

/// The request processors, and what waits in each.
fn pipeline(ui: &Ui, server: &ServerView) -> Html {
    let stages = server.pipeline.iter().map(|stage| {
        let waiting = stage.requests.iter().map(|request| {
            let zxid = request.zxid.map(|zxid| format!("{zxid} ")).unwrap_or_default();
            html! { <li>{ format!("{zxid}{}", request.summary) }</li> }
        });
        let busy = (!stage.requests.is_empty()).then_some("stages__one--busy");
        html! {
            <li class={classes!("stages__one", busy)} data-processor={stage.processor.name()}>
                { stage.processor.name() }
                if !stage.requests.is_empty() { <ol class="stages__queue">{ for waiting }</ol> }
            </li>
        }
    });
    html! { <><h3>{ ui.t().processors }</h3><ol class="stages">{ for stages }</ol></> }
}

/// An entry of the log: filled if applied, outlined if only logged, dashed if not yet on disk.
fn log_entry(ui: &Ui, entry: &LogEntryView, is_new: bool) -> Html {
    let LogEntryView { zxid, summary, is_applied, is_durable } = entry;
    let state = (ui.t().entry_state)(*is_applied, *is_durable);
    let class = match (is_applied, is_durable) {
        (true, true) => "entry--applied",
        (true, false) => "entry--applied-only",
        (false, true) => "entry--durable",
        (false, false) => "entry--volatile",
    };
    html! {
        <span class={classes!("entry", class, epoch_class(zxid.epoch()), is_new.then_some("entry--new"))}
            title={format!("{zxid} {summary} · {state}{}", if is_new { " · Δ" } else { "" })}>
            { format!("{}·{}", zxid.epoch(), zxid.counter()) }
        </span>
    }
}

/// The votes that a looking server holds.
fn votes(ui: &Ui, server: &ServerView) -> Html {
    let t = ui.t();
    let rows = server.votes.iter().map(|(from, vote)| {
        let is_same = if *vote == server.vote { "=" } else { "" };
        html! {
            <tr>
                <td>{ from.to_string() }</td><td>{ vote.leader.to_string() }</td>
                <td>{ vote.peer_epoch }</td><td>{ vote.zxid.to_string() }</td>
                <td class="sign--good">{ is_same }</td>
            </tr>
        }
    });
    let columns = [t.from, "leader", "epoch", "zxid", ""];
    html! {
        <>
            <h3>{ terms_of(ui, &(t.votes_of_round)(server.round)) }</h3>
            <table class="votes">
                <thead><tr>{ for columns.map(|column| html! { <th>{ named(ui, column) }</th> }) }</tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </>
    }
}
