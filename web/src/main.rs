//! The page of ZK Lab: draws what `zklab_core::lab` computes, and hands it what the reader does.
//!
//! Reading order: [`ui_action`] is everything a reader can do, [`state`] everything the page knows
//! and what an action changes, [`moment`] what is drawn of it, all without a DOM; [`pace`] turns the reader's time into virtual time; [`explain`] and [`i18n`] turn facts into
//! sentences; [`app`] ties them to the browser; [`components`] draw. Only [`platform`] touches the
//! browser beyond drawing.

mod app;
mod bench;
mod components;
mod course;
mod explain;
mod i18n;
mod keymap;
mod moment;
mod notice;
mod pace;
mod platform;
mod prefs;
mod state;
mod stretch;
mod ui_action;

fn main() {
    platform::crash::install();
    if platform::document::wants_figures() {
        return bench::run();
    }
    if let Some(root) = platform::document::mount_point() {
        yew::Renderer::<app::App>::with_root(root).render();
    }
}
