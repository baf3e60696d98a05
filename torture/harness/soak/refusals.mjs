import { onceThere } from './away.mjs';

/** Calls that fail, each in its own way, as what is left behind by a failure is easily overlooked. */
export async function refusals(storage) {
  await failsWith('INVALID_RECORD', () => storage.storeGType({ ref: '', kind: 'object' }));
  const known = { kind: 'gtype', key: { ref: 'nowhere' }, revision: 1 };
  await failsWith('STORAGE_CONFLICT', () => storage.commit([{ clear: true }], { expect: [known] }));
  await failsWith('STORAGE_COMPACTED', () => storage.get({ kind: 'gtype', key: { ref: 'T' } }, { at: 1e9 }));
  await failsWith('STORAGE_COMPACTED', () => storage.watch({ after: 1e9 }).next());
  await failsWith('INVALID_OPTIONS', () => storage.commit(failing()));
}

/** A commit of which the third change is none. */
async function* failing() {
  for (const ref of ['a', 'b']) yield { put: 'gtype', value: { ref, kind: 'object' } };
  yield { put: 'nothing' };
}

async function failsWith(code, call) {
  const found = await onceThere(() =>
    call().then(
      () => 'nothing',
      (error) => {
        if (error?.code === 'STORAGE_UNAVAILABLE') throw error;
        return error?.code ?? String(error?.stack);
      },
    ),
  );
  if (found !== code) throw new Error(`a call failed with ${found}, and not with ${code}`);
}
