// One way to the server: adds the token, waits for one when refused, and tells "no answer" from "no".
import { connection } from '../connection.svelte';
import { session } from '../session.svelte';
import type { Problem } from './types';

/** Longer than any grading takes; past this the server counts as not answering. */
const TIMEOUT_MS = 30_000;

/** The server answered, with an error. */
export class Refused extends Error {
  constructor(
    readonly problem: Problem,
    /** Seconds the server asks to wait, or null. */
    readonly retryAfter: number | null,
  ) {
    super(problem.detail || problem.title);
  }
}

/** The server did not answer. */
export class Unreachable extends Error {
  constructor() {
    super('Spar is not answering.');
  }
}

export async function transport(request: Request, within = TIMEOUT_MS): Promise<Response> {
  const again = request.clone();
  const { token } = session;
  if (token) request.headers.set('Authorization', `Bearer ${token}`);
  let response: Response;
  try {
    response = await fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(within)]) });
  } catch {
    request.signal.throwIfAborted();
    connection.lost();
    throw new Unreachable();
  }
  connection.found();
  if (response.status !== 401) return response;
  await session.ask(token);
  return transport(again, within);
}

/** The data of an answer, or the error it stands for. */
export async function data<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  if (response.ok) return data as T;
  const wait = Number(response.headers.get('Retry-After'));
  throw new Refused(problemOf(error, response), response.headers.has('Retry-After') && wait >= 0 ? wait : null);
}

function problemOf(error: unknown, response: Response): Problem {
  const given = typeof error === 'object' && error !== null ? (error as Partial<Problem>) : {};
  return {
    type: 'about:blank',
    title: response.statusText || 'Error',
    status: response.status,
    detail: `The server answered ${response.status}.`,
    code: 'unknown',
    ...given,
  };
}

export function isMissing(error: unknown): boolean {
  return error instanceof Refused && error.problem.status === 404;
}

/** What to tell the reader, as a sentence. */
export function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** A random key; `crypto.randomUUID` is missing on plain http beyond loopback. */
export function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
}
