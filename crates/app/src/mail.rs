//! Mail to those who gave notice, to registered parties, and to the operator. What is to be said is written down in the change that it tells of, as ids alone;
//! a job makes words of it and hands them to the operator's server. Nothing waits for mail: what does not arrive is told at its case.

mod smtp;

use std::pin::Pin;

use domain::mail::{ADDRESS_KEPT_MS, RECEIPTS_A_DAY, pause_ms};
use domain::time::DAY_MS;
use domain::{CaseId, DecisionId, FilingId, Language, MailId, MailKind, MailState, NoticeId, Party, PartyKind, Receipt, Time};
use store::mails::MailRow;
use store::{DecisionRow, NoticeRow, Subject, Tx};

pub use smtp::{MailError, Server, Unsent};

use crate::{Error, FilingState, Job, Site};

/// Who writes: makes words of what a mail is about. `None`: there is nothing to say any more.
pub type Writer = fn(Site, MailRow) -> Pin<Box<dyn Future<Output = Result<Option<Letter>, Error>> + Send>>;

/// How a site sends mail.
#[derive(Clone)]
pub struct Post {
    /// Through which server.
    pub server: Server,
    /// What links begin with.
    pub origin: String,
    /// How the site calls itself.
    pub name: String,
    /// Whoever answers for it, as replies to registered parties name them.
    pub provider: String,
    /// How they are reached.
    pub contact: Option<String>,
    /// Who writes.
    pub write: Writer,
}

/// A mail's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its subject line.
    pub subject: String,
    /// Its words, plain text.
    pub body: String,
    /// The language that they are in.
    pub language: String,
}

impl Site {
    /// Whether the site sends mail.
    #[must_use]
    pub fn sends_mail(&self) -> bool {
        self.post.is_some()
    }

    /// Writes down that whoever gave this notice shall have its receipt by mail, if they gave an address. An address gets a few of them a day.
    pub(crate) async fn mail_receipt(&self, tx: &mut Tx, notice: &NoticeRow, receipt: &Receipt) -> Result<(), Error> {
        let Some(email) = notice.notice.email.as_deref().filter(|_| self.sends_mail()) else { return Ok(()) };
        // However its letters are written, it is one mailbox.
        let email = &email.to_lowercase();
        let since = notice.created.plus_ms(-DAY_MS);
        if store::mails::receipts_since(tx, email, since).await? >= RECEIPTS_A_DAY {
            return Ok(());
        }
        let row = MailRow {
            receipt: Some(receipt.clone()),
            ..self.mail_row(MailKind::Receipt, notice.id.as_str(), email, notice.language.as_deref())
        };
        self.note_mail(tx, &row).await
    }

    /// Writes down that whoever gave this notice shall be told that they were asked something, if they were written to before.
    pub(crate) async fn mail_question(&self, tx: &mut Tx, notice: &NoticeId) -> Result<(), Error> {
        if !self.sends_mail() {
            return Ok(());
        }
        let Some(one) = store::mails::to_ask(tx, notice).await? else { return Ok(()) };
        let row = self.mail_row(MailKind::Question, one.notice.as_str(), &one.email, one.language.as_deref());
        // Asked again, they are told again.
        store::mails::make_room(tx, &row).await?;
        self.note_mail(tx, &row).await
    }

    /// Writes down that a party shall have the answer to what it filed by mail, if its contact is an address. `decision`: what made the answer; else
    /// somebody gave one, and one that was sent before is no longer it.
    pub(crate) async fn mail_reply(
        &self,
        tx: &mut Tx,
        filing: &FilingId,
        party: &Party,
        decision: Option<&DecisionId>,
    ) -> Result<(), Error> {
        if !self.sends_mail() || !domain::notice::is_mail_address(&party.contact) {
            return Ok(());
        }
        let language = party.languages.first().map(Language::as_str);
        let row = MailRow { about: decision.cloned(), ..self.mail_row(MailKind::Reply, filing.as_str(), &party.contact, language) };
        if decision.is_none() {
            store::mails::make_room(tx, &row).await?;
        }
        self.note_mail(tx, &row).await
    }

    /// Whoever has this receipt wants no mail. `false`: there was no address.
    pub async fn stop_mail(&self, receipt: &Receipt) -> Result<bool, Error> {
        let mut tx = self.store.db.begin().await?;
        let stopped = store::mails::stop(&mut tx, receipt, self.clock.now()).await?;
        tx.commit().await?;
        Ok(stopped)
    }

    /// Mails to those who gave the notices of a case, each with its notice.
    pub async fn mails(&self, case: &CaseId) -> Result<Vec<(NoticeId, MailRow)>, Error> {
        Ok(store::mails::of_case(&self.store.db, case).await?)
    }

    /// The subjects that this decision decided on, of those that the giver of this notice named together with it.
    pub async fn decided_of(&self, notice: &NoticeId, decision: &DecisionRow) -> Result<Vec<Subject>, Error> {
        let db = &self.store.db;
        let mut subjects = Vec::new();
        for one in store::notices::given_with(db, notice).await? {
            let Some(case) = store::cases::find(db, &one.case_id).await? else { continue };
            let own = case.id == decision.case_id;
            let mut reached = false;
            if case.closed == Some(decision.created) && !own {
                let all = store::decisions::of_post(db, &case.subject.post_id).await?;
                reached = all.iter().any(|one| one.subject == case.subject && one.decision_id == decision.id);
            }
            if own || reached {
                subjects.push(case.subject);
            }
        }
        Ok(subjects)
    }

    /// Writes a mail down for each who gave notice of what was decided and was written to before.
    pub(crate) async fn tell_notifiers(&self, id: &DecisionId) -> Result<(), Error> {
        if !self.sends_mail() {
            return Ok(());
        }
        let Some(decision) = store::decisions::find(&self.store.db, id).await?.filter(|row| row.undone.is_none()) else { return Ok(()) };
        // Only an authority is told what is done in silence; nobody else is, until that ends.
        let silent = decision.is_silent(self.clock.now());
        for filing in store::mails::filings_to_tell(&self.store.db, id, decision.created, &decision.case_id).await? {
            let Some(view) = self.filing(&filing).await?.filter(|view| view.state != FilingState::Open) else { continue };
            if silent && view.party.party.kind != PartyKind::Authority {
                continue;
            }
            let mut tx = self.store.db.begin().await?;
            self.mail_reply(&mut tx, &filing, &view.party.party, Some(id)).await?;
            tx.commit().await?;
        }
        if silent {
            return Ok(());
        }
        for one in store::mails::to_tell(&self.store.db, id, decision.created, &decision.case_id).await? {
            let row = MailRow {
                about: Some(id.clone()),
                ..self.mail_row(MailKind::Decision, one.notice.as_str(), &one.email, one.language.as_deref())
            };
            let mut tx = self.store.db.begin().await?;
            self.note_mail(&mut tx, &row).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Sends a mail, or says when it is tried again.
    pub(crate) async fn send_mail(&self, id: &MailId) -> Result<(), Error> {
        let Some(row) = store::mails::find(&self.store.db, id).await?.filter(|row| row.state == MailState::Waiting) else { return Ok(()) };
        let (Some(post), Some(to)) = (self.post.as_ref(), row.recipient.clone()) else {
            return self.end_mail(&row, MailState::Dropped, None).await;
        };
        let Some(letter) = (post.write)(self.clone(), row.clone()).await? else {
            return self.end_mail(&row, MailState::Dropped, None).await;
        };
        // What comes later is in the thread of the receipt's mail.
        let of = |kind: MailKind| match kind {
            // Said anew, it is another mail; tried again, it is the same.
            MailKind::Reply | MailKind::Question => format!("{}.{}", kind.as_str(), row.id),
            _ => format!("{}.{}.{}", kind.as_str(), row.subject, row.about.as_ref().map_or("", DecisionId::as_str)),
        };
        let thread = matches!(row.kind, MailKind::Question | MailKind::Decision).then(|| format!("receipt.{}.", row.subject));
        match post.server.send(&to, &letter, &of(row.kind), thread.as_deref(), self.clock.now()).await {
            Ok(()) => self.end_mail(&row, MailState::Sent, None).await,
            Err(Unsent::Refused(answer)) => {
                tracing::info!(kind = row.kind.as_str(), answer, "a mail was refused");
                self.end_mail(&row, MailState::Refused, Some(&answer)).await
            }
            Err(Unsent::NotNow(answer)) => {
                let tries = row.tries.saturating_add(1);
                let Some(pause) = pause_ms(tries) else {
                    tracing::warn!(kind = row.kind.as_str(), answer, "a mail was given up");
                    return self.end_mail(&row, MailState::GivenUp, Some(&answer)).await;
                };
                tracing::info!(kind = row.kind.as_str(), tries, answer, "a mail waits to be tried again");
                let mut tx = self.store.db.begin().await?;
                store::mails::put_off(&mut tx, &row.id, Some(&answer)).await?;
                self.enqueue_at(&mut tx, &Job::Mail { mail_id: row.id.clone() }, self.clock.now().plus_ms(pause)).await?;
                Ok(tx.commit().await?)
            }
        }
    }

    /// Forgets addresses that are not needed any more: six months after the decision, which can be complained of for as long.
    pub(crate) async fn forget_mail(&self, tx: &mut Tx, now: Time) -> Result<(), Error> {
        Ok(store::mails::forget(tx, now.plus_ms(-domain::decision::KEEP_MS), now.plus_ms(-ADDRESS_KEPT_MS)).await?)
    }

    pub(crate) fn mail_row(&self, kind: MailKind, subject: &str, to: &str, language: Option<&str>) -> MailRow {
        MailRow {
            id: self.chance.mail_id(),
            kind,
            subject: subject.to_owned(),
            about: None,
            recipient: Some(to.to_owned()),
            language: language.map(str::to_owned),
            receipt: None,
            state: MailState::Waiting,
            tries: 0,
            answer: None,
            created: self.clock.now(),
        }
    }

    pub(crate) async fn note_mail(&self, tx: &mut Tx, row: &MailRow) -> Result<(), Error> {
        if store::mails::insert(tx, row).await? {
            self.enqueue(tx, &Job::Mail { mail_id: row.id.clone() }).await?;
        }
        Ok(())
    }

    async fn end_mail(&self, row: &MailRow, state: MailState, answer: Option<&str>) -> Result<(), Error> {
        let mut tx = self.store.db.begin().await?;
        store::mails::end(&mut tx, &row.id, state, answer, self.clock.now()).await?;
        // It is no address of anybody's; a party's and the operator's stand where the operator wrote them.
        if state == MailState::Refused && matches!(row.kind, MailKind::Receipt | MailKind::Question | MailKind::Decision) {
            store::mails::forget_address_of(&mut tx, &row.subject).await?;
        }
        Ok(tx.commit().await?)
    }
}
