import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * A user's project: this project's packages as they are published, copied, and beside them what
 * is installed here, the runtime that is on npm among it.
 */
export function installPackages(folder: string): void {
  const installed = join(folder, 'node_modules');
  const scope = join(installed, '@gati-framework');
  mkdirSync(scope, { recursive: true });
  for (const name of readdirSync(join(root, 'packages'))) {
    const { files, private: isPrivate } = manifestOf(name);
    if (isPrivate === true) continue;
    for (const part of ['package.json', 'README.md', ...files.filter((part) => !/^(!|src$)/.test(part))]) {
      cpSync(join(root, 'packages', name, part), join(scope, name, part), { recursive: true });
    }
  }
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name === '@gati-framework' || name.startsWith('.')) continue;
    symlinkSync(join(root, 'node_modules', name), join(installed, name));
  }
  symlinkSync(join(root, 'node_modules/gati-runtime-published'), join(scope, 'runtime'));
}

/** One such project for all the tests of a file; yields how to get a new folder in it. */
export function sharedProject(): () => string {
  let project: string;
  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), 'gati-project-'));
    installPackages(project);
  });
  afterAll(() => rmSync(project, { recursive: true, force: true }));
  return () => mkdtempSync(join(project, 'folder-'));
}

function manifestOf(name: string): { readonly files: readonly string[]; readonly private?: boolean } {
  return JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
}
