//! The audit as a page that stands alone.

use scoring::audit::{Flags, PairKind};

use super::Audit;
use crate::html::{Head, Page, Table};
use crate::texts::{Language, Texts};

impl Audit {
    /// Returns the audit as one HTML file: no scripts, nothing from elsewhere.
    pub fn page(&self, texts: &Texts) -> String {
        let language = Language::from_code(&self.language).unwrap_or_default();
        Writer { audit: self, texts, language }.page()
    }
}

struct Writer<'a> {
    audit: &'a Audit,
    texts: &'a Texts,
    language: Language,
}

impl Writer<'_> {
    fn page(&self) -> String {
        let audit = self.audit;
        let title = self.places("audit.title", &[("title", &audit.model_title)]);
        let mut page = Page::new(self.language.code(), &title);
        page.paragraph(&self.places(
            "audit.about",
            &[
                ("model", &audit.model),
                ("version", &audit.model_version.to_string()),
                ("snapshot", &audit.snapshot.id),
                ("created", &audit.snapshot.created),
                ("ranked", &audit.structure.ranked.to_string()),
                ("units", &audit.structure.units.to_string()),
            ],
        ));
        page.list(&audit.notes);
        self.section(&mut page, "figures", &[self.coverage(), self.shape()]);
        self.section(&mut page, "structure", &[self.pairs(), self.groups()]);
        self.section(&mut page, "weights", &[self.weights()]);
        self.section(&mut page, "removal", &[self.removal()]);
        self.section(&mut page, "uncertainty", &[self.intervals()]);
        self.robustness(&mut page);
        self.section(&mut page, "sensitivity", &[self.sensitivity()]);
        self.section(&mut page, "comparison", &[self.comparison()]);
        page.finish()
    }

    fn section(&self, page: &mut Page, name: &str, tables: &[Table]) {
        page.heading(&self.say(&format!("audit.{name}")));
        page.paragraph(&self.say(&format!("audit.{name}.about")));
        for table in tables {
            match table.rows.is_empty() {
                true => page.paragraph(&self.say(&format!("audit.{name}.none"))),
                false => page.table(table),
            }
        }
    }

    fn coverage(&self) -> Table {
        let indicators = self.audit.structure.indicators.iter();
        let rows = indicators.map(|one| {
            vec![
                self.indicator(one.code.as_deref(), &one.indicator),
                one.present.to_string(),
                self.percent(one.share_present),
                one.filled.to_string(),
                self.flags(&one.flags),
            ]
        });
        self.table(
            "audit.coverage",
            &[
                "t:column.indicator",
                "audit.present",
                "audit.share",
                "audit.filled",
                "t:audit.flags",
            ],
            rows.collect(),
        )
    }

    fn shape(&self) -> Table {
        let indicators = self.audit.structure.indicators.iter();
        let rows = indicators.map(|one| {
            vec![
                self.indicator(one.code.as_deref(), &one.indicator),
                self.number(one.lowest, 2),
                self.number(one.median, 2),
                self.number(one.mean, 2),
                self.number(one.highest, 2),
                self.number(one.skewness, 2),
                self.number(one.kurtosis, 2),
                one.treated.to_string(),
            ]
        });
        let heads = [
            "t:column.indicator",
            "audit.lowest",
            "audit.median",
            "audit.mean",
            "audit.highest",
            "audit.skewness",
            "audit.kurtosis",
            "audit.treated",
        ];
        self.table("audit.shape", &heads, rows.collect())
    }

    fn pairs(&self) -> Table {
        let rows = self.audit.structure.pairs.iter().map(|pair| {
            let kind = match pair.kind {
                PairKind::Redundant => "audit.redundant",
                PairKind::Opposed => "audit.opposed",
            };
            vec![
                self.indicator(None, &pair.left),
                self.indicator(None, &pair.right),
                pair.group.clone(),
                self.number(Some(pair.correlation), 2),
                self.say(kind),
            ]
        });
        let heads = [
            "t:column.indicator",
            "t:column.indicator",
            "t:column.group",
            "audit.correlation",
            "t:audit.meaning",
        ];
        self.table("audit.pairs", &heads, rows.collect())
    }

    fn groups(&self) -> Table {
        let rows = self.audit.structure.groups.iter().map(|group| {
            vec![
                group.group.clone(),
                group.children.to_string(),
                self.number(group.alpha, 2),
                self.percent(group.first_component),
                self.number(group.correlation_with_score, 2),
            ]
        });
        let heads = [
            "t:column.group",
            "audit.children",
            "audit.alpha",
            "audit.first_component",
            "audit.with_score",
        ];
        self.table("audit.groups", &heads, rows.collect())
    }

    fn weights(&self) -> Table {
        let rows = self.audit.structure.indicators.iter().map(|one| {
            vec![
                self.indicator(one.code.as_deref(), &one.indicator),
                self.percent(Some(one.effective_weight)),
                self.number(one.correlation_with_score, 2),
                self.percent(one.influence),
            ]
        });
        let heads =
            ["t:column.indicator", "audit.effective_weight", "audit.with_score", "audit.influence"];
        self.table("audit.effective", &heads, rows.collect())
    }

    fn removal(&self) -> Table {
        let rows = self.audit.removal.iter().map(|part| {
            vec![format!("{} {}", part.id, part.title), self.number(part.mean_absolute_change, 1)]
        });
        self.table("audit.removed", &["t:audit.part", "audit.moved"], rows.collect())
    }

    fn intervals(&self) -> Table {
        let rows = self.audit.intervals.iter().map(|place| {
            vec![
                format!("{} ({})", place.name, place.municipality_code),
                place.rank.to_string(),
                self.number(place.score, 1),
                format!("{}–{}", place.interval.p5, place.interval.p95),
                place.interval.p50.to_string(),
                place.interval.tier_title.clone().unwrap_or_else(|| "–".to_owned()),
            ]
        });
        let heads = [
            "t:column.municipality",
            "column.rank",
            "column.score",
            "audit.interval",
            "column.p50",
            "t:column.robust_tier",
        ];
        self.table("audit.intervals", &heads, rows.collect())
    }

    fn robustness(&self, page: &mut Page) {
        let Some(found) = &self.audit.robustness else { return };
        page.heading(&self.say("audit.robustness"));
        let places = [
            ("share", self.percent(Some(found.dominated_share))),
            ("undominated", found.undominated.to_string()),
            ("top", found.core_top.to_string()),
            ("core", found.core.len().to_string()),
            ("ever", found.ever.to_string()),
            ("names", found.core.join(", ")),
            ("left_out", found.left_out.to_string()),
            ("reordered", found.reordered_by_leaving.to_string()),
            ("furthest", found.furthest.to_string()),
            ("circles", found.circles.to_string()),
        ];
        let places = places.each_ref().map(|(name, value)| (*name, value.as_str()));
        for key in
            ["audit.robustness.dominance", "audit.robustness.core", "audit.robustness.leaving"]
        {
            page.paragraph(&self.places(key, &places));
        }
        let rows = found.methods.iter().map(|one| {
            vec![one.method.to_owned(), self.number(one.kendall, 3), one.shared_top.to_string()]
        });
        page.table(&self.table(
            "audit.robustness.caption",
            &["t:audit.method", "column.kendall", "audit.shared"],
            rows.collect(),
        ));
    }

    fn sensitivity(&self) -> Table {
        let inputs = self.audit.sensitivity.iter().flat_map(|report| &report.inputs);
        let rows = inputs.map(|input| {
            vec![
                match input.kind {
                    "weight" => self.places(
                        "sensitivity.weight",
                        &[("id", &input.id), ("title", &input.title)],
                    ),
                    _ => input.title.clone(),
                },
                self.number(input.first, 2),
                self.range(input.first_interval),
                self.number(input.total, 2),
                self.range(input.total_interval),
            ]
        });
        let heads = [
            "t:column.choice",
            "column.first_order",
            "audit.interval_90",
            "column.total_order",
            "audit.interval_90",
        ];
        self.table("audit.sobol", &heads, rows.collect())
    }

    fn comparison(&self) -> Table {
        let rows = self.audit.comparison.iter().map(|pair| {
            vec![
                pair.right.clone(),
                pair.in_both.to_string(),
                self.number(pair.spearman, 2),
                self.number(pair.kendall, 2),
                self.number(pair.mean_absolute_change, 1),
            ]
        });
        let heads = [
            "t:column.model",
            "column.in_both",
            "column.spearman",
            "column.kendall",
            "audit.moved",
        ];
        self.table("audit.compared", &heads, rows.collect())
    }

    /// Lays out a table; a head that starts with `t:` is of a column of text.
    fn table(&self, caption: &str, heads: &[&str], rows: Vec<Vec<String>>) -> Table {
        let head = |key: &&str| match key.strip_prefix("t:") {
            Some(key) => Head::text(self.say(key)),
            None => Head::number(self.say(key)),
        };
        Table { caption: self.say(caption), heads: heads.iter().map(head).collect(), rows }
    }

    fn indicator(&self, code: Option<&str>, id: &str) -> String {
        match code {
            Some(code) => format!("{code} {id}"),
            None => id.to_owned(),
        }
    }

    fn flags(&self, flags: &Flags) -> String {
        let raised = [
            (flags.few_present, "audit.few_present"),
            (flags.few_nonzero, "audit.few_nonzero"),
            (flags.few_different, "audit.few_different"),
            (flags.outliers, "audit.outliers"),
        ];
        let said: Vec<String> =
            raised.iter().filter(|(is, _)| *is).map(|(_, key)| self.say(key)).collect();
        if said.is_empty() { "–".to_owned() } else { said.join("; ") }
    }

    fn range(&self, range: Option<[f64; 2]>) -> String {
        range.map_or_else(
            || "–".to_owned(),
            |ends| ends.map(|end| self.language.number(end, 2)).join(" – "),
        )
    }

    fn number(&self, value: Option<f64>, decimals: usize) -> String {
        value.map_or_else(|| "–".to_owned(), |value| self.language.number(value, decimals))
    }

    fn percent(&self, share: Option<f64>) -> String {
        share.map_or_else(|| "–".to_owned(), |share| self.language.percent(share))
    }

    fn say(&self, key: &str) -> String {
        self.places(key, &[])
    }

    fn places(&self, key: &str, places: &[(&str, &str)]) -> String {
        self.texts.say(self.language, key, places)
    }
}
