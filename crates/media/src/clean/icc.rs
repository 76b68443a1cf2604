//! A colour profile reduced to what colour needs. A calibrated screen's profile holds the screen's serial number, and any
//! profile may hold names, device models, dates and free text.

use super::Reader;
use domain::Problem;

/// Bigger than any profile of a camera, a screen or a printing press.
const MOST_BYTES: usize = 4 << 20;

/// The tags that take part in a conversion (ICC.1:2022, 9.2).
const TAGS: &[&[u8; 4]] = &[
    b"wtpt", b"bkpt", b"chad", b"cicp", b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"A2B0", b"A2B1", b"A2B2", b"B2A0",
    b"B2A1", b"B2A2", b"gamt",
];
/// The types that such a tag can have. None holds text.
const TYPES: &[&[u8; 4]] = &[b"XYZ ", b"curv", b"para", b"sf32", b"cicp", b"mft1", b"mft2", b"mAB ", b"mBA "];

/// The same colours without the rest. `None`: it cannot be read, so no browser would use it.
pub(crate) fn reduced(profile: &[u8]) -> Option<Vec<u8>> {
    reduce(profile).ok()
}

fn reduce(profile: &[u8]) -> Result<Vec<u8>, Problem> {
    let mut header: [u8; 128] = *profile.first_chunk().filter(|_| profile.len() <= MOST_BYTES).ok_or(Problem::Corrupt)?;
    if header.get(36..40) != Some(b"acsp") {
        return Err(Problem::Corrupt);
    }
    // Preferred CMM; date; platform; device's maker and model; creator, profile id and what is reserved.
    for unneeded in [4..8, 24..36, 40..44, 48..56, 80..128] {
        header.get_mut(unneeded).ok_or(Problem::Failed)?.fill(0);
    }
    // A date has to be one: 1 January 2000.
    header.get_mut(24..36).ok_or(Problem::Failed)?.copy_from_slice(&[7, 208, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]);
    let modern = header.get(8).is_some_and(|version| *version >= 4);

    let mut tags: Vec<([u8; 4], std::borrow::Cow<'_, [u8]>)> =
        vec![(*b"desc", description(modern).into()), (*b"cprt", rights(modern).into())];
    let mut reader = Reader(profile.get(128..).ok_or(Problem::Corrupt)?);
    for _ in 0..reader.be_u32()?.min(200) {
        let name: [u8; 4] = reader.array()?;
        let (from, length) = (reader.be_u32()?, reader.be_u32()?);
        let data = from.checked_add(length).and_then(|end| profile.get(from..end)).ok_or(Problem::Corrupt)?;
        let colour = TAGS.contains(&&name) && data.first_chunk().is_some_and(|kind| TYPES.contains(&kind));
        if colour && !tags.iter().any(|(seen, _)| *seen == name) {
            tags.push((name, data.into()));
        }
    }
    assemble(&header, &tags)
}

fn assemble(header: &[u8; 128], tags: &[([u8; 4], std::borrow::Cow<'_, [u8]>)]) -> Result<Vec<u8>, Problem> {
    let start = tags.len().saturating_mul(12).saturating_add(132);
    let (mut table, mut body) = (super::length_u32(tags.len())?.to_be_bytes().to_vec(), Vec::new());
    let mut placed: Vec<(&[u8], usize)> = Vec::new();
    for (name, data) in tags {
        // Three channels often share one curve.
        let known = placed.iter().find(|(other, _)| *other == data.as_ref()).map(|(_, at)| *at);
        let at = known.unwrap_or_else(|| {
            let at = start.saturating_add(body.len());
            body.extend_from_slice(data);
            body.resize(body.len().next_multiple_of(4), 0);
            placed.push((data.as_ref(), at));
            at
        });
        if body.len() > MOST_BYTES {
            return Err(Problem::Corrupt);
        }
        table.extend_from_slice(name);
        table.extend_from_slice(&super::length_u32(at)?.to_be_bytes());
        table.extend_from_slice(&super::length_u32(data.len())?.to_be_bytes());
    }
    let mut whole = [header.as_slice(), &table, &body].concat();
    let size = super::length_u32(whole.len())?;
    whole.get_mut(..4).ok_or(Problem::Failed)?.copy_from_slice(&size.to_be_bytes());
    Ok(whole)
}

/// Some readers want the two texts that the standard demands.
fn description(modern: bool) -> Vec<u8> {
    if modern {
        return localised(b"\0R\0G\0B", 6);
    }
    // ICC.1:2001-04, 6.5.17: ASCII, and empty Unicode and Macintosh texts.
    [b"desc\0\0\0\0\0\0\0\x04RGB\0".as_slice(), &[0; 4 + 4 + 2 + 1 + 67]].concat()
}

fn rights(modern: bool) -> Vec<u8> {
    if modern { localised(b"\0-", 2) } else { b"text\0\0\0\0-\0".to_vec() }
}

fn localised(utf16: &[u8], length: u8) -> Vec<u8> {
    [b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenUS\0\0\0".as_slice(), &[length], b"\0\0\0\x1c", utf16].concat()
}
