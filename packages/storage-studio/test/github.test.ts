import { TypeUniverse } from '@gati-framework/api-import';
import type { GType, Storage } from '@gati-framework/manifest-store';
import { breakingVersions, openStorage, readHandlers } from '@gati-framework/storage-tools';
import { compareLatest } from '@gati-framework/storage-tools/compare';
import { matchVersions } from '@gati-framework/storage-tools/filter';
import { storageAt } from '@gati-framework/storage-tools/history';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BACKENDS, type Backend, ownStore } from './support/backends.js';
import { commitAll } from './support/descriptions.js';
import { gitHubCommits } from './support/github.js';
import { type ServedStudio, serve } from './support/studio.js';
import { walk } from './support/walk.js';

const commits = await gitHubCommits();

const TYPE = 'simple-user';
const PATH = '/repos/**';
const BOTH = { before: 'this@1', after: 'this@2' } as const;

/** A store with two releases of GitHub's API, and the studio of it, until the test ends. */
async function served(backend: Backend): Promise<{ storage: Storage; studio: ServedStudio }> {
  const { url, remove } = await ownStore(backend);
  onTestFinished(remove);
  const storage = await openStorage(url);
  onTestFinished(() => storage.close());
  await commitAll(storage, commits ?? []);
  return { storage, studio: await serve(storage) };
}

/** What the main views say, but for what is of one store: when it was made, and how it is called. */
async function viewsOf({ ask }: ServedStudio) {
  const { counts, handlers } = await ask('overview');
  const answers = {
    counts,
    handlers,
    all: await walk((cursor) => ask('handlers', cursor)),
    found: await ask('handlers', { q: 'pull review' }),
    filtered: await ask('handlers', { path: PATH, method: 'POST' }),
    breaking: await walk((cursor) => ask('handlers', { breaking: true, ...cursor })),
    before: await ask('handlers', { at: 1 }),
    impact: await walk((cursor) => ask('impact', { of: 'gtype', name: TYPE, ...cursor })),
    findings: await ask('compareFindings', BOTH),
    records: await ask('compareRecords', BOTH),
    commits: (await ask('commits')).items.map(({ revision, note, changeCount }) => ({
      revision,
      note,
      changeCount,
    })),
  };
  const own = new Set(['command', 'committedAt']);
  return JSON.parse(
    JSON.stringify(answers, (name, value) => (own.has(name) ? undefined : value)),
  ) as typeof answers;
}

describe.skipIf(commits === undefined)('of two releases of the API of GitHub', { timeout: 180_000 }, () => {
  let expected: Awaited<ReturnType<typeof viewsOf>>;

  test('every view says what the functions behind the commands say', async () => {
    const { storage, studio } = await served('memory');
    // The first view may be asked for before the store was read.
    await studio.ask('facets');
    expected = await viewsOf(studio);
    const handlers = await readHandlers(storage);
    expect(handlers.length).toBeGreaterThan(650);
    expect(expected.all.map(({ handlerId }) => handlerId)).toEqual(
      handlers.map(({ handlerId }) => handlerId),
    );
    expect(expected.breaking.map(({ handlerId }) => handlerId)).toEqual(
      handlers.filter((one) => breakingVersions(one).size > 0).map(({ handlerId }) => handlerId),
    );
    const matching = matchVersions(handlers, { path: PATH, method: 'POST' });
    expect(expected.filtered.items.map(({ handlerId }) => handlerId)).toEqual(
      Array.from(matching, ([{ handlerId }]) => handlerId),
    );
    expect(expected.found.items.map(({ handlerId }) => handlerId)).toContain('github.pulls/create-review');
    expect(expected.before.total).toBe(501);
    expect(expected.impact.map(({ handlerId, version }) => `${handlerId} ${version}`)).toEqual(
      await reaching(storage, TYPE),
    );
    const compared = await compareLatest(storageAt(storage, 1), storageAt(storage, 2));
    const findings = await walk((cursor) => studio.ask('compareFindings', { ...BOTH, ...cursor }));
    const changed = findings.filter(({ before }) => before !== undefined);
    expect(changed.map(({ handlerId, verdict }) => ({ handlerId, verdict }))).toEqual(
      compared.map(({ handlerId, verdict }) => ({ handlerId, verdict })),
    );
    expect(await studio.ask('verify')).toMatchObject({ commits: 2, problemCount: 0 });
  });

  test.each(BACKENDS.filter((backend) => backend !== 'memory'))(
    'every view says the same of it in %s',
    async (backend) => {
      const { studio } = await served(backend);
      await studio.ask('facets');
      expect(await viewsOf(studio)).toEqual(expected);
    },
  );
});

/** Versions that reach a type, by what they name. */
async function reaching(storage: Storage, name: string): Promise<string[]> {
  const types = new Map<string, GType>();
  for await (const { kind, value } of storage.entries({ kinds: ['gtype'] }))
    if (kind === 'gtype') types.set(value.ref, value);
  const universe = new TypeUniverse((ref) => types.get(ref));
  const versions = (await readHandlers(storage)).flatMap(({ manifests }) => manifests);
  return versions
    .filter(({ gtypes }) => universe.reachable(Object.values(gtypes)).has(name))
    .map(({ handlerId, version }) => `${handlerId} ${version}`);
}
