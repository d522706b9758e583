//! Orders: the download service for files that no feed offers.
//!
//! The service says what can be ordered (areas, projections, formats), takes an order,
//! and makes the files; what it calls things must be sent back to the letter, blanks at
//! the end included.

use serde::{Deserialize, Serialize};

use crate::GeonorgeError;
use crate::url::{encode, secure};

/// Path of what can be ordered of a data set.
pub fn capabilities_target(uuid: &str) -> String {
    format!("/api/capabilities/{}", encode(uuid))
}

/// What can be chosen in an order of a data set, and where the choices stand.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Capabilities {
    /// Whether areas can be chosen.
    pub supports_area_selection: bool,
    /// Whether a polygon can be drawn.
    pub supports_polygon_selection: bool,
    /// Whether projections can be chosen.
    pub supports_projection_selection: bool,
    /// Whether formats can be chosen.
    pub supports_format_selection: bool,
    /// Role that a user must have; `None` or empty: none.
    pub access_constraint_required_role: Option<String>,
    /// Where the lists and the orders are.
    #[serde(rename = "_links")]
    pub links: Vec<Link>,
}

/// A link with what it leads to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Link {
    /// `http://rel.geonorge.no/download/area`.
    pub rel: String,
    /// Address.
    pub href: String,
}

/// An area that can be ordered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Area {
    /// `0000`, `03`, `0301`.
    pub code: String,
    /// `landsdekkende`, `fylke`, `kommune`, `celle`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `Hele landet`.
    pub name: String,
    /// Projections of this area; empty where the service does not say.
    #[serde(default, skip_serializing)]
    pub projections: Vec<Projection>,
    /// Formats of this area; empty where the service does not say.
    #[serde(default, skip_serializing)]
    pub formats: Vec<Format>,
}

/// A projection that can be ordered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Projection {
    /// `25833`.
    pub code: String,
    /// `EUREF89 UTM sone 33, 2d`.
    pub name: String,
    /// `http://www.opengis.net/def/crs/EPSG/0/25833`.
    pub codespace: String,
}

/// A format that can be ordered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Format {
    /// Often empty.
    pub code: Option<String>,
    /// `GML`; some end with a blank, which belongs to the name.
    pub name: String,
    /// Often empty.
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

/// What is ordered: one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Metadata uuid of the data set.
    pub uuid: String,
    /// Area, as the service lists it.
    pub area: Area,
    /// Projection, as the service lists it.
    pub projection: Projection,
    /// Format, as the service lists it.
    pub format: Format,
}

/// An order as the service answers it, at once and each time it is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Order {
    /// Number under which it is looked at.
    pub reference_number: String,
    /// The files.
    pub files: Vec<OrderFile>,
    /// Where it can be bundled.
    #[serde(rename = "_links")]
    pub links: Vec<Link>,
}

/// A file of an order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OrderFile {
    /// Name, or what is wrong where the status is empty.
    pub name: Option<String>,
    /// Where it can be fetched for a while.
    pub download_url: Option<String>,
    /// As the service writes it.
    pub status: Option<String>,
    /// Area.
    pub area_name: Option<String>,
    /// Projection.
    pub projection_name: Option<String>,
    /// Format.
    pub format: Option<String>,
}

/// What can be done with a file of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileState {
    /// It can be fetched here.
    Ready(String),
    /// It is being made.
    Waiting,
    /// It will not be made.
    Failed(String),
}

impl Capabilities {
    /// Reads an answer.
    ///
    /// # Errors
    ///
    /// [`GeonorgeError::Unreadable`] when it is none.
    pub fn read(body: &[u8]) -> Result<Capabilities, GeonorgeError> {
        read("capabilities", body)
    }

    /// Address of a list or of the orders: `area`, `projection`, `format`, `order`, `can-download`.
    pub fn link(&self, of: &str) -> Option<String> {
        link(&self.links, of)
    }

    /// The role that is needed, where the data set is not for everybody.
    pub fn restriction(&self) -> Option<&str> {
        self.access_constraint_required_role.as_deref().filter(|role| !role.trim().is_empty())
    }
}

/// Reads the list of areas.
///
/// # Errors
///
/// [`GeonorgeError::Unreadable`] when it is none.
pub fn read_areas(body: &[u8]) -> Result<Vec<Area>, GeonorgeError> {
    read("areas", body)
}

/// Reads the list of projections.
///
/// # Errors
///
/// [`GeonorgeError::Unreadable`] when it is none.
pub fn read_projections(body: &[u8]) -> Result<Vec<Projection>, GeonorgeError> {
    read("projections", body)
}

/// Reads the list of formats.
///
/// # Errors
///
/// [`GeonorgeError::Unreadable`] when it is none.
pub fn read_formats(body: &[u8]) -> Result<Vec<Format>, GeonorgeError> {
    read("formats", body)
}

impl Line {
    /// The body of the order.
    pub fn body(&self) -> String {
        let formats = serde_json::json!([{
            "code": self.format.code.as_deref().unwrap_or_default(),
            "name": self.format.name,
            "type": self.format.kind.as_deref().unwrap_or_default(),
        }]);
        serde_json::json!({
            "email": "",
            "usageGroup": "",
            "softwareClient": "grunnlag",
            "softwareClientVersion": env!("CARGO_PKG_VERSION"),
            "orderLines": [{
                "metadataUuid": self.uuid,
                "areas": [self.area],
                "projections": [self.projection],
                "formats": formats,
                "usagePurpose": [],
            }],
        })
        .to_string()
    }
}

impl Order {
    /// Reads an answer.
    ///
    /// # Errors
    ///
    /// [`GeonorgeError::Unreadable`] when it is none.
    pub fn read(body: &[u8]) -> Result<Order, GeonorgeError> {
        let order: Order = read("order", body)?;
        match order.reference_number.is_empty() {
            true => Err(GeonorgeError::unreadable("order", "it has no reference number")),
            false => Ok(order),
        }
    }

    /// Path of the order as it is now.
    pub fn target(&self) -> String {
        format!("/api/order/{}", encode(&self.reference_number))
    }

    /// Address of the bundle, where several files can become one.
    pub fn bundle(&self) -> Option<String> {
        link(&self.links, "order/bundle")
    }
}

/// The body with which several files are asked for as one; it is sent by PUT to the bundle's address.
pub fn bundle_body() -> String {
    serde_json::json!({ "email": "", "downloadAsBundle": true }).to_string()
}

impl OrderFile {
    /// What can be done with it.
    pub fn state(&self) -> FileState {
        let url = self.download_url.as_deref().filter(|url| !url.is_empty());
        match (self.status.as_deref().unwrap_or_default(), url) {
            ("ReadyForDownload", Some(url)) => FileState::Ready(secure(url)),
            ("ReadyForDownload", None) => FileState::Failed("ready, and without a link".to_owned()),
            ("WaitingForProcessing", _) => FileState::Waiting,
            (status, _) => {
                let said = [status, self.name.as_deref().unwrap_or_default()];
                let said: Vec<&str> = said.into_iter().filter(|text| !text.is_empty()).collect();
                FileState::Failed(said.join(": "))
            }
        }
    }
}

fn link(links: &[Link], of: &str) -> Option<String> {
    let end = format!("/download/{of}");
    links.iter().find(|link| link.rel.ends_with(&end)).map(|link| secure(&link.href))
}

fn read<T: serde::de::DeserializeOwned>(what: &str, body: &[u8]) -> Result<T, GeonorgeError> {
    serde_json::from_slice(body).map_err(|error| GeonorgeError::unreadable(what, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_by_what_they_lead_to() {
        let body = br#"{"supportsAreaSelection":true,"accessConstraintRequiredRole":"",
            "_links":[{"rel":"http://rel.geonorge.no/download/order","href":"https://n/api/order"},
            {"rel":"http://rel.geonorge.no/download/area","href":"http://n/api/codelists/area/x"},
            {"rel":"self","href":"https://n/api/capabilities/x"}]}"#;
        let capabilities = Capabilities::read(body).expect("capabilities");
        assert_eq!(capabilities.link("area").as_deref(), Some("https://n/api/codelists/area/x"));
        assert_eq!(capabilities.link("order").as_deref(), Some("https://n/api/order"));
        assert_eq!(capabilities.link("projection"), None);
        assert_eq!(capabilities.restriction(), None);
    }

    #[test]
    fn names_are_sent_back_to_the_letter() {
        let areas = read_areas(
            br#"[{"code":"0000","type":"landsdekkende","name":"Hele landet",
                "projections":[{"code":"25833","name":"n","codespace":"c"}],"formats":[{"name":"GPX "}]}]"#,
        )
        .expect("areas");
        let area = areas[0].clone();
        let line = Line {
            uuid: "u".to_owned(),
            projection: area.projections[0].clone(),
            format: area.formats[0].clone(),
            area,
        };
        let body: serde_json::Value = serde_json::from_str(&line.body()).expect("JSON");
        let sent = &body["orderLines"][0];
        assert_eq!(sent["formats"][0]["name"], "GPX ");
        assert_eq!(
            sent["areas"][0],
            serde_json::json!({"code":"0000","type":"landsdekkende","name":"Hele landet"})
        );
        assert_eq!(body["softwareClient"], "grunnlag");
    }

    #[test]
    fn a_file_is_ready_or_being_made_or_never_will_be() {
        let state = |json: &str| serde_json::from_str::<OrderFile>(json).expect("a file").state();
        let ready = r#"{"status":"ReadyForDownload","downloadUrl":"http://n/f.zip"}"#;
        assert_eq!(state(ready), FileState::Ready("https://n/f.zip".to_owned()));
        assert_eq!(state(r#"{"status":"WaitingForProcessing","name":"f"}"#), FileState::Waiting);
        assert_eq!(
            state(r#"{"status":"","name":"Ingen data i området"}"#),
            FileState::Failed("Ingen data i området".to_owned())
        );
        assert!(matches!(state(r#"{"status":"ReadyForDownload"}"#), FileState::Failed(_)));
    }

    #[test]
    fn an_answer_without_a_reference_is_no_order() {
        assert!(Order::read(br#"{"files":[]}"#).is_err());
        let order = Order::read(
            br#"{"referenceNumber":"a/b","files":[],"_links":[
            {"rel":"http://rel.geonorge.no/download/order/bundle","href":"https://n/b"}]}"#,
        )
        .expect("an order");
        assert_eq!(order.target(), "/api/order/a%2Fb");
        assert_eq!(order.bundle().as_deref(), Some("https://n/b"));
    }
}
