import type { Difference } from '@gati-framework/api-import';
import { compareVersions, type VersionIn } from '@gati-framework/storage-tools/compare';
import { assertOfShape, incomparable } from '../views/findings-view.js';

/** What callers of one version notice when they meet another. */
export async function compareTwo(
  before: VersionIn,
  after: VersionIn,
  options: { readonly strictErrors: boolean } = { strictErrors: false },
): Promise<readonly Difference[]> {
  try {
    return (await compareVersions(before, after, options)).differences;
  } catch (error) {
    assertOfShape(error);
    return incomparable();
  }
}
