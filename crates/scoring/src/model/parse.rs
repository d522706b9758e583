//! Model files: from TOML to a [`Model`], every fault with its line.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::{
    Aggregation, Coverage, Denominator, Direction, Group, Imputation, Leaf, Missing, Model,
    ModelError, Prepare, Problem, Shrinkage, Step, StepTest, Text, Tier, TierBasis, Treatment,
    Uncertainty, ValueFunction, check,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelFile {
    id: String,
    version: u32,
    title: Text,
    #[serde(default)]
    description: Text,
    #[serde(default)]
    notes: Vec<Text>,
    missing: Missing,
    coverage: Option<CoverageTable>,
    #[serde(default)]
    tier: Vec<Spanned<Tier>>,
    #[serde(default)]
    tier_basis: TierBasis,
    #[serde(default)]
    group: Vec<GroupTable>,
    #[serde(default)]
    indicator: Vec<IndicatorTable>,
    #[serde(default)]
    flag_thresholds: BTreeMap<String, f64>,
    #[serde(default)]
    prepare: Option<Spanned<Prepare>>,
    uncertainty: Option<Spanned<Uncertainty>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CoverageTable {
    dimension_minimum: Spanned<f64>,
    total_minimum: Spanned<f64>,
    #[serde(default)]
    required: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupTable {
    id: Spanned<String>,
    parent: Option<Spanned<String>>,
    title: Text,
    weight: Option<Spanned<f64>>,
    aggregation: Spanned<Aggregation>,
    present_minimum: Option<Spanned<f64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IndicatorTable {
    id: Spanned<String>,
    code: Option<Spanned<String>>,
    parent: Spanned<String>,
    weight: Option<Spanned<f64>>,
    value: Spanned<ValueFunction>,
    direction: Option<Spanned<Direction>>,
    denominator: Option<Spanned<Denominator>>,
    shrink: Option<Spanned<Shrinkage>>,
    impute: Option<Spanned<Imputation>>,
    treat: Option<Spanned<Treatment>>,
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct StepTable {
            points: f64,
            below: Option<f64>,
            above: Option<f64>,
            at_least: Option<f64>,
            at_most: Option<f64>,
            between: Option<[f64; 2]>,
        }
        let table = StepTable::deserialize(deserializer)?;
        let tests = [
            table.below.map(StepTest::Below),
            table.above.map(StepTest::Above),
            table.at_least.map(StepTest::AtLeast),
            table.at_most.map(StepTest::AtMost),
            table.between.map(StepTest::Between),
        ];
        let mut given = tests.into_iter().flatten();
        match (given.next(), given.next()) {
            (Some(test), None) => Ok(Self { test, points: table.points }),
            _ => Err(serde::de::Error::custom(
                "a step needs exactly one of `below`, `above`, `at_least`, `at_most`, `between`",
            )),
        }
    }
}

impl Model {
    /// Reads a model file and checks it against the indicators there are.
    ///
    /// # Errors
    ///
    /// One fault, the first met, with its line: TOML that does not parse, a key
    /// that models do not have, an unknown or doubled indicator, a parent that
    /// is missing or leads in a circle, weights that are negative or all zero,
    /// a value function that does not fit its numbers or its group.
    pub fn parse(text: &str, known_indicators: &[&str]) -> Result<Self, ModelError> {
        let file: ModelFile =
            toml::from_str(text).map_err(|error| ModelError::toml(text, &error))?;
        let builder = Builder { text, places: HashMap::new() };
        builder.build(file, known_indicators)
    }
}

/// Collects the tree and remembers where each node stands in the file.
pub(super) struct Builder<'a> {
    pub(super) text: &'a str,
    pub(super) places: HashMap<String, usize>,
}

impl Builder<'_> {
    fn fault(&self, span: Range<usize>, problem: Problem) -> ModelError {
        ModelError::at(self.text, span.start, problem)
    }

    fn build(mut self, file: ModelFile, known: &[&str]) -> Result<Model, ModelError> {
        let order = self.order_groups(&file.group)?;
        let positions: HashMap<&str, usize> = order
            .iter()
            .enumerate()
            .map(|(position, index)| (file.group[*index].id.as_ref().as_str(), position))
            .collect();
        let mut groups = Vec::with_capacity(order.len());
        let mut weights = Vec::with_capacity(order.len());
        for index in &order {
            let table = &file.group[*index];
            self.check_aggregation(table)?;
            weights.push(self.weight(table.weight.as_ref())?);
            groups.push(Group {
                id: table.id.as_ref().clone(),
                title: table.title.clone(),
                parent: table.parent.as_ref().map(|parent| positions[parent.as_ref().as_str()]),
                weight: 0.0,
                aggregation: table.aggregation.as_ref().clone(),
                present_minimum: self.present_minimum(table)?,
            });
        }
        let mut leaves = Vec::with_capacity(file.indicator.len());
        for table in &file.indicator {
            leaves.push(self.leaf(table, &positions, known)?);
        }
        fill_weights(&mut groups, &leaves, &weights);
        let coverage = self.coverage(file.coverage.as_ref(), &positions, &groups)?;
        let tiers = self.tiers(file.tier)?;
        let prepare = self.checked(file.prepare, check::prepare)?.unwrap_or_default();
        let uncertainty = self.checked(file.uncertainty, check::uncertainty)?;
        let model = Model {
            id: file.id,
            version: file.version,
            title: file.title,
            description: file.description,
            notes: file.notes,
            missing: file.missing,
            coverage,
            tiers,
            tier_basis: file.tier_basis,
            groups,
            leaves,
            flag_thresholds: file.flag_thresholds,
            prepare,
            uncertainty,
        };
        check::model(&model).map_err(|(node, problem)| {
            let offset = self.places.get(&node).copied().unwrap_or(0);
            ModelError::at(self.text, offset, problem)
        })?;
        Ok(model)
    }

    /// Orders groups so that the root is first and parents precede children.
    fn order_groups(&mut self, groups: &[GroupTable]) -> Result<Vec<usize>, ModelError> {
        let mut by_id: HashMap<&str, usize> = HashMap::new();
        for (index, group) in groups.iter().enumerate() {
            self.places.insert(group.id.as_ref().clone(), group.id.span().start);
            if by_id.insert(group.id.as_ref(), index).is_some() {
                let english = "group `{id}` is defined twice";
                let problem = Problem::new("group_twice", english, &[("id", group.id.as_ref())]);
                return Err(self.fault(group.id.span(), problem));
            }
        }
        let mut roots = groups.iter().enumerate().filter(|(_, group)| group.parent.is_none());
        let Some((root, _)) = roots.next() else {
            let english = "the model has no root; one group must have no `parent`";
            return Err(ModelError::at(self.text, 0, Problem::new("no_root", english, &[])));
        };
        if let Some((_, second)) = roots.next() {
            let english = "`{id}` is a second root; give it a `parent`";
            let problem = Problem::new("second_root", english, &[("id", second.id.as_ref())]);
            return Err(self.fault(second.id.span(), problem));
        }
        for group in groups {
            if let Some(parent) = &group.parent
                && !by_id.contains_key(parent.as_ref().as_str())
            {
                let problem = unknown_parent(parent.as_ref());
                return Err(self.fault(parent.span(), problem));
            }
        }
        let mut order = vec![root];
        let mut next = 0;
        while next < order.len() {
            let parent_id = groups[order[next]].id.as_ref();
            let children = groups.iter().enumerate().filter(|(_, group)| {
                group.parent.as_ref().is_some_and(|parent| parent.as_ref() == parent_id)
            });
            order.extend(children.map(|(index, _)| index));
            next += 1;
        }
        if let Some(lost) = (0..groups.len()).find(|index| !order.contains(index)) {
            let english = "the parents of `{id}` lead in a circle and never reach the root";
            let problem = Problem::new("cycle", english, &[("id", groups[lost].id.as_ref())]);
            return Err(self.fault(groups[lost].id.span(), problem));
        }
        Ok(order)
    }

    pub(super) fn leaf(
        &mut self,
        table: &IndicatorTable,
        positions: &HashMap<&str, usize>,
        known: &[&str],
    ) -> Result<Leaf, ModelError> {
        let id = table.id.as_ref();
        if !known.contains(&id.as_str()) {
            let near = nearest(id, known);
            let english = "unknown indicator `{id}`; nearest: {near}";
            let problem =
                Problem::new("unknown_indicator", english, &[("id", id), ("near", &near)]);
            return Err(self.fault(table.id.span(), problem));
        }
        for name in std::iter::once(&table.id).chain(table.code.as_ref()) {
            if self.places.insert(name.as_ref().clone(), name.span().start).is_some() {
                let english = "`{id}` is used twice in the model";
                let problem = Problem::new("used_twice", english, &[("id", name.as_ref())]);
                return Err(self.fault(name.span(), problem));
            }
        }
        let Some(parent) = positions.get(table.parent.as_ref().as_str()) else {
            let problem = unknown_parent(table.parent.as_ref());
            return Err(self.fault(table.parent.span(), problem));
        };
        let direction = table.direction.as_ref().map(|direction| *direction.as_ref());
        check::value_function(table.value.as_ref(), direction)
            .map_err(|problem| self.fault(table.value.span(), problem.about(id)))?;
        let given = self.weight(table.weight.as_ref())?;
        let Some(weight) = given.or_else(|| points_at_most(table.value.as_ref())) else {
            let problem = Problem::new("no_weight", "`{id}` has no `weight`", &[("id", id)]);
            return Err(self.fault(table.id.span(), problem));
        };
        Ok(Leaf {
            indicator: id.clone(),
            code: table.code.as_ref().map(|code| code.as_ref().clone()),
            parent: *parent,
            weight,
            value: table.value.as_ref().clone(),
            direction,
            denominator: self.checked(table.denominator.clone(), check::denominator)?,
            shrink: self.checked(table.shrink.clone(), check::shrinkage)?,
            impute: table.impute.as_ref().map(|impute| impute.as_ref().clone()),
            treat: self.checked(table.treat.clone(), check::treatment)?,
        })
    }

    /// Takes a part of the file once `check` has nothing against it.
    fn checked<T>(
        &self,
        part: Option<Spanned<T>>,
        check: impl Fn(&T) -> Result<(), Problem>,
    ) -> Result<Option<T>, ModelError> {
        let Some(part) = part else { return Ok(None) };
        check(part.as_ref()).map_err(|problem| self.fault(part.span(), problem))?;
        Ok(Some(part.into_inner()))
    }

    fn present_minimum(&self, table: &GroupTable) -> Result<f64, ModelError> {
        let minimum = self.checked(table.present_minimum.clone(), |share| check::share(*share))?;
        Ok(minimum.unwrap_or(0.0))
    }

    fn weight(&self, weight: Option<&Spanned<f64>>) -> Result<Option<f64>, ModelError> {
        let Some(weight) = weight else { return Ok(None) };
        let number = *weight.as_ref();
        if check::is_weight(number) {
            return Ok(Some(number));
        }
        let english = "the weight is {number}; give 0 to {most}";
        let places = [("number", &*number.to_string()), ("most", &check::HEAVIEST.to_string())];
        let problem = Problem::new("weight_range", english, &places);
        Err(self.fault(weight.span(), problem))
    }

    fn check_aggregation(&self, table: &GroupTable) -> Result<(), ModelError> {
        check::aggregation(table.aggregation.as_ref())
            .map_err(|problem| self.fault(table.aggregation.span(), problem))
    }

    fn coverage(
        &self,
        table: Option<&CoverageTable>,
        positions: &HashMap<&str, usize>,
        groups: &[Group],
    ) -> Result<Option<Coverage>, ModelError> {
        let Some(table) = table else { return Ok(None) };
        for share in [&table.dimension_minimum, &table.total_minimum] {
            check::share(*share.as_ref()).map_err(|problem| self.fault(share.span(), problem))?;
        }
        let mut required = Vec::with_capacity(table.required.len());
        for name in &table.required {
            let position = positions.get(name.as_ref().as_str()).copied();
            match position.filter(|position| groups[*position].parent == Some(0)) {
                Some(position) => required.push(position),
                None => {
                    let english = "`{id}` is not a group directly under the root";
                    let problem = Problem::new("not_dimension", english, &[("id", name.as_ref())]);
                    return Err(self.fault(name.span(), problem));
                }
            }
        }
        Ok(Some(Coverage {
            dimension_minimum: *table.dimension_minimum.as_ref(),
            total_minimum: *table.total_minimum.as_ref(),
            required,
        }))
    }

    fn tiers(&self, tiers: Vec<Spanned<Tier>>) -> Result<Vec<Tier>, ModelError> {
        for pair in tiers.windows(2) {
            if pair[1].as_ref().from >= pair[0].as_ref().from {
                let english = "tiers must stand from the highest `from` to the lowest";
                let problem = Problem::new("tier_order", english, &[]);
                return Err(self.fault(pair[1].span(), problem));
            }
        }
        Ok(tiers.into_iter().map(Spanned::into_inner).collect())
    }
}

fn unknown_parent(parent: &str) -> Problem {
    Problem::new("unknown_parent", "parent `{parent}` is not a group", &[("parent", parent)])
}

/// Gives every group without a weight the sum of its children's.
fn fill_weights(groups: &mut [Group], leaves: &[Leaf], given: &[Option<f64>]) {
    let mut sums = vec![0.0; groups.len()];
    for leaf in leaves {
        sums[leaf.parent] += leaf.weight;
    }
    for position in (0..groups.len()).rev() {
        let weight = given[position].unwrap_or(sums[position]);
        groups[position].weight = weight;
        if let Some(parent) = groups[position].parent {
            sums[parent] += weight;
        }
    }
}

/// Returns the most points a step function gives; other functions need a weight.
fn points_at_most(value: &ValueFunction) -> Option<f64> {
    match value {
        ValueFunction::Steps { .. } => value.highest(),
        _ => None,
    }
}

/// Names the known ids that look most like `wanted`.
fn nearest(wanted: &str, known: &[&str]) -> String {
    let pairs =
        |word: &str| -> Vec<(char, char)> { word.chars().zip(word.chars().skip(1)).collect() };
    let wanted_pairs = pairs(wanted);
    let mut ranked: Vec<(usize, &str)> = known
        .iter()
        .map(|id| {
            let found = pairs(id);
            (found.iter().filter(|pair| wanted_pairs.contains(pair)).count(), *id)
        })
        .collect();
    ranked.sort_by(|left, right| right.0.cmp(&left.0).then(left.1.cmp(right.1)));
    let names: Vec<String> = ranked.iter().take(3).map(|(_, id)| format!("`{id}`")).collect();
    if names.is_empty() { "none is known".to_owned() } else { names.join(", ") }
}
