//! The program: arguments in, exit code out.

use std::process::ExitCode;

// A build is many short-lived allocations on all cores, where the system's allocator takes a tenth of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    osteon::cli::run()
}
