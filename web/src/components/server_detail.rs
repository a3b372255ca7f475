//! What one server has on its disk and in its mind: the inspector's panel of the chosen server.

use crate::components::disk_section::disk_section;
use crate::components::server_row::server_buttons;
use crate::components::ui::{Ui, epoch_class, facts};
use yew::{Html, classes, html};
use zklab_core::lab::view::{LogEntryView, ServerView};
use zklab_core::sim::world::Down;
use zklab_core::types::ServerState;

/// The panel of the chosen server, if one is chosen.
pub fn server_panel(ui: &Ui, server: Option<&ServerView>) -> Html {
    let content = match server {
        Some(server) => server_detail(ui, server),
        None => html! { <p class="panel__empty">{ ui.t().choose_server }</p> },
    };
    html! {
        <section id="server" class="panel panel--server" role="tabpanel" tabindex="-1"
            aria-label={ui.t().server}>{ content }</section>
    }
}

fn server_detail(ui: &Ui, server: &ServerView) -> Html {
    let t = ui.t();
    let role = match server.is_up {
        true => (t.role)(server.state, server.leader),
        false => t.down.to_owned(),
    };
    let rows = [
        ("acceptedEpoch", server.accepted_epoch.to_string()),
        ("currentEpoch", server.current_epoch.to_string()),
        (t.last_logged, server.last_logged.to_string()),
        (t.last_durable, server.last_durable.to_string()),
        (t.connections, server.connections.to_string()),
    ];
    let is_looking = server.is_up && server.state == ServerState::Looking;
    html! {
        <div class="detail" data-detail={server.id.0.to_string()}>
            <div class="detail__head">
                <h2 class={classes!("detail__name", epoch_class(server.current_epoch))}>
                    { format!("{} · {role}", server.id) }
                </h2>
                { server_buttons(ui, server) }
            </div>
            { for why_down(ui, server) }
            { facts("facts", &rows) }
            <h3>{ t.txn_log }</h3>
            <div class="log">
                if server.log.is_empty() { <span class="dim">{ t.log_empty }</span> }
                { for server.log.iter().map(|entry| log_entry(ui, entry)) }
            </div>
            { for is_looking.then(|| votes(ui, server)) }
            { for (!server.pipeline.is_empty()).then(|| pipeline(ui, server)) }
            { disk_section(ui, server) }
        </div>
    }
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
fn log_entry(ui: &Ui, entry: &LogEntryView) -> Html {
    let LogEntryView { zxid, summary, is_applied, is_durable } = entry;
    let state = (ui.t().entry_state)(*is_applied, *is_durable);
    let class = match (is_applied, is_durable) {
        (true, true) => "entry--applied",
        (true, false) => "entry--applied-only",
        (false, true) => "entry--durable",
        (false, false) => "entry--volatile",
    };
    html! {
        <span class={classes!("entry", class, epoch_class(zxid.epoch()))}
            title={format!("{zxid} {summary} · {state}")}>
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
            <h3>{ (t.votes_of_round)(server.round) }</h3>
            <table class="votes">
                <thead><tr>{ for columns.map(|column| html! { <th>{ column }</th> }) }</tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </>
    }
}
