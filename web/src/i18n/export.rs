//! The words of what can be taken away.

use crate::ui_action::export::{Drawing, Format};

/// The words of the export in one language.
pub struct ExportWords {
    /// Name of the menu.
    pub export: &'static str,
    /// A drawing in a format.
    pub drawing: fn(Drawing, Format) -> String,
    /// The trace.
    pub trace: &'static str,
    /// The lanes are not seen, so they cannot be drawn.
    pub not_seen: &'static str,
}

/// English.
pub const EN: ExportWords = ExportWords {
    export: "Save for slides",
    drawing: |drawing, format| {
        let what = match drawing {
            Drawing::Stage => "Stage",
            Drawing::Lanes => "Lanes",
        };
        match format {
            Format::Svg => format!("{what} as SVG"),
            Format::Png => format!("{what} as PNG"),
        }
    },
    trace: "Trace as text",
    not_seen: "this drawing is not on the screen; show its tab first",
};

/// 简体中文.
pub const ZH: ExportWords = ExportWords {
    export: "导出用于幻灯片",
    drawing: |drawing, format| {
        let what = match drawing {
            Drawing::Stage => "舞台",
            Drawing::Lanes => "时空图",
        };
        match format {
            Format::Svg => format!("{what}（SVG）"),
            Format::Png => format!("{what}（PNG）"),
        }
    },
    trace: "轨迹（文本）",
    not_seen: "该图不在屏幕上；请先打开它的标签页",
};
