//! The system calls left to a confined process.
//!
//! A child that reads gets a list of what is allowed; all else fails with
//! `EPERM`, which the standard library takes as "not here". A helper program
//! we did not write gets a list of what is denied.

use std::collections::BTreeMap;

use libc::{c_int, c_long};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, apply_filter_all_threads,
};

/// A failure to make or set a filter, for the operator.
type Failure = Box<dyn std::error::Error>;

/// Allowed whatever their arguments: reading and writing what is open, memory
/// that holds data, waiting for another thread, the time, and the end.
const ALLOWED: [c_long; 33] = [
    libc::SYS_brk,
    libc::SYS_clock_getres,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_close,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_futex,
    libc::SYS_getpid,
    libc::SYS_getrandom,
    libc::SYS_gettid,
    libc::SYS_gettimeofday,
    libc::SYS_lseek,
    libc::SYS_madvise,
    libc::SYS_mremap,
    libc::SYS_munmap,
    libc::SYS_nanosleep,
    libc::SYS_ppoll,
    libc::SYS_pread64,
    libc::SYS_preadv,
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_restart_syscall,
    libc::SYS_rseq,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    libc::SYS_set_robust_list,
    libc::SYS_sigaltstack,
    libc::SYS_write,
    libc::SYS_writev,
];

/// Denied to a helper program: the network, other processes' memory, and
/// everything that changes the system around it.
const DENIED: [c_long; 44] = [
    libc::SYS_accept4,
    libc::SYS_add_key,
    libc::SYS_bind,
    libc::SYS_bpf,
    libc::SYS_chroot,
    libc::SYS_clock_settime,
    libc::SYS_connect,
    libc::SYS_delete_module,
    libc::SYS_finit_module,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fsopen,
    libc::SYS_init_module,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_io_uring_setup,
    libc::SYS_kexec_load,
    libc::SYS_keyctl,
    libc::SYS_kill,
    libc::SYS_listen,
    libc::SYS_mount,
    libc::SYS_move_mount,
    libc::SYS_open_by_handle_at,
    libc::SYS_open_tree,
    libc::SYS_perf_event_open,
    libc::SYS_personality,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_send_signal,
    libc::SYS_pivot_root,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_ptrace,
    libc::SYS_reboot,
    libc::SYS_request_key,
    libc::SYS_setns,
    libc::SYS_settimeofday,
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_swapon,
    libc::SYS_umount2,
    libc::SYS_unshare,
    libc::SYS_userfaultfd,
    libc::SYS_vhangup,
];

/// Leaves every thread of this process what reading takes.
///
/// # Errors
/// Fails when the kernel has no filters or refuses this one.
pub(super) fn keep_reading() -> Result<(), Failure> {
    let mut rules: BTreeMap<c_long, Vec<SeccompRule>> =
        ALLOWED.into_iter().map(|call| (call, Vec::new())).collect();
    // Memory holds data, never code.
    let data = || SeccompRule::new(vec![lacks(2, libc::PROT_EXEC)?]);
    rules.insert(libc::SYS_mmap, vec![data()?]);
    rules.insert(libc::SYS_mprotect, vec![data()?]);
    // The request comes by standard input, and nothing else by a socket.
    rules.insert(libc::SYS_recvmsg, vec![SeccompRule::new(vec![is(0, libc::STDIN_FILENO)?])?]);
    // Asking how a file was opened; the standard library does so in debug builds.
    let asks = [libc::F_GETFD, libc::F_GETFL].map(|ask| SeccompRule::new(vec![is(1, ask)?]));
    rules.insert(libc::SYS_fcntl, asks.into_iter().collect::<Result<_, _>>()?);
    // A failed allocation ends the process by a signal to itself.
    let own = i32::try_from(std::process::id())?;
    rules.insert(libc::SYS_tgkill, vec![SeccompRule::new(vec![is(0, own)?])?]);
    apply(rules, deny(), SeccompAction::Allow)
}

/// Takes the network and the means to change the system from this process and
/// from the program it becomes.
///
/// # Errors
/// Fails when the kernel has no filters or refuses this one.
pub(super) fn keep_a_helper() -> Result<(), Failure> {
    let rules = DENIED.into_iter().map(|call| (call, Vec::new())).collect();
    apply(rules, SeccompAction::Allow, deny())
}

fn deny() -> SeccompAction {
    SeccompAction::Errno(libc::EPERM.unsigned_abs())
}

fn apply(
    rules: BTreeMap<c_long, Vec<SeccompRule>>,
    otherwise: SeccompAction,
    listed: SeccompAction,
) -> Result<(), Failure> {
    let arch: TargetArch = std::env::consts::ARCH.try_into()?;
    let filter: BpfProgram = SeccompFilter::new(rules, otherwise, listed, arch)?.try_into()?;
    Ok(apply_filter_all_threads(&filter)?)
}

fn is(argument: u8, value: c_int) -> Result<SeccompCondition, seccompiler::BackendError> {
    let value = u64::from(value.unsigned_abs());
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, value)
}

fn lacks(argument: u8, bits: c_int) -> Result<SeccompCondition, seccompiler::BackendError> {
    let masked = SeccompCmpOp::MaskedEq(u64::from(bits.unsigned_abs()));
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, masked, 0)
}
