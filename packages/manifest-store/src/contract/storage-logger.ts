/**
 * Who is told of what goes wrong beside the calls of a storage, and mends itself. As much of a logger as is
 * needed: what `pino()` returns is one, and so is `console`.
 */
export interface StorageLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
