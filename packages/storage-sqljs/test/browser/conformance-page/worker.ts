import { answerInWorker } from '../in-worker.js';
import { actions } from './actions.js';

answerInWorker(actions);
