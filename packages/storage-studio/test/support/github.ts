import { importDocument } from '@gati-framework/api-import';
import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { publishedFiles } from '../../../../scripts/published-files.mjs';
import { commitsOf, type KnownCommit } from './descriptions.js';

/** GitHub's own description of its REST API, as two releases of its server have it: 501 operations, and 631. */
const RELEASES = ['2.18', '2.22'] as const;

/** Two releases of GitHub's API, a commit each; `undefined`, with a word, where the registry cannot be reached. */
export async function gitHubCommits(): Promise<readonly KnownCommit[] | undefined> {
  const files = await filesOrNothing();
  if (files === undefined) return undefined;
  await using storage = createInMemoryStorage();
  for (const [i, file] of files.entries()) {
    const versionName = `${RELEASES[i]}`;
    await importDocument(
      storage,
      { file },
      { api: 'github', versionName, note: `import GitHub ${versionName}` },
    );
  }
  return await commitsOf(storage);
}

async function filesOrNothing(): Promise<readonly string[] | undefined> {
  const paths = RELEASES.map((release) => `generated/ghes-${release}.json`);
  try {
    return await publishedFiles('@octokit/openapi', '2.2.1', paths);
  } catch (error) {
    console.warn(`GitHub's description is left out: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}
