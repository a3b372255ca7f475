//! What the drawings of recipes are made of: clients, znodes, and places where they stand.

use crate::components::ui::Ui;
use crate::explain::Names;
use crate::i18n::drawings::DrawingStrings;
use crate::platform::pointer::reveal;
use crate::ui_action::recipes::RecipeAction;
use crate::ui_action::{Panel, Selection, UiAction};
use gloo_timers::callback::Timeout;
use yew::{Callback, Html, MouseEvent, classes, html};
use zklab_core::lab::view::{ClientState, ClientView, MemberView, RecipePhase, RecipeView, View};
use zklab_core::recipe::What;
use zklab_core::txn::Path;
use zklab_core::types::ClientId;

/// Of those that stand in one place, more than this are not drawn one by one.
pub const MOST: usize = 8;

/// What a drawing is about.
pub struct Around<'a> {
    /// Language and actions.
    pub ui: &'a Ui,
    /// The moment.
    pub view: &'a View,
    /// The recipe.
    pub recipe: &'a RecipeView,
    /// What clients are called.
    pub names: &'a Names,
    /// The client that is chosen.
    pub selected: Option<ClientId>,
    /// The znode that is chosen.
    pub znode: Option<&'a Path>,
}

/// How a client's connection stands, as a sign that needs no colour.
fn sign(client: &ClientView) -> &'static str {
    match client.state {
        ClientState::Connected if client.is_paused => "❚❚",
        ClientState::Connected => "●",
        ClientState::ConnectedReadOnly => "◐",
        ClientState::Connecting => "○",
        ClientState::Expired | ClientState::Closed => "✕",
        ClientState::Vanished => "✝",
    }
}

/// The last part of a path.
pub fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

impl<'a> Around<'a> {
    /// The words of drawings.
    pub fn t(&self) -> &'static DrawingStrings {
        &self.ui.t().recipes.drawn
    }

    /// A client, if it is still known.
    pub fn client(&self, id: ClientId) -> Option<&'a ClientView> {
        self.view.clients.iter().map(|client| &**client).find(|client| client.id == id)
    }

    /// Those that asked for this.
    pub fn asking(&self, is_it: fn(&What) -> bool) -> impl Iterator<Item = &'a MemberView> {
        self.recipe.members.iter().filter(move |member| is_it(&member.wanted.what))
    }

    /// A client's name, with a sign of how it stands.
    pub fn signed(&self, id: ClientId) -> Html {
        let found = self.client(id);
        html! {
            <>
                <b>{ self.names.client(id) }</b>
                <span class="place__sign" aria-hidden="true">{ for found.map(sign) }</span>
            </>
        }
    }

    /// A client: a click chooses it. With a note, and a mark if it keeps a watch.
    pub fn chip(&self, id: ClientId, note: &str, watches: bool) -> Html {
        let page = self.ui.t();
        let who = self.names.client(id);
        let state =
            self.client(id).map_or(page.recipes.no_client, |it| (page.client_state)(it.state));
        let word = if watches { page.recipes.watches } else { "" };
        let parts = [&*who, state, note, word];
        let label: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let label = label.join(", ");
        let is_selected = self.selected == Some(id);
        html! {
            <button key={who.clone()} type="button" data-who={who}
                class={classes!("who", is_selected.then_some("who--selected"))}
                aria-label={label.clone()} title={label} aria-pressed={is_selected.to_string()}
                onclick={self.ui.on(UiAction::Select(Selection::Client(id)))}>
                { self.signed(id) }
                if watches { <i class="mark mark--watch" data-watching=""></i> }
                if !note.is_empty() { <small>{ note.to_owned() }</small> }
            </button>
        }
    }

    /// What a use waits for: the client whose node it watches.
    pub fn behind(&self, member: &MemberView) -> String {
        let watched = member.watched.first().and_then(|place| self.recipe.nodes.get(*place));
        let client = watched.and_then(|node| node.client);
        client.map_or_else(String::new, |id| self.names.client(id))
    }

    /// The clients of these uses, each with whom it waits for, and whether it watches.
    pub fn chips<'m>(&self, members: impl IntoIterator<Item = &'m MemberView>) -> Vec<Html> {
        let chip = |member: &MemberView| {
            let doubts = member.phase == RecipePhase::Doubts;
            let note = match doubts {
                true => (self.ui.t().recipes.phase)(member.phase).to_owned(),
                false => self.behind(member),
            };
            self.chip(member.client, &note, !member.watches.is_empty())
        };
        members.into_iter().map(chip).collect()
    }

    /// A place where some stand, and how many.
    pub fn zone(&self, kind: &'static str, caption: &str, mut those: Vec<Html>) -> Html {
        let count = those.len();
        if MOST < count {
            those.truncate(MOST - 1);
            those.push(self.more(count + 1 - MOST));
        }
        html! {
            <div class={format!("zone zone--{kind}")} data-zone={kind} data-count={count.to_string()}>
                <span class="zone__name">{ caption.to_owned() }</span>
                <div class="zone__in">{ for those }</div>
            </div>
        }
    }

    /// So many that are not drawn.
    pub fn more(&self, hidden: usize) -> Html {
        let label = (self.ui.t().recipes.more)(hidden);
        html! {
            <span key="more" class="who who--more" data-hidden={hidden.to_string()} title={label.clone()}
                aria-label={label}>{ format!("+{hidden}") }</span>
        }
    }

    /// A znode, by its number or by its name: a click shows it in the trees.
    pub fn znode(&self, path: &Path, number: Option<u64>) -> Html {
        let short = number.map_or_else(|| name(path).to_owned(), |number| format!("…{number:03}"));
        let label = (self.ui.t().recipes.show_znode)(path);
        let is_chosen = self.znode == Some(path);
        let (dispatch, path) = (self.ui.dispatch.clone(), path.clone());
        let node = path.to_string();
        let onclick = Callback::from(move |_: MouseEvent| {
            dispatch.emit(UiAction::Recipe(RecipeAction::Znode(path.clone())));
            dispatch.emit(UiAction::Show(Panel::Znodes));
            // Once the trees are seen.
            let path = path.clone();
            Timeout::new(60, move || reveal("data-znode", &path)).forget();
        });
        html! {
            <button type="button" class={classes!("place__node", is_chosen.then_some("place__node--chosen"))}
                data-node={node} aria-pressed={is_chosen.to_string()} aria-label={label.clone()}
                title={label} {onclick}>{ short }</button>
        }
    }
}
