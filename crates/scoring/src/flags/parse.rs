//! Flag files: from TOML to [`Flag`]s.

use serde::Deserialize;
use toml::Spanned;

use super::back_test::Window;
use super::{BackTested, Flag, Rule, Scope, Severity, Test};
use crate::model::{ModelError, Text};

/// Why a flag file cannot be used, with the line.
pub type FlagError = ModelError;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FlagFile {
    flag: Vec<FlagTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FlagTable {
    id: Spanned<String>,
    version: u32,
    severity: Severity,
    title: Text,
    text: Text,
    basis: Text,
    unit: Option<Text>,
    year: Option<i32>,
    #[serde(default)]
    scope: Scope,
    rule: Spanned<RuleTable>,
    back_test: Option<Spanned<BackTestTable>>,
    back_test_missing: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BackTestTable {
    event: RuleTable,
    #[serde(default = "one")]
    after_years: u32,
    within_years: u32,
}

fn one() -> u32 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleTable {
    indicator: Option<String>,
    below: Option<f64>,
    above: Option<f64>,
    at_least: Option<f64>,
    at_most: Option<f64>,
    equals: Option<f64>,
    above_percentile: Option<f64>,
    below_percentile: Option<f64>,
    status_is: Option<Vec<String>>,
    coverage_below: Option<f64>,
    figure_older_than_months: Option<f64>,
    boundary_changed_within_years: Option<f64>,
    name: Option<String>,
    given: Option<Box<RuleTable>>,
    all: Option<Vec<RuleTable>>,
    any: Option<Vec<RuleTable>>,
}

impl Flag {
    /// Reads a flag file and checks it against the indicators there are.
    ///
    /// # Errors
    ///
    /// The first fault with its line: TOML that does not parse, a flag defined
    /// twice, a rule without exactly one condition, an unknown indicator.
    pub fn parse_all(text: &str, known_indicators: &[&str]) -> Result<Vec<Self>, FlagError> {
        let file: FlagFile = toml::from_str(text).map_err(|error| FlagError::toml(text, &error))?;
        let mut flags: Vec<Self> = Vec::with_capacity(file.flag.len());
        for table in file.flag {
            let id_at = table.id.span().start;
            let flag = table.read(text, known_indicators)?;
            if flags.iter().any(|other| other.id == flag.id) {
                let problem = format!("flag `{}` is defined twice", flag.id);
                return Err(FlagError::at(text, id_at, problem));
            }
            flags.push(flag);
        }
        Ok(flags)
    }
}

impl FlagTable {
    fn read(self, text: &str, known_indicators: &[&str]) -> Result<Flag, FlagError> {
        let id = self.id.into_inner();
        let scope = self.scope;
        let fault =
            |at: usize, problem: &str| FlagError::at(text, at, format!("flag `{id}`: {problem}"));
        // What is known of lots is not loaded with the pack's indicators.
        let known = |rule: &Rule, at: usize| {
            let is_unknown = |indicator: &&str| !known_indicators.contains(indicator);
            match rule.indicators().into_iter().find(is_unknown) {
                Some(unknown) if scope == Scope::Municipality => {
                    Err(fault(at, &format!("unknown indicator `{unknown}`")))
                }
                _ => Ok(()),
            }
        };
        let rule_at = self.rule.span().start;
        let rule =
            Rule::try_from(self.rule.into_inner()).map_err(|problem| fault(rule_at, &problem))?;
        known(&rule, rule_at)?;
        let back_test = match self.back_test {
            None => None,
            Some(table) => {
                let at = table.span().start;
                let tested = BackTested::try_from(table.into_inner())
                    .map_err(|problem| fault(at, &problem))?;
                known(&tested.event, at)?;
                Some(tested)
            }
        };
        if back_test.is_some() && self.back_test_missing.is_some() {
            return Err(fault(rule_at, "a back-test that is there cannot be missing"));
        }
        Ok(Flag {
            version: self.version,
            severity: self.severity,
            title: self.title,
            text: self.text,
            basis: self.basis,
            unit: self.unit,
            year: self.year,
            scope,
            rule,
            back_test,
            back_test_missing: self.back_test_missing,
            id,
        })
    }
}

impl TryFrom<BackTestTable> for BackTested {
    type Error = String;

    fn try_from(table: BackTestTable) -> Result<Self, String> {
        let window = Window { after: table.after_years, within: table.within_years };
        if window.after == 0 || window.within < window.after {
            return Err(
                "a back-test looks from `after_years`, at least 1, to `within_years`".into()
            );
        }
        Ok(Self { event: Rule::try_from(table.event)?, window })
    }
}

impl TryFrom<RuleTable> for Rule {
    type Error = String;

    fn try_from(mut table: RuleTable) -> Result<Self, String> {
        let Some(given) = table.given.take() else { return table.plain() };
        let (given, rule) = (Self::try_from(*given)?, table.plain()?);
        Ok(Self::Given(Box::new(given), Box::new(rule)))
    }
}

impl RuleTable {
    /// Reads the rule without what must be given.
    fn plain(self) -> Result<Rule, String> {
        let table = self;
        let tests = [
            table.below.map(Test::Below),
            table.above.map(Test::Above),
            table.at_least.map(Test::AtLeast),
            table.at_most.map(Test::AtMost),
            table.equals.map(Test::Equals),
            table.above_percentile.map(Test::AbovePercentile),
            table.below_percentile.map(Test::BelowPercentile),
        ];
        let tests: Vec<Test> = tests.into_iter().flatten().collect();
        let several = |rules: Vec<RuleTable>| -> Result<Vec<Rule>, String> {
            rules.into_iter().map(Rule::try_from).collect()
        };
        let is_limited = table.coverage_below.is_some()
            || table.figure_older_than_months.is_some()
            || table.boundary_changed_within_years.is_some();
        if is_limited && (table.indicator.is_some() || table.all.is_some() || table.any.is_some()) {
            return Err("a rule has exactly one condition".to_owned());
        }
        match (table.indicator, tests.as_slice(), table.status_is, table.all, table.any) {
            (Some(indicator), [test], None, None, None) => {
                return Ok(Rule::Indicator { indicator, test: *test, name: table.name });
            }
            (Some(indicator), [], Some(statuses), None, None) => {
                return Ok(Rule::StatusIs { indicator, statuses });
            }
            (None, [], None, Some(rules), None) => return several(rules).map(Rule::All),
            (None, [], None, None, Some(rules)) => return several(rules).map(Rule::Any),
            (None, [], None, None, None) => {}
            _ => return Err("a rule has one indicator with one comparison".to_owned()),
        }
        let limits = [
            table.coverage_below.map(Rule::CoverageBelow),
            table.figure_older_than_months.map(Rule::FigureOlderThanMonths),
            table.boundary_changed_within_years.map(Rule::BoundaryChangedWithinYears),
        ];
        let mut limits = limits.into_iter().flatten();
        match (limits.next(), limits.next()) {
            (Some(limit), None) => Ok(limit),
            _ => Err("a rule has exactly one condition".to_owned()),
        }
    }
}
