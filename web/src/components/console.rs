//! zkCli for one client: ZooKeeper's own syntax and output, as text.

use crate::components::buttons::Button;
use crate::components::ui::use_ui;
use crate::platform::pointer::{scroll_to_end, value_of};
use crate::ui_action::UiAction;
use std::rc::Rc;
use yew::{
    Callback, Html, InputEvent, KeyboardEvent, Properties, UseStateHandle, component, html,
    use_effect_with, use_node_ref, use_state,
};
use zklab_core::lab::view::{ClientState, ClientView, ConsoleKind, ConsoleLine};

/// Props of [`Console`].
#[derive(PartialEq, Properties)]
pub struct ConsoleProps {
    /// The client, if there is one.
    pub client: Option<Rc<ClientView>>,
    /// What was typed and answered.
    pub lines: Rc<[ConsoleLine]>,
    /// What stands before the input.
    pub prompt: Rc<str>,
}

/// The panel of the console.
#[component]
pub fn Console(props: &ConsoleProps) -> Html {
    let ui = use_ui();
    let t = ui.t();
    let output = use_node_ref();
    use_effect_with((props.lines.len(), output.clone()), |(_, node)| scroll_to_end(node));
    let lines = props.lines.iter().map(|line| {
        html! { <div class={line_class(line.kind)}>{ line.text.to_string() }</div> }
    });
    let is_over = props.client.as_ref().is_none_or(|client| match client.state {
        ClientState::Connecting | ClientState::Connected | ClientState::ConnectedReadOnly => false,
        ClientState::Expired | ClientState::Closed | ClientState::Vanished => true,
    });
    let connect = Button::new("connect", UiAction::Connect, t.connect).class("button--primary");
    html! {
        <section id="console" class="panel panel--console" aria-label={t.console}>
            <div class="console__output" ref={output} data-console-output="" role="log" tabindex="0"
                aria-label={t.console}>
                if props.lines.is_empty() {
                    <div class="console__text console__text--hint">{ t.console_empty }</div>
                }
                { for lines }
            </div>
            <div class="console__line">
                <span>{ for is_over.then(|| connect.draw(&ui)) }</span>
                <Input prompt={props.prompt.clone()} is_enabled={props.client.is_some()} />
            </div>
        </section>
    }
}

fn line_class(kind: ConsoleKind) -> &'static str {
    match kind {
        ConsoleKind::Input => "console__text console__text--input",
        ConsoleKind::Output => "console__text",
        ConsoleKind::Error => "console__text console__text--error",
        ConsoleKind::Event => "console__text console__text--event",
    }
}

#[derive(PartialEq, Properties)]
struct InputProps {
    prompt: Rc<str>,
    is_enabled: bool,
}

/// What was typed before, and where in it the reader is.
#[derive(Clone, PartialEq, Default)]
struct History {
    lines: Vec<Rc<str>>,
    back: usize,
}

impl History {
    fn with(&self, line: Rc<str>) -> History {
        let mut lines = self.lines.clone();
        if lines.last() != Some(&line) {
            lines.push(line);
        }
        History { lines, back: 0 }
    }

    /// Moves by one; answers the history and the line there, empty past the newest.
    fn moved(&self, is_back: bool) -> (History, Rc<str>) {
        let back = if is_back {
            (self.back + 1).min(self.lines.len())
        } else {
            self.back.saturating_sub(1)
        };
        let line = match back {
            0 => Rc::from(""),
            back => {
                self.lines.get(self.lines.len() - back).cloned().unwrap_or_else(|| Rc::from(""))
            }
        };
        (History { lines: self.lines.clone(), back }, line)
    }
}

#[component]
fn Input(props: &InputProps) -> Html {
    let ui = use_ui();
    let text = use_state(|| Rc::<str>::from(""));
    let history = use_state(History::default);
    let oninput = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(value) = value_of(&event) {
                text.set(value.into());
            }
        })
    };
    let onkeydown = on_key(text.clone(), history, ui.dispatch.clone());
    html! {
        <label class="console__entry">
            <span class="console__prompt">{ props.prompt.to_string() }</span>
            <input class="console__input" id="console-input" data-console="" type="text"
                aria-label={ui.t().console_input} placeholder={ui.t().console_hint}
                autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false"
                enterkeyhint="send" disabled={!props.is_enabled} value={text.to_string()}
                {oninput} {onkeydown} />
        </label>
    }
}

fn on_key(
    text: UseStateHandle<Rc<str>>,
    history: UseStateHandle<History>,
    dispatch: Callback<UiAction>,
) -> Callback<KeyboardEvent> {
    Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" if !event.is_composing() => {
            let line: Rc<str> = text.trim().into();
            event.prevent_default();
            if !line.is_empty() {
                history.set(history.with(line.clone()));
                text.set(Rc::from(""));
                dispatch.emit(UiAction::Command(line));
            }
        }
        key @ ("ArrowUp" | "ArrowDown") if !event.is_composing() => {
            event.prevent_default();
            let (moved, line) = history.moved(key == "ArrowUp");
            history.set(moved);
            text.set(line);
        }
        _other => {}
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn history_goes_back_and_forth() {
        let history =
            History::default().with("ls /".into()).with("get /a".into()).with("get /a".into());
        let (history, line) = history.moved(true);
        assert_eq!(&*line, "get /a");
        let (history, line) = history.moved(true);
        assert_eq!(&*line, "ls /");
        let (history, line) = history.moved(true);
        assert_eq!(&*line, "ls /", "there is nothing older");
        let (history, line) = history.moved(false);
        assert_eq!(&*line, "get /a");
        assert_eq!(&*history.moved(false).1, "");
    }
}
