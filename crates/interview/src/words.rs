//! The closed vocabularies of a loop that is under way.

use serde::{Deserialize, Serialize};

/// Declares an enum whose values have one spelling everywhere.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The one spelling.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
    };
}

words! {
    /// Where a loop stands.
    Phase {
        /// A stage is next and has not begun.
        Ready = "ready",
        /// A stage is under way and its clock runs.
        Running = "running",
        /// A stage is under way and its clock stands.
        Paused = "paused",
        /// Nothing more can happen.
        Ended = "ended",
    }
}

words! {
    /// Where a stage stands.
    StagePhase {
        /// Not begun.
        Waiting = "waiting",
        /// Under way.
        Running = "running",
        /// Its time is over; what is left is to go on.
        TimeOver = "time_over",
        /// Left.
        Done = "done",
        /// The loop ended before it began, or in its middle.
        Cut = "cut",
    }
}

words! {
    /// Where a question stands.
    QuestionPhase {
        /// Not asked yet.
        Waiting = "waiting",
        /// Asked; the candidate speaks.
        Answering = "answering",
        /// Handed in; the interviewer checks, and the change may be answered.
        FollowingUp = "following_up",
        /// Left.
        Done = "done",
        /// Asked, and nothing was said.
        Silent = "silent",
        /// Never asked, since the time of the stage was over.
        OutOfTime = "out_of_time",
        /// Never asked, since the loop ended before.
        NotReached = "not_reached",
    }
}

words! {
    /// What can be done in a loop.
    Act {
        /// Begin the stage that is next.
        Begin = "begin",
        /// Speak to the question.
        Say = "say",
        /// Speak to the requirement that changed.
        SayChange = "say_change",
        /// Ask for a requirement.
        Ask = "ask",
        /// Report activity.
        Pulse = "pulse",
        /// Hand in what was said.
        HandIn = "hand_in",
        /// Answer the interviewer's question on the attempt.
        Reply = "reply",
        /// Stop the clock.
        Pause = "pause",
        /// Let the clock go on.
        Resume = "resume",
        /// Go on to the next question or out of the stage.
        Next = "next",
        /// End the loop.
        End = "end",
    }
}

words! {
    /// Who speaks.
    Who {
        /// The interviewer.
        Interviewer = "interviewer",
        /// The candidate.
        Candidate = "candidate",
    }
}

words! {
    /// What a line of the transcript does.
    LineAct {
        /// Opens the stage.
        Open = "open",
        /// Says what stands in, or what the bank lacks.
        Notice = "notice",
        /// Puts the question.
        Question = "question",
        /// The candidate speaks to the question.
        Say = "say",
        /// The candidate speaks to the change.
        SayChange = "say_change",
        /// The candidate asks for a requirement.
        Ask = "ask",
        /// The interviewer answers from the hidden requirements.
        Clarify = "clarify",
        /// The interviewer leaves the decision to the candidate.
        Decline = "decline",
        /// The interviewer listens.
        Listen = "listen",
        /// The interviewer waits through a silence.
        Wait = "wait",
        /// A requirement changes.
        Change = "change",
        /// Half of the time is gone, or little is left.
        Time = "time",
        /// The answer is taken.
        Take = "take",
        /// The clock stops or goes on.
        Clock = "clock",
        /// The stage or the loop closes.
        Close = "close",
    }
}

words! {
    /// One of the five common mistakes of backend interviews.
    Mistake {
        /// A component was chosen before anything was asked, assumed or sized.
        SolutionBeforeRequirements = "solution_before_requirements",
        /// Data goes "into the database" and nothing is said of how it lies there.
        BlackBoxDatabase = "black_box_database",
        /// Nothing fails in the whole answer.
        HappyPathOnly = "happy_path_only",
        /// Far more machinery than the load asks for.
        OverEngineering = "over_engineering",
        /// A long time without a word.
        GoingSilent = "going_silent",
    }
}

words! {
    /// What a loop recommends. There is no value between no and yes.
    Recommendation {
        /// Far from the bar.
        StrongNo = "strong_no",
        /// Below the bar.
        No = "no",
        /// Above the bar.
        Yes = "yes",
        /// Far above the bar.
        StrongYes = "strong_yes",
    }
}

words! {
    /// Where in a step of the recommendation a loop lies.
    Within {
        /// In its lower third.
        Lower = "lower",
        /// In its middle third.
        Middle = "middle",
        /// In its upper third.
        Upper = "upper",
    }
}
