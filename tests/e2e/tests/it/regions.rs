//! Figures moved from one map to another, as people type it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use testkit::run;

use crate::told;

/// A file of one's own in a folder of one's own.
fn file(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("written");
    path
}

/// Moves a small file and shows what came out and what was said.
fn rebased(text: &str, options: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let input = file(folder.path(), "in.csv", text);
    let input = input.to_str().expect("a path in UTF-8");
    let fixed = ["region", "rebase", input, "-", "--lang", "en", "--region-column", "region"];
    let ran = run(&[&fixed, options].concat());
    let said = ran.stderr.replace(folder.path().to_str().expect("UTF-8"), "DIR");
    format!("{}---\n{}", ran.stdout.replace('\r', ""), said).trim_end().to_owned()
}

const COUNTS: &str = "region;age;persons\n\
    0101 Halden;0;10\n0101 Halden;1;11\n0104 Moss;0;1\n0104 Moss;1;2\n0136 Rygge;0;3\n0136 Rygge;1;:\n\
    1805 Narvik;0;300\n1805 Narvik;1;\n1850 Tysfjord;0;19\n1850 Tysfjord;1;20\n1849 Hamarøy;0;5\n\
    1849 Hamarøy;1;6\n1854 Ballangen;0;7\n1854 Ballangen;1;8\n1567 Rindal (-2019);0;0\n9999;0;4\nEAK;0;1,5\n";

#[test]
fn counts_are_moved_and_what_is_no_region_is_kept_apart() {
    let options = ["--value-column", "persons", "--from", "2019", "--to", "2024"];
    assert_snapshot!(rebased(COUNTS, &options), @r"
    region;age;persons;estimated;modelled_share
    1806 Narvik;0;316;true;0.028481
    1806 Narvik;1;;;
    1875 Hamarøy;0;15;true;0.666667
    1875 Hamarøy;1;17;true;0.647059
    3101 Halden;0;10;false;0
    3101 Halden;1;11;false;0
    3103 Moss;0;4;false;0
    3103 Moss;1;:;;
    ---
    8 rows on the map of 2024.
    3 figures came wholly or partly through a split and are estimates.
    2 sums lack a part and are therefore empty.
    Sum in 397.5 = moved 373 + in sums that lack a part 19 + kept apart 5.5.
    Kept apart, since they are no municipalities on the map of their year:
      1567 Rindal (-2019): 1 rows, sum 0
      9999: 1 rows, sum 4
      EAK: 1 rows, sum 1.5
    ");
}

#[test]
fn each_row_is_on_the_map_of_its_own_year() {
    let text = "region,name,year,value\n1504,Ålesund,2019,5\n1534,Haram,2019,1\n1507,Ålesund,2023,1000\n\
        1508,Ålesund,2024,7\n1580,Haram,2024,3\n3101,Halden,2019,9\n";
    let options = ["--value-column", "value", "--year-column", "year", "--to", "2024"];
    assert_snapshot!(rebased(text, &options), @r"
    region,name,year,value,estimated,modelled_share
    1508,,2019,,,
    1508,,2023,862,true,1
    1508,,2024,7,false,0
    1580,,2019,1,false,0
    1580,,2023,138,true,1
    1580,,2024,3,false,0
    3101,Halden,2019,9,false,0
    ---
    7 rows on the map of 2024.
    2 figures came wholly or partly through a split and are estimates.
    1 rows were on the map of 2024 already and are kept as they are.
    1 sums lack a part and are therefore empty.
    Sum in 1025 = moved 1020 + in sums that lack a part 5 + kept apart 0.
    ");
}

#[test]
fn a_rate_is_carried_worked_out_again_or_left_empty() {
    let text = "region,rate,over,under\n0101,5,1,20\n0104,10,1,10\n0136,30,9,30\n1507,50,10,20\n";
    let options = ["--value-column", "rate", "--from", "2019", "--to", "2024", "--nature", "rate"];
    assert_snapshot!(rebased(text, &options), @r"
    region,rate,over,under,estimated,modelled_share
    3101,5,,,false,0
    3103,,,,,
    ---
    2 rows on the map of 2024.
    1 rates are empty: the rates of several places are not the rate of them together; give --numerator and --denominator.
    Kept apart, since they are no municipalities on the map of their year:
      1507: 1 rows, sum 50
    ");
    let parts = ["--numerator", "over", "--denominator", "under"];
    assert_snapshot!(rebased(text, &[&options[..], &parts].concat()), @r"
    region,rate,over,under,estimated,modelled_share
    3101,5,1,20,false,0
    3103,25,10,40,false,0
    ---
    2 rows on the map of 2024.
    Kept apart, since they are no municipalities on the map of their year:
      1507: 1 rows, sum 50
    ");
}

#[test]
fn weights_of_ones_own_decide() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = "from_code,to_code,share\n1507,1508,0.5\n1507,1580,0.5\n";
    let weights = file(folder.path(), "weights.csv", text);
    let weights = weights.to_str().expect("a path in UTF-8");
    let options =
        ["--value-column", "value", "--from", "2023", "--to", "2024", "--weights", weights];
    assert_snapshot!(rebased("region,value\n1507,11\n0301,2\n", &options), @r"
    region,value,estimated,modelled_share
    0301,2,false,0
    1508,6,true,1
    1580,5,true,1
    ---
    3 rows on the map of 2024.
    2 figures came wholly or partly through a split and are estimates.
    Sum in 13 = moved 13 + in sums that lack a part 0 + kept apart 0.
    ");
}

#[test]
fn what_cannot_be_moved_is_said_in_one_sentence() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let make = |name: &str, text: &str| {
        file(folder.path(), name, text).to_str().expect("a path in UTF-8").to_owned()
    };
    let good = make("good.csv", "region,value\n0101,1\n");
    let twice = make("twice.csv", "region,value\n0101,1\n0101,2\n");
    let odd = make("odd.csv", "region,value\n0101,1 000\n");
    let nowhere = make("nowhere.csv", "region,value\nHalden,1\n");
    let later = make("later.csv", "region,value\n3001,1\n3002,2\n");
    let short = make("short.csv", "from_code,to_code,share\n0101,3101,0.9\n");
    let strange = make("strange.csv", "from_code,to_code,share\n0102,3101,1\n");
    let says = |input: &str, region: &str, options: &[&str]| {
        let fixed = ["region", "rebase", input, "-", "--region-column", region];
        let said = told(&[&fixed[..], &["--value-column", "value"], options].concat());
        said.replace(folder.path().to_str().expect("UTF-8"), "DIR")
    };
    let map = ["--from", "2019", "--to", "2024"];
    let sentences = [
        says(&good, "kommune", &map),
        says(&twice, "region", &map),
        says(&odd, "region", &map),
        says(&nowhere, "region", &map),
        says(&later, "region", &map),
        says(&good, "region", &["--from", "1999", "--to", "2024"]),
        says(&good, "region", &["--from", "2024", "--to", "2019"]),
        says(&good, "region", &[&map[..], &["--weights", &short]].concat()),
        says(&good, "region", &[&map[..], &["--weights", &strange]].concat()),
    ];
    assert_snapshot!(sentences.join("\n"), @r"
    nb, exit 2: [folder]/good.csv har ingen overskrifter «kommune» og «value»; sjekk --region-column og --value-column.
    en, exit 2: [folder]/good.csv has no headings “kommune” and “value”; check --region-column and --value-column.
    nb, exit 2: [folder]/twice.csv linje 3: 0101 står to ganger med samme nøkkel; en kolonne som skiller radene mangler.
    en, exit 2: [folder]/twice.csv line 3: 0101 stands twice with the same key; a column that tells the rows apart is missing.
    nb, exit 2: [folder]/odd.csv linje 2: «1 000» i kolonnen «value» er ikke et tall.
    en, exit 2: [folder]/odd.csv line 2: “1 000” in the column “value” is no number.
    nb, exit 2: [folder]/nowhere.csv har ingen kommuner i kolonnen «region»; sjekk --region-column.
    en, exit 2: [folder]/nowhere.csv has no municipalities in the column “region”; check --region-column.
    nb, exit 2: Ingen av kommunene i kolonnen «region» i [folder]/later.csv er på det oppgitte kartet; de ligner mest på kartet fra 2020, prøv --from 2020.
    en, exit 2: None of the municipalities in the column “region” of [folder]/later.csv is on the map given; they look most like the map of 2020, try --from 2020.
    nb, exit 2: Kartet fra 1999 er ikke kjent; historien har 2013 til 2026.
    en, exit 2: No map of 1999 is known; the history has 2013 to 2026.
    nb, exit 2: 1103 på kartet fra 2024 ligger i 1103, 1141, 1142 på kartet fra 2019, og ingen andeler er kjent; oppgi dem med --weights.
    en, exit 2: 1103 on the map of 2024 lies in 1103, 1141, 1142 on the map of 2019, and no shares are known; give them with --weights.
    nb, exit 2: Andelene av 0101 blir 0.9 til sammen, ikke 1.
    en, exit 2: The shares of 0101 add up to 0.9, not to 1.
    nb, exit 2: Det finnes ingen kommune 0102 på kartet fra 2019.
    en, exit 2: There is no municipality 0102 on the map of 2019.
    ");
}

#[test]
fn a_target_is_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let input = file(folder.path(), "in.csv", "region,value\n0101,1\n0101,2\n");
    let target = folder.path().join("out.csv");
    let [input, out] = [&input, &target].map(|path| path.to_str().expect("UTF-8"));
    let options = ["--region-column", "region", "--value-column", "value", "--from", "2019"];
    let ran = run(&[&["region", "rebase", input, out, "--to", "2024"][..], &options].concat());
    assert_eq!(ran.code, Some(2));
    assert!(!target.exists());
}

/// The ages of an export, by the measure of the snapshot that counts them.
fn measures_of(age: u16) -> impl Iterator<Item = &'static str> {
    let all = [
        ("population_persons", 0..=200),
        ("population_0_5_persons", 0..=5),
        ("population_6_15_persons", 6..=15),
        ("population_16_19_persons", 16..=19),
        ("population_20_66_persons", 20..=66),
        ("population_67_79_persons", 67..=79),
        ("population_80plus_persons", 80..=200),
    ];
    all.into_iter().filter(move |(_, ages)| ages.contains(&age)).map(|(measure, _)| measure)
}

/// Persons by measure and municipality.
type Sums = BTreeMap<(String, String), f64>;

/// Moves one of the real exports and adds up its ages; `None` without ../shared.
fn export(year: &str, name: &str, separator: u8) -> Option<(Sums, String)> {
    let input = testkit::shared()?.join("real/ssb/csv").join(name);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let target = folder.path().join("moved.csv");
    let value = format!("Persons {year}");
    let [input, out] = [&input, &target].map(|path| path.to_str().expect("UTF-8"));
    let files = ["region", "rebase", input, out, "--lang", "en"];
    let options = ["--region-column", "region", "--value-column", &value];
    let ran = run(&[&files[..], &options, &["--from", year, "--to", "2024"]].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).from_path(&target).expect("CSV");
    let mut sums = Sums::new();
    for record in reader.records() {
        let record = record.expect("a row");
        let code = record[0].trim_start_matches("K-")[..4].to_owned();
        let age = record[1].split([' ', '+']).next().and_then(|age| age.parse().ok());
        let persons: f64 = record[2].parse().expect("a number");
        for measure in measures_of(age.expect("an age")) {
            *sums.entry((measure.to_owned(), code.clone())).or_default() += persons;
        }
    }
    Some((sums, ran.stderr))
}

/// How the moved export differs from the series in the snapshot: the largest error per municipality.
fn differences(year: &str, sums: &Sums) -> String {
    let sql = format!(
        "SELECT measure, municipality_code, value FROM figure JOIN measure USING (measure_id)
         WHERE measure LIKE 'population_%persons' AND period = '{year}'"
    );
    let rows = crate::json(&["sql", &sql, "--format", "json"]);
    let mut worst: BTreeMap<String, (String, f64, f64)> = BTreeMap::new();
    let mut compared = 0;
    for row in crate::list(&rows) {
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let (measure, code) = (text("measure"), text("municipality_code"));
        let theirs = row["value"].as_f64().expect("a number");
        let Some(ours) = sums.get(&(measure.clone(), code.clone())) else { continue };
        compared += 1;
        let error = ours - theirs;
        let held = worst.entry(code).or_insert((String::new(), 0.0, theirs));
        if error.abs() > held.1.abs() {
            *held = (measure, error, theirs);
        }
    }
    let lines = worst.iter().filter(|(_, (_, error, _))| *error != 0.0);
    let lines: Vec<String> = lines
        .map(|(code, (measure, error, of))| format!("{code} {measure} {error:+} of {of}"))
        .collect();
    format!("{compared} compared\n{}", lines.join("\n"))
}

/// Age by age, so that each is rounded by itself: the whole may then differ by some persons more.
#[test]
fn the_real_exports_land_on_the_published_series() {
    let name = "07459-en-age-2019-municipalities-comma.csv";
    let Some((sums, said)) = export("2019", name, b',') else { return };
    assert_snapshot!(format!("{}\n{said}", differences("2019", &sums)), @r"
    2499 compared
    1806 population_persons -2 of 21987
    1875 population_67_79_persons +2 of 490
    5055 population_persons +3 of 5950
    5056 population_persons -27 of 5041
    5059 population_persons +25 of 18187
    37842 rows on the map of 2024.
    530 figures came wholly or partly through a split and are estimates.
    Sum in 5328212 = moved 5328212 + in sums that lack a part 0 + kept apart 0.
    Kept apart, since they are no municipalities on the map of their year:
      1567 Rindal (-2018): 106 rows, sum 0
    ");
    let name = "07459-en-age-2020-municipalities-tab.csv";
    let Some((sums, said)) = export("2020", name, b'\t') else { return };
    assert_snapshot!(format!("{}\n{said}", differences("2020", &sums)), @r"
    2499 compared
    1508 population_persons +269 of 56858
    1580 population_persons -269 of 9400
    37842 rows on the map of 2024.
    212 figures came wholly or partly through a split and are estimates.
    Sum in 5367580 = moved 5367580 + in sums that lack a part 0 + kept apart 0.
    Kept apart, since they are no municipalities on the map of their year:
      K-21-22 Svalbard and Jan Mayen: 106 rows, sum 0
      K-23 Continental shelf: 106 rows, sum 0
      K-Rest Divided municalities and unknown: 106 rows, sum 0
    ");
}

#[test]
fn a_receipt_shows_what_was_published_before_a_figure_was_divided() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().to_str().expect("UTF-8");
    for language in ["nb", "en"] {
        let arguments =
            ["receipt", "population_persons/1580/2023", "--data", data, "--lang", language];
        let ran = run(&arguments);
        if language == "en" {
            assert_snapshot!(ran, @r"
            exit 0
            --- stdout ---
            Figure population_persons, municipality 1580, 2023: 9371 (estimated)
              from grunnlag-pop-splits
              own computation from SSB 07459 · CC BY 4.0
              computed by research/build_facts.py
              published on the map of 2023: 1507 Ålesund 67,520; 13.9 % of it modelled here
              100.0 % of the figure is modelled
            ");
        } else {
            assert_snapshot!(ran, @r"
            exit 0
            --- stdout ---
            Tall population_persons, kommune 1580, 2023: 9371 (anslått)
              fra grunnlag-pop-splits
              own computation from SSB 07459 · CC BY 4.0
              computed by research/build_facts.py
              publisert på kartet fra 2023: 1507 Ålesund 67 520; 13,9 % av det er modellert hit
              100,0 % av tallet er modellert
            ");
        }
    }
}

#[test]
fn sql_can_be_written_out_for_other_engines() {
    let call = "SELECT count(*) AS rows, sum(value) AS total\n\
        FROM on_map(population_persons_as_published, 2024) WHERE year = 2021";
    let answer = crate::json(&["sql", call, "--format", "json"]);
    assert_eq!(
        (answer[0]["rows"].as_i64(), answer[0]["total"].as_f64()),
        (Some(357), Some(5_391_369.0))
    );
    let written = run(&["sql", call, "--expand"]);
    assert!(!written.stdout.contains("on_map"), "{}", written.stdout);
    assert_eq!(crate::json(&["sql", &written.stdout, "--format", "json"]), answer);
}
