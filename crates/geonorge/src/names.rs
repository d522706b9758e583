//! Place names, version 1. Pages are numbered from 1, unlike those of the address service.

use serde::Deserialize;

use crate::addresses::RawPoint;
use crate::url::Parameters;
use crate::{GeonorgeError, Point};

/// Hits on a page at most.
pub const MOST_PER_PAGE: u32 = 500;
/// Metres around a point at most.
pub const LONGEST_RADIUS_M: u32 = 5_000;

/// A search for place names.
#[derive(Debug, Clone, PartialEq)]
pub struct NameQuery {
    /// What is searched.
    pub kind: NameSearch,
    /// Only in this municipality: four digits.
    pub municipality_code: Option<String>,
    /// System of the points, EPSG number.
    pub epsg: u32,
    /// From 1.
    pub page: u32,
    /// Hits on a page.
    pub size: u32,
}

/// What is searched.
#[derive(Debug, Clone, PartialEq)]
pub enum NameSearch {
    /// Each spelling is a hit of its own, `/navn`; `*` stands for the rest of a word.
    Spellings(String),
    /// Each place is a hit, with all its names, `/sted`.
    Places(String),
    /// The places around a point, `/punkt`.
    Around {
        /// The point.
        point: Point,
        /// Whole metres.
        radius_m: u32,
    },
}

impl NameQuery {
    /// The first ten hits in the whole country, in degrees.
    pub fn new(kind: NameSearch) -> NameQuery {
        NameQuery { kind, municipality_code: None, epsg: 4258, page: 1, size: 10 }
    }

    /// Path and parameters.
    ///
    /// # Errors
    ///
    /// [`GeonorgeError::Question`]: the service would refuse it.
    pub fn target(&self) -> Result<String, GeonorgeError> {
        if self.page == 0 {
            return Err(GeonorgeError::question("side", "pages are numbered from 1"));
        }
        if self.size == 0 || self.size > MOST_PER_PAGE {
            let rule = format!("a page has 1 to {MOST_PER_PAGE} hits");
            return Err(GeonorgeError::question("treffPerSide", rule));
        }
        let begun = Parameters::default();
        let (path, parameters) = match &self.kind {
            NameSearch::Spellings(text) => ("/navn", begun.with("sok", text)),
            NameSearch::Places(text) => ("/sted", begun.with("sok", text)),
            NameSearch::Around { point, radius_m } => {
                if *radius_m > LONGEST_RADIUS_M {
                    let rule = format!("more than {LONGEST_RADIUS_M} m");
                    return Err(GeonorgeError::question("radius", rule));
                }
                let Point { epsg, x, y } = point;
                let around = begun.with("nord", y).with("ost", x).with("koordsys", epsg);
                ("/punkt", around.with("radius", radius_m))
            }
        };
        let parameters = parameters
            .with_some("knr", self.municipality_code.as_deref())
            .with("utkoordsys", self.epsg)
            .with("treffPerSide", self.size)
            .with("side", self.page);
        Ok(parameters.after(path))
    }
}

/// One page of hits.
#[derive(Debug, Clone, PartialEq)]
pub struct NamePage {
    /// Hits there are.
    pub total: u64,
    /// Number of the page, from 1.
    pub page: u32,
    /// The hits.
    pub places: Vec<NamedPlace>,
}

/// A place with its names.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NamedPlace {
    /// Key of the place in the register.
    pub place_number: Option<i64>,
    /// `By`, `Fjell`, as the register writes it.
    pub kind: Option<String>,
    /// Spellings with their language, the main one first as it came.
    pub names: Vec<PlaceName>,
    /// Where it is, in the system that was asked for.
    pub point: Option<Point>,
    /// Codes of its municipalities.
    pub municipality_codes: Vec<String>,
    /// Metres to the point that was asked about.
    pub distance_m: Option<f64>,
}

/// One spelling of a name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct PlaceName {
    /// As it is written.
    #[serde(rename = "skrivemåte")]
    pub spelling: String,
    /// `vedtatt`, `godkjent og prioritert`.
    #[serde(rename = "skrivemåtestatus")]
    pub spelling_status: Option<String>,
    /// `hovednavn`, `sidenavn`, `historisk`.
    #[serde(rename = "navnestatus")]
    pub name_status: Option<String>,
    /// `Norsk`, `Nordsamisk`.
    #[serde(rename = "språk")]
    pub language: Option<String>,
}

impl NamePage {
    /// Reads an answer of `/navn`, `/sted` or `/punkt`.
    ///
    /// # Errors
    ///
    /// [`GeonorgeError::Unreadable`] when it is not one.
    pub fn read(body: &[u8]) -> Result<NamePage, GeonorgeError> {
        let raw: RawPage = serde_json::from_slice(body)
            .map_err(|error| GeonorgeError::unreadable("place names", error))?;
        Ok(NamePage {
            total: raw.metadata.total,
            page: raw.metadata.page,
            places: raw.navn.into_iter().map(RawPlace::into_place).collect(),
        })
    }
}

#[derive(Deserialize)]
struct RawPage {
    #[serde(default)]
    metadata: RawMetadata,
    navn: Vec<RawPlace>,
}

#[derive(Deserialize)]
#[serde(default)]
struct RawMetadata {
    #[serde(rename = "totaltAntallTreff")]
    total: u64,
    #[serde(rename = "side")]
    page: u32,
}

impl Default for RawMetadata {
    fn default() -> RawMetadata {
        RawMetadata { total: 0, page: 1 }
    }
}

#[derive(Deserialize)]
struct RawPlace {
    stedsnummer: Option<i64>,
    navneobjekttype: Option<String>,
    /// Of `/sted` and `/punkt`: all names.
    #[serde(default)]
    stedsnavn: Vec<PlaceName>,
    /// Of `/navn`: the one spelling stands beside the rest.
    #[serde(flatten)]
    own: PlaceName,
    representasjonspunkt: Option<RawPoint>,
    #[serde(default)]
    kommuner: Option<Vec<RawMunicipality>>,
    #[serde(rename = "meterFraPunkt")]
    distance: Option<f64>,
}

#[derive(Deserialize)]
struct RawMunicipality {
    kommunenummer: String,
}

impl RawPlace {
    fn into_place(self) -> NamedPlace {
        let mut names = self.stedsnavn;
        if !self.own.spelling.is_empty() {
            names.insert(0, self.own);
        }
        let municipalities = self.kommuner.unwrap_or_default();
        NamedPlace {
            place_number: self.stedsnummer,
            kind: self.navneobjekttype,
            names,
            point: self.representasjonspunkt.and_then(RawPoint::into_point),
            municipality_codes: municipalities.into_iter().map(|one| one.kommunenummer).collect(),
            distance_m: self.distance,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_begin_at_one() {
        let query = NameQuery::new(NameSearch::Spellings("Kárášjohka".to_owned()));
        assert_eq!(
            query.target().expect("a question"),
            "/navn?sok=K%C3%A1r%C3%A1%C5%A1johka&utkoordsys=4258&treffPerSide=10&side=1"
        );
        assert!(NameQuery { page: 0, ..query.clone() }.target().is_err());
        assert!(NameQuery { size: 501, ..query }.target().is_err());
    }

    #[test]
    fn names_stand_in_the_hit_or_in_a_list_below_it() {
        let spelling = r#"{"metadata":{"side":1,"totaltAntallTreff":1},"navn":[{"skrivemåte":"Oslo",
            "språk":"Norsk","navneobjekttype":"By","stedsnummer":1,
            "representasjonspunkt":{"koordsys":4258,"nord":59.9,"øst":10.7},
            "kommuner":[{"kommunenummer":"0301","kommunenavn":"Oslo"}]}]}"#;
        let place = NamePage::read(spelling.as_bytes()).expect("a page").places.remove(0);
        assert_eq!(place.names[0].spelling, "Oslo");
        assert_eq!(place.point, Some(Point { epsg: 4258, x: 10.7, y: 59.9 }));
        assert_eq!(place.municipality_codes, ["0301"]);
        let around = r#"{"navn":[{"meterFraPunkt":26,"navneobjekttype":"Ås","stedsnavn":[
            {"skrivemåte":"Reiteåsane","navnestatus":"hovednavn"}]}]}"#;
        let page = NamePage::read(around.as_bytes()).expect("a page");
        assert_eq!(page.page, 1);
        assert_eq!(page.places[0].names[0].spelling, "Reiteåsane");
        assert_eq!(page.places[0].distance_m, Some(26.0));
    }

    #[test]
    fn a_radius_that_the_service_refuses_is_not_sent() {
        let point = Point { epsg: 25833, x: 262_000.0, y: 6_650_000.0 };
        let around = |radius_m| NameQuery::new(NameSearch::Around { point, radius_m }).target();
        assert!(around(5_000).is_ok());
        assert!(around(5_001).is_err());
    }
}
