import { createTables } from './step-1.js';
import { keepHorizon } from './step-2.js';
import { indexManifests } from './step-3.js';
import { keepPast } from './step-4.js';

/** One step of the schema. Once released it is never changed: a later step changes what it made. */
export interface SchemaStep {
  /** The oldest schema version whose libraries go on working after this step. */
  readonly compatibleFrom: number;
  /** Statements, with every name qualified. */
  sql(schema: string): string;
}

/** Step n brings a schema from version n - 1 to version n. */
export const SCHEMA_STEPS: readonly SchemaStep[] = [
  { compatibleFrom: 1, sql: createTables },
  { compatibleFrom: 1, sql: keepHorizon },
  { compatibleFrom: 1, sql: indexManifests },
  { compatibleFrom: 1, sql: keepPast },
];
