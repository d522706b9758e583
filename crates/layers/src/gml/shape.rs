//! The shapes of GML, from their elements.

use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};

use super::events::{Events, Tag};
use super::{FORMAT, arc, refuse};
use crate::srs::{self, Order};
use crate::{LayerError, Notes, shape};

/// How the numbers of a shape are to be read; inherited from the elements around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axes {
    pub(super) order: Order,
    pub(super) dimension: usize,
    /// Numbers to a place as the envelope around says, where the shapes do not say it.
    pub(super) hint: Option<usize>,
}

impl Axes {
    /// As the spelling of a system has them; unknown systems are refused elsewhere.
    pub(super) fn of_system(name: &str) -> Axes {
        let named = srs::from_name(name).ok();
        Axes {
            order: named.map_or(Order::EastFirst, |named| named.order),
            dimension: named.map_or(2, |named| named.dimension),
            hint: None,
        }
    }

    /// What `tag` says, and otherwise this.
    fn within(self, tag: &Tag) -> Axes {
        let of_tag = tag.system.as_deref().map(Axes::of_system);
        let axes = of_tag.map_or(self, |axes| Axes { hint: self.hint, ..axes });
        match tag.dimension {
            Some(dimension) => Axes { dimension, hint: None, ..axes },
            None => axes,
        }
    }

    /// Numbers to a place in a list of them. An envelope may say three of a layer of which only
    /// some shapes have heights; then the list itself decides, by the end that meets the beginning.
    fn dimension_of(self, numbers: &[&str]) -> usize {
        let Some(hint) = self.hint.filter(|hint| *hint > self.dimension) else {
            return self.dimension;
        };
        let closes = |dimension: usize| {
            let count = numbers.len();
            let is_whole = count.is_multiple_of(dimension) && count >= 2 * dimension;
            is_whole && numbers[..dimension] == numbers[count - dimension..]
        };
        let is_flat = closes(self.dimension) && !closes(hint);
        if is_flat || !numbers.len().is_multiple_of(hint) { self.dimension } else { hint }
    }
}

/// Whether an element is a shape.
pub(super) fn is_shape(name: &str) -> bool {
    const SHAPES: [&str; 26] = [
        "Point",
        "MultiPoint",
        "LineString",
        "Curve",
        "CompositeCurve",
        "OrientableCurve",
        "MultiCurve",
        "MultiLineString",
        "LinearRing",
        "Ring",
        "Polygon",
        "Surface",
        "CompositeSurface",
        "OrientableSurface",
        "PolyhedralSurface",
        "TriangulatedSurface",
        "Tin",
        "MultiSurface",
        "MultiPolygon",
        "MultiGeometry",
        "GeometricComplex",
        "Solid",
        "CompositeSolid",
        "MultiSolid",
        "Grid",
        "RectifiedGrid",
    ];
    SHAPES.contains(&name)
}

/// Whether an element is a shape with an area.
pub(super) fn is_surface(name: &str) -> bool {
    name.contains("Surface") || name.contains("Polygon") || name == "Tin"
}

/// Reads one shape whose start tag was the last event.
pub(super) struct Shapes<'events> {
    pub(super) events: &'events mut Events,
    pub(super) notes: &'events mut Notes,
    /// Where the file stands, for people.
    pub(super) place: String,
}

impl Shapes<'_> {
    /// Reads the shape that `tag` begins, up to its end.
    pub(super) fn read(&mut self, tag: &Tag, around: Axes) -> Result<Geometry<f64>, LayerError> {
        let axes = around.within(tag);
        self.notes.heights += u64::from(axes.dimension > 2);
        self.shape(tag, around)
    }

    fn fault(&self, problem: impl ToString) -> LayerError {
        refuse(self.place.clone(), problem)
    }

    fn not_supported(&self, what: String) -> LayerError {
        LayerError::NotSupported { format: FORMAT, place: self.place.clone(), what }
    }

    fn shape(&mut self, tag: &Tag, around: Axes) -> Result<Geometry<f64>, LayerError> {
        let axes = around.within(tag);
        Ok(match tag.name.as_str() {
            "Point" => {
                let line = self.coordinates(axes)?;
                line.first().map_or_else(shape::empty_point, |at| Point(*at).into())
            }
            "LineString" | "LinearRing" => LineString(self.coordinates(axes)?).into(),
            "Curve" | "CompositeCurve" | "OrientableCurve" | "Ring" => {
                LineString(self.curve(tag, around)?).into()
            }
            "Polygon" | "PolygonPatch" | "Triangle" | "Rectangle" => self.polygon(axes)?.into(),
            "Surface" | "PolyhedralSurface" | "TriangulatedSurface" | "Tin" => {
                let mut parts = self.parts(axes)?;
                if parts.len() == 1 { parts.remove(0) } else { self.multipolygon(parts)? }
            }
            "OrientableSurface" => {
                let mut parts = self.parts(axes)?;
                if parts.len() == 1 { parts.remove(0) } else { self.multipolygon(parts)? }
            }
            "CompositeSurface" | "MultiSurface" | "MultiPolygon" => {
                let parts = self.parts(axes)?;
                self.multipolygon(parts)?
            }
            "MultiCurve" | "MultiLineString" => {
                let parts = self.parts(axes)?.into_iter().map(|part| match part {
                    Geometry::LineString(line) => Ok(line),
                    _ => Err(self.fault("a part of the curves is no curve")),
                });
                MultiLineString(parts.collect::<Result<_, _>>()?).into()
            }
            "MultiPoint" => {
                let parts = self.parts(axes)?.into_iter().filter_map(|part| match part {
                    Geometry::Point(point) => Some(Ok(point)),
                    Geometry::MultiPoint(points) if points.0.is_empty() => None,
                    _ => Some(Err(self.fault("a part of the points is no point"))),
                });
                MultiPoint(parts.collect::<Result<_, _>>()?).into()
            }
            "MultiGeometry" | "GeometricComplex" => {
                Geometry::GeometryCollection(GeometryCollection(self.parts(axes)?))
            }
            other => return Err(self.not_supported(format!("`{other}`"))),
        })
    }

    /// Shapes inside the members or patches of the element that is open.
    fn parts(&mut self, axes: Axes) -> Result<Vec<Geometry<f64>>, LayerError> {
        const PATCHES: [&str; 3] = ["PolygonPatch", "Triangle", "Rectangle"];
        let mut parts = Vec::new();
        while let Some(holder) = self.events.child()? {
            if !is_holder(&holder.name) {
                self.events.skip()?;
                continue;
            }
            self.refuse_reference(&holder)?;
            while let Some(tag) = self.events.child()? {
                if is_shape(&tag.name) || PATCHES.contains(&tag.name.as_str()) {
                    parts.push(self.shape(&tag, axes)?);
                } else {
                    return Err(self.not_supported(format!("`{}`", tag.name)));
                }
            }
        }
        Ok(parts)
    }

    fn refuse_reference(&self, holder: &Tag) -> Result<(), LayerError> {
        match &holder.reference {
            None => Ok(()),
            Some(reference) => {
                let what = format!("a shape that stands elsewhere (xlink:href=\"{reference}\")");
                Err(self.not_supported(what))
            }
        }
    }

    fn multipolygon(&self, parts: Vec<Geometry<f64>>) -> Result<Geometry<f64>, LayerError> {
        let mut polygons = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Geometry::Polygon(polygon) => polygons.push(polygon),
                Geometry::MultiPolygon(several) => polygons.extend(several.0),
                _ => return Err(self.fault("a part of the surfaces is no surface")),
            }
        }
        Ok(MultiPolygon(polygons).into())
    }

    fn polygon(&mut self, axes: Axes) -> Result<Polygon<f64>, LayerError> {
        let (mut outer, mut inner) = (Vec::new(), Vec::new());
        while let Some(holder) = self.events.child()? {
            let is_outer = match holder.name.as_str() {
                "exterior" | "outerBoundaryIs" => true,
                "interior" | "innerBoundaryIs" => false,
                _ => {
                    self.events.skip()?;
                    continue;
                }
            };
            self.refuse_reference(&holder)?;
            while let Some(tag) = self.events.child()? {
                let ring = match tag.name.as_str() {
                    "LinearRing" => self.coordinates(axes.within(&tag))?,
                    "Ring" => self.curve(&tag, axes)?,
                    other => return Err(self.not_supported(format!("`{other}`"))),
                };
                if is_outer { &mut outer } else { &mut inner }.push(ring);
            }
        }
        if outer.len() > 1 {
            return Err(self.fault("a polygon has two outer rings"));
        }
        if outer.is_empty() && !inner.is_empty() {
            return Err(self.fault("a polygon has a hole and no outer ring"));
        }
        outer.append(&mut inner);
        Ok(shape::polygon(outer, self.notes))
    }

    /// The places along a curve of any kind.
    fn curve(&mut self, tag: &Tag, around: Axes) -> Result<Vec<Coord<f64>>, LayerError> {
        let axes = around.within(tag);
        let mut line: Vec<Coord<f64>> = Vec::new();
        match tag.name.as_str() {
            "LineString" | "LinearRing" => return self.coordinates(axes),
            "Curve" => {
                while let Some(holder) = self.events.child()? {
                    if holder.name != "segments" {
                        self.events.skip()?;
                        continue;
                    }
                    while let Some(segment) = self.events.child()? {
                        let places = self.segment(&segment, axes.within(&segment))?;
                        join(&mut line, places);
                    }
                }
            }
            "CompositeCurve" | "Ring" | "OrientableCurve" => {
                while let Some(holder) = self.events.child()? {
                    if !["curveMember", "curveMembers", "baseCurve"].contains(&holder.name.as_str())
                    {
                        self.events.skip()?;
                        continue;
                    }
                    self.refuse_reference(&holder)?;
                    while let Some(part) = self.events.child()? {
                        let places = self.curve(&part, axes)?;
                        join(&mut line, places);
                    }
                }
                if tag.name == "OrientableCurve" && tag.orientation.as_deref() == Some("-") {
                    line.reverse();
                }
            }
            other => return Err(self.not_supported(format!("`{other}`"))),
        }
        Ok(line)
    }

    fn segment(&mut self, tag: &Tag, axes: Axes) -> Result<Vec<Coord<f64>>, LayerError> {
        let is_arc = match tag.name.as_str() {
            "LineStringSegment" => false,
            "Arc" | "ArcString" | "Circle" => true,
            other => return Err(self.not_supported(format!("`{other}`"))),
        };
        let mut places = self.coordinates(axes)?;
        if !is_arc {
            return Ok(places);
        }
        if tag.name == "Circle" && places.len() == 3 {
            // The circle goes on through the third place to the first.
            let opposite = arc::through(places[0], places[1], places[2]);
            let back = arc::through(places[2], reflected(&places), places[0]);
            self.notes.arcs += 1;
            places.truncate(1);
            places.extend(opposite);
            places.extend(back);
            return Ok(places);
        }
        if places.len() < 3 || places.len().is_multiple_of(2) {
            return Err(self.fault("an arc has no three places"));
        }
        let mut line = vec![places[0]];
        for three in places.windows(3).step_by(2) {
            self.notes.arcs += 1;
            line.extend(arc::through(three[0], three[1], three[2]));
        }
        Ok(line)
    }

    /// All coordinates in the element that is open, however they are written.
    fn coordinates(&mut self, axes: Axes) -> Result<Vec<Coord<f64>>, LayerError> {
        let mut line = Vec::new();
        while let Some(tag) = self.events.child()? {
            let axes = axes.within(&tag);
            match tag.name.as_str() {
                "posList" => {
                    let text = self.events.text()?;
                    let dimension = match axes.hint {
                        None => axes.dimension,
                        Some(_) => {
                            let numbers: Vec<&str> = text.split_ascii_whitespace().collect();
                            axes.dimension_of(&numbers)
                        }
                    };
                    self.positions(&text, dimension, axes.order, &mut line)?;
                }
                "pos" | "coord" => {
                    let text = self.events.text()?;
                    let count = text.split_ascii_whitespace().count();
                    self.positions(&text, count.max(2), axes.order, &mut line)?;
                }
                "coordinates" => {
                    let text = self.events.text()?;
                    for tuple in text.split_ascii_whitespace() {
                        let numbers = tuple.replace(',', " ");
                        let count = numbers.split_ascii_whitespace().count();
                        self.positions(&numbers, count.max(2), axes.order, &mut line)?;
                    }
                }
                "pointProperty" | "pointRep" => {
                    self.refuse_reference(&tag)?;
                    while let Some(_point) = self.events.child()? {
                        let inner = self.coordinates(axes)?;
                        line.extend(inner);
                    }
                }
                _ => self.events.skip()?,
            }
        }
        Ok(line)
    }

    /// Reads blank-separated numbers, `dimension` to a place.
    fn positions(
        &self,
        text: &str,
        dimension: usize,
        order: Order,
        into: &mut Vec<Coord<f64>>,
    ) -> Result<(), LayerError> {
        if !(2..=4).contains(&dimension) {
            return Err(self.fault(format!("{dimension} numbers to a place")));
        }
        let mut numbers = text.split_ascii_whitespace();
        let number = |text: &str| {
            let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
            number.ok_or_else(|| self.fault(format!("`{}` is no number", shortened(text))))
        };
        while let Some(first) = numbers.next() {
            let odd = || self.fault("the numbers do not make whole places");
            let (first, second) = (number(first)?, number(numbers.next().ok_or_else(odd)?)?);
            for _ in 2..dimension {
                number(numbers.next().ok_or_else(odd)?)?;
            }
            into.push(match order {
                Order::EastFirst => Coord { x: first, y: second },
                Order::NorthFirst => Coord { x: second, y: first },
            });
        }
        Ok(())
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Whether an element holds parts of a shape.
fn is_holder(name: &str) -> bool {
    name.ends_with("Member")
        || name.ends_with("Members")
        || matches!(
            name,
            "patches" | "polygonPatches" | "trianglePatches" | "baseSurface" | "element"
        )
}

/// Goes on with a line; the place where two pieces meet stands once.
fn join(line: &mut Vec<Coord<f64>>, mut places: Vec<Coord<f64>>) {
    if !line.is_empty() && line.last() == places.first() {
        places.remove(0);
    }
    line.append(&mut places);
}

/// A place on the way back of a circle that goes through three: opposite of the second.
fn reflected(places: &[Coord<f64>]) -> Coord<f64> {
    let whole = arc::centre(places[0], places[1], places[2]);
    whole.map_or(places[1], |centre| centre + centre - places[1])
}
