//! Splits rich text into braces, control words and text.

/// A piece of rich text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `{`
    Open,
    /// `}`
    Close,
    /// A control word and its number.
    Word(&'a str, Option<i32>),
    /// A control symbol, such as `\~`.
    Symbol(u8),
    /// A byte written as `\'hh`.
    Hex(u8),
    /// A byte written as itself.
    Byte(u8),
}

/// Longest control word taken whole; the longest there is has 26 letters.
const LONGEST: usize = 32;

/// The tokens of rich text. Binary data is passed over.
pub(super) struct Lexer<'a> {
    rest: &'a [u8],
}

impl<'a> Lexer<'a> {
    /// Starts at the first byte.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    fn control(&mut self) -> Option<Token<'a>> {
        let (&first, after) = self.rest.split_first()?;
        if !first.is_ascii_alphabetic() {
            self.rest = after;
            if first != b'\'' {
                return Some(Token::Symbol(first));
            }
            let hex = after.get(..2)?;
            let Some(byte) =
                std::str::from_utf8(hex).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok())
            else {
                return self.next();
            };
            self.rest = &after[2..];
            return Some(Token::Hex(byte));
        }
        let letters = |byte: &&u8| byte.is_ascii_alphabetic();
        let length = self.rest.iter().take(LONGEST).take_while(letters).count();
        let (name, after) = self.rest.split_at(length);
        let minus = usize::from(after.first() == Some(&b'-'));
        let digits = after[minus..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let end = if digits == 0 { 0 } else { minus + digits };
        let (number, after) = after.split_at(end);
        let number = std::str::from_utf8(number).unwrap_or_default();
        let number = (end > 0).then(|| number.parse().unwrap_or(i32::MAX));
        self.rest = after.strip_prefix(b" ").unwrap_or(after);
        let name = std::str::from_utf8(name).unwrap_or_default();
        if name == "bin" {
            let length = usize::try_from(number.unwrap_or(0)).unwrap_or(0);
            self.rest = self.rest.get(length..).unwrap_or_default();
            return self.next();
        }
        Some(Token::Word(name, number))
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let (&byte, after) = self.rest.split_first()?;
            self.rest = after;
            return match byte {
                b'{' => Some(Token::Open),
                b'}' => Some(Token::Close),
                b'\\' => self.control(),
                b'\r' | b'\n' | 0 => continue,
                byte => Some(Token::Byte(byte)),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_symbols_and_bytes_are_told_apart() {
        let tokens: Vec<Token<'_>> = Lexer::new(b"{\\b0\\u-5?\\~\\'e9 x\r\n\\bin3 }}}y}").collect();
        assert_eq!(
            tokens,
            [
                Token::Open,
                Token::Word("b", Some(0)),
                Token::Word("u", Some(-5)),
                Token::Byte(b'?'),
                Token::Symbol(b'~'),
                Token::Hex(0xe9),
                Token::Byte(b' '),
                Token::Byte(b'x'),
                Token::Byte(b'y'),
                Token::Close,
            ]
        );
    }
}
