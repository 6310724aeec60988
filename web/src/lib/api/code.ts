// Shapes of the code round as expected; replaced by the generated ones.
export type Language = 'python' | 'javascript' | 'typescript' | 'go' | 'rust';
export type RunVerdict =
  | 'accepted' | 'wrong_answer' | 'protocol_error' | 'crashes' | 'too_slow' | 'idle' | 'too_much_memory' | 'too_much_output'
  | 'compile_error';
export interface ProgramFile { path: string; text: string }
export interface LanguageEntry { id: Language; title: string; file: string; version: string | null; cure: string | null; starter: string }
export interface CaseGroup { id: string; title: string; weight: number; visible: boolean; why: string }
export interface CodeItem {
  mode: 'stdio' | 'calls';
  languages: LanguageEntry[];
  tests: string;
  groups: CaseGroup[];
  limits: { cpu_ms: number; memory_mb: number; why: string };
  warnings: string[];
  unavailable: { why: string; cure: string } | null;
}
export interface RanCase { name: string; verdict: RunVerdict; input: string; expected: string; got: string; why: string; log: string; cpu_ms: number; memory_mb: number }
export interface Ran { compile_error: string | null; cases: RanCase[] }
export type TrialOn = 'examples' | 'tests' | { input: string };
export interface GroupProgress { id: string; title: string; done: number; of: number; failed: number }
export interface Progress { compiling: boolean; groups: GroupProgress[] }
