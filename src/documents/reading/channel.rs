//! The socket by which a child is told what to do, and given the file to read.
//!
//! The file comes open: the child has no right to open any, and never learns
//! a path. Each message arrives whole or not at all.

use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};

use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, SocketFlags, SocketType, recvmsg, sendmsg, socketpair,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A request holds a password and some numbers.
const LONGEST: usize = 64 << 10;
/// Room for one open file in a message.
const ROOM: usize = rustix::cmsg_space!(ScmRights(1));

/// Makes the two ends: ours, and the one that becomes a child's standard input.
///
/// # Errors
/// Fails when no more files can be opened.
pub(super) fn pair() -> io::Result<(OwnedFd, OwnedFd)> {
    Ok(socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?)
}

/// Sends a message, and an open file with it.
///
/// # Errors
/// Fails when the other end has gone or the message is too long.
pub(super) fn send(
    socket: impl AsFd,
    message: &impl Serialize,
    file: Option<&File>,
) -> io::Result<()> {
    let text = serde_json::to_vec(message)?;
    if text.len() > LONGEST {
        return Err(io::Error::other("the request is too long"));
    }
    let mut room = [MaybeUninit::uninit(); ROOM];
    let mut along = SendAncillaryBuffer::new(&mut room);
    let files = file.map(AsFd::as_fd);
    if let Some(file) = &files {
        along.push(SendAncillaryMessage::ScmRights(std::slice::from_ref(file)));
    }
    // A child that has gone is an error, not a signal that ends the service.
    sendmsg(socket, &[IoSlice::new(&text)], &mut along, SendFlags::NOSIGNAL)?;
    Ok(())
}

/// Waits for a message and the open file with it; `None` when the other end has
/// gone or does not speak our language.
pub(super) fn receive<T: DeserializeOwned>(socket: impl AsFd) -> Option<(T, Option<File>)> {
    let mut text = vec![0; LONGEST];
    let mut room = [MaybeUninit::uninit(); ROOM];
    let mut along = RecvAncillaryBuffer::new(&mut room);
    let got =
        recvmsg(socket, &mut [IoSliceMut::new(&mut text)], &mut along, RecvFlags::CMSG_CLOEXEC);
    let message = serde_json::from_slice(text.get(..got.ok()?.bytes)?).ok()?;
    let files = along.drain().filter_map(|part| match part {
        RecvAncillaryMessage::ScmRights(files) => Some(files),
        _ => None,
    });
    Some((message, files.flatten().next().map(File::from)))
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_file_comes_open_and_messages_stay_apart() {
        let (ours, theirs) = pair().unwrap();
        let mut sent = tempfile::NamedTempFile::new().unwrap();
        std::io::Write::write_all(&mut sent, b"a deed").unwrap();
        send(&ours, &"limits", None).unwrap();
        send(&ours, &7, Some(&File::open(sent.path()).unwrap())).unwrap();
        drop(sent);
        let (limits, nothing) = receive::<String>(&theirs).unwrap();
        assert_eq!((limits.as_str(), nothing.is_none()), ("limits", true));
        let (number, file) = receive::<u32>(&theirs).unwrap();
        let mut text = String::new();
        file.unwrap().read_to_string(&mut text).unwrap();
        assert_eq!((number, text.as_str()), (7, "a deed"));
    }

    #[test]
    fn an_end_that_has_gone_is_told() {
        let (ours, theirs) = pair().unwrap();
        drop(ours);
        assert!(receive::<u32>(&theirs).is_none());
        let (ours, theirs) = pair().unwrap();
        drop(theirs);
        assert!(send(&ours, &1, None).is_err());
        let (ours, theirs) = pair().unwrap();
        assert!(send(&ours, &"x".repeat(LONGEST), None).is_err());
        send(&ours, &"no number", None).unwrap();
        assert!(receive::<u32>(&theirs).is_none());
    }
}
