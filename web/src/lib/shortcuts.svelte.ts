// One listener turns keys into actions; the page that is shown says what an action does.
import { step, type Action, type Step } from './keys';
import { settings } from './settings.svelte';

/** `false`: not for me, let the browser have the key. */
type Handler = (event: KeyboardEvent) => void | false;
type Handlers = Partial<Record<Action, Handler>>;

/** A `g` waits this long for its letter. */
const PENDING_MS = 2_000;

const layers: Handlers[] = [];
let pending: Step['pending'] = '';
let pendingSince = 0;

/** Registers handlers while the calling component lives; the newest layer wins. */
export function useShortcuts(handlers: Handlers): void {
  $effect(() => {
    layers.push(handlers);
    return () => void layers.splice(layers.indexOf(handlers), 1);
  });
}

export function onKeydown(event: KeyboardEvent): void {
  if (event.isComposing || event.defaultPrevented || document.querySelector('dialog[open]')) return;
  // Where it was typed, also inside the shadow root of an editor.
  const target = (event.composedPath()[0] ?? event.target) as Element | null;
  const result = step(
    event.timeStamp - pendingSince < PENDING_MS ? pending : '',
    {
      key: event.key,
      ctrl: event.ctrlKey,
      meta: event.metaKey,
      alt: event.altKey,
      typing: isTyping(target),
      onControl: !!target?.closest('a[href], button, summary, [role=button]'),
    },
    settings.singleKeys,
  );
  pending = result.pending;
  pendingSince = event.timeStamp;
  const { action } = result;
  const handler = action && layers.findLast((layer) => layer[action])?.[action];
  if (handler && handler(event) !== false) event.preventDefault();
}

function isTyping(target: Element | null): boolean {
  if (!target) return false;
  if (target.matches('textarea, select, [contenteditable]')) return true;
  return target.matches('input') && !target.matches('[type=radio], [type=checkbox], [type=button], [type=submit]');
}
