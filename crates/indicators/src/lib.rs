//! Packs and their indicators: loaded, checked, run on a snapshot.
//!
//! A domain is a folder of data ([`Pack`]): measures, indicators, models,
//! flags, texts. An indicator is one SQL file that an analyst can read and run
//! elsewhere; [`Evaluation::run`] runs it and checks what comes out: known
//! statuses, no value where there is a gap, nothing outside the valid range.
//!
//! An indicator whose figures have not been fetched is *unavailable with that
//! reason* ([`Availability`]). It is not an error, and it is not a zero.
//!
//! How values become scores is `scoring`; how they are worded is `evidence`.

mod error;
mod evaluate;
mod pack;

pub use error::IndicatorError;
pub use evaluate::{Availability, Evaluation, Observation, Series};
pub use pack::{
    Better, Grain, Indicator, Localised, Measure, NationalBasis, Pack, PackFiles, ValidRange,
};
