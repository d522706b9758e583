//! ATOM feeds: how Kartverket's own client keeps copies up to date.
//!
//! The service feed has an entry for each data set and format, which leads to the data
//! set's own feed; that has an entry for each area and projection, which leads to a
//! file. Both are read the same way. Other agencies' feeds have the same structure.

use jiff::civil::DateTime;
use jiff::{Timestamp, tz::TimeZone};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::url::secure;
use crate::{GeonorgeError, epsg_of};

/// A feed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Feed {
    /// Title.
    pub title: String,
    /// When it was last written, as it says.
    pub updated: Updated,
    /// What it leads to, in its order.
    pub entries: Vec<Entry>,
}

/// What a feed leads to: a data set's feed, or a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// `GML-format, Landsdekkende`, `Administrative enheter fylker GML-format`.
    pub title: String,
    /// When the data were last changed.
    pub updated: Updated,
    /// Address of the feed or the file; with encryption also where the feed has none.
    pub link: String,
    /// Metadata uuid of the data set, where the entry says it.
    pub uuid: Option<String>,
    /// EPSG numbers that the categories name in their term or label.
    pub projections: Vec<u32>,
    /// Terms of the categories for vector and raster formats.
    pub formats: Vec<String>,
    /// What the category for access restrictions says, where there is one.
    pub restriction: Option<String>,
    /// Bytes of the file, where the link says it.
    pub bytes: Option<u64>,
}

/// A moment as a feed writes it: with or without seconds, zone and time.
///
/// ```
/// use geonorge::atom::Updated;
/// let updated = |text: &str| Updated::from(text.to_owned());
/// assert!(updated("2018-02-16T06:58Z").is_newer_than(&updated("2018-01-10T13:13:27")));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Updated(String);

impl Updated {
    /// As the feed writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The moment; without a zone it is taken for Norwegian time. `None` when it is no time.
    pub fn moment(&self) -> Option<Timestamp> {
        let text = self.0.trim();
        if let Ok(moment) = text.parse::<Timestamp>() {
            return Some(moment);
        }
        let oslo = TimeZone::get("Europe/Oslo").ok()?;
        // `2018-02-16T06:58Z` has a zone and no seconds.
        let (local, zone) = match text.strip_suffix(['Z', 'z']) {
            Some(local) => (local, TimeZone::UTC),
            None => (text, oslo),
        };
        let civil: DateTime = local.parse().ok()?;
        Some(civil.to_zoned(zone).ok()?.timestamp())
    }

    /// The day, as the feed writes it: `2018-02-16`.
    pub fn day(&self) -> &str {
        self.0.trim().get(..10).unwrap_or_default()
    }

    /// Whether it is later; moments that cannot be read are later when they are not the same.
    pub fn is_newer_than(&self, other: &Updated) -> bool {
        match (self.moment(), other.moment()) {
            (Some(own), Some(other)) => own > other,
            _ => self != other,
        }
    }
}

impl From<String> for Updated {
    fn from(text: String) -> Updated {
        Updated(text.trim().to_owned())
    }
}

/// Which file of a data set is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// Name of the area, `Landsdekkende`, `03 Oslo`.
    pub area: &'a str,
    /// EPSG number.
    pub projection: u32,
    /// `GML`.
    pub format: &'a str,
}

impl Feed {
    /// Reads a feed.
    ///
    /// # Errors
    ///
    /// [`GeonorgeError::Unreadable`] when it is no XML, or no feed.
    pub fn read(body: &[u8]) -> Result<Feed, GeonorgeError> {
        let text = String::from_utf8_lossy(body);
        let mut reading = Reading::default();
        let mut reader = Reader::from_str(&text);
        loop {
            let event =
                reader.read_event().map_err(|error| GeonorgeError::unreadable("feed", error))?;
            match event {
                Event::Start(tag) => reading.open(&tag),
                Event::Empty(tag) => reading.empty(&tag),
                Event::Text(text) => reading.text.push_str(&text),
                Event::GeneralRef(name) => reading.reference(&name),
                Event::CData(piece) => reading.text.push_str(&piece.into_inner()),
                Event::End(tag) => reading.close(tag.local_name().as_ref()),
                Event::Eof => break,
                _ => {}
            }
        }
        match (reading.is_feed, reading.path.is_empty()) {
            (true, true) => Ok(reading.feed),
            (true, false) => Err(GeonorgeError::unreadable("feed", "it ends too early")),
            (false, _) => Err(GeonorgeError::unreadable("feed", "it is no ATOM feed")),
        }
    }

    /// The feed of a data set in a format: the entry of a service feed with its uuid.
    pub fn dataset(&self, uuid: &str, format: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| {
            let is_same = entry.uuid.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(uuid));
            is_same && entry.is_in_format(format)
        })
    }

    /// The file for an area and projection: title and projection must match, as in Kartverket's client.
    pub fn file(&self, wanted: &Wanted<'_>) -> Option<&Entry> {
        self.entries.iter().find(|entry| {
            entry.is_about(wanted.area)
                && entry.projections.contains(&wanted.projection)
                && entry.is_in_format(wanted.format)
        })
    }
}

impl Entry {
    /// Whether only those with an agreement may fetch it.
    pub fn is_restricted(&self) -> bool {
        let open = ["norestrictions", "no restrictions", "åpne data", "apne data", "open"];
        self.restriction.as_deref().is_some_and(|said| {
            let said = said.to_lowercase();
            !open.iter().any(|word| said.contains(word))
        })
    }

    fn is_about(&self, area: &str) -> bool {
        // `GML-format, 03 Oslo`
        let own = self.title.split_once(',').map_or(self.title.as_str(), |(_, area)| area);
        own.trim().eq_ignore_ascii_case(area.trim())
    }

    /// The title or a category names the format; an entry that names none is not ruled out.
    fn is_in_format(&self, format: &str) -> bool {
        let format = format.trim().to_lowercase();
        let in_title = self.title.to_lowercase();
        let named = in_title.split([' ', ',']).find_map(|word| word.strip_suffix("-format"));
        match named {
            Some(named) => named == format,
            None => {
                let fits = |own: &String| own.trim().to_lowercase().starts_with(&format);
                self.formats.is_empty() || self.formats.iter().any(fits)
            }
        }
    }
}

/// A feed in the middle of being read.
#[derive(Default)]
struct Reading {
    feed: Feed,
    entry: Option<Entry>,
    /// Local names of the open elements.
    path: Vec<String>,
    text: String,
    is_feed: bool,
}

impl Reading {
    fn open(&mut self, tag: &BytesStart<'_>) {
        let name = local(tag);
        if self.path.is_empty() {
            self.is_feed = name == "feed";
        }
        if name == "entry" {
            self.entry = Some(Entry::default());
        }
        self.text.clear();
        self.path.push(name);
        self.attributes(tag);
    }

    fn empty(&mut self, tag: &BytesStart<'_>) {
        self.path.push(local(tag));
        self.attributes(tag);
        self.path.pop();
    }

    fn attributes(&mut self, tag: &BytesStart<'_>) {
        // Authors and sources may have links of their own: only the entry's children count.
        let (Some(entry), 3) = (&mut self.entry, self.path.len()) else { return };
        match self.path.last().map(String::as_str) {
            Some("link") => link(entry, tag),
            Some("category") => category(entry, tag),
            _ => {}
        }
    }

    fn reference(&mut self, name: &quick_xml::events::BytesRef<'_>) {
        if let Ok(Some(sign)) = name.resolve_char_ref() {
            self.text.push(sign);
        } else {
            let sign = quick_xml::escape::resolve_predefined_entity(name);
            self.text.push_str(sign.unwrap_or_default());
        }
    }

    fn close(&mut self, name: &str) {
        let text = std::mem::take(&mut self.text).trim().to_owned();
        let depth = self.path.len();
        match (&mut self.entry, name, depth) {
            (Some(entry), "title", 3) => entry.title = text,
            (Some(entry), "updated", 3) => entry.updated = text.into(),
            (Some(entry), "spatial_dataset_identifier_code", 3) if !text.is_empty() => {
                entry.uuid = Some(text);
            }
            (Some(_), "entry", 2) => self.feed.entries.extend(self.entry.take()),
            (None, "title", 2) => self.feed.title = text,
            (None, "updated", 2) => self.feed.updated = text.into(),
            _ => {}
        }
        self.path.pop();
    }
}

fn link(entry: &mut Entry, tag: &BytesStart<'_>) {
    let (rel, href) = (attribute(tag, "rel"), attribute(tag, "href").unwrap_or_default());
    match rel.as_deref() {
        Some("alternate") | None if entry.link.is_empty() => {
            entry.link = secure(href.trim());
            entry.bytes = attribute(tag, "length").and_then(|length| length.trim().parse().ok());
        }
        Some("describedby") if entry.uuid.is_none() => {
            let uuid = href.rsplit_once("uuid=").map(|(_, uuid)| uuid.trim().to_owned());
            entry.uuid = uuid;
        }
        _ => {}
    }
}

fn category(entry: &mut Entry, tag: &BytesStart<'_>) {
    let scheme = attribute(tag, "scheme").unwrap_or_default().to_lowercase();
    let (term, label) = (attribute(tag, "term"), attribute(tag, "label"));
    if scheme.contains("tilgangsrestriksjoner") {
        entry.restriction = label.or(term).filter(|said| !said.trim().is_empty());
    } else if scheme.contains("vektorformater") || scheme.contains("rasterformater") {
        entry.formats.extend(term.or(label));
    } else if scheme.contains("/crs/") || scheme.contains("epsg-koder") || is_epsg(&term) {
        let said = [term, label];
        let numbers = said.iter().flatten().filter_map(|text| epsg_of(text));
        for number in numbers {
            if !entry.projections.contains(&number) {
                entry.projections.push(number);
            }
        }
    }
}

fn is_epsg(term: &Option<String>) -> bool {
    term.as_deref().is_some_and(|term| term.to_uppercase().starts_with("EPSG"))
}

fn local(tag: &BytesStart<'_>) -> String {
    tag.local_name().as_ref().to_owned()
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = tag.try_get_attribute(name).ok().flatten()?;
    let value = attribute.value.into_owned();
    let unescaped = quick_xml::escape::unescape(&value).map(|text| text.into_owned());
    Some(unescaped.unwrap_or(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In the words of Kartverket's feeds: a system by its term, by its label, and by neither.
    const FILES: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:gml="http://www.opengis.net/gml">
  <id>https://nedlasting.geonorge.no</id>
  <link rel="self" href="https://nedlasting.geonorge.no"/>
  <title>Administrative enheter kommuner</title>
  <updated>2018-02-16T06:58Z</updated>
  <entry>
    <author><name>Kartverket</name></author>
    <category term="EPSG:25832" scheme="http://www.opengis.net/def/crs/" label="EPSG/0/25832"/>
    <link rel="alternate" href="http://nedlasting.geonorge.no/k/32.zip?a=1&amp;b=2"/>
    <title>GML-format, Landsdekkende</title>
    <updated>2018-01-10T13:13:27</updated>
  </entry>
  <entry>
    <category term="Landsdekkende" scheme="https://register.geonorge.no/api/epsg-koder.xml" label="EPSG/0/25833"/>
    <category term="unrestricted" label="&#197;pne data" scheme="https://register.geonorge.no/api/metadata-kodelister/tilgangsrestriksjoner.xml"/>
    <link rel="alternate" href="https://nedlasting.geonorge.no/k/33.zip" length="1234"/>
    <title>GML-format, Landsdekkende</title>
    <updated>2018-01-10T13:13:27+01:00</updated>
  </entry>
  <entry>
    <category term="EPSG:25833" scheme="http://www.opengis.net/def/crs/"/>
    <category term="norway digital restricted" scheme="x/tilgangsrestriksjoner"/>
    <link rel="alternate" href="https://nedlasting.geonorge.no/k/03.zip"/>
    <title>GML-format, 03 Oslo &amp; omegn</title>
    <updated>2018-01-10</updated>
  </entry>
</feed>"#;

    fn wanted(area: &str, projection: u32) -> Option<String> {
        let feed = Feed::read(FILES.as_bytes()).expect("a feed");
        let found = feed.file(&Wanted { area, projection, format: "gml" });
        found.map(|entry| entry.link.clone())
    }

    #[test]
    fn a_file_is_found_by_area_and_projection_together() {
        let link = wanted("Landsdekkende", 25832).expect("a file");
        assert_eq!(link, "https://nedlasting.geonorge.no/k/32.zip?a=1&b=2");
        let link = wanted("landsdekkende", 25833).expect("a file whose system stands in the label");
        assert_eq!(link, "https://nedlasting.geonorge.no/k/33.zip");
        assert_eq!(wanted("Landsdekkende", 25835), None);
        assert_eq!(wanted("Oslo", 25833), None);
        let feed = Feed::read(FILES.as_bytes()).expect("a feed");
        let sosi = Wanted { area: "Landsdekkende", projection: 25833, format: "SOSI" };
        assert_eq!(feed.file(&sosi), None);
        assert_eq!(feed.title, "Administrative enheter kommuner");
    }

    #[test]
    fn restrictions_are_told_from_open_data() {
        let feed = Feed::read(FILES.as_bytes()).expect("a feed");
        let restricted: Vec<bool> = feed.entries.iter().map(Entry::is_restricted).collect();
        assert_eq!(restricted, [false, false, true]);
        assert_eq!(feed.entries[1].bytes, Some(1234));
        assert_eq!(feed.entries[2].title, "GML-format, 03 Oslo & omegn");
    }

    #[test]
    fn every_spelling_of_a_moment_is_read() {
        let seconds =
            |text: &str| Updated::from(text.to_owned()).moment().map(Timestamp::as_second);
        assert_eq!(seconds("2018-02-16T06:58Z"), Some(1_518_764_280));
        assert_eq!(seconds("2018-02-16T06:58:00Z"), Some(1_518_764_280));
        assert_eq!(seconds("2018-02-16T07:58:00+01:00"), Some(1_518_764_280));
        // Winter and summer: the zone is Norway's.
        assert_eq!(seconds("2018-02-16T07:58:00"), Some(1_518_764_280));
        assert_eq!(seconds("2018-07-01T02:00:00"), seconds("2018-07-01T00:00:00Z"));
        assert_eq!(seconds("2018-02-16"), seconds("2018-02-15T23:00:00Z"));
        assert_eq!(seconds(""), None);
        assert_eq!(seconds("i går"), None);
    }

    #[test]
    fn newer_is_a_matter_of_the_moment_and_not_of_its_spelling() {
        let newer = |one: &str, other: &str| {
            Updated::from(one.to_owned()).is_newer_than(&Updated::from(other.to_owned()))
        };
        assert!(!newer("2018-02-16T06:58:00Z", "2018-02-16T06:58Z"));
        assert!(newer("2018-02-16T06:59Z", "2018-02-16T07:58:00"));
        assert!(newer("soon", "2018-02-16T06:58Z"));
        assert!(!newer("soon", "soon"));
    }

    #[test]
    fn a_service_feed_leads_to_the_feed_of_a_data_set_in_a_format() {
        let body = r#"<feed xmlns="http://www.w3.org/2005/Atom"
            xmlns:inspire_dls="http://inspire.ec.europa.eu/schemas/inspire_dls/1.0">
          <entry><title>Administrative enheter fylker GML-format</title>
            <link href="https://a/Fylker_AtomFeedGML.xml" rel="alternate"/>
            <link rel="describedby" href="https://www.geonorge.no/x?uuid=6093c8a8-fa80-11e6-bc64-92361f002671"/>
          </entry>
          <entry><title>Statistiske enheter grunnkretser SOSI-format</title>
            <inspire_dls:spatial_dataset_identifier_code>51D279F8-e2be-4f5e-9f72-1a53f7535ec1</inspire_dls:spatial_dataset_identifier_code>
            <link rel="alternate" href="https://a/Grunnkretser_AtomFeedSOSI.xml"/></entry>
          <entry><title>Statistiske enheter grunnkretser GML-format</title>
            <inspire_dls:spatial_dataset_identifier_code>51d279f8-e2be-4f5e-9f72-1a53f7535ec1</inspire_dls:spatial_dataset_identifier_code>
            <link rel="alternate" href="https://a/Grunnkretser_AtomFeedGML.xml"/></entry></feed>"#;
        let feed = Feed::read(body.as_bytes()).expect("a feed");
        let link = |uuid, format| feed.dataset(uuid, format).map(|entry| entry.link.as_str());
        let grunnkretser = "51d279f8-e2be-4f5e-9f72-1a53f7535ec1";
        assert_eq!(link(grunnkretser, "GML"), Some("https://a/Grunnkretser_AtomFeedGML.xml"));
        assert_eq!(link(grunnkretser, "SOSI"), Some("https://a/Grunnkretser_AtomFeedSOSI.xml"));
        let fylker = "6093c8a8-fa80-11e6-bc64-92361f002671";
        assert_eq!(link(fylker, "GML"), Some("https://a/Fylker_AtomFeedGML.xml"));
        assert_eq!(link(fylker, "GeoJSON"), None);
    }

    #[test]
    fn what_is_no_feed_or_half_a_feed_is_refused() {
        let said = |body: &str| Feed::read(body.as_bytes()).expect_err("no feed").to_string();
        assert!(said("<html><body/></html>").contains("no ATOM feed"));
        assert!(said(&FILES[..900]).contains("cannot be read"));
        assert!(said("").contains("no ATOM feed"));
    }
}
