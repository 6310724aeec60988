// Shapes of the code round as expected; replaced by the generated ones.
export type Language = 'python' | 'javascript' | 'typescript' | 'go' | 'rust';
export type RunVerdict =
  | 'accepted' | 'wrong_answer' | 'protocol_error' | 'crashes' | 'too_slow' | 'idle' | 'too_much_memory' | 'too_much_output'
  | 'compile_error';
export interface ProgramFile { path: string; text: string }
export interface Program {
  mode: 'stdio' | 'calls';
  class: { name: string; init: string; operations: { name: string; signature: string; doc: string }[]; records: { name: string; fields: string }[]; clock: boolean; concurrent: boolean; durable: boolean } | null;
  groups: { id: string; title: string; weight: number; visible: boolean; why: string }[];
  limits: { cpu_ms: number; memory_mb: number; why: string };
  languages: { id: Language; title: string; file: string; starter: string; installed: boolean | null; version: string | null; cure: string }[];
  tests_file: string;
  tests: string;
  judge: { state: 'ready' | 'starting' | 'unavailable'; isolation: string; warnings: string[]; why: string; cure: string };
  references: { lang: Language; text: string }[];
}
export interface ProgramDraftBody { files: ProgramFile[]; elapsed_ms: number | null }
export interface RanCase { name: string; verdict: RunVerdict; input: string; expected: string; got: string; why: string; log: string; cpu_ms: number; memory_mb: number }
export interface Ran { compile_error: string | null; cases: RanCase[] }
export type TrialOn = 'examples' | 'tests' | { input: string };
export interface NewRun { lang: Language; files: ProgramFile[]; on: TrialOn }
export interface Grading { ahead: number; tries: number; reason: string | null; compiling: boolean; groups: { id: string; title: string; done: number; of: number; failed: number }[] }
