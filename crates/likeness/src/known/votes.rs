//! Votes of a query's descriptors for known pictures, each seen in one look.

use super::MANY;
use crate::keypoints::Look;

const LOOKS: usize = Look::ALL.len();

/// What one picture got in one look.
struct Tally {
    place: usize,
    look: usize,
    weight: f32,
    votes: usize,
}

/// Everything is found by a place alone, so that a vote costs as much however many there are.
pub(super) struct Votes {
    /// By place and look where its tally is, one more than that; 0: it has none.
    tallies: Vec<u32>,
    all: Vec<Tally>,
    /// By place the last descriptor that was there.
    last: Vec<u32>,
    descriptor: u32,
    /// Places of this descriptor, each once.
    there: Vec<usize>,
}

impl Votes {
    /// None, for pictures with places below this.
    pub(super) fn new(places: usize) -> Self {
        Self { tallies: vec![0; LOOKS * places], all: Vec::new(), last: vec![0; places], descriptor: 0, there: Vec::new() }
    }

    /// A descriptor votes for all pictures that have it, at these places. What many have counts little for each.
    pub(super) fn cast(&mut self, look: usize, places: impl Iterator<Item = usize>) {
        self.descriptor += 1;
        self.there.clear();
        for place in places {
            if std::mem::replace(&mut self.last[place], self.descriptor) != self.descriptor {
                self.there.push(place);
            }
        }
        let weight = 1.0 / (1.0 + 0.2 * self.there.len().saturating_sub(1) as f32);
        for place in self.there.iter().copied() {
            let number = &mut self.tallies[LOOKS * place + look];
            if *number == 0 {
                self.all.push(Tally { place, look, weight: 0.0, votes: 0 });
                *number = self.all.len() as u32;
            }
            let tally = &mut self.all[*number as usize - 1];
            (tally.weight, tally.votes) = (tally.weight + weight, tally.votes + 1);
        }
    }

    /// The places and looks with the most votes, the most first.
    pub(super) fn most(mut self, most: usize) -> Vec<(usize, usize)> {
        self.all.retain(|one| one.weight > 1.2 || one.votes >= MANY);
        self.all.sort_unstable_by(|a, b| b.weight.total_cmp(&a.weight).then((a.place, a.look).cmp(&(b.place, b.look))));
        self.all.into_iter().take(most).map(|one| (one.place, one.look)).collect()
    }
}
