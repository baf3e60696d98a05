import http2 from 'node:http2';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Hands over each request of a client over HTTP/2. One that fails before it was done was not sent; of one that was done, the answer is
 * lost, and the connection with it, as soon as any of it comes.
 *
 * @param {object} _
 * @param {(name: string, makeError: () => Error, send: () => unknown, loseAnswer: () => unknown) => unknown} pass
 */
export function countRequests(_, pass) {
  const { connect } = http2;
  http2.connect = (...args) => {
    const session = connect(...args);
    const { request } = session;
    session.request = (...params) => {
      const send = () => request.apply(session, params);
      return pass(params[0][':path'], makeError, send, () => withoutAnswer(send(), session));
    };
    return session;
  };
  syncBuiltinESMExports();
}

function withoutAnswer(stream, session) {
  const { emit } = stream;
  stream.emit = (event, ...params) => {
    if (event !== 'data' && event !== 'trailers') return emit.call(stream, event, ...params);
    session.destroy(makeError());
    return true;
  };
  return stream;
}

function makeError() {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
}
