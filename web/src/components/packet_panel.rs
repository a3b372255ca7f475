//! The chosen packet, field by field; or all that is on its way between two.

use crate::components::ui::Ui;
use crate::explain::{Names, millis};
use crate::i18n::seconds;
use crate::ui_action::{Selection, UiAction};
use yew::{Html, html};
use zklab_core::lab::view::{PacketKind, PacketView, View};
use zklab_core::types::Actor;

/// The panel of packets.
pub fn packet_panel(ui: &Ui, view: &View, names: &Names, selected: Option<Selection>) -> Html {
    let t = ui.t();
    let find = |id| view.packets.iter().find(|packet| packet.id == id);
    let content = match selected {
        Some(Selection::Packet(id)) => match find(id) {
            Some(packet) => fields(ui, packet, view, names),
            None => html! { <p class="panel__empty">{ t.packet_gone }</p> },
        },
        Some(Selection::Link(one, other)) => list(ui, view, names, Some((one, other))),
        Some(Selection::Server(_) | Selection::Client(_)) | None => list(ui, view, names, None),
    };
    html! {
        <section id="packet" class="panel panel--packet" role="tabpanel" tabindex="-1"
            aria-label={t.packet}>{ content }</section>
    }
}

fn fields(ui: &Ui, packet: &PacketView, view: &View, names: &Names) -> Html {
    let t = ui.t();
    let left = packet.arrives.0.saturating_sub(view.now.0) / 1000;
    let facts = [
        (t.from, (t.actor)(names, packet.from)),
        (t.to, (t.actor)(names, packet.to)),
        (t.sent, seconds(packet.sent)),
        (t.arrives, format!("{} · {}", seconds(packet.arrives), millis(left))),
        (t.epoch, packet.epoch.to_string()),
    ];
    let facts = facts.into_iter().map(|(name, value)| {
        html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> }
    });
    html! {
        <div class="detail" data-packet-detail={packet.id.to_string()}>
            <h2 class="detail__name">{ packet.label.to_string() }</h2>
            if packet.is_stalled { <p class="dim">{ t.stalled }</p> }
            <dl class="facts facts--one">{ for facts }</dl>
        </div>
    }
}

fn list(ui: &Ui, view: &View, names: &Names, between: Option<(Actor, Actor)>) -> Html {
    let t = ui.t();
    let is_shown = |packet: &&PacketView| {
        let is_between = between.is_none_or(|(one, other)| {
            (packet.from, packet.to) == (one, other) || (packet.to, packet.from) == (one, other)
        });
        is_between && packet.kind != PacketKind::Connection
    };
    let rows: Vec<Html> = view
        .packets
        .iter()
        .filter(is_shown)
        .map(|packet| {
            let select = UiAction::Select(Selection::Packet(packet.id));
            let route =
                format!("{} → {}", (t.actor)(names, packet.from), (t.actor)(names, packet.to));
            html! {
                <li key={packet.id}>
                    <button type="button" class="row" onclick={ui.on(select)}>
                        <span class="row__name">{ packet.label.to_string() }</span>
                        <span class="dim">{ route }</span>
                    </button>
                </li>
            }
        })
        .collect();
    if rows.is_empty() {
        return html! { <p class="panel__empty">{ t.nothing_on_its_way }</p> };
    }
    html! { <ul class="rows">{ for rows }</ul> }
}
