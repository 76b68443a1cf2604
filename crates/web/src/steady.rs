//! The patience that the site has with a sender. There is no limit on how long an upload may take, only on how slow it may be:
//! who sends a byte now and then to hold a connection open for ever is cut off, and so is who has gone away.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Instant, Sleep};

/// How long a sender is watched before it is judged.
const WINDOW: Duration = Duration::from_secs(60);
/// What must have arrived in that time, in bytes: a tenth of what the slowest telephone line carries.
const LEAST: u64 = 16 << 10;

/// A body that fails when it comes too slowly. Costs nothing for a request without a body.
pub(crate) struct Steady<Inner> {
    inner: Inner,
    every: Duration,
    window: Option<Pin<Box<Sleep>>>,
    arrived: u64,
}

impl<Inner> Steady<Inner> {
    pub(crate) fn new(inner: Inner) -> Self {
        Self { inner, every: WINDOW, window: None, arrived: 0 }
    }
}

impl<Inner> Body for Steady<Inner>
where
    Inner: Body<Data = Bytes> + Unpin,
    Inner::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        // First what has arrived: if it was us who did not look for a minute, it was not the sender who was slow.
        let polled = Pin::new(&mut this.inner).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            this.arrived = this.arrived.saturating_add(frame.data_ref().map_or(0, |data| data.len() as u64));
        }
        let window = this.window.get_or_insert_with(|| Box::pin(tokio::time::sleep(this.every)));
        while window.as_mut().poll(context).is_ready() {
            if this.arrived < LEAST && !matches!(polled, Poll::Ready(None)) {
                return Poll::Ready(Some(Err(Box::new(std::io::Error::from(std::io::ErrorKind::TimedOut)))));
            }
            this.arrived = 0;
            window.as_mut().reset(Instant::now() + this.every);
        }
        polled.map(|frame| frame.map(|result| result.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt as _;
    use http_body_util::{BodyExt as _, StreamBody};

    use super::*;

    /// A body of `count` pieces of `bytes`, one every `pause`.
    fn paced(count: usize, bytes: usize, pause: Duration) -> impl Body<Data = Bytes, Error = std::io::Error> + Unpin {
        let pieces = futures_util::stream::iter(0..count).then(move |_| async move {
            tokio::time::sleep(pause).await;
            Ok(Frame::data(Bytes::from(vec![0; bytes])))
        });
        StreamBody::new(Box::pin(pieces))
    }

    /// The same rule, faster. A machine that is busy with other tests must not look like a slow line.
    fn hurried<Inner>(inner: Inner) -> Steady<Inner> {
        Steady { every: WINDOW / 120, ..Steady::new(inner) }
    }

    #[tokio::test]
    async fn a_slow_line_is_waited_for_however_long_it_takes() {
        let whole = hurried(paced(300, 4_000, Duration::from_millis(5))).collect().await.expect("it arrives").to_bytes();
        assert_eq!(whole.len(), 1_200_000);
    }

    #[tokio::test]
    async fn single_bytes_without_end_are_cut_off_and_so_is_silence() {
        assert!(hurried(paced(1_000_000, 1, Duration::from_millis(1))).collect().await.is_err());
        assert!(hurried(paced(1, 1, Duration::from_secs(3_600))).collect().await.is_err());
    }

    #[tokio::test]
    async fn a_short_form_is_never_too_slow() {
        assert!(hurried(paced(3, 1, Duration::from_millis(1))).collect().await.is_ok());
    }
}
