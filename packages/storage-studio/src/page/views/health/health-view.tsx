import type { VNode } from 'preact';
import { Waiting } from '../../parts/waiting.js';
import { useAnswer } from '../../server/answers.js';
import { PageHead } from '../page-head.js';
import { FiguresPanel } from './figures-panel.js';
import { VerifyPanel } from './verify-panel.js';

/** How the store does now, and on demand whether all of it is as it should be. */
export function HealthView(): VNode {
  const { value, error } = useAnswer('overview', {});
  return (
    <div class="view">
      <PageHead title="Health" command={value?.command} />
      {value === undefined ? (
        <Waiting error={error} />
      ) : (
        <>
          <FiguresPanel overview={value} />
          <VerifyPanel />
        </>
      )}
    </div>
  );
}
