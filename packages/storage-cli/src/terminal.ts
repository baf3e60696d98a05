/** What a command needs of its surroundings. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Columns of the terminal; undefined where standard output is a file or a pipe, whose readers want every line whole. */
  readonly columns: number | undefined;
  /** Columns of the terminal that standard error goes to; undefined where nothing can be written over there. */
  readonly errorColumns: number | undefined;
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Standard input. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Bytes to standard output; resolves when there is room for more. */
  write(bytes: Uint8Array): Promise<void>;
  /** A line to standard output. */
  out(text: string): void;
  /** A line to standard error. */
  err(text: string): void;
  /** To standard error as it is, without the end of a line. */
  status(text: string): void;
}

/** What a command needs to open a store: a server may have to be waited for. */
export type OpeningTerminal = Pick<Terminal, 'signal' | 'errorColumns' | 'err'>;

/** The same terminal without anything on it that only tells how far things have come. */
export function silent<T extends Pick<Terminal, 'errorColumns'>>(terminal: T): T {
  return { ...terminal, errorColumns: undefined };
}

/** The `columns` of a stream, or what the user wants instead of them. */
export function columnsOf(
  { isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number },
  { COLUMNS: wanted = '' }: Terminal['env'],
): number | undefined {
  if (isTTY !== true) return undefined;
  return /^[1-9]\d{0,4}$/.test(wanted) ? Number(wanted) : columns;
}
