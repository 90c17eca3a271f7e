//! The command line: the table of commands and their options, and the way from arguments to an exit code.

#![allow(clippy::disallowed_methods, reason = "arguments, the clock and the environment are read at this edge of the program")]

mod build;
mod diff;
mod explain;
mod new;
mod progress;
mod report;
mod review;
mod search;
mod serve;
mod server;
mod watch;
mod why;

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory as _, Parser, Subcommand};

use crate::config::{Drafts, Options, Search};
use crate::entry::Date;
use crate::report::{Colour, Format};

/// A static site generator for exercise and health education that checks what it publishes.
#[derive(Debug, Parser)]
#[command(name = "osteon", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check everything, then publish the site; with an error nothing is published and the old site stays
    Build(BuildArgs),
    /// Report what `build` would report, and write nothing but, on demand, fixes or a baseline
    Check(CheckArgs),
    /// Build, serve the site to this machine, build again after every change and reload the page
    Serve(ServeArgs),
    /// Make a new site in a folder
    New {
        /// The folder; it must be empty or not exist yet
        dir: PathBuf,
    },
    /// Say what a rule finds, why that matters, and what to do
    Explain {
        /// A code or a name, such as L001 or unknown-entry; without one, all rules are listed
        rule: Option<String>,
        /// Print the documentation of every rule as one Markdown text
        #[arg(long, conflicts_with = "rule")]
        all: bool,
    },
    /// Say in words what a change does to safety: the site as it is, compared with a revision of git
    Diff(DiffArgs),
    /// Say what a page depends on, and why it was rendered the last time
    Why {
        /// An address of the site, such as /exercises/heel-drops/
        url: String,
        #[command(flatten)]
        site: SiteArgs,
    },
    /// Record reviews, print copies for reviewers, list what falls due
    Review {
        #[command(subcommand)]
        command: review::ReviewCommand,
    },
    /// Write the state of the site for its editors: verdicts, evidence, reviews and exceptions on one page
    Report {
        #[command(flatten)]
        site: SiteArgs,
        /// Print JSON instead of writing a page
        #[arg(long)]
        json: bool,
        /// File to write; `osteon-report.html` in the folder of the site if left out
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Print what readers find who search the site for something
    Search(SearchArgs),
    /// Print the completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Which site, and how it is read.
#[derive(Debug, Args)]
struct SiteArgs {
    /// Folder of the site: the one that holds osteon.yaml
    #[arg(long, default_value = ".", value_name = "DIR")]
    root: PathBuf,
    /// Address that replaces `base_url`
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Let entries with `draft: true` take part
    #[arg(long)]
    drafts: bool,
    /// Day of the build; today if left out
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    date: Option<Date>,
    /// How findings are shown
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Args)]
struct CheckArgs {
    #[command(flatten)]
    site: SiteArgs,
    /// Write the safe fixes into the files, then check again
    #[arg(long)]
    fix: bool,
    /// With --fix or --diff: the guesses as well, such as ids that are misspelt; look at what they changed
    #[arg(long)]
    unsafe_fixes: bool,
    /// Print what --fix would change, and change nothing
    #[arg(long)]
    diff: bool,
    /// Write all findings of today to osteon-baseline.yaml, which makes them silent
    #[arg(long)]
    write_baseline: bool,
    /// Leave out what was found already at a revision of git, such as main or HEAD~1
    #[arg(long, value_name = "REV")]
    changed_since: Option<String>,
}

#[derive(Debug, Args)]
struct BuildArgs {
    #[command(flatten)]
    site: SiteArgs,
    /// Output folder; `public` in the folder of the site if left out
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Leave search out: readers find their way by lists
    #[arg(long)]
    no_search: bool,
}

#[derive(Debug, Args)]
struct DiffArgs {
    /// Branch, tag or commit to compare with, such as main or HEAD~1
    #[arg(value_name = "REV")]
    revision: String,
    /// Folder of the site: the one that holds osteon.yaml
    #[arg(long, default_value = ".", value_name = "DIR")]
    root: PathBuf,
    /// Let entries with `draft: true` take part
    #[arg(long)]
    drafts: bool,
    /// Day of the log's entries; today if left out
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    date: Option<Date>,
    /// How changes are written
    #[arg(long, value_enum, default_value_t = diff::Format::Human)]
    format: diff::Format,
    /// Print the changes as entries of the public log, to be added to content/changes.yaml
    #[arg(long, conflicts_with = "format")]
    log: bool,
    /// Add these entries to content/changes.yaml instead, without those that it has already
    #[arg(long, requires = "log")]
    write: bool,
}

#[derive(Debug, Args)]
struct SearchArgs {
    /// What to search for; each query has results of its own
    #[arg(required = true)]
    query: Vec<String>,
    /// Folder of the site: the one that holds osteon.yaml
    #[arg(long, default_value = ".", value_name = "DIR")]
    root: PathBuf,
    /// Let entries with `draft: true` take part
    #[arg(long)]
    drafts: bool,
    /// Results to show
    #[arg(long, default_value_t = 10, value_name = "N")]
    limit: usize,
    /// How results are written: for people, or each query as one line of JSON
    #[arg(long, value_enum, default_value_t = SearchFormat::Human)]
    format: SearchFormat,
}

/// How results of a search are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum SearchFormat {
    Human,
    Json,
}

#[derive(Debug, Args)]
struct ServeArgs {
    #[command(flatten)]
    site: SiteArgs,
    /// Port of 127.0.0.1; if left out, 1111 or the next one that is free
    #[arg(long)]
    port: Option<u16>,
}

/// What a build is asked for by flags that several commands have.
fn options(drafts: bool, date: Option<Date>, base_url: Option<&String>) -> Options {
    let drafts = if drafts { Drafts::Include } else { Drafts::Exclude };
    Options { today: date.unwrap_or_else(today), base_url: base_url.cloned(), drafts, search: Search::Include }
}

impl DiffArgs {
    fn options(&self) -> Options {
        options(self.drafts, self.date, None)
    }
}

impl SearchArgs {
    fn options(&self) -> Options {
        options(self.drafts, None, None)
    }
}

impl SiteArgs {
    fn options(&self) -> Options {
        options(self.drafts, self.date, self.base_url.as_ref())
    }
}

impl BuildArgs {
    fn options(&self) -> Options {
        let search = if self.no_search { Search::LeaveOut } else { Search::Include };
        Options { search, ..self.site.options() }
    }
}

fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "write it as 2026-11-24".to_owned())
}

/// The day on this machine: read here and nowhere else, and an input of the build from then on.
fn today() -> Date {
    let today = jiff::ZonedDateTime::now().date();
    Date { year: today.year(), month: today.month(), day: today.day() }
}

/// What tells this program from any other one that may have written a cache: another version, or another build of it.
fn edition() -> String {
    let program = std::env::current_exe().and_then(std::fs::metadata);
    let built = program.map(|file| (file.len(), file.modified().ok()));
    format!("{} {built:?}", env!("CARGO_PKG_VERSION"))
}

/// Runs the program with the arguments of the process.
///
/// Exit codes: 0 clean, 1 findings at error level, 2 usage, configuration or environment, 3 a defect of osteon itself.
pub fn run() -> ExitCode {
    let arguments = std::env::args_os();
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let outcome = std::panic::catch_unwind(|| dispatch(cli.command));
    match outcome {
        Ok(Ok(Outcome::Clean)) => ExitCode::SUCCESS,
        Ok(Ok(Outcome::Findings)) => ExitCode::from(1),
        Ok(Err(error)) => {
            say(&format!("osteon: {error:#}"));
            ExitCode::from(2)
        }
        // The panic hook has said where.
        Err(_) => {
            say("osteon: this is a defect of osteon; please report it with the lines above");
            ExitCode::from(3)
        }
    }
}

/// How a command ended that could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Clean,
    Findings,
}

fn dispatch(command: Command) -> anyhow::Result<Outcome> {
    match command {
        Command::Build(arguments) => build::build(&arguments),
        Command::Check(arguments) => build::check(&arguments),
        Command::Serve(arguments) => serve::serve(arguments),
        Command::New { dir } => new::new(&dir),
        Command::Explain { rule, all } => explain::explain(rule.as_deref(), all),
        Command::Diff(arguments) => diff::diff(&arguments),
        Command::Why { url, site } => why::why(&url, &site),
        Command::Review { command } => review::review(command),
        Command::Report { site, json, out } => report::report(&site, json, out),
        Command::Search(arguments) => search::run(&arguments),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "osteon", &mut script);
            print(&String::from_utf8_lossy(&script))?;
            Ok(Outcome::Clean)
        }
    }
}

/// Prints to standard output. A reader that has gone away is no error: `osteon explain | head` is fine.
fn print(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// Prints a line to standard error.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Colours on standard error where a person reads it.
fn colour() -> Colour {
    let wants = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    if wants && std::io::stderr().is_terminal() { Colour::Always } else { Colour::Never }
}
