import type { VNode } from 'preact';
import { TimeAgo } from '../parts/time.js';
import { link } from '../router/location.js';
import { useAnswer } from '../server/answers.js';
import { LongText } from '../text/data-text.js';
import { timeText } from '../text/time-text.js';

/** Which revision is looked at, when it was made and why. */
export function RevisionFacts({ revision }: { readonly revision: number }): VNode {
  const { value } = useAnswer('commits', { before: revision + 1, limit: 1 });
  const commit = value?.items.find((item) => item.revision === revision);
  return (
    <>
      <b>
        As of revision <a href={link(['commits', String(revision)])}>{revision}</a>
      </b>
      {commit !== undefined && (
        <>
          {' '}
          · {timeText(commit.committedAt)}, <TimeAgo time={commit.committedAt} />
        </>
      )}
      {commit?.note !== undefined && (
        <>
          {' '}
          · <LongText text={commit.note} shown={120} />
        </>
      )}
    </>
  );
}
