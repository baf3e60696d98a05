// Tries to write to a store on a read-only file system, and to read it.
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';

const filename = process.argv[2];
const writer = createSqlJsStorage({ filename });
const refused = await writer
  .storeGType({ ref: 'T', kind: 'object' })
  .catch(({ code, message }) => ({ code, message }));
const reader = createSqlJsStorage({ filename, readOnly: true });
const found = [await reader.getGType('in the snapshot'), await reader.getGType('in the log')];
await Promise.all([writer.close(), reader.close()]);
console.log(JSON.stringify({ refused, found: found.map((gtype) => gtype?.ref) }));
