/** Pairs that are sorted at once, in about a millisecond. */
const RUN = 4_096;

interface Run {
  readonly positions: Float64Array;
  readonly ids: Float64Array;
}

/** Ids by position, gathered in any order: 16 bytes each, sorted in parts that are merged when they are read. */
export class SortedRuns {
  readonly #runs: Run[] = [];
  #pairs: [position: number, id: number][] = [];

  add(position: number, id: number): void {
    this.#pairs.push([position, id]);
    if (this.#pairs.length >= RUN) this.#sort();
  }

  /** By position. Nothing is added from here on. */
  *inOrder(): Generator<readonly [position: number, id: number]> {
    this.#sort();
    const runs = this.#runs.map(({ positions, ids }) => ({ positions, ids, next: 0 }));
    for (;;) {
      let least: (typeof runs)[number] | undefined;
      let position = Number.POSITIVE_INFINITY;
      for (const run of runs) {
        const candidate = run.positions[run.next] ?? Number.POSITIVE_INFINITY;
        if (candidate < position) [least, position] = [run, candidate];
      }
      if (least === undefined) return;
      yield [position, least.ids[least.next] ?? 0];
      least.next += 1;
    }
  }

  #sort(): void {
    if (this.#pairs.length === 0) return;
    const pairs = this.#pairs.sort(([a], [b]) => a - b);
    this.#pairs = [];
    this.#runs.push({
      positions: Float64Array.from(pairs, ([position]) => position),
      ids: Float64Array.from(pairs, ([, id]) => id),
    });
  }
}
