/** The code of each version of each handler. */
export const handlers = {
  'users.get': {
    '1.0.0': ({ params }) => ({ id: params.id, name: 'Ada Lovelace' }),
    '2.0.0': ({ params }) => ({ id: params.id, fullName: 'Ada Lovelace' }),
  },
};
