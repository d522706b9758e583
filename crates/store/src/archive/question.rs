//! Questions as keys.

use super::Question;
use super::files::digest;

impl Question {
    /// The question as one text; equal texts are equal questions.
    ///
    /// ```
    /// # use store::archive::Question;
    /// let question = Question { host: "data.ssb.no".into(), what: "config".into(), ..Default::default() };
    /// assert_eq!(question.canonical(), r#"["data.ssb.no","","",null,"config",null]"#);
    /// ```
    pub fn canonical(&self) -> String {
        self.with_updated(self.updated.as_deref())
    }

    /// SHA-256 of the canonical text.
    pub(super) fn key(&self) -> String {
        digest(self.canonical().as_bytes())
    }

    /// The key that this question shares with itself about other publications of the table.
    pub(super) fn any_updated_key(&self) -> String {
        digest(self.with_updated(None).as_bytes())
    }

    fn with_updated(&self, updated: Option<&str>) -> String {
        let fields = [
            Some(self.host.as_str()),
            Some(self.api.as_str()),
            Some(self.language.as_str()),
            self.table.as_deref(),
            Some(self.what.as_str()),
            updated,
        ];
        serde_json::to_string(&fields).expect("texts always have a JSON form")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question() -> Question {
        Question {
            host: "data.ssb.no".to_owned(),
            api: "v2".to_owned(),
            language: "no".to_owned(),
            table: Some("07459".to_owned()),
            what: "metadata".to_owned(),
            updated: Some("2026-02-24T07:00:00Z".to_owned()),
        }
    }

    #[test]
    fn every_field_tells_questions_apart() {
        let others = [
            Question { host: "data.ssb.no2".to_owned(), ..question() },
            Question { api: "v0".to_owned(), ..question() },
            Question { language: "en".to_owned(), ..question() },
            Question { table: None, ..question() },
            Question { table: Some(String::new()), ..question() },
            Question { what: "data".to_owned(), ..question() },
            Question { updated: None, ..question() },
        ];
        for other in &others {
            assert_ne!(other.key(), question().key(), "{other:?}");
        }
        assert_eq!(question().key(), question().key());
    }

    #[test]
    fn another_publication_shares_the_second_key_only() {
        let later = Question { updated: Some("2027-02-24T07:00:00Z".to_owned()), ..question() };
        assert_ne!(later.key(), question().key());
        assert_eq!(later.any_updated_key(), question().any_updated_key());
    }
}
