// The editor of programs. It lives in a shadow root: there its styles are adopted sheets, which the page's
// policy allows; in the document they would be inline style elements, which it does not.
import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Annotation, Compartment, EditorSelection, EditorState, type Extension } from '@codemirror/state';
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { colours, theme } from './theme';

/** What is shown: each has its own text, cursor and undo. */
export interface Buffer {
  /** Names it among the buffers of this editor. */
  key: string;
  text: string;
  /** What a screen reader calls it. */
  label: string;
  /** Shown while there is no text. */
  hint?: string;
  /** Fetches grammar and indentation. */
  support?: () => Promise<Extension>;
  onedit: (text: string) => void;
}

/** A change that comes from outside and needs not be told to who made it. */
const silent = Annotation.define<boolean>();

/** Ctrl-Enter hands in; the editor's own meaning would take it away from the page. */
const keys = defaultKeymap.filter(({ key }) => key !== 'Mod-Enter');

/**
 * What is typed over a selection is put in by us. Left to do it, Chromium would carry the look of what goes over to
 * what comes, as an inline style, which the page's policy refuses.
 */
const overSelection = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { data, inputType } = event;
    const { from, to, empty } = view.state.selection.main;
    if (inputType !== 'insertText' || !data || empty || view.composing) return false;
    const insert = () => view.state.update(view.state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true });
    // Brackets around the selection, for one.
    const handled = view.state.facet(EditorView.inputHandler).some((handler) => handler(view, from, to, data, insert));
    if (!handled) view.dispatch(insert());
    return true;
  },
});

export class Editor {
  readonly #view: EditorView;
  readonly #states = new Map<string, EditorState>();
  #shown: Buffer;

  /** `described` is read out with the label: how to leave. */
  constructor(host: HTMLElement, buffer: Buffer, described: string) {
    const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
    const hint = document.createElement('p');
    hint.id = 'described';
    hint.hidden = true;
    hint.textContent = described;
    const parent = document.createElement('div');
    parent.style.height = '100%';
    root.replaceChildren(hint, parent);
    this.#shown = buffer;
    this.#view = new EditorView({ state: this.#made(buffer), parent, root });
  }

  /** Shows another buffer; the one shown before keeps its cursor and its undo. */
  show(buffer: Buffer): void {
    if (buffer.key === this.#shown.key) {
      this.#shown = buffer;
      this.put(buffer.text);
      return;
    }
    this.#states.set(this.#shown.key, this.#view.state);
    this.#shown = buffer;
    this.#view.setState(this.#states.get(buffer.key) ?? this.#made(buffer));
    this.put(buffer.text);
  }

  /** Makes the text this one, as a change that can be undone, where it is not already. */
  put(text: string): void {
    const { doc } = this.#view.state;
    if (doc.toString() === text) return;
    this.#view.dispatch({ changes: { from: 0, to: doc.length, insert: text }, annotations: silent.of(true) });
  }

  /** Puts the cursor at a place, lines and columns from 1, and the focus with it. */
  jump(line: number, column = 1): void {
    const { doc } = this.#view.state;
    const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
    const selection = EditorSelection.cursor(Math.min(at.from + Math.max(column - 1, 0), at.to));
    this.#view.dispatch({ selection, effects: EditorView.scrollIntoView(selection, { y: 'center' }) });
    this.#view.focus();
  }

  focus(): void {
    this.#view.focus();
  }

  destroy(): void {
    this.#view.destroy();
  }

  #made({ key, text, label, hint, support }: Buffer): EditorState {
    const language = new Compartment();
    void support?.().then((found) => this.#later(key, language, found));
    return EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(), history(), drawSelection(), highlightActiveLine(), highlightActiveLineGutter(), bracketMatching(),
        closeBrackets(), indentOnInput(), highlightSelectionMatches(), search(), theme, syntaxHighlighting(colours),
        keymap.of([...closeBracketsKeymap, ...keys, ...searchKeymap, ...historyKeymap, indentWithTab]),
        EditorState.tabSize.of(4),
        language.of([]),
        overSelection,
        hint ? placeholder(hint) : [],
        EditorView.contentAttributes.of({ 'aria-label': label, 'aria-describedby': 'described', autocapitalize: 'off', tabindex: '0' }),
        EditorView.updateListener.of((update) => {
          const ours = update.transactions.every((transaction) => transaction.annotation(silent));
          if (update.docChanged && !ours) this.#shown.onedit(update.state.doc.toString());
        }),
      ],
    });
  }

  /** Adds what came after the buffer was made, whether it is still shown or not. */
  #later(key: string, language: Compartment, found: Extension): void {
    const effects = language.reconfigure(found);
    if (key === this.#shown.key) this.#view.dispatch({ effects });
    else {
      const kept = this.#states.get(key);
      if (kept) this.#states.set(key, kept.update({ effects }).state);
    }
  }
}
