// Paper has no disclosure: what is folded on the screen is open while printing.
class Printing {
  on = $state(false);

  constructor() {
    addEventListener('beforeprint', () => (this.on = true));
    addEventListener('afterprint', () => (this.on = false));
  }
}

export const printing = new Printing();
