use super::{Placement, Selection, VariableSelection};
use crate::{Table, Variable};

/// Most codes of a variable in rows.
const ROWS: usize = 1500;
/// Most codes of a variable in columns, and periods.
const COLUMNS: usize = 13;
/// From so many on, what is measured goes in rows.
const MANY_CONTENTS: usize = 6;

impl Selection {
    /// What the reference server answers with when nothing is asked for.
    ///
    /// Plausible, and arbitrary: most variables are left out or cut to one code.
    /// Variables that are left out stand in it without codes, as in the server's.
    pub fn default_for(table: &Table) -> Selection {
        let mut chosen = Chosen::default();
        match (table.metric(), table.time()) {
            (Some(metric), Some(time)) if metric != time => {
                let (metric, time) = (&table.variables[metric], &table.variables[time]);
                chosen.statistics(table, metric, time);
            }
            _ => chosen.plain(table),
        }
        Selection { variables: chosen.variables, placement: Some(chosen.placement) }
    }
}

#[derive(Default)]
struct Chosen {
    variables: Vec<VariableSelection>,
    placement: Placement,
}

impl Chosen {
    fn statistics(&mut self, table: &Table, metric: &Variable, time: &Variable) {
        let is_other = |one: &&Variable| one.code != metric.code && one.code != time.code;
        let others: Vec<&Variable> = table.variables.iter().filter(is_other).collect();
        match others.as_slice() {
            [] if metric.codes.len() < MANY_CONTENTS => {
                self.column(metric, COLUMNS);
                self.row(time, COLUMNS);
            }
            [] => {
                self.row(metric, ROWS);
                self.column(time, COLUMNS);
            }
            [only] if metric.codes.len() == 1 => {
                self.column(metric, 1);
                self.column(time, COLUMNS);
                self.row(only, ROWS);
            }
            [only] => {
                self.column(time, 1);
                self.spread(metric, only);
            }
            _ => {
                self.column(metric, 1);
                self.column(time, 1);
                self.classifications(&others);
            }
        }
    }

    /// Two or more variables beside what is measured and time.
    fn classifications(&mut self, all: &[&Variable]) {
        let (free, mandatory): (Vec<&Variable>, Vec<&Variable>) =
            all.iter().partition(|variable| variable.elimination);
        let kept = match (mandatory.as_slice(), free.as_slice(), all) {
            ([first, middle @ .., last], _, _) => {
                middle.iter().for_each(|variable| self.column(variable, 1));
                [*first, *last]
            }
            ([only], [.., last], _) => [*only, *last],
            (_, _, [first, .., last]) => [*first, *last],
            _ => return,
        };
        self.spread(kept[0], kept[1]);
        self.leave_out(&free, &kept);
    }

    /// Without what is measured, or without time.
    fn plain(&mut self, table: &Table) {
        let all: Vec<&Variable> = table.variables.iter().collect();
        match all.as_slice() {
            [] => {}
            [only] => self.row(only, ROWS),
            _ => self.classifications(&all),
        }
    }

    /// The longer one in rows, the other in columns.
    fn spread(&mut self, one: &Variable, other: &Variable) {
        let (row, column) = match one.codes.len() > other.codes.len() {
            true => (one, other),
            false => (other, one),
        };
        self.row(row, ROWS);
        self.column(column, COLUMNS);
    }

    fn leave_out(&mut self, free: &[&Variable], kept: &[&Variable]) {
        let gone = free.iter().filter(|one| kept.iter().all(|other| other.code != one.code));
        for variable in gone {
            let variable = variable.code.clone();
            self.variables.push(VariableSelection { variable, ..VariableSelection::default() });
        }
    }

    fn row(&mut self, variable: &Variable, most: usize) {
        self.choose(variable, most);
        self.placement.stub.push(variable.code.clone());
    }

    fn column(&mut self, variable: &Variable, most: usize) {
        self.choose(variable, most);
        self.placement.heading.push(variable.code.clone());
    }

    /// Of time the newest codes, of others the first.
    fn choose(&mut self, variable: &Variable, most: usize) {
        let beyond = variable.codes.len().saturating_sub(most);
        let items = match variable.is_time {
            true => variable.codes[beyond..].to_vec(),
            false => variable.codes[..variable.codes.len() - beyond].to_vec(),
        };
        let variable = variable.code.clone();
        self.variables.push(VariableSelection { variable, code_list: None, items });
    }
}
