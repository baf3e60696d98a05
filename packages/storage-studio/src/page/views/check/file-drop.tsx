import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { LIMITS } from '../../../api/limits.js';
import { Icon } from '../../parts/icon.js';
import { lengthText } from '../../text/cut-text.js';
import { DataText } from '../../text/data-text.js';

interface FileDropProps {
  readonly file: File | undefined;
  readonly onFile: (file: File) => void;
}

/** Takes a file, by a click, by the keyboard or dropped on it. */
export function FileDrop({ file, onFile }: FileDropProps): VNode {
  const input = useRef<HTMLInputElement>(null);
  const isOver = useSignal(false);
  const take = (files: FileList | null | undefined): void => {
    isOver.value = false;
    const first = files?.[0];
    if (first !== undefined) onFile(first);
  };
  return (
    <fieldset
      class={`file-drop ${isOver.value ? 'over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        isOver.value = true;
      }}
      onDragLeave={() => (isOver.value = false)}
      onDrop={(event) => {
        event.preventDefault();
        take(event.dataTransfer?.files);
      }}
    >
      <legend class="only-heard">The file</legend>
      <Icon name="file" size={20} />
      <p>
        {file === undefined ? (
          'Drop an OpenAPI document, a bundle or an archive here'
        ) : (
          <>
            <b>
              <DataText text={file.name} />
            </b>{' '}
            <span class="muted">{lengthText(file.size)}</span>
          </>
        )}
      </p>
      <button type="button" class="button" onClick={() => input.current?.click()}>
        {file === undefined ? 'Choose a file' : 'Choose another'}
      </button>
      <input
        ref={input}
        type="file"
        class="only-heard"
        aria-label="File"
        tabIndex={-1}
        onChange={(event) => {
          take(event.currentTarget.files);
          // The same file, mended, is to be taken again.
          event.currentTarget.value = '';
        }}
      />
      <p class="muted">JSON or YAML, one file of at most {lengthText(LIMITS.upload)}</p>
    </fieldset>
  );
}
