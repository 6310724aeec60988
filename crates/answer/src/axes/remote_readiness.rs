//! Remote-readiness: it would work with people asleep. A checklist, not a predictor: no public data
//! validates it, so its weight is small outside remote questions. Saying "async" earns nothing: each
//! habit wants what is done, and with whom or with what.

use domain::{Criterion, Lexicon};

use super::{Feature, Scene};
use crate::pattern::{Compiler, Pattern, PatternError, Vocabulary};

/// One habit of people who work apart, as patterns (docs/bank-format.md) of a sentence that shows it.
struct Habit {
    id: &'static str,
    title: &'static str,
    out_of: f64,
    shown: &'static [&'static str],
    tip: &'static str,
}

const HABITS: [Habit; 5] = [
    Habit {
        id: "written-trace",
        title: "Leaves it in writing",
        out_of: 2.5,
        shown: &[
            "write|wrote|written|document|record|post|publish|put|keep|kept|log|add|file|land|lands|committed|live|lives|generate adr|decision_record|decision_log|design_doc*|design_note|rfc|wiki|runbook|changelog|release_note|readme|postmortem|post_mortem|ticket|handover_note|shared_doc*|shared_file|timeline|migration_guide|confluence|notion|portal|catalog*|tracker ^10",
            "write|wrote|written|post|pasted|paste|summar*|sum|sums|documented|document why|reason|reasons|result|conclusion|agreed|agreement|decision|decided|decide|assumption|page|pages|thread|channel|pull_request|description|question|questions|answer|remark|remarks|summary|minutes|email|mail ^9 !web|http|client|server|table|row|disk",
            "in_writing|written_down|writes_down|wrote_down|write_down|writing_down|written_record|one_pager|decision_record|in_black_and_white",
            "write|wrote|i_write two|three|one|half|short|few sentence|sentences|line|lines|page|pages|paragraph ^6 !code|test",
            "has|have|come|comes|with|every|each runbook|run_book|playbook|call_sheet ^6",
            "adr|changelog|change_log|decision_record|wiki|catalog*|portal|runbook|run_book|postmortem|post_mortem|readme|release_note|spec|openapi sit|go|goes|lie|live|stand|find|read|link|with|beside|next_to|same_pull_request read|why|date|dates|page|repo|repository|code|everybody|everyone|people|anyone|later ^14",
            "put|puts|pasted|write|answer|answers in|into docs|doc|page|document|wiki|documentation|report ^8",
            "public_channel|open_channel|shared_channel|in_channel ask|asked|question|questions|answer|write|wrote|post|posted|decide|say ^10",
        ],
        tip: "Say where it is written down: the decision record, the runbook, the changelog.",
    },
    Habit {
        id: "owner",
        title: "Names an owner and a hand-off",
        out_of: 1.0,
        shown: &[
            "own|owns|owned|owner|owners|responsible|accountable|answerable|in_charge team|teams|person|somebody|someone|one|who|each|every|service|part|date|dates|deadline|action|actions|name|names|follow_up|follow_ups ^8",
            "name|named|names|put|with|write|wrote reviewer|owner|owners|deputy|stand_in|replacement|contact|name ^5 !domain|host|column|table|file|key|event",
            "handover|hand_over|handed_over|handing_over|hands_over|hand_off|handoff|hands_off !pointer|request|control|gracefully",
            "on_call rotation|rota|schedule|shift|shifts|duty|take_turns|turns ^8",
            "assign|assigned|give|gave|given person|owner|reviewer|somebody|someone|engineer|colleague task|tasks|ticket|tickets|item|items|review|reviews|it|part|each ^8 !work_queue",
            "i_take|i_took|i_am|take|took|takes lead|incident_commander|incident_lead|coordinat*|ownership ^5",
            "who decides|decide|decided|looks|look|does|do|moves|calls|call|takes ^5 by_name|when|until|if|away|instead|about|each|until_when|write|wrote|written|listed",
        ],
        tip: "Say who owns it next and how it is handed over.",
    },
    Habit {
        id: "time-zones",
        title: "Works across time zones",
        out_of: 3.0,
        shown: &[
            "time_zone|time_zones|timezone|timezones|hours_apart|hours_ahead|hours_behind|hours_difference|hour_difference|asleep|sleep|overlap_hour|overlap_hours|overlapping_hours|their_morning|next_zone|their_daytime|working_day|next_morning|end_of_my_day|finish_my_day|before_i_leave|wakes_up|wake_up|other_continent|other_country review|reviewer|read|reads|comment|comments|answer|answers|reply|question|questions|colleague|colleagues|team|teams|people|nobody|somebody|they|them|object|wait|waiting|hand|open|opens|look|looks|author|merge|meeting ^14 !utc|clock|timestamp|database|column|cron|store|stored|daylight|thread|users|user",
            "async|asynchronous|asynchronously review|reviews|comment|comments|discussion|discuss|decision|decisions|decide|feedback|communication|communicate|update|updates|standup|colleagues|people|teammates ^8 !queue|handler|runtime|await|request",
            "not:wait|block|blocked|blocking|depend ~reply|answer|reviewer|review|approval|colleague|each_other|meeting|zone|somebody|someone|a_person ^8 !thread|lock|query|request|transaction|response",
            "all|every|remarks|comments|everything|feedback one_go|one_pass|single_pass|one_time|one_round|one_sitting|at_once ^8 remark|remarks|comment|comments|review|question|questions|feedback",
            "wait|waited|waiting|ask|asked next_day|next_morning|whole_day|a_day|tomorrow|overnight answer|question|ask|asked|somebody|they|reviewer|people|team|colleague ^14 !queue|batch|delivery|ship",
            "nobody|no_one|none|everybody|everyone|half_the_team|they awake|asleep|sleeping|offline ^5",
            "question|round|misunderstanding|mistake costs|cost|costing day|days|whole_day ^6",
        ],
        tip: "Say what happens while the other side sleeps: what they can do without you.",
    },
    Habit {
        id: "cadence",
        title: "Keeps people informed at stated times",
        out_of: 2.0,
        shown: &[
            "update|updates|status|message|messages|post|posts|report|note|tell|told|inform|informed|write|wrote|announce|announced|announcement|mail|email|send|sent|speak|summary|warn|notice|news|hear|heard support|customer|customers|stakeholder*|everyone|everybody|people|team|teams|channel|thread|manager|managers|management|boss|product|partner|partners|client|clients|consumer|consumers|lead|leads|business|marketing|department|sales|owner|all_of_them|to_all|to_both|them|they every|each|weekly|daily|monthly|friday|fridays|monday|minute|minutes|quarter_of_an_hour|half_hour|hour|week|weeks|month|months|next|in_advance|ahead|beforehand|early|date|dates|day ^16 !gateway|header|payload|webhook|event|queue",
            "next_update|next_message|status_update|status_page|regular_updates|weekly_update|weekly_note|daily_update",
            "announce*|deprecat*|notice|sunset month|months|weeks|date|dates|advance|ahead|early partner|partners|client|clients|consumer|consumers|customer|customers|them|everyone|team|teams|mail|email|users",
            "first|answer|reply|response|respond|react|review|reviewed|merge|comment within|in working_day|business_day|one_day|24_hours|48_hours|day|hours ^14 review|reviewer|pull_request|comment|question|colleague|author|proposal|rfc",
            "stays_open|open_for|commented|comment|comments|respond days|48_hours|week|hours|daytime ^8 proposal|rfc|document|page|doc|pull_request|draft|it|writing",
            "changelog|change_log|release_note|release_notes date|dates|months|weeks|every|each ^8",
            "next_update|i_am_on_it|i_have_it|i_have_got_it|i_am_looking channel|thread|line|write|post|say ^14",
        ],
        tip: "Say when people hear from you without asking: every thirty minutes, each Friday, before the cut-off.",
    },
    Habit {
        id: "self-serve",
        title: "Others can go on without asking",
        out_of: 1.5,
        shown: &[
            "example|examples|sample|request copy|run|runnable|curl|try|paste|ready|works|work every|each|endpoint|you|they|developer|client|clients|team|teams ^14 !code_sample_size",
            "sandbox|mock|mock_server|test_environment|pretend_version|stub|test_key|test_token|portal|catalog* team|teams|client|clients|partner|partners|developer|developers|anyone|they|consumer|consumers|people|agency|themselves|you|everybody ^14",
            "runbook|playbook|checklist|sheet|guide|readme|template|manual|instruction|instructions|steps anyone|anybody|everyone|everybody|every|each|next|on_call|team|teams|new|newcomer|person|somebody|whoever|alert|alarm|they|who ^12",
            "not:ask|asking|me|us|meeting|call|wake|waking ~anyone|anybody|they|team|teams|people|developer|developers|person|reviewer|colleague|she|he|you|them ^14 !client|request|server",
            "themselves|on_their_own|by_himself|by_herself|by_themselves|self_service|self_serve team|teams|people|developer|developers|partner|partners|anyone|they|consumer|consumers|engineer|support ^12",
            "ci|pipeline|linter|machine|bot|formatter style|format|formatting|lint|test|tests ^8 person|reviewer|human|people|before|review",
            "quickstart|quick_start|getting_started|error_code|error_codes|page|docs|docs_page example|curl|sandbox|what_to_do|paragraph|play_environment ^12",
            "people|anyone|others|everybody|somebody|colleague|everyone|newcomer|whoever can read|see|find|do|follow|continue|rebuild|pick_up|take_over ^7 !database|lock|snapshot|transaction|data|row|rows|tenant|token|url|file",
            "how test|tested|undo|roll|verify|check|works|see ^6 description|pull_request|write|wrote|change|says|say|request ^16",
        ],
        tip: "Leave what lets others go on alone: a runnable example, a dashboard, a checklist.",
    },
];

/// The habits, compiled.
#[derive(Debug)]
pub(crate) struct Habits {
    shown: Vec<Vec<Pattern>>,
    vocabulary: Vocabulary,
}

impl Habits {
    /// Compiles the habits.
    pub(crate) fn new() -> Result<Self, PatternError> {
        let lexicon = Lexicon::new();
        let mut compiler = Compiler::new(&lexicon);
        let shown = HABITS
            .iter()
            .map(|habit| habit.shown.iter().map(|p| compiler.pattern(p)).collect())
            .collect::<Result<_, _>>()?;
        Ok(Self {
            shown,
            vocabulary: compiler.finish(),
        })
    }

    /// The criteria of the axis.
    pub(crate) fn criteria(&self, scene: &Scene<'_>) -> Vec<Criterion> {
        let read = self.vocabulary.read(scene.text);
        let shows = |patterns: &[Pattern], at: usize| {
            patterns
                .iter()
                .any(|pattern| pattern.find(scene.text, &read, at).is_some())
        };
        HABITS
            .iter()
            .zip(&self.shown)
            .map(|(habit, patterns)| {
                let shown: Vec<usize> = scene.sentences().filter(|at| shows(patterns, *at)).collect();
                feature(scene, habit, &shown).criterion()
            })
            .collect()
    }
}

fn feature(scene: &Scene<'_>, habit: &Habit, shown: &[usize]) -> Feature {
    let on_point = shown.iter().any(|at| scene.is_on_point(*at));
    Feature {
        id: habit.id,
        title: habit.title,
        out_of: habit.out_of,
        share: match shown.len() {
            0 => 0.0,
            _ if on_point => 1.0,
            _ => 0.5,
        },
        why: match shown.len() {
            0 => "not found in the answer".to_owned(),
            1 => "one sentence does it".to_owned(),
            n => format!("{n} sentences do it"),
        },
        evidence: shown.iter().map(|at| scene.span(*at)).collect(),
        tip: habit.tip,
    }
}
