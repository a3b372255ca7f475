//! A compact form of values, for the long lists of what happened: `sim::packed`.
//!
//! Every number is written in as few bytes as it needs, every choice of an enum in one. Nothing is
//! written that could be wrong when it is read back: what is read was written by the same program.
//! That is why nothing here can fail, and what makes it a third of the code of a general
//! serializer. Something that has no compact form, such as a whole snapshot, says so
//! ([`Packer::refuse`]); who writes a list keeps such items as they are.
//!
//! The shapes of types are told by `pack_struct!` and `pack_enum!`. Both name every field and every
//! variant, so the compiler finds what was forgotten.

pub mod chunk;
mod shapes;

use crate::sorted::Map;
use std::rc::Rc;

/// Where values are written to.
#[derive(Debug)]
pub struct Packer<'a> {
    bytes: &'a mut Vec<u8>,
    is_refused: bool,
}

impl<'a> Packer<'a> {
    /// Writes behind what is there.
    pub fn new(bytes: &'a mut Vec<u8>) -> Packer<'a> {
        Packer { bytes, is_refused: false }
    }

    /// Says that the value has no compact form.
    pub fn refuse(&mut self) {
        self.is_refused = true;
    }

    /// Whether something in the value had no compact form: what was written is of no use.
    pub const fn is_refused(&self) -> bool {
        self.is_refused
    }

    /// A number, seven bits a byte, the lowest first.
    fn number(&mut self, mut number: u64) {
        while 0x80 <= number {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    /// Bytes, their number before them.
    fn slice(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.bytes.extend_from_slice(bytes);
    }
}

/// Where values are read from.
#[derive(Debug)]
pub struct Unpacker<'a> {
    rest: &'a [u8],
}

impl<'a> Unpacker<'a> {
    /// Reads what a [`Packer`] has written.
    pub const fn new(bytes: &'a [u8]) -> Unpacker<'a> {
        Unpacker { rest: bytes }
    }

    fn byte(&mut self) -> u8 {
        let (first, rest) = self.rest.split_first().expect("what is read was written");
        self.rest = rest;
        *first
    }

    fn number(&mut self) -> u64 {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte();
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return number;
            }
            shift += 7;
        }
    }

    fn slice(&mut self) -> &'a [u8] {
        let length = self.number() as usize;
        let (slice, rest) = self.rest.split_at(length);
        self.rest = rest;
        slice
    }
}

/// What has a compact form.
pub trait Pack: Sized {
    /// Writes it.
    fn pack(&self, to: &mut Packer<'_>);

    /// Reads one.
    fn unpack(from: &mut Unpacker<'_>) -> Self;
}

macro_rules! pack_number {
    ($($type:ty)*) => {$(
        impl Pack for $type {
            fn pack(&self, to: &mut Packer<'_>) {
                to.number(*self as u64);
            }

            fn unpack(from: &mut Unpacker<'_>) -> $type {
                from.number() as $type
            }
        }
    )*};
}

pack_number!(u16 u32 u64 usize);

macro_rules! pack_signed {
    ($($type:ty)*) => {$(
        impl Pack for $type {
            // The sign in the lowest bit: −1 is as short as 1.
            fn pack(&self, to: &mut Packer<'_>) {
                let number = i64::from(*self);
                to.number(((number << 1) ^ (number >> 63)) as u64);
            }

            fn unpack(from: &mut Unpacker<'_>) -> $type {
                let number = from.number();
                ((number >> 1) as i64 ^ -((number & 1) as i64)) as $type
            }
        }
    )*};
}

pack_signed!(i32 i64);

impl Pack for u8 {
    fn pack(&self, to: &mut Packer<'_>) {
        to.bytes.push(*self);
    }

    fn unpack(from: &mut Unpacker<'_>) -> u8 {
        from.byte()
    }
}

impl Pack for bool {
    fn pack(&self, to: &mut Packer<'_>) {
        u8::from(*self).pack(to);
    }

    fn unpack(from: &mut Unpacker<'_>) -> bool {
        from.byte() == 1
    }
}

impl Pack for Rc<str> {
    fn pack(&self, to: &mut Packer<'_>) {
        to.slice(self.as_bytes());
    }

    fn unpack(from: &mut Unpacker<'_>) -> Rc<str> {
        Rc::from(String::from_utf8_lossy(from.slice()))
    }
}

impl Pack for String {
    fn pack(&self, to: &mut Packer<'_>) {
        to.slice(self.as_bytes());
    }

    fn unpack(from: &mut Unpacker<'_>) -> String {
        String::from_utf8_lossy(from.slice()).into_owned()
    }
}

impl<T: Pack> Pack for Vec<T> {
    fn pack(&self, to: &mut Packer<'_>) {
        to.number(self.len() as u64);
        self.iter().for_each(|item| item.pack(to));
    }

    fn unpack(from: &mut Unpacker<'_>) -> Vec<T> {
        let length = from.number();
        (0..length).map(|_| T::unpack(from)).collect()
    }
}

impl<T: Pack> Pack for Rc<[T]> {
    fn pack(&self, to: &mut Packer<'_>) {
        to.number(self.len() as u64);
        self.iter().for_each(|item| item.pack(to));
    }

    fn unpack(from: &mut Unpacker<'_>) -> Rc<[T]> {
        let length = from.number();
        (0..length).map(|_| T::unpack(from)).collect()
    }
}

impl<T: Pack> Pack for Rc<T> {
    fn pack(&self, to: &mut Packer<'_>) {
        T::pack(self, to);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Rc<T> {
        Rc::new(T::unpack(from))
    }
}

impl<T: Pack> Pack for Option<T> {
    fn pack(&self, to: &mut Packer<'_>) {
        self.is_some().pack(to);
        if let Some(item) = self {
            item.pack(to);
        }
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<T> {
        bool::unpack(from).then(|| T::unpack(from))
    }
}

impl<T: Pack, E: Pack> Pack for Result<T, E> {
    fn pack(&self, to: &mut Packer<'_>) {
        self.is_ok().pack(to);
        match self {
            Ok(item) => item.pack(to),
            Err(error) => error.pack(to),
        }
    }

    fn unpack(from: &mut Unpacker<'_>) -> Result<T, E> {
        if bool::unpack(from) { Ok(T::unpack(from)) } else { Err(E::unpack(from)) }
    }
}

impl<A: Pack, B: Pack> Pack for (A, B) {
    fn pack(&self, to: &mut Packer<'_>) {
        self.0.pack(to);
        self.1.pack(to);
    }

    fn unpack(from: &mut Unpacker<'_>) -> (A, B) {
        (A::unpack(from), B::unpack(from))
    }
}

impl<K: Pack + Ord, V: Pack> Pack for Map<K, V> {
    fn pack(&self, to: &mut Packer<'_>) {
        to.number(self.len() as u64);
        for (key, value) in self {
            key.pack(to);
            value.pack(to);
        }
    }

    fn unpack(from: &mut Unpacker<'_>) -> Map<K, V> {
        let length = from.number();
        (0..length).map(|_| <(K, V)>::unpack(from)).collect()
    }
}

/// Tells a struct's fields, in the order in which they are written.
macro_rules! pack_struct {
    ($type:ident { $($field:ident),* }) => {
        impl $crate::pack::Pack for $type {
            fn pack(&self, to: &mut $crate::pack::Packer<'_>) {
                let $type { $($field),* } = self;
                $($crate::pack::Pack::pack($field, to);)*
            }

            fn unpack(from: &mut $crate::pack::Unpacker<'_>) -> $type {
                $(let $field = $crate::pack::Pack::unpack(from);)*
                $type { $($field),* }
            }
        }
    };
    ($type:ident(_)) => {
        impl $crate::pack::Pack for $type {
            fn pack(&self, to: &mut $crate::pack::Packer<'_>) {
                $crate::pack::Pack::pack(&self.0, to);
            }

            fn unpack(from: &mut $crate::pack::Unpacker<'_>) -> $type {
                $type($crate::pack::Pack::unpack(from))
            }
        }
    };
}

/// Tells an enum's variants and their fields. A variant's place in the list is its byte.
macro_rules! pack_enum {
    ($type:ident {
        $($variant:ident $({ $($field:ident),* })? $(( $($item:ident),* ))?),* $(,)?
    }) => {
        impl $crate::pack::Pack for $type {
            fn pack(&self, to: &mut $crate::pack::Packer<'_>) {
                #[derive(Clone, Copy)]
                enum Tag { $($variant),* }
                let tag = match self {
                    $($type::$variant { .. } => Tag::$variant,)*
                };
                $crate::pack::Pack::pack(&(tag as u8), to);
                match self {
                    $($type::$variant $({ $($field),* })? $(( $($item),* ))? => {
                        $($($crate::pack::Pack::pack($field, to);)*)?
                        $($($crate::pack::Pack::pack($item, to);)*)?
                    })*
                }
            }

            fn unpack(from: &mut $crate::pack::Unpacker<'_>) -> $type {
                enum Tag { $($variant),* }
                let tag: u8 = $crate::pack::Pack::unpack(from);
                $(if tag == Tag::$variant as u8 {
                    $($(let $field = $crate::pack::Pack::unpack(from);)*)?
                    $($(let $item = $crate::pack::Pack::unpack(from);)*)?
                    return $type::$variant $({ $($field),* })? $(( $($item),* ))?;
                })*
                unreachable!("what is read was written")
            }
        }
    };
}

/// Says that a type has no compact form.
macro_rules! pack_refused {
    ($type:ty) => {
        impl $crate::pack::Pack for $type {
            fn pack(&self, to: &mut $crate::pack::Packer<'_>) {
                to.refuse();
            }

            fn unpack(_: &mut $crate::pack::Unpacker<'_>) -> $type {
                unreachable!("what is refused is not written")
            }
        }
    };
}

pub(crate) use {pack_enum, pack_refused, pack_struct};

#[cfg(test)]
mod tests {
    use super::{Pack, Packer, Unpacker};
    use std::fmt::Debug;
    use std::rc::Rc;

    fn comes_back<T: Pack + PartialEq + Debug>(value: T, length: usize) {
        let mut bytes = Vec::new();
        value.pack(&mut Packer::new(&mut bytes));
        assert_eq!(bytes.len(), length, "{value:?}");
        let mut from = Unpacker::new(&bytes);
        assert_eq!(T::unpack(&mut from), value);
        assert!(from.rest.is_empty());
    }

    #[test]
    fn values_come_back_and_are_short() {
        comes_back(0_u64, 1);
        comes_back(127_u32, 1);
        comes_back(128_u32, 2);
        comes_back(u64::MAX, 10);
        comes_back(-1_i32, 1);
        comes_back(i64::MIN, 10);
        comes_back(i64::MAX, 10);
        comes_back(i32::MIN, 5);
        comes_back(Some(Rc::<str>::from("é")), 4);
        comes_back(None::<bool>, 1);
        comes_back(Ok::<u8, u16>(200), 2);
        comes_back(Err::<u8, u16>(200), 3);
        comes_back(Rc::<[(u8, bool)]>::from([(1, true), (2, false)]), 5);
    }
}
