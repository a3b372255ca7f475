//! Prepared scenarios: files that are fetched when they are wanted.

use crate::components::ui::{Ui, use_ui};
use crate::i18n::Language;
use crate::platform::fetch;
use crate::ui_action::UiAction;
use crate::ui_action::recipes::RecipeAction;
use std::rc::Rc;
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_effect_with};

/// Props of [`Prepared`].
#[derive(PartialEq, Properties)]
pub struct PreparedProps {
    /// The list, once it has come: a line each, with the file's name, the title in English and in
    /// Chinese, and what it shows in both, between tabs.
    pub list: Option<Rc<str>>,
}

/// The list.
#[component]
pub fn Prepared(props: &PreparedProps) -> Html {
    let ui = use_ui();
    let listed = ui
        .dispatch
        .reform(|list: Option<String>| UiAction::Recipe(RecipeAction::Listed(list.map(Rc::from))));
    use_effect_with(props.list.is_none(), move |is_missing| {
        if *is_missing {
            fetch::text("recipes/index.txt".to_owned(), listed);
        }
    });
    let list = props.list.as_deref().unwrap_or_default();
    html! {
        <div class="prepared">
            <p class="recipe__note">{ ui.t().recipes.prepared_hint }</p>
            <ul class="prepared__list">{ for list.lines().filter_map(|line| item(&ui, line)) }</ul>
        </div>
    }
}

fn item(ui: &Ui, line: &str) -> Option<Html> {
    let mut parts = line.split('\t');
    let mut next = || parts.next();
    let (file, titles, abouts) = (next()?, [next()?, next()?], [next()?, next()?]);
    let [title, about] = match ui.language {
        Language::English => [titles[0], abouts[0]],
        Language::Chinese => [titles[1], abouts[1]],
    };
    let (address, name) = (format!("{file}.zk"), Rc::<str>::from(title));
    let dispatch = ui.dispatch.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        let name = name.clone();
        let opened = dispatch.reform(move |text: Option<String>| {
            UiAction::Recipe(RecipeAction::Prepared(name.clone(), text.map(Rc::from)))
        });
        fetch::text(address.clone(), opened);
    });
    Some(html! {
        <li key={file.to_owned()}>
            <button type="button" class="prepared__item" data-scenario={file.to_owned()} {onclick}>
                <b>{ title.to_owned() }</b><span class="dim">{ about.to_owned() }</span>
            </button>
        </li>
    })
}
