//! WFS 2.0: features page by page, as GML, which is read in `layers`.
//!
//! What an answer says of its own length is not believed: services write
//! `numberReturned="0"` above a page full of features. The members are counted.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::GeonorgeError;
use crate::url::Parameters;

/// A question for features.
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureQuery {
    /// `app:Teig`.
    pub type_name: String,
    /// EPSG number of the answer.
    pub epsg: u32,
    /// Only features that meet this box.
    pub bbox: Option<Box2>,
    /// Features on a page.
    pub count: u32,
    /// The first feature, from 0.
    pub start: u64,
}

/// A box, in the order of the names, in the system of the question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Box2 {
    /// Lowest easting or longitude.
    pub min_x: f64,
    /// Lowest northing or latitude.
    pub min_y: f64,
    /// Highest easting or longitude.
    pub max_x: f64,
    /// Highest northing or latitude.
    pub max_y: f64,
}

impl FeatureQuery {
    /// Parameters for a page of features.
    pub fn target(&self) -> String {
        self.parameters().with("count", self.count).with("startIndex", self.start).after("")
    }

    /// Parameters for the number of features alone.
    pub fn hits_target(&self) -> String {
        self.parameters().with("resultType", "hits").after("")
    }

    fn parameters(&self) -> Parameters {
        let system = format!("urn:ogc:def:crs:EPSG::{}", self.epsg);
        Parameters::default()
            .with("service", "WFS")
            .with("version", "2.0.0")
            .with("request", "GetFeature")
            .with("typeNames", &self.type_name)
            .with("srsName", &system)
            .with_some("bbox", self.bbox.map(|bbox| bbox.in_order_of(self.epsg, &system)))
    }
}

impl Box2 {
    /// A URN means the order of the register: latitude first for degrees, easting first for UTM.
    fn in_order_of(self, epsg: u32, system: &str) -> String {
        let Box2 { min_x, min_y, max_x, max_y } = self;
        match is_latitude_first(epsg) {
            true => format!("{min_y},{min_x},{max_y},{max_x},{system}"),
            false => format!("{min_x},{min_y},{max_x},{max_y},{system}"),
        }
    }
}

/// Whether coordinates in a system named by its URN begin with the latitude.
pub fn is_latitude_first(epsg: u32) -> bool {
    matches!(epsg, 4258 | 4326 | 4937 | 4936)
}

/// What is seen in a page without reading its shapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PageOfFeatures {
    /// Features counted.
    pub members: u64,
    /// `numberMatched`, where it is a number.
    pub matched: Option<u64>,
    /// `numberReturned`, as the service writes it.
    pub said_returned: Option<u64>,
}

impl PageOfFeatures {
    /// Looks through a page as a stream; only the open element is in memory.
    ///
    /// # Errors
    ///
    /// [`GeonorgeError::Refused`] when it is an exception report, [`GeonorgeError::Unreadable`] when
    /// it is no collection of features or ends too early.
    pub fn scan(body: impl std::io::BufRead) -> Result<PageOfFeatures, GeonorgeError> {
        let mut reader = Reader::from_reader(body);
        let (mut page, mut depth, mut buffer) = (PageOfFeatures::default(), 0_usize, Vec::new());
        let mut inside = Inside::Other;
        let mut exception: Option<String> = None;
        let unreadable = |problem: String| GeonorgeError::unreadable("features", problem);
        loop {
            buffer.clear();
            let event = reader.read_event_into(&mut buffer);
            match event.map_err(|error| unreadable(error.to_string()))? {
                Event::Start(tag) => {
                    if depth == 0 {
                        exception = page.root(&tag)?;
                    }
                    inside = page.note(&tag, depth, inside);
                    depth += 1;
                }
                Event::Empty(tag) if depth == 0 => {
                    page.root(&tag)?;
                    return Ok(page);
                }
                Event::Empty(tag) => {
                    page.note(&tag, depth, inside);
                }
                Event::Text(text) if exception.is_some() => {
                    let piece = text.trim().to_owned();
                    exception.get_or_insert_default().push_str(&piece);
                }
                Event::End(_) => depth = depth.saturating_sub(1),
                Event::Eof if depth == 0 => break,
                Event::Eof => return Err(unreadable("it ends too early".to_owned())),
                _ => {}
            }
        }
        match exception {
            Some(problem) => Err(GeonorgeError::Refused { what: "features".to_owned(), problem }),
            None => Ok(page),
        }
    }

    /// Where the next page starts: after a full page there may be more, whatever it says of itself.
    pub fn next(&self, query: &FeatureQuery) -> Option<u64> {
        let next = query.start + self.members;
        let is_last = match self.matched {
            Some(matched) if matched > 0 => next >= matched,
            _ => self.members < u64::from(query.count),
        };
        (self.members > 0 && !is_last).then_some(next)
    }

    fn root(&mut self, tag: &BytesStart<'_>) -> Result<Option<String>, GeonorgeError> {
        match tag.local_name().as_ref() {
            "FeatureCollection" => {
                self.matched = number(tag, "numberMatched");
                self.said_returned = number(tag, "numberReturned");
                Ok(None)
            }
            "ExceptionReport" | "ServiceExceptionReport" => Ok(Some(String::new())),
            other => {
                Err(GeonorgeError::unreadable("features", format!("`{other}` is no collection")))
            }
        }
    }

    /// Counts a member, and says inside what it stands.
    fn note(&mut self, tag: &BytesStart<'_>, depth: usize, inside: Inside) -> Inside {
        match (depth, tag.local_name().as_ref(), inside) {
            (1, "member" | "featureMember", _) => {
                self.members += 1;
                Inside::Other
            }
            (1, "featureMembers", _) => Inside::Members,
            (1, ..) => Inside::Other,
            (2, _, Inside::Members) => {
                self.members += 1;
                Inside::Members
            }
            _ => inside,
        }
    }
}

/// Which child of the collection is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// One that holds several members.
    Members,
    /// Any other.
    Other,
}

fn number(tag: &BytesStart<'_>, name: &str) -> Option<u64> {
    let attribute = tag.try_get_attribute(name).ok().flatten()?;
    attribute.value.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query() -> FeatureQuery {
        let bbox = Box2 { min_x: 10.0, min_y: 59.0, max_x: 11.0, max_y: 60.0 };
        let type_name = "app:Teig".to_owned();
        FeatureQuery { type_name, epsg: 4258, bbox: Some(bbox), count: 2, start: 0 }
    }

    fn page(attributes: &str, members: usize) -> String {
        let member = "<wfs:member><app:Teig><app:teigId>1</app:teigId></app:Teig></wfs:member>";
        format!(
            "<?xml version='1.0'?><wfs:FeatureCollection xmlns:wfs='http://www.opengis.net/wfs/2.0' \
             xmlns:app='a' {attributes}>{}</wfs:FeatureCollection>",
            member.repeat(members)
        )
    }

    #[test]
    fn a_box_in_degrees_begins_with_the_latitude_and_one_in_metres_with_the_easting() {
        let target = query().target();
        assert!(
            target.contains("bbox=59%2C10%2C60%2C11%2Curn%3Aogc%3Adef%3Acrs%3AEPSG%3A%3A4258"),
            "{target}"
        );
        assert!(target.ends_with("&count=2&startIndex=0"), "{target}");
        let metres = FeatureQuery { epsg: 25833, ..query() }.target();
        assert!(metres.contains("bbox=10%2C59%2C11%2C60%2C"), "{metres}");
        assert!(query().hits_target().ends_with("&resultType=hits"));
    }

    #[test]
    fn members_are_counted_whatever_the_answer_says() {
        let body = page("numberMatched='unknown' numberReturned='0'", 2);
        let seen = PageOfFeatures::scan(body.as_bytes()).expect("a page");
        assert_eq!((seen.members, seen.matched, seen.said_returned), (2, None, Some(0)));
        assert_eq!(seen.next(&query()), Some(2));
        let last = PageOfFeatures::scan(page("", 1).as_bytes()).expect("a page");
        assert_eq!(last.next(&FeatureQuery { start: 2, ..query() }), None);
        let none = PageOfFeatures::scan(page("", 0).as_bytes()).expect("a page");
        assert_eq!((none.members, none.next(&query())), (0, None));
    }

    #[test]
    fn members_that_share_an_element_are_counted_one_by_one() {
        let body = "<gml:FeatureCollection xmlns:gml='g'><gml:boundedBy><gml:Envelope/></gml:boundedBy>\
            <gml:featureMembers><a><b/></a><a/><a/></gml:featureMembers></gml:FeatureCollection>";
        assert_eq!(PageOfFeatures::scan(body.as_bytes()).expect("a page").members, 3);
    }

    #[test]
    fn hits_are_told_without_members() {
        let body = "<wfs:FeatureCollection xmlns:wfs='w' numberMatched='12' numberReturned='0'/>";
        let seen = PageOfFeatures::scan(body.as_bytes()).expect("hits");
        assert_eq!((seen.matched, seen.members), (Some(12), 0));
    }

    #[test]
    fn exceptions_and_half_pages_are_no_pages() {
        let report = "<ows:ExceptionReport xmlns:ows='o'><ows:Exception><ows:ExceptionText>Unknown type\
            </ows:ExceptionText></ows:Exception></ows:ExceptionReport>";
        let said = PageOfFeatures::scan(report.as_bytes()).expect_err("a report").to_string();
        assert_eq!(said, "the service refuses features: Unknown type");
        let body = page("", 2);
        assert!(PageOfFeatures::scan(&body.as_bytes()[..body.len() / 2]).is_err());
        assert!(PageOfFeatures::scan("<html/>".as_bytes()).is_err());
    }
}
