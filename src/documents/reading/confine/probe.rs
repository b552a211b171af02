//! Whether the walls hold: a confined process tries to get out.

use std::fs::File;
use std::net::UdpSocket;
use std::os::unix::net::UnixDatagram;
use std::process::{Command, Stdio};

use super::Limits;

/// What this process can do that it should not be able to.
///
/// Nothing it tries does harm where it succeeds.
pub(in super::super) fn escapes(limits: &Limits) -> Vec<String> {
    let more_memory = usize::try_from((limits.memory_mib + 1) << 20).unwrap_or(usize::MAX);
    let tries = [
        ("open a file", File::open("/proc/self/stat").is_ok()),
        ("see a folder", std::fs::read_dir("/").is_ok()),
        ("write a file", writes()),
        ("use the network", UdpSocket::bind("127.0.0.1:0").is_ok()),
        ("make a socket", UnixDatagram::unbound().is_ok()),
        ("start a program", starts_a_program()),
        ("start a thread", std::thread::Builder::new().spawn(|| ()).is_ok()),
        ("use more memory than it may", Vec::<u8>::new().try_reserve(more_memory).is_ok()),
    ];
    tries.into_iter().filter(|(_, can)| *can).map(|(what, _)| what.to_owned()).collect()
}

/// Whether a file can be made; it is taken away again.
fn writes() -> bool {
    let path = std::env::temp_dir().join(format!("munshi-probe-{}", std::process::id()));
    let made = File::create_new(&path).is_ok();
    if made {
        // A file of no bytes that cannot be removed does no harm.
        let _stays = std::fs::remove_file(&path);
    }
    made
}

fn starts_a_program() -> bool {
    let mut command = Command::new("/bin/true");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok()
}
