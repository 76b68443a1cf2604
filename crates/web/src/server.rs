//! The listening loop: hyper over TCP, with the limits that keep one bad client from being everybody's trouble.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::linger::Linger;
use crate::steady::Steady;

/// A client that has not sent its request's head by then is cut off.
const HEAD: Duration = Duration::from_secs(20);
/// How long answers under way may take once the site is asked to stop.
const LAST_WORDS: Duration = Duration::from_secs(20);

/// Serves `router` on `listener` until `stop` turns true, then lets answers under way come to their end.
pub async fn serve(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) -> std::io::Result<()> {
    let graceful = GracefulShutdown::new();
    let mut http = hyper::server::conn::http1::Builder::new();
    // Not `pipeline_flush`: with it, the answer to a garbled request stays in the buffer for ever while the rest of it is unread.
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(64 << 10);
    let service = hyper_util::service::TowerToHyperService::new(
        tower::ServiceBuilder::new()
            .map_request(|request: axum::http::Request<hyper::body::Incoming>| request.map(Steady::new))
            .service(router),
    );
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => break,
        };
        let (stream, _peer): (_, SocketAddr) = match accepted {
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
        let connection = graceful.watch(http.serve_connection(TokioIo::new(Linger::new(stream)), service.clone()));
        tokio::spawn(async move {
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
