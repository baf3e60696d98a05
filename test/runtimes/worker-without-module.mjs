// Run by workerd: gives the content of the WebAssembly file, where only modules are compiled.
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';

const empty = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);

export default {
  async fetch() {
    const opening = createSqlJsStorage({ wasmBinary: empty }).open();
    return Response.json(await opening.catch(({ code, message }) => ({ code, message })));
  },
};
