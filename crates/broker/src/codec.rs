//! Bytes of messages: numbers in little endian, what has a length with its length before it.

use std::time::Duration;

use crate::wire::Malformed;

/// Writes messages.
#[derive(Debug, Default)]
pub(crate) struct Writer(pub Vec<u8>);

/// Reads messages.
#[derive(Debug)]
pub(crate) struct Reader<'a>(pub &'a [u8]);

impl Writer {
    pub(crate) fn byte(&mut self, value: u8) -> &mut Self {
        self.0.push(value);
        self
    }

    pub(crate) fn word(&mut self, value: u64) -> &mut Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    pub(crate) fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.word(value.len() as u64);
        self.0.extend_from_slice(value);
        self
    }

    pub(crate) fn list<T>(&mut self, items: &[T], mut each: impl FnMut(&mut Self, &T)) -> &mut Self {
        self.word(items.len() as u64);
        items.iter().for_each(|item| each(self, item));
        self
    }

    pub(crate) fn time(&mut self, value: Duration) -> &mut Self {
        self.word(u64::try_from(value.as_nanos()).unwrap_or(u64::MAX))
    }
}

impl<'a> Reader<'a> {
    fn slice(&mut self, len: usize) -> Result<&'a [u8], Malformed> {
        let (head, tail) = self.0.split_at_checked(len).ok_or(Malformed)?;
        self.0 = tail;
        Ok(head)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Malformed> {
        Ok(self.slice(1)?[0])
    }

    pub(crate) fn word(&mut self) -> Result<u64, Malformed> {
        let bytes = self.slice(8)?.try_into().map_err(|_| Malformed)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn count(&mut self) -> Result<usize, Malformed> {
        usize::try_from(self.word()?).map_err(|_| Malformed)
    }

    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>, Malformed> {
        let len = self.count()?;
        Ok(self.slice(len)?.to_vec())
    }

    pub(crate) fn text(&mut self) -> Result<String, Malformed> {
        String::from_utf8(self.bytes()?).map_err(|_| Malformed)
    }

    pub(crate) fn list<T>(
        &mut self,
        mut each: impl FnMut(&mut Self) -> Result<T, Malformed>,
    ) -> Result<Vec<T>, Malformed> {
        let count = self.count()?;
        (0..count).map(|_| each(self)).collect()
    }

    pub(crate) fn time(&mut self) -> Result<Duration, Malformed> {
        Ok(Duration::from_nanos(self.word()?))
    }
}

/// The place of a value in its list, counted from 1; 0 is none.
pub(crate) fn place<T: PartialEq>(list: &[T], value: Option<&T>) -> u8 {
    let at = value.and_then(|value| list.iter().position(|other| other == value));
    at.and_then(|at| u8::try_from(at + 1).ok()).unwrap_or(0)
}

pub(crate) fn at_place<T: Copy>(list: &[T], place: u8) -> Result<Option<T>, Malformed> {
    match usize::from(place).checked_sub(1) {
        None => Ok(None),
        Some(at) => list.get(at).copied().map(Some).ok_or(Malformed),
    }
}
