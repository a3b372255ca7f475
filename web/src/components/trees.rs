//! The trees: a column per server, so that what one has and another has not is seen; one znode on
//! all servers; and a form to change something.

use crate::components::buttons::Button;
use crate::components::tree::{Column, tree};
use crate::components::ui::{Ui, use_ui};
use crate::components::znode::{Znode, znode};
use crate::components::znode_form::{Form, ZnodeForm};
use crate::moment::{Before, TreeOf};
use crate::ui_action::recipes::RecipeAction;
use crate::ui_action::{Panel, UiAction};
use std::rc::Rc;
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_state};
use zklab_core::lab::view::{ClientView, ServerView};
use zklab_core::txn::Path;
use zklab_core::types::{ClientId, ServerId, SessionId};

/// Props of [`Trees`].
#[derive(PartialEq, Properties)]
pub struct TreesProps {
    /// The servers.
    pub servers: Vec<Rc<ServerView>>,
    /// Who leads.
    pub leader: Option<ServerId>,
    /// The tree of each server.
    pub trees: Rc<[TreeOf]>,
    /// What was before the last step, if that is known.
    pub before: Option<Rc<Before>>,
    /// All clients.
    pub clients: Vec<Rc<ClientView>>,
    /// The client that has the word.
    pub active: Option<ClientId>,
    /// The session whose ephemerals are marked.
    pub session: Option<SessionId>,
    /// The znode that is marked.
    pub marked: Option<Path>,
    /// Whether it is part of a recipe.
    pub is_in_recipe: bool,
}

/// The panel of the trees.
#[component]
pub fn Trees(props: &TreesProps) -> Html {
    let ui = use_ui();
    let chosen = use_state(|| None::<Path>);
    let form = use_state(|| None::<Form>);
    let is_unfolded = use_state(|| false);
    let on_unfold = {
        let is_unfolded = is_unfolded.clone();
        Callback::from(move |_: MouseEvent| is_unfolded.set(true))
    };
    let on_choose = {
        let (chosen, dispatch) = (chosen.clone(), ui.dispatch.clone());
        Callback::from(move |path: Path| {
            dispatch.emit(UiAction::Recipe(RecipeAction::Znode(path.clone())));
            chosen.set(Some(path));
        })
    };
    let on_close = {
        let form = form.clone();
        Callback::from(move |()| form.set(None))
    };
    let tree_of = |id: ServerId| props.trees.iter().find(|tree| tree.server == id);
    let of_leader = props.leader.and_then(tree_of);
    let columns = props.servers.iter().filter_map(|server| {
        let tree = tree_of(server.id)?;
        let before = props.before.as_deref().and_then(|before| before.tree(server.id));
        Some(Column {
            server,
            nodes: &tree.nodes,
            watches: &tree.watches,
            // The leader's own differs in nothing.
            of_leader: of_leader.filter(|it| it.server != server.id).map(|it| &*it.nodes),
            before: before.map(|tree| &*tree.nodes),
            session: props.session,
            marked: props.marked.as_ref(),
            is_unfolded: *is_unfolded,
        })
    });
    let columns: Vec<Column> = columns.collect();
    let content = match &*chosen {
        Some(path) => {
            let (leader, clients) = (of_leader.map(|it| &*it.nodes), &props.clients);
            znode(&ui, &Znode { path, columns: &columns, leader, clients })
        }
        None => {
            let columns = columns.iter().map(|column| tree(&ui, *column, &on_choose, &on_unfold));
            html! { <div class="trees">{ for columns }</div> }
        }
    };
    let opened = (*form).as_ref().map(|opened| {
        html! {
            <ZnodeForm key={format!("{:?}", opened)} form={opened.clone()} clients={props.clients.clone()}
                active={props.active} on_close={on_close.clone()} />
        }
    });
    let back = {
        let chosen = chosen.clone();
        Callback::from(move |_: MouseEvent| chosen.set(None))
    };
    let on_form = Callback::from(move |next: Form| form.set(Some(next)));
    html! {
        <section id="znodes" class="panel panel--znodes" role="tabpanel" tabindex="-1" aria-label={ui.t().znodes}>
            { bar(&ui, (*chosen).as_ref(), props.is_in_recipe, back, &on_form) }
            { for opened }
            { content }
        </section>
    }
}

/// What is chosen, and what can be done.
fn bar(
    ui: &Ui,
    chosen: Option<&Path>,
    is_in_recipe: bool,
    back: Callback<MouseEvent>,
    on_form: &Callback<Form>,
) -> Html {
    let words = ui.t().on_znodes;
    let button = |name: &'static str, label: &'static str, form: Form| {
        let onclick = on_form.reform(move |_: MouseEvent| form.clone());
        html! { <button type="button" class="button" data-action={name} {onclick}>{ label }</button> }
    };
    html! {
        <div class="trees__bar">
            if let Some(path) = chosen {
                <button type="button" class="button" data-action="znodes-back" onclick={back}>
                    <span aria-hidden="true">{ "←" }</span>{ " " }{ words.back }
                </button>
                <b class="trees__path">{ path.to_string() }</b>
                if is_in_recipe {
                    { Button::new("znode-recipe", UiAction::Show(Panel::Recipes), ui.t().recipes.title).draw(ui) }
                }
                { button("znode-set", words.set, Form::Set(path.clone())) }
                { button("znode-delete", words.delete, Form::Delete(path.clone())) }
            }
            { button("znode-create", words.create, Form::Create(chosen.cloned())) }
        </div>
    }
}
