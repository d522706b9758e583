//! City districts of the four towns that have them, since 2013.
//!
//! Klass 103 has them too; this is what is known without it. Their six digits are the
//! municipality's and two more, and may also be those of a delområde elsewhere in the town.

use jiff::civil::{Date, date};

use super::{Change, ChangeKind, Level, Unit};

struct Town {
    /// Code of the municipality until another came, and since when the other.
    before: Option<(&'static str, Date)>,
    code: &'static str,
    /// In order of their last two digits, from 01.
    names: &'static [&'static str],
    /// How many of them, the last, began when.
    late: (usize, Option<Date>),
}

const TOWNS: &[Town] = &[
    Town {
        before: None,
        code: "0301",
        names: &[
            "Gamle Oslo",
            "Grünerløkka",
            "Sagene",
            "St. Hanshaugen",
            "Frogner",
            "Ullern",
            "Vestre Aker",
            "Nordre Aker",
            "Bjerke",
            "Grorud",
            "Stovner",
            "Alna",
            "Østensjø",
            "Nordstrand",
            "Søndre Nordstrand",
            "Sentrum",
            "Marka",
        ],
        late: (0, None),
    },
    Town {
        before: None,
        code: "1103",
        names: &[
            "Hundvåg",
            "Tasta",
            "Eiganes/Våland",
            "Madla",
            "Storhaug",
            "Hillevåg",
            "Hinna",
            "Finnøy",
            "Rennesøy",
        ],
        late: (2, Some(date(2020, 1, 1))),
    },
    Town {
        before: Some(("1201", date(2020, 1, 1))),
        code: "4601",
        names: &[
            "Arna",
            "Bergenhus",
            "Fana",
            "Fyllingsdalen",
            "Laksevåg",
            "Ytrebygda",
            "Årstad",
            "Åsane",
        ],
        late: (0, None),
    },
    Town {
        before: Some(("1601", date(2018, 1, 1))),
        code: "5001",
        names: &["Midtbyen", "Østbyen", "Lerkendal", "Heimdal"],
        late: (0, None),
    },
];

impl Town {
    fn district(&self, municipality: &str, position: usize) -> Unit {
        let is_late = position + self.late.0 >= self.names.len();
        Unit {
            code: format!("{municipality}{:02}", position + 1),
            name: self.names[position].to_owned(),
            level: Level::CityDistrict,
            parent: Some(municipality.to_owned()),
            from: self.late.1.filter(|_| is_late),
            until: None,
        }
    }
}

/// City districts with their spans.
pub(super) fn units() -> impl Iterator<Item = Unit> {
    TOWNS.iter().flat_map(|town| {
        (0..town.names.len()).flat_map(move |position| {
            let now = town.district(town.code, position);
            let Some((before, since)) = town.before else { return vec![now] };
            let earlier = Unit { until: Some(since), ..town.district(before, position) };
            vec![earlier, Unit { from: Some(since), ..now }]
        })
    })
}

/// New codes of the districts of towns that got a new code.
pub(super) fn changes() -> impl Iterator<Item = Change> {
    TOWNS.iter().flat_map(|town| {
        town.before.into_iter().flat_map(move |(before, date)| {
            (0..town.names.len()).map(move |position| Change {
                level: Level::CityDistrict,
                date,
                old_code: town.district(before, position).code,
                new_code: town.district(town.code, position).code,
                kind: ChangeKind::Renumbered,
                weight: Some(1.0),
                weight_basis: Some("whole_unit".to_owned()),
                note: None,
            })
        })
    })
}
