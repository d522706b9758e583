use sha2::{Digest, Sha256};

use crate::seal::hexadecimal;

/// The checksum of one measure's figures, taken in the order (period, code).
///
/// Each figure is the line `municipality_code,period,value,status,source` and a
/// line feed; a gap's value is empty, and a number is the shortest decimal that
/// reads back as the same number, so anyone can work the checksum out again.
#[derive(Default)]
pub(crate) struct FigureChecksum {
    hash: Sha256,
}

/// One figure as it is stored.
pub(crate) struct FigureLine<'figure> {
    pub(crate) municipality_code: &'figure str,
    pub(crate) period: &'figure str,
    pub(crate) value: Option<f64>,
    pub(crate) status: &'figure str,
    pub(crate) source: &'figure str,
}

impl FigureChecksum {
    pub(crate) fn add(&mut self, figure: &FigureLine<'_>) {
        let value = figure.value.map(|value| value.to_string()).unwrap_or_default();
        self.hash.update(format!(
            "{},{},{value},{},{}\n",
            figure.municipality_code, figure.period, figure.status, figure.source
        ));
    }

    /// Lower-case hex.
    pub(crate) fn finish(self) -> String {
        hexadecimal(&self.hash.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_are_those_of_the_description() {
        let mut checksum = FigureChecksum::default();
        checksum.add(&FigureLine {
            municipality_code: "0301",
            period: "2024",
            value: Some(717_710.0),
            status: "ok",
            source: "ssb",
        });
        checksum.add(&FigureLine {
            municipality_code: "1507",
            period: "2024",
            value: None,
            status: "suppressed",
            source: "ssb",
        });
        let expected = Sha256::digest("0301,2024,717710,ok,ssb\n1507,2024,,suppressed,ssb\n");
        assert_eq!(checksum.finish(), hexadecimal(&expected));
    }
}
