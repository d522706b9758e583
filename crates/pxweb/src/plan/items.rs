use std::collections::HashSet;
use std::ops::Range;

use crate::Variable;
use crate::selection::EvaluatedVariable;

/// The codes of one variable of a plan, and how they are said in few characters.
pub(super) struct Axis<'a> {
    pub(super) variable: &'a Variable,
    pub(super) chosen: &'a EvaluatedVariable,
    /// Positions of the chosen codes among all that the variable (or its code list) offers.
    positions: Vec<usize>,
    /// How many codes expressions see.
    seen: usize,
    /// Two codes differ in case only: the server would take the first for both.
    collide: bool,
    /// All codes, where one of them could be taken for an expression.
    odd: Vec<&'a str>,
}

impl<'a> Axis<'a> {
    /// `all` are the codes on offer in their order, of which expressions see the first `seen`.
    pub(super) fn new(
        variable: &'a Variable,
        chosen: &'a EvaluatedVariable,
        all: &[&'a str],
        seen: usize,
    ) -> Axis<'a> {
        let mut positions = Vec::with_capacity(chosen.codes.len());
        let mut codes = chosen.codes.iter().peekable();
        for (at, code) in all.iter().enumerate() {
            // The chosen codes are in the order of all.
            if codes.next_if(|chosen| chosen.as_str() == *code).is_some() {
                positions.push(at);
            }
        }
        let is_odd = all.iter().any(|code| code.contains(['(', '*']));
        let odd = if is_odd { all.to_vec() } else { Vec::new() };
        Axis { variable, chosen, positions, seen, collide: collide(all), odd }
    }

    /// Codes and expressions that mean just the chosen codes in a range.
    pub(super) fn items(&self, range: Range<usize>) -> Vec<String> {
        let codes = &self.chosen.codes[range.clone()];
        let positions = &self.positions[range];
        // Time grows between two requests, and a default list need not be all that is known.
        let is_closed = !self.variable.is_time
            && (self.variable.code_lists.is_empty() || self.chosen.code_list.is_some());
        let is_all = positions.len() == self.seen && positions.last() == Some(&(self.seen - 1));
        if is_closed && is_all && self.seen > 1 && self.is_free("*") {
            return vec!["*".to_owned()];
        }
        let mut items = Vec::new();
        let mut begin = 0;
        while begin < positions.len() {
            let mut end = begin + 1;
            while end < positions.len()
                && positions[end] == positions[end - 1] + 1
                && positions[end] < self.seen
            {
                end += 1;
            }
            self.say(&codes[begin..end], positions[begin], &mut items);
            begin = end;
        }
        items
    }

    /// Says a run of neighbours, the first of which stands at `position`.
    fn say(&self, run: &[String], position: usize, items: &mut Vec<String>) {
        let by_place = || match self.variable.is_time {
            true => format!("bottom({},{position})", run.len()),
            false => format!("top({},{position})", run.len()),
        };
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return };
        let is_safe = !self.collide && is_bound(first, "") && is_bound(last, ")");
        let expression = if is_safe { format!("range({first},{last})") } else { by_place() };
        let listed: usize = run.iter().map(|code| code.len() + 1).sum();
        let needs_one = self.collide && position < self.seen;
        // Brackets around the expression, and the comma after it.
        let saves = run.len() > 1 && listed > expression.len() + 3;
        match (needs_one || saves) && self.is_free(&expression) {
            true => items.push(expression),
            false => items.extend_from_slice(run),
        }
    }

    /// Whether an expression is not a code, which would win.
    fn is_free(&self, expression: &str) -> bool {
        self.odd.iter().all(|code| !code.eq_ignore_ascii_case(expression))
    }
}

/// Whether a code can stand in `range(…)`.
fn is_bound(code: &str, refused: &str) -> bool {
    !code.is_empty() && !code.contains(',') && (refused.is_empty() || !code.contains(refused))
}

/// Whether two codes differ in case only.
fn collide(all: &[&str]) -> bool {
    // Codes are unique: without capitals none can differ from another in case only.
    let has_capital =
        |code: &&str| code.bytes().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii());
    if !all.iter().any(has_capital) {
        return false;
    }
    let mut lower = HashSet::with_capacity(all.len());
    !all.iter().all(|code| lower.insert(code.to_lowercase()))
}
