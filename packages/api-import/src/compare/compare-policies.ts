import type { HandlerManifest } from '@gati-framework/manifest-store';
import type { Effect } from './difference.js';

type Policies = HandlerManifest['policies'];
type Report = (effect: Effect, what: string) => void;

/** Whom a handler answers, and how often. */
export function comparePolicies(before: Policies, after: Policies, report: Report): void {
  compareRoles(before.roles ?? [], after.roles ?? [], report);
  compareRateLimits(before.rateLimit, after.rateLimit, report);
}

/** A caller needs one of them; without any, everybody is answered. */
function compareRoles(before: readonly string[], after: readonly string[], report: Report): void {
  if (before.length === 0 && after.length === 0) return;
  if (before.length === 0) report('narrowed', `now need one of the roles ${after.join(', ')}`);
  else if (after.length === 0) report('compatible', 'no longer need a role');
  else {
    for (const role of before)
      if (!after.includes(role)) report('narrowed', `no longer accept the role ${role}`);
    for (const role of after)
      if (!before.includes(role)) report('compatible', `now accept the role ${role}, too`);
  }
}

/** Whether a tighter limit breaks anybody depends on how often they call. */
function compareRateLimits(
  before: Policies['rateLimit'],
  after: Policies['rateLimit'],
  report: Report,
): void {
  if (after === undefined) {
    if (before !== undefined) report('compatible', 'no longer limit how often callers may call');
    return;
  }
  if (before?.limit === after.limit && before.window === after.window) return;
  const isWider = before !== undefined && after.limit >= before.limit && after.window <= before.window;
  const was = before === undefined ? '' : `, was ${before.limit} in ${before.window} ms`;
  const what = `now allow ${after.limit} requests in ${after.window} ms${was}`;
  report(isWider ? 'compatible' : 'unknown', what);
}
