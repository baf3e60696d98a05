// Opens the store five times, and counts one higher each time.
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';

const TURNS = 5;
const [filename] = process.argv.slice(2);
let turns = 0;
while (turns < TURNS) {
  const storage = createSqlJsStorage({ filename, lockTimeout: 60_000 });
  const counter = await storage.getGType('counter');
  const next = String(Number(counter?.description ?? 0) + 1);
  await storage.storeGType({ ref: 'counter', kind: 'object', description: next });
  await storage.close();
  turns += 1;
}
console.log(JSON.stringify({ turns }));
