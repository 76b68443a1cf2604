//! The listening loop: hyper over TCP, with the limits that keep one bad client from being everybody's trouble.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

use crate::client::Peer;
use crate::linger::Linger;
use crate::steady::Steady;

/// A client that has not sent its request's head by then is cut off.
const HEAD: Duration = Duration::from_secs(20);
/// How long answers under way may take once the site is asked to stop.
const LAST_WORDS: Duration = Duration::from_secs(20);

/// The most connections at a time. Each needs a descriptor, and one more while a large file is read for it.
const CONNECTIONS: usize = 8_192;

/// Serves `router` on `listener` until `stop` turns true, then lets answers under way come to their end.
pub async fn serve(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) -> std::io::Result<()> {
    let graceful = GracefulShutdown::new();
    let mut http = hyper::server::conn::http1::Builder::new();
    // Not `pipeline_flush`: with it, the answer to a garbled request stays in the buffer for ever while the rest of it is unread.
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(64 << 10);
    let places = Arc::new(Semaphore::new(descriptors().saturating_sub(100) / 2));
    loop {
        let next = async {
            // Whoever finds no place waits in the kernel's queue; those that are being served are not the worse for it.
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            _ = stop.changed() => break,
        };
        let (stream, peer): (_, SocketAddr) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of descriptors, most likely. Waiting lets some close; ending would close them all.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        // Without this, an answer in two writes waits 40 ms for the client's delayed acknowledgement.
        if stream.set_nodelay(true).is_err() {
            continue;
        }
        let with_its_peer = move |request: axum::http::Request<hyper::body::Incoming>| {
            let mut request = request.map(Steady::new);
            request.extensions_mut().insert(Peer(peer.ip()));
            request
        };
        let service =
            hyper_util::service::TowerToHyperService::new(tower::ServiceBuilder::new().map_request(with_its_peer).service(router.clone()));
        let connection = graceful.watch(http.serve_connection(TokioIo::new(Linger::new(stream)), service));
        tokio::spawn(async move {
            let _place = place;
            // A client that goes away in mid-answer is ordinary.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(LAST_WORDS) => tracing::warn!("some answers were cut off"),
    }
    Ok(())
}

/// How many descriptors this process may have, after asking for as many as [`CONNECTIONS`] need: the usual limit is low for the sake
/// of old programs only.
fn descriptors() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let now = getrlimit(Resource::Nofile);
    let wanted = (CONNECTIONS as u64).saturating_mul(2).saturating_add(100);
    let wanted = now.maximum.map_or(wanted, |most| most.min(wanted)).max(now.current.unwrap_or(wanted));
    let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum: now.maximum }).is_ok();
    let most = if raised { wanted } else { now.current.unwrap_or(wanted) };
    usize::try_from(most).unwrap_or(usize::MAX).min(CONNECTIONS * 2 + 100)
}
