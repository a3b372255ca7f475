//! A server's disk in the inspector: its files, what is being written, and what can happen to it.

use crate::components::buttons::Button;
use crate::components::stage_menu::SLOW_DISK_US;
use crate::components::ui::Ui;
use crate::ui_action::UiAction;
use std::rc::Rc;
use yew::{Html, classes, html};
use zklab_core::lab::view::{LogFileView, PendingWriteView, ServerView, SnapshotView};
use zklab_core::sim::action::Action;
use zklab_core::sim::fault::{DiskAction, DiskFault};

/// The section of the disk.
pub fn disk_section(ui: &Ui, server: &ServerView) -> Html {
    let t = ui.t();
    let disk = &server.disk;
    let files = disk.logs.iter().map(log_file).chain(disk.snapshots.iter().map(snapshot));
    let pending = disk.pending.iter().map(|write| {
        let said = match write {
            PendingWriteView::Append { first, last, txns } if first == last => {
                format!("log ← {first} ({txns})")
            }
            PendingWriteView::Append { first, last, txns } => {
                format!("log ← {first} … {last} ({txns})")
            }
            PendingWriteView::Snapshot { zxid, .. } => format!("snapshot ← {zxid}"),
        };
        html! { <li class="file file--pending"><span>{ said }</span><span>{ t.being_written }</span></li> }
    });
    html! {
        <>
            <h3>{ t.disk }</h3>
            <ul class="files">{ for files }{ for pending }</ul>
            { buttons(ui, server) }
        </>
    }
}

fn log_file(file: &LogFileView) -> Html {
    let range = match file.last {
        Some(last) if last != file.first => format!("{} … {last} ({})", file.first, file.records),
        Some(_) | None => format!("{} ({})", file.first, file.records),
    };
    let is_bad = file.is_torn || file.corrupt.is_some();
    file_row(&file.name, range, is_bad)
}

fn snapshot(file: &SnapshotView) -> Html {
    let kind = if file.is_fuzzy { " · fuzzy" } else { "" };
    let content = format!("{} znodes · {} B{kind}", file.znodes, file.bytes);
    file_row(&file.name, content, file.is_corrupt)
}

fn file_row(name: &str, content: String, is_bad: bool) -> Html {
    html! {
        <li class={classes!("file", is_bad.then_some("file--bad"))} data-file={name.to_owned()}>
            <span>{ name.to_owned() }{ if is_bad { " ✗" } else { "" } }</span>
            <span>{ content }</span>
        </li>
    }
}

/// Faults of a working disk while the server runs; damage to its files while it is down.
fn buttons(ui: &Ui, server: &ServerView) -> Html {
    let t = ui.t();
    let servers: Rc<[_]> = Rc::new([server.id]);
    let button = |name, fault, label: &'static str| {
        let action = Action::Disk(DiskAction { servers: servers.clone(), fault });
        Button::new(name, UiAction::Act(action), label).target(server.id).draw(ui)
    };
    let slow = DiskFault::Slow { factor: 1, added_us: SLOW_DISK_US };
    let disk = &server.disk;
    let is_slow = 1 < disk.slow_factor || 0 < disk.slow_added_us;
    html! {
        <div class="actions" role="group" aria-label={t.disk}>
            { button("disk-slow", slow, t.disk_slow) }
            { button("disk-full", DiskFault::Full, t.disk_full) }
            { button("disk-failing", DiskFault::Failing, t.disk_failing) }
            if is_slow || disk.error.is_some() {
                { button("disk-mend", DiskFault::Mended, t.disk_mend) }
            }
            if !server.is_up {
                { button("disk-torn", DiskFault::TornTail, t.disk_torn) }
                { button("disk-corrupt", DiskFault::CorruptRecord(None), t.disk_corrupt) }
                { button("disk-lost", DiskFault::LostData, t.disk_lost) }
            }
        </div>
    }
}
