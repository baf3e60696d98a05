// Lets each call of node:fs fail once, one after the other, in a store of its own
// each time, and reports which acknowledged batches are missing afterwards.
//
// Usage: node fail-each-call.mjs <folder> <error code> <before|after>
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { failCall } from '../../../../../torture/harness/faults/failing-calls.mjs';
import { countFileCalls } from '../../../../../torture/harness/faults/file-calls.mjs';

const [root, code, moment] = process.argv.slice(2);
const { createSqlJsStorage } = await import('@gati-framework/storage-sqljs');
const { UNHEARD, writeAndFold } = await import('./write-and-fold.mjs');

/** Batches that one failing call may refuse. */
const MOST_REFUSED = 1;

const problems = [];
let [k, count, target] = [0, 0, 0];
let failed;
countFileCalls({ folder: root, code }, (name, makeError, call) => {
  if (count++ !== target) return call();
  failed = name;
  return failCall(moment === 'after' ? 'error after' : 'error', name, makeError, call);
});
for (let calls = 1; k < calls; k++) {
  const folder = join(root, String(k));
  const filename = join(folder, 'store.db');
  mkdirSync(folder);
  count = 0;
  target = k;
  const outcomes = new Map();
  await writeAndFold(filename, (name, error) => outcomes.set(name, error?.code ?? 'stored'));
  calls = Math.max(calls, count);
  target = -1;
  // A claim that could not be removed is this living process's own.
  for (const name of readdirSync(folder)) if (name.includes('-owner-')) rmSync(join(folder, name));
  problems.push(...(await problemsOf(filename, outcomes)).map((problem) => `${k} ${failed}: ${problem}`));
}
console.log(JSON.stringify({ calls: k, problems }));

async function problemsOf(filename, outcomes) {
  const found = [];
  const refused = [...outcomes.values()].filter((outcome) => outcome !== 'stored');
  if (refused.length > MOST_REFUSED) found.push(`${refused.length} were refused: ${refused.at(-1)}`);
  const storage = createSqlJsStorage({ filename, onRecovery: () => {}, log: UNHEARD });
  try {
    for (const [name, outcome] of outcomes) {
      const halves = [await storage.getGType(`a-${name}`), await storage.getGType(`b-${name}`)];
      const there = halves.filter((half) => half !== undefined).length;
      if (there === 1) found.push(`half of ${name}`);
      if (there === 0 && outcome === 'stored') found.push(`${name} is lost`);
      if (there === 2 && outcome !== 'stored') found.push(`${name} was refused and is there`);
    }
    await storage.storeGType({ ref: 'usable', kind: 'object' });
  } catch (error) {
    found.push(error.message);
  }
  await storage.close();
  if (!existsSync(filename)) found.push('there is no file');
  return found;
}
