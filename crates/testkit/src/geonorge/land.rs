//! Squares around points: municipalities, counties and their smallest parts.

/// A municipality: its code, its name and a point in it, in degrees.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Four digits.
    pub code: String,
    /// Name.
    pub name: String,
    /// Degrees.
    pub longitude: f64,
    /// Degrees.
    pub latitude: f64,
}

/// A square in EPSG:25833.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Square {
    pub east: f64,
    pub north: f64,
    /// Half of its side.
    pub half: f64,
}

/// All squares, each with its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Land(pub Vec<(Place, Square)>);

/// No square is larger: the rest is sea.
const LARGEST_HALF_M: f64 = 15_000.0;

impl Land {
    /// Squares that do not meet, since each ends before the middle between two points.
    pub(super) fn around(places: Vec<Place>) -> Land {
        let points: Vec<(f64, f64)> =
            places.iter().map(|place| utm33(place.longitude, place.latitude)).collect();
        let square = |at: usize| {
            let (east, north) = points[at];
            let apart = |&(x, y): &(f64, f64)| (x - east).abs().max((y - north).abs());
            let others = points.iter().enumerate().filter(|(other, _)| *other != at);
            let nearest = others.map(|(_, point)| apart(point)).fold(f64::INFINITY, f64::min);
            let half = (nearest * 0.45).min(LARGEST_HALF_M);
            Square { east: east.round(), north: north.round(), half: half.round() }
        };
        let squares: Vec<Square> = (0..points.len()).map(square).collect();
        Land(places.into_iter().zip(squares).collect())
    }

    /// The place in whose square a point lies.
    pub(super) fn at(&self, east: f64, north: f64) -> Option<&Place> {
        let holds = |square: &Square| {
            (east - square.east).abs() < square.half && (north - square.north).abs() < square.half
        };
        self.0.iter().find(|(_, square)| holds(square)).map(|(place, _)| place)
    }
}

impl Square {
    /// Corners, the first again at the end, counter-clockwise.
    pub(super) fn ring(self) -> [(f64, f64); 5] {
        let Square { east, north, half } = self;
        let (west, east, south, north) = (east - half, east + half, north - half, north + half);
        [(west, south), (east, south), (east, north), (west, north), (west, south)]
    }

    /// Its four quarters.
    pub(super) fn quarters(self) -> [Square; 4] {
        let half = self.half / 2.0;
        let at = |x: f64, y: f64| Square { east: self.east + x, north: self.north + y, half };
        [at(-half, -half), at(half, -half), at(half, half), at(-half, half)]
    }
}

/// ETRS89 to UTM zone 33 by Krüger's series; good to half a metre, which is more than is needed.
pub(super) fn utm33(longitude: f64, latitude: f64) -> (f64, f64) {
    // GRS 80.
    let flattening: f64 = 1.0 / 298.257_222_101;
    let n = flattening / (2.0 - flattening);
    let radius = 6_378_137.0 / (1.0 + n) * (1.0 + n * n / 4.0);
    let eccentricity = (flattening * (2.0 - flattening)).sqrt();
    let (phi, lambda) = (latitude.to_radians(), (longitude - 15.0).to_radians());
    let sine = phi.sin();
    let conformal = (sine.atanh() - eccentricity * (eccentricity * sine).atanh()).sinh();
    let xi = (conformal / lambda.cos()).atan();
    let eta = (lambda.sin() / conformal.hypot(lambda.cos())).asinh();
    let alpha = [n / 2.0 - 2.0 / 3.0 * n * n, 13.0 / 48.0 * n * n];
    let (mut east, mut north) = (eta, xi);
    for (alpha, order) in alpha.iter().zip([2.0, 4.0]) {
        east += alpha * (order * xi).cos() * (order * eta).sinh();
        north += alpha * (order * xi).sin() * (order * eta).cosh();
    }
    (500_000.0 + 0.9996 * radius * east, 0.9996 * radius * north)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_where_proj_has_it() {
        // PROJ 9: cs2cs EPSG:4258 EPSG:25833.
        let near = |(east, north): (f64, f64), x: f64, y: f64| (east - x).hypot(north - y);
        assert!(near(utm33(10.75, 59.91), 262_409.732, 6_649_017.749) < 0.5);
        assert!(near(utm33(30.9, 70.0), 1_100_926.543, 7_844_850.602) < 0.5);
        assert!((utm33(15.0, 60.0).0 - 500_000.0).abs() < 1e-6);
    }

    #[test]
    fn squares_do_not_meet() {
        let place = |code: &str, longitude| Place {
            code: code.to_owned(),
            name: code.to_owned(),
            longitude,
            latitude: 60.0,
        };
        let land = Land::around(vec![place("0301", 10.0), place("3201", 10.1), place("4601", 5.0)]);
        let squares: Vec<Square> = land.0.iter().map(|(_, square)| *square).collect();
        for (at, one) in squares.iter().enumerate() {
            for other in &squares[at + 1..] {
                let apart = (one.east - other.east).abs().max((one.north - other.north).abs());
                assert!(apart > one.half + other.half);
            }
            assert_eq!(
                land.at(one.east + 1.0, one.north).map(|place| &place.code),
                Some(&land.0[at].0.code)
            );
        }
        assert_eq!(land.at(0.0, 0.0), None);
    }
}
