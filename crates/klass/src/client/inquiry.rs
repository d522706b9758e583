use jiff::civil::Date;
use upstream::address::{Address, encode};
use upstream::judge::Expect;
use upstream::{Question, Request};

use super::ClientError;

/// A language that Klass publishes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Bokmål.
    #[default]
    Bokmal,
    /// Nynorsk.
    Nynorsk,
    /// English.
    English,
}

impl Language {
    /// `nb`, `nn`, `en`.
    pub fn code(self) -> &'static str {
        match self {
            Language::Bokmal => "nb",
            Language::Nynorsk => "nn",
            Language::English => "en",
        }
    }

    /// Reads `nb`, `no`, `nn` or `en`.
    pub fn from_code(code: &str) -> Option<Language> {
        match code.to_ascii_lowercase().as_str() {
            "nb" | "no" => Some(Language::Bokmal),
            "nn" => Some(Language::Nynorsk),
            "en" => Some(Language::English),
            _ => None,
        }
    }
}

/// Kind of answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
enum Form {
    /// Everything has it.
    #[default]
    Json,
    /// Lists of codes, changes and correspondences have it; always asked for in UTF-8, since
    /// ISO-8859-1, which Klass would send, lacks letters of Sami names.
    Csv,
}

/// Days, from one up to but without another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Days {
    /// First day.
    pub from: Date,
    /// First day without; `None`: for ever.
    pub to: Option<Date>,
}

impl Days {
    /// From one day up to but without another.
    pub fn new(from: Date, to: Date) -> Days {
        Days { from, to: Some(to) }
    }
}

/// A question to Klass, as data.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Inquiry {
    /// Below the base: `/classifications/131/codesAt`.
    path: String,
    /// Not encoded, in the order sent.
    parameters: Vec<(&'static str, String)>,
    /// Id of the classification, version or table.
    about: Option<u32>,
    /// Kind of answer.
    form: Form,
    language: Option<Language>,
}

/// Characters that Klass takes in `selectCodes`.
const SELECTION_LIMIT: usize = 200;
/// Parts that Klass takes in `selectCodes`.
const SELECTION_PARTS: usize = 20;

impl Inquiry {
    fn about(id: u32, path: String) -> Inquiry {
        let (parameters, form) = (Vec::new(), Form::Json);
        let language = Some(Language::Bokmal);
        Inquiry { path, parameters, about: Some(id), form, language }
    }

    fn of(id: u32, what: &str) -> Inquiry {
        Inquiry::about(id, format!("/classifications/{id}{what}"))
    }

    /// A page of all classifications, from 0, each in its own language.
    pub fn classifications(page: u64) -> Inquiry {
        let path = "/classifications".to_owned();
        let parameters = vec![("page", page.to_string())];
        Inquiry { path, parameters, about: None, form: Form::Json, language: None }
    }

    /// A page of what is found by words, from 0.
    pub fn search(words: &str, page: u64) -> Inquiry {
        let path = "/classifications/search".to_owned();
        let parameters = vec![("query", words.to_owned()), ("page", page.to_string())];
        Inquiry { path, parameters, about: None, form: Form::Json, language: None }
    }

    /// A classification with its versions.
    pub fn classification(id: u32) -> Inquiry {
        Inquiry::of(id, "")
    }

    /// Codes in force within some days.
    pub fn codes(id: u32, days: Days) -> Inquiry {
        Inquiry::of(id, "/codes").within(days)
    }

    /// Codes in force on a day.
    pub fn codes_at(id: u32, date: Date) -> Inquiry {
        Inquiry::of(id, "/codesAt").with("date", date)
    }

    /// Changes within some days; they must touch the versions on both sides of a change.
    pub fn changes(id: u32, days: Days) -> Inquiry {
        Inquiry::of(id, "/changes").within(days)
    }

    /// Codes and those of another classification that cover some of the same.
    pub fn corresponds(id: u32, target: u32, days: Days) -> Inquiry {
        Inquiry::of(id, "/corresponds").with("targetClassificationId", target).within(days)
    }

    /// The same, on a day.
    pub fn corresponds_at(id: u32, target: u32, date: Date) -> Inquiry {
        Inquiry::of(id, "/correspondsAt").with("targetClassificationId", target).with("date", date)
    }

    /// A grouping of a classification by its name, within some days.
    pub fn variant(id: u32, name: &str, days: Days) -> Inquiry {
        Inquiry::of(id, "/variant").with("variantName", name).within(days)
    }

    /// The same, on a day.
    pub fn variant_at(id: u32, name: &str, date: Date) -> Inquiry {
        Inquiry::of(id, "/variantAt").with("variantName", name).with("date", date)
    }

    /// A version by its own id.
    pub fn version(id: u32) -> Inquiry {
        Inquiry::about(id, format!("/versions/{id}"))
    }

    /// A variant by its own id.
    pub fn variant_by_id(id: u32) -> Inquiry {
        Inquiry::about(id, format!("/variants/{id}"))
    }

    /// A correspondence table by its own id.
    pub fn correspondence_table(id: u32) -> Inquiry {
        Inquiry::about(id, format!("/correspondencetables/{id}"))
    }

    /// In another language than bokmål.
    #[must_use]
    pub fn in_language(self, language: Language) -> Inquiry {
        Inquiry { language: Some(language), ..self }
    }

    /// As CSV.
    #[must_use]
    pub fn as_csv(self) -> Inquiry {
        Inquiry { form: Form::Csv, ..self }
    }

    /// Also versions that begin only later.
    #[must_use]
    pub fn with_future(self) -> Inquiry {
        self.with("includeFuture", true)
    }

    /// Only one level.
    #[must_use]
    pub fn at_level(self, level: &str) -> Inquiry {
        let is_variant = self.path.contains("/variant");
        self.with(if is_variant { "level" } else { "selectLevel" }, level)
    }

    /// Only some codes: `0301, 03*, 3004-3400`.
    ///
    /// # Errors
    ///
    /// [`ClientError::Selection`]: too long, or with a part that Klass would drop; a selection of
    /// nothing but such parts gives *all* codes, without a word.
    pub fn selecting(self, selection: &str) -> Result<Inquiry, ClientError> {
        let refuse = |problem| {
            let selection = selection.to_owned();
            Err(ClientError::Selection { selection, problem })
        };
        let parts: Vec<&str> = selection.split(',').map(str::trim).collect();
        if selection.len() > SELECTION_LIMIT {
            return refuse("more than 200 characters");
        }
        if parts.len() > SELECTION_PARTS {
            return refuse("more than 20 parts");
        }
        if !parts.iter().all(|part| is_selection(part)) {
            return refuse("a part is neither a code, a beginning with `*`, nor a range");
        }
        Ok(self.with("selectCodes", parts.join(",")))
    }

    fn with(mut self, name: &'static str, value: impl ToString) -> Inquiry {
        self.parameters.push((name, value.to_string()));
        self
    }

    fn within(self, days: Days) -> Inquiry {
        let from = self.with("from", days.from);
        match days.to {
            Some(to) => from.with("to", to),
            None => from,
        }
    }

    /// What is asked, for people and the archive: `131 codesAt?date=2024-01-01`.
    pub fn what(&self) -> String {
        let query: Vec<String> =
            self.parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let form = if self.form == Form::Csv { " csv" } else { "" };
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}{mark}{}{form}", self.path, query.join("&"))
    }

    /// The whole address, below where Klass is.
    pub fn address(&self, base: &str) -> String {
        let mut address = format!("{base}{}", self.path);
        let language = self.language.map(|language| ("language", language.code().to_owned()));
        for (position, (name, value)) in self.parameters.iter().chain(&language).enumerate() {
            address.push(if position == 0 { '?' } else { '&' });
            address.push_str(name);
            address.push('=');
            address.push_str(&encode(value));
        }
        address
    }

    /// The request, with the kind of answer that is wanted: Klass sends XML where it is not told.
    pub fn request(&self, base: &str) -> Request {
        Request::get(self.address(base)).accepting(match self.form {
            Form::Json => "application/json",
            Form::Csv => "text/csv;charset=UTF-8",
        })
    }

    /// Its name in the archive; `stamp` tells answers of different days apart.
    pub fn question(&self, base: &str, stamp: &str) -> Question {
        Question {
            host: Address::read(base).map_or_else(|| base.to_owned(), |base| base.authority()),
            api: "klass".to_owned(),
            language: self.language.map_or("", Language::code).to_owned(),
            table: self.about.map(|id| id.to_string()),
            what: self.what(),
            updated: Some(stamp.to_owned()),
        }
    }

    /// What a good answer is.
    pub fn expect(&self) -> Expect {
        match self.form {
            Form::Json => Expect::Json,
            Form::Csv => Expect::Csv,
        }
    }

    /// The language asked for.
    pub fn language(&self) -> Option<Language> {
        self.language
    }
}

/// A code, a beginning with `*`, or a range of either.
fn is_selection(part: &str) -> bool {
    let is_code = |text: &str| {
        let code = text.strip_suffix('*').unwrap_or(text);
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.';
        !code.is_empty() && code.bytes().all(is_letter)
    };
    match part.split_once('-') {
        Some((first, last)) => is_code(first.trim()) && is_code(last.trim()),
        None => is_code(part),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::client::BASE;

    #[test]
    fn inquiries_are_the_addresses_of_the_guide() {
        let day = date(2026, 1, 1);
        let days = Days::new(date(2016, 1, 1), date(2018, 1, 2));
        let table = [
            (
                Inquiry::codes_at(131, day),
                "/classifications/131/codesAt?date=2026-01-01&language=nb",
            ),
            (
                Inquiry::corresponds(104, 131, days).in_language(Language::English),
                "/classifications/104/corresponds?targetClassificationId=131&from=2016-01-01&to=2018-01-02&language=en",
            ),
            (
                Inquiry::codes(1, Days { from: day, to: None }),
                "/classifications/1/codes?from=2026-01-01&language=nb",
            ),
            (
                Inquiry::variant_at(6, "Næring & sånt", day).at_level("1"),
                "/classifications/6/variantAt?variantName=N%C3%A6ring%20%26%20s%C3%A5nt&date=2026-01-01&level=1&language=nb",
            ),
            (
                Inquiry::codes_at(131, day).at_level("1"),
                "/classifications/131/codesAt?date=2026-01-01&selectLevel=1&language=nb",
            ),
            (Inquiry::search("kommune", 1), "/classifications/search?query=kommune&page=1"),
            (Inquiry::classifications(0), "/classifications?page=0"),
            (Inquiry::version(2209), "/versions/2209?language=nb"),
            (Inquiry::correspondence_table(2840), "/correspondencetables/2840?language=nb"),
        ];
        for (inquiry, expected) in table {
            assert_eq!(inquiry.address(BASE), format!("{BASE}{expected}"));
        }
    }

    #[test]
    fn the_recorded_address_is_made_again() {
        let Some(shared) = testkit::shared() else { return };
        let file = shared.join("real/klass/codesAt-131-2026-01-01.url.txt");
        let recorded = std::fs::read_to_string(file).expect("the recording can be read");
        assert_eq!(Inquiry::codes_at(131, date(2026, 1, 1)).address(BASE), recorded.trim());
    }

    #[test]
    fn json_and_csv_are_different_questions_and_so_are_languages() {
        let inquiry = Inquiry::codes_at(131, date(2026, 1, 1));
        let question = |inquiry: &Inquiry| inquiry.question(BASE, "2026-11-21");
        let (json, csv) = (question(&inquiry), question(&inquiry.clone().as_csv()));
        let english = question(&inquiry.clone().in_language(Language::English));
        assert!(json != csv && json != english);
        assert_eq!((json.host.as_str(), json.api.as_str()), ("data.ssb.no", "klass"));
        assert_eq!(json.table.as_deref(), Some("131"));
        let accept = inquiry.as_csv().request(BASE).accept;
        assert_eq!(accept.as_deref(), Some("text/csv;charset=UTF-8"));
    }

    #[test]
    fn a_selection_that_klass_would_ignore_is_refused() {
        let select = |selection: &str| {
            let inquiry = Inquiry::codes_at(131, date(2026, 1, 1)).selecting(selection);
            inquiry.map(|inquiry| inquiry.what()).map_err(|error| error.to_string())
        };
        assert_eq!(
            select("0301, 03*,3004-34*").expect("a selection"),
            "/classifications/131/codesAt?date=2026-01-01&selectCodes=0301,03*,3004-34*"
        );
        for wrong in ["", "*", "0301;1101", "0301,", "å*", "1-2-3"] {
            assert!(select(wrong).is_err(), "{wrong:?}");
        }
        assert!(select(&"0301,".repeat(41)).expect_err("too long").contains("200 characters"));
        assert!(select(&["1"; 21].join(",")).expect_err("too many").contains("20 parts"));
    }
}
