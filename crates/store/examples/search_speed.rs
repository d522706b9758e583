//! How long a search takes in a catalogue as large as that of Statistics Norway.
//!
//! `cargo run --release -p store --example search_speed`

use std::time::{Duration, Instant};

use store::archive::{Archive, CatalogueEntry, Subject};

/// Tables in the catalogue of 2026-09-20.
const TABLES: usize = 7_763;

const HEADS: [&str; 24] = [
    "Befolkning",
    "Konsumprisindeks",
    "Prisindeks for brukte boliger",
    "Byggeareal. Boliger",
    "Inntekt for husholdninger",
    "Sysselsatte per 4. kvartal",
    "Arbeidsledighet",
    "Eksport av varer",
    "Kommuneregnskap",
    "Utslipp til luft",
    "Barnehager",
    "Grunnskoler",
    "Flyttinger",
    "Kriminalitet",
    "Avling i jordbruket",
    "Kraftpriser",
    "FoU-personale, befolkningen",
    "Månedslønn",
    "Sykehus",
    "Personbiler",
    "Valgdeltakelse",
    "Husholdningsutgifter",
    "Innvandrere",
    "Produsentprisindeks",
];
const TAILS: [&str; 16] = [
    "region",
    "kjønn",
    "alder",
    "næring (SN2007)",
    "statistikkvariabel",
    "år",
    "kvartal",
    "måned",
    "utdanningsnivå",
    "landbakgrunn",
    "bygningstype",
    "varegruppe",
    "husholdningstype",
    "eierform",
    "fylke",
    "bydel",
];
const FIRST: [&str; 40] = [
    "bolig",
    "arbeids",
    "skatte",
    "kommune",
    "fylkes",
    "helse",
    "skole",
    "energi",
    "klima",
    "trafikk",
    "nærings",
    "lønns",
    "pris",
    "forbruks",
    "fiske",
    "skog",
    "jordbruks",
    "bygge",
    "leie",
    "utdannings",
    "barne",
    "ungdoms",
    "familie",
    "pensjons",
    "trygde",
    "sykehus",
    "kultur",
    "idretts",
    "reise",
    "hotell",
    "transport",
    "vei",
    "sjø",
    "luft",
    "avfalls",
    "vann",
    "strøm",
    "olje",
    "gass",
    "metall",
];
const SECOND: [&str; 30] = [
    "marked",
    "kostnader",
    "indeks",
    "statistikk",
    "regnskap",
    "utgifter",
    "inntekter",
    "priser",
    "tall",
    "undersøkelse",
    "bedrifter",
    "ansatte",
    "plasser",
    "tjenester",
    "produksjon",
    "eksport",
    "import",
    "forbruk",
    "areal",
    "anlegg",
    "bygninger",
    "brukere",
    "saker",
    "planer",
    "tilskudd",
    "avgifter",
    "vekst",
    "endringer",
    "balanse",
    "beholdning",
];

fn catalogue() -> Vec<CatalogueEntry> {
    // A small generator of our own: the same catalogue on every machine.
    let mut state = 7_u64;
    let mut pick = |from: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % from
    };
    (0..TABLES)
        .map(|number| {
            let id = format!("{:05}", 1_000 + number * 2);
            let compound = format!("{}{}", FIRST[pick(40)], SECOND[pick(30)]);
            let tails: Vec<&str> = (0..4).map(|_| TAILS[pick(16)]).collect();
            let head = HEADS[pick(24)];
            CatalogueEntry {
                title: format!(
                    "{id}: {head} og {compound}, etter {} 20{:02}-2026",
                    tails.join(", "),
                    pick(26)
                ),
                variables: tails.iter().map(|&tail| tail.to_owned()).collect(),
                paths: vec![vec![
                    Subject { id: String::new(), label: head.to_owned() },
                    Subject { id: String::new(), label: FIRST[pick(40)].to_owned() },
                ]],
                last_period: Some(format!("20{:02}", 10 + pick(17))),
                discontinued: pick(4) == 0,
                id,
                ..CatalogueEntry::default()
            }
        })
        .collect()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::temp_dir().join(format!("search-speed-{}", std::process::id()));
    let archive = Archive::open(&folder)?;
    let began = Instant::now();
    archive.put_catalogue("data.ssb.no", "no", &catalogue(), "2026-11-21T08:00:00Z")?;
    println!("indexing {TABLES} tables: {:?}", began.elapsed());
    println!("archive: {} kB", std::fs::metadata(folder.join("archive.sqlite"))?.len() / 1024);
    for query in [
        "konsumpris",
        "boligprisindeks",
        "befolkning",
        "bolig",
        "prisindeks for brukte boliger",
        "befolknig",
        "konsumprisindeksne i kommunenes boligmarked",
        "07459",
        "qwertyuiop",
        "region kjønn alder år",
    ] {
        let mut times: Vec<Duration> = (0..50)
            .map(|_| {
                let began = Instant::now();
                archive.search(None, "no", query, 20).expect("a search");
                began.elapsed()
            })
            .collect();
        times.sort();
        println!("{query:45} median {:>9.2?}  worst {:>9.2?}", times[25], times[49]);
    }
    // A command opens the archive, asks once and ends.
    drop(archive);
    let began = Instant::now();
    let archive = Archive::open_existing(&folder)?.ok_or("it is there")?;
    let hits = archive.search(None, "no", "befolkning", 20)?.len();
    println!("opening and searching once ({hits} hits): {:?}", began.elapsed());
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
