//! Municipalities and counties as Kartverket lists them: kommuneinfo, version 1.
//!
//! Shapes come as GeoJSON with a `crs` of their own, longitude or easting first; a name
//! in a language that a municipality does not use is absent.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::url::{Parameters, encode};
use crate::{GeonorgeError, Outline, Point};

/// A question to kommuneinfo.
#[derive(Debug, Clone, PartialEq)]
pub enum MunicipalityQuery {
    /// All municipalities: a list of [`Municipality`].
    All,
    /// One municipality, with the system of its shapes: a [`Municipality`].
    One {
        /// Four digits.
        code: String,
        /// EPSG number.
        epsg: u32,
    },
    /// The border of one: a [`Municipality`] with its `area`.
    Area {
        /// Four digits.
        code: String,
        /// EPSG number.
        epsg: u32,
    },
    /// The neighbours of one: a list of [`Municipality`].
    Neighbours {
        /// Four digits.
        code: String,
    },
    /// All counties: a list of [`County`].
    Counties,
    /// The border of a county: a [`County`] with its `area`.
    CountyArea {
        /// Two digits.
        code: String,
        /// EPSG number.
        epsg: u32,
    },
    /// All counties with their municipalities: a list of [`County`].
    CountiesAndMunicipalities {
        /// EPSG number.
        epsg: u32,
    },
    /// The municipality at a point: a [`Municipality`].
    At(Point),
    /// Municipalities by name: [`MunicipalityHits`].
    Named(String),
}

impl MunicipalityQuery {
    /// Path and parameters.
    ///
    /// # Errors
    ///
    /// [`GeonorgeError::Question`] when a code has another number of digits than it must.
    pub fn target(&self) -> Result<String, GeonorgeError> {
        let none = Parameters::default;
        Ok(match self {
            MunicipalityQuery::All => "/kommuner".to_owned(),
            MunicipalityQuery::One { code, epsg } => {
                none().with("utkoordsys", epsg).after(&municipality(code, "")?)
            }
            MunicipalityQuery::Area { code, epsg } => {
                none().with("utkoordsys", epsg).after(&municipality(code, "/omrade")?)
            }
            MunicipalityQuery::Neighbours { code } => municipality(code, "/nabokommuner")?,
            MunicipalityQuery::Counties => "/fylker".to_owned(),
            MunicipalityQuery::CountyArea { code, epsg } => {
                check("fylkesnummer", code, 2)?;
                none().with("utkoordsys", epsg).after(&format!("/fylker/{}/omrade", encode(code)))
            }
            MunicipalityQuery::CountiesAndMunicipalities { epsg } => {
                none().with("utkoordsys", epsg).after("/fylkerkommuner")
            }
            // All three are mandatory; `ost` is easting or longitude.
            MunicipalityQuery::At(Point { epsg, x, y }) => {
                none().with("nord", y).with("ost", x).with("koordsys", epsg).after("/punkt")
            }
            MunicipalityQuery::Named(name) => none().with("knavn", name).after("/sok"),
        })
    }
}

fn municipality(code: &str, rest: &str) -> Result<String, GeonorgeError> {
    check("kommunenummer", code, 4)?;
    Ok(format!("/kommuner/{}{rest}", encode(code)))
}

fn check(parameter: &'static str, code: &str, digits: usize) -> Result<(), GeonorgeError> {
    if code.len() == digits && code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    let rule = format!("`{code}` is not {digits} digits, with the leading zero");
    Err(GeonorgeError::question(parameter, rule))
}

/// A municipality; what the question did not ask for is absent.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Municipality {
    /// Four digits.
    pub code: String,
    /// In its own language where it has chosen one.
    pub name: String,
    /// In Norwegian.
    pub norwegian_name: Option<String>,
    /// All names that are valid, the first in rank first.
    pub valid_names: Vec<ValidName>,
    /// Two digits.
    pub county_code: Option<String>,
    /// Name of the county.
    pub county_name: Option<String>,
    /// Whether it lies in the administrative area for the Sami languages.
    pub in_sami_area: Option<bool>,
    /// A point inside.
    pub point_inside: Option<Outline>,
    /// The box around it.
    pub bounding_box: Option<Outline>,
    /// Its border.
    pub area: Option<Outline>,
}

/// A name that a municipality has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidName {
    /// The name.
    pub name: String,
    /// 1 for the first.
    pub rank: Option<i32>,
    /// Language, as the service writes it: `Norwegian`.
    pub language: Option<String>,
}

/// A county; what the question did not ask for is absent.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct County {
    /// Two digits.
    pub code: String,
    /// Name.
    pub name: String,
    /// The box around it.
    pub bounding_box: Option<Outline>,
    /// Its border.
    pub area: Option<Outline>,
    /// Its municipalities.
    pub municipalities: Vec<Municipality>,
}

/// What a search by name finds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MunicipalityHits {
    /// How many there are.
    pub total: u64,
    /// They themselves.
    pub municipalities: Vec<Municipality>,
}

impl Municipality {
    /// Reads an answer about one municipality.
    ///
    /// # Errors
    ///
    /// [`GeonorgeError::Unreadable`] when it is not one, or a shape names no system.
    pub fn read(body: &[u8]) -> Result<Municipality, GeonorgeError> {
        json::<RawMunicipality>("a municipality", body)?.into_municipality()
    }

    /// Reads a list of municipalities.
    ///
    /// # Errors
    ///
    /// As [`Municipality::read`].
    pub fn read_list(body: &[u8]) -> Result<Vec<Municipality>, GeonorgeError> {
        let raw: Vec<RawMunicipality> = json("municipalities", body)?;
        raw.into_iter().map(RawMunicipality::into_municipality).collect()
    }
}

impl County {
    /// Reads an answer about one county.
    ///
    /// # Errors
    ///
    /// As [`Municipality::read`].
    pub fn read(body: &[u8]) -> Result<County, GeonorgeError> {
        json::<RawCounty>("a county", body)?.into_county()
    }

    /// Reads a list of counties, with their municipalities where they were asked for.
    ///
    /// # Errors
    ///
    /// As [`Municipality::read`].
    pub fn read_list(body: &[u8]) -> Result<Vec<County>, GeonorgeError> {
        let raw: Vec<RawCounty> = json("counties", body)?;
        raw.into_iter().map(RawCounty::into_county).collect()
    }
}

impl MunicipalityHits {
    /// Reads an answer of a search by name.
    ///
    /// # Errors
    ///
    /// As [`Municipality::read`].
    pub fn read(body: &[u8]) -> Result<MunicipalityHits, GeonorgeError> {
        let raw: RawHits = json("municipalities by name", body)?;
        let municipalities = raw.kommuner.unwrap_or_default();
        let municipalities: Result<Vec<Municipality>, GeonorgeError> =
            municipalities.into_iter().map(RawMunicipality::into_municipality).collect();
        Ok(MunicipalityHits { total: raw.antall_treff, municipalities: municipalities? })
    }
}

fn json<T: DeserializeOwned>(what: &str, body: &[u8]) -> Result<T, GeonorgeError> {
    serde_json::from_slice(body).map_err(|error| GeonorgeError::unreadable(what, error))
}

#[derive(Deserialize)]
struct RawHits {
    #[serde(rename = "antallTreff", default)]
    antall_treff: u64,
    kommuner: Option<Vec<RawMunicipality>>,
}

#[derive(Deserialize)]
struct RawMunicipality {
    kommunenummer: String,
    kommunenavn: String,
    #[serde(rename = "kommunenavnNorsk")]
    norwegian_name: Option<String>,
    #[serde(rename = "gyldigeNavn")]
    valid_names: Option<Vec<RawName>>,
    fylkesnummer: Option<String>,
    fylkesnavn: Option<String>,
    #[serde(rename = "samiskForvaltningsomrade")]
    in_sami_area: Option<bool>,
    #[serde(rename = "punktIOmrade")]
    point_inside: Option<Value>,
    avgrensningsboks: Option<Value>,
    omrade: Option<Value>,
}

/// A language in which a municipality has no name stands there with a name that is null.
#[derive(Deserialize)]
struct RawName {
    navn: Option<String>,
    prioritet: Option<i32>,
    sprak: Option<String>,
}

#[derive(Deserialize)]
struct RawCounty {
    fylkesnummer: String,
    fylkesnavn: String,
    avgrensningsboks: Option<Value>,
    omrade: Option<Value>,
    kommuner: Option<Vec<RawMunicipality>>,
}

fn outline(what: &'static str, value: Option<Value>) -> Result<Option<Outline>, GeonorgeError> {
    value.map(|value| Outline::read(what, value)).transpose()
}

impl RawMunicipality {
    fn into_municipality(self) -> Result<Municipality, GeonorgeError> {
        let valid = |raw: RawName| {
            let name = raw.navn.filter(|name| !name.is_empty())?;
            Some(ValidName { name, rank: raw.prioritet, language: raw.sprak })
        };
        let valid_names = self.valid_names.unwrap_or_default();
        let mut valid_names: Vec<ValidName> = valid_names.into_iter().filter_map(valid).collect();
        valid_names.sort_by_key(|name| name.rank.unwrap_or(i32::MAX));
        Ok(Municipality {
            code: self.kommunenummer,
            name: self.kommunenavn,
            norwegian_name: self.norwegian_name,
            valid_names,
            county_code: self.fylkesnummer,
            county_name: self.fylkesnavn,
            in_sami_area: self.in_sami_area,
            point_inside: outline("punktIOmrade", self.point_inside)?,
            bounding_box: outline("avgrensningsboks", self.avgrensningsboks)?,
            area: outline("omrade", self.omrade)?,
        })
    }
}

impl RawCounty {
    fn into_county(self) -> Result<County, GeonorgeError> {
        let municipalities = self.kommuner.unwrap_or_default();
        let municipalities: Result<Vec<Municipality>, GeonorgeError> =
            municipalities.into_iter().map(RawMunicipality::into_municipality).collect();
        Ok(County {
            code: self.fylkesnummer,
            name: self.fylkesnavn,
            bounding_box: outline("avgrensningsboks", self.avgrensningsboks)?,
            area: outline("omrade", self.omrade)?,
            municipalities: municipalities?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Shape;

    #[test]
    fn a_code_keeps_its_leading_zero_or_is_not_asked_for() {
        let one =
            |code: &str| MunicipalityQuery::Area { code: code.to_owned(), epsg: 25833 }.target();
        assert_eq!(one("0301").expect("a code"), "/kommuner/0301/omrade?utkoordsys=25833");
        assert!(one("301").is_err());
        assert!(one("03/1").is_err());
    }

    #[test]
    fn a_point_is_asked_about_with_all_three_parameters() {
        let point = Point { epsg: 4258, x: 10.75, y: 59.9 };
        let target = MunicipalityQuery::At(point).target().expect("a question");
        assert_eq!(target, "/punkt?nord=59.9&ost=10.75&koordsys=4258");
    }

    #[test]
    fn a_shape_keeps_the_system_that_it_names() {
        let body = r#"{"kommunenummer":"0301","kommunenavn":"Oslo","omrade":
            {"type":"MultiPolygon","crs":{"type":"name","properties":{"name":"EPSG:25833"}},
             "coordinates":[[[[1.0,2.0],[3.0,2.0],[3.0,4.0],[1.0,2.0]]]]}}"#;
        let area = Municipality::read(body.as_bytes()).expect("a municipality").area;
        let area = area.expect("an area");
        assert_eq!(area.epsg, 25833);
        let Shape::MultiPolygon(polygons) = area.shape else { panic!("several polygons") };
        assert_eq!(polygons[0][0][1], [3.0, 2.0]);
    }
}
