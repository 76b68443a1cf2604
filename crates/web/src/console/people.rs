//! People: who may decide, for operators.

use app::{NewLink, PersonRefused};
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use domain::{ModeratorId, ModeratorName, Role, Time};
use store::ModeratorRow;

use super::{Operator, fields, frame_at, show};
use crate::asker::Named;
use crate::error::Error;
use crate::locale::Locale;
use crate::pages::console::{Corner, Overturned, PeoplePage, Person, Trouble};
use crate::{Asker, Web, headers};

/// `GET /console/people`.
pub(crate) async fn page(State(web): State<Web>, operator: Operator, asker: Asker) -> Response<Body> {
    drawn(&web, &asker, &operator, StatusCode::OK, None, None, String::new()).await
}

/// How often decisions did not stand, and how often banks were right, in words.
async fn overturned(web: &Web, locale: Locale) -> Result<(Vec<Overturned>, String), app::Error> {
    let (rows, banks) = web.site.overturned().await?;
    let number = |count: i64| locale.number(count);
    let rows = rows.into_iter().map(|row| Overturned {
        name: row.name.unwrap_or_else(|| locale.text("overturned-command-line").into_owned()),
        decisions: number(row.decisions),
        undone: number(row.undone),
        appealed: number(row.appealed),
        overturned: number(row.overturned),
    });
    let words = match banks.judged() {
        0 => locale.text("overturned-banks-none").into_owned(),
        judged => locale.with("overturned-banks", &[("right", i64::from(banks.right).into()), ("judged", i64::from(judged).into())]),
    };
    Ok((rows.collect(), words))
}

/// `POST /console/people/looks`: how many media each may look at in a day.
pub(crate) async fn looks(State(web): State<Web>, operator: Operator, asker: Asker, body: Body) -> Response<Body> {
    let typed = fields(body).await;
    let digits: String = typed.field("looks").chars().filter(|c| !c.is_whitespace()).map(domain::text::latin).collect();
    let most = if digits.is_empty() { Ok(None) } else { digits.parse::<i64>().map(Some) };
    match most {
        Ok(most) if most.is_none_or(|most| (0..=domain::look::MOST_A_DAY).contains(&most)) => {
            match web.site.set_looks(Some(&operator.0.who.id), most).await {
                Ok(_) => headers::see("/console/people"),
                Err(error) => Error::from(error).answer(&web, &here(&asker)),
            }
        }
        _ => drawn(&web, &asker, &operator, StatusCode::BAD_REQUEST, None, Some(Trouble::Looks), String::new()).await,
    }
}

/// `POST /console/people`: adds somebody. The link is in the answer, and nowhere else.
pub(crate) async fn add(State(web): State<Web>, operator: Operator, asker: Asker, body: Body) -> Response<Body> {
    let typed = fields(body).await;
    // People of parties are added on the pages of their parties.
    let role = Role::parse(typed.field("role")).filter(|role| role.decides()).unwrap_or(Role::Moderator);
    let Some(name) = ModeratorName::parse(typed.field("name")) else {
        let typed = typed.field("name").chars().take(ModeratorName::LONGEST).collect();
        return drawn(&web, &asker, &operator, StatusCode::BAD_REQUEST, None, Some(Trouble::Name), typed).await;
    };
    let made = web.site.add_moderator(Some(&operator.0.who.id), &name, role).await;
    linked(&web, &asker, &operator, made, name.to_string()).await
}

/// `POST /console/people/{id}/link`.
pub(crate) async fn link(State(web): State<Web>, Named(id): Named<String>, operator: Operator, asker: Asker) -> Response<Body> {
    let Some(id) = ModeratorId::parse(&id) else { return Error::NotFound.answer(&web, &here(&asker)) };
    let made = web.site.link_moderator(Some(&operator.0.who.id), &id).await;
    linked(&web, &asker, &operator, made, String::new()).await
}

/// `POST /console/people/{id}/suspend`.
pub(crate) async fn suspend(State(web): State<Web>, Named(id): Named<String>, operator: Operator, asker: Asker) -> Response<Body> {
    let Some(id) = ModeratorId::parse(&id) else { return Error::NotFound.answer(&web, &here(&asker)) };
    let done = web.site.suspend_moderator(Some(&operator.0.who.id), &id).await;
    back(&web, &asker, &operator, done).await
}

/// `POST /console/people/{id}/resume`.
pub(crate) async fn resume(State(web): State<Web>, Named(id): Named<String>, operator: Operator, asker: Asker) -> Response<Body> {
    let Some(id) = ModeratorId::parse(&id) else { return Error::NotFound.answer(&web, &here(&asker)) };
    let done = web.site.resume_moderator(Some(&operator.0.who.id), &id).await;
    back(&web, &asker, &operator, done).await
}

async fn linked(
    web: &Web,
    asker: &Asker,
    operator: &Operator,
    made: Result<Result<NewLink, PersonRefused>, app::Error>,
    typed: String,
) -> Response<Body> {
    match made {
        Ok(Ok(link)) => drawn(web, asker, operator, StatusCode::OK, Some(link), None, String::new()).await,
        Ok(Err(refused)) => drawn(web, asker, operator, StatusCode::CONFLICT, None, Some(trouble(refused)), typed).await,
        Err(error) => Error::from(error).answer(web, &here(asker)),
    }
}

async fn back(web: &Web, asker: &Asker, operator: &Operator, done: Result<Result<(), PersonRefused>, app::Error>) -> Response<Body> {
    match done {
        // Twice is once.
        Ok(Ok(()) | Err(PersonRefused::Already)) => headers::see("/console/people"),
        Ok(Err(refused)) => drawn(web, asker, operator, StatusCode::CONFLICT, None, Some(trouble(refused)), String::new()).await,
        Err(error) => Error::from(error).answer(web, &here(asker)),
    }
}

fn trouble(refused: PersonRefused) -> Trouble {
    match refused {
        PersonRefused::Taken => Trouble::Taken,
        PersonRefused::Oneself => Trouble::Oneself,
        PersonRefused::Suspended => Trouble::Suspended,
        PersonRefused::NotAllowed | PersonRefused::Nobody | PersonRefused::Already => Trouble::Changed,
    }
}

/// A link that enrols somebody, as a page hands it out: for whom, itself, and until when it is good.
pub(super) fn handed(asker: &Asker, link: &NewLink, people: &[ModeratorRow]) -> (String, String, Time) {
    let name = people.iter().find(|one| one.id == link.id).map_or_else(String::new, |one| one.name.clone());
    (name, format!("{}/console/enrol/{}", asker.origin, link.secret.expose()), link.until)
}

/// What the language switch of an answer to a form leads back to.
fn here(asker: &Asker) -> Asker {
    Asker { path: "/console/people".to_owned(), ..asker.clone() }
}

async fn drawn(
    web: &Web,
    asker: &Asker,
    operator: &Operator,
    status: StatusCode,
    link: Option<NewLink>,
    trouble: Option<Trouble>,
    typed: String,
) -> Response<Body> {
    let everybody = match web.site.moderators().await {
        Ok(everybody) => everybody,
        Err(error) => return Error::from(error).answer(web, &here(asker)),
    };
    let locale = web.locale(asker);
    let stood = async { Ok::<_, app::Error>((overturned(web, locale).await?, web.site.desk(&operator.0.who.id).await?.budget)) };
    let ((overturned, banks), budget) = match stood.await {
        Ok(stood) => stood,
        Err(error) => return Error::from(error).answer(web, &here(asker)),
    };
    let now = web.site.clock.now();
    let people: Vec<Person> =
        everybody.iter().filter(|one| one.role.decides()).map(|one| Person::of(one, &operator.0.who.id, now)).collect();
    let link = link.map(|link| handed(asker, &link, &everybody));
    show(
        status,
        &PeoplePage {
            frame: frame_at(web, asker, &operator.0, Corner::People, Corner::People.path()),
            people,
            link,
            trouble,
            typed,
            looks: budget.map(|budget| budget.to_string()).unwrap_or_default(),
            overturned,
            banks,
        },
    )
}
