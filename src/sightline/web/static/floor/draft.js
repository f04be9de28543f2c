// A plan while somebody changes it: what is asked of the hub next, with a way back.

const MOST = 100; // steps back

export class Draft {
  #before = [];
  #kept;

  constructor(view) {
    this.take(view);
  }

  /** Begin anew with what the hub holds. */
  take(view) {
    this.view = view;
    this.layout = layoutOf(view);
    this.#kept = JSON.stringify(this.layout);
    this.#before = [];
  }

  /** The hub holds what we asked for; what came since is still a change. */
  saved(view) {
    this.view = view;
    this.#kept = JSON.stringify(layoutOf(view));
  }

  get changed() {
    return JSON.stringify(this.layout) !== this.#kept;
  }

  get undoable() {
    return this.#before.length > 0;
  }

  /** Change some keys. `joined`: part of the change before, as moves of one drag are. */
  set(values, { joined = false } = {}) {
    if (!joined) this.#before.push(this.layout);
    if (this.#before.length > MOST) this.#before.shift();
    this.layout = { ...this.layout, ...values };
  }

  undo() {
    this.layout = this.#before.pop() ?? this.layout;
  }

  find = (name) => this.layout.cameras.find((one) => one.camera === name);

  place(name, values, options) {
    this.set({ cameras: this.layout.cameras.map((one) => (one.camera === name ? { ...one, ...values } : one)) }, options);
  }

  add(name, [x, y]) {
    this.set({ cameras: [...this.layout.cameras, { camera: name, x, y, turn: 0, metres: "plan" }] });
  }

  remove(name) {
    this.set({ cameras: this.layout.cameras.filter((one) => one.camera !== name) });
  }

  /** The plan as it would be: cameras with what the hub knows of them, moved along. */
  shown() {
    const known = new Map(this.view.cameras.map((one) => [one.camera, one]));
    const cameras = this.layout.cameras.map((one) => {
      const before = known.get(one.camera) ?? { state: "offline", calibrated: false, sees: [], trouble: "" };
      return { ...before, ...one, sees: moved(before, one, this.layout.upwards) };
    });
    return { ...this.view, ...this.layout, cameras };
  }
}

const layoutOf = ({ site, size, origin, upwards, walls, cameras }) => ({
  site, size, origin, upwards, walls,
  cameras: cameras.map(({ camera, x, y, turn, metres }) => ({ camera, x, y, turn, metres })),
});

/** What a camera in its own metres sees, once it is moved and turned; the hub says it exactly. */
function moved(before, { x, y, turn, metres }, upwards) {
  if (before.metres !== metres) return [];
  if (metres !== "camera" || !before.sees.length) return before.sees;
  const angle = ((turn - before.turn) * Math.PI * (upwards ? -1 : 1)) / 180;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  return before.sees.map(([px, py]) => {
    const [dx, dy] = [px - before.x, py - before.y];
    return [x + dx * cosine - dy * sine, y + dx * sine + dy * cosine];
  });
}
