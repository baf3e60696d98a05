import type {
  StorageCommitMessage,
  StorageMessage,
  StorageMessages,
  StorageWaits,
} from '@gati-framework/manifest-store';
import {
  type Attributes,
  type Link,
  type Span,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  type Tracer,
} from '@opentelemetry/api';
import { errorAttributes, type Operation, operationAttributes } from './attributes.js';
import { listen, type MessageHandler } from './subscriptions.js';

export interface SpanRules {
  /** Also for look-ups that a cache has answered. */
  readonly cachedReads: boolean;
}

/** Makes spans of what storages tell, until what is returned is called. */
export function recordSpans(tracer: Tracer, { cachedReads }: SpanRules): () => void {
  const spans = new WeakMap<StorageMessage, Span>();
  const on = <N extends keyof StorageMessages>(name: N, of: Recipe<StorageMessages[N]>): (() => void) =>
    listen(name, handlerOf(tracer, spans, of));
  const stops = [
    on('gati:storage:read', {
      operation: ({ operation, kind }) => ({ name: operation, kind }),
      isWanted: ({ cacheHit }) => cachedReads || cacheHit !== true,
      found: ({ cacheHit, rows, waited }) => ({
        ...(cacheHit !== undefined && { 'gati.storage.cache.hit': cacheHit }),
        ...(rows !== undefined && { 'db.response.returned_rows': rows }),
        ...waitAttributes(waited),
      }),
    }),
    on('gati:storage:commit', {
      operation: ({ kind }) => ({ name: 'commit', kind }),
      begun: ({ batchSize }) => batchAttributes(batchSize),
      found: ({ revision, waited }) => ({
        ...(revision !== undefined && { 'gati.storage.revision': revision }),
        ...waitAttributes(waited),
      }),
    }),
    // It is nobody's in particular, so it begins a trace of its own, and says whose commits it makes.
    on('gati:storage:group', {
      operation: () => ({ name: 'group' }),
      begun: ({ batchSize }) => batchAttributes(batchSize),
      found: ({ waited }) => waitAttributes(waited),
      options: ({ commits }) => ({ root: true, links: linksTo(commits, spans) }),
    }),
    on('gati:storage:open', { operation: () => ({ name: 'open' }) }),
    on('gati:storage:migrate', {
      operation: () => ({ name: 'migrate' }),
      begun: ({ from, to }) => ({ 'gati.storage.schema.from': from, 'gati.storage.schema.to': to }),
    }),
    on('gati:storage:fold', { operation: () => ({ name: 'fold' }), options: () => ({ root: true }) }),
    on('gati:storage:trim', { operation: () => ({ name: 'trim' }), options: () => ({ root: true }) }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** What a span tells of a message. */
interface Recipe<M extends StorageMessage> {
  operation(message: M): Operation;
  isWanted?(message: M): boolean;
  /** What is known when it begins. */
  begun?(message: M): Attributes;
  /** What is known when it is done. */
  found?(message: M): Attributes;
  options?(message: M): SpanOptions;
}

function handlerOf<M extends StorageMessage>(
  tracer: Tracer,
  spans: WeakMap<StorageMessage, Span>,
  { operation, isWanted = () => true, begun, found, options }: Recipe<M>,
): MessageHandler<M> {
  return {
    started(message) {
      if (!isWanted(message)) return;
      const what = operation(message);
      const target = what.kind ?? message.store;
      const attributes = { ...operationAttributes(message, what), ...begun?.(message) };
      // What is nowhere but in this process is called by nobody from outside.
      const kind = message.store === undefined ? SpanKind.INTERNAL : SpanKind.CLIENT;
      const name = target === undefined ? what.name : `${what.name} ${target}`;
      spans.set(message, tracer.startSpan(name, { kind, attributes, ...options?.(message) }));
    },
    done(message) {
      const span = spans.get(message);
      if (span === undefined) return;
      const failure = errorAttributes(message);
      span.setAttributes({ ...found?.(message), ...failure });
      if (message.error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

function linksTo(commits: readonly StorageCommitMessage[], spans: WeakMap<StorageMessage, Span>): Link[] {
  return commits.flatMap((commit) => {
    const span = spans.get(commit);
    return span === undefined ? [] : [{ context: span.spanContext() }];
  });
}

/** By the conventions, one operation is no batch. */
function batchAttributes(size: number | undefined): Attributes {
  return size === undefined || size < 2 ? {} : { 'db.operation.batch.size': size };
}

/** In seconds, as everything is. */
function waitAttributes(waited: StorageWaits): Attributes {
  const entries = Object.entries(waited).map(([what, time]) => [`gati.storage.wait.${what}`, time / 1_000]);
  return Object.fromEntries(entries);
}
