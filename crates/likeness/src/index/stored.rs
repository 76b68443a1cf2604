//! Entries as a file holds them, looked at one after the other where they lie.
//!
//! 64 bytes tell what follows (all numbers lowest byte first): `likeness`, a form (4 bytes, 1), the CRC-32 of all that follows the head (4),
//! how many entries (8), and zeros. Then 32 bytes a hash, as [`Hash::to_bytes`] writes them, and after the last hash 8 bytes an id. There is nothing in it that
//! points anywhere, so that bytes from anybody are safe to search.

use super::kernel::{Bits as _, Kernel};
use super::{Near, on_all_cores};
use crate::Hash;

const HEAD: usize = 64;
const MAGIC: [u8; 8] = *b"likeness";
const FORM: u32 = 1;

/// So many hashes are asked about everything before the next are looked at: they stay in a core's own cache.
const BLOCK: usize = 8192;
/// So many of these blocks are a thread's piece of work.
const PIECE: usize = 4;

/// Immutable entries over bytes that somebody else holds: a file that is mapped, or read.
///
/// ```
/// use likeness::{Hash, RADIUS, index::Stored};
///
/// let bytes = Stored::to_bytes(&[(Hash([0, 0, 0, 7]), 1), (Hash([u64::MAX; 4]), 2)]);
/// let stored = Stored::from_bytes(&bytes)?;
/// let found = Stored::within_each(&[stored], &[Hash::default()], RADIUS);
/// assert_eq!((found[0][0].id, found[0][0].distance), (1, 3));
/// # Ok::<(), likeness::index::StoredError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Stored<'a> {
    hashes: &'a [[u8; 32]],
    ids: &'a [[u8; 8]],
}

/// Why bytes are no entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoredError {
    /// They are something else.
    #[error("this is no file of hashes")]
    Foreign,
    /// Of this form.
    #[error("this file of hashes has the form {0}, which is not known here")]
    Form(u32),
    /// They end early, or late.
    #[error("this file of hashes should have {wanted} bytes and has {has}")]
    Length {
        /// As the head says.
        wanted: u64,
        /// As it is.
        has: u64,
    },
    /// They are not what was written.
    #[error("this file of hashes is damaged")]
    Damaged,
}

impl<'a> Stored<'a> {
    /// The stored form of these: 64 bytes, and 40 for each.
    #[must_use]
    pub fn to_bytes(entries: &[(Hash, u64)]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD + entries.len() * 40);
        bytes.resize(HEAD, 0);
        bytes.extend(entries.iter().flat_map(|(hash, _)| hash.to_bytes()));
        bytes.extend(entries.iter().flat_map(|(_, id)| id.to_le_bytes()));
        let sum = crc32fast::hash(&bytes[HEAD..]);
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..12].copy_from_slice(&FORM.to_le_bytes());
        bytes[12..16].copy_from_slice(&sum.to_le_bytes());
        bytes[16..24].copy_from_slice(&(entries.len() as u64).to_le_bytes());
        bytes
    }

    /// Reads the stored form, all of it once, to see that it is whole.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, StoredError> {
        let (stored, sum) = Self::laid_out(bytes)?;
        if crc32fast::hash(&bytes[HEAD..]) == sum { Ok(stored) } else { Err(StoredError::Damaged) }
    }

    /// Reads the stored form where it was seen to be whole before: only its head is looked at, and what was damaged since is found under wrong
    /// hashes and ids, or not at all.
    pub fn from_bytes_seen(bytes: &'a [u8]) -> Result<Self, StoredError> {
        Self::laid_out(bytes).map(|(stored, _)| stored)
    }

    /// With the sum that what follows the head should have.
    fn laid_out(bytes: &'a [u8]) -> Result<(Self, u32), StoredError> {
        let (head, rest) = bytes.split_first_chunk::<HEAD>().ok_or(StoredError::Foreign)?;
        let [m0, m1, m2, m3, m4, m5, m6, m7, f0, f1, f2, f3, s0, s1, s2, s3, c0, c1, c2, c3, c4, c5, c6, c7, zeros @ ..] = *head;
        if [m0, m1, m2, m3, m4, m5, m6, m7] != MAGIC {
            return Err(StoredError::Foreign);
        }
        match u32::from_le_bytes([f0, f1, f2, f3]) {
            FORM => {}
            other => return Err(StoredError::Form(other)),
        }
        let count = u64::from_le_bytes([c0, c1, c2, c3, c4, c5, c6, c7]);
        let wanted = count.saturating_mul(40).saturating_add(HEAD as u64);
        if wanted != bytes.len() as u64 {
            return Err(StoredError::Length { wanted, has: bytes.len() as u64 });
        }
        if zeros != [0; 40] {
            return Err(StoredError::Damaged);
        }
        let (hashes, ids) = rest.split_at(rest.len() / 5 * 4);
        Ok((Self { hashes: hashes.as_chunks().0, ids: ids.as_chunks().0 }, u32::from_le_bytes([s0, s1, s2, s3])))
    }

    /// The ids of all entries, in the order in which they were written.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = u64> + use<'a> {
        self.ids.iter().map(|id| u64::from_le_bytes(*id))
    }

    /// How many entries there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// All entries, in the order in which they were written.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = (Hash, u64)> + use<'a> {
        self.hashes.iter().zip(self.ids).map(|(hash, id)| (Hash::from_bytes(*hash), u64::from_le_bytes(*id)))
    }

    /// Of all these entries those within the radius of each hash, on all cores, by looking at all of them once. Answers stand in the order of
    /// the hashes, each in the order of the parts.
    ///
    /// It costs as much as reading all hashes once, or, for more than about four hashes, comparing each with each. From a thousand hashes
    /// on it is quicker to make an [`Index`](super::Index) of them and to ask it for each of the [`entries`](Stored::entries).
    #[must_use]
    pub fn within_each(parts: &[Self], hashes: &[Hash], radius: u32) -> Vec<Vec<Near>> {
        let kernel = Kernel::best();
        let queries: Vec<[u8; 32]> = hashes.iter().map(|hash| hash.to_bytes()).collect();
        let pieces: Vec<Self> = parts.iter().flat_map(|part| part.pieces(BLOCK * PIECE)).collect();
        let found = on_all_cores(pieces.len(), |places: &mut Vec<u32>, piece| {
            let mut found = Vec::new();
            for block in pieces[piece].pieces(BLOCK) {
                for (number, query) in queries.iter().enumerate() {
                    places.clear();
                    kernel.scan(block.hashes, query, radius, 0, places);
                    for place in places.iter().map(|place| *place as usize) {
                        let (hash, id) = (&block.hashes[place], u64::from_le_bytes(block.ids[place]));
                        found.push((number, Near { distance: hash.distance(query), id }));
                    }
                }
            }
            found
        });
        let mut each = vec![Vec::new(); hashes.len()];
        for (number, near) in found.into_iter().flatten() {
            each[number].push(near);
        }
        each
    }

    fn pieces(self, size: usize) -> impl Iterator<Item = Self> {
        self.hashes.chunks(size).zip(self.ids.chunks(size)).map(|(hashes, ids)| Self { hashes, ids })
    }
}

impl std::fmt::Debug for Stored<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stored").field("len", &self.len()).finish_non_exhaustive()
    }
}
