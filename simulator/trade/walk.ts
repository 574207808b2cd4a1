/** Walks through statuses, which stand as their places in a list; two never fall on the same second. */
export class Walk<Status extends string> {
  readonly statuses: number[] = [];
  readonly times: number[] = [];
  now: number;
  readonly #names: readonly Status[];

  constructor(names: readonly Status[], start: number) {
    this.#names = names;
    this.now = start;
  }

  wait(seconds: number): void {
    this.now += seconds;
  }

  enter(status: Status, after: number): void {
    this.now += after;
    const last = this.times.at(-1);
    if (last !== undefined && this.now <= last) this.now = last + 1;
    this.statuses.push(this.#names.indexOf(status));
    this.times.push(this.now);
  }
}
