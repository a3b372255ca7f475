//! How the ensemble stands, in a row of pills.

use crate::components::invariants::Invariants;
use crate::components::ui::{epoch_class, use_ui};
use std::rc::Rc;
use yew::{Html, Properties, classes, component, html};
use zklab_core::lab::view::View;

/// Props of [`Strip`].
#[derive(PartialEq, Properties)]
pub struct StripProps {
    /// The moment.
    pub view: Rc<View>,
    /// Whether the list of invariants is open.
    pub shows_invariants: bool,
}

/// The strip.
#[component]
pub fn Strip(props: &StripProps) -> Html {
    let ui = use_ui();
    let t = ui.t();
    let view = &props.view;
    let leader = view.leader.map_or_else(|| t.none.to_owned(), |leader| leader.to_string());
    let voters = view.servers.iter().filter(|server| !server.is_observer).count();
    let has_quorum = view.quorum_present >= view.quorum_needed;
    let (sign, sign_class) = if has_quorum { ("✓", "sign--good") } else { ("✗", "sign--bad") };
    html! {
        <div class="strip">
            <span class="pill" data-strip="leader">{ t.leader }{ " " }<b>{ leader }</b></span>
            <span class={classes!("pill", epoch_class(view.epoch))} data-strip="epoch">
                { t.epoch }{ " " }<b class="pill__epoch">{ view.epoch }</b>
            </span>
            <span class="pill" data-strip="quorum"
                title={(t.quorum_hint)(view.quorum_needed)}>
                <span class={classes!("sign", sign_class)}>{ sign }</span>
                { t.quorum }{ " " }
                <b>{ (t.present_of)(view.quorum_present, voters) }</b>
            </span>
            <span class="pill pill--wide" data-strip="committed">
                { t.committed }{ " " }<b>{ view.committed.to_string() }</b>
            </span>
            <Invariants view={view.clone()} is_open={props.shows_invariants} />
        </div>
    }
}
