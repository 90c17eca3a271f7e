//! Themes: the built-in one, and a site's own files over it, compiled once.
//!
//! A theme is compiled before any site exists: its functions hold nothing and find the page that is being rendered through
//! [`crate::render::ask`]. So a theme survives rebuilds, and a change in it renders everything again.

mod filters;
mod functions;
mod print;

pub(crate) use filters::script_safe;

use std::collections::BTreeMap;
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use tera::{ErrorKind, Tera};

use crate::config::{CONFIG, Config};
use crate::files::{File, FilePath, Files};
use crate::finding::{At, Finding, Findings};
use crate::hash::Hash;
use crate::parse::locate::offset;
use crate::parse::text;
use crate::rules::{c003_unknown_theme, t001_template_error};

pub use print::Unprinted;

/// The name of the built-in theme.
pub const BUILT_IN: &str = "osteon";

static BUILT_IN_FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/themes/osteon");

/// A compiled theme.
#[derive(Debug)]
pub struct Theme {
    /// The templates.
    pub tera: Tera,
    /// Files of `static/`: name → file.
    pub assets: BTreeMap<String, Asset>,
    /// What its style sheets leave out on paper.
    pub unprinted: Unprinted,
    /// Fingerprint of every file of it.
    pub hash: Hash,
    /// Template → the file that it came from.
    sources: BTreeMap<String, FilePath>,
    /// What was found when it was compiled.
    findings: Findings,
}

/// A file of a theme's `static/`.
#[derive(Debug, Clone)]
pub struct Asset {
    /// The address within the site, with a fingerprint in its name.
    pub url: String,
    /// The bytes.
    pub bytes: Arc<[u8]>,
    /// Fingerprint of the bytes.
    pub hash: Hash,
}

impl Theme {
    /// Loads the theme of a site. `known` is the theme of the build before: it is kept if nothing of it has changed.
    pub fn load(files: &Files, config: &Config, known: Option<Arc<Theme>>) -> (Arc<Theme>, Findings) {
        let mut findings = Findings::default();
        let folder = format!("themes/{}/", config.theme);
        if config.theme != BUILT_IN && files.below(&folder).next().is_none() {
            let at = At::field(&CONFIG.into(), ["theme"]);
            let known = files.below("themes/").filter_map(|file| file.path.split('/').nth(1)).chain([BUILT_IN]);
            findings.push(c003_unknown_theme::finding(at, &config.theme, known));
        }
        let layers = layers(files, &folder);
        let hash = Hash::of(&layers.iter().map(|(name, file)| (name, file.hash)).collect::<Vec<_>>());
        if let Some(known) = known.filter(|known| known.hash == hash && known.sources.len() + known.assets.len() > 0) {
            findings.extend(known.findings.clone());
            return (known, findings);
        }
        let theme = compile(&layers, hash);
        findings.extend(theme.findings.clone());
        (Arc::new(theme), findings)
    }

    /// Whether pages can be rendered with it.
    pub fn is_sound(&self) -> bool {
        self.findings.0.is_empty()
    }

    /// Whether the theme has a template.
    pub fn has(&self, template: &str) -> bool {
        self.sources.contains_key(template)
    }

    /// The file of a template.
    pub fn source(&self, template: &str) -> Option<&FilePath> {
        self.sources.get(template)
    }

    /// The names of all templates.
    pub fn templates(&self) -> impl Iterator<Item = &str> {
        self.sources.keys().map(String::as_str)
    }

    /// The place and the words of an error of the template engine.
    pub fn explain(&self, error: &tera::Error) -> (At, String) {
        let (name, range, message) = match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                (report.filename(), Some(&report.span().range), report.message().to_owned())
            }
            ErrorKind::MissingParent { current, .. } => (current.as_str(), None, error.to_string()),
            ErrorKind::CircularExtend { tpl, .. } | ErrorKind::CircularInclude { tpl, .. } => {
                (tpl.as_str(), None, error.to_string())
            }
            _ => ("", None, error.to_string()),
        };
        let file = self.sources.get(name).cloned().unwrap_or_else(|| CONFIG.into());
        let message = message.lines().next().unwrap_or_default().trim_end_matches('.').to_owned();
        (range.map_or_else(|| At::file(&file), |range| At::bytes(&file, range)), message)
    }
}

impl Theme {
    /// The places and words of what templates name and no other template has: the engine joins its reports about that.
    fn explain_all(&self, error: &tera::Error, templates: &[(&str, &str)]) -> Vec<(At, String)> {
        let ErrorKind::Msg(reports) = error.kind() else { return vec![self.explain(error)] };
        let lines: Vec<&str> = reports.lines().collect();
        // error: Unknown filter `shout`
        //  --> page.html:3:5
        let place = |pair: &[&str]| {
            let message = pair[0].strip_prefix("error: ")?;
            let mut place = pair[1].trim_start().strip_prefix("--> ")?.rsplitn(3, ':');
            let (column, line, name) = (place.next()?.parse().ok()?, place.next()?.parse().ok()?, place.next()?);
            let (_, source) = templates.iter().find(|(template, _)| *template == name)?;
            let start = offset(source, line, column);
            let length = message.split('`').nth(1).map_or(1, str::len);
            Some((At::bytes(self.sources.get(name)?, &(start..start + length)), message.to_owned()))
        };
        let found: Vec<_> = lines.windows(2).filter_map(place).collect();
        if found.is_empty() { vec![self.explain(error)] } else { found }
    }
}

/// The files of a theme by their names below its folder: the site's own over the built-in ones.
fn layers(files: &Files, folder: &str) -> BTreeMap<String, File> {
    let mut layers = BTreeMap::new();
    let mut folders = vec![&BUILT_IN_FILES];
    while let Some(dir) = folders.pop() {
        folders.extend(dir.dirs());
        for file in dir.files() {
            let name = file.path().to_string_lossy().replace('\\', "/");
            layers.insert(name.clone(), File::new(format!("themes/{BUILT_IN}/{name}"), file.contents()));
        }
    }
    for file in files.below(folder) {
        if let Some(name) = file.path.strip_prefix(folder) {
            layers.insert(name.to_owned(), file.clone());
        }
    }
    layers
}

fn compile(layers: &BTreeMap<String, File>, hash: Hash) -> Theme {
    let mut theme = Theme {
        tera: engine(),
        assets: BTreeMap::new(),
        unprinted: Unprinted::default(),
        hash,
        sources: BTreeMap::new(),
        findings: Findings::default(),
    };
    let mut templates = Vec::new();
    for (name, file) in layers {
        if let Some(name) = name.strip_prefix("templates/") {
            theme.sources.insert(name.to_owned(), file.path.clone());
            match text(file) {
                Ok(text) => templates.push((name, text)),
                Err(finding) => theme.findings.push(finding),
            }
        } else if let Some(name) = name.strip_prefix("static/") {
            let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
            let dot = if extension.is_empty() { "" } else { "." };
            let url = format!("/theme/{stem}-{}{dot}{extension}", file.hash.short());
            theme.assets.insert(name.to_owned(), Asset { url, bytes: file.bytes.clone(), hash: file.hash });
        }
    }
    theme.unprinted = Unprinted::of(&theme.assets);
    if theme.findings.0.is_empty() && theme.tera.add_raw_templates(templates.iter().copied()).is_ok() {
        return theme;
    }
    // One by one, so that every template with a mistake of its own is reported and not only the first.
    for (name, source) in &mut templates {
        let result = engine().add_raw_template(name, source);
        if let Some(error) = result.err().filter(|error| matches!(error.kind(), ErrorKind::SyntaxError(_))) {
            let (at, message) = theme.explain(&error);
            theme.findings.push(t001_template_error::finding(at, &message));
            let built_in = BUILT_IN_FILES.get_file(format!("templates/{name}"));
            *source = built_in.and_then(include_dir::File::contents_utf8).unwrap_or_default();
        }
    }
    let are_all_themselves = theme.findings.0.is_empty();
    theme.tera = engine();
    if let Err(error) = theme.tera.add_raw_templates(templates.iter().copied()) {
        for (at, message) in theme.explain_all(&error, &templates) {
            // What stands in for a broken template may lack a block or a component that others use.
            let is_certain =
                ["Unknown filter", "Unknown function", "Unknown test"].iter().any(|start| message.starts_with(start));
            if are_all_themselves || is_certain {
                theme.findings.push(t001_template_error::finding(at, &message));
            }
        }
    }
    theme
}

fn engine() -> Tera {
    let mut tera = Tera::new();
    tera.autoescape_on([".html", ".xml"]);
    functions::register(&mut tera);
    filters::register(&mut tera);
    tera
}

/// A finding about a template that failed while it rendered a page.
pub fn render_error(theme: &Theme, error: &tera::Error, page: &str) -> Finding {
    let (at, message) = theme.explain(error);
    crate::rules::t002_render_error::finding(at, &message, page)
}
