//! The policy's pages: what is in force, and every version that was. The words of the policy that ships stand in `locales/policy`.

use std::sync::Arc;

use app::PolicyVersion;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, Uri};
use domain::notice::Asks;
use domain::{Language, Origin, Policy};
use serde::Serialize;
use store::{DecisionRow, PolicyRow};
use utoipa::ToSchema;

use crate::api::answers::Standing;
use crate::api::posts::answer;
use crate::asker::Named;
use crate::error::Error;
use crate::form::query;
use crate::pages::policy::{PolicyPage, Written};
use crate::pages::{Asked, Frame, Statement};
use crate::{Asker, Web, posts};

/// The policy that a site has until its operator writes their own.
#[must_use]
pub fn shipped() -> Policy {
    const TEXTS: [(&str, &str); 3] = [
        ("en", include_str!("../locales/policy/en.md")),
        ("ar", include_str!("../locales/policy/ar.md")),
        ("pl", include_str!("../locales/policy/pl.md")),
    ];
    let texts = TEXTS.map(|(tag, text)| (Language::parse(tag).expect("our own tags are well formed"), text.to_owned()));
    Policy::parse(&texts).expect("a test reads it")
}

impl Web {
    /// Why something was removed or covered. `facts`: whether the reader is somebody whom it concerns.
    pub(crate) async fn statement(&self, row: &DecisionRow, facts: bool) -> Result<Statement, Error> {
        Ok(statement(&self.site, row, facts).await?)
    }

    /// The same of what was removed of a post, which may be only like what the decision was about.
    pub(crate) async fn statement_of(&self, removal: &app::Removal, facts: bool) -> Result<Statement, Error> {
        let alike = !self.site.is_about(&removal.decision.case_id, &removal.post_id).await?;
        Ok(Statement { alike, ..self.statement(&removal.decision, facts).await? })
    }
}

/// The reasons of a decision, by the policy that it was made under.
pub(crate) async fn statement(site: &app::Site, row: &DecisionRow, facts: bool) -> Result<Statement, app::Error> {
    let policy = match row.policy_version {
        Some(version) => site.policy_version(version).await?,
        None => site.policy().await?,
    };
    let asked = match row.origin {
        Origin::Notice => {
            // What asks to be told or kept asked for no restriction, and is no business of the public's.
            let is_for_it = |filing: &store::FilingRow| matches!(filing.filing.notice.kind.rule().asks, Asks::ToAct | Asks::ToDecide);
            let asked = site.asked_before(row).await?;
            // A list of a thousand lines asked one thing, in one name.
            let mut all: Vec<Asked> = Vec::new();
            for (filing, party) in asked.iter().filter(|(filing, _)| is_for_it(filing)) {
                let one = Asked::of(filing, party);
                if !all.contains(&one) {
                    all.push(one);
                }
            }
            all
        }
        Origin::Match => Vec::new(),
    };
    Ok(Statement { asked, ..Statement::of(row, policy, facts) })
}

/// `GET /policy`.
pub(crate) async fn current(State(web): State<Web>, uri: Uri, asker: Asker) -> Response<Body> {
    let versions = web.site.policies().await;
    match versions.map_err(Error::from).and_then(|versions| versions.first().cloned().ok_or(Error::NotFound).map(|row| (row, versions))) {
        Ok((row, versions)) => page(&web, &asker, &uri, &row, &versions).await,
        Err(error) => error.answer(&web, &asker),
    }
}

/// `GET /policy/{version}`.
pub(crate) async fn version(State(web): State<Web>, Named(version): Named<String>, uri: Uri, asker: Asker) -> Response<Body> {
    match row(&web, &version).await {
        Ok((row, versions)) => page(&web, &asker, &uri, &row, &versions).await,
        Err(error) => error.answer(&web, &asker),
    }
}

/// The version of this number, and all of them.
async fn row(web: &Web, version: &str) -> Result<(PolicyRow, Vec<PolicyRow>), Error> {
    // One spelling each: other ones would be other pages with the same words.
    let number: i64 = version.parse().ok().filter(|number: &i64| number.to_string() == version).ok_or(Error::NotFound)?;
    let versions = web.site.policies().await?;
    let row = versions.iter().find(|row| row.version == number).cloned().ok_or(Error::NotFound)?;
    Ok((row, versions))
}

async fn page(web: &Web, asker: &Asker, uri: &Uri, row: &PolicyRow, versions: &[PolicyRow]) -> Response<Body> {
    let known = match web.site.policy_version(row.version).await {
        Ok(Some(known)) => known,
        Ok(None) => return Error::NotFound.answer(web, asker),
        Err(error) => return Error::from(error).answer(web, asker),
    };
    let locale = web.locale(asker);
    let asked = query(uri, "in");
    let asked = asked.filter(|tag| known.policy.texts().iter().any(|text| text.language.as_str() == tag));
    let Some(text) = known.policy.text(asked.as_deref().unwrap_or(locale.tag())) else { return Error::NotFound.answer(web, asker) };
    // What is kept of a page goes by its path, and nobody shall fill the memory with paths that say nothing.
    let path = match &asked {
        Some(tag) => format!("{}?in={tag}", uri.path()),
        None => uri.path().to_owned(),
    };
    let asker = Asker { path, ..asker.clone() };
    let newest = versions.first().map_or(row.version, |newest| newest.version);
    posts::standing_page(web, &asker, newest, || PolicyPage {
        frame: Frame { back: uri.path().to_owned(), ..web.frame(&asker) },
        version: row.version,
        since: row.since,
        until: until(row, versions),
        own_language: text.language.as_str() == locale.tag() || asked.is_some(),
        written: Written::of(text),
        languages: known.policy.texts().iter().map(|other| other.language.clone()).collect(),
        versions: versions.iter().map(|other| (other.version, other.since)).collect(),
    })
}

/// When another version came into force.
fn until(row: &PolicyRow, versions: &[PolicyRow]) -> Option<domain::Time> {
    versions.iter().rev().find(|other| other.version > row.version).map(|next| next.since)
}

/// A policy, for a program.
#[derive(Serialize, ToSchema)]
pub(crate) struct PolicyTold {
    /// The number of its version: a decision cites a clause as `/policy/{version}#{clause}`.
    version: i64,
    /// Since when it was in force (RFC 3339, UTC).
    #[schema(format = DateTime)]
    since: String,
    /// Until when; `null`: it is in force.
    #[schema(required, format = DateTime)]
    until: Option<String>,
    /// All versions that there are.
    versions: Vec<i64>,
    /// What it says, in each of its languages.
    texts: Vec<PolicyTextTold>,
}

/// A policy in one language.
#[derive(Serialize, ToSchema)]
pub(crate) struct PolicyTextTold {
    /// The language (BCP 47).
    language: String,
    /// Its name.
    title: String,
    /// What it begins with, in Markdown.
    lead: String,
    /// Its parts, in order.
    sections: Vec<SectionTold>,
}

/// One part of a policy.
#[derive(Serialize, ToSchema)]
pub(crate) struct SectionTold {
    /// What decisions cite it by; `null`: it explains something.
    #[schema(required)]
    id: Option<String>,
    /// Its name.
    heading: String,
    /// Its words, in Markdown.
    text: String,
}

/// The policy that is in force.
#[utoipa::path(get, path = "/api/v1/policy", tag = "site", responses((status = 200, description = "The policy.", body = PolicyTold), Standing))]
pub(crate) async fn told(State(web): State<Web>, asker: Asker) -> Response<Body> {
    let done = async {
        let versions = web.site.policies().await?;
        let row = versions.first().cloned().ok_or(Error::NotFound)?;
        tell(&web, &row, &versions).await
    };
    done.await.unwrap_or_else(|error| error.answer(&web, &asker))
}

/// A version of the policy.
///
/// Every version that was ever in force is kept: a decision names the one that was in force when it was made.
#[utoipa::path(
    get,
    path = "/api/v1/policy/{version}",
    tag = "site",
    params(("version" = i64, Path, minimum = 1, description = "The number of the version.")),
    responses((status = 200, description = "The policy.", body = PolicyTold), Standing),
)]
pub(crate) async fn told_version(State(web): State<Web>, Named(version): Named<String>, asker: Asker) -> Response<Body> {
    let done = async {
        let (row, versions) = row(&web, &version).await?;
        tell(&web, &row, &versions).await
    };
    done.await.unwrap_or_else(|error| error.answer(&web, &asker))
}

async fn tell(web: &Web, row: &PolicyRow, versions: &[PolicyRow]) -> Result<Response<Body>, Error> {
    let known: Arc<PolicyVersion> = web.site.policy_version(row.version).await?.ok_or(Error::NotFound)?;
    let text = |text: &domain::policy::PolicyText| PolicyTextTold {
        language: text.language.to_string(),
        title: text.title.clone(),
        lead: text.lead.clone(),
        sections: text
            .sections
            .iter()
            .map(|section| SectionTold {
                id: section.id.as_ref().map(ToString::to_string),
                heading: section.heading.clone(),
                text: section.words.clone(),
            })
            .collect(),
    };
    Ok(answer(
        StatusCode::OK,
        &PolicyTold {
            version: row.version,
            since: posts::instant(row.since),
            until: until(row, versions).map(posts::instant),
            versions: versions.iter().map(|other| other.version).collect(),
            texts: known.policy.texts().iter().map(text).collect(),
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Locale;

    #[test]
    fn the_policy_that_ships_is_whole_in_all_languages_and_has_what_categories_end_with() {
        let policy = shipped();
        for locale in Locale::ALL {
            assert_eq!(policy.text(locale.tag()).map(|text| text.language.as_str()), Some(locale.tag()));
        }
        for category in domain::Category::ALL {
            assert!(policy.has(domain::policy::likely(*category)), "{category:?}");
        }
        let order = |tag: &str| policy.text(tag).map(|text| text.clauses().cloned().collect::<Vec<_>>());
        assert!(order("en") == order("ar") && order("en") == order("pl"), "the languages have another order");
    }
}
