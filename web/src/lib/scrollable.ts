// What scrolls sideways in rendered text must be reachable by keyboard: wide examples and tables on a phone.

export function scrollable(node: HTMLElement): { destroy: () => void } {
  const look = (): void => {
    for (const it of node.querySelectorAll<HTMLElement>('pre, table')) {
      if (it.scrollWidth > it.clientWidth) it.tabIndex = 0;
      else it.removeAttribute('tabindex');
    }
  };
  const observer = new ResizeObserver(look);
  observer.observe(node);
  return { destroy: () => observer.disconnect() };
}
