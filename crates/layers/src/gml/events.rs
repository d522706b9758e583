//! XML as a stream of few kinds of events, with an end to every size.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use encoding_rs::{Decoder, Encoding, UTF_8};
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::refuse;
use crate::LayerError;

/// Most bytes of one text or tag: the outline of a country as text.
const MOST_BYTES: usize = 256 * 1024 * 1024;

/// Deepest nesting; real files have a dozen levels.
const DEEPEST: usize = 100;

/// Bytes read from the file at a time.
const BUFFER_BYTES: usize = 256 * 1024;

/// A start tag, as far as it matters.
#[derive(Debug, Default, Clone)]
pub(super) struct Tag {
    /// Name without prefix.
    pub(super) name: String,
    pub(super) system: Option<String>,
    pub(super) dimension: Option<usize>,
    pub(super) id: Option<String>,
    pub(super) reference: Option<String>,
    pub(super) orientation: Option<String>,
}

/// What comes next in a file.
#[derive(Debug)]
pub(super) enum Next {
    Start(Tag),
    Text(String),
    End,
}

/// The events of a file.
pub(super) struct Events {
    reader: Reader<Bounded<BufReader<Input>>>,
    buffer: Vec<u8>,
    depth: usize,
}

impl Events {
    pub(super) fn open(path: &Path) -> Result<Events, LayerError> {
        let mut file = File::open(path).map_err(LayerError::read(path))?;
        let beginning = crate::format::beginning(&mut file).map_err(LayerError::read(path))?;
        let encoding = declared_encoding(&beginning)?;
        let whole = io::Cursor::new(beginning).chain(file);
        let input = if encoding == UTF_8 {
            Input::Plain(whole)
        } else {
            let decoder = encoding.new_decoder();
            Input::Decoded(Box::new(Decoded {
                input: whole,
                decoder: Some(decoder),
                text: String::new(),
                at: 0,
            }))
        };
        let input = BufReader::with_capacity(BUFFER_BYTES, input);
        let mut reader = Reader::from_reader(Bounded { input, left: MOST_BYTES });
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = true;
        Ok(Events { reader, buffer: Vec::new(), depth: 0 })
    }

    /// How deep the present place is.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// The next event; `None` at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<Next>, LayerError> {
        loop {
            self.buffer.clear();
            self.reader.get_mut().left = MOST_BYTES;
            let position = self.reader.buffer_position();
            let fault =
                |problem: &dyn ToString| refuse(format!("byte {position}"), problem.to_string());
            let event = self.reader.read_event_into(&mut self.buffer);
            match event.map_err(|error| fault(&error))? {
                Event::Start(start) => {
                    self.depth += 1;
                    if self.depth > DEEPEST {
                        return Err(fault(&"it is nested too deep"));
                    }
                    return tag(&start).map(|tag| Some(Next::Start(tag))).map_err(|p| fault(&p));
                }
                Event::End(_) => {
                    self.depth -= 1;
                    return Ok(Some(Next::End));
                }
                Event::Text(text) => return Ok(Some(Next::Text(text.into_inner().into_owned()))),
                Event::CData(text) => return Ok(Some(Next::Text(text.into_inner().into_owned()))),
                Event::GeneralRef(reference) => {
                    let text = resolved(&reference).map_err(|problem| fault(&problem))?;
                    return Ok(Some(Next::Text(text)));
                }
                // Entities of its own are how a small file becomes a large one.
                Event::DocType(_) => return Err(fault(&"a document type is not accepted")),
                Event::Eof if self.depth > 0 => return Err(fault(&"the file is cut off")),
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    /// Steps over what is left of the element whose start was the last event.
    pub(super) fn skip(&mut self) -> Result<(), LayerError> {
        let mut open = 1;
        while open > 0 {
            match self.next()? {
                Some(Next::Start(_)) => open += 1,
                Some(Next::End) => open -= 1,
                Some(Next::Text(_)) => {}
                None => return Ok(()),
            }
        }
        Ok(())
    }

    /// All text of the element whose start was the last event, that of its children included.
    pub(super) fn text(&mut self) -> Result<String, LayerError> {
        let mut text = String::new();
        let mut open = 1;
        while open > 0 {
            match self.next()? {
                Some(Next::Start(_)) => open += 1,
                Some(Next::End) => open -= 1,
                Some(Next::Text(part)) => text.push_str(&part),
                None => break,
            }
            if text.len() > MOST_BYTES {
                let limit = format!("{} MB", MOST_BYTES / 1_000_000);
                return Err(LayerError::TooLarge { what: "one text".to_owned(), limit });
            }
        }
        Ok(text)
    }

    /// The next child of the element that is open; `None` when the element ends.
    pub(super) fn child(&mut self) -> Result<Option<Tag>, LayerError> {
        loop {
            match self.next()? {
                Some(Next::Start(tag)) => return Ok(Some(tag)),
                Some(Next::Text(_)) => {}
                Some(Next::End) | None => return Ok(None),
            }
        }
    }
}

/// A character or one of the five entities that XML has itself.
fn resolved(reference: &BytesRef<'_>) -> Result<String, String> {
    if let Some(character) = reference.resolve_char_ref().map_err(|error| error.to_string())? {
        return Ok(character.to_string());
    }
    let name: &str = reference;
    let text = match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "apos" => "'",
        "quot" => "\"",
        other => return Err(format!("the entity `{other}` is not accepted")),
    };
    Ok(text.to_owned())
}

fn tag(start: &BytesStart<'_>) -> Result<Tag, String> {
    let mut tag = Tag { name: start.local_name().as_ref().to_owned(), ..Tag::default() };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let place = match attribute.key.local_name().as_ref() {
            "srsName" => &mut tag.system,
            "id" | "fid" => &mut tag.id,
            "href" => &mut tag.reference,
            "orientation" => &mut tag.orientation,
            "srsDimension" => {
                tag.dimension = attribute.value.trim().parse().ok();
                continue;
            }
            _ => continue,
        };
        let value = quick_xml::escape::unescape(&attribute.value);
        *place = Some(value.map_err(|error| error.to_string())?.into_owned());
    }
    Ok(tag)
}

/// The encoding by mark or declaration; UTF-8 where nothing is said.
fn declared_encoding(beginning: &[u8]) -> Result<&'static Encoding, LayerError> {
    if let Some((encoding, _)) = Encoding::for_bom(beginning) {
        return Ok(encoding);
    }
    let declaration = String::from_utf8_lossy(&beginning[..beginning.len().min(200)]);
    let Some((declaration, _)) = declaration.split_once("?>") else { return Ok(UTF_8) };
    let Some((_, after)) = declaration.split_once("encoding") else { return Ok(UTF_8) };
    let label = after.split(['"', '\'']).nth(1).unwrap_or_default();
    Encoding::for_label(label.as_bytes()).ok_or_else(|| LayerError::NotSupported {
        format: super::FORMAT,
        place: "the beginning".to_owned(),
        what: format!("the encoding `{label}`"),
    })
}

type Whole = io::Chain<io::Cursor<Vec<u8>>, File>;

/// The bytes of the file, as UTF-8.
enum Input {
    Plain(Whole),
    Decoded(Box<Decoded>),
}

impl Read for Input {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Input::Plain(whole) => whole.read(into),
            Input::Decoded(decoded) => decoded.read(into),
        }
    }
}

struct Decoded {
    input: Whole,
    /// `None` past the end: a decoder is asked for its last once.
    decoder: Option<Decoder>,
    text: String,
    at: usize,
}

impl Read for Decoded {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.text.len() {
            let Some(decoder) = &mut self.decoder else { return Ok(0) };
            let mut bytes = [0; 16 * 1024];
            let count = self.input.read(&mut bytes)?;
            self.text.clear();
            self.at = 0;
            let most = decoder.max_utf8_buffer_length(count).unwrap_or(bytes.len() * 3);
            self.text.reserve(most);
            let (_, _, is_damaged) =
                decoder.decode_to_string(&bytes[..count], &mut self.text, count == 0);
            if is_damaged {
                let problem = format!("the text is not {}", decoder.encoding().name());
                return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
            }
            if count == 0 {
                self.decoder = None;
            }
        }
        let rest = &self.text.as_bytes()[self.at..];
        let count = rest.len().min(into.len());
        into[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}

/// Input of which one event may take only so much.
struct Bounded<R> {
    input: R,
    /// What the event under way may still read.
    left: usize,
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.len().min(into.len());
        self.input.read(&mut into[..count])
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            let problem = format!("a text is larger than {} MB", MOST_BYTES / 1_000_000);
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, problem));
        }
        let buffer = self.input.fill_buf()?;
        Ok(&buffer[..buffer.len().min(self.left)])
    }

    fn consume(&mut self, count: usize) {
        self.left = self.left.saturating_sub(count);
        self.input.consume(count);
    }
}
