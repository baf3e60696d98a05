export { graphAsSvg, type SvgOptions } from './graph-as-svg.js';
