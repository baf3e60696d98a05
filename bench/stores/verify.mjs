import { deepEqual } from 'node:assert/strict';

/** Whether `read` finds what was written; a few of the records tell. */
export async function verifyRecords(read, records) {
  const step = Math.max(1, Math.floor(records.length / 20));
  for (let i = 0; i < records.length; i += step) {
    const { handlerId, version } = records[i];
    deepEqual({ ...(await read(handlerId, version)) }, records[i]);
  }
}
