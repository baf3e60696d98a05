import { fileURLToPath } from 'node:url';
import { type ImportReport, importDocument } from '@gati-framework/api-import';
import { createInMemoryStorage, type GType, type Storage } from '@gati-framework/manifest-store';
import { beforeAll, describe, expect, test } from 'vitest';
import { isStub } from '../src/gtypes/gtype-shapes.js';
import { innerTypes } from '../src/gtypes/map-gtype.js';
import { contents } from './support/documents.js';

const figma = (which: 'old' | 'new'): string =>
  fileURLToPath(new URL(`../../../node_modules/figma-api-${which}/openapi/openapi.yaml`, import.meta.url));

describe('two versions of a large real document', () => {
  const storage: Storage = createInMemoryStorage();
  let first: ImportReport;
  let second: ImportReport;
  let firstRead: Awaited<ReturnType<Storage['getManifest']>>;

  beforeAll(async () => {
    first = await importDocument(storage, { file: figma('old') });
    firstRead = await storage.getManifest('getFileMeta');
    second = await importDocument(storage, { file: figma('new') });
  }, 60_000);

  test('the first becomes one commit with a manifest for each operation and a GType for each schema', async () => {
    expect(first.revision).toBe(1);
    expect(first.operations).toBe(46);
    expect(first.schemas).toBe(223);
    expect(first.added).toHaveLength(46);
    expect(first.changed).toEqual([]);
    expect(first.types.added).toHaveLength(365);
    expect(firstRead).toMatchObject({ handlerId: 'getFileMeta', version: '0.36.0', method: 'GET' });
  });

  test('the newer one is one more commit, which adds versions to exactly the handlers that changed', async () => {
    expect(second.revision).toBe(2);
    expect(second.operations).toBe(54);
    expect(second.added.map(({ handlerId }) => handlerId)).toEqual([
      'getProjectMeta',
      'getTeamFolders',
      'getFolderFolders',
      'getFolderFiles',
      'getFolderMeta',
      'getDeveloperLogs',
      'getAiUsageDaily',
      'getOEmbed',
    ]);
    expect(second.changed).toHaveLength(39);
    expect(second.unchanged.toSorted()).toEqual([
      'deleteComment',
      'deleteCommentReaction',
      'getMe',
      'getPayments',
      'getPublishedVariables',
      'postComment',
      'postCommentReaction',
    ]);
    const stats = await storage.stats();
    expect(stats).toMatchObject({ revision: 2, manifestCount: 93, versionGraphCount: 54, gtypeCount: 446 });
  });

  test('handlers that did not change keep their one version', async () => {
    const versions = await storage.getAllManifestVersions('getMe');
    expect(versions.map(({ version }) => version)).toEqual(['0.36.0']);
    const entry = await storage.get({ kind: 'versionGraph', key: { handlerId: 'getMe' } });
    expect(entry?.revision).toBe(1);
  });

  test('a changed handler has a new latest version with its parent, and keeps the old one as it was', async () => {
    const latest = await storage.getManifest('getFileMeta');
    expect(latest?.version).toBe('0.43.0');
    expect(await storage.getManifest('getFileMeta', '0.36.0')).toEqual(firstRead);
    expect(await storage.getVersionGraph('getFileMeta')).toMatchObject({
      latestVersion: '0.43.0',
      currentVersion: '0.43.0',
      versions: [
        { version: '0.36.0', breaking: false, active: true },
        { version: '0.43.0', breaking: true, active: true, parent: '0.36.0', manifestHash: latest?.hash },
      ],
    });
  });

  test('what breaks callers is told apart from what does not', () => {
    const breaking = second.changed.filter((handler) => handler.breaking);
    expect(breaking.map(({ handlerId }) => handlerId)).toEqual(['getFileMeta', 'getLocalVariables']);
    expect(breaking[0]?.differences).toContainEqual({
      where: 'response 200.name',
      what: 'is gone',
      breaking: true,
      verdict: 'breaking',
    });
    // The same type is widened for who reads variables and for who writes them.
    expect(breaking[1]?.differences).toContainEqual({
      where: 'response VariableScope',
      what: 'may now be "COLOR_OPACITY"',
      breaking: true,
      verdict: 'breaking',
    });
    expect(breaking[1]?.differences.map(({ what }) => what)).toContain('may now be VariableComposedColor');
    expect(second.changed.find(({ handlerId }) => handlerId === 'postVariables')).toMatchObject({
      breaking: false,
      differences: expect.arrayContaining([
        {
          where: 'request VariableScope',
          what: 'may now be "COLOR_OPACITY"',
          breaking: false,
          verdict: 'compatible',
        },
      ]),
    });
    expect(second.changed.find(({ handlerId }) => handlerId === 'getFile')?.differences).toEqual([
      {
        where: 'security',
        what: expect.stringContaining('PlanAccessToken'),
        breaking: false,
        verdict: 'compatible',
      },
    ]);
  });

  test('a changed type gets a ref of its own, and older handlers still reach the older one', async () => {
    const older = await storage.getManifest('getLocalVariables', '0.36.0');
    const newer = await storage.getManifest('getLocalVariables', '0.43.0');
    expect(older?.gtypes.response).toBe('getLocalVariables#response');
    expect(newer?.gtypes.response).toBe('getLocalVariables#response@0.43.0');
    const scopes = async (ref: string): Promise<unknown> =>
      (await storage.getGType(ref))?.validators?.find(({ type }) => type === 'enum')?.value;
    expect(await scopes('VariableScope')).not.toContain('COLOR_OPACITY');
    expect(await scopes('VariableScope@0.43.0')).toContain('COLOR_OPACITY');
  });

  test('every reference leads to a stored type, also around the circles of recursive schemas', async () => {
    const types = new Map<string, GType>();
    for await (const entry of storage.entries({ kinds: ['gtype'] })) {
      if (entry.kind === 'gtype') types.set(entry.key.ref, entry.value);
    }
    const dangling: string[] = [];
    const visit = (type: GType): void => {
      if (isStub(type) && types.get(type.ref)?.kind !== type.kind) dangling.push(type.ref);
      for (const inner of innerTypes(type)) visit(inner);
    };
    for (const type of types.values()) visit(type);
    for await (const entry of storage.entries({ kinds: ['manifest'] })) {
      if (entry.kind !== 'manifest') continue;
      for (const ref of Object.values(entry.value.gtypes)) if (!types.has(ref)) dangling.push(ref);
    }
    expect(dangling).toEqual([]);
    expect(types.get('SubcanvasNode')?.types).toContainEqual({ ref: 'FrameNode', kind: 'intersection' });
  });

  test('what a GType cannot express is counted, with the first place', () => {
    const counts = Object.fromEntries(first.inexpressible.map(({ keyword, count }) => [keyword, count]));
    expect(counts).toEqual({
      'operation.security': 46,
      'oneOf (exactly one)': 36,
      additionalProperties: 28,
      format: 25,
      discriminator: 7,
      'operation.callbacks': 1,
      'document.servers': 1,
      default: 91,
      'operation.description': 46,
      'operation.summary': 46,
      'operation.tags': 46,
      deprecated: 8,
      'operation.deprecated': 1,
    });
    expect(first.inexpressible.find(({ keyword }) => keyword === 'format')).toEqual({
      keyword: 'format',
      effect: 'assertion',
      count: 25,
      first: 'components.schemas.Comment.properties.created_at.format',
    });
  });

  test('importing either of them again changes nothing, not even the revision', async () => {
    const before = await contents(storage);
    const newerAgain = await importDocument(storage, { file: figma('new') });
    expect(newerAgain).toMatchObject({
      revision: null,
      added: [],
      changed: [],
      types: { added: [], changed: [] },
    });
    expect(newerAgain.unchanged).toHaveLength(54);
    const olderAgain = await importDocument(storage, { file: figma('old') });
    expect(olderAgain).toMatchObject({ revision: null, added: [], changed: [] });
    expect(olderAgain.outdated).toHaveLength(39);
    expect(olderAgain.outdated[0]).toEqual({ handlerId: 'getFile', version: '0.36.0', latest: '0.43.0' });
    expect(olderAgain.otherHandlers).toHaveLength(8);
    expect(await contents(storage)).toEqual(before);
  });
});
