import { handlers } from './handlers.mjs';

/** A middleware: what the view finds is answered by the code of the version in force, and all else by the routes of the application. */
export function answerFrom(view, registry) {
  return async (request, response, _gctx, _lctx, next) => {
    const match = view.match(request.method, request.path);
    if (match === undefined) return next();
    const { handlerId, version } = match.manifest;
    request.params = match.params;
    const answer = handlers[handlerId][version](request);
    registry.recordRequest(registry.getCurrentVersion(handlerId));

    const asked = request.headers['x-gati-version'] ?? version;
    const transformers = view.getTransformersForVersions(handlerId, version, asked);
    if (asked !== version && transformers.length === 0)
      return response.status(406).json({ error: `Version ${asked} can be made of nothing here.` });
    response.header('x-gati-version', version).json(transformers.reduce(transformed, answer));
  };
}

const STEPS = {
  rename(data, { path, details }) {
    const { [path]: value, ...others } = data;
    return { ...others, [details.to]: value };
  },
};

function transformed(answer, { transformations }) {
  return transformations.reduce((data, step) => STEPS[step.type](data, step), answer);
}
