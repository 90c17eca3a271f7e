//! What all targets do with their bytes.

use osteon::files::{File, Files};
use osteon::finding::Place;
use osteon::report::{Colour, Format, report};

/// Parses bytes as the file at a path, and reports what is found in it.
pub fn parse(path: &str, bytes: &[u8]) {
    let file = File::new(path, bytes);
    let (_, findings) = osteon::parse::parse(&file);
    for finding in &findings.0 {
        if let Place::Bytes(start, end) = finding.at.place {
            assert!(start <= end && end as usize <= bytes.len(), "{start}..{end} is outside of the file: {finding:?}");
        }
    }
    let files: Files = [file].into_iter().collect();
    for format in [Format::Human, Format::Concise, Format::Json] {
        report(&findings, &files, format, Colour::Always);
    }
}
