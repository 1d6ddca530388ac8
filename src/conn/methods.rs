//! `require_auth`: how the server may ask who we are, and a look at what it asks before anything is answered.

use thiserror::Error;

use super::error::ConnError;

/// A way to ask, by libpq's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    Password,
    Md5,
    Gss,
    Sspi,
    Scram,
    Oauth,
    /// Not at all.
    None,
}

const METHODS: [(&str, Method); 7] = [
    ("password", Method::Password),
    ("md5", Method::Md5),
    ("gss", Method::Gss),
    ("sspi", Method::Sspi),
    ("scram-sha-256", Method::Scram),
    ("oauth", Method::Oauth),
    ("none", Method::None),
];

/// The methods that are allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Methods {
    text: String,
    allowed: Vec<Method>,
}

impl Methods {
    /// Reads a list of methods, or of methods that are refused (`!md5`).
    pub(crate) fn parse(text: &str) -> Result<Self, ConnError> {
        let invalid = |what: String| ConnError::invalid(format!("connection parameter require_auth={text}: {what}"));
        let negative = text.trim_start().starts_with('!');
        let mut named = Vec::new();
        for word in text.split(',') {
            let (not, name) = match word.strip_prefix('!') {
                Some(name) => (true, name),
                None => (false, word),
            };
            if not != negative {
                return Err(invalid("methods with and without ! cannot be mixed".into()));
            }
            let Some((_, method)) = METHODS.iter().find(|(word, _)| *word == name) else {
                let known: Vec<&str> = METHODS.iter().map(|(word, _)| *word).collect();
                return Err(invalid(format!("\"{name}\" is none of {}", known.join(", "))));
            };
            if named.contains(method) {
                return Err(invalid(format!("\"{name}\" is there twice")));
            }
            named.push(*method);
        }
        let all = METHODS.iter().map(|(_, method)| *method);
        Ok(Self {
            text: text.to_owned(),
            allowed: all.filter(|method| named.contains(method) != negative).collect(),
        })
    }

    fn allow(&self, method: Method) -> bool {
        self.allowed.contains(&method)
    }
}

/// The server asks in a way that `require_auth` does not allow.
#[derive(Debug, Error)]
#[error("require_auth={methods} does not allow it: the server {what}")]
pub(super) struct Denied {
    methods: String,
    what: &'static str,
}

/// Looks at what the server says until it lets us in. A message is a letter, a length that counts itself, and a body; that of `R`
/// begins with the number of a method.
#[derive(Debug)]
pub(super) struct Gate {
    methods: Methods,
    head: Vec<u8>,
    skip: usize,
    asked: bool,
}

const LETTER_AND_LENGTH: usize = 5;
const WITH_METHOD: usize = 9;

impl Gate {
    pub(super) fn new(methods: Methods) -> Self {
        Self {
            methods,
            head: Vec::new(),
            skip: 0,
            asked: false,
        }
    }

    /// Takes the next bytes; true once we are let in, and there is nothing more to look at.
    pub(super) fn pass(&mut self, mut bytes: &[u8]) -> Result<bool, Denied> {
        loop {
            let skipped = self.skip.min(bytes.len());
            self.skip -= skipped;
            bytes = &bytes[skipped..];
            let Some((first, rest)) = bytes.split_first() else {
                return Ok(false);
            };
            self.head.push(*first);
            bytes = rest;
            let asks = self.head[0] == b'R';
            let wanted = if asks { WITH_METHOD } else { LETTER_AND_LENGTH };
            if self.head.len() < wanted {
                continue;
            }
            let number = |at: usize| u32::from_be_bytes([0, 1, 2, 3].map(|byte| self.head[at + byte]));
            let length = usize::try_from(number(1)).unwrap_or(usize::MAX);
            self.skip = length.saturating_sub(wanted - 1);
            if asks && self.judge(number(LETTER_AND_LENGTH))? {
                return Ok(true);
            }
            self.head.clear();
        }
    }

    fn judge(&mut self, code: u32) -> Result<bool, Denied> {
        let (method, what) = match code {
            0 if self.asked => return Ok(true),
            0 => (Method::None, "did not ask for any authentication"),
            3 => (Method::Password, "asked for a password in clear text"),
            5 => (Method::Md5, "asked for a password hashed by MD5"),
            // What follows of an exchange has been allowed with its beginning.
            8 | 11 | 12 if self.asked => return Ok(false),
            7 | 8 => (Method::Gss, "asked for GSSAPI"),
            9 => (Method::Sspi, "asked for SSPI"),
            10 => (Method::Scram, "asked for SCRAM"),
            _ => return Err(self.denied("asked in a way that is not known")),
        };
        if !self.methods.allow(method) {
            return Err(self.denied(what));
        }
        self.asked = true;
        Ok(code == 0)
    }

    fn denied(&self, what: &'static str) -> Denied {
        Denied {
            methods: self.methods.text.clone(),
            what,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(code: u32, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(8 + body.len()).expect("short");
        [b"R", &length.to_be_bytes()[..], &code.to_be_bytes()[..], body].concat()
    }

    /// In one piece and byte by byte.
    fn ends(methods: &str, bytes: &[u8]) -> Result<bool, String> {
        let gate = || Gate::new(Methods::parse(methods).expect(methods));
        let whole = gate().pass(bytes).map_err(|denied| denied.to_string());
        let mut slow = gate();
        let mut pieces = Ok(false);
        for byte in bytes.chunks(1) {
            pieces = slow.pass(byte).map_err(|denied| denied.to_string());
            if pieces != Ok(false) {
                break;
            }
        }
        assert_eq!(whole, pieces, "{methods} {bytes:?}");
        whole
    }

    #[test]
    fn what_is_asked_must_be_in_the_list() {
        let scram = [
            message(10, b"SCRAM-SHA-256\0\0"),
            message(11, b"r=x"),
            message(12, b"v=y"),
            message(0, b""),
        ]
        .concat();
        let notice = [b"N\0\0\0\x08R\0\0\0".to_vec(), message(3, b"")].concat();
        for (methods, bytes, expected) in [
            ("scram-sha-256", &scram, Some(true)),
            ("!password,!md5", &scram, Some(true)),
            ("password,md5", &scram, None),
            ("!scram-sha-256", &scram, None),
            ("none", &scram, None),
            ("none", &message(0, b""), Some(true)),
            ("!none", &message(0, b""), None),
            ("scram-sha-256", &message(0, b""), None),
            ("scram-sha-256", &message(12, b"v=y"), None),
            ("password", &message(3, b""), Some(false)),
            ("md5", &message(3, b""), None),
            ("md5", &message(5, b"salt"), Some(false)),
            ("password", &notice, Some(false)),
            ("md5", &notice, None),
        ] {
            assert_eq!(ends(methods, bytes).ok(), expected, "{methods} {bytes:?}");
        }
    }

    #[test]
    fn lists_are_as_in_libpq() {
        for text in [
            "md5,",
            ",",
            "md5,!none",
            "!none,md5",
            "MD5",
            "md5,md5",
            " md5",
            "md5, none",
            "!",
        ] {
            assert!(Methods::parse(text).is_err(), "{text}");
        }
        assert!(Methods::parse("scram-sha-256,none").is_ok());
    }
}
