//! How far a fetch has come: a bar on a terminal, lines elsewhere, JSON lines for programs.
//!
//! Always on standard error, so that the answer is alone on standard output.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

/// Lines come no closer than this, except the first and the last.
const BETWEEN_LINES: Duration = Duration::from_secs(5);

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Not at all.
    Quiet,
    /// For people: a bar where there is a terminal, lines elsewhere.
    People,
    /// One JSON object a line.
    Json,
}

/// Something that is under way.
pub struct Progress {
    shown: Shown,
}

enum Shown {
    Nothing,
    Bar(ProgressBar),
    Lines(Mutex<Option<Instant>>),
    Json,
}

/// A step, as one JSON line.
#[derive(Debug, Clone, Serialize)]
pub struct Step<'a> {
    /// `progress`, `waiting`, `table`, …
    pub event: &'a str,
    /// Requests answered so far.
    pub done: usize,
    /// Requests in all.
    pub all: usize,
    /// For people, in their language.
    pub text: &'a str,
    /// How long until the next request, when waiting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_seconds: Option<f64>,
}

impl Progress {
    /// Begins.
    pub fn new(form: Form, all: usize) -> Progress {
        let shown = match form {
            Form::Quiet => Shown::Nothing,
            Form::Json => Shown::Json,
            Form::People if std::io::stderr().is_terminal() => Shown::Bar(bar(all)),
            Form::People => Shown::Lines(Mutex::new(None)),
        };
        Progress { shown }
    }

    /// Shows a step.
    pub fn step(&self, step: &Step<'_>) {
        match &self.shown {
            Shown::Nothing => {}
            Shown::Bar(bar) => {
                bar.set_length(step.all as u64);
                bar.set_position(step.done as u64);
                bar.set_message(step.text.to_owned());
            }
            Shown::Lines(last) => {
                let mut last = last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                let is_due = last.is_none_or(|last| last.elapsed() >= BETWEEN_LINES);
                if is_due || step.done == step.all {
                    *last = Some(Instant::now());
                    line(step.text);
                }
            }
            Shown::Json => line(&serde_json::to_string(step).unwrap_or_default()),
        }
    }

    /// Takes the bar away, so that what follows stands alone.
    pub fn end(&self) {
        if let Shown::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}

fn bar(all: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(all as u64), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{bar:24} {pos}/{len} {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn line(text: &str) {
    // Progress that nobody reads must not stop the work.
    let _ = writeln!(std::io::stderr(), "{text}");
}
