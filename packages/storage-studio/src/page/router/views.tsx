import type { VNode } from 'preact';
import { ChangeView } from '../views/change/change-view.js';
import { CheckView } from '../views/check/check-view.js';
import { CommitView } from '../views/commits/commit-view.js';
import { CommitsView } from '../views/commits/commits-view.js';
import { CompareView } from '../views/compare/compare-view.js';
import { HandlerPage } from '../views/handler/handler-page.js';
import { HealthView } from '../views/health/health-view.js';
import { ImpactView } from '../views/impact/impact-view.js';
import { NamesView } from '../views/impact/names-view.js';
import { NoSuchView } from '../views/no-such-view.js';
import { OverviewView } from '../views/overview/overview-view.js';
import { RecordPage } from '../views/record-page.js';
import { place } from './location.js';

/** What is shown at the address. */
export function CurrentView(): VNode {
  const { path } = place.value;
  const [first, second, third, fourth] = path;
  if (first === undefined) return <OverviewView />;
  if (first === 'compare') return <CompareView />;
  if (first === 'check') return <CheckView />;
  if (first === 'health') return <HealthView />;
  if (first === 'commits')
    return second === undefined ? <CommitsView /> : <CommitView revision={Number(second)} />;
  if (first === 'impact') return <ImpactPlace of={second} name={third} />;
  if (first === 'change') return <ChangeView what={second} />;
  if (first === 'handlers' && second !== undefined)
    return <HandlerPage key={second} id={second} version={third} />;
  if (first === 'records' && third !== undefined)
    return <RecordPage key={path.join('/')} kind={second ?? ''} first={third} second={fourth} />;
  return <NoSuchView />;
}

const KINDS = ['gtype', 'hook', 'transformer', 'dependency'] as const;

function ImpactPlace({
  of: text,
  name,
}: {
  readonly of: string | undefined;
  readonly name: string | undefined;
}): VNode {
  const of = KINDS.find((kind) => kind === (text ?? 'gtype'));
  if (of === undefined) return <NoSuchView />;
  return name === undefined ? (
    <NamesView of={of} />
  ) : (
    <ImpactView key={`${of} ${name}`} of={of} name={name} />
  );
}
