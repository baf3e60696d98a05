import { type PreparedChange, TimeSlice } from '@gati-framework/manifest-store/backend';
import { type EncodedChange, PAGE_BYTES } from '../record-driver.js';
import { encodeChange } from '../records/encode-change.js';

/** Most changes of a batch. */
const BATCH_CHANGES = 1_000;

/** Changes as a driver takes them: encoded, and in batches that are bounded by their text and their number. */
export async function* inBatches(
  changes: AsyncIterable<PreparedChange>,
): AsyncGenerator<readonly EncodedChange[]> {
  const slice = new TimeSlice();
  let batch: EncodedChange[] = [];
  let size = 0;
  for await (const change of changes) {
    if (slice.isOver) await slice.next();
    const encoded = encodeChange(change);
    batch.push(encoded);
    size += encoded.op === 'put' ? encoded.text.length : 0;
    if (size < PAGE_BYTES && batch.length < BATCH_CHANGES) continue;
    yield batch;
    batch = [];
    size = 0;
  }
  if (batch.length > 0) yield batch;
}
