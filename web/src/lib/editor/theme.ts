// The editor in the colours of the page; custom properties reach into its shadow root.
import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tagHighlighter, tags } from '@lezer/highlight';

/** What is coloured, and the class that static text gets for it. */
const COLOURED = [
  { tag: [tags.keyword, tags.modifier, tags.self, tags.operatorKeyword], class: 'word', color: 'var(--code-word)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp, tags.escape], class: 'text', color: 'var(--code-text)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], class: 'value', color: 'var(--code-value)' },
  { tag: [tags.comment, tags.meta], class: 'comment', color: 'var(--ink-faint)' },
  {
    tag: [tags.definition(tags.function(tags.variableName)), tags.definition(tags.typeName), tags.className, tags.typeName],
    class: 'name',
    color: 'var(--accent)',
  },
];

export const colours = HighlightStyle.define(COLOURED.map(({ tag, color }) => ({ tag, color })));

/** For {@link highlighted} text outside of an editor. */
export const classes = tagHighlighter(COLOURED.flatMap(({ tag, class: name }) => tag.map((one) => ({ tag: one, class: name }))));

export const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', background: 'var(--raised)', fontSize: 'var(--code-size, 0.875rem)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55', overflow: 'auto' },
  '.cm-content': { padding: '0.5rem 0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 0.75rem 0 0.5rem' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '2px' },
  '.cm-gutters': { background: 'var(--raised)', color: 'var(--ink-faint)', border: '0' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '2.25em', padding: '0 0.25rem 0 0.5rem' },
  '.cm-activeLine': { background: 'color-mix(in oklab, var(--ink) 4%, transparent)' },
  '.cm-activeLineGutter': { background: 'none', color: 'var(--ink)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    background: 'color-mix(in oklab, var(--accent) 22%, transparent)',
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { background: 'none', outline: '1px solid var(--line-strong)' },
  '.cm-nonmatchingBracket, &.cm-focused .cm-nonmatchingBracket': { background: 'none', outline: '1px solid var(--bad)' },
  '.cm-searchMatch': { background: 'var(--mid-wash)', outline: '1px solid var(--mid)' },
  '.cm-searchMatch-selected': { background: 'var(--accent-wash)', outline: '1px solid var(--accent)' },
  '.cm-panels': { background: 'var(--wash)', color: 'var(--ink)', fontFamily: 'var(--sans)' },
  '.cm-panels-bottom': { borderTop: '1px solid var(--line)' },
  '.cm-panel.cm-search': { padding: '0.5rem 2rem 0.5rem 0.5rem' },
  '.cm-panel.cm-search label': { fontSize: '0.8125rem' },
  '.cm-textfield, .cm-button': {
    border: '1px solid var(--line-strong)', borderRadius: '4px', background: 'var(--raised)', backgroundImage: 'none',
    color: 'var(--ink)', font: '0.8125rem var(--sans)', padding: '0.1875rem 0.5rem',
  },
  '.cm-panel.cm-search [name=close]': { color: 'var(--ink)', font: '1.25rem var(--sans)', width: '1.5rem', cursor: 'pointer' },
  '.cm-panels :focus-visible': { outline: '2px solid var(--accent)', outlineOffset: '1px' },
  '.cm-placeholder': { color: 'var(--ink-faint)' },
});
