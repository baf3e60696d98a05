import type { Entry } from '@gati-framework/manifest-store';
import { type HookManifestView, LIMITS, type TimescapeView, type TransformerView } from '../api/index.js';
import { defined, fieldOf, listOf, numberOf } from './fields.js';
import { jsonTextOf, textOf, textsOf } from './text.js';

/** Of the details of one step of a transformer. */
const MAX_DETAILS = 4_096;

export function transformerView({ value, revision }: Entry<'transformer'>): TransformerView {
  const steps = listOf(value.transformations);
  return {
    id: value.id,
    handlerId: textOf(value.handlerId),
    from: textOf(value.fromVersion),
    to: textOf(value.toVersion),
    direction: value.direction === 'backward' ? 'backward' : 'forward',
    steps: steps.slice(0, LIMITS.listed).map((step) => ({
      path: textOf(fieldOf(step, 'path')),
      type: textOf(fieldOf(step, 'type')),
      details: jsonTextOf(fieldOf(step, 'details'), MAX_DETAILS),
    })),
    stepCount: steps.length,
    createdAt: value.createdAt,
    revision,
  };
}

export function hookManifestView({ value, revision }: Entry<'hookManifest'>): HookManifestView {
  const hooks = listOf(value.hooks);
  return {
    hooks: hooks.slice(0, LIMITS.listed).map((hook) => ({
      id: textOf(fieldOf(hook, 'id')),
      type: textOf(fieldOf(hook, 'type')),
      level: textOf(fieldOf(hook, 'level')),
      isAsync: fieldOf(hook, 'isAsync') === true,
      ...defined({
        timeout: numberOf(fieldOf(hook, 'timeout')),
        retries: numberOf(fieldOf(hook, 'retries')),
        source: sourceOf(fieldOf(hook, 'sourceLocation')),
      }),
    })),
    hookCount: hooks.length,
    version: textOf(value.version),
    createdAt: value.createdAt,
    revision,
  };
}

function sourceOf(location: unknown): HookManifestView['hooks'][number]['source'] {
  const file = fieldOf(location, 'file');
  if (typeof file !== 'string') return undefined;
  const [line, column] = [numberOf(fieldOf(location, 'line')), numberOf(fieldOf(location, 'column'))];
  return textOf([file, line, column].filter((part) => part !== undefined).join(':'));
}

export function timescapeView({ value, revision }: Entry<'timescapeMetadata'>): TimescapeView {
  const { compatibility, deployment, metrics } = value;
  return {
    fingerprint: textOf(value.fingerprint),
    compatible: textsOf(fieldOf(compatibility, 'compatible')),
    incompatible: textsOf(fieldOf(compatibility, 'incompatible')),
    transformable: textsOf(fieldOf(compatibility, 'transformable')),
    strategy: textOf(fieldOf(deployment, 'strategy')) as TimescapeView['strategy'],
    status: textOf(fieldOf(deployment, 'status')) as TimescapeView['status'],
    ...defined({ rollout: numberOf(fieldOf(deployment, 'rolloutPercentage')), metrics: metricsOf(metrics) }),
    revision,
  };
}

function metricsOf(metrics: unknown): TimescapeView['metrics'] {
  const [requestCount, errorRate, avgLatency, lastUpdated] = [
    'requestCount',
    'errorRate',
    'avgLatency',
    'lastUpdated',
  ].map((name) => numberOf(fieldOf(metrics, name)));
  if (requestCount === undefined || errorRate === undefined) return undefined;
  return { requestCount, errorRate, avgLatency: avgLatency ?? 0, lastUpdated: lastUpdated ?? 0 };
}
