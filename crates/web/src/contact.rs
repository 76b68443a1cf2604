//! How users, authorities and orders reach whoever runs the site: Regulation (EU) 2022/2065, Articles 11 to 13, and Regulation (EU)
//! 2021/784, Articles 15 and 17. What nobody has told is said to be missing, on the page as well.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use domain::Language;

use crate::house::{Contact, HouseError};
use crate::pages::ContactPage;
use crate::{Asker, Web, draw, posts};

/// Countries of the Union, by ISO 3166-1.
const UNION: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL",
    "PT", "RO", "SE", "SI", "SK",
];

/// Who runs the site, and how they are reached.
#[derive(Debug, Default)]
pub struct Points {
    /// The name of a person or a company.
    pub name: Option<String>,
    /// Where letters go.
    pub address: Option<String>,
    /// A telephone.
    pub phone: Option<Contact>,
    /// Where they are established.
    pub country: Option<Country>,
    /// For everybody (Article 12).
    pub users: Option<Contact>,
    /// For authorities (Article 11).
    pub authorities: Option<Contact>,
    /// For orders to remove terrorist content (Article 15 of Regulation (EU) 2021/784).
    pub orders: Option<Contact>,
    /// In which languages they are taken.
    pub languages: Vec<Language>,
    /// Who stands for them in the Union (Article 13).
    pub representative: Option<Representative>,
}

/// A legal representative.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Representative {
    /// Their name.
    pub name: String,
    /// Where letters go.
    pub address: Option<String>,
    /// Their mail address.
    pub email: Option<Contact>,
    /// Their telephone.
    pub phone: Option<Contact>,
}

/// A country, by its two letters (ISO 3166-1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Country(String);

impl Country {
    /// Reads two letters.
    ///
    /// # Errors
    /// They are not two letters.
    pub fn parse(text: &str) -> Result<Self, HouseError> {
        let code = text.trim().to_ascii_uppercase();
        let two = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        if two { Ok(Self(code)) } else { Err(HouseError::Country(text.to_owned())) }
    }

    /// The two letters.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0
    }

    /// Whether it is in the European Union.
    #[must_use]
    pub fn is_in_union(&self) -> bool {
        UNION.contains(&self.0.as_str())
    }
}

/// What a site that offers its service in the Union has to tell, and this one does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Nobody can reach whoever runs it.
    Reach,
    /// Who that is.
    Name,
    /// Where letters go.
    Address,
    /// In which languages authorities may write.
    Languages,
    /// Where it is run from.
    Country,
    /// It is run from elsewhere, and nobody stands for it in the Union.
    Representative,
}

impl Points {
    /// What is missing.
    #[must_use]
    pub fn missing(&self) -> Vec<Missing> {
        let abroad = self.country.as_ref().is_some_and(|country| !country.is_in_union());
        [
            (self.users.is_none() || self.authorities.is_none(), Missing::Reach),
            (self.name.is_none(), Missing::Name),
            (self.address.is_none(), Missing::Address),
            (self.languages.is_empty(), Missing::Languages),
            (self.country.is_none(), Missing::Country),
            (abroad && self.representative.is_none(), Missing::Representative),
        ]
        .into_iter()
        .filter_map(|(is, what)| is.then_some(what))
        .collect()
    }
}

/// `GET /contact`.
pub(crate) async fn page(State(web): State<Web>, asker: Asker) -> Response<Body> {
    let asker = Asker { path: "/contact".to_owned(), ..asker };
    // What is so for a night is kept by nobody.
    if web.site.nobody_at_home().is_some() {
        return draw(StatusCode::OK, &ContactPage { frame: web.frame(&asker) });
    }
    posts::standing_page(&web, &asker, 0, || ContactPage { frame: web.frame(&asker) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_told_is_known_to_be_missing() {
        let all = [Missing::Reach, Missing::Name, Missing::Address, Missing::Languages, Missing::Country];
        assert_eq!(Points::default().missing(), all);
        let contact = || Contact::parse("ola@kites.example").ok();
        let country = |code| Country::parse(code).ok();
        let told = |code| Points {
            name: Some("Ola".to_owned()),
            address: Some("Kite Street 1".to_owned()),
            users: contact(),
            authorities: contact(),
            languages: Language::parse("pl").into_iter().collect(),
            country: country(code),
            ..Points::default()
        };
        assert_eq!(told("pl").missing(), []);
        assert_eq!(told("CH").missing(), [Missing::Representative]);
        let stood_for = Points { representative: Some(Representative::default()), ..told("CH") };
        assert_eq!(stood_for.missing(), []);
    }

    #[test]
    fn a_country_is_two_letters() {
        assert_eq!(Country::parse(" pl ").map(|country| country.code().to_owned()), Ok("PL".to_owned()));
        for wrong in ["", "p", "Poland", "P1", "żł"] {
            assert_eq!(Country::parse(wrong), Err(HouseError::Country(wrong.to_owned())));
        }
    }
}
