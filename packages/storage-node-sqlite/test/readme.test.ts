import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { codeBlocksOf } from '../../../test/support/code-blocks.js';
import { sharedProject } from '../../../test/support/project.js';
import { manifest } from '../../../test/support/records.js';

const newFolder = sharedProject();

test.each(['README.md', 'packages/storage-node-sqlite/README.md'])(
  'the program of %s stores, and keeps no process',
  async (page) => {
    const programs = codeBlocksOf(page).filter(({ code }) => code.includes('createNodeSqliteStorage'));
    expect(programs).toHaveLength(1);
    const folder = newFolder();
    const text = [
      `const manifest = ${JSON.stringify(manifest('users.create', '1'))};`,
      programs[0]?.code,
      'await store.storeManifest(manifest);',
      "console.log((await store.getManifest('users.create')).version);",
    ].join('\n');
    writeFileSync(join(folder, 'program.mjs'), text);
    const { stdout } = await promisify(execFile)(process.execPath, ['program.mjs'], { cwd: folder });
    expect(stdout.trim()).toBe('1');
  },
);
