//! A connection that is closed without losing its last words.
//!
//! A request may be answered before all of it has arrived: too much text, or a form that is none. Closing at once while the client
//! still sends makes the kernel throw away what it has not read, and with it, at the client, the answer. So only our side is closed
//! at first; what still comes is read and thrown away until the client has closed its own, is silent, or has had its time.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// A client that sends nothing for this long after our last word has heard it, or never will.
const SILENCE: Duration = Duration::from_secs(1);
/// How long it may go on sending.
const PATIENCE: Duration = Duration::from_secs(30);

/// A client that takes nothing of its answer for this long is cut off: it would hold the connection and what waits for it for ever.
const STALL: Duration = Duration::from_secs(60);

/// A connection whose shutdown lingers, and whose writing does not wait for ever.
pub(crate) struct Linger<S> {
    stream: S,
    /// Runs while a write waits.
    stalled: Option<Pin<Box<Sleep>>>,
    closing: Option<Closing>,
}

struct Closing {
    silent: Pin<Box<Sleep>>,
    end: Instant,
}

impl<S> Linger<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self { stream, stalled: None, closing: None }
    }
}

impl<S> Linger<S> {
    /// Passes on what became of a write, unless it has waited for too long.
    fn in_time<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + STALL)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Linger<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Linger<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.in_time(cx, written)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, parts: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.in_time(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { stream, closing, .. } = &mut *self;
        let closing = match closing {
            Some(closing) => closing,
            None => {
                ready!(Pin::new(&mut *stream).poll_shutdown(cx))?;
                let now = Instant::now();
                closing.insert(Closing { silent: Box::pin(sleep_until(now + SILENCE)), end: now + PATIENCE })
            }
        };
        let mut scratch = [std::mem::MaybeUninit::<u8>::uninit(); 16 << 10];
        loop {
            let mut buffer = ReadBuf::uninit(&mut scratch);
            if let Poll::Ready(read) = Pin::new(&mut *stream).poll_read(cx, &mut buffer) {
                let now = Instant::now();
                // An error is an end as well: whoever has gone is not waited for.
                if read.is_err() || buffer.filled().is_empty() || now >= closing.end {
                    return Poll::Ready(Ok(()));
                }
                closing.silent.as_mut().reset((now + SILENCE).min(closing.end));
                continue;
            }
            return closing.silent.as_mut().poll(cx).map(Ok);
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    #[tokio::test]
    async fn an_answer_reaches_a_client_that_is_still_sending() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("it listens");
        let address = listener.local_addr().expect("it has an address");
        let client = tokio::spawn(async move {
            let mut stream = TcpStream::connect(address).await.expect("it connects");
            for _ in 0..64 {
                stream.write_all(&[0; 64 << 10]).await.expect("it can send everything");
            }
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.expect("the answer arrives");
            answer
        });
        let mut server = Linger::new(listener.accept().await.expect("it accepts").0);
        server.read_exact(&mut [0; 10]).await.expect("the first bytes arrive");
        server.write_all(b"too much").await.expect("it answers");
        server.shutdown().await.expect("it closes");
        drop(server);
        assert_eq!(client.await.expect("the client lives"), "too much");
    }

    #[tokio::test]
    async fn a_silent_client_is_not_waited_for_long() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("it listens");
        let client = TcpStream::connect(listener.local_addr().expect("it has an address")).await.expect("it connects");
        let mut server = Linger::new(listener.accept().await.expect("it accepts").0);
        let begun = Instant::now();
        server.shutdown().await.expect("it closes");
        assert!(begun.elapsed() < SILENCE * 3);
        drop(client);
    }
}
