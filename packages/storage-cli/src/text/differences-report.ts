import type { ComparedHandler } from '@gati-framework/storage-tools/compare';
import type { RecordDifference } from '@gati-framework/storage-tools/diff';
import type { Terminal } from '../terminal.js';
import {
  type DifferenceOptions,
  differenceAsJson,
  formatRecordDifference,
} from './format-record-difference.js';
import { formatDifferences } from './format-report.js';
import { asJson } from './json.js';
import { print } from './print.js';
import { printable } from './printable.js';

type Told = Pick<RecordDifference, 'change' | 'kind' | 'key' | 'fields'>;

/** Differences, printed as they are found: there may be more of them than memory holds. */
export interface DifferencesReport {
  record(difference: Told): Promise<void>;
  /** @param callers What they notice. */
  end(callers: readonly ComparedHandler[]): Promise<void>;
}

type Counts = Record<Told['change'], number>;

/** How many differences of a handler a terminal shows. */
const SHOWN = 8;

export interface ReportOptions extends DifferenceOptions {
  readonly verbose: boolean;
}

export class DifferencesAsText implements DifferencesReport {
  readonly #terminal: Pick<Terminal, 'write'>;
  readonly #options: ReportOptions;
  readonly #counts: Counts = { added: 0, removed: 0, changed: 0 };

  constructor(terminal: Pick<Terminal, 'write'>, options: ReportOptions) {
    this.#terminal = terminal;
    this.#options = options;
  }

  async record(difference: Told): Promise<void> {
    this.#counts[difference.change] += 1;
    await print(this.#terminal, formatRecordDifference(difference, this.#options));
  }

  async end(callers: readonly ComparedHandler[]): Promise<void> {
    const { added, removed, changed } = this.#counts;
    const lines = callers.flatMap((compared) => this.#callersOf(compared));
    if (lines.length > 0)
      await print(
        this.#terminal,
        ['', 'For callers (! breaks them, ? cannot be told)', ...lines, ''].join('\n'),
      );
    const isSame = added + removed + changed + callers.length === 0;
    await print(
      this.#terminal,
      isSame ? 'No differences' : `${added} added, ${removed} removed, ${changed} changed`,
    );
  }

  #callersOf({ handlerId, before, after, differences }: ComparedHandler): string[] {
    const { width, verbose, paint } = this.#options;
    const versions = after === undefined ? before : `${before} -> ${after}`;
    const shown = verbose || width === undefined ? Number.POSITIVE_INFINITY : SHOWN;
    const lines = formatDifferences(differences, shown, 4);
    return [
      printable(`  ${handlerId}   ${versions}`),
      ...lines.map((line, i) => (differences[i]?.breaking === true && i < shown ? paint('red', line) : line)),
    ];
  }
}

/** One document, whose parts are valid together only. */
export class DifferencesAsJson implements DifferencesReport {
  readonly #terminal: Pick<Terminal, 'write'>;
  readonly #counts: Counts = { added: 0, removed: 0, changed: 0 };
  #isBegun = false;

  constructor(terminal: Pick<Terminal, 'write'>) {
    this.#terminal = terminal;
  }

  async record(difference: Told): Promise<void> {
    this.#counts[difference.change] += 1;
    const separator = this.#isBegun ? ',' : '{"differences": [';
    this.#isBegun = true;
    await print(this.#terminal, `${separator}${asJson(differenceAsJson(difference))}`);
  }

  async end(callers: readonly ComparedHandler[]): Promise<void> {
    const begin = this.#isBegun ? '' : '{"differences": [';
    const rest = asJson({ callers, ...this.#counts }).slice(1);
    await print(this.#terminal, `${begin}],${rest}`);
  }
}
