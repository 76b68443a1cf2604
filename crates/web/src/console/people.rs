//! People: who may decide, for operators.

use app::{NewLink, PersonRefused};
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use domain::{ModeratorId, ModeratorName, Role};

use super::{Operator, fields, frame, show};
use crate::asker::Named;
use crate::error::Error;
use crate::pages::console::{Corner, PeoplePage, Person, Trouble};
use crate::{Asker, Web, headers};

/// `GET /console/people`.
pub(crate) async fn page(State(web): State<Web>, operator: Operator, asker: Asker) -> Response<Body> {
    drawn(&web, &asker, &operator, StatusCode::OK, None, None, String::new()).await
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
    let now = web.site.clock.now();
    let people: Vec<Person> =
        everybody.iter().filter(|one| one.role.decides()).map(|one| Person::of(one, &operator.0.who.id, now)).collect();
    let link = link.map(|link| {
        let name = everybody.iter().find(|one| one.id == link.id).map_or_else(String::new, |one| one.name.clone());
        (name, format!("{}/console/enrol/{}", asker.origin, link.secret.expose()), link.until)
    });
    show(status, &PeoplePage { frame: frame(web, &here(asker), &operator.0, Corner::People), people, link, trouble, typed })
}
