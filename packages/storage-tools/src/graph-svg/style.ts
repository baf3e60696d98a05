/**
 * Of the whole picture: nothing comes from elsewhere. Colours only repeat what lines and words say: breaking edges are
 * thick and named so, inactive and decommissioned versions have a broken border and are named so, the latter are struck through.
 */
export const STYLE = `
.gati { color-scheme: light dark; font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
.gati .page { fill: #ffffff; }
.gati text { fill: #1f2328; text-anchor: middle; dominant-baseline: central; unicode-bidi: isolate; white-space: pre; }
.gati .note { fill: #59636e; }
.gati .version { font-weight: bold; }
.gati .node rect { fill: #f6f8fa; stroke: #59636e; stroke-width: 1; }
.gati .current rect { stroke-width: 3; }
.gati .inactive rect, .gati .decommissioned rect { stroke-dasharray: 5 3; }
.gati .decommissioned .version { text-decoration: line-through; }
.gati .edge path { fill: none; stroke: #59636e; stroke-width: 1.5; }
.gati .edge rect { fill: #ffffff; }
.gati .breaking path { stroke: #b42318; stroke-width: 4; }
.gati .breaking text { fill: #b42318; font-weight: bold; }
.gati .transformer path { stroke-dasharray: 2 4; }
.gati marker path { fill: #59636e; }
.gati #gati-arrow-breaking path { fill: #b42318; }
@media (prefers-color-scheme: dark) {
  .gati .page, .gati .edge rect { fill: #0d1117; }
  .gati text { fill: #f0f6fc; }
  .gati .note { fill: #9198a1; }
  .gati .node rect { fill: #151b23; stroke: #9198a1; }
  .gati .edge path { stroke: #9198a1; }
  .gati .breaking path { stroke: #ff7b72; }
  .gati .breaking text { fill: #ff7b72; }
  .gati marker path { fill: #9198a1; }
  .gati #gati-arrow-breaking path { fill: #ff7b72; }
}
`;
