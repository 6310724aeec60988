// The address bar and the page agree. Links are plain <a href>; this takes the clicks it can handle.
import { tick } from 'svelte';
import { isInternal, match, type Route } from './routes';

class Router {
  path = $state(location.pathname);
  query = $state(location.search);
  /** Counts navigations, so that a page can tell the first from the rest. */
  visits = $state(0);
  route: Route = $derived(match(this.path));
  #scroll = new Map<string, number>();
  #entry = crypto.getRandomValues(new Uint32Array(1))[0]!.toString(36);

  start(): void {
    history.scrollRestoration = 'manual';
    history.replaceState({ entry: this.#entry }, '');
    addEventListener('popstate', (event) => {
      this.#leave();
      this.#entry = (event.state as { entry?: string } | null)?.entry ?? '';
      this.#arrive(this.#scroll.get(this.#entry) ?? 0);
    });
    document.addEventListener('click', (event) => this.#click(event));
  }

  go(href: string): void {
    this.#leave();
    this.#entry = crypto.getRandomValues(new Uint32Array(1))[0]!.toString(36);
    history.pushState({ entry: this.#entry }, '', href);
    this.#arrive(0);
  }

  /** Changes the query of this page without a new entry or a scroll. */
  setQuery(query: string): void {
    if (query === location.search) return;
    history.replaceState(history.state, '', location.pathname + query + location.hash);
    this.query = query;
  }

  #leave(): void {
    this.#scroll.set(this.#entry, scrollY);
  }

  #arrive(top: number): void {
    this.path = location.pathname;
    this.query = location.search;
    this.visits += 1;
    // The page may still be loading; focusHeading() runs when its heading is there.
    void tick().then(() => scrollTo(0, top));
  }

  #click(event: MouseEvent): void {
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    const link = (event.target as Element | null)?.closest?.('a[href]') as HTMLAnchorElement | null;
    if (!plain || event.defaultPrevented || !link || link.target || link.hasAttribute('download')) return;
    const url = new URL(link.href);
    const inPage = url.pathname === location.pathname && url.search === location.search && url.hash !== '';
    if (inPage || !isInternal(link.href, location.origin)) return;
    event.preventDefault();
    if (link.href !== location.href) this.go(url.pathname + url.search + url.hash);
  }
}

export const router = new Router();

/** Moves the focus to the heading of the page that was just navigated to, once it is rendered. */
export function focusHeading(node: HTMLElement): void {
  node.tabIndex = -1;
  if (router.visits > 0) node.focus({ preventScroll: true });
}
