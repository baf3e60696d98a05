import type { LogEntry, LoggedStep } from '@gati-framework/manifest-store';
import { keyTuple } from '@gati-framework/manifest-store/backend';
import { type CommitStep, type CommitView, LIMITS } from '../api/index.js';
import { textOf } from './text.js';

export function commitView({ revision, committedAt, note, changeCount, changes }: LogEntry): CommitView {
  return {
    revision,
    committedAt,
    ...(note !== undefined && { note: textOf(note) }),
    changeCount,
    changes: changes.slice(0, LIMITS.listed).map(stepView),
  };
}

function stepView(step: LoggedStep): CommitStep {
  if ('clear' in step) return { does: 'clear' };
  const [does, kind] = 'put' in step ? (['put', step.put] as const) : (['delete', step.delete] as const);
  return { does, kind, key: keyTuple(kind, step.key) };
}
