//! What is seen. Props in, callback out; one component per file.

pub mod buttons;
pub mod caption;
pub mod client_node;
pub mod console;
pub mod feed;
pub mod geometry;
pub mod help;
pub mod icons;
pub mod invariants;
pub mod notice;
pub mod packet;
pub mod panel;
pub mod server_detail;
pub mod server_node;
pub mod server_row;
pub mod servers;
pub mod stage;
pub mod strip;
pub mod timeline;
pub mod timers;
pub mod top_bar;
pub mod transport;
pub mod tree;
pub mod trees;
pub mod ui;
pub mod wall;
