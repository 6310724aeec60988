//! What is said on the sockets between server, broker and slots.
//!
//! One datagram is one message; descriptors travel beside it. A request too long for a datagram lies in a
//! memory file whose descriptor comes last. Both ends are the same build, so there is no version.

use crate::codec::{Reader, Writer, at_place, place};
use crate::{ALL_CONTROLS, Backend, Control, Exit, Limits, Outcome, Refused, Stop, Usage};

/// Bytes of a message that go into a datagram; longer requests go through a memory file. Below the default
/// bound of a socket's buffer by a wide margin.
pub const INLINE: usize = 32 * 1024;

/// A message that does not parse. Between two ends of one build this means that the socket is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a message of the sandbox is malformed")]
pub struct Malformed;

/// What the broker needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hello {
    /// Folders and files that are visible at the same path, as bytes.
    pub binds: Vec<Vec<u8>>,
    /// The backend to use, instead of the best one.
    pub backend: Option<Backend>,
    /// The control to leave out.
    pub dropped: Option<Control>,
}

/// What the broker is asked on its socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// The first message.
    Hello(Hello),
    /// Build the slot of this number, ending the one that had it before.
    Slot(u32),
}

/// What the broker answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// To the hello.
    Ready {
        /// What holds the runs.
        backend: Backend,
        /// What is not held, in plain sentences.
        warnings: Vec<String>,
    },
    /// A slot; its socket is beside the message.
    Slot,
    /// It could not be done.
    Failed(String),
}

/// A host folder that a run sees as `/app`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct App {
    /// Its path.
    pub path: Vec<u8>,
    /// Device and inode, by which a slot knows that it is still the one it has.
    pub identity: (u64, u64),
}

/// A run. Its standard input, output and error are beside the message.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The program and its arguments.
    pub argv: Vec<Vec<u8>>,
    /// `NAME=value`.
    pub env: Vec<Vec<u8>>,
    /// The folder at `/app`.
    pub app: Option<App>,
    /// Files to write into `/w`: relative path and content.
    pub files: Vec<(Vec<u8>, Vec<u8>)>,
    /// Whether `/data` keeps what it has.
    pub keep: bool,
    /// What to take out of `/w` when everything is dead: relative path and largest size.
    pub take: Vec<(Vec<u8>, u64)>,
    /// What it may use.
    pub limits: Limits,
}

/// What a slot is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Order {
    /// Run this.
    Run(Box<Request>),
    /// The request lies in the memory file beside the message.
    Long,
    /// Stop the run.
    Kill,
    /// Say what the run uses.
    Usage,
}

/// What a slot says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// The slot is built, or clean again after a run: it takes the next one.
    Built,
    /// The platform failed; the slot ends itself.
    Failed(String),
    /// What the run uses.
    Usage(Usage),
    /// How the run went; the files taken out are beside the message.
    Done(Outcome),
}

const BACKENDS: [Backend; 3] = [Backend::V2, Backend::Hybrid, Backend::Degraded];
const STOPS: [Stop; 4] = [Stop::Cpu, Stop::Wall, Stop::Memory, Stop::Killed];
const REFUSALS: [Refused; 5] = [
    Refused::Missing,
    Refused::Link,
    Refused::Kind,
    Refused::Size,
    Refused::Io,
];

impl Ask {
    /// As bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut to = Writer::default();
        match self {
            Self::Hello(hello) => to
                .byte(0)
                .list(&hello.binds, |to, bind| {
                    to.bytes(bind);
                })
                .byte(place(&BACKENDS, hello.backend.as_ref()))
                .byte(place(&ALL_CONTROLS, hello.dropped.as_ref())),
            Self::Slot(index) => to.byte(1).word(u64::from(*index)),
        };
        to.0
    }

    /// From bytes.
    ///
    /// # Errors
    /// They are no such message.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut from = Reader(bytes);
        match from.byte()? {
            0 => Ok(Self::Hello(Hello {
                binds: from.list(Reader::bytes)?,
                backend: at_place(&BACKENDS, from.byte()?)?,
                dropped: at_place(&ALL_CONTROLS, from.byte()?)?,
            })),
            1 => Ok(Self::Slot(u32::try_from(from.word()?).map_err(|_| Malformed)?)),
            _ => Err(Malformed),
        }
    }
}

impl Answer {
    /// As bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut to = Writer::default();
        match self {
            Self::Ready { backend, warnings } => {
                to.byte(0)
                    .byte(place(&BACKENDS, Some(backend)))
                    .list(warnings, |to, warning| {
                        to.bytes(warning.as_bytes());
                    })
            }
            Self::Slot => to.byte(1),
            Self::Failed(why) => to.byte(2).bytes(why.as_bytes()),
        };
        to.0
    }

    /// From bytes.
    ///
    /// # Errors
    /// They are no such message.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut from = Reader(bytes);
        match from.byte()? {
            0 => Ok(Self::Ready {
                backend: at_place(&BACKENDS, from.byte()?)?.ok_or(Malformed)?,
                warnings: from.list(Reader::text)?,
            }),
            1 => Ok(Self::Slot),
            2 => Ok(Self::Failed(from.text()?)),
            _ => Err(Malformed),
        }
    }
}

impl Request {
    fn write(&self, to: &mut Writer) {
        to.list(&self.argv, |to, word| {
            to.bytes(word);
        });
        to.list(&self.env, |to, word| {
            to.bytes(word);
        });
        let apps: &[App] = self.app.as_slice();
        to.list(apps, |to, app| {
            to.bytes(&app.path).word(app.identity.0).word(app.identity.1);
        });
        to.list(&self.files, |to, (path, content)| {
            to.bytes(path).bytes(content);
        });
        to.byte(u8::from(self.keep));
        to.list(&self.take, |to, (path, largest)| {
            to.bytes(path).word(*largest);
        });
        let Limits {
            cpu,
            wall,
            memory,
            processes,
            file,
            disk,
            inodes,
            cores,
        } = self.limits;
        to.time(cpu).time(wall).word(memory).word(u64::from(processes));
        to.word(file).word(disk).word(inodes).word(cores.to_bits());
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let argv = from.list(Reader::bytes)?;
        let env = from.list(Reader::bytes)?;
        let mut app = from.list(|from| {
            let path = from.bytes()?;
            Ok(App {
                path,
                identity: (from.word()?, from.word()?),
            })
        })?;
        let files = from.list(|from| Ok((from.bytes()?, from.bytes()?)))?;
        let keep = from.byte()? != 0;
        let take = from.list(|from| Ok((from.bytes()?, from.word()?)))?;
        let limits = Limits {
            cpu: from.time()?,
            wall: from.time()?,
            memory: from.word()?,
            processes: u32::try_from(from.word()?).map_err(|_| Malformed)?,
            file: from.word()?,
            disk: from.word()?,
            inodes: from.word()?,
            cores: f64::from_bits(from.word()?),
        };
        Ok(Self {
            argv,
            env,
            app: app.pop(),
            files,
            keep,
            take,
            limits,
        })
    }
}

impl Order {
    /// As bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut to = Writer::default();
        match self {
            Self::Run(request) => request.write(to.byte(0)),
            Self::Long => drop(to.byte(1)),
            Self::Kill => drop(to.byte(2)),
            Self::Usage => drop(to.byte(3)),
        }
        to.0
    }

    /// From bytes.
    ///
    /// # Errors
    /// They are no such message.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut from = Reader(bytes);
        match from.byte()? {
            0 => Ok(Self::Run(Box::new(Request::read(&mut from)?))),
            1 => Ok(Self::Long),
            2 => Ok(Self::Kill),
            3 => Ok(Self::Usage),
            _ => Err(Malformed),
        }
    }
}

impl Report {
    /// As bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut to = Writer::default();
        match self {
            Self::Built => drop(to.byte(0)),
            Self::Failed(why) => drop(to.byte(1).bytes(why.as_bytes())),
            Self::Usage(usage) => drop(to.byte(2).time(usage.cpu).word(usage.memory)),
            Self::Done(outcome) => {
                let (kind, number) = match outcome.exit {
                    Exit::Code(code) => (0, code),
                    Exit::Signal(signal) => (1, signal),
                };
                to.byte(3).byte(kind).word(u64::from(number.unsigned_abs()));
                to.time(outcome.cpu).time(outcome.wall).word(outcome.memory_peak);
                to.byte(place(&STOPS, outcome.stop.as_ref()));
                to.list(&outcome.taken, |to, taken| {
                    to.byte(place(&REFUSALS, taken.as_ref().err()))
                        .word(*taken.as_ref().unwrap_or(&0));
                });
            }
        }
        to.0
    }

    /// From bytes.
    ///
    /// # Errors
    /// They are no such message.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut from = Reader(bytes);
        match from.byte()? {
            0 => Ok(Self::Built),
            1 => Ok(Self::Failed(from.text()?)),
            2 => Ok(Self::Usage(Usage {
                cpu: from.time()?,
                memory: from.word()?,
            })),
            3 => {
                let kind = from.byte()?;
                let number = i32::try_from(from.word()?).map_err(|_| Malformed)?;
                let outcome = Outcome {
                    exit: if kind == 0 {
                        Exit::Code(number)
                    } else {
                        Exit::Signal(number)
                    },
                    cpu: from.time()?,
                    wall: from.time()?,
                    memory_peak: from.word()?,
                    stop: at_place(&STOPS, from.byte()?)?,
                    taken: from.list(|from| {
                        let refused = at_place(&REFUSALS, from.byte()?)?;
                        let size = from.word()?;
                        Ok(refused.map_or(Ok(size), Err))
                    })?,
                };
                Ok(Self::Done(outcome))
            }
            _ => Err(Malformed),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn request() -> Request {
        Request {
            argv: vec![b"/app/x".to_vec(), Vec::new()],
            env: vec![b"A=b".to_vec()],
            app: Some(App {
                path: b"/x".to_vec(),
                identity: (1, u64::MAX),
            }),
            files: vec![(b"a/b".to_vec(), vec![0, 255])],
            keep: true,
            take: vec![(b"out".to_vec(), 7)],
            limits: Limits {
                cpu: Duration::from_millis(1),
                wall: Duration::from_secs(2),
                memory: 3,
                processes: 4,
                file: 5,
                disk: 6,
                inodes: 7,
                cores: 0.5,
            },
        }
    }

    #[test]
    fn every_message_comes_back_as_it_was() {
        let hello = Hello {
            binds: vec![b"/usr".to_vec()],
            backend: Some(Backend::Degraded),
            dropped: Some(Control::TakeOut),
        };
        for ask in [Ask::Hello(hello), Ask::Slot(3)] {
            assert_eq!(Ask::decode(&ask.encode()), Ok(ask));
        }
        let ready = Answer::Ready {
            backend: Backend::Hybrid,
            warnings: vec!["a".to_owned()],
        };
        for answer in [ready, Answer::Slot, Answer::Failed("why".to_owned())] {
            assert_eq!(Answer::decode(&answer.encode()), Ok(answer));
        }
        for order in [
            Order::Run(Box::new(request())),
            Order::Long,
            Order::Kill,
            Order::Usage,
        ] {
            assert_eq!(Order::decode(&order.encode()), Ok(order));
        }
        let outcome = Outcome {
            exit: Exit::Signal(9),
            cpu: Duration::from_nanos(1),
            wall: Duration::from_nanos(2),
            memory_peak: 3,
            stop: Some(Stop::Memory),
            taken: vec![Ok(4), Err(Refused::Link)],
        };
        let usage = Usage {
            cpu: Duration::from_secs(1),
            memory: 2,
        };
        for report in [
            Report::Built,
            Report::Failed("x".to_owned()),
            Report::Usage(usage),
            Report::Done(outcome),
        ] {
            assert_eq!(Report::decode(&report.encode()), Ok(report));
        }
    }

    #[test]
    fn what_is_cut_is_no_message() {
        let whole = Order::Run(Box::new(request())).encode();
        for len in 0..whole.len() {
            assert_eq!(Order::decode(&whole[..len]), Err(Malformed), "{len} bytes");
        }
        // A count that no message can hold is not believed.
        assert_eq!(
            Order::decode(&[0, 255, 255, 255, 255, 255, 255, 255, 127]),
            Err(Malformed)
        );
    }
}
