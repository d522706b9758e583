//! What is answered at each path.

use std::sync::atomic::Ordering;

use super::Shared;
use super::files::{PRODUCTS, Product};
use super::land::utm33;
use crate::proxy::wire::{Request, Response};

/// Parameters that the address service knows; any other is an error.
const ADDRESS_PARAMETERS: [&str; 9] = [
    "sok",
    "fuzzy",
    "sokemodus",
    "adressenavn",
    "kommunenummer",
    "postnummer",
    "utkoordsys",
    "treffPerSide",
    "side",
];

/// The answer to a request.
pub(super) fn answer(shared: &Shared, request: &Request) -> Response {
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match (request.method.as_str(), parts.as_slice()) {
        ("GET", ["geonorge", "Tjenestefeed_daglig.xml"]) if shared.script.has_feeds => {
            xml(service_feed(shared))
        }
        ("GET", ["geonorge", "ATOM-feeds", feed]) if shared.script.has_feeds => {
            product(feed.split('_').next().unwrap_or_default())
                .map_or_else(not_found, |product| xml(file_feed(shared, product)))
        }
        ("GET", ["files", name] | ["order-files", _, name]) => {
            product(name.trim_end_matches(".zip"))
                .map_or_else(not_found, |product| file(shared, request, product))
        }
        ("GET", ["api", "capabilities", uuid]) => json(200, capabilities(shared, uuid)),
        ("GET", ["api", "codelists", list, _]) => json(200, code_list(list)),
        ("POST", ["api", "order"]) => order(shared, request),
        ("GET", ["api", "order", reference]) => json(200, look(shared, reference)),
        ("GET", ["adresser", "v1", "sok"]) => addresses(shared, query),
        ("GET", ["kommuneinfo", "v1", "punkt"]) => municipality_at(shared, query),
        ("GET", ["wfs"]) => features(shared, query),
        _ => not_found(),
    }
}

fn product(name: &str) -> Option<&'static Product> {
    PRODUCTS.iter().find(|product| product.name == name)
}

fn service_feed(shared: &Shared) -> String {
    let entry = |product: &Product| {
        format!(
            "<entry><title>{} GML-format</title><link rel=\"alternate\" \
             href=\"{}/geonorge/ATOM-feeds/{}_AtomFeedGML.xml\"/><link rel=\"describedby\" \
             href=\"https://www.geonorge.no/geonetwork?uuid={}\"/><updated>2026-02-16T06:58Z</updated></entry>",
            product.title, shared.base, product.name, product.uuid
        )
    };
    let entries: String = PRODUCTS.iter().map(entry).collect();
    feed("Tjenestefeed", &entries)
}

fn file_feed(shared: &Shared, product: &Product) -> String {
    // Another projection and another area stand first, and must not be taken.
    let entry = |area: &str, epsg: u32, folder: &str| {
        format!(
            "<entry><title>GML-format, {area}</title><category term=\"EPSG:{epsg}\" \
             scheme=\"http://www.opengis.net/def/crs/\" label=\"EPSG/0/{epsg}\"/>\
             <link rel=\"alternate\" href=\"{}/{folder}/{}.zip\"/><updated>{}</updated></entry>",
            shared.base, product.name, shared.script.updated
        )
    };
    let entries = [
        entry("Landsdekkende", 25832, "wrong"),
        entry("03 Oslo", 25833, "wrong"),
        entry("Landsdekkende", 25833, "files"),
    ];
    feed(product.title, &entries.concat())
}

fn feed(title: &str, entries: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><feed xmlns=\"http://www.w3.org/2005/Atom\">\
         <title>{title}</title><updated>2026-02-16T06:58Z</updated>{entries}</feed>"
    )
}

/// A file, or the part of it that is asked for while it is still the same.
fn file(shared: &Shared, request: &Request, product: &Product) -> Response {
    let whole = product.zip(&shared.script.land);
    let mut response = Response { status: 200, headers: Vec::new(), body: whole };
    response = response.with("content-type", "application/zip");
    if !shared.script.has_ranges {
        return response;
    }
    let tag = format!("\"{}\"", shared.script.updated);
    response = response.with("etag", &tag).with("accept-ranges", "bytes");
    let range = request.header("range");
    let start = range.strip_prefix("bytes=").and_then(|range| range.strip_suffix('-'));
    let Some(start) = start.and_then(|start| start.parse::<usize>().ok()) else { return response };
    if request.header("if-range") != tag {
        return response;
    }
    let length = response.body.len();
    if start >= length {
        return Response::page(416, "Range Not Satisfiable");
    }
    response.body.drain(..start);
    response.status = 206;
    response.with("content-range", format!("bytes {start}-{}/{length}", length - 1))
}

fn capabilities(shared: &Shared, uuid: &str) -> String {
    let link = |rel: &str, path: &str| {
        let base = &shared.base;
        format!(
            "{{\"rel\":\"http://rel.geonorge.no/download/{rel}\",\"href\":\"{base}/api/{path}\"}}"
        )
    };
    let links = [
        link("order", "order"),
        link("area", &format!("codelists/area/{uuid}")),
        link("projection", &format!("codelists/projection/{uuid}")),
        link("format", &format!("codelists/format/{uuid}")),
    ];
    format!(
        "{{\"supportsAreaSelection\":true,\"supportsProjectionSelection\":true,\
         \"supportsFormatSelection\":true,\"_links\":[{}]}}",
        links.join(",")
    )
}

fn code_list(list: &str) -> String {
    match list {
        "area" => {
            "[{\"code\":\"0301\",\"type\":\"kommune\",\"name\":\"Oslo\"},\
            {\"code\":\"0000\",\"type\":\"landsdekkende\",\"name\":\"Hele landet\"}]"
        }
        "projection" => {
            "[{\"code\":\"25832\",\"name\":\"sone 32\",\"codespace\":\"c/25832\"},\
            {\"code\":\"25833\",\"name\":\"sone 33\",\"codespace\":\"c/25833\"}]"
        }
        // The blank at the end belongs to the name.
        "format" => "[{\"name\":\"SOSI\"},{\"name\":\"GML \"}]",
        _ => "[]",
    }
    .to_owned()
}

/// Takes an order when its names are those of the lists, to the letter.
fn order(shared: &Shared, request: &Request) -> Response {
    let body = String::from_utf8_lossy(&request.body);
    let is_right = body.contains("\"name\":\"GML \"")
        && body.contains("\"type\":\"landsdekkende\"")
        && body.contains("\"codespace\":\"c/25833\"");
    let product = PRODUCTS.iter().find(|product| body.contains(product.uuid));
    let (true, Some(product)) = (is_right, product) else {
        return json(500, "{\"Message\":\"Ugyldig bestilling\"}".to_owned());
    };
    let number = shared.orders.fetch_add(1, Ordering::SeqCst) + 1;
    shared.looks.store(0, Ordering::SeqCst);
    let reference = format!("{}.{number}", product.name);
    json(200, order_answer(&reference, "WaitingForProcessing", ""))
}

/// The file of an order is ready at the second look.
fn look(shared: &Shared, reference: &str) -> String {
    let looks = shared.looks.fetch_add(1, Ordering::SeqCst) + 1;
    if looks < 2 {
        return order_answer(reference, "WaitingForProcessing", "");
    }
    let name = reference.split('.').next().unwrap_or_default();
    let url = format!("{}/order-files/{reference}/{name}.zip", shared.base);
    order_answer(reference, "ReadyForDownload", &url)
}

fn order_answer(reference: &str, status: &str, url: &str) -> String {
    format!(
        "{{\"referenceNumber\":\"{reference}\",\"files\":[{{\"name\":\"f.zip\",\"status\":\"{status}\",\
         \"downloadUrl\":\"{url}\",\"format\":\"GML \"}}],\"_links\":[]}}"
    )
}

/// House numbers 1 to 3 in a road named after the first word, in every third municipality.
fn addresses(shared: &Shared, query: &str) -> Response {
    let parameters = parameters(query);
    let unknown = parameters.iter().find(|(name, _)| !ADDRESS_PARAMETERS.contains(&name.as_str()));
    if let Some((name, _)) = unknown {
        return json(400, format!("{{\"message\":{{\"{name}\":[\"Unknown field.\"]}}}}"));
    }
    let value = |name: &str| {
        let found = parameters.iter().find(|(held, _)| held == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    if value("sok").is_empty() {
        let text = "{\"message\":\"Ingen s\\u00f8keparametere oppgitt.\"}";
        return json(400, text.to_owned());
    }
    let (page, size) =
        (value("side").parse().unwrap_or(0), value("treffPerSide").parse().unwrap_or(10));
    let words: Vec<String> = value("sok").split_whitespace().map(str::to_lowercase).collect();
    let mut hits = Vec::new();
    for (place, _) in shared.script.land.0.iter().step_by(3) {
        for number in 1..=3 {
            let text = format!("storgata {number} {}", place.name).to_lowercase();
            if words.iter().all(|word| text.split(' ').any(|own| own == word)) {
                hits.push(address(place, number));
            }
        }
    }
    let shown: Vec<String> = hits.iter().skip(page * size).take(size).cloned().collect();
    json(
        200,
        format!(
            "{{\"metadata\":{{\"treffPerSide\":{size},\"side\":{page},\"totaltAntallTreff\":{},\
             \"viserFra\":{},\"viserTil\":{},\"asciiKompatibel\":true}},\"adresser\":[{}]}}",
            hits.len(),
            page * size,
            (page + 1) * size,
            shown.join(",")
        ),
    )
}

fn address(place: &super::Place, number: u32) -> String {
    let name: String = place.name.to_uppercase().chars().map(escaped).collect();
    format!(
        "{{\"adressenavn\":\"Storgata\",\"adressetekst\":\"Storgata {number}\",\"adressetilleggsnavn\":null,\
         \"nummer\":{number},\"bokstav\":\"\",\"kommunenummer\":\"{}\",\"kommunenavn\":\"{name}\",\
         \"objtype\":\"Vegadresse\",\"postnummer\":\"0001\",\"poststed\":\"{name}\",\
         \"representasjonspunkt\":{{\"epsg\":\"EPSG:4258\",\"lat\":{},\"lon\":{}}}}}",
        place.code, place.latitude, place.longitude
    )
}

/// A letter as the service writes it: beyond ASCII as an escape.
fn escaped(letter: char) -> String {
    let mut units = [0_u16; 2];
    match letter.is_ascii() {
        true => letter.to_string(),
        false => {
            letter.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect()
        }
    }
}

fn municipality_at(shared: &Shared, query: &str) -> Response {
    let parameters = parameters(query);
    let number = |name: &str| {
        let found = parameters.iter().find(|(held, _)| held == name);
        found.and_then(|(_, value)| value.parse::<f64>().ok())
    };
    let (Some(north), Some(east), Some(epsg)) = (number("nord"), number("ost"), number("koordsys"))
    else {
        return json(400, "{\"message\":\"nord, ost og koordsys\"}".to_owned());
    };
    let (east, north) = if epsg == 4258.0 { utm33(east, north) } else { (east, north) };
    match shared.script.land.at(east, north) {
        Some(place) => json(
            200,
            format!(
                "{{\"kommunenummer\":\"{}\",\"kommunenavn\":\"{}\",\"fylkesnummer\":\"{}\",\"fylkesnavn\":\"Fylke\"}}",
                place.code,
                place.name,
                &place.code[..2]
            ),
        ),
        None => json(404, "{\"message\":\"Ingen kommune i punktet\"}".to_owned()),
    }
}

/// Pages of features that say of themselves that they are empty.
fn features(shared: &Shared, query: &str) -> Response {
    let parameters = parameters(query);
    let number = |name: &str| {
        let found = parameters.iter().find(|(held, _)| held == name);
        found.and_then(|(_, value)| value.parse::<usize>().ok())
    };
    let land = &shared.script.land.0;
    let open = "<wfs:FeatureCollection xmlns:wfs='http://www.opengis.net/wfs/2.0' xmlns:app='a'";
    if parameters.iter().any(|(name, value)| name == "resultType" && value == "hits") {
        return xml(format!("{open} numberMatched='{}' numberReturned='0'/>", land.len()));
    }
    let (start, count) = (number("startIndex").unwrap_or(0), number("count").unwrap_or(1_000));
    let members = land.iter().skip(start).take(count).map(|(place, _)| {
        let code = &place.code;
        format!("<wfs:member><app:Kommune><app:kommunenummer>{code}</app:kommunenummer></app:Kommune></wfs:member>")
    });
    let members: String = members.collect();
    xml(format!(
        "{open} numberMatched='unknown' numberReturned='0'>{members}</wfs:FeatureCollection>"
    ))
}

fn parameters(query: &str) -> Vec<(String, String)> {
    let pair = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (decoded(name), decoded(value))
    };
    query.split('&').filter(|part| !part.is_empty()).map(pair).collect()
}

fn decoded(text: &str) -> String {
    let (mut bytes, text) = (Vec::new(), text.as_bytes());
    let mut at = 0;
    while at < text.len() {
        let hex = text.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (text[at], byte) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                at += 2;
            }
            (b'+', _) => bytes.push(b' '),
            (byte, _) => bytes.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn json(status: u16, body: String) -> Response {
    Response::json(status, body.into_bytes())
}

fn xml(body: String) -> Response {
    let response = Response { status: 200, headers: Vec::new(), body: body.into_bytes() };
    response.with("content-type", "application/xml")
}

fn not_found() -> Response {
    Response::page(404, "Not Found")
}
