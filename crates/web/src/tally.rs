//! Counts the bytes of a body in its sender's budget. What the head announces is paid for before a byte is read, so that two large
//! uploads at the same moment cannot both have what is left for one; what then does not come is given back. A body that was begun
//! is never refused for its bytes: what nobody announced is owed.

use std::pin::Pin;
use std::task::{Context, Poll};

use app::{Site, Who};
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use domain::{Budget, OverBudget};
use http_body::{Body, Frame, SizeHint};

/// What nobody announced is counted in steps, not byte by byte.
const STEP: u64 = 1 << 20;

/// What was paid for.
pub(crate) struct Paid {
    site: Site,
    who: Who,
    bytes: u64,
}

impl Paid {
    /// Pays for what a request's head announces.
    pub(crate) fn pay(site: &Site, who: &Who, headers: &HeaderMap) -> Result<Self, OverBudget> {
        let announced = length(headers);
        // Who has nothing left may not begin, whatever they announce.
        let bytes = announced.unwrap_or(1).max(1);
        site.spend(who, Budget::Byte, bytes)?;
        Ok(Self { site: site.clone(), who: who.clone(), bytes })
    }

    /// The body that it was paid for.
    pub(crate) fn counting<Inner>(self, inner: Inner) -> Tally<Inner> {
        Tally { inner, paid: self, arrived: 0 }
    }
}

/// What a request's head announces of its body.
pub(crate) fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// A body that is counted.
pub(crate) struct Tally<Inner> {
    inner: Inner,
    paid: Paid,
    arrived: u64,
}

impl<Inner> Tally<Inner> {
    fn owe(&mut self) {
        let paid = &mut self.paid;
        paid.site.owe(&paid.who, Budget::Byte, self.arrived.saturating_sub(paid.bytes));
        paid.bytes = self.arrived;
    }
}

impl<Inner> Drop for Tally<Inner> {
    fn drop(&mut self) {
        if self.arrived < self.paid.bytes {
            self.paid.site.give_back(&self.paid.who, Budget::Byte, self.paid.bytes - self.arrived);
        } else if self.arrived > self.paid.bytes {
            self.owe();
        }
    }
}

impl<Inner> Body for Tally<Inner>
where
    Inner: Body<Data = Bytes> + Unpin,
{
    type Data = Bytes;
    type Error = Inner::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            self.arrived = self.arrived.saturating_add(frame.data_ref().map_or(0, |data| data.len() as u64));
            if self.arrived.saturating_sub(self.paid.bytes) >= STEP {
                self.owe();
            }
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
