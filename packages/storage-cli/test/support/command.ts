import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/run.js';

/** The command as npm installs it. */
export const BIN: string = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));

export interface Result {
  code: number;
  out: string;
  err: string;
}

export interface Surroundings {
  env?: Record<string, string>;
  signal?: AbortSignal;
  /** Of the terminal. Default: 100. */
  columns?: number | undefined;
  /** Of the terminal that standard error goes to. Default: it goes to a file. */
  errorColumns?: number;
  /** Told of each line of standard error. */
  onErr?: (text: string) => void;
  /** Standard input. */
  input?: string;
}

/** Runs `gati-storage` in this process. */
export async function runCommand(args: readonly string[], surroundings: Surroundings = {}): Promise<Result> {
  const { env = {}, signal = new AbortController().signal, errorColumns, input = '' } = surroundings;
  const { columns } = { columns: 100, ...surroundings };
  const result = { code: -1, out: '', err: '' };
  result.code = await run(args, {
    env,
    columns,
    errorColumns,
    signal,
    input: Readable.from([Buffer.from(input)]),
    write: async (bytes) => {
      result.out += Buffer.from(bytes).toString();
    },
    out: (text) => {
      result.out += `${text}\n`;
    },
    err: (text) => {
      result.err += `${text}\n`;
      surroundings.onErr?.(text);
    },
    status: (text) => {
      result.err += text;
    },
  });
  return result;
}
