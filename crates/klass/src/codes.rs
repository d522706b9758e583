//! What a code is, and what it is not.
//!
//! Tables of Statistics Norway carry more in their region column than regions: the country,
//! what lies outside the counties, what nobody knows, groups of municipalities, sums. A code is
//! taken for a region only when its digits can be nothing else, and never by its length alone.
//! Whether a region of that code ever was, [`RegionHistory`](crate::RegionHistory) knows.

use crate::history::Level;

/// What a code in a region column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// A region of Norway's division.
    ///
    /// Six digits may also be of a delområde where a town has city districts: `030101` is Gamle
    /// Oslo here, and a delområde in a list of those.
    Region(Level),
    /// Norway: `0`, `0000`, `EAK`.
    Nation,
    /// Norway without Oslo: `EAKUO`.
    NationWithoutOslo,
    /// Svalbard, Jan Mayen, the continental shelf: `21` to `23`, `2100`, `2211`.
    OutsideCounties,
    /// Nobody knows where: `9999`, `99`, `0399`, `03019999`.
    Unknown,
    /// What is left over, units that were divided among it: `Rest`.
    Remainder,
    /// A group of municipalities: `EKG07`.
    Group,
    /// The sum of a town's districts, `030100a`, or of a county's municipalities, `0300`.
    Sum,
    /// No code.
    Nothing,
}

/// A text from a region column, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// What it means.
    pub meaning: Meaning,
    /// The code without prefix, ending or years; empty where there is none.
    pub code: String,
    /// The code as it was written, prefix and all.
    pub written: String,
    /// Name behind the code, without years.
    pub name: Option<String>,
    /// First year of the code, where the text says it.
    pub first_year: Option<i16>,
    /// Last year of the code, where the text says it.
    pub last_year: Option<i16>,
}

impl Recognised {
    /// The level, where it is a region.
    pub fn level(&self) -> Option<Level> {
        match self.meaning {
            Meaning::Region(level) => Some(level),
            _ => None,
        }
    }

    /// The code, where it is that of a municipality.
    pub fn municipality(&self) -> Option<&str> {
        (self.level() == Some(Level::Municipality)).then_some(self.code.as_str())
    }
}

/// Codes that counties have had since 1972.
const COUNTIES: &[&str] = &[
    "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "14", "15", "16", "17",
    "18", "19", "20", "30", "31", "32", "33", "34", "38", "39", "40", "42", "46", "50", "54", "55",
    "56",
];

/// Codes that the towns with city districts have had.
const TOWNS: &[&str] = &["0301", "1103", "1201", "1601", "4601", "5001"];

/// Understands a code or a label: `0301`, `K-3101 Halden`, `0101 Halden (-2019)`, `0101-2019`.
///
/// ```
/// # use klass::codes::{Meaning, recognise};
/// # use klass::history::Level;
/// let halden = recognise("0101 Halden (-2019)");
/// assert_eq!(halden.meaning, Meaning::Region(Level::Municipality));
/// assert_eq!((halden.code.as_str(), halden.last_year), ("0101", Some(2019)));
///
/// assert_eq!(recognise("K-Rest Divided municipalities").meaning, Meaning::Remainder);
/// assert_eq!(recognise("2111 Longyearbyen").meaning, Meaning::OutsideCounties);
/// assert_eq!(recognise("Halden").meaning, Meaning::Nothing);
/// ```
pub fn recognise(text: &str) -> Recognised {
    let text = text.trim_matches(is_blank);
    let (written, name) = split_label(text);
    let (prefix, bare) = split_prefix(&written);
    let (bare, code_year) = split_year(bare);
    let (name, first_year, name_year) = split_years(name);
    let (meaning, code) = meaning(prefix, bare);
    let is_code = meaning != Meaning::Nothing;
    Recognised {
        meaning,
        code,
        written: if is_code { written } else { String::new() },
        name: if is_code { name } else { Some(text.to_owned()).filter(|text| !text.is_empty()) },
        first_year: first_year.filter(|_| is_code),
        last_year: code_year.or(name_year).filter(|_| is_code),
    }
}

/// Whether a bare code is of a region of Norway's division.
pub fn is_region(code: &str) -> bool {
    is_digits(code) && matches!(by_digits(code), Meaning::Region(_))
}

/// Whether a bare code belongs in a list of a level: a region, or the people of one municipality
/// of whom the grunnkrets is not known (`03019999`).
pub fn is_listed(level: Level, code: &str) -> bool {
    if !is_digits(code) {
        return false;
    }
    // Six digits are of a city district or a delområde, as the list says.
    let may_be_either =
        |own: Level| code.len() == 6 && own.is_six_digits() && level.is_six_digits();
    match by_digits(code) {
        Meaning::Region(own) => own == level || may_be_either(own),
        Meaning::Unknown if matches!(level, Level::Delomrade | Level::Grunnkrets) => {
            code.len() > 4 && code.get(..4).is_some_and(is_region)
        }
        _ => false,
    }
}

/// The form of a code in which the history has it: a delområde without the `00` of Klass.
pub fn canonical(level: Level, code: &str) -> &str {
    match level {
        Level::Delomrade if code.len() == 8 => code.strip_suffix("00").unwrap_or(code),
        _ => code,
    }
}

fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || letter == '\u{a0}'
}

/// The code and the name behind it.
fn split_label(text: &str) -> (String, Option<&str>) {
    let mut parts = text.split(is_blank);
    // Digits in pairs, `99 99`, are one code; `0301 2024` is a code and something else.
    let is_pair = |part: &str| part.len() == 2 && is_digits(part);
    let squeezed: String = text.split(is_blank).collect();
    if parts.clone().count() > 1 && parts.clone().all(is_pair) && squeezed.len() <= 8 {
        return (squeezed, None);
    }
    let code = parts.next().unwrap_or_default().trim_end_matches([':', ',']);
    let rest = text[text.len().min(code.len())..].trim_start_matches([':', ',']);
    let rest = rest.trim_start_matches(|one| is_blank(one) || one == '-' || one == '–');
    (code.to_owned(), Some(rest).filter(|rest| !rest.is_empty()))
}

/// `K-` before municipalities, `F-` before counties.
fn split_prefix(code: &str) -> (Option<char>, &str) {
    match code.split_once('-') {
        Some(("K", rest)) => (Some('K'), rest),
        Some(("F", rest)) => (Some('F'), rest),
        _ => (None, code),
    }
}

/// `0101-2019`: the code and its last year.
fn split_year(code: &str) -> (&str, Option<i16>) {
    let Some((bare, year)) = code.split_once('-') else { return (code, None) };
    match read_year(year) {
        Some(year) if is_digits(bare) && bare.len() >= 4 => (bare, Some(year)),
        _ => (code, None),
    }
}

/// `Halden (-2019)`, `Moss (2020-2023)`: the name and its years; `Våler (Østfold)` is a name.
fn split_years(name: Option<&str>) -> (Option<String>, Option<i16>, Option<i16>) {
    let Some(name) = name else { return (None, None, None) };
    let whole = || (Some(name.to_owned()), None, None);
    let Some((before, years)) = name.strip_suffix(')').and_then(|name| name.rsplit_once('('))
    else {
        return whole();
    };
    let Some((first, last)) = years.split_once(['-', '–']) else { return whole() };
    let (first, last) = (first.trim(), last.trim());
    let (first_year, last_year) = (read_year(first), read_year(last));
    let is_year = |text: &str, year: Option<i16>| text.is_empty() || year.is_some();
    if !is_year(first, first_year)
        || !is_year(last, last_year)
        || (first_year, last_year) == (None, None)
    {
        return whole();
    }
    let name = before.trim_end_matches(is_blank);
    (Some(name.to_owned()).filter(|name| !name.is_empty()), first_year, last_year)
}

fn read_year(text: &str) -> Option<i16> {
    let is_year = text.len() == 4 && is_digits(text);
    text.parse().ok().filter(|year| is_year && (1800..=2100).contains(year))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What a code without prefix and years means, and the code in its plain form.
fn meaning(prefix: Option<char>, bare: &str) -> (Meaning, String) {
    let (meaning, code) = match bare {
        "EAK" => (Meaning::Nation, bare),
        "EAKUO" => (Meaning::NationWithoutOslo, bare),
        "21-22" => (Meaning::OutsideCounties, bare),
        _ if bare.eq_ignore_ascii_case("rest") => (Meaning::Remainder, bare),
        _ if is_digits(bare) => (by_digits(bare), bare),
        _ => by_letters(bare),
    };
    let fits = match (prefix, meaning) {
        (Some('K'), Meaning::Region(level)) => level == Level::Municipality,
        (Some('F'), Meaning::Region(level)) => level == Level::County,
        _ => true,
    };
    match fits && meaning != Meaning::Nothing {
        true => (meaning, code.to_owned()),
        false => (Meaning::Nothing, String::new()),
    }
}

/// `EAK03` is a county, `EKG07` a group, `030101a` a city district of today's division.
fn by_letters(bare: &str) -> (Meaning, &str) {
    if let Some(county) =
        bare.strip_prefix("EAK").filter(|county| county.len() == 2 && is_digits(county))
    {
        return (by_digits(county), county);
    }
    if bare.strip_prefix("EKG").or_else(|| bare.strip_prefix("EKA")).is_some_and(is_digits) {
        return (Meaning::Group, bare);
    }
    let digits = bare.strip_suffix("aa").or_else(|| bare.strip_suffix('a')).unwrap_or_default();
    if digits.len() != 6 || !is_digits(digits) {
        return (Meaning::Nothing, bare);
    }
    match by_digits(digits) {
        Meaning::Region(_) => (Meaning::Region(Level::CityDistrict), digits),
        other => (other, digits),
    }
}

fn by_digits(code: &str) -> Meaning {
    if matches!(code, "0" | "00" | "0000") {
        return Meaning::Nation;
    }
    if !matches!(code.len(), 2 | 4 | 6 | 8) {
        return Meaning::Nothing;
    }
    match &code[..2] {
        "21" | "22" | "23" => return Meaning::OutsideCounties,
        "99" => return Meaning::Unknown,
        county if !COUNTIES.contains(&county) => return Meaning::Nothing,
        _ => {}
    }
    if code.len() == 2 {
        return Meaning::Region(Level::County);
    }
    match (&code[2..4], code.get(4..6), code.get(6..8)) {
        ("99", ..) | (_, Some("99"), _) => Meaning::Unknown,
        ("00", ..) | (_, Some("00"), _) => Meaning::Sum,
        (_, None, _) => Meaning::Region(Level::Municipality),
        (_, Some(_), None) if TOWNS.contains(&&code[..4]) => Meaning::Region(Level::CityDistrict),
        (_, Some(_), None | Some("00")) => Meaning::Region(Level::Delomrade),
        (_, Some(_), Some("99")) if code.ends_with("9999") => Meaning::Unknown,
        (_, Some(_), Some(_)) => Meaning::Region(Level::Grunnkrets),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a text is taken for, as a reader would write it.
    fn read(text: &str) -> String {
        let found = recognise(text);
        let years = match (found.first_year, found.last_year) {
            (None, None) => String::new(),
            (first, last) => {
                let year =
                    |year: Option<i16>| year.map(|year| year.to_string()).unwrap_or_default();
                format!(" {}-{}", year(first), year(last))
            }
        };
        let meaning = match found.meaning {
            Meaning::Region(level) => level.name().to_owned(),
            other => format!("{other:?}"),
        };
        format!("{meaning} {}|{}{years}", found.code, found.name.unwrap_or_default())
    }

    #[test]
    fn labels_and_codes_are_read_as_they_stand_in_tables() {
        let table = [
            ("0301", "municipality 0301|"),
            ("K-0301 Oslo", "municipality 0301|Oslo"),
            ("0101 Halden (-2019)", "municipality 0101|Halden -2019"),
            ("3001 Halden (2020-2023)", "municipality 3001|Halden 2020-2023"),
            ("1508 Ålesund (2024-)", "municipality 1508|Ålesund 2024-"),
            ("0101-2019", "municipality 0101| -2019"),
            ("1902-2019", "municipality 1902| -2019"),
            ("K-3114 Våler (Østfold)", "municipality 3114|Våler (Østfold)"),
            ("0236 Nes (Akershus) (-2019)", "municipality 0236|Nes (Akershus) -2019"),
            ("3901\u{a0}-\u{a0}Horten", "municipality 3901|Horten"),
            ("F-03 Oslo", "county 03|Oslo"),
            ("EAK31 Østfold", "county 31|Østfold"),
            ("030101a Gamle Oslo", "city_district 030101|Gamle Oslo"),
            ("030101 Bygdøy-Frogner (1988-2003)", "city_district 030101|Bygdøy-Frogner 1988-2003"),
            ("150801", "delomrade 150801|"),
            ("15080100", "delomrade 15080100|"),
            ("03010101", "grunnkrets 03010101|"),
            ("0", "Nation 0|"),
            ("0000 - Hele landet", "Nation 0000|Hele landet"),
            ("EAK Landet", "Nation EAK|Landet"),
            ("EAKUO", "NationWithoutOslo EAKUO|"),
            ("EKG07", "Group EKG07|"),
            ("K-21-22 Svalbard and Jan Mayen", "OutsideCounties 21-22|Svalbard and Jan Mayen"),
            ("K-23 Continental shelf", "OutsideCounties 23|Continental shelf"),
            ("2111", "OutsideCounties 2111|"),
            ("2211", "OutsideCounties 2211|"),
            ("21000101", "OutsideCounties 21000101|"),
            (
                "K-Rest Divided municalities and unknown",
                "Remainder Rest|Divided municalities and unknown",
            ),
            ("Rest", "Remainder Rest|"),
            ("9999", "Unknown 9999|"),
            ("9998", "Unknown 9998|"),
            ("99 99", "Unknown 9999|"),
            ("0399", "Unknown 0399|"),
            ("03019999", "Unknown 03019999|"),
            ("030199a Unknown urban district", "Unknown 030199|Unknown urban district"),
            ("030100aa Oslo total", "Sum 030100|Oslo total"),
            ("0300", "Sum 0300|"),
            ("1301", "Nothing |1301"),
            ("301", "Nothing |301"),
            ("3004-3400", "Nothing |3004-3400"),
            ("K-03", "Nothing |K-03"),
            ("F-0301", "Nothing |F-0301"),
            ("14491: Kraftpriser", "Nothing |14491: Kraftpriser"),
            ("Halden", "Nothing |Halden"),
            ("", "Nothing |"),
        ];
        for (text, expected) in table {
            assert_eq!(read(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_code_beside_something_else_is_not_a_longer_code() {
        assert_eq!(read("0301 2024"), "municipality 0301|2024");
        assert!(!is_region("0301 Oslo") && !is_region("K-0301") && is_region("0301"));
    }
}
