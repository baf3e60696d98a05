import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import { pack, publishedPackages, unpack } from '../../scripts/pack.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * A user's project: this project's packages as they are published, copied, and beside them what
 * is installed here, the runtime that is on npm among it.
 */
export function installPackages(folder: string): void {
  const scope = installOthers(folder);
  for (const name of publishedPackages()) {
    const parts = manifestOf(name).files.filter((part) => !/^(!|src$)/.test(part));
    for (const part of ['package.json', 'README.md', ...parts]) {
      cpSync(join(root, 'packages', name, part), join(scope, name, part), { recursive: true });
    }
  }
}

/** The same out of the tarballs that are published, which takes seconds. */
export async function installTarballs(folder: string): Promise<void> {
  const scope = installOthers(folder);
  const names = publishedPackages();
  const tarballs = mkdtempSync(join(tmpdir(), 'gati-tarballs-'));
  for (const [name, tarball] of await pack(names, tarballs)) {
    mkdirSync(join(scope, name));
    await unpack(tarball, join(scope, name));
  }
  rmSync(tarballs, { recursive: true });
}

/** Yields the folder for this project's packages. */
function installOthers(folder: string): string {
  const installed = join(folder, 'node_modules');
  const scope = join(installed, '@gati-framework');
  mkdirSync(scope, { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name === '@gati-framework' || name.startsWith('.')) continue;
    symlinkSync(join(root, 'node_modules', name), join(installed, name));
  }
  symlinkSync(join(root, 'node_modules/gati-runtime-published'), join(scope, 'runtime'));
  return scope;
}

/** Gives a project another @types/node than the one that is installed here. */
export function replaceNodeTypes(folder: string, by: string): void {
  const types = join(folder, 'node_modules/@types');
  unlinkSync(types);
  mkdirSync(types);
  for (const name of readdirSync(join(root, 'node_modules/@types'))) {
    const source = name === 'node' ? by : `@types/${name}`;
    symlinkSync(join(root, 'node_modules', source), join(types, name));
  }
}

/** One such project for all the tests of a file; yields how to get a new folder in it. */
export function sharedProject(install: (folder: string) => unknown = installPackages): () => string {
  let project: string;
  beforeAll(async () => {
    project = mkdtempSync(join(tmpdir(), 'gati-project-'));
    await install(project);
  });
  afterAll(() => rmSync(project, { recursive: true, force: true }));
  return () => mkdtempSync(join(project, 'folder-'));
}

interface Manifest {
  readonly version: string;
  readonly private?: boolean;
  readonly files: readonly string[];
  readonly exports: Readonly<Record<string, unknown>>;
}

function manifestOf(name: string): Manifest {
  return JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
}

/** Everything that can be imported of the packages that are published, as it is imported. */
export function entryPoints(): string[] {
  return publishedPackages().flatMap((name) => {
    const paths = Object.keys(manifestOf(name).exports).filter((path) => path !== './package.json');
    return paths.map((path) => `@gati-framework/${name}${path.slice(1)}`);
  });
}
