// The paper of a floor plan: metres of the place to fractions of the drawing, and back.

export class Paper {
  /** `plan` as the hub tells it: size, origin, upwards. */
  constructor({ size: [width, height], origin: [left, low] = [0, 0], upwards = false }) {
    Object.assign(this, { width, height, left, low, upwards });
  }

  get aspect() {
    return this.width / this.height;
  }

  /** Metres to fractions from the upper left corner. */
  at([x, y]) {
    const down = (y - this.low) / this.height;
    return [(x - this.left) / this.width, this.upwards ? 1 - down : down];
  }

  /** Fractions to metres, to the centimetre. */
  metres([across, down]) {
    const along = this.upwards ? 1 - down : down;
    return [across * this.width + this.left, along * this.height + this.low].map(centimetres);
  }

  /** A step on the screen, right and down, in metres of the plan. */
  step([across, down]) {
    return [across, this.upwards ? -down : down];
  }

  /** A place moved back into the paper. */
  within([x, y]) {
    const into = (value, from, span) => Math.min(Math.max(value, from), from + span);
    return [into(x, this.left, this.width), into(y, this.low, this.height)].map(centimetres);
  }

  /** The distance of lines that make a quiet grid: 1, 2 or 5 times a power of ten, in metres. */
  get mesh() {
    const wanted = Math.max(this.width, this.height) / 24;
    const power = 10 ** Math.floor(Math.log10(wanted));
    return power * ([1, 2, 5].find((step) => step * power >= wanted) ?? 10);
  }
}

const centimetres = (value) => Math.round(value * 100) / 100;
