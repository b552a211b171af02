//! Programs we did not write, run under limits.
//!
//! The service starts *itself* with the program's name, limits itself, and
//! becomes the program. So the limits are in force before its first
//! instruction, and the service never runs code between fork and start.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::ExitCode;

use landlock::{
    Access, AccessFs, AccessNet, PathBeneath, PathFd, Ruleset, RulesetAttr, RulesetCreatedAttr,
    RulesetError, Scope,
};
use rustix::process::Resource;

use super::{RULES, calls, lower};

/// The word on the command line that asks for this.
const WORD: &str = "--run";

/// A command that runs `program` with at most so much memory and processor
/// time. It can read files and write none, has no network and next to no environment;
/// arguments and pipes are the caller's to add.
///
/// `binary` is this program itself. What cannot be started ends with code 127.
pub(in super::super) fn helper_command(
    binary: &Path,
    program: &Path,
    memory_mib: u64,
    processor_secs: u64,
) -> tokio::process::Command {
    let mut command = tokio::process::Command::new(binary);
    command
        .arg(super::super::supervisor::COMMAND)
        .arg(WORD)
        .arg(memory_mib.to_string())
        .arg(processor_secs.to_string())
        .arg(program);
    // Where to look for the program and its data, and nothing else the service knows.
    let kept = |(name, _): &(OsString, OsString)| name == "PATH" || name == "TESSDATA_PREFIX";
    command.env_clear().envs(std::env::vars_os().filter(kept));
    command
}

/// Becomes the program the command line asks for; `None` when it asks for none.
pub(in super::super) fn run_helper(
    mut arguments: impl Iterator<Item = OsString>,
) -> Option<ExitCode> {
    if !arguments.any(|argument| argument == WORD) {
        return None;
    }
    let mut number = || arguments.next()?.to_str()?.parse::<u64>().ok();
    let (Some(memory_mib), Some(secs)) = (number(), number()) else {
        return Some(ExitCode::from(2));
    };
    let Some(program) = arguments.next() else { return Some(ExitCode::from(2)) };
    let memory = memory_mib << 20;
    let limited = lower(Resource::As, memory, memory)
        .and_then(|()| lower(Resource::Cpu, secs, secs + 1))
        .and_then(|()| lower(Resource::Fsize, 0, 0))
        .and_then(|()| lower(Resource::Core, 0, 0));
    if limited.is_err() {
        return Some(ExitCode::from(3));
    }
    // A kernel that lacks either has been reported by the doctor.
    let _open = read_only();
    let _unfiltered = calls::keep_a_helper();
    let error = std::process::Command::new(program).args(arguments).exec();
    eprintln!("{error}");
    Some(ExitCode::from(127))
}

/// Leaves this process every file to read and to run, none to write but
/// `/dev/null`, and no network.
fn read_only() -> Result<(), RulesetError> {
    let mut rules = Ruleset::default()
        .handle_access(AccessFs::from_all(RULES))?
        .handle_access(AccessNet::from_all(RULES))?
        .scope(Scope::from_all(RULES))?
        .create()?;
    for (path, access) in
        [("/", AccessFs::from_read(RULES)), ("/dev/null", AccessFs::from_file(RULES))]
    {
        if let Ok(place) = PathFd::new(path) {
            rules = rules.add_rule(PathBeneath::new(place, access))?;
        }
    }
    rules.restrict_self().map(|_| ())
}
