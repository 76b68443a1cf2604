//! What stands in the place of what a decision removed, the statement of reasons that its poster gets, and the policy that both cite.

use std::borrow::Borrow;

use askama::Template;
use domain::{Action, AppealState, Category, Clause, Ground, Origin, Time};

use super::Frame;
use crate::locale::Locale;

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
    pub clause: Option<Clause>,
    /// What happened; only for those whom it concerns.
    pub facts: Option<String>,
    /// Who had it looked at.
    pub origin: Origin,
    /// When it was decided.
    pub created: Time,
    /// Until when it can be complained of.
    pub until: Time,
}

impl Statement {
    /// Of a decision. `facts`: whether the reader is somebody whom it concerns.
    pub(crate) fn of(row: &store::DecisionRow, facts: bool) -> Self {
        let decision = &row.decision;
        Self {
            id: row.id.to_string(),
            action: decision.action,
            ground: decision.ground,
            reference: decision.reference.clone(),
            clause: Clause::parse(&decision.reference).filter(|_| decision.ground == Ground::Policy),
            facts: facts.then(|| decision.facts.clone()),
            origin: row.origin,
            created: row.created,
            until: row.keep_until,
        }
    }

    /// 451 where the law asked for it (RFC 7725), else 410.
    #[must_use]
    pub fn status(&self) -> u16 {
        if self.ground == Ground::Law { 451 } else { 410 }
    }

    pub(crate) fn ground_words(&self, locale: impl Borrow<Locale>) -> String {
        match self.clause {
            Some(clause) => clause_heading(locale, clause),
            None => self.reference.clone(),
        }
    }
}

/// A clause's name.
pub(crate) fn clause_heading(locale: impl Borrow<Locale>, clause: impl Borrow<Clause>) -> String {
    locale.borrow().text(clause_keys(*clause.borrow()).0).into_owned()
}

fn clause_words(locale: impl Borrow<Locale>, clause: impl Borrow<Clause>) -> String {
    locale.borrow().text(clause_keys(*clause.borrow()).1).into_owned()
}

fn clause_keys(clause: Clause) -> (&'static str, &'static str) {
    match clause {
        Clause::Children => ("clause-children", "clause-children-words"),
        Clause::Terrorism => ("clause-terrorism", "clause-terrorism-words"),
        Clause::Violence => ("clause-violence", "clause-violence-words"),
        Clause::Hate => ("clause-hate", "clause-hate-words"),
        Clause::Intimate => ("clause-intimate", "clause-intimate-words"),
        Clause::Privacy => ("clause-privacy", "clause-privacy-words"),
        Clause::Fraud => ("clause-fraud", "clause-fraud-words"),
        Clause::Copyright => ("clause-copyright", "clause-copyright-words"),
        Clause::Graphic => ("clause-graphic", "clause-graphic-words"),
        Clause::Abuse => ("clause-abuse", "clause-abuse-words"),
    }
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
    /// It was undone.
    pub undone: bool,
    /// What they say against it.
    pub appeal: Option<AppealNow>,
    /// They can still say something.
    pub can_appeal: bool,
}

/// The manage link of a post that was removed as a whole.
#[derive(Clone, Debug, Template)]
#[template(path = "removed/managed.html")]
pub struct ManagedRemovedPage {
    /// What every page needs.
    pub frame: Frame,
    /// `/{id}/manage/{secret}`: the form goes below it.
    pub action: String,
    /// The decisions.
    pub concerned: Vec<Concerned>,
    /// An appeal was taken a moment ago.
    pub appealed: bool,
    /// What was wrong with an appeal, in the reader's language.
    pub error: Option<String>,
}

/// `GET /policy`.
#[derive(Clone, Debug, Template)]
#[template(path = "policy/policy.html")]
pub struct PolicyPage {
    /// What every page needs.
    pub frame: Frame,
}

impl PolicyPage {
    fn in_force(&self) -> &'static str {
        domain::policy::IN_FORCE
    }
}

/// The clause that a notice of this category is most likely to end with, for the form of a decision.
pub(crate) fn likely(category: Option<Category>) -> Clause {
    category.map_or(Clause::Abuse, Clause::of)
}
