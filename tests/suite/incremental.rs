//! Builds of one site after the other, each held to a clean build.

use std::collections::BTreeMap;

use osteon::Build;
use osteon::cache::Cache;
use osteon::config::Options;
use osteon::files::Files;
use osteon::output::Manifest;
use osteon::report::{Colour, Format, report};
use similar::TextDiff;

use crate::support::Memory;

/// A site that is built again and again: each build knows the cache and the outputs of the one before.
#[derive(Debug, Default)]
pub(crate) struct Incremental {
    between: Between,
    cache: Cache,
    manifest: Manifest,
    outputs: BTreeMap<String, Vec<u8>>,
    /// The parts of the cache.
    disk: BTreeMap<String, Vec<u8>>,
}

/// Where a cache is between two builds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Between {
    /// In a file, as for `osteon build`.
    #[default]
    OnDisk,
    /// In memory, as for `osteon serve`.
    InMemory,
}

impl Incremental {
    /// A site that was never built, and where its cache will be.
    pub(crate) fn kept(between: Between) -> Self {
        Incremental { between, ..Incremental::default() }
    }

    /// The next build. Its outputs and findings must be those of a clean build.
    pub(crate) fn build(&mut self, files: &Files, options: &Options, step: &str) -> Build {
        let memory = Memory::default();
        let build = osteon::build(files, options, &self.cache, &self.manifest, &memory);
        self.outputs.extend(memory.outputs());
        self.outputs.retain(|path, _| build.manifest.0.contains_key(path.as_str()));
        self.manifest = build.manifest.clone();
        self.cache = match self.between {
            Between::OnDisk => {
                let packed = build.cache.pack("test", &self.cache);
                self.disk.extend(packed.parts.into_iter().filter_map(|(name, bytes)| Some((name, bytes?))));
                Cache::unpack(&packed.index, "test", |part| self.disk.get(part).cloned())
            }
            Between::InMemory => build.cache.clone(),
        };

        let clean = Memory::default();
        let expected = osteon::build(files, options, &Cache::default(), &Manifest::default(), &clean);
        let rendered: Vec<_> = build.rendered.iter().map(|(url, _)| url).collect();
        let clean = clean.outputs();
        for (path, bytes) in &clean {
            let Some(old) = self.outputs.get(path) else { panic!("{step}: `{path}` is missing; rendered were {rendered:?}") };
            if old != bytes {
                let (old, bytes) = (String::from_utf8_lossy(old), String::from_utf8_lossy(bytes));
                let diff = TextDiff::from_lines(&*old, &*bytes);
                panic!("{step}: `{path}` is out of date; rendered were {rendered:?}\n{}", diff.unified_diff());
            }
        }
        assert!(self.outputs.keys().eq(clean.keys()), "{step}: outputs are left over");
        assert_eq!(build.manifest, expected.manifest, "{step}: the manifest");
        let concise = |build: &Build| report(&build.findings, files, Format::Concise, Colour::Never);
        assert_eq!(concise(&build), concise(&expected), "{step}: the findings");
        build
    }
}
