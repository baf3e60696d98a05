// Holds imports to what ARCHITECTURE.md says: arrows only go down, and some rooms do without Node.js.
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { root } from './setup.mjs';

const SCOPE = '@gati-framework/';

/** Rooms that load where there is no Node.js, with the files of theirs that need it and that no other file may load. */
const WITHOUT_NODE = {
  'manifest-store': [],
  runtime: [],
  'storage-kit': [],
  'storage-sqlite': ['files/', 'shared-file/'],
  'storage-sqljs': ['files/', 'platform/node.ts'],
};

/** Of what one room offers to others, that which needs Node.js. */
const DOORS_TO_NODE = [`${SCOPE}storage-sqlite/files`, `${SCOPE}storage-sqlite/shared-file`];

/** Throws an error that names every import which goes against the architecture. */
export function assertArchitecture() {
  const below = readRooms(readFileSync(`${root}ARCHITECTURE.md`, 'utf8'));
  const faults = readdirSync(`${root}packages`).flatMap((room) => faultsOf(room, below));
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

function faultsOf(room, below) {
  if (!below.has(room)) return [`packages/${room}: the diagram in ARCHITECTURE.md does not show it`];
  return sourcesOf(room).flatMap((file) => {
    const text = readFileSync(`${root}packages/${room}/src/${file}`, 'utf8');
    return importsOf(text).flatMap((specifier) => {
      const fault = faultOf(specifier, file, room, below);
      return fault === undefined ? [] : [`packages/${room}/src/${file}: imports ${specifier}, ${fault}`];
    });
  });
}

/** What is wrong with an import of a source file, or undefined. */
export function faultOf(specifier, file, room, below) {
  if (specifier.startsWith(SCOPE)) {
    const [target] = specifier.slice(SCOPE.length).split('/');
    if (target !== room && !below.get(room).has(target))
      return `and no arrow of ARCHITECTURE.md leads from ${room} to ${target}`;
  }
  const ofNode = WITHOUT_NODE[room];
  if (ofNode === undefined || isOfNode(file, ofNode)) return undefined;
  if (isBuiltin(specifier) || DOORS_TO_NODE.includes(specifier))
    return `which needs Node.js, and ${room} does without`;
  if (specifier.startsWith('.') && isOfNode(resolve(specifier, file), ofNode))
    return `a file that needs Node.js, and ${room} does without`;
  return undefined;
}

/** Every room of the diagram with all rooms that its arrows reach. */
export function readRooms(markdown) {
  const diagram = /```mermaid\nflowchart[\s\S]*?```/.exec(markdown)?.[0] ?? '';
  const names = new Map();
  for (const [, id, name] of diagram.matchAll(/\b([\w-]+)\["([\w-]+)/g)) names.set(id, name);
  const roomOf = (id) => names.get(id) ?? id;
  const direct = new Map();
  for (const [, from, to] of diagram.matchAll(/\b([\w-]+)(?:\[.*?\])? --> ([\w-]+)/g)) {
    const targets = direct.get(roomOf(from)) ?? [];
    direct.set(roomOf(from), [...targets, roomOf(to)]);
  }
  const reach = (room, seen = new Set()) => {
    for (const next of direct.get(room) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      reach(next, seen);
    }
    return seen;
  };
  return new Map([...names.values()].map((room) => [room, reach(room)]));
}

/** The modules that a source text names, in `from`, `import` and `import()`, for types or for values. */
export function importsOf(text) {
  const pattern =
    /^(?:import|export|\})[^'"\n]*\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)|\brequire\('([^']+)'\)/gm;
  return [...text.matchAll(pattern)].map((match) => match.slice(1).find((one) => one !== undefined));
}

function sourcesOf(room) {
  const files = readdirSync(`${root}packages/${room}/src`, { recursive: true });
  return files.map((file) => file.replaceAll('\\', '/')).filter((file) => file.endsWith('.ts'));
}

const isBuiltin = (specifier) =>
  specifier.startsWith('node:') || builtinModules.includes(specifier.split('/')[0]);

const isOfNode = (file, ofNode) =>
  ofNode.some((one) => file === one || (one.endsWith('/') && file.startsWith(one)));

function resolve(specifier, file) {
  return new URL(specifier.replace(/\.js$/, '.ts'), `file:///${file}`).pathname.slice(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) assertArchitecture();
