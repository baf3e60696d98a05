export { openStudio, type Studio, type StudioOptions } from './open-studio.js';
export { StudioError } from './studio-error.js';
