//! Flag files: from TOML to [`Flag`]s.

use serde::Deserialize;
use toml::Spanned;

use super::{Flag, Rule, Scope, Severity, Test};
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
    #[serde(default)]
    scope: Scope,
    rule: Spanned<RuleTable>,
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
            let fault = |offset, problem| FlagError::at(text, offset, problem);
            let (id_at, rule_at) = (table.id.span().start, table.rule.span().start);
            let id = table.id.into_inner();
            if flags.iter().any(|flag| flag.id == id) {
                return Err(fault(id_at, format!("flag `{id}` is defined twice")));
            }
            let rule = Rule::try_from(table.rule.into_inner())
                .map_err(|problem| fault(rule_at, format!("flag `{id}`: {problem}")))?;
            // What is known of lots is not loaded with the pack's indicators.
            if table.scope == Scope::Municipality
                && let Some(unknown) = rule
                    .indicators()
                    .into_iter()
                    .find(|indicator| !known_indicators.contains(indicator))
            {
                let problem = format!("flag `{id}`: unknown indicator `{unknown}`");
                return Err(fault(rule_at, problem));
            }
            flags.push(Self {
                id,
                version: table.version,
                severity: table.severity,
                title: table.title,
                text: table.text,
                basis: table.basis,
                scope: table.scope,
                rule,
            });
        }
        Ok(flags)
    }
}

impl TryFrom<RuleTable> for Rule {
    type Error = String;

    fn try_from(table: RuleTable) -> Result<Self, String> {
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
        let several = |rules: Vec<RuleTable>| -> Result<Vec<Self>, String> {
            rules.into_iter().map(Self::try_from).collect()
        };
        match (table.indicator, tests.as_slice(), table.status_is, table.all, table.any) {
            (Some(indicator), [test], None, None, None) => {
                return Ok(Self::Indicator { indicator, test: *test });
            }
            (Some(indicator), [], Some(statuses), None, None) => {
                return Ok(Self::StatusIs { indicator, statuses });
            }
            (None, [], None, Some(rules), None) => return several(rules).map(Self::All),
            (None, [], None, None, Some(rules)) => return several(rules).map(Self::Any),
            (None, [], None, None, None) => {}
            _ => return Err("a rule has one indicator with one comparison".to_owned()),
        }
        match (table.coverage_below, table.figure_older_than_months) {
            (Some(share), None) => Ok(Self::CoverageBelow(share)),
            (None, Some(months)) => Ok(Self::FigureOlderThanMonths(months)),
            _ => Err("a rule has exactly one condition".to_owned()),
        }
    }
}
