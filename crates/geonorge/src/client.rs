//! Asking Kartverket and Geonorge, politely and through the archive.

use std::time::Duration;

use upstream::judge::{Expect, judge};
use upstream::{
    Ask, Asker, Download, Files, KeptFile, Pace, Question, Request, UpstreamError, Verdict,
};

use crate::addresses::{self, AddressPage, AddressQuery, PointQuery};
use crate::catalogue::{CataloguePage, CatalogueQuery};
use crate::municipalities::MunicipalityQuery;
use crate::names::{NamePage, NameQuery};
use crate::order::{Capabilities, FileState, Line, Order};
use crate::wfs::{FeatureQuery, PageOfFeatures};
use crate::{Feed, GeonorgeError, atom, order, url};

pub use upstream::UpstreamError as ClientError;

/// One call a second at most: no limit is published, and these services are everybody's.
pub const COURTESY: Pace = Pace { calls: 60, window: Duration::from_secs(60) };

/// Where the services are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Services {
    /// Address API.
    pub addresses: String,
    /// Kommuneinfo.
    pub municipalities: String,
    /// Place names.
    pub names: String,
    /// Downloads: feeds and orders.
    pub downloads: String,
    /// Catalogue.
    pub catalogue: String,
}

impl Default for Services {
    fn default() -> Services {
        Services {
            addresses: "https://ws.geonorge.no/adresser/v1".to_owned(),
            municipalities: "https://api.kartverket.no/kommuneinfo/v1".to_owned(),
            names: "https://api.kartverket.no/stedsnavn/v1".to_owned(),
            downloads: "https://nedlasting.geonorge.no".to_owned(),
            catalogue: "https://kartkatalog.geonorge.no".to_owned(),
        }
    }
}

impl Services {
    /// All of them on one server, with their own paths, as a mirror or a test has them.
    pub fn at(base: &str) -> Services {
        let base = base.trim_end_matches('/');
        Services {
            addresses: format!("{base}/adresser/v1"),
            municipalities: format!("{base}/kommuneinfo/v1"),
            names: format!("{base}/stedsnavn/v1"),
            downloads: base.to_owned(),
            catalogue: base.to_owned(),
        }
    }
}

/// Asks the services.
pub struct Geonorge<'a> {
    services: Services,
    asker: Asker<'a>,
}

/// How often an order is looked at before it is left for the next run.
const MOST_POLLS: u32 = 60;
/// Between two looks at an order.
const POLL_PAUSE: Duration = Duration::from_secs(5);

/// One question that is put to a service.
struct Put<'q> {
    /// Name of the interface in the archive.
    api: &'static str,
    /// What is asked, without the host.
    what: String,
    request: Request,
    /// The answers of one stamp are the same; `None`: for ever.
    stamp: Option<&'q str>,
    expect: Expect,
}

impl<'a> Geonorge<'a> {
    /// Asks `services` by way of `asker`, which should keep the [pace of courtesy](COURTESY).
    pub fn new(services: Services, asker: Asker<'a>) -> Geonorge<'a> {
        Geonorge { services, asker }
    }

    /// The pace that is kept.
    pub fn pace(&self) -> Pace {
        self.asker.pace()
    }

    /// Where the services are.
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// One page of addresses.
    ///
    /// # Errors
    ///
    /// [`GeonorgeError::Question`] before anything is asked; [`GeonorgeError::Client`] when no usable
    /// answer came; [`GeonorgeError::Unreadable`] when it is not as described.
    pub fn addresses(&self, query: &AddressQuery) -> Result<AddressPage, GeonorgeError> {
        let target = query.target()?;
        AddressPage::read(&self.json("adresser", &self.services.addresses, &target)?)
    }

    /// One page of the addresses around a point.
    ///
    /// # Errors
    ///
    /// As [`Geonorge::addresses`].
    pub fn addresses_around(&self, query: &PointQuery) -> Result<AddressPage, GeonorgeError> {
        let target = query.target()?;
        AddressPage::read(&self.json("adresser", &self.services.addresses, &target)?)
    }

    /// The body of an answer of kommuneinfo, to be read as what the question asks for.
    ///
    /// # Errors
    ///
    /// As [`Geonorge::addresses`].
    pub fn municipalities(&self, query: &MunicipalityQuery) -> Result<Vec<u8>, GeonorgeError> {
        self.json("kommuneinfo", &self.services.municipalities, &query.target()?)
    }

    /// One page of place names.
    ///
    /// # Errors
    ///
    /// As [`Geonorge::addresses`].
    pub fn names(&self, query: &NameQuery) -> Result<NamePage, GeonorgeError> {
        let target = query.target()?;
        NamePage::read(&self.json("stedsnavn", &self.services.names, &target)?)
    }

    /// One page of the catalogue.
    ///
    /// # Errors
    ///
    /// As [`Geonorge::addresses`].
    pub fn catalogue(&self, query: &CatalogueQuery) -> Result<CataloguePage, GeonorgeError> {
        let target = query.target()?;
        CataloguePage::read(&self.json("kartkatalog", &self.services.catalogue, &target)?)
    }

    /// The service feed: one entry for each data set and format.
    ///
    /// # Errors
    ///
    /// As [`Geonorge::addresses`].
    pub fn service_feed(&self) -> Result<Feed, GeonorgeError> {
        self.feed(&format!("{}/geonorge/Tjenestefeed_daglig.xml", self.services.downloads))
    }

    /// A feed at its address.
    ///
    /// # Errors
    ///
    /// As [`Geonorge::addresses`].
    pub fn feed(&self, address: &str) -> Result<Feed, GeonorgeError> {
        let stamp = self.stamp();
        Feed::read(&self.put(Put {
            api: "nedlasting",
            what: url::target(address).to_owned(),
            request: Request::get(address),
            stamp: Some(&stamp),
            expect: Expect::Xml,
        })?)
    }

    /// One page of features as GML, and what is seen of it without reading its shapes.
    ///
    /// # Errors
    ///
    /// As [`Geonorge::addresses`]; [`GeonorgeError::Refused`] for an exception report.
    pub fn features(
        &self,
        service: &str,
        query: &FeatureQuery,
    ) -> Result<(Vec<u8>, PageOfFeatures), GeonorgeError> {
        let stamp = self.stamp();
        let address = format!("{service}{}", query.target());
        let body = self.put(Put {
            api: "wfs",
            what: url::target(&address).to_owned(),
            request: Request::get(&address),
            stamp: Some(&stamp),
            expect: Expect::Xml,
        })?;
        let page = PageOfFeatures::scan(body.as_slice())?;
        Ok((body, page))
    }

    /// Every page of features, one at a time, until a page is not full.
    ///
    /// # Errors
    ///
    /// As [`Geonorge::features`], and what `each` returns.
    pub fn all_features<E: From<GeonorgeError>>(
        &self,
        service: &str,
        query: &FeatureQuery,
        mut each: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<u64, E> {
        let (mut query, mut total) = (query.clone(), 0);
        loop {
            let (body, page) = self.features(service, &query)?;
            each(&body)?;
            total += page.members;
            match page.next(&query) {
                Some(start) => query.start = start,
                None => return Ok(total),
            }
        }
    }

    /// The number of features, as the service counts them; `None` where it does not.
    ///
    /// # Errors
    ///
    /// As [`Geonorge::features`].
    pub fn feature_count(
        &self,
        service: &str,
        query: &FeatureQuery,
    ) -> Result<Option<u64>, GeonorgeError> {
        let stamp = self.stamp();
        let address = format!("{service}{}", query.hits_target());
        let body = self.put(Put {
            api: "wfs",
            what: url::target(&address).to_owned(),
            request: Request::get(&address),
            stamp: Some(&stamp),
            expect: Expect::Xml,
        })?;
        Ok(PageOfFeatures::scan(body.as_slice())?.matched)
    }

    /// Fetches the file of a feed's entry.
    ///
    /// # Errors
    ///
    /// [`GeonorgeError::Restricted`] when it needs a user; [`GeonorgeError::Client`].
    pub fn file(
        &self,
        entry: &atom::Entry,
        dataset: &str,
        files: &dyn Files,
    ) -> Result<KeptFile, GeonorgeError> {
        if entry.is_restricted() {
            let restriction = entry.restriction.clone().unwrap_or_default();
            return Err(GeonorgeError::Restricted { dataset: dataset.to_owned(), restriction });
        }
        self.fetch(&entry.link, dataset, Some(entry.updated.as_str()), files)
    }

    /// What can be ordered of a data set.
    ///
    /// # Errors
    ///
    /// As [`Geonorge::addresses`].
    pub fn capabilities(&self, uuid: &str) -> Result<Capabilities, GeonorgeError> {
        let target = order::capabilities_target(uuid);
        Capabilities::read(&self.json("nedlasting", &self.services.downloads, &target)?)
    }

    /// The line that orders a data set in an area, projection and format, in the service's own words.
    ///
    /// # Errors
    ///
    /// [`GeonorgeError::Restricted`], [`GeonorgeError::NotOffered`], and as [`Geonorge::addresses`].
    pub fn order_line(&self, wanted: &Wanted<'_>) -> Result<Line, GeonorgeError> {
        let capabilities = self.capabilities(wanted.uuid)?;
        if let Some(role) = capabilities.restriction() {
            let (dataset, restriction) = (wanted.dataset.to_owned(), role.to_owned());
            return Err(GeonorgeError::Restricted { dataset, restriction });
        }
        let area = match self.list(&capabilities, "area")? {
            Some(body) => {
                let areas = order::read_areas(&body)?;
                areas
                    .into_iter()
                    .find(|area| area.code == wanted.area)
                    .ok_or_else(|| wanted.lacks())?
            }
            None => order::Area::default(),
        };
        let projections = match area.projections.is_empty() {
            false => area.projections.clone(),
            true => match self.list(&capabilities, "projection")? {
                Some(body) => order::read_projections(&body)?,
                None => Vec::new(),
            },
        };
        let formats = match area.formats.is_empty() {
            false => area.formats.clone(),
            true => match self.list(&capabilities, "format")? {
                Some(body) => order::read_formats(&body)?,
                None => Vec::new(),
            },
        };
        let code = wanted.projection.to_string();
        let projection = projections.into_iter().find(|one| one.code == code);
        let is_format = |one: &order::Format| one.name.trim().eq_ignore_ascii_case(wanted.format);
        Ok(Line {
            uuid: wanted.uuid.to_owned(),
            area,
            projection: projection.ok_or_else(|| wanted.lacks())?,
            format: formats.into_iter().find(is_format).ok_or_else(|| wanted.lacks())?,
        })
    }

    /// Orders a file, waits until it is made, and fetches it; a link that has expired is ordered anew.
    ///
    /// # Errors
    ///
    /// As [`Geonorge::order_line`]; [`GeonorgeError::NotReady`] when it is not made in time,
    /// [`GeonorgeError::Expired`] when links expire before they can be followed.
    pub fn ordered_file(
        &self,
        wanted: &Wanted<'_>,
        files: &dyn Files,
    ) -> Result<KeptFile, GeonorgeError> {
        let line = self.order_line(wanted)?;
        for again in 0..2_u32 {
            let link = self.order(wanted, &line, again)?;
            match self.fetch(&link, wanted.dataset, Some(&self.stamp()), files) {
                Err(GeonorgeError::Client(UpstreamError::Refused {
                    http_status: 404 | 410,
                    ..
                })) => {}
                other => return other,
            }
        }
        Err(GeonorgeError::Expired { what: wanted.dataset.to_owned() })
    }

    /// Places an order and waits for its link; `again` tells a second order from the first.
    fn order(&self, wanted: &Wanted<'_>, line: &Line, again: u32) -> Result<String, GeonorgeError> {
        let capabilities = self.capabilities(wanted.uuid)?;
        let address = capabilities
            .link("order")
            .unwrap_or_else(|| format!("{}/api/order", self.services.downloads));
        // An order is made once: each has a stamp of its own, and its answer is never recalled.
        let moment = self.asker.now().to_string();
        let body = line.body();
        let answer = self.put(Put {
            api: "nedlasting",
            what: format!("order {again} {body}"),
            request: Request::post(&address, &body),
            stamp: Some(&moment),
            expect: Expect::Json,
        })?;
        let mut order = Order::read(&answer)?;
        for look in 1..=MOST_POLLS {
            match link_of(&order) {
                FileState::Ready(link) => return Ok(link),
                FileState::Failed(problem) => {
                    let what = wanted.dataset.to_owned();
                    return Err(GeonorgeError::Refused { what, problem });
                }
                FileState::Waiting => {}
            }
            self.asker.pause("order", POLL_PAUSE);
            let stamp = format!("{moment} look {look}");
            let target = order.target();
            order = Order::read(&self.put(Put {
                api: "nedlasting",
                what: target.clone(),
                request: Request::get(format!("{}{target}", self.services.downloads)),
                stamp: Some(&stamp),
                expect: Expect::Json,
            })?)?;
        }
        let (dataset, reference) = (wanted.dataset.to_owned(), order.reference_number);
        Err(GeonorgeError::NotReady { dataset, reference, polls: MOST_POLLS })
    }

    fn list(&self, of: &Capabilities, name: &str) -> Result<Option<Vec<u8>>, GeonorgeError> {
        let Some(address) = of.link(name) else { return Ok(None) };
        let stamp = self.stamp();
        let body = self.put(Put {
            api: "nedlasting",
            what: url::target(&address).to_owned(),
            request: Request::get(&address),
            stamp: Some(&stamp),
            expect: Expect::Json,
        })?;
        Ok(Some(body))
    }

    fn fetch(
        &self,
        address: &str,
        dataset: &str,
        updated: Option<&str>,
        files: &dyn Files,
    ) -> Result<KeptFile, GeonorgeError> {
        let question = self.question("nedlasting", address, url::target(address), updated)?;
        let question = Question { table: Some(dataset.to_owned()), ..question };
        let begins_wrong = |start: &[u8]| begins_wrong(start);
        let url = address.to_owned();
        Ok(self.asker.download(&Download { question, url, begins_wrong: &begins_wrong, files })?)
    }

    /// An answer that may have changed since this stamp began.
    fn json(&self, api: &'static str, base: &str, target: &str) -> Result<Vec<u8>, GeonorgeError> {
        let stamp = self.stamp();
        self.put(Put {
            api,
            what: target.to_owned(),
            request: Request::get(format!("{base}{target}")),
            stamp: Some(&stamp),
            expect: Expect::Json,
        })
    }

    /// The hour, unless the settings know better.
    fn stamp(&self) -> String {
        let hour = || self.asker.now().strftime("%Y-%m-%dT%H").to_string();
        self.asker.settings().stamp.clone().unwrap_or_else(hour)
    }

    fn question(
        &self,
        api: &str,
        address: &str,
        what: &str,
        updated: Option<&str>,
    ) -> Result<Question, GeonorgeError> {
        let host = url::authority(address)
            .ok_or_else(|| GeonorgeError::unreadable("link", format!("`{address}`")))?;
        Ok(Question {
            host: host.to_owned(),
            api: api.to_owned(),
            language: "no".to_owned(),
            table: None,
            what: what.to_owned(),
            updated: updated.map(str::to_owned),
        })
    }

    fn put(&self, put: Put<'_>) -> Result<Vec<u8>, GeonorgeError> {
        let question = self.question(put.api, &put.request.url, &put.what, put.stamp)?;
        let what = put.what.clone();
        let answer = self.asker.ask::<UpstreamError>(&Ask {
            question,
            request: put.request,
            instead: None,
            judge: &|_, answer, now| -> Result<(), Verdict<UpstreamError>> {
                judge(&what, answer, put.expect, words, now)
            },
            rest: &|_| None,
        })?;
        Ok(answer.body)
    }
}

/// A file that is to be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted<'w> {
    /// What people call the data set.
    pub dataset: &'w str,
    /// Its metadata uuid.
    pub uuid: &'w str,
    /// Code of the area: `0000` is the country.
    pub area: &'w str,
    /// EPSG number.
    pub projection: u32,
    /// `GML`.
    pub format: &'w str,
}

impl Wanted<'_> {
    fn lacks(&self) -> GeonorgeError {
        GeonorgeError::NotOffered {
            dataset: self.dataset.to_owned(),
            area: self.area.to_owned(),
            projection: format!("EPSG:{}", self.projection),
            format: self.format.to_owned(),
        }
    }
}

/// An order of one file is as far as that file is.
fn link_of(order: &Order) -> FileState {
    match order.files.first() {
        Some(file) => file.state(),
        None => FileState::Failed("the order has no files".to_owned()),
    }
}

/// The words of a refusal, whatever service they come from.
fn words(body: &[u8]) -> String {
    let line = || {
        let text = String::from_utf8_lossy(body);
        let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        line.chars().take(200).collect()
    };
    addresses::refusal(body).unwrap_or_else(line)
}

/// A page that says sorry is no file of ours; GML and GeoJSON are, and so is any archive.
fn begins_wrong(start: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(start).trim_start().to_lowercase();
    if text.is_empty() {
        return Some("nothing at all".to_owned());
    }
    let is_page = text.starts_with("<!doctype html") || text.starts_with("<html");
    is_page.then(|| "a page in HTML".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_no_file() {
        assert_eq!(begins_wrong(b"PK\x03\x04"), None);
        assert_eq!(begins_wrong(b"<?xml version='1.0'?><gml:FeatureCollection"), None);
        assert_eq!(begins_wrong(b"\n<!DOCTYPE HTML>").as_deref(), Some("a page in HTML"));
        assert_eq!(begins_wrong(b"").as_deref(), Some("nothing at all"));
    }

    #[test]
    fn services_keep_their_paths_on_another_server() {
        let services = Services::at("http://127.0.0.1:8080/");
        assert_eq!(services.addresses, "http://127.0.0.1:8080/adresser/v1");
        assert_eq!(services.downloads, "http://127.0.0.1:8080");
    }
}
