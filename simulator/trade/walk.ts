/** Walks through stages, which stand as their places in a list; two never fall on the same second. */
export class Walk<Stage extends string> {
  readonly stages: number[] = [];
  readonly times: number[] = [];
  now: number;
  readonly #names: readonly Stage[];

  constructor(names: readonly Stage[], start: number) {
    this.#names = names;
    this.now = start;
  }

  wait(seconds: number): void {
    this.now += seconds;
  }

  enter(stage: Stage, after: number): void {
    this.now += after;
    const last = this.times.at(-1);
    if (last !== undefined && this.now <= last) this.now = last + 1;
    this.stages.push(this.#names.indexOf(stage));
    this.times.push(this.now);
  }
}
