//! What the browser keeps between visits.

use web_sys::{Storage, window};

/// The work: scenario, actions, cursor.
const WORK: &str = "zklab.work.1";
/// The work before the last file, link or fresh start.
const BEFORE: &str = "zklab.work.before.1";
/// Work that could not be read, kept for a program that can.
const UNREADABLE: &str = "zklab.work.unreadable";
/// What was typed in consoles.
const HISTORY: &str = "zklab.console.1";
/// Language, theme and the like.
const PREFERENCES: &str = "zklab.preferences.1";

/// How far the reader has come in the course.
const PROGRESS: &str = "zklab.progress.1";
/// The work from before the lessons.
const ASIDE: &str = "zklab.work.aside";

fn storage() -> Option<Storage> {
    window()?.local_storage().ok().flatten()
}

fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

fn set(key: &str, text: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key, text).is_ok())
}

/// The saved work, if there is any.
pub fn work() -> Option<String> {
    get(WORK)
}

/// Saves the work. Answers whether the browser kept it.
pub fn save_work(text: &str) -> bool {
    set(WORK, text)
}

/// The work before this one, if it was kept.
pub fn work_before() -> Option<String> {
    get(BEFORE)
}

/// Keeps the work before this one.
pub fn save_work_before(text: &str) {
    set(BEFORE, text);
}

/// Moves the saved work out of the way without losing it.
pub fn set_work_aside() {
    if let (Some(text), Some(storage)) = (work(), storage())
        && set(UNREADABLE, &text)
    {
        let _ = storage.remove_item(WORK);
    }
}

/// What was typed in consoles, a line each.
pub fn history() -> String {
    get(HISTORY).unwrap_or_default()
}

/// Keeps what was typed in consoles.
pub fn save_history(text: &str) -> bool {
    set(HISTORY, text)
}

/// How far the reader has come in the course.
pub fn progress() -> Option<String> {
    get(PROGRESS)
}

/// Keeps how far the reader has come.
pub fn save_progress(text: &str) -> bool {
    set(PROGRESS, text)
}

/// The work from before the lessons, if it was put aside.
pub fn aside() -> Option<String> {
    get(ASIDE).filter(|text| !text.is_empty())
}

/// Puts work aside; if it is empty, none is any more.
pub fn save_aside(text: &str) -> bool {
    set(ASIDE, text)
}

/// The reader's preferences as text.
pub fn preferences() -> Option<String> {
    get(PREFERENCES)
}

/// Keeps the reader's preferences.
pub fn save_preferences(text: &str) -> bool {
    set(PREFERENCES, text)
}
