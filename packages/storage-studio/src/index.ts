export type { Endpoints } from './api/index.js';
