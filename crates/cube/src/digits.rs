//! Numbers as text: the fewest digits that give the same number back.

use std::io::Write as _;

const POWERS: [f64; 6] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5];

/// Whole numbers up to here, and those beside them, are exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Adds a number with a dot, without exponent and without `.0`.
pub(crate) fn push(out: &mut Vec<u8>, number: f64) {
    // Numbers of few decimals, that is nearly all: a whole number and where its dot goes.
    for (decimals, power) in POWERS.iter().enumerate() {
        let whole = (number * power).round();
        if whole.abs() >= EXACT {
            break;
        }
        if whole / power == number {
            return push_parts(out, whole, decimals);
        }
    }
    write!(out, "{number}").expect("writing to memory does not fail");
}

fn push_parts(out: &mut Vec<u8>, whole: f64, decimals: usize) {
    if whole < 0.0 {
        out.push(b'-');
    }
    let mut rest = whole.abs() as u64;
    let mut digits = [b'0'; 24];
    let mut at = digits.len();
    let mut written = 0;
    while rest > 0 || written <= decimals {
        if written == decimals && decimals > 0 {
            at -= 1;
            digits[at] = b'.';
        }
        at -= 1;
        digits[at] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
        written += 1;
    }
    out.extend_from_slice(&digits[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(number: f64) -> String {
        let mut out = Vec::new();
        push(&mut out, number);
        String::from_utf8(out).expect("digits")
    }

    #[test]
    fn numbers_have_the_fewest_digits() {
        let numbers = [0.0, -0.0, 7.0, -362.0, 0.1, 34.4, -0.05, 125.36, 1e21, 1.0 / 3.0, 1e-7];
        let all: Vec<String> = numbers.iter().map(|number| shown(*number)).collect();
        insta::assert_snapshot!(
            all.join(" "),
            @"0 0 7 -362 0.1 34.4 -0.05 125.36 1000000000000000000000 0.3333333333333333 0.0000001"
        );
    }

    proptest::proptest! {
        #[test]
        fn a_number_comes_back(number in proptest::num::f64::NORMAL, whole: i64, decimals in 0..7) {
            proptest::prop_assert_eq!(shown(number).parse(), Ok(number));
            let short = whole as f64 / 10_f64.powi(decimals);
            proptest::prop_assert_eq!(shown(short).parse(), Ok(short));
            proptest::prop_assert_eq!(shown(short).len(), format!("{}", short + 0.0).len());
        }
    }
}
