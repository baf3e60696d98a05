import { type Timer, timers } from '@gati-framework/manifest-store/backend';
import { SharedRuns, type TroubleLog } from '@gati-framework/storage-kit';
import { LIFETIME, stagedGroups, sweepStages } from '../commit/staging.js';
import { messageOf } from '../translate-error.js';
import { writeRows } from './row-writer.js';
import { type TrimSources, trimLog } from './trim-log.js';

/** So many changes the log may be ahead of the rows: who opens the store reads them first. */
const MOST_AHEAD = 1_000;

/** What is done beside the commits and never in their way, by whichever process notices that it is due. */
export class Upkeep {
  readonly #sources: TrimSources;
  readonly #log: TroubleLog;
  readonly #runs = new SharedRuns(() => this.#run());
  #untrimmed = 0;
  #isTrimDue = false;
  #isStopped = false;
  readonly #sweepInterval: number;
  #timer: Timer | undefined;

  /** @param sweepInterval How often it is looked for what commits have left that came to no end, in milliseconds. */
  constructor(sources: TrimSources, log: TroubleLog, sweepInterval: number = LIFETIME * 1_000) {
    this.#sources = sources;
    this.#log = log;
    this.#sweepInterval = sweepInterval;
  }

  /**
   * Sweeps away what commits have left that came to no end, now and from time to time. Keeps no process alive.
   *
   * @param staged Groups that had a stage when the store was opened.
   */
  start(staged: readonly string[]): void {
    void this.#sweep(async () => staged);
  }

  /** @param changes How many a group of this process has made. */
  noteCommit(changes: number): void {
    if (changes === 0 || this.#isStopped) return;
    const { head, tail } = this.#sources.mirror;
    // So many changes may gather beyond those that are kept.
    const step = Math.max(1, Math.floor(tail.retention.changes / 10));
    const crosses = Math.floor((head.changes - changes) / step) !== Math.floor(head.changes / step);
    this.#untrimmed += changes;
    if (crosses || this.#untrimmed >= step) {
      this.#untrimmed = 0;
      this.#isTrimDue = true;
    }
    if (this.#isTrimDue || head.changes - tail.indexedChanges >= MOST_AHEAD) void this.#runs.run();
  }

  /** What is under way may be cut short. */
  stop(): void {
    this.#isStopped = true;
    timers.clearTimeout(this.#timer);
  }

  async #sweep(find: () => Promise<readonly string[]>): Promise<void> {
    const { client, keys } = this.#sources;
    await this.#quietly(async () => sweepStages(client, keys, await find()));
    if (this.#isStopped) return;
    const again = (): void => void this.#sweep(() => stagedGroups(client, keys));
    this.#timer = timers.setTimeout(again, this.#sweepInterval);
    this.#timer.unref?.();
  }

  #run(): Promise<void> {
    return this.#quietly(async () => {
      const { client, keys, mirror } = this.#sources;
      if (mirror.head.changes - mirror.tail.indexedChanges >= MOST_AHEAD)
        await writeRows(client, keys, mirror);
      if (!this.#isTrimDue) return;
      this.#isTrimDue = false;
      await trimLog(this.#sources, () => !this.#isStopped);
    });
  }

  async #quietly(work: () => Promise<void>): Promise<void> {
    if (this.#isStopped) return;
    try {
      await work();
    } catch (error) {
      if (this.#isStopped) return;
      this.#log.warn('the log could not be put in order, and will be later', `: ${messageOf(error)}`, {
        storage: 'etcd',
      });
    }
  }
}
