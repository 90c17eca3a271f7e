//! Fingerprints: 128 bits that stand for bytes or for a value.
//!
//! They decide what may be reused, so they need to be stable within one version of osteon and no longer: the cache names the
//! version. They protect from accidents, not from an attacker who can already edit the site.

use std::hash::{Hash as StdHash, Hasher};

use bitcode::{Decode, Encode};
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

/// A 128-bit fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode)]
pub struct Hash(pub u128);

impl Hash {
    /// The fingerprint of bytes, the same on every machine.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Hash(xxh3_128(bytes))
    }

    /// The fingerprint of a value through its [`std::hash::Hash`], for example of a view that a template receives.
    pub fn of<T: StdHash + ?Sized>(value: &T) -> Self {
        let mut state = State(Xxh3::new());
        value.hash(&mut state);
        Hash(state.0.digest128())
    }

    /// The first 40 bits as ten hexadecimal digits: enough to tell versions of one file apart in its name.
    pub fn short(self) -> String {
        format!("{:010x}", self.0 >> 88)
    }
}

impl std::fmt::Display for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl std::str::FromStr for Hash {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u128::from_str_radix(text, 16).map(Hash)
    }
}

struct State(Xxh3);

impl Hasher for State {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        self.0.digest()
    }
}
