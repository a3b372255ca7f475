//! What the outside uses: scenarios, the timeline, traces, views.

pub mod scenario;
pub mod view;
