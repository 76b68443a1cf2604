//! Plain loops, compiled once more for processors that have wider vectors or count bits: found out when the program runs, with the same
//! answers everywhere, since it is the same code and no form of it adds up in another order. And a hint that waits for no memory.
#![expect(unsafe_code, reason = "calls what needs a processor's feature")]

/// Which form of a loop runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wide {
    /// What every processor of the architecture can do; on ARM that includes NEON.
    Plain,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Wide {
    /// All that this processor can run, the fastest last.
    pub(crate) fn all() -> impl DoubleEndedIterator<Item = Self> {
        let mut all = vec![Self::Plain];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt") {
                all.push(Self::Avx2);
            }
            if is_x86_feature_detected!("avx2")
                && is_x86_feature_detected!("popcnt")
                && is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512vpopcntdq")
            {
                all.push(Self::Avx512);
            }
        }
        all.into_iter()
    }

    /// The fastest.
    pub(crate) fn best() -> Self {
        Self::all().next_back().unwrap_or(Self::Plain)
    }

    /// Does some work in this form. Only what is inlined into it is compiled for it: what it calls must be `#[inline(always)]`.
    #[inline(always)]
    pub(crate) fn run<T>(self, work: impl FnOnce() -> T) -> T {
        match self {
            Self::Plain => work(),
            // SAFETY: `all`, the only maker of this value, found the features.
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => unsafe { avx2(work) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => unsafe { avx512(work) },
        }
    }
}

/// Asks for the memory of an element that will be read soon. Only ever a hint.
#[inline(always)]
pub(crate) fn prefetch<T>(slice: &[T], place: usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(element) = slice.get(place) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a prefetch never faults and changes nothing that a program can see, and SSE is part of x86-64.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(element).cast()) }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (slice, place);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,popcnt")]
fn avx2<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,popcnt,avx512f,avx512bw,avx512dq,avx512vl,avx512vpopcntdq")]
fn avx512<T>(work: impl FnOnce() -> T) -> T {
    work()
}
