//! Any text is a list of flags or a refusal that names a line of it; what is read can judge.
#![no_main]

use scoring::flags::{Evidence, Flag, Observed};

struct Place;

impl Evidence for Place {
    fn observed(&self, indicator: &str) -> Observed {
        if indicator.len() % 2 == 0 {
            Observed::Value(4.5)
        } else {
            Observed::Gap("suppressed".to_owned())
        }
    }

    fn distribution(&self, _: &str) -> &[f64] {
        &[-1.0, 4.5, 1e9]
    }

    fn coverage(&self) -> Option<f64> {
        Some(0.5)
    }

    fn figure_age_months(&self) -> Option<f64> {
        None
    }
}

libfuzzer_sys::fuzz_target!(|text: &str| {
    // What stands in quotes is an indicator, so that the flags of the pack are read to their end.
    let known: Vec<&str> = text.split('"').collect();
    let Ok(flags) = Flag::parse_all(text, &known) else { return };
    for flag in flags {
        let _ = flag.rule.judge(&Place);
        let _ = flag.with_threshold(0.0).map(|moved| moved.rule.judge(&Place));
    }
});
