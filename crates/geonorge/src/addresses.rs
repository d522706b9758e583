//! Addresses: the search service of the address register, version 1.
//!
//! The service refuses a parameter that it does not know, so a question is built from
//! [`Field`]s only, and what would be refused is found before it is sent. Pages are
//! numbered from 0, and no more than 10,000 hits can be reached.

use serde::Deserialize;

use crate::url::Parameters;
use crate::{GeonorgeError, Point, epsg_of};

/// Hits on a page at most.
pub const MOST_PER_PAGE: u32 = 1_000;
/// Hits that can be reached at all, over all pages.
pub const MOST_HITS: u32 = 10_000;
/// Characters of a text at most.
const MOST_CHARACTERS: usize = 500;
/// Words of a text at most.
const MOST_WORDS: usize = 50;
/// Where a point in degrees must lie.
const LATITUDES: std::ops::RangeInclusive<f64> = 57.0..=80.0;
const LONGITUDES: std::ops::RangeInclusive<f64> = 4.0..=31.0;

/// A search for addresses, `/sok`.
#[derive(Debug, Clone, PartialEq)]
pub struct AddressQuery {
    /// Words, over almost all fields; `*` stands for the rest of a word.
    pub text: Option<String>,
    /// Finds words that resemble the text's; numbers stay exact.
    pub fuzzy: bool,
    /// One of the words is enough.
    pub any_word: bool,
    /// Fields with the value that they must have.
    pub fields: Vec<(Field, String)>,
    /// Which part of the hits, and in which system their points are.
    pub page: Page,
}

/// Which part of the hits, and in which system their points are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// From 0.
    pub number: u32,
    /// Hits on it.
    pub size: u32,
    /// EPSG number.
    pub epsg: u32,
}

impl Default for Page {
    fn default() -> Page {
        Page { number: 0, size: 10, epsg: 4258 }
    }
}

/// A field of an address that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Name of the road.
    RoadName,
    /// The address as it is written.
    Text,
    /// Name of the farm or the house.
    AdditionalName,
    /// Name of the municipality.
    MunicipalityName,
    /// Four digits.
    MunicipalityCode,
    /// Name of the place of the post office.
    PostalPlace,
    /// Four digits.
    PostalCode,
    /// Number of the road in its municipality.
    RoadCode,
    /// House number.
    Number,
    /// Letter after the house number; an empty value finds addresses without one.
    Letter,
    /// Cadastral number, first part.
    Gardsnummer,
    /// Cadastral number, second part.
    Bruksnummer,
    /// Cadastral number, third part.
    Festenummer,
    /// Number below a cadastral address.
    Undernummer,
    /// Number of a dwelling, `H0102`.
    Bruksenhetsnummer,
    /// `Vegadresse` or `Matrikkeladresse`.
    Kind,
}

impl Field {
    fn name(self) -> &'static str {
        match self {
            Field::RoadName => "adressenavn",
            Field::Text => "adressetekst",
            Field::AdditionalName => "adressetilleggsnavn",
            Field::MunicipalityName => "kommunenavn",
            Field::MunicipalityCode => "kommunenummer",
            Field::PostalPlace => "poststed",
            Field::PostalCode => "postnummer",
            Field::RoadCode => "adressekode",
            Field::Number => "nummer",
            Field::Letter => "bokstav",
            Field::Gardsnummer => "gardsnummer",
            Field::Bruksnummer => "bruksnummer",
            Field::Festenummer => "festenummer",
            Field::Undernummer => "undernummer",
            Field::Bruksenhetsnummer => "bruksenhetsnummer",
            Field::Kind => "objtype",
        }
    }

    fn takes(self, value: &str) -> Result<(), &'static str> {
        let digits = |value: &str| value.bytes().all(|byte| byte.is_ascii_digit());
        match self {
            Field::MunicipalityCode | Field::PostalCode if value.len() != 4 || !digits(value) => {
                Err("four digits, with the leading zero")
            }
            Field::RoadCode
            | Field::Number
            | Field::Gardsnummer
            | Field::Bruksnummer
            | Field::Festenummer
            | Field::Undernummer
                if value.is_empty() || value.len() > 9 || !digits(value) =>
            {
                Err("a whole number")
            }
            Field::Kind if !matches!(value, "Vegadresse" | "Matrikkeladresse") => {
                Err("`Vegadresse` or `Matrikkeladresse`")
            }
            _ => Ok(()),
        }
    }
}

impl AddressQuery {
    /// A search for words as people write an address; the first ten hits.
    pub fn text(text: impl Into<String>) -> AddressQuery {
        AddressQuery {
            text: Some(text.into()),
            fuzzy: false,
            any_word: false,
            fields: Vec::new(),
            page: Page::default(),
        }
    }

    /// Path and parameters.
    ///
    /// # Errors
    ///
    /// [`GeonorgeError::Question`]: the service would refuse it.
    ///
    /// ```
    /// use geonorge::addresses::AddressQuery;
    /// let target = AddressQuery::text("Åsgata 1").target()?;
    /// assert!(target.starts_with("/sok?sok=%C3%85sgata%201&"));
    /// # Ok::<(), geonorge::GeonorgeError>(())
    /// ```
    pub fn target(&self) -> Result<String, GeonorgeError> {
        let text = self.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
        if text.is_none() && self.fields.is_empty() {
            return Err(GeonorgeError::question("sok", "nothing to search for"));
        }
        if let Some(text) = text {
            self.check_text(text)?;
        }
        let mut parameters = Parameters::default()
            .with_some("sok", text)
            .with_some("fuzzy", self.fuzzy.then_some("true"))
            .with_some("sokemodus", self.any_word.then_some("OR"));
        for (field, value) in &self.fields {
            if let Err(rule) = field.takes(value) {
                return Err(GeonorgeError::question(field.name(), format!("it takes {rule}")));
            }
            parameters = parameters.with(field.name(), value);
        }
        Ok(self.page.put(parameters)?.after("/sok"))
    }

    fn check_text(&self, text: &str) -> Result<(), GeonorgeError> {
        if text.chars().count() > MOST_CHARACTERS {
            return Err(GeonorgeError::question(
                "sok",
                format!("more than {MOST_CHARACTERS} characters"),
            ));
        }
        if text.split_whitespace().count() > MOST_WORDS {
            return Err(GeonorgeError::question("sok", format!("more than {MOST_WORDS} words")));
        }
        if self.fuzzy && text.contains('*') {
            return Err(GeonorgeError::question("fuzzy", "not together with `*`"));
        }
        Ok(())
    }
}

impl Page {
    fn put(self, parameters: Parameters) -> Result<Parameters, GeonorgeError> {
        if self.size == 0 || self.size > MOST_PER_PAGE {
            let rule = format!("a page has 1 to {MOST_PER_PAGE} hits");
            return Err(GeonorgeError::question("treffPerSide", rule));
        }
        let last = u64::from(self.size) * (u64::from(self.number) + 1);
        if last > u64::from(MOST_HITS) {
            let rule = format!("no hit after the first {MOST_HITS} can be reached");
            return Err(GeonorgeError::question("side", rule));
        }
        Ok(parameters
            .with("utkoordsys", self.epsg)
            .with("treffPerSide", self.size)
            .with("side", self.number))
    }
}

/// A search for the addresses around a point, `/punktsok`; the nearest first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PointQuery {
    /// The point; for a projected system the service calls its northing `lat`.
    pub point: Point,
    /// Whole metres.
    pub radius_m: u32,
    /// Which part of the hits.
    pub page: Page,
}

impl PointQuery {
    /// Path and parameters.
    ///
    /// # Errors
    ///
    /// [`GeonorgeError::Question`]: the service would refuse it, for example a point in degrees that
    /// lies outside latitude 57 to 80 or longitude 4 to 31.
    pub fn target(&self) -> Result<String, GeonorgeError> {
        let Point { epsg, x, y } = self.point;
        if epsg == 4258 && !(LATITUDES.contains(&y) && LONGITUDES.contains(&x)) {
            let rule = "the point lies outside latitude 57 to 80, longitude 4 to 31";
            return Err(GeonorgeError::question("lat", rule));
        }
        let parameters = Parameters::default()
            .with("lat", y)
            .with("lon", x)
            .with("radius", self.radius_m)
            .with("koordsys", epsg);
        Ok(self.page.put(parameters)?.after("/punktsok"))
    }
}

/// One page of hits.
#[derive(Debug, Clone, PartialEq)]
pub struct AddressPage {
    /// Hits there are; more than can be reached, perhaps.
    pub total: u64,
    /// Number of the page, from 0.
    pub page: u32,
    /// The hits, the best first; of a point the nearest first.
    pub addresses: Vec<Address>,
}

/// An address as the register has it; almost everything may be absent.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Address {
    /// `Ulefossvegen 32`.
    pub text: String,
    /// Without the name of the farm or house.
    pub text_without_additional_name: Option<String>,
    /// Name of the road.
    pub road_name: Option<String>,
    /// Name of the farm or house.
    pub additional_name: Option<String>,
    /// Number of the road in its municipality.
    pub road_code: Option<i64>,
    /// House number.
    pub number: Option<i64>,
    /// Letter; `None` where there is none.
    pub letter: Option<String>,
    /// Four digits.
    pub municipality_code: Option<String>,
    /// In capitals, as the register writes it.
    pub municipality_name: Option<String>,
    /// Cadastral number, first part.
    pub gardsnummer: Option<i64>,
    /// Cadastral number, second part.
    pub bruksnummer: Option<i64>,
    /// Cadastral number, third part.
    pub festenummer: Option<i64>,
    /// Number below a cadastral address.
    pub undernummer: Option<i64>,
    /// Numbers of dwellings.
    pub bruksenhetsnummer: Vec<String>,
    /// `Vegadresse` or `Matrikkeladresse`.
    pub kind: Option<String>,
    /// Place of the post office.
    pub postal_place: Option<String>,
    /// Four digits.
    pub postal_code: Option<String>,
    /// Whether the point was checked on the spot.
    pub point_verified: Option<bool>,
    /// Where it is, in the system that was asked for.
    pub point: Option<Point>,
    /// Metres to the point that was asked about.
    pub distance_m: Option<f64>,
    /// When the entry was last changed; the register writes no zone.
    pub updated: Option<String>,
}

impl AddressPage {
    /// Reads an answer of `/sok` or `/punktsok`.
    ///
    /// # Errors
    ///
    /// [`GeonorgeError::Unreadable`] when it is not one.
    pub fn read(body: &[u8]) -> Result<AddressPage, GeonorgeError> {
        let raw: RawPage = serde_json::from_slice(body)
            .map_err(|error| GeonorgeError::unreadable("addresses", error))?;
        Ok(AddressPage {
            total: raw.metadata.total,
            page: raw.metadata.page,
            addresses: raw.addresses.into_iter().map(RawAddress::into_address).collect(),
        })
    }

    /// Number of the next page that holds hits, where one can be reached.
    pub fn next(&self, size: u32) -> Option<u32> {
        let next = self.page + 1;
        let first = u64::from(next) * u64::from(size);
        let is_in_reach = first + u64::from(size) <= u64::from(MOST_HITS);
        (!self.addresses.is_empty() && first < self.total && is_in_reach).then_some(next)
    }
}

/// What a refusal says: the words of the service, whatever their form.
///
/// `{"message": "…"}`, or `{"message": {"field": ["…"]}}` for a parameter that does not fit.
pub fn refusal(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Raw {
        message: serde_json::Value,
    }
    let raw: Raw = serde_json::from_slice(body).ok()?;
    match raw.message {
        serde_json::Value::String(text) => Some(text),
        serde_json::Value::Object(fields) => {
            let said = |value: &serde_json::Value| match value {
                serde_json::Value::Array(texts) => {
                    let texts: Vec<&str> = texts.iter().filter_map(|text| text.as_str()).collect();
                    texts.join(" ")
                }
                other => other.as_str().map_or_else(|| other.to_string(), str::to_owned),
            };
            let fields: Vec<String> =
                fields.iter().map(|(field, value)| format!("{field}: {}", said(value))).collect();
            Some(fields.join("; "))
        }
        _ => None,
    }
}

#[derive(Deserialize)]
struct RawPage {
    #[serde(default)]
    metadata: RawMetadata,
    #[serde(rename = "adresser")]
    addresses: Vec<RawAddress>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RawMetadata {
    #[serde(rename = "totaltAntallTreff")]
    total: u64,
    #[serde(rename = "side")]
    page: u32,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RawAddress {
    adressetekst: Option<String>,
    adressetekstutenadressetilleggsnavn: Option<String>,
    adressenavn: Option<String>,
    adressetilleggsnavn: Option<String>,
    adressekode: Option<i64>,
    nummer: Option<i64>,
    bokstav: Option<String>,
    kommunenummer: Option<String>,
    kommunenavn: Option<String>,
    gardsnummer: Option<i64>,
    bruksnummer: Option<i64>,
    festenummer: Option<i64>,
    undernummer: Option<i64>,
    bruksenhetsnummer: Option<Vec<String>>,
    objtype: Option<String>,
    poststed: Option<String>,
    postnummer: Option<String>,
    stedfestingverifisert: Option<bool>,
    representasjonspunkt: Option<RawPoint>,
    #[serde(rename = "meterDistanseTilPunkt")]
    distance: Option<f64>,
    oppdateringsdato: Option<String>,
}

/// A point whose members have changed their names over the years.
#[derive(Deserialize)]
pub(crate) struct RawPoint {
    #[serde(alias = "koordsys")]
    epsg: Option<serde_json::Value>,
    #[serde(alias = "nord")]
    lat: Option<f64>,
    #[serde(alias = "øst", alias = "ost")]
    lon: Option<f64>,
}

impl RawPoint {
    /// `None` where a member is absent: half a point is none, and neither is one without a system.
    pub(crate) fn into_point(self) -> Option<Point> {
        let epsg = match self.epsg? {
            serde_json::Value::Number(number) => u32::try_from(number.as_u64()?).ok()?,
            serde_json::Value::String(text) => epsg_of(&text)?,
            _ => return None,
        };
        Some(Point { epsg, x: self.lon?, y: self.lat? })
    }
}

impl RawAddress {
    fn into_address(self) -> Address {
        let some = |text: Option<String>| text.filter(|text| !text.is_empty());
        Address {
            text: self.adressetekst.unwrap_or_default(),
            text_without_additional_name: some(self.adressetekstutenadressetilleggsnavn),
            road_name: some(self.adressenavn),
            additional_name: some(self.adressetilleggsnavn),
            road_code: self.adressekode,
            number: self.nummer,
            letter: some(self.bokstav),
            municipality_code: some(self.kommunenummer),
            municipality_name: some(self.kommunenavn),
            gardsnummer: self.gardsnummer,
            bruksnummer: self.bruksnummer,
            festenummer: self.festenummer,
            undernummer: self.undernummer,
            bruksenhetsnummer: self.bruksenhetsnummer.unwrap_or_default(),
            kind: some(self.objtype),
            postal_place: some(self.poststed),
            postal_code: some(self.postnummer),
            point_verified: self.stedfestingverifisert,
            point: self.representasjonspunkt.and_then(RawPoint::into_point),
            distance_m: self.distance,
            updated: some(self.oppdateringsdato),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(query: &AddressQuery) -> String {
        query.target().expect_err("the service would refuse it").to_string()
    }

    #[test]
    fn what_the_service_would_refuse_is_not_sent() {
        let nothing = AddressQuery { text: Some("  ".to_owned()), ..AddressQuery::text("") };
        assert_eq!(refused(&nothing), "`sok` cannot be asked for: nothing to search for");
        let long = AddressQuery::text("a".repeat(501));
        assert_eq!(refused(&long), "`sok` cannot be asked for: more than 500 characters");
        let wordy = AddressQuery::text("a ".repeat(51));
        assert_eq!(refused(&wordy), "`sok` cannot be asked for: more than 50 words");
        let both = AddressQuery { fuzzy: true, ..AddressQuery::text("Stor*") };
        assert_eq!(refused(&both), "`fuzzy` cannot be asked for: not together with `*`");
        let short = AddressQuery {
            fields: vec![(Field::MunicipalityCode, "301".to_owned())],
            ..AddressQuery::text("a")
        };
        assert_eq!(
            refused(&short),
            "`kommunenummer` cannot be asked for: it takes four digits, with the leading zero"
        );
    }

    #[test]
    fn the_last_page_ends_at_ten_thousand_hits() {
        let page = |number, size| Page { number, size, epsg: 4258 };
        let target = |page| AddressQuery { page, ..AddressQuery::text("a") }.target();
        assert!(target(page(9, 1_000)).is_ok());
        assert!(target(page(10, 1_000)).is_err());
        assert!(target(page(0, 1_001)).is_err());
        assert!(target(page(u32::MAX, 1_000)).is_err());
        let last = AddressPage { total: 20_000, page: 9, addresses: vec![Address::default()] };
        assert_eq!(last.next(1_000), None);
        assert_eq!(AddressPage { page: 8, ..last }.next(1_000), Some(9));
    }

    #[test]
    fn a_letter_that_must_be_absent_is_asked_for_as_an_empty_value() {
        let fields = vec![(Field::Letter, String::new()), (Field::Number, "32".to_owned())];
        let query = AddressQuery { fields, ..AddressQuery::text("Ulefossvegen") };
        assert_eq!(
            query.target().expect("a question"),
            "/sok?sok=Ulefossvegen&bokstav=&nummer=32&utkoordsys=4258&treffPerSide=10&side=0"
        );
    }

    #[test]
    fn a_point_keeps_the_names_order_and_system_that_it_came_in() {
        let body = |point: &str| {
            format!(
                r#"{{"metadata":{{"totaltAntallTreff":1}},"adresser":[{{"representasjonspunkt":{point}}}]}}"#
            )
        };
        let point = |text: &str| {
            AddressPage::read(body(text).as_bytes()).expect("a page").addresses[0].point
        };
        let old = r#"{"epsg":"EPSG:25833","nord":6650000.5,"øst":260000.25}"#;
        let new = r#"{"epsg":"EPSG:25833","lat":6650000.5,"lon":260000.25}"#;
        let expected = Some(Point { epsg: 25833, x: 260_000.25, y: 6_650_000.5 });
        assert_eq!(point(old), expected);
        assert_eq!(point(new), expected);
        assert_eq!(point(r#"{"epsg":"EPSG:25833","lat":1.0}"#), None);
        assert_eq!(point(r#"{"lat":1.0,"lon":2.0}"#), None);
    }

    #[test]
    fn a_point_outside_the_country_is_refused_before_it_is_sent() {
        let query = |epsg, x, y| {
            let point = Point { epsg, x, y };
            PointQuery { point, radius_m: 50, page: Page::default() }.target()
        };
        assert!(query(4258, 10.7, 59.9).is_ok());
        // The usual mistake: latitude and longitude exchanged.
        assert!(query(4258, 59.9, 10.7).is_err());
        assert_eq!(
            query(25833, 262_000.0, 6_650_000.0).expect("a question"),
            "/punktsok?lat=6650000&lon=262000&radius=50&koordsys=25833&utkoordsys=4258&treffPerSide=10&side=0"
        );
    }

    #[test]
    fn both_forms_of_a_refusal_give_its_words() {
        let unknown = br#"{"message":{"sokestreng":["Unknown field."]}}"#;
        assert_eq!(refusal(unknown).as_deref(), Some("sokestreng: Unknown field."));
        let none = br#"{"message":"Ingen s\u00f8keparametere oppgitt."}"#;
        assert_eq!(refusal(none).as_deref(), Some("Ingen søkeparametere oppgitt."));
        assert_eq!(refusal(b"<html>"), None);
    }
}
