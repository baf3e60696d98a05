/** Before each message: whether it is compressed, and its length. */
const HEADER_BYTES = 5;

/** A message as gRPC sends it. */
export function frame(message: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(HEADER_BYTES + message.length);
  framed.writeUInt8(0, 0);
  framed.writeUInt32BE(message.length, 1);
  message.copy(framed, HEADER_BYTES);
  return framed;
}

/** Makes messages of the chunks in which they come. */
export class FrameReader {
  readonly #onMessage: (message: Buffer) => void;
  #chunks: Buffer[] = [];
  #size = 0;
  /** Of the message that is under way, with what stands before it; undefined: not known yet. */
  #wanted: number | undefined;

  constructor(onMessage: (message: Buffer) => void) {
    this.#onMessage = onMessage;
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    for (;;) {
      if (this.#wanted === undefined && this.#size >= HEADER_BYTES) {
        this.#wanted = HEADER_BYTES + this.#joined().readUInt32BE(1);
      }
      if (this.#wanted === undefined || this.#size < this.#wanted) return;
      const joined = this.#joined();
      const message = joined.subarray(HEADER_BYTES, this.#wanted);
      this.#chunks = [joined.subarray(this.#wanted)];
      this.#size -= this.#wanted;
      this.#wanted = undefined;
      this.#onMessage(message);
    }
  }

  #joined(): Buffer {
    const [first = Buffer.alloc(0), ...others] = this.#chunks;
    if (others.length === 0) return first;
    const joined = Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }
}
