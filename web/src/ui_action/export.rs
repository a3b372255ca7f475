//! What a reader can take away.

/// Something to be saved as a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExportAction {
    /// A drawing.
    Drawing(Drawing, Format),
    /// Everything that has happened, as text.
    Trace,
}

/// A drawing of the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Drawing {
    /// The ensemble.
    Stage,
    /// The space-time diagram.
    Lanes,
}

impl Drawing {
    /// Its name in attributes and of its file.
    pub const fn name(self) -> &'static str {
        match self {
            Drawing::Stage => "stage",
            Drawing::Lanes => "lanes",
        }
    }

    /// Where it is in the page.
    pub const fn selector(self) -> &'static str {
        match self {
            Drawing::Stage => "svg.stage__drawing",
            Drawing::Lanes => "svg.lanes__drawing",
        }
    }
}

/// As what a drawing is saved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// Lines and letters.
    Svg,
    /// Pixels.
    Png,
}

impl Format {
    /// The end of the file's name.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Svg => "svg",
            Format::Png => "png",
        }
    }
}
