// What a candidate does before an interview, and what to look at in a company: the words of the job page.
import type { Task } from './api/types';

export const TASKS: { id: Task; says: string }[] = [
  { id: 'posting', says: 'Read the description line by line and note what is unclear.' },
  { id: 'company', says: 'Know what they build, for whom, and how it earns money.' },
  { id: 'public-api', says: 'Read their public API documentation; have one choice to praise and one to ask about.' },
  { id: 'pitch', says: 'Say the two minutes on your strongest project aloud.' },
  { id: 'stories', says: 'Have three stories that fit into three minutes each.' },
  { id: 'questions', says: 'Answer the questions of the set, weakest first.' },
  { id: 'claims', says: 'Defend each line of the CV with a figure.' },
  { id: 'loop', says: 'Run one whole mock loop against the clock.' },
  { id: 'asking', says: 'Choose what to ask the interviewer.' },
  { id: 'appointment', says: 'Know who interviews, when, how long, in which tool and language.' },
  { id: 'equipment', says: 'Try camera, microphone, editor, and a second way to dial in.' },
];

/** What to look at, each with what to make of it. */
export const PROMPTS: { about: string; ask: string }[] = [
  { about: 'What they build', ask: 'Who pays for it, and what happens to them when the backend is down for an hour?' },
  { about: 'Their load', ask: 'Which figures do they give away: users, orders, regions? What follows for requests a second?' },
  { about: 'Public API: errors', ask: 'One shape for all errors? Codes that a program can read? Which would you change?' },
  { about: 'Public API: versions', ask: 'Where does the version stand, and how long does an old one live?' },
  { about: 'Public API: lists', ask: 'Cursors or offsets? What happens when rows arrive while a client pages?' },
  { about: 'Public API: safety', ask: 'Idempotency keys, rate limits, scopes: what is there, and what is missing?' },
  { about: 'Webhooks', ask: 'Are they signed, retried, ordered? How does a client catch up?' },
  { about: 'Status page and postmortems', ask: 'What failed last, and what did they say they changed?' },
  { about: 'Engineering blog and code', ask: 'Which decision there would you have made differently, and why?' },
];
