//! FlatBuffers, as far as FlatGeobuf needs them: every offset is checked where it is followed.

/// What is wrong, in words.
pub(super) type Problem = String;

/// A table in a buffer.
#[derive(Clone, Copy)]
pub(super) struct Table<'buffer> {
    buffer: &'buffer [u8],
    at: usize,
    vtable: usize,
    vtable_bytes: usize,
}

fn cut() -> Problem {
    "an offset leads out of the record".to_owned()
}

fn bytes<const N: usize>(buffer: &[u8], at: usize) -> Result<[u8; N], Problem> {
    buffer.get(at..).and_then(|rest| rest.first_chunk::<N>()).copied().ok_or_else(cut)
}

fn offset(buffer: &[u8], at: usize) -> Result<usize, Problem> {
    let offset = u32::from_le_bytes(bytes(buffer, at)?) as usize;
    at.checked_add(offset).ok_or_else(cut)
}

impl<'buffer> Table<'buffer> {
    /// The table that a buffer begins with.
    pub(super) fn root(buffer: &'buffer [u8]) -> Result<Self, Problem> {
        Table::at(buffer, offset(buffer, 0)?)
    }

    fn at(buffer: &'buffer [u8], at: usize) -> Result<Self, Problem> {
        let back = i64::from(i32::from_le_bytes(bytes(buffer, at)?));
        let vtable = i64::try_from(at).map_err(|_| cut())? - back;
        let vtable = usize::try_from(vtable).map_err(|_| cut())?;
        let vtable_bytes = usize::from(u16::from_le_bytes(bytes(buffer, vtable)?));
        Ok(Table { buffer, at, vtable, vtable_bytes })
    }

    /// Where a field stands; `None` when it is left out.
    fn field(&self, number: usize) -> Result<Option<usize>, Problem> {
        let entry = 4 + 2 * number;
        if entry + 2 > self.vtable_bytes {
            return Ok(None);
        }
        let within = u16::from_le_bytes(bytes(self.buffer, self.vtable + entry)?);
        Ok((within != 0).then(|| self.at + usize::from(within)))
    }

    fn scalar<const N: usize>(&self, number: usize) -> Result<Option<[u8; N]>, Problem> {
        self.field(number)?.map(|at| bytes(self.buffer, at)).transpose()
    }

    pub(super) fn byte(&self, number: usize) -> Result<u8, Problem> {
        Ok(self.scalar::<1>(number)?.map_or(0, |bytes| bytes[0]))
    }

    pub(super) fn short(&self, number: usize) -> Result<Option<u16>, Problem> {
        Ok(self.scalar(number)?.map(u16::from_le_bytes))
    }

    pub(super) fn int(&self, number: usize) -> Result<i32, Problem> {
        Ok(self.scalar(number)?.map_or(0, i32::from_le_bytes))
    }

    pub(super) fn long(&self, number: usize) -> Result<u64, Problem> {
        Ok(self.scalar(number)?.map_or(0, u64::from_le_bytes))
    }

    /// The bytes of a list whose parts have `size` bytes; empty when it is left out.
    pub(super) fn list(&self, number: usize, size: usize) -> Result<&'buffer [u8], Problem> {
        let Some(at) = self.field(number)? else { return Ok(&[]) };
        let at = offset(self.buffer, at)?;
        let count = u32::from_le_bytes(bytes(self.buffer, at)?) as usize;
        let length = count.checked_mul(size).ok_or_else(cut)?;
        let begin = at.checked_add(4).ok_or_else(cut)?;
        let end = begin.checked_add(length).ok_or_else(cut)?;
        self.buffer.get(begin..end).ok_or_else(cut)
    }

    /// A text; empty when it is left out.
    pub(super) fn text(&self, number: usize) -> Result<&'buffer str, Problem> {
        std::str::from_utf8(self.list(number, 1)?).map_err(|_| "a text is not UTF-8".to_owned())
    }

    /// A table inside this one.
    pub(super) fn table(&self, number: usize) -> Result<Option<Table<'buffer>>, Problem> {
        let Some(at) = self.field(number)? else { return Ok(None) };
        Table::at(self.buffer, offset(self.buffer, at)?).map(Some)
    }

    /// How many tables a list has.
    pub(super) fn count(&self, number: usize) -> Result<usize, Problem> {
        Ok(self.list(number, 4)?.len() / 4)
    }

    /// A table in a list of tables.
    pub(super) fn nth(&self, number: usize, nth: usize) -> Result<Table<'buffer>, Problem> {
        let Some(at) = self.field(number)? else { return Err(cut()) };
        let list = offset(self.buffer, at)?;
        let entry = nth.checked_mul(4).and_then(|nth| list.checked_add(4 + nth));
        Table::at(self.buffer, offset(self.buffer, entry.ok_or_else(cut)?)?)
    }
}
