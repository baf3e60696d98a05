import type { StorageContract } from '@gati-framework/manifest-store';
import { type RecordProbe, recordProbes, valuesOf } from './record-probe.js';
import { callMethod } from './untyped.js';

/** A lookup of the contract: its name, the fields it asks for, and what it answers. */
export interface ReadMethod {
  readonly name: string;
  readonly parameters: readonly string[];
  /** Arguments that find the record that a probe makes. */
  readonly example: readonly unknown[];
  /** What it yields when nothing is found. */
  readonly nothing: unknown;
}

/** Each once: the latest manifest is read by the method that reads one by its key. */
export const readMethods: readonly ReadMethod[] = recordProbes.flatMap((probe) => [
  readMethod(probe, probe.readMethod, probe.keyFields, probe.absent),
  ...Object.entries(probe.lookups)
    .filter(([name]) => name !== probe.readMethod)
    .map(([name, fields]) => readMethod(probe, name, fields, [])),
]);

function readMethod(
  probe: RecordProbe,
  name: string,
  parameters: readonly string[],
  nothing: unknown,
): ReadMethod {
  return { name, parameters, example: valuesOf(probe.make(), parameters), nothing };
}

/** Calls a lookup with arguments that its type need not allow. */
export function callRead(
  storage: StorageContract,
  { name }: ReadMethod,
  args: readonly unknown[],
): Promise<unknown> {
  return callMethod(storage, name, args);
}
