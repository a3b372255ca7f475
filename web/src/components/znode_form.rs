//! The form by which a client asks for a change: it types the line of zkCli for the reader.

use crate::components::ui::use_ui;
use crate::explain::{MOST_OF_NAME, shortened};
use crate::platform::pointer::value_of;
use crate::ui_action::UiAction;
use crate::ui_action::console::ConsoleAction;
use std::rc::Rc;
use yew::{
    Callback, Event, Html, InputEvent, KeyboardEvent, Properties, SubmitEvent, component, html,
    use_state,
};
use zklab_core::lab::view::ClientView;
use zklab_core::lab::zkcli;
use zklab_core::txn::Path;
use zklab_core::types::ClientId;

/// What is to be done.
#[derive(Clone, PartialEq, Debug)]
pub enum Form {
    /// A new znode, below this one.
    Create(Option<Path>),
    /// Other data.
    Set(Path),
    /// A znode goes.
    Delete(Path),
}

/// Props of [`ZnodeForm`].
#[derive(PartialEq, Properties)]
pub struct ZnodeFormProps {
    /// What is to be done.
    pub form: Form,
    /// All clients.
    pub clients: Vec<Rc<ClientView>>,
    /// The client that has the word.
    pub active: Option<ClientId>,
    /// The form is done with.
    pub on_close: Callback<()>,
}

/// The line of zkCli, or why there is none.
fn line(form: &Form, path: &str, data: &str, flags: [bool; 2]) -> Result<String, Wrong> {
    let is_path = path.starts_with('/') && (path.len() == 1 || !path.ends_with('/'));
    if !is_path {
        return Err(Wrong::Path);
    }
    let word = |text: &str| zkcli::typed(text).ok_or(Wrong::Word);
    let path = word(path)?;
    Ok(match form {
        Form::Create(_) => {
            let options = ["-e ", "-s "].into_iter().zip(flags).filter(|(_, is_on)| *is_on);
            let options: String = options.map(|(option, _)| option).collect();
            let data = if data.is_empty() { String::new() } else { format!(" {}", word(data)?) };
            format!("create {options}{path}{data}")
        }
        Form::Set(_) => format!("set {path} {}", word(data)?),
        Form::Delete(_) => format!("delete {path}"),
    })
}

/// Why there is no line.
enum Wrong {
    Path,
    Word,
}

/// The form.
#[component]
pub fn ZnodeForm(props: &ZnodeFormProps) -> Html {
    let ui = use_ui();
    let words = ui.t().on_znodes;
    let path = use_state(|| match &props.form {
        Form::Create(Some(parent)) if &**parent != "/" => format!("{parent}/"),
        Form::Create(_) => "/".to_owned(),
        Form::Set(path) | Form::Delete(path) => path.to_string(),
    });
    let data = use_state(String::new);
    let flags = use_state(|| [false; 2]);
    let client = use_state(|| props.active);
    let alive: Vec<&Rc<ClientView>> =
        props.clients.iter().filter(|it| it.state.is_alive()).collect();
    let asking = alive.iter().find(|it| Some(it.id) == *client).or(alive.first()).copied();
    let typed = |state: yew::UseStateHandle<String>| {
        Callback::from(move |event: InputEvent| {
            if let Some(value) = value_of(&event) {
                state.set(value);
            }
        })
    };
    let on_client = {
        let (client, ids) = (client.clone(), alive.iter().map(|it| it.id).collect::<Vec<_>>());
        Callback::from(move |event: Event| {
            let place = value_of(&event).and_then(|value| value.parse::<usize>().ok());
            client.set(place.and_then(|place| ids.get(place).copied()));
        })
    };
    let line = line(&props.form, &path, &data, *flags);
    let said = match &line {
        Ok(line) => html! { <code data-line="">{ line }</code> },
        Err(Wrong::Path) => html! { <span class="dim">{ words.no_path }</span> },
        Err(Wrong::Word) => html! { <span class="dim">{ words.unspeakable }</span> },
    };
    let can = line.is_ok() && asking.is_some();
    let onsubmit = {
        let (dispatch, on_close) = (ui.dispatch.clone(), props.on_close.clone());
        let ask = line.ok().zip(asking.map(|client| client.id));
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some((line, client)) = &ask {
                on_close.emit(());
                dispatch.emit(UiAction::Console(ConsoleAction::Show(*client)));
                let command = ConsoleAction::Command(*client, line.as_str().into());
                dispatch.emit(UiAction::Console(command));
            }
        })
    };
    let onkeydown = {
        let on_close = props.on_close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                on_close.emit(());
            }
        })
    };
    let title = match &props.form {
        Form::Create(_) => words.create,
        Form::Set(_) => words.set,
        Form::Delete(_) => words.delete,
    };
    let (is_create, has_data) =
        (matches!(props.form, Form::Create(_)), !matches!(props.form, Form::Delete(_)));
    let choices = ["ephemeral", "sequential"].into_iter().enumerate().map(|(nth, name)| {
        let (flags, label) = (flags.clone(), [words.ephemeral, words.sequential][nth]);
        let is_on = flags[nth];
        let onchange = Callback::from(move |_: Event| {
            let mut next = *flags;
            next[nth] = !next[nth];
            flags.set(next);
        });
        html! {
            <label class="choice">
                <input type="checkbox" data-flag={name} checked={is_on} {onchange} />{ label }
            </label>
        }
    });
    let options = alive.iter().enumerate().map(|(place, it)| {
        let is_selected = asking.is_some_and(|asking| asking.id == it.id);
        html! {
            <option value={place.to_string()} selected={is_selected}>{ it.name.to_string() }</option>
        }
    });
    let name = asking.map_or_else(String::new, |client| shortened(&client.name, MOST_OF_NAME));
    html! {
        <form class="znode-form" data-form="znode" aria-label={title} {onsubmit} {onkeydown}>
            <b>{ title }</b>
            if asking.is_none() { <p class="dim">{ words.no_client }</p> }
            <label class="znode-form__field">{ words.path }
                <input class="znode-form__input" data-field="path" value={(*path).clone()}
                    autocomplete="off" spellcheck="false" readonly={!is_create} oninput={typed(path.clone())} />
            </label>
            if has_data {
                <label class="znode-form__field">{ words.data }
                    <input class="znode-form__input" data-field="data" value={(*data).clone()}
                        autocomplete="off" spellcheck="false" oninput={typed(data.clone())} />
                </label>
            }
            if is_create { <div class="znode-form__row">{ for choices }</div> }
            if 1 < alive.len() {
                <label class="znode-form__field">{ words.client }
                    <select class="select" data-field="client" onchange={on_client}>{ for options }</select>
                </label>
            }
            <p class="znode-form__line">{ said }</p>
            <div class="znode-form__row">
                <button type="submit" class="button button--primary" data-action="znode-ask"
                    disabled={!can}>{ (words.ask)(&name) }</button>
                <button type="button" class="button" data-action="znode-cancel"
                    onclick={props.on_close.reform(|_: yew::MouseEvent| ())}>{ words.cancel }</button>
            </div>
        </form>
    }
}
