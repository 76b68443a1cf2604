//! Tells systemd how far we are, where it asked to be told (`Type=notify`).

use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};

/// The site can be asked.
pub(crate) fn ready() {
    tell("READY=1");
}

/// The site is on its way out, in good order.
pub(crate) fn stopping() {
    tell("STOPPING=1");
}

fn tell(words: &str) {
    let Ok(name) = std::env::var("NOTIFY_SOCKET") else { return };
    let address = match name.strip_prefix('@') {
        Some(name) => SocketAddr::from_abstract_name(name),
        None => SocketAddr::from_pathname(&name),
    };
    let told = address.and_then(|address| UnixDatagram::unbound()?.send_to_addr(words.as_bytes(), &address));
    if let Err(error) = told {
        tracing::warn!(%error, "systemd could not be told");
    }
}
