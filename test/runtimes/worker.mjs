// Run by workerd: holds the backend that is asked for to the conformance suite, and answers what came of it.
import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import sqlJs from 'sql.js';
import wasmModule from 'sql.js/dist/sql-wasm-browser.wasm';
import { runCases } from './run-cases.mjs';

const targets = {
  memory: { create: () => createInMemoryStorage() },
  sqljs: { create: () => createSqlJsStorage({ sqlJs, wasmModule }) },
};

export default {
  async fetch(request) {
    return Response.json(await runCases(targets[new URL(request.url).pathname.slice(1)]));
  },
};
