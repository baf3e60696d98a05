/** Status codes of gRPC that etcd and its connections tell. */
export const GRPC_STATUS = {
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  outOfRange: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  dataLoss: 15,
  unauthenticated: 16,
} as const;

/** What a call to a member of etcd ended with. */
export class GrpcError extends Error {
  override readonly name = 'GrpcError';
  readonly status: number;
  /** Whether the member may have got the request. */
  readonly wasSent: boolean;
  /** Where it was asked, as `host:port`. */
  readonly endpoint: string;

  constructor(
    status: number,
    message: string,
    { wasSent, endpoint, cause }: { wasSent: boolean; endpoint: string; cause?: unknown },
  ) {
    super(message, { cause });
    this.status = status;
    this.wasSent = wasSent;
    this.endpoint = endpoint;
  }
}

const TRANSIENT: ReadonlySet<number> = new Set([
  GRPC_STATUS.cancelled,
  GRPC_STATUS.unknown,
  GRPC_STATUS.deadlineExceeded,
  GRPC_STATUS.aborted,
  GRPC_STATUS.internal,
  GRPC_STATUS.unavailable,
]);

/** Whether the same request may be answered later, or by another member. */
export function isTransient(error: unknown): error is GrpcError {
  if (!(error instanceof GrpcError) || isUntrusted(error)) return false;
  return TRANSIENT.has(error.status) || /too many requests/i.test(error.message);
}

/** Whether the request may have been carried out all the same. */
export function isUnknown(error: unknown): boolean {
  return isTransient(error) && error.wasSent && error.status !== GRPC_STATUS.resourceExhausted;
}

/** Whether the quota is exceeded. A member says so, too, of the transaction that exceeds it, which it has carried out. */
export function isOverQuota(error: unknown): boolean {
  return error instanceof GrpcError && /database space exceeded/.test(error.message);
}

/** Whether a new token may help. */
export function isTokenRefused({ status, message }: GrpcError): boolean {
  return (
    status === GRPC_STATUS.unauthenticated || /invalid auth token|revision of auth store is old/.test(message)
  );
}

/** Whether a range asked for a revision of etcd that is compacted. */
export function isCompacted(error: unknown): boolean {
  return (
    error instanceof GrpcError && error.status === GRPC_STATUS.outOfRange && /compacted/.test(error.message)
  );
}

/** Whether a lease is there already that was to be made. */
export function isLeaseKnown(error: unknown): boolean {
  return error instanceof GrpcError && /lease already exists/.test(error.message);
}

const TLS_CODE =
  /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|EPROTO|ERR_OSSL_|HOSTNAME_MISMATCH)/;

/** Whether TLS came to no agreement: the same certificates will not, later. */
export function isUntrusted({ cause }: GrpcError): boolean {
  const code: unknown = Object(cause).code;
  return typeof code === 'string' && TLS_CODE.test(code);
}
