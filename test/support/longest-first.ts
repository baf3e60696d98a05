import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes minutes, longest first: begun at the end, it would keep one worker busy while the other has nothing left. */
const LONG = [
  'test/torture.test.ts',
  'packages/storage-postgres/test/conformance.test.ts',
  'packages/storage-postgres/test/conformance-eight-processes.test.ts',
  'packages/storage-etcd/test/conformance-eight-processes.test.ts',
  'test/runtimes.test.ts',
  'packages/storage-sqljs/test/browser/conformance.test.ts',
  'packages/storage-sqljs/test/failing-calls.test.ts',
  'packages/storage-sqljs/test/conformance.test.ts',
  'packages/storage-testkit/test/broken-backends.test.ts',
  'test/shared-file/conformance-processes.test.ts',
];

/** A fresh clone does not know yet how long files take. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    return others.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = LONG.findIndex((path) => moduleId.endsWith(path));
  return rank === -1 ? LONG.length : rank;
}
