use insta::assert_snapshot;
use pxweb::mirror::{Body, Mirror, Settings};
use serde_json::json;

use crate::shelf::{Tables, ask, cells, json_of, mirror, population, post, text};

const PEOPLE: &str = "valueCodes[ContentsCode]=Personer";

#[test]
fn what_is_left_out_is_the_total_or_the_sum() {
    // Sex has a designated total (its first category), age has none.
    assert_snapshot!(
        cells(&format!("valueCodes[Region]=0301&{PEOPLE}&valueCodes[Tid]=2026")),
        @"Region[0301] ContentsCode[Personer] Tid[2026] = 14"
    );
    assert_snapshot!(
        cells(&format!("valueCodes[Region]=0301&valueCodes[Kjonn]=1&{PEOPLE}&valueCodes[Tid]=2026")),
        @"Region[0301] Kjonn[1] ContentsCode[Personer] Tid[2026] = 46"
    );
}

#[test]
fn a_sum_with_a_confidential_part_is_confidential() {
    assert_snapshot!(
        cells(&format!("valueCodes[Region]=0301&{PEOPLE}&valueCodes[Tid]=2023,2024")),
        @"Region[0301] ContentsCode[Personer] Tid[2023,2024] = 8 :"
    );
}

#[test]
fn the_answer_has_the_tables_order_whatever_the_order_asked() {
    assert_snapshot!(
        cells(&format!("valueCodes[Tid]=2026,2025&{PEOPLE}&valueCodes[Region]=1103,0301&valueCodes[Kjonn]=1&valueCodes[Alder]=000")),
        @"Region[0301,1103] Kjonn[1] Alder[000] ContentsCode[Personer] Tid[2025,2026] = 18 19 66 67"
    );
}

#[test]
fn expressions_and_names_in_any_case_are_understood() {
    assert_snapshot!(
        cells("VALUECODES[region]=1*&valuecodes[contentscode]=personer&valuecodes[time]=TOP(1)&valueCodes[Kjonn]=?&valueCodes[Alder]=0*"),
        @"Region[1103,1127] Kjonn[0,1,2] Alder[000] ContentsCode[Personer] Tid[2026] = 51 67 83 99 115 131"
    );
}

#[test]
fn a_code_list_adds_up_and_lacks_what_the_table_lacks() {
    assert_snapshot!(
        cells(&format!("valueCodes[Region]=*&codelist[Region]=agg_Fylker&valueCodes[Kjonn]=2&valueCodes[Alder]=000&{PEOPLE}&valueCodes[Tid]=2026")),
        @"Region[F-03,F-11] Kjonn[2] Alder[000] ContentsCode[Personer] Tid[2026] = 35 214"
    );
}

#[test]
fn placement_turns_the_cube() {
    assert_snapshot!(
        cells(&format!("valueCodes[Region]=0301,1103&valueCodes[Kjonn]=1&valueCodes[Alder]=000&{PEOPLE}&valueCodes[Tid]=2025,2026&stub=Tid")),
        @"Tid[2025,2026] Region[0301,1103] Kjonn[1] Alder[000] ContentsCode[Personer] = 18 66 19 67"
    );
}

#[test]
fn a_post_says_the_same_as_a_get() {
    let body = json!({
        "selection": [
            { "variableCode": "Region", "codelist": "agg_Fylker", "valueCodes": ["F-11"] },
            { "variableCode": "ContentsCode", "valueCodes": ["Personer"] },
            { "variableCode": "Tid", "valueCodes": ["range(2025,2026)"] },
        ],
    });
    let posted = json_of(mirror().reply(&post("/tables/07459/data", &body)));
    let asked = json_of(mirror().reply(&ask(&format!(
        "/tables/07459/data?valueCodes[Region]=F-11&codelist[Region]=agg_Fylker&{PEOPLE}&valueCodes[Tid]=[range(2025,2026)]"
    ))));
    assert_eq!(posted, asked);
    // Two municipalities, two ages, the total of the sexes: 50 + 58 + 98 + 106, and each one more.
    assert_eq!(posted["value"], json!([312, 316]));
}

#[test]
fn data_say_less_of_the_table_than_metadata_do() {
    let query = format!("valueCodes[Region]=0301,1103&{PEOPLE}&valueCodes[Tid]=2026");
    let data = json_of(mirror().reply(&ask(&format!("/tables/07459/data?{query}"))));
    assert!(data["dimension"]["Region"]["extension"].get("codelists").is_none());
    let contents = &data["dimension"]["ContentsCode"];
    assert_eq!(contents["extension"]["measuringType"], json!({ "Personer": "Stock" }));
    assert_eq!(contents["category"]["unit"]["Personer"]["base"], "personer");
    assert_eq!(data["extension"]["px"]["stub"], json!(["Region"]));
    assert_eq!(data["note"], json!(["Tall fra folkeregisteret."]));
    assert_eq!(data["updated"], "2026-02-19T07:00:00Z");
}

#[test]
fn contents_that_are_left_out_leave_a_mark() {
    let mut cube = population();
    for dimension in cube.dimensions_mut() {
        dimension.extension.insert("elimination".to_owned(), json!(true));
    }
    let mirror = Mirror::new(Tables::default().with("X", cube), Settings::default());
    let data = json_of(mirror.reply(&ask("/tables/X/data?valueCodes[Tid]=2026")));
    assert_eq!(data["id"], json!(["ContentsCode", "Tid"]));
    assert_eq!(
        data["dimension"]["ContentsCode"]["category"]["index"],
        json!({ "EliminatedValue": 0 })
    );
}

#[test]
fn csv_has_codes_by_default_and_is_in_latin_1() {
    let query = format!(
        "valueCodes[Region]=0301,1103&valueCodes[Kjonn]=0&valueCodes[Alder]=000&{PEOPLE}&valueCodes[Tid]=2023,2024&outputFormat=csv"
    );
    let reply = mirror().reply(&ask(&format!("/tables/07459/data?{query}")));
    assert_eq!(reply.header("content-type"), Some("text/csv; charset=iso-8859-1"));
    assert_eq!(reply.header("content-disposition"), Some("inline; filename=\"07459.csv\""));
    assert_snapshot!(text(reply).1, @r#"
    "Region","Kjonn","Alder","Personer 2023","Personer 2024"
    "0301","0","000",0,:
    "1103","0","000",48,49
    "#);
    let long = format!(
        "{query}&outputFormatParams=UseTexts,separatorSemicolon&stub=Region,Kjonn,Alder,ContentsCode,Tid"
    );
    let reply = mirror().reply(&ask(&format!("/tables/07459/data?{long}")));
    let bytes = reply.body.into_bytes().expect("CSV");
    assert!(bytes.windows(5).any(|five| five == b"kj\xf8nn"), "ø is one byte");
    let text: String = bytes.into_iter().map(char::from).collect();
    assert_snapshot!(text, @r#"
    "region";"kjønn";"alder";"statistikkvariabel";"år";"Befolkning"
    "Oslo - Oslove";"Begge kjønn";"0 år";"Personer";"2023";0
    "Oslo - Oslove";"Begge kjønn";"0 år";"Personer";"2024";:
    "Stavanger";"Begge kjønn";"0 år";"Personer";"2023";48
    "Stavanger";"Begge kjønn";"0 år";"Personer";"2024";49
    "#);
}

#[test]
fn text_beyond_latin_1_is_utf_8_and_says_so() {
    let mut cube = population();
    cube.label = Some("Álaheaju gielda š".to_owned());
    let mirror = Mirror::new(Tables::default().with("X", cube), Settings::default());
    let query = format!(
        "valueCodes[Region]=0301&{PEOPLE}&valueCodes[Tid]=2026&outputFormat=csv&outputFormatParams=includeTitle"
    );
    let reply = mirror.reply(&ask(&format!("/tables/X/data?{query}")));
    assert_eq!(reply.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(text(reply).1.starts_with("\"Álaheaju gielda š\"\n"));
}

#[test]
fn html_is_a_table_with_its_texts_escaped() {
    let query = format!("valueCodes[Region]=1103&{PEOPLE}&valueCodes[Tid]=2026&outputFormat=html");
    let (status, page) = text(mirror().reply(&ask(&format!("/tables/07459/data?{query}"))));
    assert_eq!(status, 200);
    assert!(page.contains("<th>Stavanger</th><td>110</td>"), "{page}");
}

#[test]
fn a_selection_of_everything_is_written_while_it_is_sent() {
    let codes: Vec<String> = (0..5_000).map(|code| format!("{code:04}")).collect();
    let region = cube::Dimension::new("Region", codes, Vec::new()).expect("distinct codes");
    let cube = cube::Cube::new(vec![region], cube::Values::zeros(5_000), cube::Statuses::none());
    let shelf = Tables::default().with("BIG", cube.expect("a zero per code"));
    let mirror = Mirror::new(shelf, Settings::default());
    let reply = mirror.reply(&ask("/tables/big/data?valueCodes[Region]=*"));
    assert!(matches!(reply.body, Body::Streamed(_)));
    let data = json_of(reply);
    assert_eq!(data["dimension"]["Region"]["category"]["label"]["0017"], "0017");
    assert_eq!(data["value"].as_array().map(Vec::len), Some(5_000));
}

#[test]
fn every_format_carries_the_same_numbers() {
    let query = format!("valueCodes[Region]=*&valueCodes[Kjonn]=*&{PEOPLE}&valueCodes[Tid]=*");
    let bytes = |format: &str| {
        let target = format!("/tables/07459/data?{query}&outputFormat={format}");
        let reply = mirror().reply(&ask(&target));
        assert_eq!(reply.status, 200, "{format}");
        reply.body.into_bytes().expect("the body can be written")
    };
    let expected = cube::jsonstat::read(&bytes("json-stat2")).expect("JSON-stat");
    for format in ["px", "parquet"] {
        let read = cube::read_any(&bytes(format), None).expect(format);
        assert_eq!(read.values(), expected.values(), "{format}");
        let codes = |cube: &cube::Cube| -> Vec<Vec<String>> {
            cube.dimensions().iter().map(|dimension| dimension.codes().to_vec()).collect()
        };
        assert_eq!(codes(&read), codes(&expected), "{format}");
        assert_eq!(read.statuses().at(1), Some(":"), "{format}");
    }
    let old: serde_json::Value = serde_json::from_slice(&bytes("json-px")).expect("JSON");
    assert_eq!(old["data"][2]["values"], json!(["12"]), "0 + 2 and 8 + 2");
    assert!(bytes("xlsx").starts_with(b"PK"));
}
