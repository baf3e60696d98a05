import type { VNode } from 'preact';
import { link } from '../router/location.js';

export function NoSuchView(): VNode {
  return (
    <div class="view">
      <div class="empty">
        <h1 tabIndex={-1}>There is nothing at this address</h1>
        <a href={link([])}>All handlers</a>
      </div>
    </div>
  );
}
