//! One client's console: what was said, and the line that is being typed.

use super::complete::complete;
use super::history::History;
use super::line::{Line, Offer, OfferKind, Outcome, Pressed};
use crate::components::buttons::Button;
use crate::components::ui::use_ui;
use crate::i18n::Strings;
use crate::moment::ConsoleView;
use crate::platform::pointer::{scroll_to_end, value_of};
use crate::ui_action::UiAction;
use crate::ui_action::console::ConsoleAction;
use yew::{
    Callback, Html, InputEvent, KeyboardEvent, MouseEvent, Properties, classes, component, html,
    use_effect_with, use_mut_ref, use_node_ref, use_state,
};
use zklab_core::lab::view::{ClientState, ConsoleKind, ConsoleLine};

/// Props of [`Pane`].
#[derive(PartialEq, Properties)]
pub struct PaneProps {
    /// The client's console.
    pub console: ConsoleView,
    /// Whether it has the word: what the header's buttons are about.
    pub is_active: bool,
    /// What was typed before.
    pub history: History,
}

/// Whether a client can be asked nothing any more.
pub fn is_over(state: ClientState) -> bool {
    match state {
        ClientState::Connecting | ClientState::Connected | ClientState::ConnectedReadOnly => false,
        ClientState::Expired | ClientState::Closed | ClientState::Vanished => true,
    }
}

/// One client's console.
#[component]
pub fn Pane(props: &PaneProps) -> Html {
    let ui = use_ui();
    let t = ui.t();
    let client = &props.console.client;
    let output = use_node_ref();
    let lines = &props.console.lines;
    use_effect_with((lines.len(), lines.last().cloned(), output.clone()), |(_, _, node)| {
        scroll_to_end(node);
    });
    let numbered = use_mut_ref(|| (lines.clone(), 0_usize));
    let first = {
        let mut numbered = numbered.borrow_mut();
        let (before, first) = &*numbered;
        let gone = gone(before, lines);
        *numbered = (lines.clone(), first + gone);
        numbered.1
    };
    let draw = lines.iter().enumerate().map(|(nth, line)| {
        html! { <div key={first + nth} class={line_class(line.kind)}>{ line.text.clone() }</div> }
    });
    let id = client.id;
    let connect = UiAction::Console(ConsoleAction::Connect(id));
    let connect = Button::new("connect", connect, t.connect).class("button--primary");
    let onfocusin = ui.on(UiAction::Console(ConsoleAction::Show(id)));
    let onfocusin = (!props.is_active).then_some(onfocusin);
    html! {
        <div class={classes!("console", props.is_active.then_some("console--active"))}
            data-console-of={client.name.to_string()} {onfocusin}>
            <div class="console__output" ref={output} data-console-output="" role="log" tabindex="0"
                aria-label={(t.client)(&client.name)}>
                if lines.is_empty() {
                    <div class="console__text console__text--hint">
                        { (t.on_console.empty)(&client.name) }
                    </div>
                }
                // Beside others without keys, lines would be made anew whenever one is added.
                <>{ for draw }</>
            </div>
            <div class="console__line">
                if is_over(client.state) { { connect.draw(&ui) } }
                <Input console={props.console.clone()} is_active={props.is_active}
                    history={props.history.clone()} />
            </div>
        </div>
    }
}

/// How many of the first lines are no longer shown: so the others keep their elements.
fn gone(before: &[ConsoleLine], lines: &[ConsoleLine]) -> usize {
    let goes_on = |gone: &usize| before[*gone..].iter().zip(lines).all(|(one, other)| one == other);
    (0..before.len()).find(goes_on).unwrap_or(before.len())
}

fn line_class(kind: ConsoleKind) -> &'static str {
    match kind {
        ConsoleKind::Input => "console__text console__text--input",
        ConsoleKind::Output => "console__text",
        ConsoleKind::Error => "console__text console__text--error",
        ConsoleKind::Event => "console__text console__text--event",
    }
}

#[component]
fn Input(props: &PaneProps) -> Html {
    let ui = use_ui();
    let t = ui.t();
    let line = use_state(Line::default);
    let id = props.console.client.id;
    let oninput = {
        let (line, history) = (line.clone(), props.history.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(value) = value_of(&event) {
                line.set(line.typed(&value, &history));
            }
        })
    };
    let onkeydown = {
        let (line, history) = (line.clone(), props.history.clone());
        let (tree, dispatch) = (props.console.tree.clone(), ui.dispatch.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.is_composing() || event.meta_key() || event.alt_key() {
                return;
            }
            let name = event.key();
            let key =
                Pressed { name: &name, is_ctrl: event.ctrl_key(), is_shift: event.shift_key() };
            let paths = tree.keys().map(|path| &**path);
            match line.press(key, &history, |text| complete(text, paths.clone())) {
                Outcome::NotOurs => return,
                Outcome::Edit(next) => line.set(next),
                Outcome::Submit(text) => {
                    line.set(Line::default());
                    dispatch.emit(UiAction::Console(ConsoleAction::Command(id, text)));
                }
            }
            event.prevent_default();
        })
    };
    let onblur = {
        let line = line.clone();
        // Leaving ends what Escape and an offer were about.
        Callback::from(move |_| {
            let text = line.text.clone();
            line.set(line.typed(&text, &History::default()).closed());
        })
    };
    let on_take = {
        let line = line.clone();
        Callback::from(move |place: usize| line.set(line.taken(place)))
    };
    let list = format!("offer-{}", id.0);
    let is_open = line.offer.is_some();
    let chosen = line.offer.as_ref().and_then(|offer| offer.chosen);
    html! {
        <div class="console__entry">
            { for line.offer.as_ref().map(|offer| offered(t, offer, &list, &on_take)) }
            <span class="console__prompt" aria-hidden="true">{ props.console.prompt.to_string() }</span>
            <input class="console__input" id={props.is_active.then_some("console-input")}
                data-console="" type="text" role="combobox"
                aria-label={(t.on_console.input)(&props.console.client.name)}
                aria-expanded={is_open.to_string()} aria-controls={list.clone()} aria-autocomplete="list"
                aria-activedescendant={chosen.map(|place| format!("{list}-{place}"))}
                placeholder={t.console_hint} autocomplete="off" autocapitalize="off"
                autocorrect="off" spellcheck="false" enterkeyhint="send"
                value={line.text.to_string()} {oninput} {onkeydown} {onblur} />
        </div>
    }
}

/// What is offered, above the line.
fn offered(t: &Strings, offer: &Offer, list: &str, on_take: &Callback<usize>) -> Html {
    let words = offer.words.iter().enumerate().map(|(place, word)| {
        let is_chosen = offer.chosen == Some(place);
        let says = match offer.kind {
            OfferKind::Completion(0) => (t.on_console.command)(word),
            OfferKind::Completion(_) | OfferKind::Search => "",
        };
        // Before the field loses the focus, and the list with it.
        let onmousedown = on_take.reform(move |event: MouseEvent| {
            event.prevent_default();
            place
        });
        html! {
            <li role="option" id={format!("{list}-{place}")} class="offer__word"
                aria-selected={is_chosen.to_string()} {onmousedown}>
                <span>{ word.to_string() }</span>
                if !says.is_empty() { <span class="offer__says">{ says }</span> }
            </li>
        }
    });
    let head = match offer.kind {
        OfferKind::Completion(_) => (t.on_console.offered)(offer.words.len()),
        OfferKind::Search if offer.words.is_empty() => t.on_console.not_found.to_owned(),
        OfferKind::Search => t.on_console.search.to_owned(),
    };
    html! {
        <div class="offer" data-offer="">
            <p class="offer__head" role="status">{ head }</p>
            <ul role="listbox" id={list.to_owned()} aria-label={t.on_console.clients}>{ for words }</ul>
        </div>
    }
}
