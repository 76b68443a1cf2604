//! What stands in the place of what a decision removed and the statement of reasons that its poster gets.

use std::borrow::Borrow;
use std::sync::Arc;

use app::PolicyVersion;
use askama::Template;
use domain::party::Jurisdiction;
use domain::{Action, AppealState, ClauseId, Composed, Ground, NoticeKind, Origin, PartyKind, Time};

use super::Frame;
use crate::composed;
use crate::locale::Locale;

/// A clause, as it was when it was cited.
#[derive(Clone, Debug)]
pub struct Cited {
    /// Its id.
    pub id: ClauseId,
    /// The decision says which version it cites.
    pub kept: bool,
    /// What was in force.
    pub policy: Option<Arc<PolicyVersion>>,
}

impl Cited {
    /// Its name in a reader's language, or in the one that it was written in; its id, where it is not in the policy any more.
    #[must_use]
    pub fn heading(&self, locale: Locale) -> String {
        let text = self.policy.as_ref().and_then(|version| version.policy.text(locale.tag()));
        text.and_then(|text| text.clause(&self.id)).map_or_else(|| self.id.to_string(), |section| section.heading.clone())
    }

    /// Where it stands.
    #[must_use]
    pub fn path(&self) -> String {
        match self.policy.as_ref().filter(|_| self.kept) {
            Some(version) => format!("/policy/{}#{}", version.row.version, self.id),
            None => format!("/policy#{}", self.id),
        }
    }
}

/// A registered party's request that something was decided on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Of what kind.
    pub kind: NoticeKind,
    /// Of an authority: its name, and where its word is law. Who else gave notice is nobody's business (Regulation (EU) 2022/2065, Article 17(3)(b)).
    pub authority: Option<(String, Jurisdiction)>,
}

impl Asked {
    /// A request of this party's.
    pub(crate) fn of(filing: &store::FilingRow, party: &store::PartyRow) -> Self {
        let own = &party.party;
        Self {
            kind: filing.filing.notice.kind,
            authority: (own.kind == PartyKind::Authority).then(|| (own.name.as_str().to_owned(), own.jurisdiction)),
        }
    }
}

/// Why something was removed or covered. Regulation (EU) 2022/2065, Article 17(3).
#[derive(Clone, Debug)]
pub struct Statement {
    /// The decision's id, to name it by.
    pub id: String,
    /// What was done.
    pub action: Action,
    /// By what it was measured.
    pub ground: Ground,
    /// The law that was named.
    pub reference: String,
    /// The clause of the policy.
    pub clause: Option<Cited>,
    /// What happened; only for those whom it concerns.
    pub facts: Option<String>,
    /// The same, where nobody typed it.
    pub composed: Option<Composed>,
    /// Who had it looked at.
    pub origin: Origin,
    /// The reader's post is not what that was about, but like it.
    pub alike: bool,
    /// What registered parties had asked; empty: none of them did.
    pub asked: Vec<Asked>,
    /// Where it is withheld; empty: everywhere.
    pub countries: Vec<Jurisdiction>,
    /// When it was decided.
    pub created: Time,
    /// Until when it can be complained of.
    pub until: Time,
    /// The reader is somebody who can do something against it, and it stands.
    pub redress: bool,
}

impl Statement {
    /// Of a decision. `facts`: whether the reader is somebody whom it concerns.
    pub(crate) fn of(row: &store::DecisionRow, policy: Option<Arc<PolicyVersion>>, facts: bool) -> Self {
        let decision = &row.decision;
        Self {
            id: row.id.to_string(),
            action: decision.action,
            ground: decision.ground,
            reference: decision.reference.clone(),
            clause: ClauseId::parse(&decision.reference).filter(|_| decision.ground == Ground::Policy).map(|id| Cited {
                id,
                kept: row.policy_version.is_some(),
                policy,
            }),
            facts: facts.then(|| decision.facts.clone()),
            composed: decision.composed.filter(|_| facts),
            origin: row.origin,
            alike: false,
            asked: Vec::new(),
            countries: decision.countries.clone(),
            created: row.created,
            until: row.keep_until,
            redress: facts && row.undone.is_none(),
        }
    }

    /// For whoever decides.
    #[must_use]
    pub(crate) fn for_deciders(self) -> Self {
        Self { redress: false, ..self }
    }

    /// 451 where the law asked for it (RFC 7725), else 410.
    #[must_use]
    pub fn status(&self) -> u16 {
        status_of(self.ground)
    }

    /// What happened, in the reader's language if nobody typed it.
    pub(crate) fn facts_words(&self, locale: impl Borrow<Locale>) -> Option<String> {
        self.facts.as_ref().map(|typed| composed::told(*locale.borrow(), typed, self.composed.as_ref()))
    }

    pub(crate) fn ground_words(&self, locale: impl Borrow<Locale>) -> String {
        match &self.clause {
            Some(cited) => cited.heading(*locale.borrow()),
            None => self.reference.clone(),
        }
    }
}

/// 451 where the law asked for it (RFC 7725), else 410.
pub(crate) fn status_of(ground: Ground) -> u16 {
    if ground == Ground::Law { 451 } else { 410 }
}

/// What stands at the link of a post that was removed.
#[derive(Clone, Debug, Template)]
#[template(path = "removed/removed.html")]
pub struct RemovedPage {
    /// What every page needs.
    pub frame: Frame,
    /// Why.
    pub statement: Statement,
}

impl RemovedPage {
    fn heading(&self) -> &'static str {
        if self.statement.action == Action::Withhold { "withheld-heading" } else { "removed-heading" }
    }
}

/// What a poster says against a decision, as they see it.
#[derive(Clone, Debug)]
pub struct AppealNow {
    /// What they said.
    pub words: String,
    /// How it stands.
    pub state: AppealState,
    /// What they were answered.
    pub answer: Option<String>,
    /// When it will be answered by.
    pub due: Time,
}

/// A decision on something of a post, as its poster sees it.
#[derive(Clone, Debug)]
pub struct Concerned {
    /// Why.
    pub statement: Statement,
    /// It does not apply any more.
    pub undone: bool,
    /// How many pictures and videos of the post it is about; none: about all of it.
    pub of_media: usize,
    /// What they say against it.
    pub appeal: Option<AppealNow>,
    /// They can still say something.
    pub can_appeal: bool,
    /// What they have typed, where that was not taken.
    pub typed: String,
}

/// The manage link of a post that was removed as a whole.
#[derive(Clone, Debug, Template)]
#[template(path = "removed/managed.html")]
pub struct ManagedRemovedPage {
    /// What every page needs.
    pub frame: Frame,
    /// The post's link: all that is left to tell it by.
    pub url: String,
    /// `/{id}/manage/{secret}`: the form goes below it.
    pub action: String,
    /// The decisions.
    pub concerned: Vec<Concerned>,
    /// An appeal was taken a moment ago.
    pub appealed: bool,
    /// What was wrong with an appeal, in the reader's language.
    pub error: Option<String>,
}
