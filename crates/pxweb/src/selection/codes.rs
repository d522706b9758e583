use std::cell::OnceCell;
use std::collections::HashMap;

use super::Expression;
use crate::{CodeListKind, Fault, FaultKind, Table, Variable};

/// The codes that a variable offers in a selection, in their order.
pub(super) struct Codes<'a> {
    pub(super) all: Vec<&'a str>,
    /// Expressions see only so many; literals also the codes of value sets, which come after.
    pub(super) seen: usize,
    is_time: bool,
    lower: OnceCell<Vec<String>>,
    index: OnceCell<HashMap<String, usize>>,
}

impl<'a> Codes<'a> {
    /// The codes of a variable, seen through a code list or not.
    pub(super) fn of(
        table: &'a Table,
        variable: &'a Variable,
        code_list: Option<&str>,
    ) -> Result<Codes<'a>, Fault> {
        let (all, seen) = match code_list.filter(|id| !id.trim().is_empty()) {
            Some(id) => {
                let listed = through(table, variable, id)?;
                let count = listed.len();
                (listed, count)
            }
            None => (with_value_sets(table, variable), variable.codes.len()),
        };
        let (lower, index) = (OnceCell::new(), OnceCell::new());
        Ok(Codes { all, seen, is_time: variable.is_time, lower, index })
    }

    /// Position of a code in any case, as the server finds it: the first that fits.
    pub(super) fn position(&self, code: &str) -> Option<usize> {
        self.find(code, self.all.len())
    }

    /// The same for many codes: an index is worth its while.
    pub(super) fn position_of_many(&self, code: &str) -> Option<usize> {
        let index = self.index.get_or_init(|| {
            let mut index = HashMap::with_capacity(self.all.len());
            for (at, code) in self.all.iter().enumerate() {
                index.entry(code.to_lowercase()).or_insert(at);
            }
            index
        });
        index.get(&code.to_lowercase()).copied()
    }

    /// Positions that an expression picks, ascending.
    ///
    /// # Errors
    ///
    /// The code in it that does not exist.
    pub(super) fn pick<'e>(&self, expression: &'e Expression) -> Result<Vec<usize>, &'e str> {
        let bound = |code: &'e str| self.find(code, self.seen).ok_or(code);
        let end = self.seen;
        Ok(match expression {
            Expression::Range(first, last) => {
                let (first, last) = (bound(first)?, bound(last)?);
                (first.min(last)..=first.max(last)).collect()
            }
            Expression::From(first) => (bound(first)?..end).collect(),
            Expression::To(last) => (0..=bound(last)?).collect(),
            Expression::Top(count, offset) if self.is_time => self.last(*count, *offset).collect(),
            Expression::Bottom(count, offset) if !self.is_time => {
                self.last(*count, *offset).collect()
            }
            Expression::Top(count, offset) | Expression::Bottom(count, offset) => {
                (*offset.min(&end)..offset.saturating_add(*count).min(end)).collect()
            }
            Expression::All => (0..end).collect(),
            Expression::Mask(mask) => {
                let mask = mask.to_lowercase();
                self.filter(|code| fits(&mask, code))
            }
            Expression::BeginsWith(text) => {
                let text = text.to_lowercase();
                self.filter(|code| code.starts_with(&text))
            }
            Expression::EndsWith(text) => {
                let text = text.to_lowercase();
                self.filter(|code| code.ends_with(&text))
            }
            Expression::Contains(text) => {
                let text = text.to_lowercase();
                self.filter(|code| code.contains(&text))
            }
        })
    }

    fn last(&self, count: usize, offset: usize) -> std::ops::Range<usize> {
        let end = self.seen.saturating_sub(offset);
        end.saturating_sub(count)..end
    }

    fn find(&self, code: &str, among: usize) -> Option<usize> {
        let same: Box<dyn Fn(&&&str) -> bool> = match code.is_ascii() {
            true => Box::new(|one| one.eq_ignore_ascii_case(code)),
            false => {
                let lower = code.to_lowercase();
                Box::new(move |one| one.to_lowercase() == lower)
            }
        };
        self.all[..among].iter().position(|one| same(&one))
    }

    fn filter(&self, fits: impl Fn(&str) -> bool) -> Vec<usize> {
        let lower = self
            .lower
            .get_or_init(|| self.all[..self.seen].iter().map(|code| code.to_lowercase()).collect());
        let fitting = lower.iter().enumerate().filter(|(_, code)| fits(code));
        fitting.map(|(at, _)| at).collect()
    }
}

/// Whether a mask with `?` fits a code; both in lower case.
fn fits(mask: &str, code: &str) -> bool {
    let (mut mask, mut code) = (mask.chars(), code.chars());
    loop {
        match (mask.next(), code.next()) {
            (None, None) => return true,
            (Some('?'), Some(_)) => {}
            (Some(wanted), Some(found)) if wanted == found => {}
            _ => return false,
        }
    }
}

fn through<'a>(table: &'a Table, variable: &'a Variable, id: &str) -> Result<Vec<&'a str>, Fault> {
    let fault = |kind| Fault::new(kind).of(&variable.code).about(id);
    if CodeListKind::of(id).is_none() || !variable.code_lists.iter().any(|offered| offered == id) {
        let offered = variable.code_lists.iter().map(String::as_str);
        return Err(fault(FaultKind::NonExistentCodeList).near(offered));
    }
    let list = table.code_lists.get(id).ok_or_else(|| fault(FaultKind::UnreadCodeList))?;
    Ok(list.values.iter().map(|value| value.code.as_str()).collect())
}

fn with_value_sets<'a>(table: &'a Table, variable: &'a Variable) -> Vec<&'a str> {
    let mut all: Vec<&str> = variable.codes.iter().map(String::as_str).collect();
    let sets = variable.code_lists.iter().filter_map(|id| table.code_lists.get(id));
    let sets: Vec<_> = sets.filter(|list| list.kind == CodeListKind::ValueSet).collect();
    if sets.is_empty() {
        return all;
    }
    let mut known: std::collections::HashSet<&str> = all.iter().copied().collect();
    for value in sets.iter().flat_map(|list| &list.values) {
        if known.insert(&value.code) {
            all.push(&value.code);
        }
    }
    all
}
