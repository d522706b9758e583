//! Zipped GML, as the download service has it.

use super::land::{Land, Square};
use crate::proxy::fault::crc32;

/// What can be fetched: the name of the features, of the members with code and name, and the uuid.
pub(super) struct Product {
    pub name: &'static str,
    pub title: &'static str,
    pub uuid: &'static str,
    features: &'static str,
    code: &'static str,
    label: &'static str,
}

/// As the reference names them.
pub(super) const PRODUCTS: [Product; 3] = [
    Product {
        name: "AdministrativeEnheterKommuner",
        title: "Administrative enheter kommuner",
        uuid: "041f1e6e-bdbc-4091-b48f-8a5990f3cc5b",
        features: "Kommune",
        code: "kommunenummer",
        label: "kommunenavn",
    },
    Product {
        name: "AdministrativeEnheterFylker",
        title: "Administrative enheter fylker",
        uuid: "6093c8a8-fa80-11e6-bc64-92361f002671",
        features: "Fylke",
        code: "fylkesnummer",
        label: "fylkesnavn",
    },
    Product {
        name: "StatistiskeEnheterGrunnkretser",
        title: "Statistiske enheter grunnkretser",
        uuid: "51d279f8-e2be-4f5e-9f72-1a53f7535ec1",
        features: "Grunnkrets",
        code: "grunnkretsnummer",
        label: "grunnkretsnavn",
    },
];

/// A region: code, name and its squares.
type Region = (String, String, Vec<Square>);

impl Product {
    /// The file in its zip.
    pub(super) fn zip(&self, land: &Land) -> Vec<u8> {
        let name = format!("Basisdata_0000_Norge_25833_{}_GML.gml", self.features);
        zip(&name, self.gml(land).as_bytes())
    }

    fn regions(&self, land: &Land) -> Vec<Region> {
        match self.features {
            "Kommune" => {
                let region = |(place, square): &(super::Place, Square)| {
                    (place.code.clone(), place.name.clone(), vec![*square])
                };
                land.0.iter().map(region).collect()
            }
            "Fylke" => {
                let mut counties: Vec<Region> = Vec::new();
                for (place, square) in &land.0 {
                    let code = &place.code[..2];
                    match counties.iter_mut().find(|(held, ..)| held == code) {
                        Some((_, _, squares)) => squares.push(*square),
                        None => {
                            counties.push((
                                code.to_owned(),
                                format!("Fylke {code}"),
                                vec![*square],
                            ));
                        }
                    }
                }
                counties
            }
            _ => {
                let parts = |(place, square): &(super::Place, Square)| {
                    let parts = square.quarters().into_iter().enumerate();
                    let part = |(at, quarter): (usize, Square)| {
                        let code = format!("{}01{:02}", place.code, at + 1);
                        (code, format!("{} {}", place.name, at + 1), vec![quarter])
                    };
                    parts.map(part).collect::<Vec<Region>>()
                };
                land.0.iter().flat_map(parts).collect()
            }
        }
    }

    fn gml(&self, land: &Land) -> String {
        let mut gml = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gml:FeatureCollection \
             xmlns:gml=\"http://www.opengis.net/gml/3.2\" xmlns:app=\"https://skjema.geonorge.no/test\" \
             gml:id=\"_1\">\n<gml:boundedBy><gml:Envelope srsName=\"urn:ogc:def:crs:EPSG::25833\" \
             srsDimension=\"2\"><gml:lowerCorner>-100000 6400000</gml:lowerCorner>\
             <gml:upperCorner>1200000 8000000</gml:upperCorner></gml:Envelope></gml:boundedBy>\n",
        );
        // A border line stands beside the surfaces, as in Kartverket's own files.
        gml.push_str(&format!(
            "<gml:featureMember><app:{0}grense gml:id=\"g1\"><app:grense><gml:LineString gml:id=\"l1\" \
             srsName=\"urn:ogc:def:crs:EPSG::25833\"><gml:posList>1000 6500000 2000 6500000</gml:posList>\
             </gml:LineString></app:grense></app:{0}grense></gml:featureMember>\n",
            self.features
        ));
        for (code, name, squares) in self.regions(land) {
            gml.push_str(&self.member(&code, &name, &squares));
        }
        gml.push_str("</gml:FeatureCollection>\n");
        gml
    }

    fn member(&self, code: &str, name: &str, squares: &[Square]) -> String {
        let Product { features, code: code_member, label, .. } = self;
        let surface = |(at, square): (usize, &Square)| {
            let positions: Vec<String> =
                square.ring().iter().map(|(x, y)| format!("{x} {y}")).collect();
            format!(
                "<gml:surfaceMember><gml:Polygon gml:id=\"p{code}.{at}\"><gml:exterior><gml:LinearRing>\
                 <gml:posList>{}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>\
                 </gml:surfaceMember>",
                positions.join(" ")
            )
        };
        let surfaces: String = squares.iter().enumerate().map(surface).collect();
        let name = name.replace('&', "&amp;");
        format!(
            "<gml:featureMember><app:{features} gml:id=\"{features}.{code}\"><app:område>\
             <gml:MultiSurface gml:id=\"m{code}\" srsName=\"urn:ogc:def:crs:EPSG::25833\" srsDimension=\"2\">\
             {surfaces}</gml:MultiSurface></app:område><app:{code_member}>{code}</app:{code_member}>\
             <app:{label}>{name}</app:{label}><app:oppdateringsdato>2026-01-01T00:00:00\
             </app:oppdateringsdato></app:{features}></gml:featureMember>\n"
        )
    }
}

/// A zip with one file that is not made smaller.
pub(super) fn zip(name: &str, bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).expect("a test's file is small");
    let name_length = u16::try_from(name.len()).expect("a name is short");
    let mut head = Vec::new();
    // Version, flags (UTF-8), no compression, time and date.
    for number in [20_u16, 0x0800, 0, 0, 0x5c21] {
        head.extend(number.to_le_bytes());
    }
    head.extend(crc32(bytes).to_le_bytes());
    head.extend(length.to_le_bytes());
    head.extend(length.to_le_bytes());
    head.extend(name_length.to_le_bytes());
    head.extend(0_u16.to_le_bytes());
    let mut zip = b"PK\x03\x04".to_vec();
    zip.extend(&head);
    zip.extend(name.as_bytes());
    zip.extend(bytes);
    let directory = zip.len();
    zip.extend(b"PK\x01\x02");
    zip.extend(20_u16.to_le_bytes());
    zip.extend(&head);
    // No comment, first disk, no attributes, at the beginning.
    zip.extend([0_u8; 14]);
    zip.extend(name.as_bytes());
    let end = zip.len();
    zip.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    for number in [end - directory, directory] {
        zip.extend(u32::try_from(number).expect("a test's file is small").to_le_bytes());
    }
    zip.extend(0_u16.to_le_bytes());
    zip
}
