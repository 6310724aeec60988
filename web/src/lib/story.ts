// A story in words of the page.
import type { StoryFields, StoryFinding, StoryPart } from './api/types';
import { indexesOfBytes } from './bytes';

export const PARTS: { part: StoryPart; title: string; ask: string; example: string }[] = [
  {
    part: 'situation',
    title: 'Situation',
    ask: 'Where it was and what was wrong. Two sentences.',
    example: 'Every Monday at nine our checkout timed out for one order in fifty.',
  },
  { part: 'task', title: 'Task', ask: 'What you had to do, and by when.', example: 'I was on call and had to find out why before the next Monday.' },
  {
    part: 'action',
    title: 'Action',
    ask: 'What you yourself did, step by step. The longest part.',
    example: 'I read the slow query log, saw that a report locked the order table, and moved it to a replica.',
  },
  {
    part: 'result',
    title: 'Result',
    ask: 'What came of it: a figure, and what it was before.',
    example: 'Timeouts fell from 2 percent of orders to 0.1 percent.',
  },
  {
    part: 'lesson',
    title: 'Lesson',
    ask: 'What you do since then, or would do otherwise.',
    example: 'I ask who else reads a table before I look at my own queries.',
  },
];

export const BLANK_STORY: StoryFields = {
  title: 'Untitled story',
  situation: '',
  task: '',
  action: '',
  result: '',
  lesson: '',
  when: '',
  role: '',
  competencies: [],
  tags: [],
  figures: [],
  names: [],
};

/** Entries of a field that takes one a line or separated by commas, without empty and repeated ones. */
export function entries(text: string, separator: RegExp): string[] {
  return [...new Set(text.split(separator).map((entry) => entry.trim()))].filter((entry) => entry !== '').slice(0, 20);
}

/** The words in question; offsets count UTF-8 bytes of the part. A finding may be older than the text. */
export function quotes(story: StoryFields, finding: StoryFinding): string[] {
  const text = story[finding.part];
  const at = indexesOfBytes(text, finding.spans.flatMap(({ start, end }) => [start, end]));
  return finding.spans.map((_, i) => text.slice(at[2 * i], at[2 * i + 1])).filter((words) => words !== '');
}

/** `a, b and 2 more`, for the words of one finding. */
export function shortly(words: string[], most = 4): string {
  const shown = words.slice(0, most).map((word) => `“${word}”`);
  const more = words.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
