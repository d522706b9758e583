//! What a history is made from.

use jiff::civil::Date;

use super::Level;

/// How an old unit relates to the unit of the anchor's map, in the words of a crosswalk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CrosswalkKind {
    /// The same area under another code.
    Renumbered,
    /// A part of a larger area, or, with itself, the part that kept the code.
    Merged,
    /// One of several parts.
    SplitPart,
    /// A piece of land that moved.
    BoundaryAdjusted,
}

impl CrosswalkKind {
    /// Reads the word that stands in a table.
    pub fn from_name(name: &str) -> Option<CrosswalkKind> {
        match name {
            "renumbered" => Some(CrosswalkKind::Renumbered),
            "merged" => Some(CrosswalkKind::Merged),
            "split_part" => Some(CrosswalkKind::SplitPart),
            "boundary_adjusted" => Some(CrosswalkKind::BoundaryAdjusted),
            _ => None,
        }
    }
}

/// One row of a table from old municipalities to those of one later day.
#[derive(Debug, Clone, PartialEq)]
pub struct CrosswalkRow {
    /// Code that ended, or whose border moved.
    pub old_code: String,
    /// Its name.
    pub old_name: String,
    /// Code on the later day: not the one that followed, but what it came to in the end.
    pub new_code: String,
    /// Day on which the old code ended.
    pub date: Date,
    /// How they relate.
    pub kind: CrosswalkKind,
    /// Share of the old unit in the new one; `None`: nobody has said.
    pub weight: Option<f64>,
    /// What the share rests on.
    pub weight_basis: Option<String>,
    /// What a reader must know.
    pub note: Option<String>,
}

/// A code in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Code of the region it is a part of, where the list says it.
    pub parent: Option<String>,
}

/// A change as a list of changes has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedChange {
    /// What the codes name.
    pub level: Level,
    /// Day from which it holds.
    pub date: Date,
    /// What was; `None`: something began.
    pub old: Option<Listed>,
    /// What came; `None`: something ended.
    pub new: Option<Listed>,
}

/// A complete list of the regions of one level over a span of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vintage {
    /// What the codes name.
    pub level: Level,
    /// First day of the list.
    pub from: Date,
    /// First day on which it no longer holds; `None`: it still does.
    pub until: Option<Date>,
    /// The codes.
    pub listed: Vec<Listed>,
}

/// What a history is made from. Whatever is absent is simply not known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Material {
    /// From old municipalities to those of [`Material::anchor`].
    pub crosswalk: Vec<CrosswalkRow>,
    /// Municipalities on the day that the crosswalk leads to.
    pub municipalities: Vec<Listed>,
    /// That day; the newest in the crosswalk where `None`.
    pub anchor: Option<Date>,
    /// Complete lists, oldest first: of grunnkretser, or of municipalities after the anchor.
    pub vintages: Vec<Vintage>,
    /// Changes that somebody lists one by one, such as Klass; they go before what the crosswalk
    /// makes likely, and keep its shares.
    pub changes: Vec<ListedChange>,
    /// Last day for which this was asked; the maps of later years are not known.
    pub known_until: Option<Date>,
}
