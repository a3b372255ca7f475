//! Everything of the browser that is not drawn: the only place that touches `web_sys`.

pub mod address;
pub mod crash;
pub mod dismiss;
pub mod document;
pub mod export;
pub mod fetch;
pub mod files;
pub mod frames;
pub mod keys;
pub mod notes;
pub mod pointer;
pub mod size;
pub mod storage;
