//! The loops to choose from: stages with minutes, and what each stage asks.
//!
//! Minutes follow what guides to backend interviews report; where they report a range we take a value
//! inside it. What is ours is said in [`Preset::note`].

use domain::{Competency, Kind, StageKind};

/// A loop to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preset {
    /// Its name in requests.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What it is for, in one sentence.
    pub about: &'static str,
    /// Where its minutes come from, and which are our choice.
    pub note: &'static str,
    /// Its stages, in order.
    pub stages: &'static [StagePlan],
}

/// A stage of a preset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StagePlan {
    /// What it is for.
    pub kind: StageKind,
    /// Its name in this preset.
    pub title: &'static str,
    /// How long it is.
    pub minutes: u32,
    /// What it asks, in order.
    pub slots: &'static [Slot],
}

/// One question of a stage: which items fit, and which of them fit best.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Kinds that fit, the best first.
    pub kinds: &'static [Kind],
    /// Competencies that fit; any when empty.
    pub competencies: &'static [Competency],
    /// Topics of which one must be there; any when empty.
    pub topics: &'static [&'static str],
    /// Topics that rule an item out.
    pub without: &'static [&'static str],
}

/// Topics of items in which the candidate is the one who asks.
const ASKING: &str = "ask-the-interviewer";
/// Topic of the two-minute summary of a project.
const PITCH: &str = "recruiter-screen";

const PITCHING: Slot = Slot {
    kinds: &[Kind::Behavioural],
    competencies: &[],
    topics: &[PITCH],
    without: &[],
};

const YOUR_QUESTIONS: Slot = Slot {
    kinds: &[Kind::Situational],
    competencies: &[],
    topics: &[ASKING],
    without: &[],
};

const DATA: Slot = Slot {
    kinds: &[Kind::Technical],
    competencies: &[Competency::DataModelling, Competency::ConcurrencyConsistency],
    topics: &[],
    without: &["system-design"],
};

const SERVICES: Slot = Slot {
    kinds: &[Kind::Technical],
    competencies: &[
        Competency::ApiContracts,
        Competency::FailureResilience,
        Competency::Operations,
    ],
    topics: &[],
    without: &["system-design"],
};

/// Until programs run here: what a program of a practical round must get right, told.
const PROGRAM: Slot = Slot {
    kinds: &[Kind::Technical],
    competencies: &[],
    topics: &[
        "rate-limiting",
        "idempotency",
        "pagination",
        "sql-injection",
        "retries",
        "upload",
        "keyset",
    ],
    without: &["system-design"],
};

const SYSTEM: Slot = Slot {
    kinds: &[Kind::Technical],
    competencies: &[],
    topics: &[
        "system-design",
        "background-jobs",
        "rate-limiting",
        "state-machine",
        "webhooks",
        "multi-tenancy",
        "object-storage",
    ],
    without: &[],
};

const STORY: Slot = Slot {
    kinds: &[Kind::Behavioural],
    competencies: &[],
    topics: &[],
    without: &[PITCH],
};

const TOGETHER: Slot = Slot {
    kinds: &[Kind::Remote, Kind::Behavioural],
    competencies: &[Competency::CommunicationOwnership],
    topics: &[],
    without: &[PITCH],
};

/// Juniors are seldom asked to judge a situation; what they did tells of their judgement as well.
const JUDGEMENT: Slot = Slot {
    kinds: &[Kind::Situational, Kind::Behavioural],
    competencies: &[],
    topics: &[],
    without: &[ASKING, PITCH],
};

const fn stage(kind: StageKind, title: &'static str, minutes: u32, slots: &'static [Slot]) -> StagePlan {
    StagePlan {
        kind,
        title,
        minutes,
        slots,
    }
}

const FULL: [StagePlan; 6] = [
    stage(StageKind::Recruiter, "Recruiter call", 25, &[PITCHING]),
    stage(
        StageKind::PhoneScreen,
        "Phone screen",
        50,
        &[DATA, SERVICES, STORY],
    ),
    stage(StageKind::Coding, "Coding", 60, &[PROGRAM, PROGRAM]),
    stage(StageKind::SystemDesign, "System design", 60, &[SYSTEM]),
    stage(
        StageKind::Behavioural,
        "Behavioural",
        45,
        &[STORY, STORY, TOGETHER],
    ),
    stage(
        StageKind::HiringManager,
        "Hiring manager",
        35,
        &[JUDGEMENT, YOUR_QUESTIONS],
    ),
];

const ON_SITE: [StagePlan; 3] = [
    stage(
        StageKind::PhoneScreen,
        "Technical interview",
        50,
        &[DATA, SERVICES, PROGRAM],
    ),
    stage(StageKind::SystemDesign, "Design on site", 75, &[SYSTEM]),
    stage(StageKind::Behavioural, "Behavioural", 45, &[STORY, TOGETHER]),
];

/// The six stages scaled to one hour, each with one question.
const HOUR: [StagePlan; 6] = [
    stage(StageKind::Recruiter, "Recruiter call", 5, &[PITCHING]),
    stage(StageKind::PhoneScreen, "Phone screen", 11, &[DATA]),
    stage(StageKind::Coding, "Coding", 13, &[PROGRAM]),
    stage(StageKind::SystemDesign, "System design", 13, &[SYSTEM]),
    stage(StageKind::Behavioural, "Behavioural", 10, &[STORY]),
    stage(StageKind::HiringManager, "Hiring manager", 8, &[JUDGEMENT]),
];

/// Every preset, the whole loop first.
pub const PRESETS: [Preset; 9] = [
    Preset {
        id: "full",
        title: "Full loop",
        about: "All six stages of a backend loop at their real length, four and a half hours in one or several sittings.",
        note: "Recruiter 20 to 30 minutes, phone screen 45 to 60, coding 60, design 60, behavioural 45. No source \
            gives minutes for the hiring manager: 30 to 45 is our choice.",
        stages: &FULL,
    },
    Preset {
        id: "on-site",
        title: "Technical interview and on-site design",
        about: "The shorter loop of smaller companies: one technical interview, one long design, one talk.",
        note: "Technical 45 to 60 minutes, design on site 60 to 90. The behavioural talk of 45 is taken from the full \
            loop.",
        stages: &ON_SITE,
    },
    Preset {
        id: "one-hour",
        title: "One-hour loop",
        about: "All six stages with one question each, for practice on one evening.",
        note: "The minutes of the full loop scaled to 60; the scale is ours.",
        stages: &HOUR,
    },
    Preset {
        id: "recruiter-call",
        title: "Recruiter call",
        about: "Your strongest project in two minutes, and what follows from it.",
        note: "20 to 30 minutes.",
        stages: FULL.split_at(1).0,
    },
    Preset {
        id: "phone-screen",
        title: "Phone screen",
        about: "Two questions on fundamentals and one on what you did.",
        note: "45 to 60 minutes.",
        stages: FULL.split_at(1).1.split_at(1).0,
    },
    Preset {
        id: "coding",
        title: "Coding",
        about: "Two programs of a practical round, told with their edge cases.",
        note: "60 minutes.",
        stages: FULL.split_at(2).1.split_at(1).0,
    },
    Preset {
        id: "system-design",
        title: "System design",
        about: "One system from requirements to failure, with a requirement that changes.",
        note: "60 minutes.",
        stages: FULL.split_at(3).1.split_at(1).0,
    },
    Preset {
        id: "behavioural",
        title: "Behavioural",
        about: "Three stories under questioning.",
        note: "45 minutes.",
        stages: FULL.split_at(4).1.split_at(1).0,
    },
    Preset {
        id: "hiring-manager",
        title: "Hiring manager",
        about: "One situation to judge, and the questions that you ask.",
        note: "No source gives minutes: 30 to 45 is our choice.",
        stages: FULL.split_at(5).1,
    },
];

/// The preset of that name.
pub fn preset(id: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.id == id)
}

impl Preset {
    /// Its minutes.
    pub fn minutes(&self) -> u32 {
        self.stages.iter().map(|stage| stage.minutes).sum()
    }
}

/// What a stage shows an interviewer, in one sentence.
pub fn purpose(kind: StageKind) -> &'static str {
    match kind {
        StageKind::Recruiter => "Can you say in two minutes what you did and what came of it?",
        StageKind::PhoneScreen => {
            "Do the fundamentals hold, and does the experience on paper hold with them?"
        }
        StageKind::Coding => {
            "Do you write a small program that is right at its edges, and say what you assume?"
        }
        StageKind::SystemDesign => {
            "Do you ask what is needed, size it, choose with reasons, and know where it breaks?"
        }
        StageKind::Behavioural => "What did you yourself do, decide and learn when it was hard?",
        StageKind::HiringManager => "How do you judge and own a situation, and what do you ask of us?",
    }
}

/// The sentence that says what stands in for a round that is not built yet; `None` where the stage is a talk
/// anyway.
pub fn stands_in(kind: StageKind) -> Option<&'static str> {
    match kind {
        StageKind::Coding => Some(
            "Programs are not run here yet. A question stands in for the coding round: say how you would build it, \
             with its edge cases, and it is graded as an answer.",
        ),
        StageKind::SystemDesign => Some(
            "Designs are not simulated here yet. You describe the design in words, and it is graded as an answer.",
        ),
        StageKind::Recruiter | StageKind::PhoneScreen | StageKind::Behavioural | StageKind::HiringManager => {
            None
        }
    }
}
