import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
}

export interface CertificateOptions {
  /** As in `IP:127.0.0.1`; absent: for a client. */
  san?: string;
  isExpired?: boolean;
}

/** Signs certificates; real ones, made by openssl. */
export class Authority {
  readonly #folder: string;
  readonly #own: Certificate;
  #count = 0;

  constructor(parent: string, name: string) {
    this.#folder = join(parent, name);
    mkdirSync(this.#folder);
    this.#own = this.#files('ca');
    const { certFile, keyFile } = this.#own;
    openssl(
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`],
      ...['-keyout', keyFile, '-out', certFile],
    );
  }

  get certFile(): string {
    return this.#own.certFile;
  }

  get cert(): string {
    return this.#own.cert;
  }

  sign(commonName: string, { san, isExpired = false }: CertificateOptions = {}): Certificate {
    this.#count += 1;
    const signed = this.#files(`signed-${this.#count}`);
    const { certFile, keyFile } = signed;
    const request = join(this.#folder, 'request.pem');
    const extensions = join(this.#folder, 'extensions');
    writeFileSync(extensions, san === undefined ? '' : `subjectAltName=${san}\n`);
    openssl(
      ...['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${commonName}`],
      ...['-keyout', keyFile, '-out', request],
    );
    openssl(
      ...['x509', '-req', '-in', request, '-CA', this.#own.certFile, '-CAkey', this.#own.keyFile],
      ...['-CAcreateserial', '-days', isExpired ? '-1' : '2', '-extfile', extensions, '-out', certFile],
    );
    return signed;
  }

  #files(name: string): Certificate {
    const certFile = join(this.#folder, `${name}.pem`);
    const keyFile = join(this.#folder, `${name}.key`);
    return {
      certFile,
      keyFile,
      get cert() {
        return readFileSync(certFile, 'utf8');
      },
      get key() {
        return readFileSync(keyFile, 'utf8');
      },
    };
  }
}

/** Puts a certificate where a server with `ssl=on` looks for it. */
export function install({ certFile, keyFile }: Certificate, data: string): void {
  const { uid, gid } = statSync(data);
  for (const [from, name] of [
    [certFile, 'server.crt'],
    [keyFile, 'server.key'],
  ] as const) {
    const to = join(data, name);
    copyFileSync(from, to);
    chownSync(to, uid, gid);
    chmodSync(to, 0o600);
  }
}

function openssl(...parameters: string[]): void {
  const { status, stderr } = spawnSync('openssl', parameters, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${parameters[0]} failed: ${stderr}`);
}
