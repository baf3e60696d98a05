/// <reference lib="dom" />
import { answerInPage } from '../in-page.js';
import { actions } from './actions.js';

answerInPage(actions, new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }));
