import { expect, test } from 'vitest';
import { chooseServer } from '../dist/connections/choose-server.js';

const refused = Object.assign(new Error('no route'), { code: 'ECONNREFUSED' });
const standby = Object.assign(new Error('a standby'), { code: '25006' });

/** What becomes of each server, by its name; what is absent never answers. */
function probing(fates: Record<string, 'usable' | Error>): (name: string) => Promise<void> {
  return (name) =>
    new Promise((resolve, reject) => {
      const fate = fates[name];
      if (fate === 'usable') resolve();
      else if (fate !== undefined) reject(fate);
    });
}

test('a server that is usable is chosen, whatever the others do', async () => {
  const probe = probing({ down: refused, behind: standby, primary: 'usable' });
  expect(await chooseServer(['down', 'silent', 'behind', 'primary'], probe)).toBe('primary');
});

test('where none is usable, what a server says is told rather than that another cannot be reached', async () => {
  await expect(chooseServer(['a', 'b'], probing({ a: refused, b: standby }))).rejects.toBe(standby);
  await expect(chooseServer(['a', 'b'], probing({ a: standby, b: refused }))).rejects.toBe(standby);
  await expect(chooseServer(['a', 'b'], probing({ a: refused, b: refused }))).rejects.toBe(refused);
});

test('a standby that takes over is chosen, though another server hangs and gives no answer', async () => {
  let questions = 0;
  const probe = async (name: string): Promise<void> => {
    if (name === 'hung') return new Promise(() => {});
    questions += 1;
    if (name === 'standby' || questions < 5) throw standby;
  };
  expect(await chooseServer(['hung', 'standby', 'taking over'], probe)).toBe('taking over');
});
