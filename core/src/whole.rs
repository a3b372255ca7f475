//! For `#[serde(with = "crate::whole")]`: what has no compact form. Who writes a list of such things
//! keeps them as they are; see `sim::packed`.

use serde::{Deserializer, Serializer, de, ser};

/// Refuses.
///
/// # Errors
/// Always.
pub fn serialize<T, S: Serializer>(_: &T, _: S) -> Result<S::Ok, S::Error> {
    Err(ser::Error::custom("has no compact form"))
}

/// Refuses.
///
/// # Errors
/// Always.
pub fn deserialize<'de, T, D: Deserializer<'de>>(_: D) -> Result<T, D::Error> {
    Err(de::Error::custom("has no compact form"))
}
