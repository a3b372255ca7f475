//! The top of the page: whose it is, the strip, and what concerns the page itself.

use crate::components::buttons::Button;
use crate::components::export_menu::export_menu;
use crate::components::icons::{Icon, logo};
use crate::components::strip::strip;
use crate::components::ui::use_ui;
use crate::components::work_menu::{WorkMenu, WorkMenuProps};
use crate::platform::document::prefers_dark;
use crate::ui_action::UiAction;
use crate::ui_action::lesson::LessonAction;
use yew::{Callback, Html, MouseEvent, Properties, component, html};
use zklab_core::lab::view::{InvariantView, View};
use zklab_core::types::{ServerId, Zxid};

/// How the ensemble stands, in a few numbers.
#[derive(Clone, PartialEq, Debug)]
pub struct Standing {
    /// Who leads.
    pub leader: Option<ServerId>,
    /// The epoch.
    pub epoch: u32,
    /// Voters that serve.
    pub present: usize,
    /// Voters of a quorum.
    pub needed: usize,
    /// All voters.
    pub voters: usize,
    /// The last committed transaction.
    pub committed: Zxid,
    /// What is checked.
    pub invariants: Vec<InvariantView>,
}

impl Standing {
    /// Of this moment.
    pub fn of(view: &View) -> Standing {
        Standing {
            leader: view.leader,
            epoch: view.epoch,
            present: view.quorum_present,
            needed: view.quorum_needed,
            voters: view.servers.iter().filter(|server| !server.is_observer).count(),
            committed: view.committed,
            invariants: view.invariants.clone(),
        }
    }
}

/// Props of [`TopBar`].
#[derive(PartialEq, Properties)]
pub struct TopBarProps {
    /// How the ensemble stands.
    pub standing: Standing,
    /// Whether the list of invariants is open.
    pub shows_invariants: bool,
    /// The menu of the work.
    pub work: WorkMenuProps,
}

/// The top of the page.
#[component]
pub fn TopBar(props: &TopBarProps) -> Html {
    let ui = use_ui();
    html! {
        <header class="top">
            <h1 class="logo">{ logo() }{ "ZK Lab" }</h1>
            { strip(&ui, &props.standing, props.shows_invariants) }
            <Tools is_open={props.work.is_open} link={props.work.link.clone()}
                has_before={props.work.has_before} />
        </header>
    }
}

/// What concerns the page itself: drawn anew only when that changes.
#[component]
fn Tools(work: &WorkMenuProps) -> Html {
    let ui = &use_ui();
    let t = ui.t();
    let dispatch = ui.dispatch.clone();
    let on_theme = Callback::from(move |_: MouseEvent| {
        dispatch.emit(UiAction::ToggleTheme { is_system_dark: prefers_dark() });
    });
    html! {
        <div class="top__tools">
            { Button::new("course", UiAction::Lesson(LessonAction::Toggle), t.lessons.course)
                .draw(ui) }
            <WorkMenu is_open={work.is_open} link={work.link.clone()} has_before={work.has_before} />
            <button type="button" class="button" data-action="language"
                lang={ui.language.other().tag()} title={t.switch_language}
                onclick={ui.on(UiAction::ToggleLanguage)}>{ t.other_language }</button>
            <button type="button" class="button button--icon" data-action="theme"
                aria-label={t.switch_theme} title={t.switch_theme} onclick={on_theme}>
                { Icon::Theme.draw() }
            </button>
            { export_menu(ui) }
            { Button::new("help", UiAction::ToggleHelp, t.help).icon_only(Icon::Help).key("?").draw(ui) }
        </div>
    }
}
