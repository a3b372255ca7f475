//! Small drawings for buttons, each in a box of 16.

use yew::{Html, html};

/// A drawing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Icon {
    /// Play.
    Play,
    /// Two bars.
    Pause,
    /// One event forward.
    Step,
    /// One event back.
    Back,
    /// Next decision.
    StepDecision,
    /// Previous decision.
    BackDecision,
    /// A cross.
    Kill,
    /// A circular arrow.
    Restart,
    /// One alone within a wall.
    Isolate,
    /// A dot.
    Live,
    /// Half light, half dark.
    Theme,
    /// A minus.
    Minus,
    /// A plus.
    Plus,
    /// A question mark.
    Help,
    /// A door and an arrow out of it.
    Leave,
    /// Two halves side by side.
    Split,
    /// An arrow down into a tray.
    Export,
}

impl Icon {
    /// The strokes, and what is filled.
    const fn paths(self) -> (&'static str, &'static str) {
        match self {
            Icon::Play => ("", "M4 2.500v11l9.500-5.500z"),
            Icon::Pause => ("", "M3.500 2.500h3v11h-3zM9.500 2.500h3v11h-3z"),
            Icon::Step => ("M12.500 3v10", "M3.500 3v10l7-5z"),
            Icon::Back => ("M3.500 3v10", "M12.500 3v10l-7-5z"),
            Icon::StepDecision => ("M14 3v10", "M1.500 3v10l5.500-5zM7 3v10l5.500-5z"),
            Icon::BackDecision => ("M2 3v10", "M14.500 3v10l-5.500-5zM9 3v10l-5.500-5z"),
            Icon::Kill => ("M4 4l8 8M12 4l-8 8", ""),
            Icon::Restart => ("M12.600 5.500A5.300 5.300 0 1 0 13.300 8M13.200 2v3.700h-3.700", ""),
            Icon::Isolate => (
                "M9.550 2.200A6 6 0 0 1 13.800 6.450M13.800 9.550A6 6 0 0 1 9.550 13.800\
                 M6.450 13.800A6 6 0 0 1 2.200 9.550M2.200 6.450A6 6 0 0 1 6.450 2.200",
                "M8 5.400a2.600 2.600 0 1 0 .01 0z",
            ),
            Icon::Live => ("", "M8 4a4 4 0 1 0 .01 0z"),
            Icon::Theme => {
                ("M8 2.200a5.800 5.800 0 1 0 .01 0z", "M8 2.200a5.800 5.800 0 0 1 0 11.600z")
            }
            Icon::Minus => ("M3.500 8h9", ""),
            Icon::Leave => ("M6.500 2.500h-4v11h4M6.500 8h7M10.500 5l3 3-3 3", ""),
            Icon::Export => ("M8 2.500v7.500M5 7l3 3 3-3M2.500 10.500v3h11v-3", ""),
            Icon::Split => ("M2.500 3h11v10h-11zM8 3v10", ""),
            Icon::Plus => ("M3.500 8h9M8 3.500v9", ""),
            Icon::Help => (
                "M5.200 5.600A2.900 2.900 0 1 1 9.400 8.100C8.400 8.700 8 9.100 8 10.200",
                "M8 12.400a1.100 1.100 0 1 0 .01 0z",
            ),
        }
    }

    /// The drawing.
    pub fn draw(self) -> Html {
        let (strokes, fills) = self.paths();
        html! {
            <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                if !strokes.is_empty() { <path class="icon__stroke" d={strokes} /> }
                if !fills.is_empty() { <path class="icon__fill" d={fills} /> }
            </svg>
        }
    }
}

/// The sign of the lab: three servers that know one another.
pub fn logo() -> Html {
    html! {
        <svg class="logo__sign" viewBox="0 0 22 22" width="22" height="22" aria-hidden="true">
            <path class="logo__links" d="M9.600 6.200L5.400 13.700M12.400 6.200L16.600 13.700M6.600 16H15.400" />
            <circle cx="11" cy="4" r="2.600" />
            <circle cx="4" cy="16" r="2.600" />
            <circle cx="18" cy="16" r="2.600" />
        </svg>
    }
}
