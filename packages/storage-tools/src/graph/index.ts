export { graphAsMermaid } from './graph-as-mermaid.js';
export { graphAsText } from './graph-as-text.js';
