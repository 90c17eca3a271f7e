//! Sorted words with the entries in which they stand, and how a table of them takes in what changed.
//!
//! One shape serves stems, whose entries have a level and places, and forms, of which only the entries are known. All lists are
//! encoded, and an edit leaves every list alone that names no entry that was edited.

use std::cmp::Ordering;
use std::sync::Arc;

use bitcode::{Decode, Encode};

use super::number::{Numbers, Strings, end_of_run, push};
use crate::par;

/// Levels of a posting.
pub(super) const LEVELS: u32 = 16;

/// Words and their entries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Encode, Decode)]
pub(crate) struct Table {
    /// The words, in order.
    pub(super) keys: Strings,
    /// For each, in how many entries it stands.
    pub(super) counts: Vec<u32>,
    /// For each, its entries: what lies between two numbers of entries, times the levels, and the level.
    pub(super) lists: Strings,
    /// For each stem, its places in each entry. For each form, the way to its stem.
    pub(super) data: Strings,
}

impl Table {
    /// The position of a word.
    pub(super) fn find(&self, key: &str) -> Option<usize> {
        let at = self.lower_bound(key.as_bytes());
        (self.keys.get(at) == key.as_bytes() && at < self.keys.len()).then_some(at)
    }

    /// The position of the first word that is not before a key.
    pub(super) fn lower_bound(&self, key: &[u8]) -> usize {
        let (mut low, mut high) = (0, self.keys.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.keys.get(middle) < key {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Adds a group of another table as it is.
    fn copy(&mut self, from: &Table, group: usize) {
        self.keys.push(from.keys.get(group));
        self.counts.push(from.counts[group]);
        self.lists.push(from.lists.get(group));
        self.data.push(from.data.get(group));
    }

    /// What a group takes in its files, about: all that decides where a table is cut.
    fn size(&self, group: usize, kind: Kind) -> usize {
        let (key, data) = (self.keys.get(group).len(), self.data.get(group).len());
        match kind {
            Kind::Stems => key + 4 + self.lists.get(group).len().max(data / PLACES),
            Kind::Forms => key / 2 + 2 + data,
        }
    }
}

/// What a table is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Stems,
    Forms,
}

/// Characters of a file: about 15 KB compressed.
const LIMIT: usize = 20_000;

/// How much longer than the file of lists the file of places may be.
const PLACES: usize = 3;

/// The entries of a list: number and level.
pub(super) fn entries(list: &[u8]) -> impl Iterator<Item = (u32, u8)> {
    let mut entry = 0;
    Numbers::new(list).map(move |number| {
        entry += number / LEVELS;
        // The remainder is below 16.
        (entry, u8::try_from(number % LEVELS).unwrap_or_default())
    })
}

/// The runs of places in the data of a stem, one for each of its entries.
pub(super) struct Runs<'a>(pub(super) &'a [u8]);

impl<'a> Iterator for Runs<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.0.is_empty() {
            return None;
        }
        let (run, rest) = self.0.split_at(end_of_run(self.0, 0));
        self.0 = rest;
        Some(run)
    }
}

/// What happened to the entries of the build before.
pub(super) struct Changes {
    /// The new number of each old entry; `None` for one that is gone or whose words are new.
    pub(super) numbers: Vec<Option<u32>>,
    /// Whether every entry that is left has its old number.
    pub(super) is_in_place: bool,
}

impl Changes {
    fn touch(&self, list: &[u8], is_new: &[bool]) -> bool {
        // This runs over every posting of a site after each edit.
        let mut entry = 0;
        !self.is_in_place
            || Numbers::new(list).any(|number| {
                entry += number / LEVELS;
                is_new.get(entry as usize).copied().unwrap_or(true)
            })
    }
}

/// A new word of some entries.
pub(super) struct New<'a> {
    /// The word.
    pub(super) key: &'a str,
    /// The way to its stem, for a form.
    pub(super) data: Vec<u8>,
    /// Positions in the list of all new postings.
    pub(super) postings: std::ops::Range<usize>,
}

/// A posting of a new word: entry, level, places.
pub(super) type Posting<'a> = (u32, u8, &'a [u8]);

/// Takes changes into a table. `new` are the words of entries that are new, in order, and `posting` gives one of their postings.
pub(super) fn merge<'a>(
    kind: Kind,
    old: &[Arc<Table>],
    changes: &Changes,
    new: &[New<'_>],
    posting: &(dyn Fn(usize) -> Posting<'a> + Sync),
) -> Vec<Arc<Table>> {
    let runs = runs(old, new);
    let is_new: Vec<bool> = changes.numbers.iter().map(Option::is_none).collect();
    let merged: Vec<Arc<Table>> = par::map(&runs, |(old, new)| {
        let merged = run(kind, old.map_or(&EMPTY, |old| old), changes, &is_new, new, posting);
        match (merged, old) {
            (None, Some(old)) => Arc::clone(old),
            // Most words of an entry stand where they stood.
            (Some(merged), Some(old)) if merged == ***old => Arc::clone(old),
            (merged, _) => Arc::new(merged.unwrap_or_default()),
        }
    });
    cut(kind, &merged)
}

static EMPTY: Table = Table { keys: Strings::EMPTY, counts: Vec::new(), lists: Strings::EMPTY, data: Strings::EMPTY };

/// Independent pieces of work: an old table with the new words in its range, or a portion of new words.
fn runs<'a, 'n>(old: &'a [Arc<Table>], new: &'a [New<'n>]) -> Vec<(Option<&'a Arc<Table>>, &'a [New<'n>])> {
    const PORTION: usize = 256;
    if old.is_empty() {
        return new.chunks(PORTION).map(|new| (None, new)).collect();
    }
    let mut rest = new;
    let mut runs = Vec::with_capacity(old.len());
    for (i, table) in old.iter().enumerate() {
        let end = old.get(i + 1).map_or(rest.len(), |next| rest.partition_point(|new| new.key.as_bytes() < next.keys.get(0)));
        let (own, others) = rest.split_at(end);
        runs.push((Some(table), own));
        rest = others;
    }
    runs
}

/// The table with the changes, or nothing if there are none.
fn run<'a>(
    kind: Kind,
    old: &Table,
    changes: &Changes,
    is_new: &[bool],
    new: &[New<'_>],
    posting: &(dyn Fn(usize) -> Posting<'a> + Sync),
) -> Option<Table> {
    let touched: Vec<bool> = (0..old.keys.len()).map(|group| changes.touch(old.lists.get(group), is_new)).collect();
    if new.is_empty() && !touched.contains(&true) {
        return None;
    }
    let mut table = Table::default();
    let mut new = new.iter().peekable();
    let mut group = 0;
    loop {
        let order = match (old.keys.len() > group, new.peek()) {
            (false, None) => return Some(table),
            (true, None) => Ordering::Less,
            (false, Some(_)) => Ordering::Greater,
            (true, Some(new)) => old.keys.get(group).cmp(new.key.as_bytes()),
        };
        if order == Ordering::Less && !touched[group] {
            table.copy(old, group);
            group += 1;
            continue;
        }
        let before = (order != Ordering::Greater).then_some(group);
        let added = if order == Ordering::Less { None } else { new.next() };
        rebuild(kind, &mut table, before.map(|group| (old, group)), added, changes, posting);
        group += usize::from(before.is_some());
    }
}

/// Adds a group with the entries that are left of the old one and those that are new. What lies between changes is copied as it
/// is: after an edit that is nearly all of it.
fn rebuild<'a>(
    kind: Kind,
    into: &mut Table,
    old: Option<(&Table, usize)>,
    new: Option<&New<'_>>,
    changes: &Changes,
    posting: &(dyn Fn(usize) -> Posting<'a> + Sync),
) {
    let (list, data) = old.map_or((&[][..], &[][..]), |(old, group)| (old.lists.get(group), old.data.get(group)));
    let runs = if kind == Kind::Stems { data } else { &[] };
    let mut added = new.map_or(0..0, |new| new.postings.clone()).map(posting).peekable();
    let (mut encoded, mut places) = (Vec::with_capacity(list.len() + 8), Vec::with_capacity(runs.len() + 8));
    let mut numbers = Numbers::new(list);
    // Bytes that are copied already, and where the places of the next entry begin.
    let (mut copied, mut copied_runs, mut run) = (0, 0, 0);
    // The last entry of the new list, and the last one that was read of the old.
    let (mut before, mut entry) = (0, 0);
    let mut count = 0;
    loop {
        let start = numbers.at;
        let number = numbers.next();
        entry += number.unwrap_or_default() / LEVELS;
        let left = number.and_then(|number| Some((number, changes.numbers.get(entry as usize).copied().flatten()?)));
        let end = end_of_run(runs, run);
        if number.is_some() && left.is_none() {
            encoded.extend_from_slice(&list[copied..start]);
            places.extend_from_slice(&runs[copied_runs..run]);
            (copied, copied_runs, run) = (numbers.at, end, end);
            continue;
        }
        while let Some((other, level, run_of_other)) = added.next_if(|(other, ..)| left.is_none_or(|(_, now)| *other < now)) {
            encoded.extend_from_slice(&list[copied..start]);
            places.extend_from_slice(&runs[copied_runs..run]);
            (copied, copied_runs) = (start, run);
            push(&mut encoded, (other - before) * LEVELS + u32::from(level));
            places.extend_from_slice(run_of_other);
            before = other;
            count += 1;
        }
        let Some((number, now)) = left else { break };
        // It is counted from another entry than before.
        if now - before != number / LEVELS {
            encoded.extend_from_slice(&list[copied..start]);
            push(&mut encoded, (now - before) * LEVELS + number % LEVELS);
            copied = numbers.at;
        }
        (before, run) = (now, end);
        count += 1;
    }
    if count == 0 {
        return;
    }
    encoded.extend_from_slice(&list[copied..]);
    places.extend_from_slice(&runs[copied_runs..]);
    into.keys.push(old.map_or_else(|| new.map_or(&[][..], |new| new.key.as_bytes()), |(old, group)| old.keys.get(group)));
    into.counts.push(count);
    into.lists.push(&encoded);
    into.data.push(match kind {
        Kind::Stems => &places,
        Kind::Forms => new.map_or(data, |new| &new.data),
    });
}

/// Cuts tables anew where their words say: the same words are cut in the same places, whatever they were before.
fn cut(kind: Kind, tables: &[Arc<Table>]) -> Vec<Arc<Table>> {
    let groups: Vec<(&Arc<Table>, usize)> =
        tables.iter().flat_map(|table| (0..table.keys.len()).map(move |group| (table, group))).collect();
    let sized: Vec<(&[u8], usize)> =
        groups.iter().map(|(table, group)| (table.keys.get(*group), table.size(*group, kind))).collect();
    let mut ends = Vec::new();
    split(&sized, 0, 0, &mut ends);
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let ranges: Vec<(usize, usize)> = starts.zip(ends.iter().copied()).collect();
    par::map(&ranges, |(start, end)| {
        let groups = &groups[*start..*end];
        // A table that is cut as before is the one from before.
        if groups.first().is_some_and(|(table, group)| *group == 0 && table.keys.len() == groups.len())
            && groups.iter().all(|(table, _)| Arc::ptr_eq(table, groups[0].0))
        {
            return Arc::clone(groups[0].0);
        }
        let mut table = Table::default();
        for (from, group) in groups {
            table.copy(from, *group);
        }
        Arc::new(table)
    })
}

/// Where pieces of at most [`LIMIT`] end, if words with the same beginning stay together: what is too much is cut by the next
/// letter, and small neighbours are joined again. So a boundary depends on the words around it alone.
fn split(groups: &[(&[u8], usize)], depth: usize, offset: usize, ends: &mut Vec<usize>) {
    let total: usize = groups.iter().map(|(_, size)| size).sum();
    if groups.is_empty() {
        return;
    }
    if total <= LIMIT || groups.len() == 1 {
        ends.push(offset + groups.len());
        return;
    }
    let (mut at, mut joined) = (0, 0);
    for piece in groups.chunk_by(|(one, _), (next, _)| one.get(depth) == next.get(depth)) {
        let size: usize = piece.iter().map(|(_, size)| size).sum();
        if joined > 0 && joined + size > LIMIT {
            ends.push(offset + at);
            joined = 0;
        }
        if size > LIMIT {
            split(piece, depth + 1, offset + at, ends);
        } else {
            joined += size;
        }
        at += piece.len();
    }
    if joined > 0 {
        ends.push(offset + at);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::{Changes, Kind, LEVELS, LIMIT, New, Runs, Table, entries, merge, split};
    use crate::search::number::push;

    /// The words of an entry, with how often each stands in it.
    type Entry = BTreeMap<String, u8>;

    /// Takes entries that are new into tables. `new` are their numbers.
    fn take_in(old: &[Arc<Table>], changes: &Changes, site: &[Entry], new: &[u32]) -> Vec<Arc<Table>> {
        let mut postings: BTreeMap<&str, Vec<(u32, u8)>> = BTreeMap::new();
        for number in new {
            for (word, count) in &site[*number as usize] {
                postings.entry(word).or_default().push((*number, *count));
            }
        }
        let places: Vec<Vec<u8>> = (0..=16_u8)
            .map(|count| {
                let mut places = Vec::new();
                (1..=count).for_each(|place| push(&mut places, u32::from(place) * 40 + u32::from(place == count)));
                places
            })
            .collect();
        let all: Vec<(u32, u8)> = postings.values().flatten().copied().collect();
        let mut start = 0;
        let words = postings.iter().map(|(key, postings)| {
            let range = start..start + postings.len();
            start = range.end;
            New { key, data: Vec::new(), postings: range }
        });
        let words: Vec<New<'_>> = words.collect();
        merge(Kind::Stems, old, changes, &words, &|at| {
            let (number, count) = all[at];
            (number, count - 1, &places[usize::from(count)])
        })
    }

    /// Numbers that look random and are the same every time.
    struct Random(u64);

    impl Random {
        fn below(&mut self, limit: u64) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0 % limit
        }

        fn entry(&mut self) -> Entry {
            let words = 20 + self.below(200);
            // Some words are common, most are rare.
            let word = |random: &mut Random| {
                let most = 1 + random.below(3000);
                let number = random.below(most);
                format!(
                    "{}{}",
                    ["be", "bo", "ca", "d", "ex", "über"][usize::try_from(number % 6).unwrap_or_default()],
                    number * 7919 % 5003
                )
            };
            (0..words).map(|_| (word(self), u8::try_from(1 + self.below(u64::from(LEVELS))).unwrap_or(1))).collect()
        }
    }

    #[test]
    fn tables_that_take_in_edits_are_those_of_a_build_from_nothing() {
        let nothing = Changes { numbers: Vec::new(), is_in_place: true };
        let numbers = |site: &[Entry]| (0..).zip(site).map(|(number, _)| number).collect::<Vec<u32>>();
        let mut random = Random(7);
        let mut site: Vec<Entry> = (0..400).map(|_| random.entry()).collect();
        let mut tables = take_in(&[], &nothing, &site, &numbers(&site));
        assert!(tables.len() > 5, "{} tables", tables.len());
        for step in 0..40 {
            let mut order: Vec<Option<u32>> = numbers(&site).into_iter().map(Some).collect();
            let mut next: Vec<(Option<u32>, Entry)> = order.iter().copied().zip(site.clone()).collect();
            for _ in 0..=random.below(3) {
                let at = usize::try_from(random.below(next.len() as u64)).unwrap_or_default();
                match if step % 2 == 0 { 0 } else { random.below(3) } {
                    0 => next[at] = (None, random.entry()),
                    1 => drop(next.remove(at)),
                    _ => next.insert(at, (None, random.entry())),
                }
            }
            order.fill(None);
            for (number, (old, _)) in (0..).zip(&next) {
                if let Some(old) = old {
                    order[*old as usize] = Some(number);
                }
            }
            let is_in_place = order.iter().enumerate().all(|(old, new)| new.is_none_or(|new| new as usize == old));
            let new: Vec<u32> = (0..).zip(&next).filter(|(_, (old, _))| old.is_none()).map(|(number, _)| number).collect();
            site = next.into_iter().map(|(_, entry)| entry).collect();
            let taken = take_in(&tables, &Changes { numbers: order, is_in_place }, &site, &new);
            assert!(taken == take_in(&[], &nothing, &site, &numbers(&site)), "step {step}");
            let kept = taken.iter().filter(|table| tables.iter().any(|old| Arc::ptr_eq(old, table))).count();
            assert!(kept < taken.len() || new.is_empty(), "step {step}: {kept} of {} tables were kept", taken.len());
            tables = taken;
        }
        let same =
            take_in(&tables, &Changes { numbers: numbers(&site).into_iter().map(Some).collect(), is_in_place: true }, &site, &[]);
        assert!(same.iter().zip(&tables).all(|(one, other)| Arc::ptr_eq(one, other)), "nothing is made anew");
    }

    #[test]
    fn lists_come_back() {
        let mut list = Vec::new();
        for number in [3 * 16 + 15, 16, 500 * 16 + 2] {
            push(&mut list, number);
        }
        assert_eq!(entries(&list).collect::<Vec<_>>(), [(3, 15), (4, 0), (504, 2)]);
        let mut places = Vec::new();
        for number in [2, 4, 1, 9, 800, 7] {
            push(&mut places, number);
        }
        assert_eq!(Runs(&places).map(<[u8]>::len).collect::<Vec<_>>(), [3, 1, 3]);
    }

    #[test]
    fn a_table_is_cut_where_its_words_say() {
        let third = LIMIT / 3;
        let cut = |groups: &[(&str, usize)]| {
            let groups: Vec<(&[u8], usize)> = groups.iter().map(|(key, size)| (key.as_bytes(), *size)).collect();
            let mut ends = Vec::new();
            split(&groups, 0, 0, &mut ends);
            ends
        };
        assert_eq!(cut(&[]), Vec::<usize>::new());
        assert_eq!(cut(&[("a", 1), ("b", 2)]), [2]);
        assert_eq!(
            cut(&[("a", third), ("b", third), ("ca", third), ("cb", third)]),
            [2, 4],
            "words with one beginning stay together"
        );
        assert_eq!(cut(&[("a", 2 * LIMIT), ("ab", 1), ("ac", 1)]), [1, 3], "what can't be cut stays whole");
        assert_eq!(cut(&[("a", 1), ("b", 2 * LIMIT), ("c", 1)]), [1, 2, 3]);
    }
}
