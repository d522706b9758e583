//! One request to version 2, with what every endpoint needs of it.

use super::Ask;
use super::refusal::Refusal;
use crate::address::encode;
use crate::wire::Link;
use crate::{Fault, FaultKind};

#[derive(Debug, Clone)]
pub(super) struct Call<'a> {
    pub(super) ask: &'a Ask,
    /// `http://127.0.0.1:8080/pxwebapi/v2`.
    pub(super) base: String,
    pub(super) language: String,
}

impl<'a> Call<'a> {
    /// Reads the language, which is refused before anything else is looked at.
    pub(super) fn new(ask: &'a Ask, base: &str, languages: &[String]) -> Result<Call<'a>, Refusal> {
        let asked = parameter(ask, "lang").filter(|language| !language.is_empty());
        let language = match asked {
            Some(language) => language.to_lowercase(),
            None => languages.first().cloned().unwrap_or_else(|| "no".to_owned()),
        };
        if asked.is_some() && !languages.contains(&language) {
            return Err(Fault::new(FaultKind::UnsupportedLanguage).about(&language).into());
        }
        let base = format!("{}{base}", ask.root);
        Ok(Call { ask, base, language })
    }

    /// The first parameter of this name, in any case.
    pub(super) fn parameter(&self, name: &str) -> Option<&'a str> {
        parameter(self.ask, name)
    }

    /// A whole number; missing, zero and negative ones give `None`.
    pub(super) fn number(&self, name: &str) -> Result<Option<usize>, Refusal> {
        match self.parameter(name).filter(|value| !value.is_empty()) {
            None => Ok(None),
            Some(value) => match value.trim().parse::<i32>() {
                Ok(number) => Ok(usize::try_from(number).ok().filter(|number| *number > 0)),
                Err(_) => Err(Refusal::not_valid(name, value)),
            },
        }
    }

    /// `true` or `false`, in any case.
    pub(super) fn flag(&self, name: &str) -> Result<bool, Refusal> {
        match self.parameter(name).map(str::to_lowercase).as_deref() {
            None | Some("" | "false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => Err(Refusal::not_valid(name, other)),
        }
    }

    /// The parameters `codelist[VAR]=…`: variable, list.
    pub(super) fn code_lists(&self) -> Vec<(String, String)> {
        let lists = self.ask.query.iter().filter_map(|(name, list)| {
            let inside = strip_prefix_any_case(name, "codelist[")?.strip_suffix(']')?;
            Some((inside.to_owned(), list.clone()))
        });
        lists.collect()
    }

    pub(super) fn table_address(&self, id: &str) -> String {
        format!("{}/tables/{}", self.base, encode(id))
    }

    pub(super) fn link(&self, relation: &str, href: String) -> Link {
        link(relation, &self.language, href)
    }
}

pub(super) fn link(relation: &str, language: &str, href: String) -> Link {
    Link { rel: relation.to_owned(), hreflang: language.to_owned(), href, ..Link::default() }
}

fn parameter<'a>(ask: &'a Ask, name: &str) -> Option<&'a str> {
    let found = ask.query.iter().find(|(parameter, _)| parameter.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}

pub(super) fn strip_prefix_any_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}
