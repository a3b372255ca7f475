//! A message above the stage. It covers, it never moves anything.

use crate::components::buttons::Button;
use crate::components::icons::Icon;
use crate::components::ui::Ui;
use crate::notice::{Notice, NoticeKind};
use crate::ui_action::{UiAction, WorkAction};
use yew::{Html, html};

/// The message, if there is one.
pub fn notice_bar(ui: &Ui, notice: Option<&Notice>) -> Html {
    let t = ui.t();
    let bar = notice.map(|notice| {
        let undo = Button::new("undo", UiAction::Undo, t.undo);
        let rest = matches!(notice.kind, NoticeKind::Damaged(..)).then(|| {
            Button::new("open-rest", UiAction::Work(WorkAction::OpenRest), t.work.open_rest)
                .draw(ui)
        });
        let close = Button::new("dismiss", UiAction::Dismiss, t.close).icon_only(Icon::Kill);
        html! {
            <div class="notice__bar">
                <span data-notice="">{ notice.kind.text(t) }</span>
                { for notice.can_undo.then(|| undo.draw(ui)) }
                { for rest }
                { close.draw(ui) }
            </div>
        }
    });
    html! { <div class="notice" role="status">{ for bar }</div> }
}
