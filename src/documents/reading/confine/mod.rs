//! What the child gives up for good before it sees a document.
//!
//! Three walls, each of the system and none of our making: *limits* on memory,
//! processor time, files and processes (`rlimit`), no way to any *file* or
//! network (Landlock), and no system *calls* but the few that reading takes
//! (seccomp). A kernel may lack the last two. Reading goes on within the walls
//! there are, and `munshi doctor` names the one that is missing.

mod calls;
mod helper;
mod probe;

use landlock::{
    ABI, Access, AccessFs, AccessNet, LandlockStatus, Ruleset, RulesetAttr, RulesetError,
    RulesetStatus, Scope,
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde::{Deserialize, Serialize};

use super::Limits;

pub(super) use helper::{helper_command, run_helper};
pub(super) use probe::escapes;

/// The newest rules asked for, those of Linux 6.12; an older kernel keeps those it knows.
const RULES: ABI = ABI::V6;
/// Processor seconds each page that was read adds to those of the document.
///
/// Drawing a scanned page at 300 dpi takes about one, so that a long healthy
/// document never runs out, and a hostile one gains little by its length.
const PAGE_SECS: u64 = 2;

/// What holds the reading process, as one such process found it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// Limits on memory, processor time, files and processes.
    pub limits: Hold,
    /// The way to files and to the network.
    pub files: Hold,
    /// The system calls.
    pub calls: Hold,
    /// What the process could do all the same when it tried; nothing, it is hoped.
    pub escapes: Vec<String>,
}

/// How one wall stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hold {
    /// It is in force; this says what it covers.
    InForce(String),
    /// It is not; this says why and what to do.
    Lacking(String),
}

impl Hold {
    /// What is said of it, for the operator.
    #[must_use]
    pub fn detail(&self) -> &str {
        let (Self::InForce(detail) | Self::Lacking(detail)) = self;
        detail
    }

    /// Whether it is in force.
    #[must_use]
    pub fn is_in_force(&self) -> bool {
        matches!(self, Self::InForce(_))
    }
}

/// Limits this process. Its threads may be started later.
pub(super) fn limit(limits: &Limits) -> Hold {
    let memory = limits.memory_mib << 20;
    let most = processor_secs(limits, limits.max_pages);
    let set = lower(Resource::As, memory, memory)
        .and_then(|()| lower(Resource::Cpu, limits.document_secs, most))
        .and_then(|()| lower(Resource::Nofile, limits.open_files, limits.open_files))
        .and_then(|()| lower(Resource::Fsize, 0, 0))
        .and_then(|()| lower(Resource::Core, 0, 0));
    match set {
        Ok(()) => Hold::InForce("memory, processor time, open files, size of files".into()),
        Err(error) => Hold::Lacking(format!(
            "the system does not limit this process ({error}); allow `setrlimit` where it runs"
        )),
    }
}

/// Closes the way to files and to the network, for this thread and those it
/// starts from now on. What is open stays open.
pub(super) fn close_files() -> Hold {
    let status = rules().and_then(|rules| rules.create()?.restrict_self());
    let status = match status {
        Ok(status) => status,
        Err(error) => return Hold::Lacking(format!("Landlock cannot be used: {error}")),
    };
    match (status.ruleset, status.landlock) {
        (RulesetStatus::FullyEnforced, _) => {
            Hold::InForce("no files, no network, no signals".into())
        }
        (RulesetStatus::PartiallyEnforced, LandlockStatus::Available { effective_abi, .. }) => {
            Hold::InForce(format!(
                "no files; as far as Landlock {effective_abi:?} goes, Linux 6.12 also closes the \
                 network and signals by it"
            ))
        }
        (_, LandlockStatus::NotEnabled) => Hold::Lacking(
            "Landlock is switched off; add `landlock` to `lsm=` on the kernel's command line"
                .into(),
        ),
        _ => Hold::Lacking("the kernel has no Landlock; use Linux 5.13 or later".into()),
    }
}

fn rules() -> Result<Ruleset, RulesetError> {
    Ruleset::default()
        .handle_access(AccessFs::from_all(RULES))?
        .handle_access(AccessNet::from_all(RULES))?
        .scope(Scope::from_all(RULES))
}

/// Leaves the process the system calls that reading takes, and no more
/// threads. Every thread it needs must run by now.
pub(super) fn close_calls() -> Hold {
    // Where the filter is missing, an ordinary user cannot start processes either.
    let _unlimited = lower(Resource::Nproc, 0, 0);
    match calls::keep_reading() {
        Ok(()) => Hold::InForce("reading alone; no processes, sockets, paths, new code".into()),
        Err(error) => Hold::Lacking(format!(
            "system calls cannot be filtered ({error}); use a kernel with CONFIG_SECCOMP_FILTER"
        )),
    }
}

/// The processor time a child may have used once it has read so many pages.
pub(super) fn processor_secs(limits: &Limits, pages: u32) -> u64 {
    limits.document_secs.saturating_add(u64::from(pages).saturating_mul(PAGE_SECS))
}

/// Grants a child of this process its processor time for what it has read.
///
/// # Errors
/// Fails when there is no such process, or it holds itself to less already.
pub(super) fn grant(pid: u32, limits: &Limits, pages: u32) -> rustix::io::Result<()> {
    let most = processor_secs(limits, limits.max_pages);
    let new = Rlimit { current: Some(processor_secs(limits, pages)), maximum: Some(most) };
    let pid = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw);
    let pid = pid.ok_or(rustix::io::Errno::SRCH)?;
    rustix::process::prlimit(Some(pid), Resource::Cpu, new).map(|_| ())
}

/// Lowers a limit, or leaves it where it is lower already.
fn lower(resource: Resource, soft: u64, hard: u64) -> rustix::io::Result<()> {
    let most = getrlimit(resource).maximum.unwrap_or(u64::MAX);
    let hard = hard.min(most);
    setrlimit(resource, Rlimit { current: Some(soft.min(hard)), maximum: Some(hard) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_read_earns_processor_time() {
        let limits = Limits { document_secs: 100, ..Limits::default() };
        assert_eq!(processor_secs(&limits, 0), 100);
        assert_eq!(processor_secs(&limits, 2000), 100 + 2000 * PAGE_SECS);
    }

    #[test]
    fn a_running_child_is_granted_more_time() {
        let mut child = std::process::Command::new("/bin/sleep").arg("60").spawn().unwrap();
        let limits = Limits { document_secs: 100, max_pages: 50, ..Limits::default() };
        grant(child.id(), &limits, 10).unwrap();
        let listed = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let row = listed.lines().find(|row| row.starts_with("Max cpu time")).unwrap();
        assert_eq!(row.split_whitespace().skip(3).take(2).collect::<Vec<_>>(), ["120", "200"]);
        assert!(grant(0, &limits, 10).is_err());
    }

    #[test]
    fn a_wall_says_how_it_stands() {
        let hold = Hold::Lacking("no kernel".into());
        assert_eq!((hold.detail(), hold.is_in_force()), ("no kernel", false));
        assert!(Hold::InForce(String::new()).is_in_force());
    }
}
