//! What the reader prefers, kept between visits as a line of `key=value` words.

use crate::i18n::Language;
use crate::pace::Speed;

/// Light, dark, or as the system says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The value of `data-theme`; `None` leaves it to the system.
    pub const fn attribute(self) -> Option<&'static str> {
        match self {
            Theme::System => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        }
    }

    /// The other one than what is seen now.
    pub const fn toggled(self, is_system_dark: bool) -> Theme {
        match self {
            Theme::Dark => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::System if is_system_dark => Theme::Light,
            Theme::System => Theme::Dark,
        }
    }
}

/// Everything that is remembered about the reader.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Preferences {
    /// The language, once chosen.
    pub language: Option<Language>,
    /// The theme.
    pub theme: Theme,
    /// How fast playback is.
    pub speed: Speed,
    /// Whether pings are drawn.
    pub shows_pings: bool,
    /// Whether playback hurries where nothing is in flight.
    pub skips_idle: bool,
    /// Whether it was playing when the page was left.
    pub was_playing: bool,
    /// Whether the course is beside the stage.
    pub shows_course: bool,
}

impl Default for Preferences {
    fn default() -> Self {
        Preferences {
            language: None,
            theme: Theme::System,
            speed: Speed::default(),
            shows_pings: false,
            skips_idle: true,
            was_playing: false,
            shows_course: true,
        }
    }
}

impl Preferences {
    /// Reads what [`Preferences::print`] has written. What it doesn't know it leaves as it is by
    /// default.
    pub fn parse(text: &str) -> Preferences {
        let mut prefs = Preferences::default();
        for (key, value) in text.split_whitespace().filter_map(|word| word.split_once('=')) {
            match (key, value) {
                ("language", "en") => prefs.language = Some(Language::English),
                ("language", "zh") => prefs.language = Some(Language::Chinese),
                ("theme", "light") => prefs.theme = Theme::Light,
                ("theme", "dark") => prefs.theme = Theme::Dark,
                ("speed", speed) => prefs.speed = Speed::parse(speed).unwrap_or_default(),
                ("pings", value) => prefs.shows_pings = value == "yes",
                ("skip", value) => prefs.skips_idle = value == "yes",
                ("playing", value) => prefs.was_playing = value == "yes",
                ("course", value) => prefs.shows_course = value == "yes",
                _unknown => {}
            }
        }
        prefs
    }

    /// As one line.
    pub fn print(&self) -> String {
        let yes = |is: bool| if is { "yes" } else { "no" };
        let mut words = vec![
            format!("speed={}", self.speed.name()),
            format!("pings={}", yes(self.shows_pings)),
            format!("skip={}", yes(self.skips_idle)),
            format!("playing={}", yes(self.was_playing)),
            format!("course={}", yes(self.shows_course)),
        ];
        match self.language {
            Some(Language::English) => words.push("language=en".to_owned()),
            Some(Language::Chinese) => words.push("language=zh".to_owned()),
            None => {}
        }
        if let Some(theme) = self.theme.attribute() {
            words.push(format!("theme={theme}"));
        }
        words.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read() {
        let prefs = Preferences {
            language: Some(Language::Chinese),
            theme: Theme::Dark,
            speed: Speed::default().faster().faster(),
            shows_pings: true,
            skips_idle: false,
            was_playing: true,
            shows_course: false,
        };
        assert_eq!(Preferences::parse(&prefs.print()), prefs);
        assert_eq!(Preferences::parse("theme=mauve speed=x garbage"), Preferences::default());
    }
}
