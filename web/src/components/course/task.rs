//! What the student is to do in a step: a question, or a goal.

use super::text::{line, paragraphs};
use crate::components::buttons::Button;
use crate::components::ui::{Ui, use_ui};
use crate::course::{Given, Open, right};
use crate::platform::{document, pointer};
use crate::ui_action::UiAction;
use crate::ui_action::lesson::LessonAction;
use yew::{
    FocusEvent, Html, InputEvent, Properties, SubmitEvent, classes, component, html, use_state,
};
use zklab_core::lab::lesson::{Answer, Ask, Choice, Do};
use zklab_core::types::ServerId;

/// A question, and what came of it.
pub fn question(ui: &Ui, open: &Open, ask: &Ask) -> Html {
    let words = ui.t().lessons;
    if open.is_running && !open.is_solved {
        // What it is about is still to be seen.
        return Html::default();
    }
    let field = match &ask.answer {
        Answer::Server(_) => servers(ui, open),
        Answer::Number(_) => html! { <Number is_solved={open.is_solved} /> },
        Answer::Choice(choices) => html! {
            <div class="lesson__choices">{ for choices.iter().enumerate().map(|(n, choice)| self::choice(ui, open, n, choice)) }</div>
        },
    };
    let because = match (open.given, &ask.answer) {
        (Some(Given::Choice(place)), Answer::Choice(choices)) => {
            choices.get(place).and_then(|choice| choice.because.as_ref())
        }
        (Some(_) | None, _) => None,
    };
    let verdict = open.given.map(|given| given.is_right(&ask.answer));
    html! {
        <div class="lesson__ask" data-ask="">
            <div class="lesson__question">{ paragraphs(ui, &ask.question) }</div>
            { field }
            if open.is_solved {
                <div role="status" data-verdict={verdict.map(|is_right| if is_right { "right" } else { "wrong" })}>
                    { for verdict.map(|is_right| self::verdict(ui, is_right)) }
                    { for because.map(|because| paragraphs(ui, because)) }
                    if verdict != Some(true) { <p>{ (words.answer_is)(&right(&ask.answer, ui.language).replace(['`', '*'], "")) }</p> }
                </div>
            }
        </div>
    }
}

fn verdict(ui: &Ui, is_right: bool) -> Html {
    let words = ui.t().lessons;
    let (class, sign, text) = match is_right {
        true => ("sign sign--good", "✓ ", words.right),
        false => ("sign sign--bad", "✗ ", words.wrong),
    };
    html! { <p class={class}>{ sign }{ text }</p> }
}

fn servers(ui: &Ui, open: &Open) -> Html {
    let words = ui.t().lessons;
    let ids: &[ServerId] = &open.servers;
    let button = |id: &ServerId| {
        let given = Given::Server(*id);
        Button::new("answer", UiAction::Lesson(LessonAction::Answer(given)), id.to_string())
            .enabled(!open.is_solved)
            .pressed(open.given == Some(given))
            .draw(ui)
    };
    html! {
        <>
            if !open.is_solved { <p class="dim">{ words.click_server }</p> }
            <div class="lesson__servers">{ for ids.iter().map(button) }</div>
        </>
    }
}

fn choice(ui: &Ui, open: &Open, place: usize, choice: &Choice) -> Html {
    let given = Given::Choice(place);
    let is_given = open.given == Some(given);
    // Once it is answered it is seen which were right.
    let mark = match (open.is_solved, choice.is_right, is_given) {
        (true, true, _) => "✓",
        (true, false, true) => "✗",
        (true, false, false) | (false, _, _) => "○",
    };
    let class = classes!(
        "lesson__choice",
        is_given.then_some("lesson__choice--given"),
        (open.is_solved && choice.is_right).then_some("lesson__choice--right"),
    );
    html! {
        <button type="button" {class} data-choice={place.to_string()} disabled={open.is_solved}
            aria-pressed={is_given.to_string()} onclick={ui.on(UiAction::Lesson(LessonAction::Answer(given)))}>
            <span class="lesson__mark" aria-hidden="true">{ mark }</span>
            <span>{ line(ui, &choice.text) }</span>
        </button>
    }
}

/// Props of [`Number`].
#[derive(PartialEq, Properties)]
pub struct NumberProps {
    /// Whether it is answered.
    pub is_solved: bool,
}

/// A field for a number.
#[component]
pub fn Number(props: &NumberProps) -> Html {
    let ui = use_ui();
    let words = ui.t().lessons;
    let text = use_state(String::new);
    let number = text.trim().parse::<u64>().ok();
    let setter = text.setter();
    let oninput =
        move |event: InputEvent| setter.set(pointer::value_of(&event).unwrap_or_default());
    let dispatch = ui.dispatch.clone();
    let onsubmit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(number) = number {
            dispatch.emit(UiAction::Lesson(LessonAction::Answer(Given::Number(number))));
        }
    };
    html! {
        <form class="lesson__number" {onsubmit}>
            <input type="text" inputmode="numeric" autocomplete="off" aria-label={words.number} data-number=""
                value={(*text).clone()} disabled={props.is_solved} {oninput} />
            <button type="submit" class="button" disabled={props.is_solved || number.is_none()}>{ words.answer }</button>
        </form>
    }
}

/// A goal, and which of its clauses hold.
pub fn goal(ui: &Ui, open: &Open, task: &Do) -> Html {
    let words = ui.t().lessons;
    let clause = |(n, clause): (usize, &zklab_core::lab::lesson::Clause)| {
        let holds = open.is_solved || open.holding.get(n).copied().unwrap_or(false);
        let (class, sign, name) = match holds {
            true => ("sign sign--good", "✓", words.holds),
            false => ("sign dim", "○", words.holds_not),
        };
        html! {
            <li data-holds={holds.to_string()}>
                <span class={class} role="img" aria-label={name}>{ sign }</span>
                <span>{ line(ui, &clause.text) }</span>
            </li>
        }
    };
    let verdict = match (open.is_solved, open.is_shown) {
        (false, _) => "",
        (true, true) => words.was_shown,
        (true, false) => words.reached,
    };
    html! {
        <div class="lesson__goal" data-goal="">
            <h3>{ words.goal }</h3>
            <ul>{ for task.clauses.iter().enumerate().map(clause) }</ul>
            { for open.best().map(|best| html! { <p class="dim" data-actions={open.actions.to_string()}>{ (words.actions)(open.actions, best) }</p> }) }
            if open.is_solved && !open.is_handed_in { <p class="sign sign--good" role="status">{ verdict }</p> }
            { for handed_in(ui, open) }
            { for open.result.as_ref().map(|result| hand_in(ui, open, result)) }
        </div>
    }
}

/// What came of what somebody has handed in.
fn handed_in(ui: &Ui, open: &Open) -> Option<Html> {
    let words = ui.t().lessons;
    (open.is_handed_in && !open.is_running).then(|| match open.is_solved {
        true => html! { <p class="sign sign--good" role="status" data-handed-in="true">{ (words.handed_in)(open.actions) }</p> },
        false => html! { <p class="sign sign--bad" role="status" data-handed-in="false">{ words.handed_in_not }</p> },
    })
}

/// A link that lets it happen again, for whoever has it.
fn hand_in(ui: &Ui, open: &Open, result: &str) -> Html {
    let link = format!("{}#result/{}/{result}", document::address(), open.lesson.id);
    html! {
        <label class="lesson__result">
            { ui.t().lessons.result }
            <input type="text" readonly=true data-result="" value={link} onfocus={|event: FocusEvent| pointer::select_all(&event)} />
        </label>
    }
}
