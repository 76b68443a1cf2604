//! Lists of hashes as the field passes them on: one a line, bare or after the name of its kind.
//!
//! `pdq HEX` is python-threatexchange's `local_file`; a bare hash of 64 digits is a PDQ, one of 32 an MD5. Empty lines and what
//! follows `#` are left out, and so are a byte order mark and the ends of lines of other systems. A CSV whose first two columns are
//! the kind and the hash reads the same way.

use domain::FingerprintKind;

/// One hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) kind: FingerprintKind,
    pub(super) bytes: Vec<u8>,
}

/// Reads a line; `None`: there is nothing on it. The error says what is wrong with it.
pub(super) fn read(line: &str) -> Result<Option<Entry>, String> {
    let line = line.trim_start_matches('\u{feff}');
    let line = line.split('#').next().unwrap_or_default();
    let mut words = line.split(|c: char| c.is_whitespace() || c == ',' || c == '"').filter(|word| !word.is_empty());
    let (Some(first), second) = (words.next(), words.next()) else { return Ok(None) };
    let named = match first.to_ascii_lowercase().as_str() {
        "pdq" => Some((FingerprintKind::Hashes, 32)),
        "sha256" | "video_sha256" => Some((FingerprintKind::Sha256, 32)),
        "md5" | "video_md5" => Some((FingerprintKind::Md5, 16)),
        // The head of a table.
        "signal_type" => return Ok(None),
        _ => None,
    };
    let (kind, size, digits) = match (named, second) {
        (Some((kind, size)), Some(digits)) => (kind, size, digits),
        (Some(_), None) => return Err(format!("{first} without a hash")),
        (None, _) if first.len() == 64 => (FingerprintKind::Hashes, 32, first),
        (None, _) if first.len() == 32 => (FingerprintKind::Md5, 16, first),
        (None, _) => return Err("neither a PDQ hash of 64 hexadecimal digits nor an MD5 of 32, nor a line such as `pdq HASH`".to_owned()),
    };
    let bytes = hex::decode(digits).map_err(|_| "not hexadecimal digits, or not an even number of them".to_owned())?;
    if bytes.len() != size {
        return Err(format!("{} digits, {} are needed", digits.len(), size * 2));
    }
    Ok(Some(Entry { kind, bytes }))
}

/// The lines for a signal; nothing for what is never passed on.
pub(super) fn lines(signal: &domain::Fingerprint) -> Vec<String> {
    let each = |name: &str, size| signal.bytes.chunks_exact(size).map(|hash| format!("{name} {}", hex::encode(hash))).collect();
    match signal.kind {
        FingerprintKind::Hashes => each("pdq", 32),
        FingerprintKind::Sha256 => each("sha256", 32),
        FingerprintKind::Md5 => each("md5", 16),
        FingerprintKind::Pdq => {
            let canonical = likeness::pdq::Readings::from_bytes(&signal.bytes).map(|readings| readings.canonical());
            let clear = canonical.filter(|pdq| pdq.quality >= likeness::pdq::MIN_QUALITY);
            clear.map(|pdq| format!("pdq {}", pdq.hash)).into_iter().collect()
        }
        FingerprintKind::Keypoints | FingerprintKind::Frames | FingerprintKind::Text | FingerprintKind::Links => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PDQ: &str = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22";
    const MD5: &str = "d41d8cd98f00b204e9800998ecf8427e";

    fn kind(line: &str) -> Option<FingerprintKind> {
        read(line).expect("it reads").map(|entry| entry.kind)
    }

    #[test]
    fn a_list_may_be_bare_named_or_a_table_in_whatever_writing() {
        for line in [
            PDQ.to_owned(),
            format!("pdq {PDQ}"),
            format!("\u{feff}PDQ {}\r", PDQ.to_uppercase()),
            format!("\"pdq\",\"{PDQ}\",kites"),
            format!("  {PDQ} # a kite"),
        ] {
            assert_eq!(kind(&line), Some(FingerprintKind::Hashes), "{line}");
        }
        assert_eq!(kind(MD5), Some(FingerprintKind::Md5));
        assert_eq!(kind(&format!("video_md5 {MD5}")), Some(FingerprintKind::Md5));
        assert_eq!(kind(&format!("sha256 {PDQ}")), Some(FingerprintKind::Sha256));
        for nothing in ["", "\r", "# a comment", "signal_type,signal,tags"] {
            assert_eq!(kind(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn what_is_no_hash_is_told_in_words() {
        for bad in ["kites", "pdq", &format!("pdq {MD5}"), &format!("md5 {PDQ}"), &PDQ.replace('f', "g"), &format!("pdq {}", &PDQ[1..])] {
            assert!(read(bad).is_err_and(|words| !words.is_empty()), "{bad}");
        }
    }

    #[test]
    fn what_is_passed_on_reads_back() {
        let entry = read(PDQ).expect("it reads").expect("a hash");
        let signal = domain::Fingerprint { kind: entry.kind, version: 1, bytes: [entry.bytes.clone(), entry.bytes.clone()].concat() };
        let written = lines(&signal);
        assert_eq!(written, vec![format!("pdq {PDQ}"); 2]);
        assert_eq!(read(&written[0]), Ok(Some(entry)));
        assert!(lines(&domain::Fingerprint { kind: FingerprintKind::Keypoints, ..signal }).is_empty(), "descriptors are never passed on");
    }
}
