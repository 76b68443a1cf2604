//! What the bytes of a request add up to, as its client says and as they came.

/// What a client says that the bytes of one request add up to.
pub enum Checksum {
    /// SHA-1.
    Sha1(Vec<u8>),
    /// SHA-256.
    Sha256(Vec<u8>),
    /// MD5.
    Md5(Vec<u8>),
}

/// The bytes of a request, added up.
pub(super) enum Check {
    Sha1(sha1::Sha1, Vec<u8>),
    Sha256(sha2::Sha256, Vec<u8>),
    Md5(md5::Md5, Vec<u8>),
}

impl Check {
    pub(super) fn new(wanted: Checksum) -> Self {
        match wanted {
            Checksum::Sha1(sum) => Self::Sha1(sha1::Sha1::default(), sum),
            Checksum::Sha256(sum) => Self::Sha256(sha2::Sha256::default(), sum),
            Checksum::Md5(sum) => Self::Md5(md5::Md5::default(), sum),
        }
    }

    pub(super) fn see(&mut self, bytes: &[u8]) {
        use sha2::Digest as _;
        match self {
            Self::Sha1(sum, _) => sum.update(bytes),
            Self::Sha256(sum, _) => sum.update(bytes),
            Self::Md5(sum, _) => sum.update(bytes),
        }
    }

    pub(super) fn holds(self) -> bool {
        use sha2::Digest as _;
        match self {
            Self::Sha1(sum, wanted) => sum.finalize().as_slice() == wanted,
            Self::Sha256(sum, wanted) => sum.finalize().as_slice() == wanted,
            Self::Md5(sum, wanted) => sum.finalize().as_slice() == wanted,
        }
    }
}
