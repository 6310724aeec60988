//! What works here, and the cure for what does not.

use std::borrow::Cow;

use reader::Circuit;

use crate::Practice;

/// One thing that works or does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capability {
    /// Short name: `store`, `encoder`, `bank`, `sandbox`, `python`.
    pub name: &'static str,
    /// Whether it works.
    pub ok: bool,
    /// What there is, or what is missing.
    pub detail: String,
    /// What to do about it; empty when there is nothing to do.
    pub cure: Cow<'static, str>,
}

impl Practice {
    /// What works here.
    pub fn capabilities(&self) -> Vec<Capability> {
        let mut all = vec![
            self.bank_capability(),
            self.encoder_capability(),
            self.store_capability(),
            self.reader_capability(),
            self.speech_capability(),
        ];
        all.extend(self.judge_capabilities());
        all
    }

    fn bank_capability(&self) -> Capability {
        let items = self.bank().items().count();
        let findings = self.0.findings;
        let ok = items > 0 && findings == 0;
        Capability {
            name: "bank",
            ok,
            detail: match findings {
                0 => format!("{items} items"),
                n => format!("{items} items, {n} findings in the packs"),
            },
            cure: if ok {
                ""
            } else {
                "run `spar bank check`: it names file, line and cure"
            }
            .into(),
        }
    }

    fn encoder_capability(&self) -> Capability {
        match self.0.graders.encoder() {
            Some(encoder) => Capability {
                name: "encoder",
                ok: true,
                detail: encoder.id().to_owned(),
                cure: "".into(),
            },
            None => Capability {
                name: "encoder",
                ok: false,
                detail: "no weights in this binary: cue patterns grade alone".to_owned(),
                cure: "run `cargo xtask setup` and build again".into(),
            },
        }
    }

    fn reader_capability(&self) -> Capability {
        let name = "second reader";
        let Some(second) = &self.0.second else {
            return Capability {
                name,
                ok: true,
                detail: "off: no answer leaves this machine".to_owned(),
                cure: "to switch it on set `SPAR_READER_URL` and `SPAR_READER_MODEL`".into(),
            };
        };
        let who = format!("{} at {}", second.reader.model(), second.reader.sent_to());
        match second.reader.health().circuit {
            Circuit::Closed | Circuit::HalfOpen => Capability {
                name,
                ok: true,
                detail: format!("{who}: answers are sent there"),
                cure: "".into(),
            },
            Circuit::Open { remaining } => Capability {
                name,
                ok: false,
                detail: format!(
                    "{who} failed too often and is left alone for {} s",
                    remaining.as_secs()
                ),
                cure: "see the log of the endpoint; offline grades stand".into(),
            },
        }
    }

    fn store_capability(&self) -> Capability {
        match &self.0.store {
            Some(store) => Capability {
                name: "store",
                ok: true,
                detail: store.path().display().to_string(),
                cure: "".into(),
            },
            None => Capability {
                name: "store",
                ok: false,
                detail: "nothing is kept".to_owned(),
                cure: "start with a data folder".into(),
            },
        }
    }
}
