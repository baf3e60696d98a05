export type { FollowedStorage } from './follow/store-follower.js';
export {
  createManifestView,
  type ManifestView,
  type ManifestViewOptions,
  type RouteMatch,
} from './view/manifest-view.js';
export type { ViewChange } from './view/shown-store.js';
export type { ViewState, ViewStatus } from './view/view-state.js';
