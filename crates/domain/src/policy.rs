//! The site's policy: clauses that decisions cite. Their words are in every language of the site under `clause-…`.

use serde::{Deserialize, Serialize};

use crate::media::names;
use crate::notice::Category;

/// A clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clause {
    /// No sexual pictures of children, and nothing that abuses them.
    Children,
    /// No terrorism.
    Terrorism,
    /// No threats and no calls for violence.
    Violence,
    /// No hatred of people for what they are.
    Hate,
    /// No intimate pictures without consent.
    Intimate,
    /// No private facts of other people.
    Privacy,
    /// No deceit for money or passwords.
    Fraud,
    /// Nobody else's work.
    Copyright,
    /// Cruel pictures stand behind a cover, and not for their own sake.
    Graphic,
    /// The site is not a tool to harm it or its visitors: floods, malware, evasion of decisions.
    Abuse,
}
names!(Clause {
    Children = "children",
    Terrorism = "terrorism",
    Violence = "violence",
    Hate = "hate",
    Intimate = "intimate",
    Privacy = "privacy",
    Fraud = "fraud",
    Copyright = "copyright",
    Graphic = "graphic",
    Abuse = "abuse",
});

/// The day from which this policy is in force: it changes with its words.
pub const IN_FORCE: &str = "2026-11-26";

impl Clause {
    /// The clause that a notice of this category is most likely to end with.
    #[must_use]
    pub fn of(category: Category) -> Self {
        match category {
            Category::ChildAbuse => Self::Children,
            Category::Terrorism => Self::Terrorism,
            Category::LifeInDanger | Category::Violence => Self::Violence,
            Category::Hate => Self::Hate,
            Category::IntimateImages => Self::Intimate,
            Category::Privacy => Self::Privacy,
            Category::Fraud => Self::Fraud,
            Category::Copyright => Self::Copyright,
            Category::OtherIllegal | Category::Policy => Self::Abuse,
        }
    }
}
