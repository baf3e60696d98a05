const KEEPER = 'storage-sqljs/dist/sqljs-keeper.js';
const FILE = 'storage-sqljs/dist/files/snapshot-file.js';
const LOG = 'storage-sqljs/dist/files/log-file.js';

/** @type {readonly import('./index.mjs').SeededFault[]} */
export const sqljsFaults = [
  {
    name: 'commits are not appended to the log',
    experiment: 'kill',
    form: { cycles: 3 },
    file: KEEPER,
    find: 'const appended = this.#kept.append(entries, this.#head);',
    replace: 'const appended = undefined;',
  },
  {
    name: 'the log is dropped before the snapshot is in its place',
    experiment: 'power-loss',
    form: { states: 400 },
    file: FILE,
    find: 'await this.#replaceSnapshot(snapshot);\n            this.#removeLog();',
    replace: 'this.#removeLog();\n            await this.#replaceSnapshot(snapshot);',
  },
  {
    name: 'the name of the snapshot is not made certain before the log is dropped',
    experiment: 'power-loss',
    form: { states: 200 },
    file: FILE,
    find: '            throw error;\n        }\n        syncFolder(dirname(this.location));\n    }\n    async #writeSnapshot',
    replace: '            throw error;\n        }\n    }\n    async #writeSnapshot',
  },
  {
    name: 'no rename: the snapshot is written in its place',
    experiment: 'power-loss',
    form: { states: 400 },
    file: FILE,
    find: 'const temporary = this.#owned.snapshot;',
    replace: 'const temporary = this.location;',
  },
  {
    name: 'no realpath: the log lies beside the link that the store was opened by',
    experiment: 'kill',
    form: { cycles: 4 },
    file: 'storage-sqlite/dist/files/locate-file.js',
    find: 'return realpathSync.native(path);',
    replace: 'return existsSync(path) ? path : undefined;',
  },
  {
    name: 'no sync of the log',
    experiment: 'power-loss',
    form: { states: 100 },
    file: LOG,
    find: 'fdatasyncSync(this.#descriptor);',
    replace: ';',
  },
  {
    name: 'a log that is damaged is replayed as far as it can be read',
    experiment: 'damage',
    form: { damages: 300 },
    file: 'storage-sqlite/dist/log/commit-log.js',
    find: "throw damagedLog(location, offset, 'a commit does not match its checksum');",
    replace: 'return { payload, end };',
  },
  {
    name: 'an archive is written in its place, and not beside it',
    experiment: 'online-backup',
    form: { rounds: 6 },
    file: 'storage-tools/dist/archive/export-archive.js',
    find: 'const partial = `',
    replace: 'const partial = file; `',
    also: [
      {
        file: 'storage-tools/dist/archive/export-archive.js',
        find: "open(partial, 'wx')",
        replace: "open(partial, 'w')",
      },
    ],
  },
  {
    name: 'what is written after a power failure stands behind what that left unfinished',
    experiment: 'power-loss',
    form: { states: 1_500 },
    file: 'storage-sqlite/dist/log/commit-log.js',
    find: 'entries, length: offset, torn',
    replace: 'entries, length: bytes.length, torn',
  },
].map((fault) => ({ backend: 'sqljs', ...fault }));
