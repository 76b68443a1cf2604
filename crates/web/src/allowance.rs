//! What a form may send while its parser looks for the next part. The parser keeps everything in memory until it has found where a
//! part begins and has read the part's head, so a form that never gets there must not be read for ever.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// Many times the longest head of a part, and what may come with it in one piece.
const HEAD: usize = 256 << 10;

/// How many bytes may still be read.
#[derive(Clone, Default)]
pub(crate) struct Allowance(Arc<AtomicUsize>);

impl Allowance {
    /// Before the next part is looked for.
    pub(crate) fn for_a_head(&self) {
        self.0.store(HEAD, Ordering::Relaxed);
    }

    /// While a part's bytes are taken out as they come: who takes them has limits of their own.
    pub(crate) fn for_a_part(&self) {
        self.0.store(usize::MAX, Ordering::Relaxed);
    }
}

/// A body that fails when it goes beyond its allowance.
pub(crate) struct Allowed<Inner> {
    inner: Inner,
    allowance: Allowance,
    /// Whether the parser was made to look at what it has since anything more was read.
    looked: bool,
}

impl<Inner> Allowed<Inner> {
    pub(crate) fn new(inner: Inner, allowance: Allowance) -> Self {
        Self { inner, allowance, looked: false }
    }
}

impl<Inner> Body for Allowed<Inner>
where
    Inner: Body<Data = Bytes> + Unpin,
    Inner::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let left = self.allowance.0.load(Ordering::Relaxed);
        if left == 0 && !self.looked {
            // The parser takes in whatever is there before it looks; what was wanted may have come with much else in one piece.
            self.looked = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if left == 0 {
            return Poll::Ready(Some(Err("a part of the form does not begin".into())));
        }
        let polled = Pin::new(&mut self.inner).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            let bytes = frame.data_ref().map_or(0, Bytes::len);
            self.looked = false;
            self.allowance.0.store(left.saturating_sub(bytes), Ordering::Relaxed);
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
    use http_body_util::{BodyExt as _, StreamBody};

    use super::*;

    fn pieces(count: usize) -> impl Body<Data = Bytes, Error = std::io::Error> + Unpin {
        StreamBody::new(futures_util::stream::iter((0..count).map(|_| Ok(Frame::data(Bytes::from(vec![0; 64 << 10]))))))
    }

    #[tokio::test]
    async fn a_head_that_does_not_end_is_not_read_for_ever_and_a_part_is() {
        let allowance = Allowance::default();
        allowance.for_a_head();
        assert!(Allowed::new(pieces(3), allowance.clone()).collect().await.is_ok());
        allowance.for_a_head();
        assert!(Allowed::new(pieces(6), allowance.clone()).collect().await.is_err());
        allowance.for_a_part();
        assert!(Allowed::new(pieces(600), allowance).collect().await.is_ok());
    }
}
