//! What would carry a municipality past the next ones above it.

use scoring::explain::break_even::{BreakEven, Goal, Node, Tipping};
use scoring::{Matrix, Model};
use serde::Serialize;
use utoipa::ToSchema;

use super::localised;
use crate::evidence::Evidence;
use crate::texts::Language;

/// How many of those above are asked about.
const RIVALS: usize = 3;

/// How many weights and how many figures are told for each.
const TOLD: usize = 2;

/// What would carry a municipality past another; one thing moves at a time.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Overtaking {
    /// Four digits of the one above.
    pub municipality_code: String,
    /// Its name.
    pub name: String,
    /// Its place.
    pub rank: usize,
    /// The same in a sentence.
    pub sentence: String,
    /// The nearest points, weights before figures.
    pub points: Vec<TippingPoint>,
}

/// Where one weight or one figure tips a place.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TippingPoint {
    /// `weight` or `figure`.
    pub kind: &'static str,
    /// Group id, or id of the indicator.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Now: a share of the siblings' weight from 0 to 1, or a raw figure.
    pub now: f64,
    /// Where it tips.
    pub at: f64,
    /// `above` or `below`: on which side of the point the place is another.
    pub side: &'static str,
    /// Unit of the figure; `null` for a weight.
    pub unit: Option<String>,
}

/// A point with how far away it is, as a share of what there is.
type Distant = (f64, TippingPoint);

impl Evidence {
    /// Says what would carry a unit past each of the next ones above it.
    pub(super) fn overtakings(
        &self,
        model: &Model,
        matrix: &Matrix,
        unit: usize,
        language: Language,
    ) -> Vec<Overtaking> {
        let question = BreakEven::new(model, matrix);
        let Some(own) = question.ranks()[unit] else { return Vec::new() };
        let mut above: Vec<(usize, usize)> = question
            .ranks()
            .iter()
            .enumerate()
            .filter_map(|(at, rank)| rank.filter(|rank| *rank < own).map(|rank| (rank, at)))
            .collect();
        above.sort_unstable_by(|left, right| right.cmp(left));
        above.truncate(RIVALS);
        above
            .into_iter()
            .map(|(rank, rival)| {
                let mut points = self.weight_points(model, &question, (unit, rival), language);
                points.extend(self.figure_points(model, &question, (unit, rival), language));
                self.overtaking((rank, rival), points, language)
            })
            .collect()
    }

    fn weight_points(
        &self,
        model: &Model,
        question: &BreakEven<'_>,
        (unit, rival): (usize, usize),
        language: Language,
    ) -> Vec<TippingPoint> {
        let point = |at: usize| {
            let tipping = question.weight(unit, Goal::Pass(rival), Node::Group(at))?;
            let (now, tips, side) = nearest(&tipping)?;
            let point = TippingPoint {
                kind: "weight",
                id: model.groups[at].id.clone(),
                title: model.groups[at].title.in_language(language.code()).to_owned(),
                now,
                at: tips,
                side,
                unit: None,
            };
            Some(((tips - now).abs(), point))
        };
        first(model.dimensions().filter_map(point).collect())
    }

    fn figure_points(
        &self,
        model: &Model,
        question: &BreakEven<'_>,
        (unit, rival): (usize, usize),
        language: Language,
    ) -> Vec<TippingPoint> {
        let point = |at: usize| {
            let leaf = &model.leaves[at];
            let (low, high) = self.figures.range(&leaf.indicator)?;
            let tipping = question.figure(unit, Goal::Pass(rival), at)?;
            let (now, tips, side) = nearest(&tipping)?;
            let indicator = self.pack.indicators.get(&leaf.indicator)?;
            let point = TippingPoint {
                kind: "figure",
                id: leaf.indicator.clone(),
                title: localised(&indicator.title, language).to_owned(),
                now,
                at: tips,
                side,
                unit: Some(localised(&indicator.unit, language).to_owned()),
            };
            // Nobody reaches what no municipality comes near.
            let is_near = (2.0 * low - high..=2.0 * high - low).contains(&tips);
            is_near.then(|| ((tips - now).abs() / (high - low), point))
        };
        first((0..model.leaves.len()).filter_map(point).collect())
    }

    fn overtaking(
        &self,
        (rank, rival): (usize, usize),
        points: Vec<TippingPoint>,
        language: Language,
    ) -> Overtaking {
        let place = &self.municipalities[rival];
        let said: Vec<String> =
            points.iter().map(|point| self.condition(point, language)).collect();
        let list = said.join(&self.say(language, "break_even.or", &[]));
        let places =
            [("name", place.display_name.as_str()), ("rank", &rank.to_string()), ("list", &list)];
        let key = if points.is_empty() { "break_even.none" } else { "break_even.passes" };
        Overtaking {
            municipality_code: place.municipality_code.clone(),
            name: place.display_name.clone(),
            rank,
            sentence: self.say(language, key, &places),
            points,
        }
    }

    /// Words a point; its number is rounded to the far side, so that what is said is enough.
    fn condition(&self, point: &TippingPoint, language: Language) -> String {
        let is_weight = point.kind == "weight";
        let decimals = match self.pack.indicators.get(&point.id) {
            Some(indicator) if !is_weight => usize::from(indicator.decimals),
            _ => 1,
        };
        let shown = if is_weight { 100.0 * point.at } else { point.at };
        let scale = f64::from(10_u32.pow(decimals.min(6) as u32));
        let rounded = match point.side {
            "above" => (shown * scale).ceil() / scale,
            _ => (shown * scale).floor() / scale,
        };
        let number = language.number(rounded, decimals);
        let places = [
            ("title", point.title.as_str()),
            ("at", &number),
            ("unit", point.unit.as_deref().unwrap_or("")),
        ];
        self.say(language, &format!("break_even.{}_{}", point.kind, point.side), &places)
    }
}

/// Returns the number now, the nearest point and its side; `None` for a gap or where none tips.
fn nearest(tipping: &Tipping) -> Option<(f64, f64, &'static str)> {
    let now = tipping.now.filter(|_| !tipping.holds)?;
    let below = tipping.below.map(|at| (now, at, "below"));
    let above = tipping.above.map(|at| (now, at, "above"));
    match (below, above) {
        (Some(low), Some(high)) if now - low.1 <= high.1 - now => Some(low),
        (low, high) => high.or(low),
    }
}

fn first(mut points: Vec<Distant>) -> Vec<TippingPoint> {
    points.sort_by(|left, right| left.0.total_cmp(&right.0));
    points.into_iter().take(TOLD).map(|(_, point)| point).collect()
}
