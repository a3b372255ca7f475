//! Paths of znodes: which are valid, and how they split.
//!
//! ZooKeeper: `PathUtils`. Clients check a path before they send it; the leader checks it again in
//! `PrepRequestProcessor` and answers BADARGUMENTS.
//!
//! **Simplified.** Here a path is always a string, so `Path cannot be null` cannot happen.

use std::fmt;

/// Why a string is no path. Displays the text of the `IllegalArgumentException` that ZooKeeper's
/// client throws.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, thiserror::Error)]
pub enum PathError {
    /// Nothing at all.
    #[error("Path length must be > 0")]
    Empty,
    /// No slash in front.
    #[error("Path must start with / character")]
    NotAbsolute,
    /// A slash at the end, in more than the root.
    #[error("Path must not end with / character")]
    TrailingSlash,
    /// Something in the middle.
    #[error("Invalid path string \"{path}\" caused by {fault} @{index}")]
    Invalid {
        /// The whole string.
        path: String,
        /// What is wrong with it.
        fault: Fault,
        /// Where, counted in UTF-16 units as Java counts.
        index: usize,
    },
}

/// What can be wrong in the middle of a path.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Fault {
    /// U+0000.
    NullCharacter,
    /// Two slashes in a row.
    EmptyName,
    /// A component `.` or `..`.
    Relative,
    /// A control character, a surrogate, private use or a special.
    InvalidCharacter,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fault::NullCharacter => "null character not allowed",
            Fault::EmptyName => "empty node name specified",
            Fault::Relative => "relative paths not allowed",
            Fault::InvalidCharacter => "invalid character",
        })
    }
}

/// Checks that `path` names a znode. `PathUtils.validatePath`.
pub fn validate(path: &str) -> Result<(), PathError> {
    if path.is_empty() {
        return Err(PathError::Empty);
    }
    if !path.starts_with('/') {
        return Err(PathError::NotAbsolute);
    }
    if path == "/" {
        return Ok(());
    }
    if path.ends_with('/') {
        return Err(PathError::TrailingSlash);
    }
    // Java sees UTF-16: a character beyond the basic plane is two surrogates there, and refused.
    let units: Vec<u16> = path.encode_utf16().collect();
    for index in 1..units.len() {
        if let Some(fault) = fault_at(&units, index) {
            return Err(PathError::Invalid { path: path.to_owned(), fault, index });
        }
    }
    Ok(())
}

/// What a client checks before a create: a sequential znode will get a suffix, so its path may end
/// with a slash. `PathUtils.validatePath(path, isSequential)`.
pub fn validate_create(path: &str, is_sequential: bool) -> Result<(), PathError> {
    match is_sequential {
        true => validate(&format!("{path}1")),
        false => validate(path),
    }
}

/// What is wrong with the unit at `index`, which is at least 1.
fn fault_at(units: &[u16], index: usize) -> Option<Fault> {
    const SLASH: u16 = b'/' as u16;
    const DOT: u16 = b'.' as u16;
    let before = units[index - 1];
    let ends_name = units.get(index + 1).is_none_or(|&after| after == SLASH);
    match units[index] {
        0 => Some(Fault::NullCharacter),
        SLASH => (before == SLASH).then_some(Fault::EmptyName),
        DOT => {
            let is_first = before == SLASH;
            let is_second = before == DOT && units[index - 2] == SLASH;
            (ends_name && (is_first || is_second)).then_some(Fault::Relative)
        }
        0x01..=0x1f | 0x7f..=0x9f | 0xd800..=0xf8ff | 0xfff0..=0xffff => {
            Some(Fault::InvalidCharacter)
        }
        _ => None,
    }
}

/// The path of the znode above; the root has none, nor has a string without a slash.
pub fn parent(path: &str) -> Option<&str> {
    match path.rfind('/')? {
        0 => (path != "/").then_some("/"),
        slash => Some(&path[..slash]),
    }
}

/// The last component: the name in the parent's list of children. Empty for the root.
pub fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// The path of the child `name` of `parent`.
pub fn join(parent: &str, name: &str) -> String {
    match parent {
        "/" => format!("/{name}"),
        parent => format!("{parent}/{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(path: &str) -> String {
        validate(path).map_or_else(|error| error.to_string(), |()| "ok".to_owned())
    }

    #[test]
    fn ordinary_paths_are_valid() {
        for path in
            ["/", "/a", "/a/b", "/.a", "/a./b", "/...", "/a/..b", "/ä/日本", "/a b", "/\u{f900}"]
        {
            assert_eq!(text(path), "ok", "{path}");
        }
    }

    #[test]
    fn the_ends_are_checked_first() {
        assert_eq!(text(""), "Path length must be > 0");
        assert_eq!(text("a/b"), "Path must start with / character");
        assert_eq!(text("a/"), "Path must start with / character");
        assert_eq!(text("/a/"), "Path must not end with / character");
        assert_eq!(text("//"), "Path must not end with / character");
    }

    #[test]
    fn the_middle_is_named_with_its_index() {
        let invalid = |path: &str, reason: &str| {
            assert_eq!(text(path), format!("Invalid path string \"{path}\" caused by {reason}"));
        };
        invalid("/a\0", "null character not allowed @2");
        invalid("//a", "empty node name specified @1");
        invalid("/a//b", "empty node name specified @3");
        invalid("/.", "relative paths not allowed @1");
        invalid("/./a", "relative paths not allowed @1");
        invalid("/..", "relative paths not allowed @2");
        invalid("/a/../b", "relative paths not allowed @4");
        invalid("/a\u{1f}", "invalid character @2");
        invalid("/a\u{7f}", "invalid character @2");
        invalid("/\u{9f}b", "invalid character @1");
        invalid("/\u{e000}", "invalid character @1");
        invalid("/\u{fff0}", "invalid character @1");
        // An emoji is two surrogates in Java.
        invalid("/ä/🦓", "invalid character @3");
    }

    #[test]
    fn a_sequential_path_may_end_with_a_slash() {
        assert_eq!(validate_create("/q/", true), Ok(()));
        assert_eq!(validate_create("/q/", false), Err(PathError::TrailingSlash));
        assert!(validate_create("/q//", true).is_err());
    }

    #[test]
    fn paths_split() {
        assert_eq!((parent("/"), name("/")), (None, ""));
        assert_eq!((parent("/a"), name("/a")), (Some("/"), "a"));
        assert_eq!((parent("/a/b"), name("/a/b")), (Some("/a"), "b"));
        assert_eq!((parent("/a/"), name("/a/")), (Some("/a"), ""));
        assert_eq!((parent("a"), name("a")), (None, "a"));
        assert_eq!((join("/", "a"), join("/a", "b")), ("/a".to_owned(), "/a/b".to_owned()));
    }
}
