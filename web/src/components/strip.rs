//! How the ensemble stands, in a row of pills.

use crate::components::invariants::invariants;
use crate::components::term::ask;
use crate::components::top_bar::Standing;
use crate::components::ui::{Ui, epoch_class};
use yew::{Html, classes, html};

/// The strip.
pub fn strip(ui: &Ui, standing: &Standing, shows_invariants: bool) -> Html {
    let t = ui.t();
    let leader = standing.leader.map_or_else(|| t.none.to_owned(), |leader| leader.to_string());
    html! {
        <div class="strip">
            <span class="pill" data-strip="leader">{ ask(ui, "leader", t.leader) }{ " " }<b>{ leader }</b></span>
            <span class={classes!("pill", epoch_class(standing.epoch))} data-strip="epoch">
                { ask(ui, "epoch", t.epoch) }{ " " }<b class="pill__epoch">{ standing.epoch }</b>
            </span>
            <span class="pill" data-strip="quorum" title={(t.quorum_hint)(standing.needed)}>
                { sign(standing.present >= standing.needed) }
                { ask(ui, "quorum", t.quorum) }{ " " }<b>{ (t.present_of)(standing.present, standing.voters) }</b>
            </span>
            <span class="pill pill--wide" data-strip="committed">
                { ask(ui, "commit", t.committed) }{ " " }<b>{ standing.committed.to_string() }</b>
            </span>
            { invariants(ui, &standing.invariants, shows_invariants) }
        </div>
    }
}

/// A tick or a cross: never colour alone.
pub fn sign(is_good: bool) -> Html {
    let (sign, class) = if is_good { ("✓", "sign--good") } else { ("✗", "sign--bad") };
    html! { <span class={classes!("sign", class)}>{ sign }</span> }
}
