//! The chosen packet, field by field; or all that is on its way between two.

use crate::components::buttons::Button;
use crate::components::stage_menu::SLOW_LINK;
use crate::components::term::terms_of;
use crate::components::ui::{Ui, facts};
use crate::explain::{Names, millis};
use crate::i18n::seconds;
use crate::ui_action::{Selection, UiAction};
use yew::{Html, html};
use zklab_core::lab::view::{PacketKind, PacketView, View};
use zklab_core::sim::action::Action;
use zklab_core::sim::link::{NetworkAction, Traffic, Way};
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
        Some(Selection::Link(one, other)) => html! {
            <>
                <div class="detail" data-link={format!("{one} {other}")}>
                    <h2 class="detail__name">
                        { format!("{} – {}", (t.actor)(names, one), (t.actor)(names, other)) }
                    </h2>
                    { way_buttons(ui, view, names, one, other) }
                    { way_buttons(ui, view, names, other, one) }
                </div>
                { list(ui, view, names, Some((one, other))) }
            </>
        },
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
    let rows = [
        (t.from, (t.actor)(names, packet.from)),
        (t.to, (t.actor)(names, packet.to)),
        (t.sent, seconds(packet.sent)),
        (t.arrives, format!("{} · {}", seconds(packet.arrives), millis(left))),
        (t.epoch, packet.epoch.to_string()),
        (t.size, (t.bytes)(packet.bytes)),
    ];
    html! {
        <div class="detail" data-packet-detail={packet.id.to_string()}>
            <h2 class="detail__name">{ terms_of(ui, &packet.label) }</h2>
            { packet_buttons(ui, packet) }
            if packet.is_stalled { <p class="dim">{ t.stalled }</p> }
            if packet.held_us.is_some() { <p class="dim">{ t.held }</p> }
            if packet.is_behind { <p class="dim">{ t.behind }</p> }
            { facts(ui, "facts facts--one", &rows) }
            <h3>{ t.connection_of }</h3>
            { way_buttons(ui, view, names, packet.from, packet.to) }
        </div>
    }
}

/// What can be done to a packet on its way.
fn packet_buttons(ui: &Ui, packet: &PacketView) -> Html {
    let t = ui.t();
    let button = |name, action, label: &'static str| {
        Button::new(name, UiAction::Act(Action::Network(action)), label)
    };
    let id = packet.id;
    let hold = match packet.held_us {
        None => button("hold", NetworkAction::HoldPacket(id), t.hold),
        Some(_) => button("release", NetworkAction::ReleasePacket(id), t.release),
    };
    let deliver = button("deliver", NetworkAction::DeliverPacket(id), t.deliver_now);
    let lose = button("lose", NetworkAction::LosePacket(id), t.lose);
    html! {
        <div class="actions" role="group" aria-label={t.packet}>
            { hold.draw(ui) }
            { deliver.hint(t.deliver_hint).draw(ui) }
            { lose.hint(t.lose_hint).draw(ui) }
        </div>
    }
}

/// What can be done to one direction of a link.
fn way_buttons(ui: &Ui, view: &View, names: &Names, from: Actor, to: Actor) -> Html {
    let t = ui.t();
    let way = Way::between(from, to);
    let act = |action| UiAction::Act(Action::Network(action));
    let is_cut = view.network.cuts.contains(&(from, to));
    let is_slow = view.network.latencies.iter().any(|(on, set)| *on == way && set.is_some());
    let held = (Traffic::all(way), true);
    let is_held = view.network.holds.contains(&held);
    let cut = match is_cut {
        false => Button::new("cut-way", act(NetworkAction::Cut(way)), t.cut_way),
        true => Button::new("mend-way", act(NetworkAction::Mend(way)), t.mend_way),
    };
    let latency = if is_slow { None } else { Some(SLOW_LINK) };
    let slow = Button::new("slow-way", act(NetworkAction::Latency(way, latency)), t.slow_way);
    let hold = match is_held {
        false => NetworkAction::Hold(Traffic::all(way)),
        true => NetworkAction::Release(Traffic::all(way)),
    };
    let hold = Button::new("hold-way", act(hold), t.hold_way);
    let name = format!("{} → {}", (t.actor)(names, from), (t.actor)(names, to));
    html! {
        <div class="actions" role="group" aria-label={name.clone()} data-way={format!("{from} {to}")}>
            <span class="actions__name">{ name }</span>
            { cut.pressed(is_cut).draw(ui) }
            { slow.pressed(is_slow).draw(ui) }
            { hold.pressed(is_held).draw(ui) }
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
