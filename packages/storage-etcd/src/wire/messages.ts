import { type Compare, encodeCompare } from './compare.js';
import {
  bigIntOf,
  bytesField,
  flagField,
  intField,
  join,
  message,
  nested,
  type Pieces,
  readMessage,
} from './protobuf.js';

/** Keys from `key` on, before `end`; without it that key alone. */
export interface KeyRange {
  readonly key: string;
  readonly end?: string | undefined;
}

export interface RangeRequest extends KeyRange {
  /** Most keys of the answer; absent: all. */
  readonly limit?: number | undefined;
  /** The revision of etcd that is read; absent: the present. */
  readonly revision?: number | undefined;
  /** Whatever the member that is asked has, without a question to the others. */
  readonly serializable?: boolean | undefined;
  /** Only how many keys there are. */
  readonly countOnly?: boolean | undefined;
}

export interface KeyValue {
  readonly key: string;
  readonly value: Buffer;
  /** The revision of etcd that wrote it last. */
  readonly modRevision: number;
}

export interface RangeAnswer {
  /** In the order of the bytes of their keys. */
  readonly kvs: readonly KeyValue[];
  /** Whether the limit left out some. */
  readonly more: boolean;
  /** How many keys there are, those that the limit left out, too. */
  readonly count: number;
}

/** One step of a transaction. */
export type Operation =
  | ({ readonly op: 'range' } & RangeRequest)
  | { readonly op: 'put'; readonly key: string; readonly value: Buffer; readonly lease?: number | undefined }
  | ({ readonly op: 'delete' } & KeyRange)
  | { readonly op: 'txn'; readonly operations: readonly Operation[] };

export interface TxnRequest {
  readonly compare?: readonly Compare[];
  /** What is done where all conditions hold. */
  readonly success: readonly Operation[];
  readonly failure?: readonly Operation[];
}

export interface TxnAnswer {
  readonly succeeded: boolean;
  /** Of etcd, after it. */
  readonly revision: number;
  /** One for each operation that was done, those of nested transactions in their place; empty for those that are no ranges. */
  readonly ranges: readonly RangeAnswer[];
}

export interface WatchAnswer {
  readonly created: boolean;
  /** Why it has ended, if it has. */
  readonly canceled: string | undefined;
  /** What was put, in the order of etcd; what is of one transaction comes together. */
  readonly puts: readonly KeyValue[];
}

/** Where there is no answer, as nothing was asked. */
export const NOTHING: RangeAnswer = Object.freeze({ kvs: [], more: false, count: 0 });

function encodeRange({ key, end, limit, revision, serializable, countOnly }: RangeRequest): Pieces {
  return message(
    bytesField(1, key),
    bytesField(2, end),
    intField(3, limit),
    intField(4, revision),
    flagField(7, serializable),
    flagField(9, countOnly),
  );
}

function encodeOperation(operation: Operation): Pieces {
  switch (operation.op) {
    case 'range':
      return nested(1, encodeRange(operation));
    case 'put': {
      const { key, value, lease } = operation;
      return nested(2, message(bytesField(1, key), bytesField(2, value), intField(3, lease)));
    }
    case 'delete':
      return nested(3, message(bytesField(1, operation.key), bytesField(2, operation.end)));
    default:
      return nested(4, txnMessage({ success: operation.operations }));
  }
}

function txnMessage({ compare = [], success, failure = [] }: TxnRequest): Pieces {
  return message(
    ...compare.map((condition) => nested(1, encodeCompare(condition))),
    ...success.map((operation) => nested(2, encodeOperation(operation))),
    ...failure.map((operation) => nested(3, encodeOperation(operation))),
  );
}

export function encodeTxn(request: TxnRequest): Buffer {
  return join(txnMessage(request));
}

export function decodeTxn(bytes: Buffer): TxnAnswer {
  let succeeded = false;
  let revision = 0;
  const ranges: RangeAnswer[] = [];
  readMessage(bytes, {
    1: (header) => {
      revision = decodeHeader(header.bytes);
    },
    2: ({ int }) => {
      succeeded = int !== 0;
    },
    3: (response) => {
      let found: readonly RangeAnswer[] = [NOTHING];
      readMessage(response.bytes, {
        1: (range) => {
          found = [decodeRange(range.bytes)];
        },
        4: (nestedTxn) => {
          found = decodeTxn(nestedTxn.bytes).ranges;
        },
      });
      ranges.push(...found);
    },
  });
  return { succeeded, revision, ranges };
}

function decodeHeader(bytes: Buffer): number {
  let revision = 0;
  readMessage(bytes, {
    3: ({ int }) => {
      revision = int;
    },
  });
  return revision;
}

function decodeRange(bytes: Buffer): RangeAnswer {
  const kvs: KeyValue[] = [];
  let more = false;
  let count = 0;
  readMessage(bytes, {
    2: (kv) => kvs.push(decodeKeyValue(kv.bytes)),
    3: ({ int }) => {
      more = int !== 0;
    },
    4: ({ int }) => {
      count = int;
    },
  });
  return { kvs, more, count };
}

function decodeKeyValue(bytes: Buffer): KeyValue {
  let key = '';
  let value: Buffer = Buffer.alloc(0);
  let modRevision = 0;
  readMessage(bytes, {
    1: (field) => {
      key = field.bytes.toString();
    },
    3: ({ int }) => {
      modRevision = int;
    },
    5: (field) => {
      value = field.bytes;
    },
  });
  return { key, value, modRevision };
}

/** A watch of some keys, from now on. */
export function encodeWatch({ key, end }: KeyRange): Buffer {
  return join(nested(1, message(bytesField(1, key), bytesField(2, end))));
}

export function decodeWatch(bytes: Buffer): WatchAnswer {
  let created = false;
  let canceled: string | undefined;
  let reason = '';
  const puts: KeyValue[] = [];
  readMessage(bytes, {
    3: ({ int }) => {
      created = int !== 0;
    },
    4: ({ int }) => {
      if (int !== 0) canceled = '';
    },
    6: (field) => {
      reason = field.bytes.toString();
    },
    11: (event) => {
      const put = decodePut(event.bytes);
      if (put !== undefined) puts.push(put);
    },
  });
  return { created, canceled: canceled === undefined ? undefined : reason || 'the server ended it', puts };
}

/** Undefined where something was deleted. */
function decodePut(bytes: Buffer): KeyValue | undefined {
  let isPut = true;
  let put: KeyValue | undefined;
  readMessage(bytes, {
    1: ({ int }) => {
      isPut = int === 0;
    },
    2: (kv) => {
      put = decodeKeyValue(kv.bytes);
    },
  });
  return isPut ? put : undefined;
}

/** @param ttl In seconds. */
export function encodeLeaseGrant(id: number, ttl: number): Buffer {
  return join(message(intField(1, ttl), intField(2, id)));
}

export function encodeAuthenticate(name: string, password: string): Buffer {
  return join(message(bytesField(1, name), bytesField(2, password)));
}

/** The token of the session. */
export function decodeAuthenticate(bytes: Buffer): string {
  let token = '';
  readMessage(bytes, {
    2: (field) => {
      token = field.bytes.toString();
    },
  });
  return token;
}

/** What a member says of itself. */
export interface StatusAnswer {
  /** Of the cluster, as `etcdctl` shows it. */
  readonly cluster: string;
  readonly version: string;
}

export function decodeStatus(bytes: Buffer): StatusAnswer {
  let cluster = '';
  let version = '';
  readMessage(bytes, {
    1: (header) => {
      readMessage(header.bytes, {
        1: (id) => {
          cluster = bigIntOf(id).toString(16);
        },
      });
    },
    2: (field) => {
      version = field.bytes.toString();
    },
  });
  return { cluster, version };
}
