//! Statistics Norway's classifications, and regions through time.
//!
//! [`client`] asks Klass for classifications, versions, codes, changes, correspondences and
//! variants, and [`wire`] reads what it sends. [`RegionHistory`] is what codes and changes say
//! together: which codes were in force on a day, what became of one, who its parent is.
//! [`rebase`] moves figures from one map to another and says of each how much of it
//! was modelled. The history and the conversion are arithmetic without I/O.
//!
//! A code that is no region (9999, EAK, Rest, …) is never taken for one: see [`codes`].

pub mod client;
pub mod codes;
pub mod history;
pub mod rebase;
pub mod wire;

pub use history::RegionHistory;
