//! People's words for tables of Statistics Norway, and the tables they mean.

use store::StoreError;
use store::archive::{Archive, CatalogueEntry, Subject, Synonyms};
use tempfile::TempDir;

use crate::archive;

/// Ids and titles as the statistics bank, its users and its guides write them.
const TABLES: [(&str, &str); 74] = [
    ("01182", "01182: Kommunestyrevalget. Representanter"),
    (
        "03013",
        "03013: Konsumprisindeks, etter konsumgruppe (2015=100) (avslutta serie) 1979M01-2025M12",
    ),
    ("03024", "03024: Eksport av oppalen laks, etter varegruppe, statistikkvariabel og uke"),
    ("03723", "03723: Byggeareal. Boliger og bruksareal"),
    ("04317", "04317: Grunnkretsenes befolkning (G)"),
    ("04619", "04619: Inntektsregnskap for bosatte personer (avslutta serie)"),
    ("05082", "05082: Sosialhjelpsmottakere, etter alder"),
    ("05333", "05333: Varekonsumindeks (2005=100), etter varegruppe"),
    (
        "05772",
        "05772: Avling i jordbruket, etter ymse jordbruksvekstar (1 000 tonn) (F) (avslutta serie) 2000 - 2020",
    ),
    ("05802", "05802: Befolkning etter alder og kjønn (K)"),
    ("05940", "05940: Byggeareal. Boliger og bruksareal til bolig, etter bygningstype"),
    (
        "06120",
        "06120: Hovedposter i inntektsregnskapet for bosatte uførepensjonister (avslutta serie)",
    ),
    ("06265", "06265: Boliger, etter region, bygningstype, statistikkvariabel og år"),
    (
        "06376",
        "06376: Forbrukte mengder av mat- og drikkevarer per person per år, etter varegruppe (kg/liter) (avslutta serie)",
    ),
    ("06467", "06467: Inntektsrekneskap for hushald, etter hushaldstype (avslutta serie)"),
    ("06512", "06512: Byggeareal. Boliger og leiligheter"),
    ("06912", "06912: Folkemengde etter kommune (K)"),
    ("06913", "06913: Endringer i kommuners befolkning (K)"),
    ("06944", "06944: Inntekt for husholdninger, etter år og husholdningstype"),
    ("06952", "06952: Byggeareal. Fritidsbygninger (K)"),
    ("06961", "06961: Inntektsindikatorer for ulike grupper (prosent) (avslutta serie)"),
    ("07221", "07221: Prisindeks for brukte boliger, etter region, boligtype og kvartal"),
    ("07230", "07230: Prisindeks for brukte boliger"),
    ("07241", "07241: Borettslagsboliger. Gjennomsnittlig kvm-pris og antall omsetninger"),
    (
        "07459",
        "07459: Alders- og kjønnsfordeling i kommuner, fylker og hele landets befolkning (K) 1986-2026",
    ),
    ("07519", "07519: Samisk statistikk. Folkemengde, tettsteder og areal"),
    ("07521", "07521: Samisk statistikk. Folkemengde per 1. januar og endringer"),
    ("07542", "07542: Samisk statistikk. Folkemengde per 1. januar, etter kjønn"),
    ("07751", "07751: Sammensetning av husholdningsinntekt"),
    ("08184", "08184: Konsumprisindeks, historisk serie (2015=100) 1865 - 2024"),
    ("08650", "08650: Byggekostnadsindeks for boliger"),
    ("08843", "08843: Byggeareal. Boliger (hittil i år)"),
    ("08981", "08981: Konsumprisindeks, historisk serie, etter måned (2015=100) 1920 - 2024"),
    ("09074", "09074: Barn 0-24 år med barnevernstiltak"),
    ("09174", "09174: Lønn, sysselsetting og produktivitet"),
    ("09475", "09475: Kommunestyrevalget. Stemmer og valgdeltakelse"),
    ("09590", "09590: Flyttinger innenfor kommunene (K) 2003-2025"),
    ("09654", "09654: Priser på drivstoff (kroner per liter), etter petroleumsprodukt og måned"),
    ("09855", "09855: Pensjonsgivende inntekt"),
    (
        "10249",
        "10249: Forbrukte mengder av mat- og drikkevarer per person per år, etter varegruppe (kg/liter) (avslutta serie) 1999 - 2012",
    ),
    ("10516", "10516: Befolkningsendringer, etter innvandringskategori"),
    ("11327", "11327: Flyttingar, etter statsborgerskap, kvartal og statistikkvariabel"),
    ("11418", "11418: Yrkesfordelt månedslønn"),
    ("11659", "11659: Stortingsvalget. Hvor kom velgerne fra"),
    ("11666", "11666: Stortingsvalget. Hvor gikk velgerne"),
    ("12008", "12008: Kommunalt disponerte boliger"),
    ("12093", "12093: Ansatte i barnehage, etter yrke"),
    ("12134", "12134: Utvalgte nøkkeltall for kommuneregnskap, kommunekonsern, etter region og år"),
    ("12280", "12280: Kommunefakta barnevern"),
    ("12462", "12462: Produsentprisindeks, etter næring"),
    ("12558", "12558: Inntekt for husholdninger, desiler (K)"),
    ("12563", "12563: Inntekt for husholdninger m/husholdningstype"),
    ("12690", "12690: Innsigelser per kommune"),
    ("12943", "12943: Arealtall til kommunefakta"),
    ("13008", "13008: Miljørettede innsigelser"),
    ("13016", "13016: Saksbehandlingstid regulering"),
    ("13099", "13099: Ordførere og varaordførere"),
    (
        "13615",
        "13615: Sal av petroleumsprodukt og flytande biodrivstoff, etter produkt, næring og år",
    ),
    ("13618", "13618: Personer etter arbeidsstyrkestatus (K)"),
    (
        "13648",
        "13648: Avling i jordbruket (1000 tonn) og avling per dekar (kg), etter ymse jordbruksvekstar (F) 2021 - 2024",
    ),
    ("13695", "13695: Næringsinnhald per dag frå selde mat- og drikkevarer 2018 - 2023"),
    ("13760", "13760: Arbeidsstyrken, sysselsatte (M)"),
    (
        "13861",
        "13861: Lønnsfordelingen belyst ved ulikhetsmålene Gini-koeffisient og P90/P10, etter næring (SN2007), kjønn, statistikkvariabel og år",
    ),
    ("13930", "13930: FoU-personale, befolkningen, sysselsatte og studenter"),
    ("14216", "14216: Areal og befolkning i tettsteder, etter tettsted, statistikkvariabel og år"),
    ("14476", "14476: Forskere/faglig personale, befolkningen, sysselsatte og studenter"),
    ("14483", "14483: Personer etter arbeidsstyrkestatus (K)"),
    (
        "14491",
        "14491: Kraftpriser i sluttbrukermarkedet, etter kontraktstype, kvartal og statistikkvariabel",
    ),
    (
        "14706",
        "14706: Avledede serier fra konsumprisindeks (KPI-JA, KPI-JAE, KPI-JE, KPI-JEL og KPI-XADM) (2025=100) 1995M01-2026M07",
    ),
    ("14707", "14707: Avledede serier fra konsumprisindeks (KPI-JA, KPI-JAE)"),
    ("14708", "14708: Sesongjustert konsumprisindeks og KPI-JAE (2025=100)"),
    ("14710", "14710: Konsumprisindeks, historisk serie (2025=100) 1920M03-2026M08"),
    ("14711", "14711: Konsumprisindeks, historisk serie (2025=100)"),
    // Made up: a word that is easily cut down too far, and one that it must not become.
    ("99001", "99001: Boligene og bølene"),
];

const ENGLISH: [(&str, &str); 8] = [
    (
        "03013",
        "03013: Consumer Price Index, by consumption group (2015=100) (closed series) 1979M01-2025M12",
    ),
    ("05810", "05810: Population, by sex and age 1845-2025"),
    ("07459", "07459: Population, by region, age, contents, year and sex"),
    ("06265", "06265: Dwellings, by region, type of building, contents and year"),
    ("07221", "07221: Price index for existing dwellings, by region, type of building and quarter"),
    ("13930", "13930: R&D personnel, population, employed persons and students"),
    ("14710", "14710: Consumer price index (2025=100) 1920M03-2026M08"),
    ("09475", "09475: Municipal council election. Votes and turnout"),
];

fn entry(&(id, title): &(&str, &str)) -> CatalogueEntry {
    CatalogueEntry { id: id.to_owned(), title: title.to_owned(), ..CatalogueEntry::default() }
}

fn subject(label: &str) -> Vec<Subject> {
    vec![Subject { id: String::new(), label: label.to_owned() }]
}

/// Both catalogues, with the few subjects that matter here.
fn catalogue() -> (TempDir, Archive) {
    let (folder, archive) = archive();
    let mut norwegian: Vec<CatalogueEntry> = TABLES.iter().map(entry).collect();
    for entry in &mut norwegian {
        match entry.id.as_str() {
            "07459" | "05802" | "06913" | "04317" => entry.paths.push(subject("Befolkning")),
            "13930" | "14476" => entry.paths.push(subject("Teknologi og innovasjon")),
            _ => {}
        }
    }
    let english: Vec<CatalogueEntry> = ENGLISH.iter().map(entry).collect();
    let at = "2026-11-21T08:00:00Z";
    archive.put_catalogue("data.ssb.no", "no", &norwegian, at).expect("rows");
    archive.put_catalogue("data.ssb.no", "en", &english, at).expect("rows");
    (folder, archive)
}

/// Ids of the best five tables.
fn found_in(archive: &Archive, language: &str, text: &str) -> Vec<String> {
    let hits = archive.search(None, language, text, 5).expect("rows");
    hits.into_iter().map(|hit| hit.entry.id).collect()
}

fn found(archive: &Archive, text: &str) -> Vec<String> {
    found_in(archive, "no", text)
}

/// Each query, and tables of which one must come first.
fn check_first(archive: &Archive, language: &str, queries: &[(&str, &[&str])]) {
    for (text, wanted) in queries {
        let found = found_in(archive, language, text);
        let first = found.first().map(String::as_str);
        assert!(first.is_some_and(|first| wanted.contains(&first)), "{text}: {found:?}");
    }
}

#[test]
fn a_beginning_finds_the_whole_word() {
    let (_folder, archive) = catalogue();
    let found = found(&archive, "konsumpris");
    assert!(found.len() == 5 && !found.contains(&"05333".to_owned()), "{found:?}");
    assert!(["14710", "14711", "08184"].contains(&found[0].as_str()), "{found:?}");
}

#[test]
fn a_compound_finds_the_words_it_is_made_of() {
    let (_folder, archive) = catalogue();
    let found = found(&archive, "boligprisindeks");
    assert_eq!(&found[..2], ["07221", "07230"]);
}

#[test]
fn population_is_not_about_research_staff() {
    let (_folder, archive) = catalogue();
    let found = archive.search(None, "no", "befolkning", 100).expect("rows");
    let place = |id: &str| found.iter().position(|hit| hit.entry.id == id).expect(id);
    for population in ["07459", "05802", "06913", "04317", "14216"] {
        for staff in ["13930", "14476"] {
            assert!(place(population) < place(staff), "{population} {staff}");
        }
    }
    assert!(place("07459") < 5);
    // The other word for it finds them as well, further down.
    assert!(place("06912") > 0);
}

#[test]
fn what_people_call_a_table_finds_it() {
    let (_folder, archive) = catalogue();
    check_first(
        &archive,
        "no",
        &[
            ("kpi", &["14706", "14707", "14708"]),
            ("inflasjon", &["14710", "14711", "08184", "08981"]),
            ("boligpriser", &["07221", "07230"]),
            ("folketall", &["05802", "06912", "07459"]),
            ("grunnkrets befolkning", &["04317"]),
            ("lønn", &["09174"]),
            ("månedslønn", &["11418"]),
            ("husholdningenes inntekt", &["06944", "12558", "12563"]),
            ("kommunevalg", &["01182", "09475"]),
            ("valgdeltakelse kommune", &["09475"]),
            ("ordfører", &["13099"]),
            ("hytter", &["06952"]),
            ("bensinpriser", &["09654"]),
            ("laks", &["03024"]),
            ("strømpriser", &["14491"]),
            ("kommuneregnskap nøkkeltall", &["12134"]),
            ("flytting", &["11327", "09590"]),
            ("barnehageansatte", &["12093"]),
            ("prisindeks for brukte boliger", &["07221", "07230"]),
            ("saksbehandlingstider", &["13016"]),
        ],
    );
}

#[test]
fn any_spelling_of_a_letter_will_do() {
    let (_folder, archive) = catalogue();
    check_first(
        &archive,
        "no",
        &[
            ("maanedsloenn", &["11418"]),
            ("MÅNEDSLØNN", &["11418"]),
            ("ordforere", &["13099"]),
            ("ordfoerere", &["13099"]),
            ("nokkeltall", &["12134"]),
        ],
    );
}

#[test]
fn one_wrong_letter_is_forgiven() {
    let (_folder, archive) = catalogue();
    check_first(
        &archive,
        "no",
        &[
            ("konsumprisindkes", &["14710", "14711", "08184"]),
            ("befolknig", &["07459", "05802", "06913", "04317", "14216"]),
            ("kommunregnskap", &["12134"]),
            ("inflajson", &["14710", "14711", "08184"]),
            ("saksbehandlingsitd", &["13016"]),
        ],
    );
    assert_eq!(found(&archive, "qwertyuiop"), [""; 0]);
}

#[test]
fn a_word_is_not_cut_down_to_another() {
    let (_folder, archive) = catalogue();
    // `bolig` and its forms are one word; `bol` is not among them.
    for table in ["99001", "06265"] {
        assert!(found(&archive, "boligene").contains(&table.to_owned()), "{table}");
    }
    assert!(!found(&archive, "bolene").contains(&"06265".to_owned()));
}

#[test]
fn an_id_comes_first_with_or_without_its_zero() {
    let (_folder, archive) = catalogue();
    for text in ["07459", "7459", " 07459 "] {
        assert_eq!(found(&archive, text)[0], "07459", "{text}");
    }
    assert_eq!(found(&archive, "03013")[0], "03013");
}

#[test]
fn tables_that_have_ended_come_last() {
    let (_folder, archive) = catalogue();
    let found = archive.search(None, "no", "konsumprisindeks", 100).expect("rows");
    assert_eq!(found.last().expect("some").entry.id, "03013");
    let found = archive.search(None, "no", "inntektsregnskap", 100).expect("rows");
    assert!(!found.is_empty());
}

#[test]
fn english_words_are_searched_in_the_english_catalogue() {
    let (_folder, archive) = catalogue();
    check_first(
        &archive,
        "en",
        &[
            ("population", &["05810", "07459"]),
            ("inhabitants", &["05810", "07459"]),
            ("cpi", &["14710"]),
            ("house prices", &["07221"]),
            ("dwelling", &["06265"]),
            ("elections", &["09475"]),
            ("populaton", &["05810", "07459"]),
        ],
    );
    assert_eq!(found_in(&archive, "en", "befolkning"), [""; 0]);
}

#[test]
fn odd_queries_find_nothing_or_something_and_never_fail() {
    let (_folder, archive) = catalogue();
    let long = "konsumprisindeks ".repeat(2000);
    let longer = "a".repeat(100_000);
    for text in [
        "",
        " ",
        "og",
        "\"",
        "'; DROP TABLE answer",
        "%",
        "*",
        "🙂",
        "\u{0}",
        "NEAR(",
        &long,
        &longer,
    ] {
        archive.search(None, "no", text, 5).expect("rows");
    }
    assert_eq!(found(&archive, ""), [""; 0]);
    assert_eq!(archive.search(None, "no", "bolig", 0).expect("rows").len(), 0);
    assert_eq!(archive.search(Some("api.scb.se"), "no", "bolig", 5).expect("rows").len(), 0);
    assert_eq!(archive.search(None, "sv", "bolig", 5).expect("rows").len(), 0);
}

#[test]
fn a_catalogue_is_replaced_as_a_whole() {
    let (_folder, archive) = catalogue();
    assert_eq!(archive.catalogue("data.ssb.no", "no").expect("rows").len(), TABLES.len());
    let entries = [CatalogueEntry {
        variables: vec!["region".to_owned()],
        paths: vec![subject("Fiske")],
        updated: Some("2026-11-20T07:00:00Z".to_owned()),
        raw: "{}".to_owned(),
        ..entry(&("1", "Torsk"))
    }];
    archive
        .put_catalogue("data.ssb.no", "no", &entries, "2026-11-22T08:00:00+01:00")
        .expect("rows");
    assert_eq!(archive.catalogue("data.ssb.no", "no").expect("rows"), entries);
    assert_eq!(found(&archive, "torsk fiske"), ["1"]);
    assert_eq!(found(&archive, "konsumpris"), [""; 0]);
    let fetched = archive.catalogue_fetched_at("data.ssb.no", "no").expect("rows");
    assert_eq!(fetched.as_deref(), Some("2026-11-22T07:00:00Z"));
    // The other language is another catalogue.
    assert_eq!(found_in(&archive, "en", "cpi")[0], "14710");
}

#[test]
fn several_servers_are_searched_together_or_one_by_one() {
    let (_folder, archive) = catalogue();
    let other = [entry(&("BE1", "Befolkning"))];
    archive.put_catalogue("statbank.example", "no", &other, "2026-11-22").expect_err("no time");
    archive.put_catalogue("statbank.example", "no", &other, "2026-11-22T08:00:00Z").expect("rows");
    let all = archive.search(None, "no", "befolkning", 50).expect("rows");
    assert_eq!((all[0].server.as_str(), all[0].entry.id.as_str()), ("statbank.example", "BE1"));
    assert!(all.len() > 5);
    let one = archive.search(Some("statbank.example"), "no", "befolkning", 50).expect("rows");
    assert_eq!(one.len(), 1);
}

#[test]
fn synonyms_of_ones_own_replace_the_carried_ones() {
    let (_folder, archive) = catalogue();
    let own = Synonyms::parse("[no]\nsynonyms = [[\"sjømat\", \"laks\"]]").expect("it is right");
    let finds = archive.search_with(&own, None, "nb", "sjømat").expect("rows");
    assert!(finds.is_empty(), "`nb` is no catalogue here");
    let finds = archive.search_with(&own, None, "no", "sjømat").expect("rows");
    assert_eq!(finds.len(), 1);
    assert_eq!(finds.take(&archive, 5).expect("rows")[0].entry.id, "03024");
    assert!(matches!(Synonyms::parse("x"), Err(StoreError::Synonyms { .. })));
}
