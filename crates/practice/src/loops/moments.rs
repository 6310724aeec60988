//! The common mistakes of a loop with the moment of each.

use answer::{Setting, Shown, SpokenMistake};
use domain::{InterviewLoop, StageKind, StageQuestion};
use interview::{Mistake, Moment, QuestionState, State, silences};

use crate::Practice;

impl Practice {
    /// Mistakes for each stage, in order of time.
    pub(super) fn moments(&self, head: &InterviewLoop, state: &State) -> Vec<Vec<Moment>> {
        let stages = head.stages.iter().zip(&state.stages);
        let of = stages.map(|(script, stage)| {
            let mut moments = silences(stage);
            let asked = script.questions.iter().zip(&stage.questions).enumerate();
            for (number, (asked, question)) in asked {
                moments.extend(self.spoken(script.kind, number, asked, question));
            }
            moments.sort_by_key(|moment| (moment.elapsed_ms, moment.mistake));
            moments
        });
        of.collect()
    }

    /// Mistakes that the words of an answer show. They are those of designs and programs: a story or a question
    /// on how something works neither has requirements nor a load.
    fn spoken(
        &self,
        kind: StageKind,
        number: usize,
        asked: &StageQuestion,
        question: &QuestionState,
    ) -> Vec<Moment> {
        let said = &question.answer;
        if !matches!(kind, StageKind::SystemDesign | StageKind::Coding) || said.text.is_empty() {
            return Vec::new();
        }
        let Some(mistakes) = self.mistakes() else {
            return Vec::new();
        };
        let mut stated = vec![asked.prompt.as_str()];
        stated.extend(question.asked.iter().map(|asked| asked.answer.as_str()));
        let asked_after: Vec<usize> = question.asked.iter().map(|asked| asked.after).collect();
        let setting = Setting {
            stated: &stated,
            asked_after: &asked_after,
        };
        let fits = |shown: &Shown| match shown.mistake {
            SpokenMistake::SolutionBeforeRequirements => true,
            SpokenMistake::OverEngineering => kind == StageKind::SystemDesign,
            // What was left out is known when nothing more can come.
            SpokenMistake::BlackBoxDatabase => kind == StageKind::SystemDesign && said.handed_in.is_some(),
            SpokenMistake::HappyPathOnly => said.handed_in.is_some(),
        };
        let shown = mistakes.find(&said.text, &setting).into_iter().filter(fits);
        shown
            .map(|shown| Moment::spoken(mistake(shown.mistake), number, said, shown.bytes, shown.why))
            .collect()
    }
}

fn mistake(spoken: SpokenMistake) -> Mistake {
    match spoken {
        SpokenMistake::SolutionBeforeRequirements => Mistake::SolutionBeforeRequirements,
        SpokenMistake::BlackBoxDatabase => Mistake::BlackBoxDatabase,
        SpokenMistake::HappyPathOnly => Mistake::HappyPathOnly,
        SpokenMistake::OverEngineering => Mistake::OverEngineering,
    }
}
