//! What a divided region's shares rest on, when something better is known than the history has.

use std::collections::{BTreeMap, BTreeSet};

use super::conversion::{TOLERANCE, rounded};
use super::{Conversion, ConversionError, Part};
use crate::history;

/// Shares of old regions in new ones, from people counted or from a reader's own file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Weights {
    /// Per old code the new codes with their shares, and what they rest on.
    shares: BTreeMap<String, Vec<(String, f64)>>,
    basis: String,
}

impl Weights {
    /// Weights by where people live: per grunnkrets its code on the old map, the municipality
    /// it lies in on the new one, and how many live there.
    ///
    /// The first four digits of a grunnkrets are its municipality. One where nobody lives has
    /// no shares, and is left to what else is known.
    pub fn from_grunnkretser<'a>(
        year: i16,
        rows: impl IntoIterator<Item = (&'a str, &'a str, f64)>,
    ) -> Weights {
        let mut people: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
        for (grunnkrets, to_code, persons) in rows {
            let Some(from_code) = grunnkrets.get(..4) else { continue };
            let into = people.entry(from_code.to_owned()).or_default();
            *into.entry(to_code.to_owned()).or_default() += persons;
        }
        let shares = people.into_iter().filter_map(|(code, into)| {
            let all: f64 = into.values().sum();
            let share = |(to_code, persons): (String, f64)| (to_code, persons / all);
            (all > 0.0).then(|| (code, into.into_iter().map(share).collect()))
        });
        Weights { shares: shares.collect(), basis: format!("grunnkretser {year}") }
    }

    /// Weights of a reader's own: lines of old code, new code and share.
    ///
    /// The first line is the heading `from_code,to_code,share`. With `persons` instead of
    /// `share` the shares are worked out from how many went where.
    ///
    /// # Errors
    ///
    /// [`ConversionError::Weights`] with the line; [`ConversionError::Shares`] when the shares of
    /// a code do not add up to 1.
    pub fn from_csv(text: &str, basis: &str) -> Result<Weights, ConversionError> {
        let fault = |line: usize, problem: String| ConversionError::Weights { line, problem };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let heading = lines.next().map_or("", |(_, line)| line.trim());
        let separator = if heading.contains(';') { ';' } else { ',' };
        let headings: Vec<&str> = heading.split(separator).map(str::trim).collect();
        let counts_people = match headings[..] {
            ["from_code", "to_code", "share"] => false,
            ["from_code", "to_code", "persons"] => true,
            _ => return Err(fault(1, "the heading must be from_code,to_code,share".to_owned())),
        };
        let mut shares: BTreeMap<String, Vec<(String, f64)>> = BTreeMap::new();
        for (at, line) in lines {
            let fields: Vec<&str> = line.split(separator).map(str::trim).collect();
            let [from_code, to_code, number] = fields[..] else {
                return Err(fault(
                    at + 1,
                    format!("three fields are wanted, not {}", fields.len()),
                ));
            };
            let number = number.parse::<f64>().ok().filter(|number| *number >= 0.0);
            let number = number.filter(|number| number.is_finite());
            let Some(number) = number else {
                return Err(fault(at + 1, format!("`{}` is no weight", fields[2])));
            };
            shares.entry(from_code.to_owned()).or_default().push((to_code.to_owned(), number));
        }
        for (code, into) in &mut shares {
            let all: f64 = into.iter().map(|(_, number)| number).sum();
            if all == 0.0 || (!counts_people && (all - 1.0).abs() > TOLERANCE) {
                return Err(ConversionError::Shares { code: code.clone(), sum: rounded(all) });
            }
            into.iter_mut().for_each(|(_, number)| *number /= all);
        }
        Ok(Weights { shares, basis: basis.to_owned() })
    }

    /// Old codes that have shares here.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.shares.keys().map(String::as_str)
    }

    /// These weights without the codes that a conversion does not know.
    pub fn known_to(&self, conversion: &Conversion) -> Weights {
        let known = self.shares.iter().filter(|(code, _)| !conversion.of(code).is_empty());
        let shares = known.map(|(code, into)| (code.clone(), into.clone())).collect();
        Weights { shares, basis: self.basis.clone() }
    }

    /// The same as amounts, for a conversion that cannot be made without them.
    pub fn amounts(&self) -> history::Weights {
        let amounts = self.shares.iter().flat_map(|(code, into)| {
            into.iter().map(move |(to_code, share)| ((code.clone(), to_code.clone()), *share))
        });
        history::Weights { basis: self.basis.clone(), amounts: amounts.collect() }
    }

    /// The conversion with these shares in place of its own, for the codes that have any here.
    ///
    /// # Errors
    ///
    /// [`ConversionError::UnknownCode`] for a code that is not on its map; otherwise as
    /// [`Conversion::from_shares`].
    pub fn apply(&self, conversion: &Conversion) -> Result<Conversion, ConversionError> {
        let new_codes: BTreeSet<&str> = conversion.new_codes().into_iter().collect();
        let maps = (conversion.from_year, conversion.to_year);
        let mut given = Vec::new();
        for (code, into) in &self.shares {
            if conversion.of(code).is_empty() {
                let (code, year) = (code.clone(), conversion.from_year);
                return Err(ConversionError::UnknownCode { code, year });
            }
            for (to_code, share) in into {
                if !new_codes.contains(to_code.as_str()) {
                    let (code, year) = (to_code.clone(), conversion.to_year);
                    return Err(ConversionError::UnknownCode { code, year });
                }
                given.push((code.clone(), to_code.clone(), *share, Some(self.basis.clone())));
            }
        }
        let mut parts = Conversion::from_shares(maps, given)?.parts;
        let others = conversion.parts.iter();
        parts.extend(others.filter(|part| !self.shares.contains_key(&part.from_code)).cloned());
        let order = |left: &Part, right: &Part| {
            let by_share = left.share_from.total_cmp(&right.share_from);
            left.from_code.cmp(&right.from_code).then(by_share)
        };
        parts.sort_by(order);
        Ok(Conversion { from_year: maps.0, to_year: maps.1, parts })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn divided() -> Conversion {
        let shares = [("1850", "1806", 0.5), ("1850", "1875", 0.5), ("0301", "0301", 1.0)];
        let shares = shares.map(|(from, to, share)| (from.to_owned(), to.to_owned(), share, None));
        Conversion::from_shares((2019, 2020), shares).expect("shares that add up")
    }

    fn with(text: &str) -> String {
        let weights = Weights::from_csv(text, "my own");
        match weights.and_then(|weights| weights.apply(&divided())) {
            Ok(conversion) => conversion
                .parts
                .iter()
                .map(|part| {
                    let basis = part.basis.as_deref().unwrap_or("-");
                    let Part { from_code, to_code, share_from, share_to, .. } = part;
                    format!("{from_code} {to_code} {share_from} {share_to} {basis}")
                })
                .collect::<Vec<_>>()
                .join("\n"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn shares_of_ones_own_take_the_place_of_those_known() {
        let text = "from_code,to_code,share\n1850,1875,0.75\n1850,1806,0.25\n";
        insta::assert_snapshot!(with(text), @r"
        0301 0301 0 1 -
        1850 1806 0 0.25 my own
        1850 1875 0.25 1 my own
        ");
        let text = "from_code;to_code;persons\n1850;1875;300\n1850;1806;100\n";
        insta::assert_snapshot!(with(text), @r"
        0301 0301 0 1 -
        1850 1806 0 0.25 my own
        1850 1875 0.25 1 my own
        ");
    }

    #[test]
    fn a_fault_is_one_sentence() {
        let faults = [
            with("from_code,to_code,share\n1850,1875,0.75\n1850,1806,0.35\n"),
            with("from_code,to_code,share\n1850,1899,0.75\n1850,1806,0.25\n"),
            with("from_code,to_code,share\n1851,1875,1\n"),
            with("from_code,to_code,share\n1850,1875,-1\n"),
            with("from_code,to_code,share\n1850,1875\n"),
            with("old,new,share\n"),
        ];
        insta::assert_snapshot!(faults.join("\n"), @r"
        the shares of `1850` add up to 1.1, not to 1
        there is no region `1899` on the map of 2020
        there is no region `1851` on the map of 2019
        line 2 of the weights: `-1` is no weight
        line 2 of the weights: three fields are wanted, not 2
        line 1 of the weights: the heading must be from_code,to_code,share
        ");
    }

    #[test]
    fn people_are_counted_by_grunnkrets() {
        let rows =
            [("18500101", "1806", 30.0), ("18500102", "1875", 50.0), ("18500103", "1875", 20.0)];
        let weights = Weights::from_grunnkretser(2019, rows);
        let conversion = weights.apply(&divided()).expect("known codes");
        let parts = conversion.of("1850");
        assert_eq!(parts[0].share_to, 0.3);
        assert_eq!(parts[1].basis.as_deref(), Some("grunnkretser 2019"));
    }
}
