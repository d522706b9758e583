//! Boundaries for the snapshot: small enough to be opened with it, true enough for a map.

use layers::boundaries::{move_to_utm33, to_boundary};
use places::Region;
use places::coverage::{Grid, Named, Tolerance, Topology};
use places::crs::Crs;
use store::build::Boundary;

use crate::IngestError;

/// What a boundary in the snapshot may be off by, in metres; the extract has the whole of it.
pub(crate) const TOLERANCE_M: f64 = 20.0;

/// Codes of municipalities begin with the code of their county.
const COUNTY_DIGITS: usize = 2;

/// Simplifies municipalities to about 20 m and dissolves them to counties, in EPSG:25833.
///
/// Shared borders stay shared, also between the two layers; as many municipalities come out
/// as went in. Sources are for the caller to fill in. A county has no name of its own here.
///
/// # Errors
///
/// [`IngestError::NoShape`] names municipalities without a shape; [`IngestError::Coordinates`]
/// when they are not in that system.
pub fn snapshot_boundaries(
    municipalities: &[Region],
    in_system: Crs,
) -> Result<Vec<Boundary>, IngestError> {
    let mut regions = municipalities.to_vec();
    for region in &mut regions {
        move_to_utm33(region, in_system)?;
    }
    let topology = Topology::of(&regions, Grid::CENTIMETRES)
        .simplify(Tolerance { island_area: 0.0, ..Tolerance::length(TOLERANCE_M) });
    let counties = topology.dissolve(|municipality| {
        let code: String = municipality.code.chars().take(COUNTY_DIGITS).collect();
        Named { name: String::new(), code }
    });
    let municipalities = topology.to_regions();
    let is_shapeless = |region: &&Region| region.shape.0.is_empty();
    let codes: Vec<String> =
        municipalities.iter().filter(is_shapeless).map(|region| region.code.clone()).collect();
    if !codes.is_empty() {
        return Err(IngestError::NoShape { codes });
    }
    let of = |layer: &'static str, regions: Vec<Region>| {
        regions.into_iter().map(move |region| to_boundary(layer, &region))
    };
    Ok(of("municipality", municipalities).chain(of("county", counties.to_regions())).collect())
}
