//! What of the ranking stands without weights, under other methods, and when somebody leaves.

use scoring::Run;
use scoring::audit::{OtherMethod, Robustness};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{EvidenceError, Part};
use crate::evidence::{Evidence, Scored};

/// How much of a ranking does not hang on weights, methods and company.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RobustnessReport {
    /// Pairs of which one is at least as good in every indicator that both have, as a share.
    pub dominated_share: f64,
    /// How many municipalities nobody dominates.
    pub undominated: usize,
    /// Place from the top that the core is about.
    pub core_top: usize,
    /// Municipalities within it by the model and by every other method.
    pub core: Vec<String>,
    /// How many are within it by at least one.
    pub ever: usize,
    /// The dimensions weighed together by other methods.
    pub methods: Vec<MethodBeside>,
    /// In how many cases two others changed places when one municipality was left out.
    pub reordered_by_leaving: usize,
    /// How many were left out, one at a time.
    pub left_out: usize,
    /// The most places that one of the others moved then.
    pub furthest: usize,
    /// Threes of municipalities that go in a circle when every pair is ranked alone.
    pub circles: usize,
}

/// Another method's ranking beside the model's.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MethodBeside {
    /// Name of the method, as in model files.
    pub method: &'static str,
    /// Kendall's correlation of the places.
    pub kendall: Option<f64>,
    /// How many of the model's first are among its own.
    pub shared_top: usize,
}

impl Evidence {
    pub(super) fn robustness(
        &self,
        scored: &Scored,
        run: &Run,
        core_top: usize,
    ) -> Result<RobustnessReport, EvidenceError> {
        let found = Robustness::new(&scored.model, &self.figures.matrix, run, core_top)
            .map_err(Part::Comparison.fault())?;
        let name = |unit: &usize| self.municipalities[*unit].display_name.clone();
        let beside = |one: &OtherMethod| MethodBeside {
            method: one.method,
            kendall: one.kendall,
            shared_top: one.shared_top,
        };
        Ok(RobustnessReport {
            dominated_share: found.dominated_share,
            undominated: found.front.len(),
            core_top,
            core: found.core.iter().map(name).collect(),
            ever: found.ever,
            methods: found.methods.iter().map(beside).collect(),
            reordered_by_leaving: found.leaving.reordered,
            left_out: found.leaving.tried,
            furthest: found.leaving.furthest,
            circles: found.circles,
        })
    }
}
