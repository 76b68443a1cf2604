//! Where ids and secrets come from: the kernel's randomness in a site, a seeded stream in a test.

use std::sync::Mutex;

use domain::id::RANDOM_BYTES;
use domain::proof::Drawn;
use domain::{
    AlarmId, AppealId, AuditId, BankId, CaseId, DecisionId, EnrolSecret, FilingId, ItemId, MailId, ManageSecret, MatchId, MediaId,
    ModeratorId, NoteId, NoticeId, PartyId, PostId, Receipt, RetentionId, Seal, SessionToken, TellingId, UploadId,
};
use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};
use zeroize::Zeroizing;

/// A source of random bytes.
pub struct Chance(Mutex<ChaCha20Rng>);

impl Chance {
    /// Seeded by the operating system; fails where that has no randomness to give.
    pub fn system() -> std::io::Result<Self> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(std::io::Error::other)?;
        Ok(Self(Mutex::new(ChaCha20Rng::from_seed(seed))))
    }

    /// The same ids every time.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))
    }

    /// A new post's id.
    pub fn post_id(&self) -> PostId {
        PostId::from_random(self.bytes())
    }

    /// A new medium's id.
    pub fn media_id(&self) -> MediaId {
        MediaId::from_random(self.bytes())
    }

    /// A new bank's id.
    pub fn bank_id(&self) -> BankId {
        BankId::from_random(self.bytes())
    }

    /// The id of what is put into a bank.
    pub fn item_id(&self) -> ItemId {
        ItemId::from_random(self.bytes())
    }

    /// A new match's id.
    pub fn match_id(&self) -> MatchId {
        MatchId::from_random(self.bytes())
    }

    /// A new party's id.
    pub fn party_id(&self) -> PartyId {
        PartyId::from_random(self.bytes())
    }

    /// A new filing's id.
    pub fn filing_id(&self) -> FilingId {
        FilingId::from_random(self.bytes())
    }

    /// A new mail's id.
    pub fn mail_id(&self) -> MailId {
        MailId::from_random(self.bytes())
    }

    /// A new alarm's id.
    pub fn alarm_id(&self) -> AlarmId {
        AlarmId::from_random(self.bytes())
    }

    /// The id of what an operator is told.
    pub fn telling_id(&self) -> TellingId {
        TellingId::from_random(self.bytes())
    }

    /// The id of somebody who may decide.
    pub fn moderator_id(&self) -> ModeratorId {
        ModeratorId::from_random(self.bytes())
    }

    /// The id of a row of the audit trail.
    pub fn audit_id(&self) -> AuditId {
        AuditId::from_random(self.bytes())
    }

    /// The secret of a link that enrols somebody.
    pub fn enrol_secret(&self) -> EnrolSecret {
        EnrolSecret::from_random(self.bytes(), self.bytes())
    }

    /// A new session's token.
    pub fn session_token(&self) -> SessionToken {
        SessionToken::from_random(self.bytes(), self.bytes())
    }

    /// A key for codes: 160 bits, as RFC 4226 recommends.
    pub fn totp_key(&self) -> [u8; 20] {
        let mut key = [0; 20];
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill_bytes(&mut key);
        key
    }

    /// A new case's id.
    pub fn case_id(&self) -> CaseId {
        CaseId::from_random(self.bytes())
    }

    /// The id of what somebody noted about a case.
    pub fn note_id(&self) -> NoteId {
        NoteId::from_random(self.bytes())
    }

    /// A new notice's id.
    pub fn notice_id(&self) -> NoticeId {
        NoticeId::from_random(self.bytes())
    }

    /// A new notice's receipt.
    pub fn receipt(&self) -> Receipt {
        Receipt::from_random(self.bytes(), self.bytes())
    }

    /// A new decision's id.
    pub fn decision_id(&self) -> DecisionId {
        DecisionId::from_random(self.bytes())
    }

    /// A new appeal's id.
    pub fn appeal_id(&self) -> AppealId {
        AppealId::from_random(self.bytes())
    }

    /// A new retention's id.
    pub fn retention_id(&self) -> RetentionId {
        RetentionId::from_random(self.bytes())
    }

    /// What a commitment is found with, and without which nobody finds it.
    pub fn blind(&self) -> [u8; 32] {
        self.seal().bytes().to_owned()
    }

    /// A new upload's id.
    pub fn upload_id(&self) -> UploadId {
        UploadId::from_random(self.bytes(), self.bytes())
    }

    /// A new post's secret.
    pub fn manage_secret(&self) -> ManageSecret {
        ManageSecret::from_random(self.bytes(), self.bytes())
    }

    /// A new seal for a post that is not open to all.
    pub fn seal(&self) -> Seal {
        let (first, second): ([u8; RANDOM_BYTES], [u8; RANDOM_BYTES]) = (self.bytes(), self.bytes());
        let mut both = [0; 2 * RANDOM_BYTES];
        both[..RANDOM_BYTES].copy_from_slice(&first);
        both[RANDOM_BYTES..].copy_from_slice(&second);
        Seal::new(both)
    }

    /// A salt for a password.
    pub fn salt(&self) -> [u8; RANDOM_BYTES] {
        self.bytes()
    }

    /// A name for a lease or a directory that nobody else has.
    pub fn token(&self) -> String {
        PostId::from_random(self.bytes()).to_string()
    }

    /// The key of this process's challenges, from the kernel for the same reason as a key that is to be forgotten.
    pub(crate) fn proof_key(&self) -> [u8; 32] {
        let mut key = [0; 32];
        for half in key.chunks_mut(16) {
            half.copy_from_slice(&*self.sip_key());
        }
        key
    }

    /// What a challenge is made of.
    pub(crate) fn drawn(&self) -> Drawn {
        let [a, b, c, d, ..] = self.bytes();
        Drawn { nonce: self.bytes(), salt: self.bytes(), counter: u32::from_le_bytes([a, b, c, d]) }
    }

    /// A key that is to be forgotten for good. Whoever reads this process's memory could run the stream that ids come from
    /// backwards, so it comes from the kernel.
    pub(crate) fn sip_key(&self) -> Zeroizing<[u8; 16]> {
        let mut key = Zeroizing::new([0; 16]);
        if getrandom::fill(&mut *key).is_err() {
            // It worked when the site began. A key that might be found out is still one that nobody knows now.
            self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill_bytes(&mut *key);
        }
        key
    }

    fn bytes(&self) -> [u8; RANDOM_BYTES] {
        let mut bytes = [0; RANDOM_BYTES];
        // A poisoned lock only means that another thread panicked between two draws; the stream is still good.
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }
}
