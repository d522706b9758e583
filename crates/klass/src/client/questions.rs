use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan as _};
use upstream::{Answer, ArchiveError, Ask, Asker, Question, Request, UpstreamError, judge};

use super::{ClientError, Days, Inquiry, Language};
use crate::wire::{
    self, Classification, ClassificationEntry, CodeChange, CodeItem, CodeSet, Correspondence,
    CorrespondenceTable, Listing, SearchResult, WireError,
};

/// Answers that were kept, with their dates.
pub trait Kept: Sync {
    /// The newest good answer to a question, of whatever day.
    ///
    /// # Errors
    ///
    /// The archive cannot be read.
    fn latest(&self, question: &Question) -> Result<Option<KeptAnswer>, ArchiveError>;
}

/// An answer that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// The answer.
    pub answer: Answer,
    /// When it had come.
    pub received_at: Timestamp,
}

/// How old an answer is, and why it is not newer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freshness {
    /// When it had come.
    pub as_of: Timestamp,
    /// Why nobody could be asked; `None`: it is of today, or nobody was to be asked.
    pub out_of_reach: Option<String>,
}

/// An answer, read, with its age.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered<T> {
    /// What was answered.
    pub value: T,
    /// How old it is.
    pub freshness: Freshness,
}

impl<T> Answered<T> {
    fn map<U>(self, change: impl FnOnce(T) -> U) -> Answered<U> {
        Answered { value: change(self.value), freshness: self.freshness }
    }
}

/// Changes of some years.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// In order of day and old code.
    pub changes: Vec<CodeChange>,
    /// Years for which Klass has no table of changes.
    pub without_table: Vec<i16>,
}

/// Asks Klass.
pub struct Client<'a> {
    /// `None`: nobody is asked.
    asker: Option<Asker<'a>>,
    kept: Option<&'a dyn Kept>,
    base: String,
}

/// A list that claims more pages than this is not read to its end.
const MAX_PAGES: u64 = 500;

impl<'a> Client<'a> {
    /// A client of the Klass at a [base](super::BASE); the asker keeps the [pace](super::PACE).
    pub fn new(asker: Asker<'a>, base: &str) -> Client<'a> {
        Client { asker: Some(asker), kept: None, base: trimmed(base) }
    }

    /// A client that asks nobody and answers from what was kept, of whatever day.
    pub fn offline(kept: &'a dyn Kept, base: &str) -> Client<'a> {
        Client { asker: None, kept: Some(kept), base: trimmed(base) }
    }

    /// With earlier answers for when Klass is out of reach.
    #[must_use]
    pub fn with_kept(self, kept: &'a dyn Kept) -> Client<'a> {
        Client { kept: Some(kept), ..self }
    }

    /// All classifications, page after page.
    ///
    /// # Errors
    ///
    /// As every question: see [`ClientError`].
    pub fn classifications(&self) -> Result<Answered<Vec<ClassificationEntry>>, ClientError> {
        self.pages(Inquiry::classifications, wire::classifications)
    }

    /// Classifications that are found by words, best first.
    ///
    /// # Errors
    ///
    /// As every question: see [`ClientError`].
    pub fn search(&self, words: &str) -> Result<Answered<Vec<SearchResult>>, ClientError> {
        self.pages(|page| Inquiry::search(words, page), wire::search_results)
    }

    /// A classification with its versions.
    ///
    /// # Errors
    ///
    /// As every question: see [`ClientError`].
    pub fn classification(
        &self,
        id: u32,
        language: Language,
    ) -> Result<Answered<Classification>, ClientError> {
        self.read(&Inquiry::classification(id).in_language(language), wire::classification)
    }

    /// Codes, of [`Inquiry::codes`], [`Inquiry::codes_at`] or a variant.
    ///
    /// # Errors
    ///
    /// As every question: see [`ClientError`].
    pub fn codes(&self, inquiry: &Inquiry) -> Result<Answered<Vec<CodeItem>>, ClientError> {
        self.read(inquiry, wire::codes)
    }

    /// Pairs, of [`Inquiry::corresponds`] or [`Inquiry::corresponds_at`].
    ///
    /// # Errors
    ///
    /// As every question: see [`ClientError`].
    pub fn correspondences(
        &self,
        inquiry: &Inquiry,
    ) -> Result<Answered<Vec<Correspondence>>, ClientError> {
        self.read(inquiry, wire::correspondences)
    }

    /// A version or variant, of [`Inquiry::version`] or [`Inquiry::variant_by_id`].
    ///
    /// # Errors
    ///
    /// As every question: see [`ClientError`].
    pub fn code_set(&self, inquiry: &Inquiry) -> Result<Answered<CodeSet>, ClientError> {
        self.read(inquiry, wire::code_set)
    }

    /// A correspondence table.
    ///
    /// # Errors
    ///
    /// As every question: see [`ClientError`].
    pub fn correspondence_table(
        &self,
        id: u32,
        language: Language,
    ) -> Result<Answered<CorrespondenceTable>, ClientError> {
        let inquiry = Inquiry::correspondence_table(id).in_language(language);
        self.read(&inquiry, wire::correspondence_table)
    }

    /// Changes from one day up to but without another.
    ///
    /// Klass refuses a time for which one table between two versions is missing. Then each year
    /// is asked for by itself, from the day before it, and where that is refused too, only the
    /// turn of the year. A year that has no table at all is named in the answer.
    ///
    /// # Errors
    ///
    /// As every question: see [`ClientError`].
    pub fn changes(&self, id: u32, from: Date, to: Date) -> Result<Answered<Changes>, ClientError> {
        if from >= to {
            return Err(ClientError::NoTime { from, to });
        }
        let inquiry = Inquiry::changes(id, Days::new(from, to));
        match self.read(&inquiry, wire::changes) {
            Ok(whole) => Ok(whole.map(|changes| Changes { changes, without_table: Vec::new() })),
            Err(error) if error.is_not_found() => self.changes_by_year(id, from, to),
            // What was kept of each year is found without asking for each year in vain.
            Err(error) if error.is_out_of_reach() => {
                let offline = Client { asker: None, kept: self.kept, base: self.base.clone() };
                let Ok(mut kept) = offline.changes_by_year(id, from, to) else { return Err(error) };
                let because = error.to_string();
                kept.freshness.out_of_reach = Some(because).filter(|_| self.asker.is_some());
                Ok(kept)
            }
            Err(error) => Err(error),
        }
    }

    fn changes_by_year(
        &self,
        id: u32,
        from: Date,
        to: Date,
    ) -> Result<Answered<Changes>, ClientError> {
        let mut all = Changes::default();
        let mut freshness: Option<Freshness> = None;
        for year in from.tomorrow().unwrap_or(from).year()..=to.year() {
            let new_year = date(year, 1, 1);
            let eve = new_year.yesterday().unwrap_or(new_year);
            let year_end = new_year.saturating_add(1.year());
            let windows = [(eve, year_end), (eve, date(year, 1, 2))]
                .map(|(first, last)| (first.max(from), last.min(to)));
            let mut found = None;
            for (first, last) in windows.into_iter().filter(|(first, last)| first < last) {
                let inquiry = Inquiry::changes(id, Days::new(first, last));
                match self.read(&inquiry, wire::changes) {
                    Err(error) if error.is_not_found() || error.is_not_kept() => {}
                    answered => {
                        found = Some(answered?);
                        break;
                    }
                }
            }
            let Some(answered) = found else {
                all.without_table.push(year);
                continue;
            };
            all.changes.extend(answered.value);
            freshness = Some(older(freshness, answered.freshness));
        }
        all.changes.sort_by(|one, other| {
            (one.change_occurred, &one.old_code, &one.new_code).cmp(&(
                other.change_occurred,
                &other.old_code,
                &other.new_code,
            ))
        });
        all.changes.dedup();
        // Without a single table there is nothing that could be told from a network that is down.
        let what = || Inquiry::changes(id, Days::new(from, to)).what();
        let freshness = freshness.ok_or_else(|| ClientError::NotKept { what: what() })?;
        Ok(Answered { value: all, freshness })
    }

    fn pages<T>(
        &self,
        page: impl Fn(u64) -> Inquiry,
        read: impl Fn(&[u8]) -> Result<Listing<T>, WireError>,
    ) -> Result<Answered<Vec<T>>, ClientError> {
        let mut answered = self.read(&page(0), &read)?;
        let pages = answered.value.page.total_pages.min(MAX_PAGES);
        for number in 1..pages {
            let more = self.read(&page(number), &read)?;
            answered.value.entries.extend(more.value.entries);
            answered.freshness = older(Some(answered.freshness), more.freshness);
        }
        Ok(answered.map(|listing| listing.entries))
    }

    /// Asks and reads; an earlier answer where Klass is out of reach.
    fn read<T>(
        &self,
        inquiry: &Inquiry,
        read: impl Fn(&[u8]) -> Result<T, WireError>,
    ) -> Result<Answered<T>, ClientError> {
        let question = self.question(inquiry);
        let (body, freshness) = match self.ask(inquiry, &question) {
            Ok(answer) => {
                let kept = self.latest(&question)?.map(|kept| kept.received_at);
                let as_of = kept.unwrap_or_else(|| self.now());
                (answer.body, Freshness { as_of, out_of_reach: None })
            }
            Err(error) if error.is_out_of_reach() => {
                let Some(kept) = self.latest(&question)? else { return Err(error) };
                let out_of_reach = Some(error.to_string()).filter(|_| self.asker.is_some());
                (kept.answer.body, Freshness { as_of: kept.received_at, out_of_reach })
            }
            Err(error) => return Err(not_in_language(inquiry, error)),
        };
        let unreadable = |source| ClientError::Unreadable { what: inquiry.what(), source };
        Ok(Answered { value: read(&body).map_err(unreadable)?, freshness })
    }

    fn ask(&self, inquiry: &Inquiry, question: &Question) -> Result<Answer, ClientError> {
        let what = &question.what;
        let Some(asker) = &self.asker else {
            return Err(ClientError::NotKept { what: what.clone() });
        };
        let judge = |_: &Request, answer: &Answer, now: Timestamp| {
            judge::judge(what, answer, inquiry.expect(), wire::problem, now)
        };
        let ask = Ask::<UpstreamError> {
            question: question.clone(),
            request: inquiry.request(&self.base),
            instead: None,
            judge: &judge,
            rest: &|_| None,
        };
        Ok(asker.ask(&ask)?)
    }

    /// Answers of the same day are the same: the codes change a few times a year.
    fn question(&self, inquiry: &Inquiry) -> Question {
        let given = self.asker.as_ref().and_then(|asker| asker.settings().stamp.clone());
        let stamp = given.unwrap_or_else(|| self.now().strftime("%Y-%m-%d").to_string());
        inquiry.question(&self.base, &stamp)
    }

    fn latest(&self, question: &Question) -> Result<Option<KeptAnswer>, ClientError> {
        let Some(kept) = self.kept else { return Ok(None) };
        Ok(kept.latest(question).map_err(UpstreamError::from)?)
    }

    fn now(&self) -> Timestamp {
        self.asker.as_ref().map_or_else(Timestamp::now, Asker::now)
    }
}

fn trimmed(base: &str) -> String {
    base.trim_end_matches('/').to_owned()
}

/// The age of two answers together is that of the older.
fn older(one: Option<Freshness>, other: Freshness) -> Freshness {
    match one {
        Some(one) => Freshness {
            as_of: one.as_of.min(other.as_of),
            out_of_reach: one.out_of_reach.or(other.out_of_reach),
        },
        None => other,
    }
}

/// A refusal because of the language, said as such.
fn not_in_language(inquiry: &Inquiry, error: ClientError) -> ClientError {
    let (Some(language), ClientError::Upstream(UpstreamError::Refused { title, .. })) =
        (inquiry.language(), &error)
    else {
        return error;
    };
    if !error.is_not_found() || !title.to_lowercase().contains("not published in language") {
        return error;
    }
    ClientError::NotInLanguage { what: inquiry.what(), language: language.code() }
}
