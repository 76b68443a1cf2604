//! Lanes: how what somebody posts is taken. Nearly everything is public at once; some of it waits, and the links of some are plain words at
//! first. Nothing is refused by a lane.

use crate::lever::Lever;
use crate::time::Time;

/// Why nobody but its poster sees a post yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// It becomes public by itself, from then on.
    Until(Time),
    /// Somebody has to look at it first.
    ForALook,
}

impl Wait {
    /// The same as one number, for the database.
    #[must_use]
    pub fn to_ms(self) -> i64 {
        match self {
            Self::Until(time) => time.0,
            Self::ForALook => i64::MAX,
        }
    }

    /// Reads that number back.
    #[must_use]
    pub fn of_ms(ms: i64) -> Self {
        if ms == i64::MAX { Self::ForALook } else { Self::Until(Time(ms)) }
    }

    /// When it becomes public, as far as anybody knows.
    #[must_use]
    pub fn until(self) -> Option<Time> {
        match self {
            Self::Until(time) => Some(time),
            Self::ForALook => None,
        }
    }
}

/// How a post is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lane {
    /// It is public from then on; `None`: at once.
    pub public: Option<Time>,
    /// The lever because of which somebody has to look at it first.
    pub look: Option<Lever>,
    /// Its links are links from then on; `None`: at once.
    pub links: Option<Time>,
}

impl Lane {
    /// What it waits for. A look comes before the clock.
    #[must_use]
    pub fn wait(&self) -> Option<Wait> {
        self.look.map(|_| Wait::ForALook).or(self.public.map(Wait::Until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_comes_before_the_clock() {
        let lane = Lane { public: Some(Time(7)), ..Lane::default() };
        assert_eq!(Lane::default().wait(), None);
        assert_eq!(lane.wait(), Some(Wait::Until(Time(7))));
        assert_eq!(Lane { look: Some(Lever::HoldFresh), ..lane }.wait(), Some(Wait::ForALook));
    }

    #[test]
    fn a_wait_reads_back_from_its_number() {
        for wait in [Wait::Until(Time(0)), Wait::Until(Time(1_764_000_000_000)), Wait::ForALook] {
            assert_eq!(Wait::of_ms(wait.to_ms()), wait);
        }
    }
}
