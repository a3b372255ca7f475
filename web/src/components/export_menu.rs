//! The menu of the top bar with what can be taken away as a file.

use crate::components::icons::Icon;
use crate::components::ui::Ui;
use crate::ui_action::UiAction;
use crate::ui_action::export::{Drawing, ExportAction, Format};
use yew::{Html, html};

/// The button and what it opens.
pub fn export_menu(ui: &Ui) -> Html {
    let words = ui.t().on_export;
    let entry = |name: String, action: ExportAction, label: String| {
        html! {
            <button type="button" class="export__entry" data-action={name}
                onclick={ui.on(UiAction::Export(action))}>{ label }</button>
        }
    };
    let drawing = |drawing: Drawing, format: Format| {
        let name = format!("export-{}-{}", drawing.name(), format.name());
        let label = (words.drawing)(drawing, format);
        entry(name, ExportAction::Drawing(drawing, format), label)
    };
    html! {
        <details class="export" data-export="" data-popover="" data-closes="">
            <summary class="button button--icon" aria-label={words.export} title={words.export}>
                { Icon::Export.draw() }
            </summary>
            <div class="export__list" role="group" aria-label={words.export}>
                { drawing(Drawing::Stage, Format::Svg) }
                { drawing(Drawing::Stage, Format::Png) }
                { drawing(Drawing::Lanes, Format::Svg) }
                { drawing(Drawing::Lanes, Format::Png) }
                { entry("export-trace".to_owned(), ExportAction::Trace, words.trace.to_owned()) }
            </div>
        </details>
    }
}
