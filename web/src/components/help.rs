//! The help: what this is, its keys, its shapes. Covers the page until it is closed.

use crate::components::ui::use_ui;
use crate::platform::pointer::focus;
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_effect_with, use_node_ref};

/// Props of [`Help`].
#[derive(PartialEq, Properties)]
pub struct HelpProps {
    /// Called when the reader has read enough.
    pub on_close: Callback<()>,
}

/// The help.
#[component]
pub fn Help(props: &HelpProps) -> Html {
    let ui = use_ui();
    let t = ui.t();
    let close = use_node_ref();
    use_effect_with(close.clone(), focus);
    let on_close = props.on_close.reform(|_: MouseEvent| ());
    let table = |rows: &'static [(&'static str, &'static str)], is_keys: bool| {
        html! {
            <dl class="help__rows">
                { for rows.iter().map(|(name, text)| html! {
                    <div>
                        <dt>if is_keys { <kbd>{ *name }</kbd> } else { { *name } }</dt>
                        <dd>{ *text }</dd>
                    </div>
                }) }
            </dl>
        }
    };
    html! {
        <div class="help" role="dialog" aria-modal="true" aria-label={t.help} onclick={on_close.clone()}>
            <div class="help__sheet" onclick={|event: MouseEvent| event.stop_propagation()}>
                <button type="button" class="button button--icon help__close" ref={close}
                    aria-label={t.close} onclick={on_close}>{ "×" }</button>
                <h2>{ t.title }</h2>
                <p>{ t.help_intro }</p>
                <div class="help__columns">
                    <section><h3>{ t.help_keys }</h3>{ table(t.keys, true) }</section>
                    <section><h3>{ t.help_shapes }</h3>{ table(t.help_legend, false) }</section>
                </div>
            </div>
        </div>
    }
}
