import { StorageError } from '@gati-framework/manifest-store';
import { GRPC_STATUS, GrpcError, isUntrusted } from './client/grpc-error.js';

type Translation = readonly [pattern: RegExp, make: (error: GrpcError, said: string) => StorageError];

const BY_MESSAGE: readonly Translation[] = [
  [
    /database space exceeded/,
    (cause) =>
      full(
        'etcd has reached its quota (--quota-backend-bytes) and takes no more. Compact and defragment it, disarm its ' +
          'NOSPACE alarm with "etcdctl alarm disarm", or raise the quota, and write again. Nothing was stored.',
        cause,
      ),
  ],
  [
    /request is too large|trying to send message larger|received message larger/,
    (cause) =>
      full(
        'etcd is set to take smaller requests than this storage sends: start it with --max-request-bytes of at least ' +
          '1572864, its default. Nothing was stored.',
        cause,
      ),
  ],
  [
    /too many operations/,
    (cause) =>
      full(
        'etcd is set to take fewer operations at once than this storage sends: start it with --max-txn-ops of at least ' +
          '128, its default. Nothing was stored.',
        cause,
      ),
  ],
  [
    /user name is empty/,
    (cause) => forbidden('etcd lets nobody in without a user: set options.user and options.password.', cause),
  ],
  [
    /invalid user ID or password/,
    (cause) => forbidden('etcd does not know this user, or not with this password.', cause),
  ],
  [
    /permission denied/,
    (cause) =>
      forbidden(
        'etcd does not let this user read and write the keys of the store. Grant a role readwrite on the prefix and a ' +
          'slash: etcdctl role grant-permission ROLE --prefix=true readwrite PREFIX/',
        cause,
      ),
  ],
  [/invalid auth token/, (cause) => forbidden('etcd refuses the token that it gave this user.', cause)],
];

/** Whatever went wrong, as an error of the storage. */
export function toStorageError(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  if (!(error instanceof GrpcError)) {
    const said = error instanceof Error ? error.message : String(error);
    return new StorageError('STORAGE_FAILED', `The storage in etcd failed: ${said}`, { cause: error });
  }
  const said = `${error.endpoint} says: ${error.message}`;
  for (const [pattern, make] of BY_MESSAGE) if (pattern.test(error.message)) return make(error, said);
  return byStatus(error, said);
}

function byStatus(error: GrpcError, said: string): StorageError {
  const { status } = error;
  if (isUntrusted(error)) {
    const message = `No trusted connection to etcd could be made: ${said}. Check options.tls: ca, cert and key, and the name in the certificate.`;
    return new StorageError('STORAGE_UNAVAILABLE', message, { cause: error });
  }
  if (status === GRPC_STATUS.permissionDenied || status === GRPC_STATUS.unauthenticated)
    return forbidden(`etcd does not let this user do that: ${said}`, error);
  if (status === GRPC_STATUS.dataLoss) {
    const message = `A member of etcd says that its data is damaged: ${said}. Replace the member; nothing was overwritten.`;
    return new StorageError('STORAGE_CORRUPT', message, { cause: error });
  }
  if (status === GRPC_STATUS.unimplemented) {
    const message = `What answers is not etcd 3.4 or newer: ${said}`;
    return new StorageError('STORAGE_FAILED', message, { cause: error });
  }
  if (status === GRPC_STATUS.invalidArgument || status === GRPC_STATUS.failedPrecondition)
    return new StorageError('STORAGE_FAILED', `etcd refuses a request: ${said}`, { cause: error });
  const message = `etcd cannot be reached, or has no majority of its members: ${said}. Are its members running and reachable?`;
  return new StorageError('STORAGE_UNAVAILABLE', message, { cause: error });
}

function full(message: string, cause: GrpcError): StorageError {
  return new StorageError('STORAGE_FULL', message, { cause });
}

function forbidden(message: string, cause: GrpcError): StorageError {
  return new StorageError('STORAGE_FORBIDDEN', message, { cause });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Does work whose errors become those of the storage. */
export async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toStorageError(error);
  }
}

/** As {@link translated}, of what comes in pages. */
export async function* translatedPages<T>(pages: () => AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* pages();
  } catch (error) {
    throw toStorageError(error);
  }
}
