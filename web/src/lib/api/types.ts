// The wire shapes under the names the page uses. The source is schema.d.ts, generated from the server.
import type { components } from './schema';

type Schemas = components['schemas'];

export type Answered = Schemas['AnsweredBody'];
export type Attempt = Schemas['AttemptBody'];
export type AttemptSummary = Schemas['AttemptEntry'];
export type Band = Schemas['Band'];
export type Change = Schemas['ChangeBody'];
export type Criterion = Schemas['CriterionBody'];
export type Draft = Schemas['DraftBody'];
export type ExportDocument = Schemas['ExportDocument'];
export type Evidence = Schemas['EvidenceBody'];
export type Group = Schemas['GroupBody'];
export type Guidance = Schemas['GuidanceBody'];
export type Health = Schemas['HealthBody'];
export type HistoryItem = Schemas['HistoryItem'];
export type Imported = Schemas['ImportBody'];
export type Item = Schemas['ItemEntry'];
export type ItemDetail = Schemas['ItemBody'];
export type NewAttempt = Schemas['NewAttempt'];
export type NewOverride = Schemas['NewOverride'];
export type NewReply = Schemas['NewReply'];
export type Override = Schemas['OverrideBody'];
/** Codes are added over time, so a reader takes any. */
export type Problem = Omit<Schemas['Problem'], 'code'> & { code: string };
export type Question = Schemas['QuestionBody'];
export type Reading = Schemas['ReadingBody'];
export type ReadVerdict = Schemas['ReadVerdict'];
export type Scorecard = Schemas['ScorecardBody'];
export type Speech = Schemas['SpeechBody'];
export type Status = Schemas['Status'];
export type Transcription = Schemas['TranscriptionBody'];
export type Variant = Schemas['VariantBody'];
export type WithOverrides = Schemas['WithOverridesBody'];
