//! How fields are read from YAML, TOML or JSON data: leniently in form (a number where text is meant, one value where a list
//! is meant), strictly in meaning.
//!
//! [`fields!`] declares a struct once and derives from it the reader, the list of known keys (for "did you mean") and the
//! traits that views and the cache need. Reading is one pass over the data without buffering: `#[serde(flatten)]`, the usual
//! way to share fields between structs, would buffer everything and lose the places of errors.

use std::fmt;
use std::marker::PhantomData;

use bitcode::{Decode, Encode};
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, Serializer};

/// A value that can stand in a field.
pub trait FromData: Sized {
    /// Reads the value.
    fn from_data<'de, D: Deserializer<'de>>(data: D) -> Result<Self, D::Error>;
}

/// A set of named fields.
pub trait Fields: Default {
    /// The keys that the set knows, in the order of declaration.
    const KEYS: &'static [&'static str];

    /// Reads the value of a key, if the set knows it.
    fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<bool, A::Error>;
}

/// Reads a [`FromData`] where serde wants a seed.
pub(crate) struct Seed<T>(PhantomData<T>);

impl<T> Seed<T> {
    pub(crate) fn new() -> Self {
        Seed(PhantomData)
    }
}

impl<'de, T: FromData> DeserializeSeed<'de> for Seed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, data: D) -> Result<T, D::Error> {
        T::from_data(data)
    }
}

/// Declares a struct of fields.
macro_rules! fields {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, Hash, serde::Serialize, bitcode::Encode, bitcode::Decode)]
        pub struct $name { $($(#[$field_meta])* pub $field: $type,)* }

        impl $crate::entry::fields::Fields for $name {
            const KEYS: &'static [&'static str] = &[$(stringify!($field)),*];

            fn read<'de, A: serde::de::MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<bool, A::Error> {
                $(if key == stringify!($field) {
                    // A key without a value is the same as no key.
                    self.$field = map.next_value_seed($crate::entry::fields::Seed::<Option<$type>>::new())?.unwrap_or_default();
                    return Ok(true);
                })*
                Ok(false)
            }
        }

        impl $crate::entry::fields::FromData for $name {
            fn from_data<'de, D: serde::de::Deserializer<'de>>(data: D) -> Result<Self, D::Error> {
                $crate::entry::fields::from_map(data)
            }
        }
    };
}
pub(crate) use fields;

/// Declares a closed list of values: an enum with its words.
macro_rules! choices {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$choice_meta:meta])* $choice:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, bitcode::Encode, bitcode::Decode)]
        pub enum $name { $($(#[$choice_meta])* #[serde(rename = $word)] $choice,)* }

        impl $name {
            /// The words for the values, in order.
            pub const WORDS: &'static [&'static str] = &[$($word),*];

            /// The word for this value.
            pub fn word(self) -> &'static str {
                match self { $($name::$choice => $word,)* }
            }

            /// The value for a word.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some($name::$choice),)* _ => None }
            }
        }

        impl $crate::entry::fields::FromData for $name {
            fn from_data<'de, D: serde::de::Deserializer<'de>>(data: D) -> Result<Self, D::Error> {
                let word = String::from_data(data)?;
                Self::from_word(&word).ok_or_else(|| serde::de::Error::unknown_variant(&word, Self::WORDS))
            }
        }
    };
}
pub(crate) use choices;

/// The closed list that a key takes its value from in a file.
pub fn choices_of(file: &str, key: &str) -> Option<&'static [&'static str]> {
    use super::{CareLevel, Certainty, ChangeKind, Impact, QueryKind, Severity, Status, Verdict};
    match key {
        "kind" if file == crate::graph::QUERIES => Some(QueryKind::WORDS),
        "impact" => Some(Impact::WORDS),
        "status" => Some(Status::WORDS),
        "severity" => Some(Severity::WORDS),
        "certainty" => Some(Certainty::WORDS),
        "verdict" => Some(Verdict::WORDS),
        "level" => Some(CareLevel::WORDS),
        "kind" => Some(ChangeKind::WORDS),
        "publication" => Some(crate::config::Publication::WORDS),
        _ => None,
    }
}

/// Reads a set of fields from a mapping; unknown keys are skipped in the way that `serde_ignored` notices.
pub(crate) fn from_map<'de, T: Fields, D: Deserializer<'de>>(data: D) -> Result<T, D::Error> {
    struct Read<T>(PhantomData<T>);
    impl<'de, T: Fields> Visitor<'de> for Read<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "a mapping with the keys `{}`", T::KEYS.join("`, `"))
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
            let mut fields = T::default();
            let mut seen = Vec::with_capacity(8);
            while let Some(key) = map.next_key_seed(Seed::<String>::new())? {
                if seen.contains(&key) {
                    return Err(A::Error::custom(format!("the key `{key}` stands twice")));
                }
                if !fields.read(&key, &mut map)? {
                    map.next_value::<IgnoredAny>()?;
                }
                seen.push(key);
            }
            Ok(fields)
        }

        fn visit_unit<E: Error>(self) -> Result<T, E> {
            Ok(T::default())
        }
    }
    data.deserialize_any(Read(PhantomData))
}

impl FromData for String {
    fn from_data<'de, D: Deserializer<'de>>(data: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = String;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }

            fn visit_str<E>(self, text: &str) -> Result<String, E> {
                Ok(text.to_owned())
            }

            fn visit_string<E>(self, text: String) -> Result<String, E> {
                Ok(text)
            }

            fn visit_i64<E>(self, number: i64) -> Result<String, E> {
                Ok(number.to_string())
            }

            fn visit_u64<E>(self, number: u64) -> Result<String, E> {
                Ok(number.to_string())
            }

            fn visit_f64<E>(self, number: f64) -> Result<String, E> {
                Ok(number.to_string())
            }

            fn visit_bool<E>(self, value: bool) -> Result<String, E> {
                Ok(value.to_string())
            }
        }
        data.deserialize_any(Text)
    }
}

impl FromData for super::Id {
    fn from_data<'de, D: Deserializer<'de>>(data: D) -> Result<Self, D::Error> {
        String::from_data(data).map(Into::into)
    }
}

impl FromData for bool {
    fn from_data<'de, D: Deserializer<'de>>(data: D) -> Result<Self, D::Error> {
        bool::deserialize(data)
    }
}

impl FromData for u32 {
    fn from_data<'de, D: Deserializer<'de>>(data: D) -> Result<Self, D::Error> {
        u32::deserialize(data)
    }
}

impl<T: FromData> FromData for Option<T> {
    fn from_data<'de, D: Deserializer<'de>>(data: D) -> Result<Self, D::Error> {
        struct Maybe<T>(PhantomData<T>);
        impl<'de, T: FromData> Visitor<'de> for Maybe<T> {
            type Value = Option<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value or nothing")
            }

            fn visit_none<E>(self) -> Result<Option<T>, E> {
                Ok(None)
            }

            fn visit_unit<E>(self) -> Result<Option<T>, E> {
                Ok(None)
            }

            fn visit_some<D: Deserializer<'de>>(self, data: D) -> Result<Option<T>, D::Error> {
                T::from_data(data).map(Some)
            }
        }
        data.deserialize_option(Maybe(PhantomData))
    }
}

impl<T: FromData> FromData for Vec<T> {
    fn from_data<'de, D: Deserializer<'de>>(data: D) -> Result<Self, D::Error> {
        struct List<T>(PhantomData<T>);
        impl<'de, T: FromData> Visitor<'de> for List<T> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element_seed(Seed::new())? {
                    list.push(item);
                }
                Ok(list)
            }

            fn visit_unit<E>(self) -> Result<Vec<T>, E> {
                Ok(Vec::new())
            }

            fn visit_none<E>(self) -> Result<Vec<T>, E> {
                Ok(Vec::new())
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Vec<T>, E> {
                T::from_data(StrDeserializer::new(text)).map(|item| vec![item])
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Vec<T>, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Vec<T>, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Vec<T>, A::Error> {
                T::from_data(MapAccessDeserializer::new(map)).map(|item| vec![item])
            }
        }
        data.deserialize_any(List(PhantomData))
    }
}

/// Free data of a user, kept as normalised JSON text (so that it can be compared, hashed and stored).
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Encode, Decode)]
pub struct Json(String);

impl Json {
    /// From a JSON value.
    pub fn new(value: &serde_json::Value) -> Self {
        Json(value.to_string())
    }

    /// The data; `null` when there are none.
    pub fn value(&self) -> serde_json::Value {
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

impl FromData for Json {
    fn from_data<'de, D: Deserializer<'de>>(data: D) -> Result<Self, D::Error> {
        serde_json::Value::deserialize(data).map(|value| Json::new(&value))
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

/// Pairs in the order of writing (`figures: {name: text}`).
impl FromData for Vec<(String, String)> {
    fn from_data<'de, D: Deserializer<'de>>(data: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Vec<(String, String)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping of names to texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(name) = map.next_key_seed(Seed::<String>::new())? {
                    pairs.push((name, map.next_value_seed(Seed::<String>::new())?));
                }
                Ok(pairs)
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Vec::new())
            }
        }
        data.deserialize_any(Pairs)
    }
}
