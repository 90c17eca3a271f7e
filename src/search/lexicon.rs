//! The words of a site by number, shared by all threads that read texts.
//!
//! Numbers are given in the order in which threads meet the words, so they mean something during one build only and decide about
//! no output.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use foldhash::fast::FixedState;
use rust_stemmers::{Algorithm, Stemmer};

use super::token::{main, stop_words};
use super::words::{KEY, KEY_GAP};
use crate::par;

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// It is in no list: its place is all that counts.
    Stop,
    /// A form, and its stem.
    Form { form: u32, stem: u32 },
}

type Map<V> = HashMap<Box<str>, V, FixedState>;

/// The words of a site.
pub(crate) struct Lexicon {
    stop_words: &'static [&'static str],
    stemmer: Option<Stemmer>,
    /// What each thread knows already, so that none waits for others at every word.
    known: Vec<Mutex<Map<Word>>>,
    shared: Mutex<Shared>,
}

/// All words.
#[derive(Default)]
struct Shared {
    forms: Map<u32>,
    stems: Map<u32>,
    all: Words,
}

/// Forms and stems by number.
#[derive(Default, Clone)]
pub(super) struct Words {
    /// Each form with the number of its stem.
    pub(super) forms: Vec<(Box<str>, u32)>,
    /// The stems.
    pub(super) stems: Vec<Box<str>>,
}

impl std::fmt::Debug for Lexicon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lexicon").finish_non_exhaustive()
    }
}

impl Lexicon {
    /// An empty one for a language, given as in `lang`.
    pub(crate) fn new(language: &str) -> Self {
        Lexicon {
            stop_words: stop_words(language),
            stemmer: algorithm(language).map(Stemmer::create),
            known: std::iter::repeat_with(Mutex::default).take(par::threads() + 1).collect(),
            shared: Mutex::default(),
        }
    }

    /// Looks up words with what the thread knows; it must not start other work meanwhile.
    pub(super) fn with<R>(&self, f: impl FnOnce(&mut dyn FnMut(&str) -> Word) -> R) -> R {
        let mut known = self.known[par::thread().min(self.known.len() - 1)].lock().unwrap_or_else(PoisonError::into_inner);
        f(&mut |word| {
            if let Some(word) = known.get(word) {
                return *word;
            }
            let found = self.word(word);
            known.insert(word.into(), found);
            found
        })
    }

    fn word(&self, form: &str) -> Word {
        if self.stop_words.binary_search(&form).is_ok() {
            return Word::Stop;
        }
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let stem = shared.stem(&self.stem(form));
        let Shared { forms, all, .. } = &mut *shared;
        let form = *forms.entry(form.into()).or_insert_with(|| {
            all.forms.push((form.into(), stem));
            number(all.forms.len() - 1)
        });
        Word::Form { form, stem }
    }

    /// The number of the key of a name, which no form has as its stem. Words are given by their stems, or as they are.
    pub(super) fn key(&self, words: &[Result<u32, String>]) -> u32 {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let word = |word: &Result<u32, String>| -> String {
            match word {
                Ok(stem) => shared.all.stems.get(*stem as usize).map(ToString::to_string).unwrap_or_default(),
                Err(word) => word.clone(),
            }
        };
        let key = words.iter().map(word).collect::<Vec<_>>().join(KEY_GAP);
        shared.stem(&format!("{KEY}{key}"))
    }

    /// The stem of a form; words with digits have themselves.
    fn stem<'a>(&self, form: &'a str) -> std::borrow::Cow<'a, str> {
        match &self.stemmer {
            Some(stemmer) if !form.contains(|c: char| c.is_numeric()) => match stemmer.stem(form) {
                stem if stem.is_empty() => form.into(),
                stem => stem,
            },
            _ => form.into(),
        }
    }

    /// All words so far.
    pub(super) fn words(&self) -> Words {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).all.clone()
    }
}

impl Shared {
    fn stem(&mut self, stem: &str) -> u32 {
        if let Some(known) = self.stems.get(stem) {
            return *known;
        }
        let new = number(self.all.stems.len());
        self.all.stems.push(stem.into());
        self.stems.insert(stem.into(), new);
        new
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// Snowball's algorithm for a language.
fn algorithm(language: &str) -> Option<Algorithm> {
    Some(match main(language) {
        "ar" => Algorithm::Arabic,
        "da" => Algorithm::Danish,
        "de" => Algorithm::German,
        "el" => Algorithm::Greek,
        "en" => Algorithm::English,
        "es" => Algorithm::Spanish,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "hu" => Algorithm::Hungarian,
        "it" => Algorithm::Italian,
        "nb" | "nn" | "no" => Algorithm::Norwegian,
        "nl" => Algorithm::Dutch,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        "sv" => Algorithm::Swedish,
        "ta" => Algorithm::Tamil,
        "tr" => Algorithm::Turkish,
        _ => return None,
    })
}
