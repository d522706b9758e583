//! Web addresses: where PxWeb's two interfaces begin in one.

pub(crate) use upstream::address::{Address, decode, decode_form, encode};

/// The bases of PxWeb's interfaces in an address.
pub(crate) trait Bases {
    /// The base of version 2: what stands before `/tables`, `/config`, ….
    ///
    /// An address without a path is taken for a server with its interface at `/pxwebapi/v2`, as
    /// our own mirror and newer installations have it.
    fn v2_base(&self) -> String;

    /// The base of the old interface with `{lang}` in it, where this is one.
    fn v0_base(&self) -> Option<String>;
}

impl Bases for Address {
    fn v2_base(&self) -> String {
        if self.path.trim_matches('/').is_empty() {
            return format!("{}://{}/pxwebapi/v2", self.scheme, self.authority());
        }
        let ends = ["tables", "config", "codelists", "savedqueries"];
        base_before(self, |part| ends.contains(&part.to_ascii_lowercase().as_str()))
    }

    fn v0_base(&self) -> Option<String> {
        let parts: Vec<&str> = self.path.split('/').filter(|part| !part.is_empty()).collect();
        let at = parts.iter().position(|part| matches!(*part, "v0" | "v1"))?;
        let language = parts.get(at + 1)?;
        // SCB has a word between the version and the language.
        let at = if is_language(language) { at + 1 } else { at + 2 };
        is_language(parts.get(at)?).then_some(())?;
        let mut base: Vec<&str> = parts[..at].to_vec();
        base.push("{lang}");
        // The first folder is the database; deeper ones belong to the table.
        base.extend(parts.get(at + 1));
        Some(format!("{}://{}/{}", self.scheme, self.authority(), base.join("/")))
    }
}

fn base_before(address: &Address, is_end: impl Fn(&str) -> bool) -> String {
    let parts: Vec<&str> = address.path.split('/').filter(|part| !part.is_empty()).collect();
    let end = parts.iter().position(|part| is_end(part)).unwrap_or(parts.len());
    let mut base = format!("{}://{}", address.scheme, address.authority());
    for part in &parts[..end] {
        base.push('/');
        base.push_str(part);
    }
    base
}

fn is_language(part: &str) -> bool {
    part == "{lang}" || (part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_alphabetic()))
}
