import type { ComponentChildren, VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { CommandLine } from '../parts/command-line.js';
import { visibleText } from '../text/hidden-characters.js';

export interface PageHeadProps {
  /** What the view is called, in the title of the window as well. */
  readonly title: string;
  /** In the place of the title, where it is more than a text. */
  readonly heading?: ComponentChildren;
  /** Beside it. */
  readonly children?: ComponentChildren;
  /** The line of a shell that shows the same. Its room is there before it is known. */
  readonly command?: string | undefined;
}

/** The head of every view. Its heading gets the focus when one comes to it. */
export function PageHead({ title, heading, children, command }: PageHeadProps): VNode {
  useEffect(() => {
    document.title = `${visibleText(title)} · Gati Studio`;
  }, [title]);
  return (
    <header class="page-head">
      <div class="heading-row">
        <h1 tabIndex={-1}>{heading ?? title}</h1>
        {children}
      </div>
      {command === undefined ? <div class="command-line" /> : <CommandLine command={command} />}
    </header>
  );
}
