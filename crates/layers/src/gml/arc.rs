//! Arcs as short straight lines.

use std::f64::consts::TAU;

use geo_types::Coord;

/// Straight pieces to a full circle: at a radius of 100 m the line is within 8 mm of the arc.
const PIECES: f64 = 256.0;

/// The places on the arc from `from` through `via` to `to`, without `from`; both ends exactly.
///
/// Three places in one line are that line. When `from` is `to`, it is the full circle of which
/// `via` is the opposite place.
pub(super) fn through(from: Coord<f64>, via: Coord<f64>, to: Coord<f64>) -> Vec<Coord<f64>> {
    let Some((centre, sweep)) = circle(from, via, to) else { return vec![via, to] };
    let radius = from - centre;
    let count = (sweep.abs() / TAU * PIECES).ceil().max(2.0);
    let mut places: Vec<Coord<f64>> = (1..count as u32)
        .map(|step| {
            let (sin, cos) = (sweep * f64::from(step) / count).sin_cos();
            let turned =
                Coord { x: radius.x * cos - radius.y * sin, y: radius.x * sin + radius.y * cos };
            centre + turned
        })
        .collect();
    places.push(to);
    places
}

/// The centre of the circle through three places; `None` when they lie in one line.
pub(super) fn centre(a: Coord<f64>, b: Coord<f64>, c: Coord<f64>) -> Option<Coord<f64>> {
    circle(a, b, c).map(|(centre, _)| centre)
}

/// Centre, and the angle from `from` to `to` through `via`, counted against the clock.
fn circle(from: Coord<f64>, via: Coord<f64>, to: Coord<f64>) -> Option<(Coord<f64>, f64)> {
    if from == to {
        return (from != via).then_some(((from + via) / 2.0, TAU));
    }
    // Taken from the first place, so that large coordinates do not eat the digits.
    let (a, b) = (via - from, to - from);
    let cross = a.x * b.y - a.y * b.x;
    let (aa, bb) = (a.x * a.x + a.y * a.y, b.x * b.x + b.y * b.y);
    if cross.abs() <= 1e-12 * (aa + bb) {
        return None;
    }
    let centre = Coord {
        x: (b.y * aa - a.y * bb) / (2.0 * cross),
        y: (a.x * bb - b.x * aa) / (2.0 * cross),
    };
    let angle = |at: Coord<f64>| (at.y - centre.y).atan2(at.x - centre.x);
    let turn = (angle(b) - angle(Coord { x: 0.0, y: 0.0 })).rem_euclid(TAU);
    let sweep = if cross > 0.0 { turn } else { turn - TAU };
    Some((from + centre, sweep))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, y: f64) -> Coord<f64> {
        Coord { x, y }
    }

    #[test]
    fn every_place_is_on_the_circle_and_on_the_right_side() {
        // The upper half of the unit circle far from the origin, both ways.
        let far = at(6e5, 7e6);
        for (from, to) in [(at(1., 0.), at(-1., 0.)), (at(-1., 0.), at(1., 0.))] {
            let places = through(far + from, far + at(0., 1.), far + to);
            assert_eq!(places.last(), Some(&(far + to)));
            for place in &places {
                let from_centre = *place - far;
                let radius = from_centre.x.hypot(from_centre.y);
                assert!((radius - 1.0).abs() < 1e-7, "{radius}");
                assert!(from_centre.y > -1e-7, "{from_centre:?}");
            }
        }
    }

    #[test]
    fn three_places_in_a_line_are_the_line() {
        assert_eq!(through(at(0., 0.), at(1., 1.), at(2., 2.)), [at(1., 1.), at(2., 2.)]);
    }

    #[test]
    fn a_full_circle_ends_where_it_began() {
        let places = through(at(0., 0.), at(2., 0.), at(0., 0.));
        assert_eq!(places.len(), 256);
        assert!(
            places.iter().all(|place| ((*place - at(1., 0.)).x.hypot(place.y) - 1.).abs() < 1e-12)
        );
    }
}
