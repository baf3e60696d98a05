import type { Credentials } from '../options/options.js';
import { decodeAuthenticate, encodeAuthenticate } from '../wire/messages.js';
import type { GrpcConnection } from './grpc-connection.js';
import { GRPC_STATUS, GrpcError, isTokenRefused } from './grpc-error.js';

/** The token of a user, which all members know; etcd forgets it after some minutes, or when it is started again. */
export class Login {
  readonly #credentials: Credentials;
  #token: Promise<string> | undefined;

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  /** Asks for one where there is none. Throws a {@link GrpcError}, and what the function for the password throws. */
  token(connection: GrpcConnection, timeout: number): Promise<string> {
    if (this.#token !== undefined) return this.#token;
    const asking = this.#ask(connection, timeout);
    this.#token = asking;
    asking.catch(() => {
      if (this.#token === asking) this.#token = undefined;
    });
    return asking;
  }

  /** Whether the error says that the token is no longer good: then there is none. */
  forgetIf(error: unknown): boolean {
    if (!(error instanceof GrpcError) || !isTokenRefused(error)) return false;
    this.#token = undefined;
    return true;
  }

  async #ask(connection: GrpcConnection, timeout: number): Promise<string> {
    const { user, password } = this.#credentials;
    const request = encodeAuthenticate(user, await password());
    try {
      return decodeAuthenticate(
        await connection.call('/etcdserverpb.Auth/Authenticate', request, timeout, {}),
      );
    } catch (error) {
      // Without authentication there is nothing that a token would be good for.
      if (error instanceof GrpcError && isNotEnabled(error)) return '';
      throw error;
    }
  }
}

function isNotEnabled({ status, message }: GrpcError): boolean {
  return status === GRPC_STATUS.failedPrecondition && /authentication is not enabled/.test(message);
}
