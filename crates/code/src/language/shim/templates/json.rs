//! JSON, all of it, with whole numbers of 64 bits kept exact.

/// Depth of nesting; calls need five, and the stack holds thousands.
const MAX_DEPTH: u32 = 100;

#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(String),
    List(Vec<Json>),
    Map(Vec<(String, Json)>),
}

impl Json {
    pub fn get(&self, name: &str) -> &Json {
        let Json::Map(pairs) = self else { return &Json::Null };
        pairs.iter().rev().find(|(key, _)| key == name).map_or(&Json::Null, |(_, value)| value)
    }
}

/// Reads JSON. `None`: it is none.
struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

pub fn read(text: &str) -> Option<Json> {
    let mut reader = Reader { text: text.as_bytes(), at: 0 };
    let value = reader.value(0)?;
    reader.space();
    (reader.at == reader.text.len()).then_some(value)
}

impl Reader<'_> {
    fn space(&mut self) {
        while matches!(self.text.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, word: &str) -> Option<()> {
        self.text[self.at..].starts_with(word.as_bytes()).then(|| self.at += word.len())
    }

    fn value(&mut self, depth: u32) -> Option<Json> {
        if depth > MAX_DEPTH {
            return None;
        }
        self.space();
        match self.text.get(self.at)? {
            b'n' => self.eat("null").map(|()| Json::Null),
            b't' => self.eat("true").map(|()| Json::Bool(true)),
            b'f' => self.eat("false").map(|()| Json::Bool(false)),
            b'"' => self.string().map(Json::Str),
            b'[' => self.list(depth),
            b'{' => self.map(depth),
            _ => self.number(),
        }
    }

    fn list(&mut self, depth: u32) -> Option<Json> {
        self.at += 1;
        let mut values = Vec::new();
        self.space();
        if self.eat("]").is_some() {
            return Some(Json::List(values));
        }
        loop {
            values.push(self.value(depth + 1)?);
            self.space();
            if self.eat(",").is_none() {
                return self.eat("]").map(|()| Json::List(values));
            }
        }
    }

    fn map(&mut self, depth: u32) -> Option<Json> {
        self.at += 1;
        let mut pairs = Vec::new();
        self.space();
        if self.eat("}").is_some() {
            return Some(Json::Map(pairs));
        }
        loop {
            self.space();
            (self.text.get(self.at) == Some(&b'"')).then_some(())?;
            let key = self.string()?;
            self.space();
            self.eat(":")?;
            pairs.push((key, self.value(depth + 1)?));
            self.space();
            if self.eat(",").is_none() {
                return self.eat("}").map(|()| Json::Map(pairs));
            }
        }
    }

    fn digits(&mut self) -> Option<usize> {
        let from = self.at;
        while self.text.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        (self.at > from).then_some(self.at - from)
    }

    fn number(&mut self) -> Option<Json> {
        let from = self.at;
        let _ = self.eat("-");
        let zero = self.text.get(self.at) == Some(&b'0');
        if self.digits()? > 1 && zero {
            return None;
        }
        let mut whole = true;
        if self.eat(".").is_some() {
            whole = false;
            self.digits()?;
        }
        if self.eat("e").or_else(|| self.eat("E")).is_some() {
            whole = false;
            let _ = self.eat("+").or_else(|| self.eat("-"));
            self.digits()?;
        }
        let text = std::str::from_utf8(&self.text[from..self.at]).ok()?;
        match text.parse() {
            Ok(value) if whole => Some(Json::Int(value)),
            _ => text.parse().ok().map(Json::Float),
        }
    }

    fn string(&mut self) -> Option<String> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let from = self.at;
            while !matches!(self.text.get(self.at)?, b'"' | b'\\' | 0..=0x1f) {
                self.at += 1;
            }
            text.push_str(std::str::from_utf8(&self.text[from..self.at]).ok()?);
            self.at += 1;
            match self.text[self.at - 1] {
                b'"' => return Some(text),
                b'\\' => text.push(self.escape()?),
                _ => return None,
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        self.at += 1;
        Some(match self.text.get(self.at - 1)? {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => match self.hex()? {
                high @ 0xd800..=0xdbff => {
                    self.eat("\\u")?;
                    let low = self.hex()?;
                    let low = low.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
                    char::from_u32(0x10000 + ((high - 0xd800) << 10) + low)?
                }
                unit => char::from_u32(unit)?,
            },
            _ => return None,
        })
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    }
}

