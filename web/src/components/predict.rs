//! Predict mode: what is asked about, and the question.

use crate::components::buttons::Button;
use crate::components::ui::Ui;
use crate::explain::Names;
use crate::state::Predict;
use crate::ui_action::UiAction;
use crate::ui_action::predict::PredictAction;
use yew::{Html, html};
use zklab_core::lab::predict::{Question, Subject};

/// What is asked about, and how it went.
pub fn predict_choice(ui: &Ui, predict: &Predict) -> Html {
    let words = ui.t().predict;
    let toggle = |subject: Subject| {
        let action = UiAction::Predict(PredictAction::Toggle(subject));
        let is_on = predict.subjects.contains(&subject);
        Button::new("predict", action, (words.subject)(subject))
            .pressed(is_on)
            .class("toggle")
            .draw(ui)
    };
    let score = (predict.all > 0).then(|| (words.score)(predict.right, predict.all));
    html! {
        <section class="home__list">
            <h3>{ words.heading }<span class="dim">{ score }</span></h3>
            <p class="dim">{ words.about }</p>
            <div class="home__more">{ for Subject::ALL.into_iter().map(toggle) }</div>
        </section>
    }
}

/// The question, if there is one.
pub fn predict_card(ui: &Ui, predict: &Predict, names: &Names) -> Html {
    let Some(next) = predict.next.as_ref().filter(|_| predict.is_asked) else {
        return Html::default();
    };
    let words = ui.t().predict;
    let client = match &next.question {
        Question::Expiry { client } => names.client(*client),
        Question::Vote { .. }
        | Question::Winner
        | Question::Sync { .. }
        | Question::Commit { .. } => String::new(),
    };
    let option = |guess: &zklab_core::lab::predict::Guess| {
        let action = UiAction::Predict(PredictAction::Answer(Some(*guess)));
        let is_right = predict.is_shown && *guess == next.right;
        let label = match is_right {
            true => format!("✓ {}", (words.guess)(*guess)),
            false => (words.guess)(*guess),
        };
        Button::new("guess", action, label)
            .enabled(!predict.is_shown)
            .pressed(predict.given == Some(*guess))
            .draw(ui)
    };
    let verdict = predict.given.map(|given| match given == next.right {
        true => html! { <strong class="sign sign--good">{ "✓ " }{ ui.t().lessons.right }</strong> },
        false => html! { <strong class="sign sign--bad">{ "✗ " }{ ui.t().lessons.wrong }</strong> },
    });
    let on = match predict.is_shown {
        true => Button::new("predict-on", UiAction::Predict(PredictAction::GoOn), words.go_on)
            .class("button--primary"),
        false => {
            Button::new("predict-show", UiAction::Predict(PredictAction::Answer(None)), words.show)
        }
    };
    html! {
        <div class="predict" role="dialog" aria-label={words.heading} data-predict={predict.is_shown.to_string()}>
            <p aria-live="polite">{ (words.question)(&next.question, &client) }</p>
            <div class="home__more">{ for next.options.iter().map(option) }</div>
            <div class="predict__foot">{ for verdict }{ on.draw(ui) }</div>
        </div>
    }
}
