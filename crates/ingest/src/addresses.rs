//! Addresses by their text, through the archive.

use geonorge::addresses::{Address, AddressQuery, Page};
use geonorge::client::COURTESY;
use geonorge::{Geonorge, GeonorgeError, Services};
use store::archive::Archive;
use upstream::Asker;

use crate::bridge::{self, Alert, Bridge, Reach};
use crate::{IngestError, Line};

/// Hits that are listed; a text with more should say more.
const MOST_HITS: u32 = 20;

/// What a search for an address finds.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundAddresses {
    /// The hits, the best first; at most twenty.
    pub hits: Vec<Address>,
    /// Hits there are.
    pub total: u64,
    /// When the service said so, RFC 3339 UTC.
    pub as_of: String,
    /// Whether the service could not be asked, so that an earlier answer was used.
    pub is_recalled: bool,
}

/// Searches for an address as people write it, `Karl Johans gate 1, Oslo`.
///
/// Points are in EPSG:4258. Where the service is out of reach, the archived answer to the same
/// text is given, with its date.
///
/// # Errors
///
/// [`IngestError::Geonorge`] when the text cannot be asked for, or when the service is out of
/// reach and nobody has asked the same before.
pub fn search_addresses(
    archive: &Archive,
    line: &Line<'_>,
    services: &Services,
    text: &str,
) -> Result<FoundAddresses, IngestError> {
    let page = Page { size: MOST_HITS, ..Page::default() };
    // A comma between road and place is how people write; to the service it is a sign like others.
    let query = AddressQuery { page, ..AddressQuery::text(text.replace(',', " ")) };
    let ask = |reach: Reach| {
        let bridge = Bridge::new(archive, reach, line.stop);
        let alert = Alert { clock: line.clock, stop: line.stop };
        // A person waits: nobody is asked as long as by a sync.
        let settings = upstream::Settings { attempts: 2, ..line.settings.clone() };
        let asker = Asker::new(line.transport, &bridge, &bridge, settings, COURTESY);
        let geonorge = Geonorge::new(services.clone(), asker.with_clock(&alert));
        let page = geonorge.addresses(&query)?;
        let used = bridge.take_used().pop();
        Ok(FoundAddresses {
            hits: page.addresses,
            total: page.total,
            as_of: used.map_or_else(bridge::now, |answer| answer.received_at),
            is_recalled: reach == Reach::Archive,
        })
    };
    match ask(Reach::Network) {
        Ok(found) => Ok(found),
        Err(error @ GeonorgeError::Question { .. }) => Err(error.into()),
        // The first failure is the one to report where nothing was archived.
        Err(error) => ask(Reach::Archive).map_err(|_: GeonorgeError| error.into()),
    }
}
