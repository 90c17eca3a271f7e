//! A line of source as columns of a terminal: the part around a place, if the line is too long to be shown whole.

use std::fmt::Write as _;
use std::ops::Range;

use unicode_width::UnicodeWidthChar as _;

use super::is_unprintable;

/// Columns for the source. Paragraphs of Markdown are often one line, and are cut around the place.
pub(super) const WIDTH: usize = 100;

/// Columns kept before a place when the start of its line is cut off.
const BEFORE: usize = 24;

/// The longest underline, in columns: a sentence needs no more to be known.
const UNDERLINE: usize = 72;

/// What stands for the part of a line that is cut off.
const CUT: &str = "...";

/// A character and where it is.
struct Cell {
    /// Its first byte in the file.
    byte: usize,
    shown: char,
    /// The column in which it begins, counted from the first cell.
    column: usize,
}

/// The part of a line that is shown.
pub(super) struct Excerpt<'f> {
    file: &'f [u8],
    /// The part of the file that is looked at.
    bytes: Range<usize>,
    /// Its characters; `None` if each is a byte and a column.
    cells: Option<Vec<Cell>>,
    /// Positions of the characters that are shown.
    shown: Range<usize>,
    /// The column behind the last one.
    width: usize,
    is_cut_before: bool,
    is_cut_after: bool,
}

impl<'f> Excerpt<'f> {
    /// The part of a line that shows a place best. `line` is in bytes of the file and without its line break; `at` is the first
    /// byte of the place.
    pub(super) fn new(file: &'f [u8], line: &Range<usize>, at: usize) -> Self {
        // Bytes are at least as many as columns, so that what is never shown is never looked at.
        let start = if at - line.start <= WIDTH { line.start } else { at - 4 * BEFORE };
        let bytes = letter_start(file, start, line.start)..letter_start(file, line.end.min(at + 2 * WIDTH), at);
        let text = &file[bytes.clone()];
        let is_plain = text.iter().all(|byte| matches!(byte, b' '..=b'~'));
        let (cells, width) = if is_plain { (None, text.len()) } else { cells(text, bytes.start) };
        let (is_cut_before, is_cut_after) = (bytes.start > line.start, bytes.end < line.end);
        let shown = 0..cells.as_ref().map_or(text.len(), Vec::len);
        let mut excerpt = Excerpt { file, bytes, cells, shown, width, is_cut_before, is_cut_after };
        excerpt.cut(at);
        excerpt
    }

    /// Leaves out what has no room.
    fn cut(&mut self, at: usize) {
        let place = self.cell(at);
        let is_near = self.column(place) + BEFORE <= WIDTH;
        if self.is_cut_before || (self.width > WIDTH && !is_near) {
            let first = (0..place).rev().find(|cell| self.column(*cell) + BEFORE <= self.column(place)).unwrap_or(0);
            self.is_cut_before |= first > 0;
            self.shown.start = first;
        }
        let room = WIDTH - self.indent();
        let from = self.column(self.shown.start);
        if self.is_cut_after || self.width - from > room {
            let end = from + room - CUT.len();
            let after = self.cells.as_ref().map_or(end, |cells| cells.partition_point(|cell| cell.column < end));
            self.shown.end = after.clamp(self.shown.start, self.shown.end);
            self.is_cut_after = true;
        }
    }

    /// Position of the character with a byte, or of the end.
    fn cell(&self, byte: usize) -> usize {
        match &self.cells {
            Some(cells) => cells.partition_point(|cell| cell.byte < byte),
            None => byte.saturating_sub(self.bytes.start).min(self.bytes.len()),
        }
    }

    fn column(&self, cell: usize) -> usize {
        match &self.cells {
            Some(cells) => cells.get(cell).map_or(self.width, |cell| cell.column),
            None => cell.min(self.width),
        }
    }

    fn indent(&self) -> usize {
        if self.is_cut_before { CUT.len() } else { 0 }
    }

    /// The bytes that are shown, if each is a character.
    fn plain(&self, shown: Range<usize>) -> &'f [u8] {
        &self.file[self.bytes.start + shown.start..self.bytes.start + shown.end]
    }

    /// Whether a place begins in it.
    pub(super) fn shows(&self, at: usize) -> bool {
        self.bytes.contains(&at) && self.shown.contains(&self.cell(at)) || (at >= self.bytes.end && !self.is_cut_after)
    }

    /// Writes it, without space at its end.
    pub(super) fn write(&self, out: &mut String) {
        if self.is_cut_before {
            out.push_str(CUT);
        }
        match &self.cells {
            None => out.push_str(str::from_utf8(self.plain(self.shown.clone())).unwrap_or_default()),
            Some(cells) => {
                for cell in &cells[self.shown.clone()] {
                    match cell.shown {
                        '\t' => out.push_str("    "),
                        shown => out.push(shown),
                    }
                }
            }
        }
        if self.is_cut_after {
            out.push_str(CUT);
        }
        out.truncate(out.trim_end_matches([' ', '\t']).len());
    }

    /// Writes as much space as comes before a place, and then as many marks as the place takes.
    pub(super) fn underline(&self, place: &Range<usize>, mark: char, out: &mut String) {
        let first = self.cell(place.start).clamp(self.shown.start, self.shown.end);
        let after = self.cell(place.end).clamp(first, self.shown.end);
        let last = match &self.cells {
            Some(cells) => cells[first..after].iter().rposition(|cell| !cell.shown.is_whitespace()),
            None => self.plain(first..after).iter().rposition(|byte| *byte != b' '),
        };
        let after = last.map_or(first, |last| first + last + 1);
        let (from, to) = (self.column(first), self.column(after));
        let space = self.indent() + from - self.column(self.shown.start);
        let _ = write!(out, "{:space$}", "");
        out.extend(std::iter::repeat_n(mark, (to - from).clamp(1, UNDERLINE)));
    }
}

/// The characters of a part of a file that begins at `start`, and their columns.
fn cells(bytes: &[u8], start: usize) -> (Option<Vec<Cell>>, usize) {
    let mut cells = Vec::with_capacity(bytes.len());
    let (mut byte, mut column) = (start, 0);
    for chunk in bytes.utf8_chunks() {
        for letter in chunk.valid().chars() {
            let (shown, width) = match letter {
                ' '..='~' => (letter, 1),
                '\t' => (letter, 4),
                '\0'..='\x1F' => (char::from_u32(0x2400 + u32::from(letter)).unwrap_or(char::REPLACEMENT_CHARACTER), 1),
                _ if is_unprintable(letter) => (char::REPLACEMENT_CHARACTER, 1),
                _ => (letter, letter.width().unwrap_or(0)),
            };
            cells.push(Cell { byte, shown, column });
            byte += letter.len_utf8();
            column += width;
        }
        if !chunk.invalid().is_empty() {
            cells.push(Cell { byte, shown: char::REPLACEMENT_CHARACTER, column });
            byte += chunk.invalid().len();
            column += 1;
        }
    }
    (Some(cells), column)
}

/// The first byte of the letter that a byte belongs to, not before `least`.
fn letter_start(bytes: &[u8], at: usize, least: usize) -> usize {
    (least..=at).rev().take(4).find(|at| !matches!(bytes.get(*at), Some(0x80..=0xBF))).unwrap_or(at)
}
