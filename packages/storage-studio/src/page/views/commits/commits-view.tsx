import type { VNode } from 'preact';
import type { CommitView } from '../../../api/commits.js';
import { MoreButton } from '../../parts/more-button.js';
import { TimeAgo } from '../../parts/time.js';
import { Waiting } from '../../parts/waiting.js';
import { at, link, place, setParams } from '../../router/location.js';
import { told } from '../../server/feed.js';
import { useList } from '../../server/lists.js';
import { DataText, LongText } from '../../text/data-text.js';
import { dayText } from '../../text/time-text.js';
import { PageHead } from '../page-head.js';
import { CommitSummary } from './commit-summary.js';

/** The commits of the store, newest first; those that are made meanwhile come in at the top. */
export function CommitsView(): VNode {
  const { handler } = place.value.params;
  const isAll = handler === undefined && at.value === undefined;
  const { first, items, error, more } = useList(
    'commits',
    {
      ...(handler === undefined ? {} : { handler }),
      // The past ends with the revision that is looked at.
      ...(at.value === undefined ? {} : { before: at.value + 1 }),
    },
    'before',
  );
  return (
    <div class="view">
      <PageHead title="Time" command={first?.command}>
        {handler !== undefined && (
          <p class="sub">
            only those that touched{' '}
            <a href={link(['handlers', handler])}>
              <DataText text={handler} />
            </a>{' '}
            <button type="button" class="inline-button" onClick={() => setParams({ handler: undefined })}>
              show all
            </button>
          </p>
        )}
      </PageHead>
      {first === undefined ? <Waiting error={error} /> : <Days commits={withTold(items, isAll)} />}
      {first !== undefined && items.length === 0 && <p class="empty">Nothing that is kept.</p>}
      <MoreButton more={more} />
      {first !== undefined && more === undefined && items.length > 0 && (
        <p class="muted">That is all of the history that is kept.</p>
      )}
    </div>
  );
}

/** What the feed has told is shown at once, and not only when the list was asked for again. */
function withTold(items: readonly CommitView[], isAll: boolean): readonly CommitView[] {
  const newest = items[0]?.revision ?? 0;
  return isAll ? [...told.value.filter(({ revision }) => revision > newest), ...items] : items;
}

function Days({ commits }: { readonly commits: readonly CommitView[] }): VNode {
  const days = Map.groupBy(commits, ({ committedAt }) => dayText(committedAt));
  return (
    <div class="days">
      {Array.from(days, ([day, ofDay]) => (
        <section key={day}>
          <h2>{day}</h2>
          <ol class="commits">
            {ofDay.map((commit) => (
              <CommitLine key={commit.revision} commit={commit} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

function CommitLine({ commit }: { readonly commit: CommitView }): VNode {
  const { revision, note, committedAt } = commit;
  const isNew = told.value.some((one) => one.revision === revision);
  return (
    <li class={isNew ? 'new' : ''}>
      <a class="commit-row" href={link(['commits', String(revision)])}>
        <span class="revision mono">r{revision}</span>
        <span class="note">
          {note === undefined ? <span class="muted">no note</span> : <LongNote note={note} />}
        </span>
        <CommitSummary commit={commit} />
        <span class="when">
          <TimeAgo time={committedAt} />
        </span>
      </a>
    </li>
  );
}

/** A note is one line in the list. */
function LongNote({ note }: { readonly note: NonNullable<CommitView['note']> }): VNode {
  return typeof note === 'string' ? <DataText text={note} /> : <LongText text={note} shown={200} />;
}
