/**
 * The records a manifest store holds.
 *
 * Every shape here is mutually assignable with the one that the published
 * `@gati-framework/runtime` exports, which a type test proves: code written
 * against either keeps compiling against the other.
 */

/** One version of a handler: what it answers to, and what it needs. */
export interface HandlerManifest {
  /** Stable identifier of the handler, e.g. `users.create`. Part of the key. */
  handlerId: string;
  /** Version of the handler, e.g. `1.2.0`. Part of the key; its order is not derived from its text. */
  version: string;
  /** Route pattern, e.g. `/users/:id`. */
  path: string;
  /** HTTP method or methods. */
  method: string | string[];
  /** References (`GType.ref`) of the types that requests and responses are checked against. */
  gtypes: {
    request: string;
    response: string;
    params?: string;
    headers?: string;
  };
  /** Hook ids by lifecycle phase, in the order in which they run. */
  hooks: {
    before: string[];
    after: string[];
    catch?: string[];
  };
  /** Timescape fingerprint used to tell compatible versions apart. */
  timescapeVersion: string;
  policies: {
    /** Roles of which the caller needs one. */
    roles?: string[];
    rateLimit?: {
      /** Requests allowed in each window. */
      limit: number;
      /** Length of the window in milliseconds. */
      window: number;
    };
  };
  dependencies: {
    modules: string[];
    plugins?: string[];
  };
  /** Digest of what the handler was built from. */
  hash: string;
  /** Milliseconds since the epoch; finite. Orders the versions of a handler. */
  createdAt: number;
}

/** One hook of a handler. */
export interface HookDefinition {
  id: string;
  type: 'before' | 'after' | 'catch';
  level: 'global' | 'handler' | 'request';
  isAsync: boolean;
  /** Milliseconds. */
  timeout?: number;
  retries?: number;
  sourceLocation?: {
    file: string;
    /** Counted from 1. */
    line: number;
    column: number;
  };
}

/** All hooks of a handler; one record per handler. */
export interface HookManifest {
  /** The key. */
  handlerId: string;
  hooks: HookDefinition[];
  /** Milliseconds since the epoch; finite. */
  createdAt: number;
  version: string;
}

export type GTypeKind = 'object' | 'array' | 'primitive' | 'union' | 'intersection';

export type PrimitiveType = 'string' | 'number' | 'boolean' | 'null';

export type ValidatorType = 'min' | 'max' | 'pattern' | 'enum' | 'custom';

/** One check on a value. */
export interface Validator {
  type: ValidatorType;
  /** What the check compares with: a number, a pattern, a list of values. */
  // biome-ignore lint/suspicious/noExplicitAny: the published runtime declares it so, and both must stay assignable
  value: any;
  message?: string;
}

/** A runtime schema. */
export interface GType {
  /** The key when stored by itself, e.g. `CreateUserRequest`. */
  ref: string;
  kind: GTypeKind;
  /** For `object`. */
  properties?: Record<string, GTypeProperty>;
  /** For `array`. */
  items?: GType;
  /** For `union` and `intersection`. */
  types?: GType[];
  /** For `primitive`. */
  primitiveType?: PrimitiveType;
  /** For `object`: names of the required properties. */
  required?: string[];
  validators?: Validator[];
  description?: string;
}

/** A property of an object GType. */
export interface GTypeProperty {
  type: GType;
  optional: boolean;
  description?: string;
}

/** One version inside a {@link VersionGraph}. */
export interface VersionNode {
  version: string;
  /** `HandlerManifest.hash` of this version. */
  manifestHash: string;
  /** Milliseconds since the epoch. */
  deployedAt: number;
  active: boolean;
  /** The version this one was made from; absent for the first. */
  parent?: string;
  /** Whether callers of the parent can break. */
  breaking: boolean;
  transformers?: {
    to: string;
    transformerId: string;
  }[];
}

/** A name for a version of a handler, such as `stable`. One name is for one version, and a version may have several. */
export interface VersionLabel {
  label: string;
  version: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  createdBy: string;
}

/** The versions of a handler and how they follow from each other; one record per handler. */
export interface VersionGraph {
  /** The key. */
  handlerId: string;
  versions: VersionNode[];
  currentVersion: string;
  latestVersion: string;
  /** Versions that are named here stay when old ones are pruned. The published runtime knows no such field. */
  tags?: VersionLabel[];
}

/** How to turn a request or response of one version into another version's. */
export interface Transformer {
  /** The key. */
  id: string;
  handlerId: string;
  fromVersion: string;
  toVersion: string;
  direction: 'forward' | 'backward';
  transformations: {
    /** Field path, e.g. `items[].price`. */
    path: string;
    type: 'rename' | 'remove' | 'add' | 'transform';
    // biome-ignore lint/suspicious/noExplicitAny: the published runtime declares it so, and both must stay assignable
    details: any;
  }[];
  hash: string;
  /** Milliseconds since the epoch; finite. */
  createdAt: number;
}

/** Deployment state of one version of a handler. */
export interface TimescapeMetadata {
  /** Part of the key. */
  handlerId: string;
  /** Part of the key. */
  version: string;
  fingerprint: string;
  compatibility: {
    compatible: string[];
    incompatible: string[];
    /** Versions reachable through a transformer. */
    transformable: string[];
  };
  deployment: {
    strategy: 'blue-green' | 'canary' | 'rolling';
    /** 0 to 100. */
    rolloutPercentage?: number;
    status: 'pending' | 'active' | 'draining' | 'decommissioned';
  };
  metrics?: {
    requestCount: number;
    /** 0 to 1. */
    errorRate: number;
    /** Milliseconds. */
    avgLatency: number;
    /** Milliseconds since the epoch. */
    lastUpdated: number;
  };
}
