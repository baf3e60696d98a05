import { Child } from './processes.mjs';

/** What an inspection tells. */
export class Inspection {
  events = [];
  content;
  failed;
  /** What the process wrote that tells it. */
  errors = '';

  /**
   * Has a process look that comes new to the store. Resolves when it has ended.
   *
   * @param {{ backend: string, place: string, after?: number, options?: object }} settings `after`: the revision from which on commits are told.
   * @param {object} [launch] Of {@link Child}.
   */
  static async of({ after = 0, ...settings }, launch) {
    const child = new Child('inspector.mjs', { ...settings, after }, launch);
    const found = new Inspection();
    child.on('line', (line) => found.hear(line));
    await child.ended;
    found.errors = child.errors;
    return found;
  }

  get isWhole() {
    return this.failed === undefined && this.content !== undefined;
  }

  hear({ event, content, failed }) {
    if (event !== undefined) this.events.push(event);
    if (content !== undefined) this.content = content;
    if (failed !== undefined) this.failed = failed;
  }
}
