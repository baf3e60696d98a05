const TABLES = 'manifest-store/dist/memory/memory-tables.js';
const HISTORY = 'manifest-store/dist/memory/commit-history.js';
const TERMS = 'manifest-store/dist/memory/commit-terms.js';

/** @type {readonly import('./index.mjs').SeededFault[]} */
export const memoryFaults = [
  {
    name: 'expectations are not looked at',
    file: TERMS,
    find: 'if (actual !== expected)',
    replace: 'if (false)',
  },
  {
    name: 'the revision that is expected is not looked at',
    file: TERMS,
    find: 'if (expectRevision !== undefined && expectRevision !== revision)',
    replace: 'if (false)',
  },
  {
    name: 'a record that is replaced loses its place',
    file: TABLES,
    find: 'const slot = this.get(put.key[0], put.key[1]);',
    replace:
      'const old = this.get(put.key[0], put.key[1]); if (old) this.remove(old); const slot = undefined;',
  },
  {
    name: 'clear leaves a kind',
    file: 'manifest-store/dist/memory/store-tables.js',
    find: 'this[kind].clear();',
    replace: "if (kind !== 'gtype') this[kind].clear();",
  },
  {
    name: 'the history is forgotten early',
    file: HISTORY,
    find: 'if (this.#changeCount <= changes)',
    replace: 'if (this.#changeCount <= changes / 100)',
  },
  {
    name: 'the changes of a commit are undone in their order',
    file: HISTORY,
    find: '[...undo].reverse()',
    replace: '[...undo]',
  },
  {
    name: 'a page of a watch begins one too late',
    file: HISTORY,
    find: 'return this.#between(revision, revision + 256);',
    replace: 'return this.#between(revision + (this.#revision > revision + 1 ? 1 : 0), revision + 256);',
  },
  {
    name: 'a watch leaves something at its signal each time that it waits',
    experiment: 'soak',
    form: { steps: 240, every: 12 },
    file: 'manifest-store/dist/feed/watcher.js',
    find: 'this.#era.leave(resume);\n            stopListening();',
    replace: 'this.#era.leave(resume);',
  },
  {
    name: 'a change of a stream is looked at before it is known to be one',
    experiment: 'hostile-input',
    form: { cases: 200 },
    file: 'manifest-store/dist/rules/change-stream.js',
    find: "yield guardInput(label, 'INVALID_OPTIONS', () => prepareChange(change, maxBytes, label));",
    replace: 'void change.put; yield prepareChange(change, maxBytes, label);',
  },
].map((fault) => ({ backend: 'memory', experiment: 'linearizability', ...fault }));
