import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportReport } from '@gati-framework/api-import';
import { openStorage } from '@gati-framework/storage-tools';
import { beforeEach, describe, expect, test } from 'vitest';
import { ok, openApi, reading, temporaryFolder, users } from '../../api-import/test/support/documents.js';
import { type Result, runCommand } from './support/command.js';

let folder: string;
let store: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  store = `sqljs:${join(folder, 'gati.db')}`;
});

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

function gati(args: readonly string[], input?: string): Promise<Result> {
  return runCommand([...args, '--store', store], input === undefined ? {} : { input });
}

async function versionsOf(handlerId: string): Promise<string[]> {
  await using storage = await openStorage(store, { readOnly: true });
  return (await storage.getAllManifestVersions(handlerId)).map(({ version }) => version);
}

describe('gati-storage import', () => {
  test('exits with 3 when callers can break and that is to fail, and stores the version all the same', async () => {
    await gati(['import', await file('old.json', users('string', '1.0.0'))]);
    const path = await file('new.json', users('number', '2.0.0'));
    const { code, out } = await gati(['import', path, '--fail-on-breaking']);
    expect(code).toBe(3);
    expect(out).toContain('BREAKING');
    expect(await versionsOf('users.get')).toEqual(['1.0.0', '2.0.0']);
  });

  test('exits with 3 when an operation is gone, and says which', async () => {
    await gati(['import', await file('old.json', users('string', '1.0.0'))]);
    const text = openApi({
      version: '2.0.0',
      paths: { '/x': { get: { operationId: 'x', responses: ok({}) } } },
    });
    const { code, out } = await gati([
      'import',
      await file('new.json', text),
      '--fail-on-breaking',
      '--dry-run',
    ]);
    expect(code).toBe(3);
    expect(out).toContain('Gone since the document before');
    expect(out).toContain('users.get');
  });

  test('exits with 0 when nobody can break, or that cannot be told', async () => {
    const pattern = (text: string): object => ({ type: 'string', pattern: text });
    await gati(['import', await file('old.json', reading(pattern('^a'), undefined, '1.0.0'))]);
    const path = await file('new.json', reading(pattern('^b'), undefined, '2.0.0'));
    const { code, out } = await gati(['import', path, '--fail-on-breaking']);
    expect(code).toBe(0);
    expect(out).toContain('1 changed (0 breaking, 1 unknown)');
    expect(out).toContain('? response 200 the pattern changed');
  });

  test('reads standard input', async () => {
    const { code, out } = await gati(['import', '-'], users('string', '1.0.0'));
    expect(code).toBe(0);
    expect(out).toContain('from standard input');
    expect(await gati(['import', '-'], '')).toMatchObject({ code: 1, err: expect.stringContaining('empty') });
  });

  test('follows references of standard input from the folder that is named, and refuses them without one', async () => {
    await file('name.yaml', 'type: string\n');
    const text = reading({ $ref: 'name.yaml' });
    expect((await gati(['import', '-'], text)).err).toContain(
      'name the folder that its references start from (--folder)',
    );
    expect((await gati(['import', '-', '--folder', folder], text)).code).toBe(0);
  });

  test('imports several documents in the order of their versions, one commit each', async () => {
    const paths = [
      await file('a.json', users('number', '1.10.0')),
      await file('b.json', users('boolean', '1.9.0')),
      await file('c.json', users('string', '1.2.0')),
    ];
    expect((await gati(['import', ...paths])).code).toBe(0);
    expect(await versionsOf('users.get')).toEqual(['1.2.0', '1.9.0', '1.10.0']);
    await using storage = await openStorage(store, { readOnly: true });
    expect((await storage.stats()).revision).toBe(3);
  });

  test('compares each document of a dry run with what the ones before it would have left', async () => {
    await gati(['import', await file('a.json', users('string', '1.0.0'))]);
    const paths = [
      await file('c.json', users('number', '3.0.0')),
      await file('b.json', users('number', '2.0.0')),
    ];
    const stored = await readFile(join(folder, 'gati.db'));
    const dry = await gati(['import', ...paths, '--dry-run', '--json']);
    expect(await readFile(join(folder, 'gati.db'))).toEqual(stored);
    const wet = await gati(['import', ...paths, '--json']);
    const [second, third] = JSON.parse(dry.out) as ImportReport[];
    expect(second).toMatchObject({
      dryRun: true,
      revision: null,
      changed: [{ handlerId: 'users.get', parent: '1.0.0', version: '2.0.0', breaking: true }],
    });
    expect(third).toMatchObject({ dryRun: true, changed: [], unchanged: ['users.get', 'users.delete'] });
    const withoutOutcome = (text: string): unknown =>
      (JSON.parse(text) as ImportReport[]).map((report) => ({ ...report, dryRun: null, revision: null }));
    expect(withoutOutcome(dry.out)).toEqual(withoutOutcome(wet.out));
  });

  test('compares the documents of a dry run with each other where there is no store yet', async () => {
    const paths = [
      await file('a.json', users('string', '1.0.0')),
      await file('b.json', users('number', '2.0.0')),
    ];
    const { code, out } = await gati(['import', ...paths, '--dry-run', '--fail-on-breaking']);
    expect(code).toBe(3);
    expect(out).toContain('1.0.0 -> 2.0.0 BREAKING');
    expect(existsSync(join(folder, 'gati.db'))).toBe(false);
  });

  test('imports the documents of a folder, and refuses one without any', async () => {
    const documents = join(folder, 'documents');
    await mkdir(documents);
    expect(await gati(['import', documents])).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no document in this folder'),
    });
    await file('documents/one.json', users('string', '1.0.0'));
    await file('documents/two.yaml', users('number', '2.0.0'));
    await file('documents/notes.txt', 'no document');
    const { code, out } = await gati(['import', documents, '--json']);
    expect(code).toBe(0);
    expect((JSON.parse(out) as { source: unknown }[]).map(({ source }) => source)).toMatchObject([
      { version: '1.0.0', api: 'Test API' },
      { version: '2.0.0' },
    ]);
  });

  test('inserts an older document at its place when that is asked for, and shows what follows it', async () => {
    for (const [name, type] of [
      ['1.0.0', 'string'],
      ['3.0.0', 'boolean'],
    ] as const) {
      await gati(['import', await file(`${name}.json`, users(type, name))]);
    }
    const older = await file('2.0.0.json', users('number', '2.0.0'));
    expect((await gati(['import', older])).err).toContain('--insert');
    const { code, out } = await gati(['import', older, '--insert', '--fail-on-breaking']);
    expect(code).toBe(3);
    expect(out).toContain('0 changed (0 breaking), 1 inserted');
    expect(out).toContain('users.get   1.0.0 -> 2.0.0 BREAKING');
    expect(out).toContain('users.get   2.0.0 -> 3.0.0 BREAKING');
    expect(await versionsOf('users.get')).toEqual(['1.0.0', '2.0.0', '3.0.0']);
  });

  test('reports as JSON what was stored before a document that is refused', async () => {
    await gati(['import', await file('a.json', users('string', '2.0.0'))]);
    const paths = [
      await file('b.json', users('number', '3.0.0')),
      await file('c.json', users('boolean', '3.0.0')),
    ];
    const { code, out, err } = await gati(['import', ...paths, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject([{ source: { version: '3.0.0' }, revision: 2 }]);
    expect(JSON.parse(err)).toMatchObject({ error: { code: 'INVALID_DOCUMENT' } });
    expect(await versionsOf('users.get')).toEqual(['2.0.0', '3.0.0']);
  });

  test('imports none of several documents when one of them cannot be read', async () => {
    const good = await file('good.json', users('string', '1.0.0'));
    const { code, err } = await gati(['import', good, await file('bad.json', '{"openapi": "3.1.0"')]);
    expect(code).toBe(1);
    expect(err).toContain('bad.json');
    expect(existsSync(join(folder, 'gati.db'))).toBe(false);
  });

  test('puts the name of another API in front of the ids of its handlers', async () => {
    await gati(['import', await file('a.json', users('string', '1.0.0'))]);
    const other = users('string', '1.0.0').replace('Test API', 'Other API');
    const path = await file('b.json', other);
    expect((await gati(['import', path])).err).toContain('--api');
    expect((await gati(['import', path, '--api', 'other'])).code).toBe(0);
    expect(await versionsOf('other.users.get')).toEqual(['1.0.0']);
  });
});

describe('gati-storage show', () => {
  test('names the document that each version came from', async () => {
    const paths = [
      await file('old.json', users('string', '1.0.0')),
      await file('new.json', users('number', '2.0.0')),
    ];
    for (const path of paths) await gati(['import', path]);
    const { out } = await gati(['show', 'users.get']);
    for (const path of paths) expect(out).toContain(`by ${path}`);
    const { versions } = JSON.parse((await gati(['show', 'users.get', '--json'])).out) as {
      versions: { document: { source: string } }[];
    };
    expect(versions.map(({ document }) => document.source)).toEqual(paths);
  });
});
