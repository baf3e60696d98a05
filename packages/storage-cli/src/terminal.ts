/** What a command needs of its surroundings. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Columns of the terminal; undefined where standard output is a file or a pipe, whose readers want every line whole. */
  readonly columns: number | undefined;
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Standard input. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Bytes to standard output; resolves when there is room for more. */
  write(bytes: Uint8Array): Promise<void>;
  out(text: string): void;
  err(text: string): void;
}
