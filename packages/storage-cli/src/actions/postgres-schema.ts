import type { Terminal } from '../terminal.js';
import { asUsage } from '../usage-error.js';

export interface PostgresSchemaCommandOptions {
  readonly schema: string;
  readonly role?: string;
  readonly readOnlyRole?: string;
  readonly from: string;
}

export async function postgresSchemaCommand(
  terminal: Terminal,
  { from, ...options }: PostgresSchemaCommandOptions,
): Promise<void> {
  const { schemaScript } = await import('@gati-framework/storage-postgres');
  const script = await asUsage(() => schemaScript({ ...options, from: Number(from) }));
  terminal.out(script.trimEnd());
}
